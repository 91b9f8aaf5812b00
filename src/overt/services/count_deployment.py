"""Count a deployment from the audit log alone: every published figure comes from here (R-71).

Rows of alerts, decisions and passes are gone when the record is published; the log has
every step. Of what officers recorded for equality monitoring it has the tables, counted once
and without small numbers (see ``count_equality``), as nobody can shorten it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from overt.core.adjudication import VERDICTS, AlertRecord, Decision, Step
from overt.core.alert_steps import alert_of, progress_of
from overt.core.audit_events import EventKind
from overt.core.blue_list import BluePass, Volunteer, recognised_passes
from overt.core.outcome import Outcome, outcome_of
from overt.core.watchlist import ListKind
from overt.errors import FiguresDifferError
from overt.evaluation.deployment_figures import (
    BlueCounts,
    DeploymentFigures,
    LiveSpan,
    count_operational,
)
from overt.evaluation.equality import equality_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from overt.core.alert_progress import Progress
    from overt.core.audit import AuditEvent
    from overt.core.canonical_json import JsonValue
    from overt.evaluation.equality import EqualityTables
    from overt.ports.store import UnitOfWork

    Details = Mapping[str, JsonValue]

_K = EventKind
_READ_AT_ONCE = 1000
_STARTS = frozenset({_K.DEPLOYMENT_WENT_LIVE, _K.DEPLOYMENT_RESUMED})
_STOPS = frozenset(
    {
        _K.DEPLOYMENT_SUSPENDED,
        _K.DEPLOYMENT_ENDED,
        _K.AUTHORITY_SUSPENDED,
        _K.AUTHORITY_WITHDRAWN,
        _K.AUTHORITY_LAPSED,
    }
)


@dataclass(slots=True)
class _Gathered:
    """What the events of one deployment add up to, as far as they were read."""

    spans: list[LiveSpan] = field(default_factory=list)
    live_from: tuple[datetime, int] | None = None
    images_rejected: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    alerts: dict[str, AlertRecord] = field(default_factory=dict)
    decisions: dict[str, list[Decision]] = field(default_factory=dict)
    durations_s: dict[str, float] = field(default_factory=dict)
    equality: EqualityTables | None = None
    passes: list[BluePass] = field(default_factory=list)
    volunteers: list[Volunteer] = field(default_factory=list)


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


def events_of_deployment(uow: UnitOfWork, deployment_id: str) -> Iterator[AuditEvent]:
    """Yield a deployment's events, oldest first.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
    """
    next_seq = 0
    while events := uow.audit.read(next_seq, _READ_AT_ONCE):
        next_seq = events[-1].seq + 1
        yield from (e.event for e in events if e.event.deployment_id == deployment_id)


def count_deployment(events: Iterable[AuditEvent]) -> Counted:
    """Return the figures of a deployment.

    Args:
        events: All of its events, oldest first.

    Raises:
        FiguresDifferError: The events contradict each other.
    """
    gathered = _gathered(events)
    alerts = _progress(gathered)
    outcomes, engaged = count_operational(alerts)
    alert_ids = _alert_ids(alerts)
    figures = DeploymentFigures(
        spans=tuple(gathered.spans),
        images_rejected=gathered.images_rejected,
        faces_seen=gathered.sums["faces_seen"],
        searches=gathered.sums["searches"],
        alerts=outcomes,
        engagements=engaged,
        engaged_without_alert=gathered.sums["without_alert"],
        false_engaged_s=tuple(s for i, s in gathered.durations_s.items() if i in alert_ids.false),
        equality=gathered.equality,
        blue=_blue(gathered),
        signs_placed=gathered.sums["signs"],
        quick_decisions=gathered.sums["quick"],
        decisions=gathered.sums["decisions"],
    )
    if wrong := figures.contradictions():
        msg = f"the figures contradict each other: {'; '.join(wrong)}"
        raise FiguresDifferError(msg)
    return Counted(figures, alert_ids)


def alert_ids_of(events: Iterable[AuditEvent]) -> AlertIds:
    """Return which alerts there were, and which of them were false.

    Args:
        events: All events of a deployment, oldest first.
    """
    return _alert_ids(_progress(_gathered(events)))


def count_passes(events: Iterable[AuditEvent]) -> tuple[BlueCounts, frozenset[str]]:
    """Return the counts of volunteers, and which of their walks raised an alert about them (R-44).

    Args:
        events: Consents, walks and alerts of a deployment, oldest first; others do no harm.
    """
    gathered = _gathered(events)
    alerts = [a for a in gathered.alerts.values() if a.list_kind is ListKind.BLUE]
    recognised = (
        walk.pass_id
        for walk in gathered.passes
        if recognised_passes([walk], gathered.volunteers, alerts)[0]
    )
    return _blue(gathered), frozenset(recognised)


def _gathered(events: Iterable[AuditEvent]) -> _Gathered:
    gathered = _Gathered()
    for event in events:
        _take(gathered, event)
    return gathered


def _progress(gathered: _Gathered) -> list[Progress]:
    """Return how far each alert came."""
    return [progress_of(a, gathered.decisions.get(i, [])) for i, a in gathered.alerts.items()]


def _take(gathered: _Gathered, event: AuditEvent) -> None:
    details = event.details
    match event.kind:
        case _K.WATCHLIST_COMPOSED:
            gathered.images_rejected = _int(details, "n_refused")
        case _K.MINUTE_COUNTED:
            gathered.sums["faces_seen"] += _int(details, "faces_seen")
            gathered.sums["searches"] += _int(details, "searches")
        case _K.ALERT_RAISED:
            alert = _alert(event)
            gathered.alerts[alert.alert_id] = alert
        case _K.ALERT_DECIDED:
            _take_decision(gathered, event)
        case _K.ENGAGEMENT_RECORDED:
            _take_engagement(gathered, details)
        case _K.NOTICE_PLACED:
            gathered.sums["signs"] += 1
        case _K.VOLUNTEER_CONSENTED:
            gathered.volunteers.append(_volunteer(event))
        case _K.BLUE_PASS_LOGGED:
            gathered.passes.append(_pass(event))
        case _K.EQUALITY_COUNTED:
            gathered.equality = equality_from(details)
        case _:
            _take_span(gathered, event)


def _take_span(gathered: _Gathered, event: AuditEvent) -> None:
    if event.kind in _STARTS:
        gathered.live_from = event.occurred_at, _int(event.details, "n_entries")
    elif event.kind in _STOPS and gathered.live_from is not None:
        started_at, n_entries = gathered.live_from
        due_at = event.details.get("due_at")  # a stop by itself counts from its deadline
        ended_at = _moment(due_at) if isinstance(due_at, str) else event.occurred_at
        gathered.spans.append(LiveSpan(started_at, max(started_at, ended_at), n_entries))
        gathered.live_from = None


def _take_decision(gathered: _Gathered, event: AuditEvent) -> None:
    details, alert_id = event.details, _text(event.details, "alert_id")
    step = Step(_text(details, "step"))
    codes = details.get("reason_codes")
    decision = Decision(
        decision_id=_text(details, "decision_id"),
        alert_id=alert_id,
        step=step,
        verdict=VERDICTS[step](_text(details, "verdict")),
        reason_codes=tuple(str(code) for code in codes) if isinstance(codes, tuple) else (),
        decided_by=event.actor_id,
        decided_at=event.occurred_at,
        shown_at=event.occurred_at,
        idempotency_key=_text(details, "decision_id"),
    )
    gathered.decisions.setdefault(alert_id, []).append(decision)
    if details.get("list_kind") == ListKind.OPERATIONAL:
        gathered.sums["decisions"] += 1
        gathered.sums["quick"] += details.get("is_quick") is True


def _take_engagement(gathered: _Gathered, details: Details) -> None:
    alert_id, seconds = details.get("alert_id"), details.get("duration_s")
    if alert_id is None and details.get("verdict") == "engaged":
        gathered.sums["without_alert"] += 1
    if isinstance(alert_id, str) and isinstance(seconds, int | float):
        gathered.durations_s[alert_id] = float(seconds)


def _alert_ids(alerts: Iterable[Progress]) -> AlertIds:
    own = [a for a in alerts if alert_of(a).list_kind is ListKind.OPERATIONAL]
    false = [a for a in own if outcome_of(a) is Outcome.CONFIRMED_FALSE]
    return AlertIds(*(frozenset(alert_of(a).alert_id for a in some) for some in (own, false)))


def _blue(gathered: _Gathered) -> BlueCounts:
    alerts = [a for a in gathered.alerts.values() if a.list_kind is ListKind.BLUE]
    recognised, walked = recognised_passes(gathered.passes, gathered.volunteers, alerts)
    return BlueCounts(len(alerts), walked, recognised, len(gathered.volunteers))


def _alert(event: AuditEvent) -> AlertRecord:
    """Return as much of an alert as the log holds: enough to count it."""
    details = event.details
    captured_at = details.get("captured_at")
    return AlertRecord(
        alert_id=_text(details, "alert_id"),
        deployment_id=event.deployment_id or "",
        entry_id=_text(details, "entry_id"),
        camera_id=_text(details, "camera_id"),
        site_id=str(details.get("site_id", "")),
        captured_at=_moment(captured_at) if isinstance(captured_at, str) else event.occurred_at,
        score=cast("float", details.get("score")),
        threshold=cast("float", details.get("threshold")),
        runner_up_margin=None,
        n_shots=0,
        quality=0.0,
        pack_digest="",
        operating_point_digest="",
        policy_hash="",
        list_kind=ListKind(_text(details, "list_kind")),
    )


def _volunteer(event: AuditEvent) -> Volunteer:
    details = event.details
    return Volunteer(
        volunteer_id=_text(details, "volunteer_id"),
        deployment_id=event.deployment_id or "",
        entry_id=_text(details, "entry_id"),
        consent_sha256=_text(details, "consent_sha256"),
        consented_at=event.occurred_at,
    )


def _pass(event: AuditEvent) -> BluePass:
    details = event.details
    return BluePass(
        pass_id=_text(details, "pass_id"),
        deployment_id=event.deployment_id or "",
        volunteer_id=_text(details, "volunteer_id"),
        camera_id=_text(details, "camera_id"),
        started_at=_moment(_text(details, "started_at")),
        stopped_at=_moment(_text(details, "stopped_at")),
        logged_by=event.actor_id,
    )


def _text(details: Details, name: str) -> str:
    return str(details.get(name))


def _int(details: Details, name: str) -> int:
    found = details.get(name)
    return found if isinstance(found, int) else 0


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
