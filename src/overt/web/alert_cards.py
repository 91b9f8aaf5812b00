"""What a page shows of an alert: words from the policy, places, ages, the choices of a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.adjudication import (
    DisposalVerdict,
    IdentityVerdict,
    OfficerVerdict,
    OperatorVerdict,
    Step,
)
from overt.core.watchlist import ListKind, Urgency
from overt.errors import ReasonUnknownError
from overt.services.decide_step import verdict_named
from overt.web.pages import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from overt.core.adjudication import AlertRecord, Decision, Verdict
    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.services.view_alert import AlertView

_TITLES: dict[Verdict, str] = {
    OperatorVerdict.DISMISSED: "Dismiss",
    OperatorVerdict.PASSED_ON: "Pass on to an officer",
    OfficerVerdict.NO_ENGAGEMENT: "Do not engage",
    OfficerVerdict.ENGAGED: "Engage",
    OfficerVerdict.NOT_LOCATED: "Not located",
    IdentityVerdict.CONFIRMED_TRUE: "It is the listed person",
    IdentityVerdict.CONFIRMED_FALSE: "It is somebody else",
    IdentityVerdict.INCONCLUSIVE: "It could not be settled",
    DisposalVerdict.ARREST: "Arrest",
    DisposalVerdict.OTHER: "Another disposal",
    DisposalVerdict.NO_FURTHER_ACTION: "No further action",
}
_KEYS = "123456789abcdefghijkl"
_DAYS_A_MONTH, _DAYS_A_YEAR = 30.44, 365.25
_IN_DAYS, _IN_MONTHS = 60, 24


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen.

    Attributes:
        value: What a form sends.
        label: Words of the policy.
        key: The key that chooses it, or blank.
    """

    value: str
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """A verdict with its reasons: each is a button of the same size (R-52).

    Attributes:
        verdict: As it is stored.
        title: In words.
        options: Its reasons, in the policy's order.
    """

    verdict: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What somebody has decided, in words.

    Attributes:
        decision: As stored.
        title: The verdict.
        reasons: Why.
        factors: What may have mattered to the picture.
    """

    decision: Decision
    title: str
    reasons: tuple[str, ...]
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertCard:
    """An alert as a page shows it.

    Attributes:
        alert: The machine's suggestion.
        reference: The force's own reference of whom it suggests.
        zone: Time zone of its site, or None.
        place: Of its site, or None.
        category: Why somebody is listed, in the policy's words.
        justification: The same for this entry, as its applicant wrote it.
        urgency: Red, amber or green.
        urgency_words: What it asks for.
        contacts: Whom to reach where it is red: who listed and who approved (R-21).
        image_date: When the listed photograph was taken.
        image_age: How long before the alert, in words.
        image_source: Where it comes from.
        is_blue: Whether it suggests a volunteer.
        lines: What was decided so far.
        shown_at: When it was first on this person's screen, or None.
    """

    alert: AlertRecord
    reference: str
    zone: str | None
    place: str | None
    category: str
    justification: str
    urgency: Urgency
    urgency_words: str
    contacts: tuple[str, ...]
    image_date: date
    image_age: str
    image_source: str
    is_blue: bool
    lines: tuple[DecisionLine, ...]
    shown_at: datetime | None


def card_of(
    view: AlertView, deployment: Deployment, policy: Policy, shown_at: datetime | None
) -> AlertCard:
    """Return an alert as a page shows it.

    Args:
        view: As somebody may see it.
        deployment: Where it was raised.
        policy: Under which it was raised.
        shown_at: When it was first on this person's screen, or None.
    """
    alert, entry, application = view.alert, view.entry, deployment.application
    site = application.site(alert.site_id) if application else None
    rules = policy.watchlist
    is_known = entry.category in rules.categories.keys
    people = (entry.composed_by, entry.approved_by) if entry.urgency is Urgency.RED else ()
    return AlertCard(
        alert=alert,
        reference=entry.reference,
        zone=zone_of(deployment, alert.site_id),
        place=site.place if site else None,
        category=rules.categories.label(entry.category) if is_known else entry.category,
        justification=entry.justification,
        urgency=entry.urgency,
        urgency_words=rules.urgencies.label(entry.urgency),
        contacts=tuple(dict.fromkeys(who for who in people if who)),
        image_date=entry.image_date,
        image_age=age_in_words((alert.captured_at.date() - entry.image_date).days),
        image_source=entry.image_source,
        is_blue=alert.list_kind is ListKind.BLUE,
        lines=tuple(line_of(decision, policy) for decision in view.decisions),
        shown_at=shown_at,
    )


def line_of(decision: Decision, policy: Policy) -> DecisionLine:
    """Return a decision in words.

    Args:
        decision: As stored.
        policy: Under which it was made.
    """
    reasons = (
        dict(allowed.labels) if (allowed := policy.alerts.reasons_for(decision.verdict)) else {}
    )
    factors = dict(policy.alerts.factors.labels)
    return DecisionLine(
        decision,
        _TITLES[decision.verdict],
        tuple(reasons.get(code, code) for code in decision.reason_codes),
        tuple(factors.get(code, code) for code in decision.factor_codes),
    )


def groups_of(
    verdicts: Iterable[Verdict], policy: Policy, *, has_keys: bool = False
) -> tuple[ChoiceGroup, ...]:
    """Return verdicts with their reasons, so that one action chooses both.

    Args:
        verdicts: Of one step, in the order in which they are shown.
        policy: With the lists of reasons.
        has_keys: Whether each option gets a key, counted on through the groups.
    """
    keys, groups = iter(_KEYS if has_keys else ""), []
    for verdict in verdicts:
        allowed = policy.alerts.reasons_for(verdict)
        codes = allowed.enabled if allowed else ()
        options = tuple(
            Option(f"{verdict}:{code}", allowed.label(code), next(keys, ""))
            for code in codes
            if allowed is not None
        )
        groups.append(ChoiceGroup(verdict.value, _TITLES[verdict], options))
    return tuple(groups)


def chosen(step: Step, choice: str) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict and reason behind an option's value.

    Args:
        step: Which step.
        choice: As a form sends it: ``dismissed:different_person``.

    Raises:
        ReasonUnknownError: Nothing was chosen.
    """
    if not choice:
        msg = "press one of the reasons; nothing is chosen by itself"
        raise ReasonUnknownError(msg)
    name, _, code = choice.partition(":")
    return verdict_named(step, name), (code,) if code else ()


def age_in_words(days: int) -> str:
    """Return an age in the unit that fits: ``12 days``, ``9 months``, ``4 years``.

    Args:
        days: Not negative, save where a clock is wrong.
    """
    if days < _IN_DAYS:
        return f"{days} day{'' if days == 1 else 's'}"
    months = int(days / _DAYS_A_MONTH)
    return f"{months} months" if months < _IN_MONTHS else f"{int(days / _DAYS_A_YEAR)} years"
