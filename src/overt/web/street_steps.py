"""The steps of an alert on the street, in order: what is done, what is next, who may (R-51)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.adjudication import DisposalVerdict, IdentityVerdict, OfficerVerdict, Step
from overt.core.alert_decision import SOMEBODY_ELSE
from overt.core.alert_steps import next_step, progress_of
from overt.web.alert_cards import card_of, groups_of

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.engagement import Engagement
    from overt.core.policy import Policy
    from overt.services.view_engagement import StreetView
    from overt.web.alert_cards import AlertCard, ChoiceGroup, DecisionLine

_ELSE = f":{SOMEBODY_ELSE}"

END = "end"
"""The last step: no decision about the alert, but the end of the contact."""


@dataclass(frozen=True, slots=True)
class StreetPage:
    """What an officer sees of an alert.

    Attributes:
        card: The alert.
        engagement: The contact that began with it, or None.
        next: The step that is open, ``end`` for the end of the contact, or None.
        lines: What was decided, by step.
        own_choices: Verdicts of the officer's own step, each with its reasons.
        identity_results: What an identity check can give.
        disposals: How it can end; no arrest where a volunteer was engaged, and no "somebody
            else" where the identity was confirmed.
        barred: Why this officer decides nothing here, or None.
    """

    card: AlertCard
    engagement: Engagement | None
    next: str | None
    lines: dict[str, DecisionLine]
    own_choices: tuple[ChoiceGroup, ...]
    identity_results: tuple[ChoiceGroup, ...]
    disposals: tuple[ChoiceGroup, ...]
    barred: str | None


def street_page_of(
    seen: StreetView,
    deployment: Deployment,
    policy: Policy,
    actor_id: str,
    shown_at: datetime | None,
) -> StreetPage:
    """Return what an officer sees of an alert.

    Args:
        seen: The alert and its contact.
        deployment: Where it was raised.
        policy: Under which it was raised.
        actor_id: Who looks.
        shown_at: When it was first on their screen, or None.
    """
    card = card_of(seen.view, deployment, policy, shown_at)
    open_step = _open_step(seen)
    disposals = [d for d in DisposalVerdict if not (card.is_blue and d is DisposalVerdict.ARREST)]
    return StreetPage(
        card=card,
        engagement=seen.engagement,
        next=open_step,
        lines={line.decision.step.value: line for line in card.lines},
        own_choices=groups_of(OfficerVerdict, policy),
        identity_results=groups_of(IdentityVerdict, policy),
        disposals=_possible(groups_of(disposals, policy), seen),
        barred=_barred(seen, actor_id, open_step),
    )


def _possible(groups: tuple[ChoiceGroup, ...], seen: StreetView) -> tuple[ChoiceGroup, ...]:
    """Return the ends that do not contradict what the identity check gave."""
    if not any(d.verdict is IdentityVerdict.CONFIRMED_TRUE for d in seen.view.decisions):
        return groups
    return tuple(
        replace(g, options=tuple(o for o in g.options if not o.value.endswith(_ELSE)))
        for g in groups
    )


def _open_step(seen: StreetView) -> str | None:
    step = next_step(progress_of(seen.view.alert, seen.view.decisions))
    if step is not None:
        return step.value
    engagement = seen.engagement
    return END if engagement is not None and engagement.ended_at is None else None


def _barred(seen: StreetView, actor_id: str, open_step: str | None) -> str | None:
    """Return why somebody decides nothing, in words that say who does."""
    passed_on = next((d for d in seen.view.decisions if d.step is Step.OPERATOR), None)
    if passed_on is not None and passed_on.decided_by == actor_id:
        return "You passed this alert on as its operator. Another officer decides on the street."
    engagement = seen.engagement
    if engagement is not None and engagement.engaged_by != actor_id and open_step is not None:
        return f"{engagement.engaged_by} engaged and records what follows."
    return None
