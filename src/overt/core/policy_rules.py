"""The settings of a policy by group, as the rules read them.

These classes are the schema of a policy file: a table for each class, a setting
for each field. The type of a field says what the setting must be: a span of time,
a whole number, a share or score, a choice, a closed list, or a number for each
model pack.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from overt.core.policy_settings import PolicyChoice, PolicyList, PolicyNumber

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from overt.core.policy_settings import Setting


class Kind(StrEnum):
    """What a setting must be; the value is the type of its field."""

    SPAN = "timedelta"
    COUNT = "int"
    REAL = "float"
    CHOICE = "str"
    LIST = "PolicyList"
    PER_PACK = "Mapping[str, float]"


@dataclass(frozen=True, slots=True)
class WatchlistRules:
    """Who may be on a watchlist, and how old and how large it may be.

    Attributes:
        max_age: From the building of the watchlist to the moment when the deployment goes live.
        size_cap: Entries at most, whatever a written authority says.
        max_image_age: An older photograph is refused.
        min_age_y: A person younger than this is refused without an exception.
        under_18_exception_min_rank: Rank from which an officer may make that exception.
        freshness_within: From the check against the "no longer wanted" list to going live.
        removal_within: From a change of that list to the entry's leaving the gallery.
        categories: Why a person may be listed; free text is no category.
        urgencies: How an alert for the entry is to be answered.
    """

    max_age: timedelta
    size_cap: int
    max_image_age: timedelta
    min_age_y: int
    under_18_exception_min_rank: str
    freshness_within: timedelta
    removal_within: timedelta
    categories: PolicyList
    urgencies: PolicyList


@dataclass(frozen=True, slots=True)
class LocationRules:
    """Where a deployment may be.

    Attributes:
        reasons: Why this place; each needs a reference to its evidence.
        sensitive_places: Places nearby about which every application must say whether they are.
    """

    reasons: PolicyList
    sensitive_places: PolicyList


@dataclass(frozen=True, slots=True)
class AuthorityRules:
    """Who may authorise, and for how long.

    Attributes:
        min_rank: Rank from which an officer may grant a written authority.
        urgent_oral_min_rank: Rank from which an officer may grant an urgent oral one.
        ratify_within: From an urgent oral authority to its ratification in writing.
        max_window: Length of one window of a deployment.
        max_windows: Windows of one authority, over all its sites.
        max_sites: Sites of one authority.
        max_span: From the start of the first window to the end of the last.
    """

    min_rank: str
    urgent_oral_min_rank: str
    ratify_within: timedelta
    max_window: timedelta
    max_windows: int
    max_sites: int
    max_span: timedelta


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """How people are told before a camera sees them.

    Attributes:
        sign_distance_m: Metres of walking from a sign to the zone, at least.
        min_signs: Signs placed and logged at each site before the deployment goes live.
        sign_plan: Whether a site needs a plan of its signs; one that is there is binding anyway.
        sign_tolerance_m: Metres between a planned position and the sign that fills it, at most.
        advance_notice: From the public notice to the first window.
        exceptions: Why there may be no advance notice.
    """

    sign_distance_m: float
    min_signs: int
    sign_plan: str
    sign_tolerance_m: float
    advance_notice: timedelta
    exceptions: PolicyList


@dataclass(frozen=True, slots=True)
class ThresholdRules:
    """Thresholds belong to a model pack; a pack that is not here cannot go live.

    Attributes:
        floor: Lowest threshold of a deployment, by model pack.
        same_face: Score from which two references of one watchlist are one face, by model pack.
    """

    floor: Mapping[str, float]
    same_face: Mapping[str, float]


_REASONS = {
    "dismissed": "dismissal_reasons",
    "passed_on": "pass_on_reasons",
    "no_engagement": "no_engagement_reasons",
    "engaged": "engagement_reasons",
    "not_located": "not_located_reasons",
    "confirmed_true": "identity_methods",
    "confirmed_false": "identity_methods",
    "inconclusive": "identity_methods",
    "arrest": "arrest_reasons",
    "other": "other_disposals",
    "no_further_action": "no_further_action_reasons",
}


@dataclass(frozen=True, slots=True)
class AlertRules:
    """What two people may make of an alert.

    Attributes:
        false_alert_limit: False alerts per face seen that a deployment must stay within.
        quick_decision: A decision made sooner after the alert was shown is marked in the record.
        dismissal_reasons: Why an operator dismisses an alert.
        pass_on_reasons: Why an operator passes an alert on.
        engagement_reasons: Why an officer engages.
        no_engagement_reasons: Why an officer does not engage.
        not_located_reasons: Why an officer did not find the person.
        identity_methods: How an identity is checked by ordinary means.
        arrest_reasons: Why somebody was arrested; more than one may apply.
        other_disposals: What followed in place of an arrest.
        no_further_action_reasons: Why nothing followed.
        grounds_without_alert: Why an officer engaged somebody at a deployment without an alert.
        ethnicities: As the person said or the officer perceived it; for equality monitoring.
        factors: What may have mattered to a picture, noted beside a decision.
        age_bands: As the person said or the officer perceived it; for equality monitoring.
        sexes: The same.
    """

    false_alert_limit: float
    quick_decision: timedelta
    dismissal_reasons: PolicyList
    pass_on_reasons: PolicyList
    engagement_reasons: PolicyList
    no_engagement_reasons: PolicyList
    not_located_reasons: PolicyList
    identity_methods: PolicyList
    arrest_reasons: PolicyList
    other_disposals: PolicyList
    no_further_action_reasons: PolicyList
    grounds_without_alert: PolicyList
    ethnicities: PolicyList
    factors: PolicyList
    age_bands: PolicyList
    sexes: PolicyList

    def reasons_for(self, verdict: str) -> PolicyList | None:
        """Return the closed list of reasons for a verdict, or None for an unknown verdict.

        Args:
            verdict: Of any of the four steps, such as ``dismissed``.
        """
        name = _REASONS.get(verdict)
        return None if name is None else getattr(self, name)


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """How long anything about a person is kept.

    Attributes:
        nonmatch: From a search without an alert to the erasure of picture and template.
        alert: From the alert to the deletion of its crop, probe and row.
        watchlist: From the end of the deployment to the destruction of watchlist and templates.
        footage_recording: Whether the force records footage; this software records none.
        footage: How long such a recording is kept.
        purge_grace: A purge that is later than its deadline by more than this bars going live.
    """

    nonmatch: timedelta
    alert: timedelta
    watchlist: timedelta
    footage_recording: str
    footage: timedelta
    purge_grace: timedelta


@dataclass(frozen=True, slots=True)
class PublicationRules:
    """How results are published.

    Attributes:
        small_number: A count of people in a group below this is not printed.
    """

    small_number: int


@dataclass(frozen=True, slots=True)
class RequestRules:
    """How long what people ask and complain about may take, and how long it is kept.

    Attributes:
        answer_within: From the receipt of a question or another right to its answer.
        complaint_within: From the receipt of a complaint to its answer.
        acknowledge_within: From the receipt of a complaint to the word that it was received.
        close_after: An answered request that nobody takes up again is closed after this time.
        erase_after: From the closing to the erasure of what was asked and answered.
    """

    answer_within: timedelta
    complaint_within: timedelta
    acknowledge_within: timedelta
    close_after: timedelta
    erase_after: timedelta


@dataclass(frozen=True, slots=True)
class TrainingRules:
    """Who may work with the software.

    Attributes:
        validity: From the training to the day on which it must be repeated.
    """

    validity: timedelta


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Which documents an authority names.

    Attributes:
        required: Kinds of document; each is named by its digest and the date of its next review.
    """

    required: PolicyList


@dataclass(frozen=True, slots=True)
class SecurityRules:
    """How accounts are protected.

    Attributes:
        lockout_after: Failed sign-ins in a row after which an account is locked.
        lockout: How long it stays locked.
        session_idle: Time without an action after which a session ends.
        session_max: Length of a session.
        min_password_length: Characters of a password.
    """

    lockout_after: int
    lockout: timedelta
    session_idle: timedelta
    session_max: timedelta
    min_password_length: int


_NOT_THERE = "not in this policy"
_NO_LIST = PolicyList(labels=(), enabled=(), locked=(), source=_NOT_THERE)

ADDED_LATER: Mapping[str, Setting] = {
    "alerts.factors": _NO_LIST,
    "alerts.age_bands": _NO_LIST,
    "alerts.sexes": _NO_LIST,
    "notices.sign_plan": PolicyChoice("optional", ("optional", "required"), _NOT_THERE),
    "notices.sign_tolerance_m": PolicyNumber(30, "m", 10, 100, _NOT_THERE),
    "requests.answer_within": PolicyNumber(28, "d", 1, 28, _NOT_THERE),
    "requests.complaint_within": PolicyNumber(28, "d", 1, 90, _NOT_THERE),
    "requests.acknowledge_within": PolicyNumber(10, "d", 1, 30, _NOT_THERE),
    "requests.close_after": PolicyNumber(30, "d", 1, 90, _NOT_THERE),
    "requests.erase_after": PolicyNumber(90, "d", 0, 365, _NOT_THERE),
}
"""Settings that a policy kept by an earlier release lacks -> what holds for its deployments."""

GROUPS: Mapping[str, Any] = {
    "watchlist": WatchlistRules,
    "location": LocationRules,
    "authority": AuthorityRules,
    "notices": NoticeRules,
    "threshold": ThresholdRules,
    "alerts": AlertRules,
    "retention": RetentionRules,
    "publication": PublicationRules,
    "requests": RequestRules,
    "training": TrainingRules,
    "documents": DocumentRules,
    "security": SecurityRules,
}


def group_schema(group: str) -> dict[str, Kind]:
    """Return the settings of a group with what each must be, in order.

    Args:
        group: A key of ``GROUPS``.
    """
    return {field.name: Kind(str(field.type)) for field in fields(GROUPS[group])}


def build_groups(settings: Mapping[str, Setting]) -> dict[str, Any]:
    """Return the groups as the rules read them.

    Args:
        settings: Every setting of the policy by its dotted name.
    """
    return {group: _group(group, settings) for group in GROUPS}


def _group(group: str, settings: Mapping[str, Setting]) -> object:
    values = {
        name: _per_pack(f"{group}.{name}.", settings)
        if kind is Kind.PER_PACK
        else _typed(kind, _setting(f"{group}.{name}", settings))
        for name, kind in group_schema(group).items()
    }
    return GROUPS[group](**values)


def _setting(name: str, settings: Mapping[str, Setting]) -> Setting:
    return settings.get(name) or ADDED_LATER[name] if name in ADDED_LATER else settings[name]


def _typed(kind: Kind, setting: Setting) -> object:
    if not isinstance(setting, PolicyNumber):
        return setting.value if isinstance(setting, PolicyChoice) else setting
    if kind is Kind.SPAN:
        return setting.span()
    return setting.value


def _per_pack(prefix: str, settings: Mapping[str, Setting]) -> dict[str, float]:
    return {
        name.removeprefix(prefix): setting.value
        for name, setting in settings.items()
        if name.startswith(prefix) and isinstance(setting, PolicyNumber)
    }
