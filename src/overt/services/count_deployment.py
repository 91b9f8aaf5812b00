"""Count a deployment from the audit log alone: every published figure comes from here (R-71).

Rows of alerts, decisions and passes are gone when the record is published; the log has
every step. Only the table of ethnicities is taken from the officers' records, as the log,
which nobody can shorten, does not hold it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from overt.core.alert_progress import Progress
    from overt.core.audit import AuditEvent
    from overt.core.canonical_json import JsonValue
    from overt.core.engagement import Engagement
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
    passes: list[BluePass] = field(default_factory=list)
    volunteers: list[Volunteer] = field(default_factory=list)


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


def count_deployment(
    events: Iterable[AuditEvent], engagements: Iterable[Engagement]
) -> DeploymentFigures:
    """Return the figures of a deployment.

    Args:
        events: All of its events, oldest first.
        engagements: The officers' records, for the table of ethnicities only.

    Raises:
        FiguresDifferError: The events contradict each other.
    """
    gathered = _Gathered()
    for event in events:
        _take(gathered, event)
    alerts = [progress_of(a, gathered.decisions.get(i, [])) for i, a in gathered.alerts.items()]
    outcomes, engaged = count_operational(alerts)
    is_false = _false_alert_ids(alerts)
    own = [a.alert_id for a in gathered.alerts.values() if a.list_kind is ListKind.OPERATIONAL]
    of_people = [e for e in engagements if e.alert_id in own and _ethnicity(e)]
    figures = DeploymentFigures(
        spans=tuple(gathered.spans),
        images_rejected=gathered.images_rejected,
        faces_seen=gathered.sums["faces_seen"],
        searches=gathered.sums["searches"],
        alerts=outcomes,
        engagements=engaged,
        engaged_without_alert=gathered.sums["without_alert"],
        false_engaged_s=tuple(s for i, s in gathered.durations_s.items() if i in is_false),
        ethnicity_engaged=_by_ethnicity(of_people),
        ethnicity_false=_by_ethnicity(e for e in of_people if e.alert_id in is_false),
        blue=_blue(gathered),
        signs_placed=gathered.sums["signs"],
        quick_decisions=gathered.sums["quick"],
        decisions=gathered.sums["decisions"],
    )
    if wrong := figures.contradictions():
        msg = f"the figures contradict each other: {'; '.join(wrong)}"
        raise FiguresDifferError(msg)
    return figures


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


def _false_alert_ids(alerts: Iterable[Progress]) -> frozenset[str]:
    false = (a for a in alerts if outcome_of(a) is Outcome.CONFIRMED_FALSE)
    own = (alert_of(a) for a in false)
    return frozenset(a.alert_id for a in own if a.list_kind is ListKind.OPERATIONAL)


def _by_ethnicity(engagements: Iterable[Engagement]) -> dict[str, int]:
    counted = Counter(code for e in engagements if (code := _ethnicity(e)))
    return dict(sorted(counted.items()))


def _ethnicity(engagement: Engagement) -> str | None:
    """Return what the person said, or else what the officer perceived."""
    return engagement.self_defined_ethnicity_code or engagement.perceived_ethnicity_code


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
