"""The figures of one deployment, and what they must not contradict (requirements, section 5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from overt.core.adjudication import DisposalVerdict
from overt.core.alert_progress import Disposed, Engaged, Identified
from overt.core.alert_steps import alert_of
from overt.core.outcome import AlertCounts, Outcome, count_alerts, outcome_of
from overt.core.watchlist import ListKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from overt.core.alert_progress import Progress
    from overt.evaluation.equality import EqualityTables


@dataclass(frozen=True, slots=True)
class LiveSpan:
    """A time in which cameras ran without a break.

    Attributes:
        started_at: Aware UTC.
        ended_at: Aware UTC.
        n_entries: People on the watchlist as it began.
    """

    started_at: datetime
    ended_at: datetime
    n_entries: int


@dataclass(frozen=True, slots=True)
class EngagementCounts:
    """What followed from operational alerts; volunteers' alerts are never among them (R-22).

    Attributes:
        engaged: Alerts for which somebody was engaged (E).
        false_engaged: Those among them that were confirmed false.
        arrests: Engagements that ended in an arrest.
        arrest_reasons: Arrests by reason; one arrest may have several.
        other_disposals: Engagements that ended otherwise.
        no_further_action: Engagements after which nothing followed.
    """

    engaged: int = 0
    false_engaged: int = 0
    arrests: int = 0
    arrest_reasons: Mapping[str, int] = field(default_factory=dict)
    other_disposals: int = 0
    no_further_action: int = 0


class WalksOfOne(NamedTuple):
    """Walks of one volunteer, who is not named.

    Attributes:
        recognised: Those that raised an alert about them.
        passes: All that were logged to their end.
    """

    recognised: int
    passes: int


@dataclass(frozen=True, slots=True)
class BlueCounts:
    """Volunteers on the blue list: the only source of the true recognition rate (R-44).

    Attributes:
        alerts: Alerts about volunteers.
        walks: Of each volunteer who walked, in the order of the numbers: who is who cannot be
            told. Walks of one person are alike, and the interval of the rate needs to know it.
        volunteers: People who consented.
    """

    alerts: int = 0
    walks: tuple[WalksOfOne, ...] = ()
    volunteers: int = 0

    @property
    def passes(self) -> int:
        """Return the walks that were logged to their end (R)."""
        return sum(one.passes for one in self.walks)

    @property
    def recognised(self) -> int:
        """Return the walks that raised an alert about the right volunteer (C)."""
        return sum(one.recognised for one in self.walks)


@dataclass(frozen=True, slots=True)
class DeploymentFigures:
    """Everything that is counted of a deployment.

    Attributes:
        spans: When cameras ran.
        images_rejected: Rows refused when the watchlist was last composed.
        faces_seen: Confirmed tracks through the zones (F).
        searches: Probes searched.
        alerts: Operational alerts by outcome.
        engagements: What followed from them.
        engaged_without_alert: Engagements on other grounds (R-63).
        false_engaged_s: Seconds of each engagement after a false alert, where it was ended.
        equality: People engaged after an alert, by group; None before they were counted.
        blue: Volunteers.
        signs_placed: Signs logged.
        quick_decisions: Decisions marked as quick (R-52).
        decisions: All decisions about operational alerts.
    """

    spans: tuple[LiveSpan, ...] = ()
    images_rejected: int = 0
    faces_seen: int = 0
    searches: int = 0
    alerts: AlertCounts = field(default_factory=AlertCounts)
    engagements: EngagementCounts = field(default_factory=EngagementCounts)
    engaged_without_alert: int = 0
    false_engaged_s: tuple[float, ...] = ()
    equality: EqualityTables | None = None
    blue: BlueCounts = field(default_factory=BlueCounts)
    signs_placed: int = 0
    quick_decisions: int = 0
    decisions: int = 0

    def live_hours(self) -> float:
        """Return how long cameras ran, in hours."""
        return sum((s.ended_at - s.started_at).total_seconds() for s in self.spans) / 3600

    def watchlist_size(self) -> int:
        """Return the most people that were ever searched for at once."""
        return max((span.n_entries for span in self.spans), default=0)

    def contradictions(self) -> tuple[str, ...]:
        """Return what cannot be true of these figures together, in words; empty if all agree."""
        return tuple(_contradictions(self))


def count_alerts_of(
    alerts: Iterable[Progress], kind: ListKind = ListKind.OPERATIONAL
) -> tuple[AlertCounts, EngagementCounts]:
    """Return the alerts of one list by outcome, and what followed from them.

    Args:
        alerts: How far each has come; those of the other list are left out (R-22).
        kind: Which list; a rehearsal has the blue one only.
    """
    own = [a for a in alerts if alert_of(a).list_kind is kind]
    ends = [a.disposal for a in own if isinstance(a, Disposed)]
    kinds = Counter(end.verdict for end in ends)
    reasons = Counter(
        code for end in ends if end.verdict is DisposalVerdict.ARREST for code in end.reason_codes
    )
    engaged = [a for a in own if isinstance(a, Engaged | Identified | Disposed)]
    engagements = EngagementCounts(
        engaged=len(engaged),
        false_engaged=sum(outcome_of(a) is Outcome.CONFIRMED_FALSE for a in engaged),
        arrests=kinds[DisposalVerdict.ARREST],
        arrest_reasons=dict(sorted(reasons.items())),
        other_disposals=kinds[DisposalVerdict.OTHER],
        no_further_action=kinds[DisposalVerdict.NO_FURTHER_ACTION],
    )
    return count_alerts(own, kind), engagements


def _contradictions(figures: DeploymentFigures) -> Iterator[str]:
    alerts, engaged, blue = figures.alerts, figures.engagements, figures.blue
    ended = engaged.arrests + engaged.other_disposals + engaged.no_further_action
    if engaged.engaged > alerts.n_alerts:
        yield f"{engaged.engaged} engagements, {alerts.n_alerts} alerts"
    if alerts.confirmed_true + alerts.confirmed_false > engaged.engaged:
        confirmed = alerts.confirmed_true + alerts.confirmed_false
        yield f"{confirmed} alerts confirmed, {engaged.engaged} engagements"
    if ended > engaged.engaged:
        yield f"{ended} engagements ended, {engaged.engaged} begun"
    if sum(engaged.arrest_reasons.values()) < engaged.arrests:
        yield f"{sum(engaged.arrest_reasons.values())} reasons, {engaged.arrests} arrests"
    for name, table in (figures.equality.by_name() if figures.equality else {}).items():
        if sum(n or 0 for n in table.engaged.values()) > engaged.engaged:
            yield f"more people by {name.replace('_', ' ')} than engagements"
    if blue.recognised > blue.passes:
        yield f"{blue.recognised} passes recognised, {blue.passes} walked"
