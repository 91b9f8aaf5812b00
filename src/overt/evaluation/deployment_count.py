"""The published figures of a deployment, counted from its events alone (R-71)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from overt.core.alert_steps import alert_of
from overt.core.blue_list import recognised_passes
from overt.core.outcome import Outcome, outcome_of
from overt.core.watchlist import ListKind
from overt.errors import FiguresDifferError
from overt.evaluation.deployment_figures import (
    BlueCounts,
    DeploymentFigures,
    WalksOfOne,
    count_alerts_of,
)
from overt.evaluation.deployment_log import read_deployment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.core.alert_progress import Progress
    from overt.core.audit import AuditEvent
    from overt.core.blue_list import BluePass
    from overt.evaluation.deployment_log import ReadDeployment


class AlertIds(NamedTuple):
    """Alerts about people on the watchlist; volunteers' are not among them.

    Attributes:
        operational: All of them.
        false: Those that an engagement showed to be about somebody else.
    """

    operational: frozenset[str]
    false: frozenset[str]


class Counted(NamedTuple):
    """A deployment as its log tells it.

    Attributes:
        figures: Everything that is published.
        alert_ids: To find the officers' records that belong to them.
    """

    figures: DeploymentFigures
    alert_ids: AlertIds


def count_deployment(events: Iterable[AuditEvent]) -> Counted:
    """Return the figures of a deployment.

    Args:
        events: All of its events, oldest first.

    Raises:
        FiguresDifferError: The events contradict each other.
    """
    read = read_deployment(events)
    alerts = read.progress()
    outcomes, engaged = count_alerts_of(alerts)
    alert_ids = _alert_ids(alerts)
    figures = DeploymentFigures(
        spans=tuple(read.spans),
        images_rejected=read.images_rejected,
        faces_seen=read.sums["faces_seen"],
        searches=read.sums["searches"],
        alerts=outcomes,
        engagements=engaged,
        engaged_without_alert=read.sums["without_alert"],
        false_engaged_s=tuple(s for i, s in read.durations_s.items() if i in alert_ids.false),
        equality=read.equality,
        blue=_blue(read),
        signs_placed=read.sums["signs"],
        quick_decisions=read.sums["quick"],
        decisions=read.sums["decisions"],
    )
    if wrong := figures.contradictions():
        msg = f"the figures contradict each other: {'; '.join(wrong)}"
        raise FiguresDifferError(msg)
    return Counted(figures, alert_ids)


def count_rehearsal(events: Iterable[AuditEvent]) -> DeploymentFigures:
    """Return the figures of a rehearsal: its alerts are those about volunteers.

    Args:
        events: All of its events, oldest first.

    Raises:
        FiguresDifferError: The events contradict each other.
    """
    read = list(events)
    alerts, engagements = count_alerts_of(read_deployment(read).progress(), ListKind.BLUE)
    return replace(count_deployment(read).figures, alerts=alerts, engagements=engagements)


def alert_ids_of(events: Iterable[AuditEvent]) -> AlertIds:
    """Return which alerts there were, and which of them were false.

    Args:
        events: All events of a deployment, oldest first.
    """
    return _alert_ids(read_deployment(events).progress())


def count_passes(events: Iterable[AuditEvent]) -> tuple[BlueCounts, frozenset[str]]:
    """Return the counts of volunteers, and which of their walks raised an alert about them (R-44).

    Args:
        events: Consents, walks and alerts of a deployment, oldest first; others do no harm.
    """
    read = read_deployment(events)
    alerts = read.of_volunteers()
    recognised = (
        walk.pass_id
        for walk in read.passes
        if recognised_passes([walk], read.volunteers, alerts)[0]
    )
    return _blue(read), frozenset(recognised)


def _alert_ids(alerts: Iterable[Progress]) -> AlertIds:
    own = [a for a in alerts if alert_of(a).list_kind is ListKind.OPERATIONAL]
    false = [a for a in own if outcome_of(a) is Outcome.CONFIRMED_FALSE]
    return AlertIds(*(frozenset(alert_of(a).alert_id for a in some) for some in (own, false)))


def _blue(read: ReadDeployment) -> BlueCounts:
    alerts = read.of_volunteers()
    by_volunteer: dict[str, list[BluePass]] = {}
    for walk in read.passes:
        by_volunteer.setdefault(walk.volunteer_id, []).append(walk)
    walks = (
        WalksOfOne(*recognised_passes(own, read.volunteers, alerts))
        for own in by_volunteer.values()
    )
    walked = tuple(sorted(one for one in walks if one.passes))
    return BlueCounts(len(alerts), walked, len(read.volunteers))
