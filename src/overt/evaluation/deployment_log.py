"""A deployment read from its events in the audit log: every figure comes from here (R-71).

Rows of alerts, decisions and passes are gone when the record is published; the log has
every step. Of what officers recorded for equality monitoring it has the tables, counted once
and without small numbers, as nobody can shorten it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from overt.core.adjudication import VERDICTS, AlertRecord, Decision, Step
from overt.core.alert_steps import progress_of
from overt.core.audit_events import EventKind
from overt.core.blue_list import BluePass, Volunteer
from overt.core.seeded_pair import IS_SEEDED
from overt.core.watchlist import ListKind
from overt.evaluation.deployment_figures import LiveSpan
from overt.evaluation.equality import equality_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from overt.core.alert_progress import Progress
    from overt.core.audit import AuditEvent
    from overt.core.canonical_json import JsonValue
    from overt.evaluation.equality import EqualityTables

    Details = Mapping[str, JsonValue]

_K = EventKind
STARTS = frozenset({_K.DEPLOYMENT_WENT_LIVE, _K.DEPLOYMENT_RESUMED})
"""Kinds of events with which cameras begin to run."""

STOPS = frozenset(
    {
        _K.DEPLOYMENT_SUSPENDED,
        _K.DEPLOYMENT_ENDED,
        _K.AUTHORITY_SUSPENDED,
        _K.AUTHORITY_WITHDRAWN,
        _K.AUTHORITY_LAPSED,
    }
)
"""Kinds of events with which they stop."""


@dataclass(slots=True)
class ReadDeployment:
    """What the events of one deployment say, as far as they were read.

    Attributes:
        spans: When cameras ran, as far as they have stopped.
        live_from: Since when they run, and how many people are listed; None where they do not.
        images_rejected: Rows refused when the watchlist was last composed.
        sums: Faces seen, searches, signs, decisions, quick ones, engagements without an alert.
        alerts: By identifier.
        seeded: Identifiers of alerts that were put in on purpose, in a rehearsal.
        decisions: By alert, in order.
        durations_s: Seconds of engagements that were ended, by alert.
        equality: The tables; None before they were counted.
        passes: Walks of volunteers that were logged to their end.
        volunteers: Who consented.
    """

    spans: list[LiveSpan] = field(default_factory=list)
    live_from: tuple[datetime, int] | None = None
    images_rejected: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    alerts: dict[str, AlertRecord] = field(default_factory=dict)
    seeded: set[str] = field(default_factory=set)
    decisions: dict[str, list[Decision]] = field(default_factory=dict)
    durations_s: dict[str, float] = field(default_factory=dict)
    equality: EqualityTables | None = None
    passes: list[BluePass] = field(default_factory=list)
    volunteers: list[Volunteer] = field(default_factory=list)

    def of_volunteers(self) -> list[AlertRecord]:
        """Return the alerts about volunteers that the machine raised: no seeded one is counted."""
        blue = [a for a in self.alerts.values() if a.list_kind is ListKind.BLUE]
        return [alert for alert in blue if alert.alert_id not in self.seeded]

    def progress(self) -> list[Progress]:
        """Return how far each alert came.

        Raises:
            AlertWrongStepError: Decisions are out of order.
            SamePersonError: The operator decided a later step too.
        """
        return [progress_of(a, self.decisions.get(i, [])) for i, a in self.alerts.items()]


def read_deployment(events: Iterable[AuditEvent]) -> ReadDeployment:
    """Return what the events of a deployment say.

    Args:
        events: Of one deployment, oldest first; others than are needed do no harm.

    Raises:
        FiguresDifferError: The equality tables are written otherwise.
    """
    read = ReadDeployment()
    for event in events:
        _take(read, event)
    return read


def _take(read: ReadDeployment, event: AuditEvent) -> None:
    details = event.details
    match event.kind:
        case _K.WATCHLIST_COMPOSED:
            read.images_rejected = whole(details, "n_refused")
        case _K.MINUTE_COUNTED:
            read.sums["faces_seen"] += whole(details, "faces_seen")
            read.sums["searches"] += whole(details, "searches")
        case _K.ALERT_RAISED:
            _take_alert(read, event)
        case _K.ALERT_DECIDED:
            _take_decision(read, event)
        case _K.ENGAGEMENT_RECORDED:
            _take_engagement(read, details)
        case _K.NOTICE_PLACED:
            read.sums["signs"] += 1
        case _K.VOLUNTEER_CONSENTED:
            read.volunteers.append(_volunteer(event))
        case _K.BLUE_PASS_LOGGED:
            read.passes += _passes(event)
        case _K.EQUALITY_COUNTED:
            read.equality = equality_from(details)
        case _:
            _take_span(read, event)


def _take_span(read: ReadDeployment, event: AuditEvent) -> None:
    if event.kind in STARTS:
        read.live_from = event.occurred_at, whole(event.details, "n_entries")
    elif event.kind in STOPS and read.live_from is not None:
        started_at, n_entries = read.live_from
        due_at = event.details.get("due_at")  # a stop by itself counts from its deadline
        ended_at = moment(due_at) if isinstance(due_at, str) else event.occurred_at
        read.spans.append(LiveSpan(started_at, max(started_at, ended_at), n_entries))
        read.live_from = None


def _take_alert(read: ReadDeployment, event: AuditEvent) -> None:
    alert = _alert(event)
    read.alerts[alert.alert_id] = alert
    if event.details.get(IS_SEEDED) is True:
        read.seeded.add(alert.alert_id)


def _take_decision(read: ReadDeployment, event: AuditEvent) -> None:
    details, alert_id = event.details, text(event.details, "alert_id")
    step = Step(text(details, "step"))
    codes = details.get("reason_codes")
    decision = Decision(
        decision_id=text(details, "decision_id"),
        alert_id=alert_id,
        step=step,
        verdict=VERDICTS[step](text(details, "verdict")),
        reason_codes=tuple(str(code) for code in codes) if isinstance(codes, tuple) else (),
        decided_by=event.actor_id,
        decided_at=event.occurred_at,
        shown_at=event.occurred_at,
        idempotency_key=text(details, "decision_id"),
    )
    read.decisions.setdefault(alert_id, []).append(decision)
    if details.get("list_kind") == ListKind.OPERATIONAL:
        read.sums["decisions"] += 1
        read.sums["quick"] += details.get("is_quick") is True


def _take_engagement(read: ReadDeployment, details: Details) -> None:
    alert_id, seconds = details.get("alert_id"), details.get("duration_s")
    if alert_id is None and details.get("verdict") == "engaged":
        read.sums["without_alert"] += 1
    if isinstance(alert_id, str) and isinstance(seconds, int | float):
        read.durations_s[alert_id] = float(seconds)


def _alert(event: AuditEvent) -> AlertRecord:
    """Return as much of an alert as the log holds: enough to count it."""
    details = event.details
    captured_at = details.get("captured_at")
    return AlertRecord(
        alert_id=text(details, "alert_id"),
        deployment_id=event.deployment_id or "",
        entry_id=text(details, "entry_id"),
        camera_id=text(details, "camera_id"),
        site_id=str(details.get("site_id", "")),
        captured_at=moment(captured_at) if isinstance(captured_at, str) else event.occurred_at,
        score=cast("float", details.get("score")),
        threshold=cast("float", details.get("threshold")),
        runner_up_margin=None,
        n_shots=0,
        quality=0.0,
        pack_digest="",
        operating_point_digest="",
        policy_hash="",
        list_kind=ListKind(text(details, "list_kind")),
    )


def _volunteer(event: AuditEvent) -> Volunteer:
    details = event.details
    return Volunteer(
        volunteer_id=text(details, "volunteer_id"),
        deployment_id=event.deployment_id or "",
        entry_id=text(details, "entry_id"),
        consent_sha256=text(details, "consent_sha256"),
        consented_at=event.occurred_at,
    )


def _passes(event: AuditEvent) -> list[BluePass]:
    """Return the pass, or nothing where it has no end: it is no recognition opportunity."""
    details = event.details
    started_at, stopped_at = details.get("started_at"), details.get("stopped_at")
    if not isinstance(started_at, str) or not isinstance(stopped_at, str):
        return []
    return [
        BluePass(
            pass_id=text(details, "pass_id"),
            deployment_id=event.deployment_id or "",
            volunteer_id=text(details, "volunteer_id"),
            camera_id=text(details, "camera_id"),
            started_at=moment(started_at),
            stopped_at=moment(stopped_at),
            logged_by=event.actor_id,
        )
    ]


def text(details: Details, name: str) -> str:
    """Return a detail as text.

    Args:
        details: Of an event.
        name: Of the detail.
    """
    return str(details.get(name))


def whole(details: Details, name: str) -> int:
    """Return a detail that is a whole number; 0 where it is none.

    Args:
        details: Of an event.
        name: Of the detail.
    """
    found = details.get(name)
    return found if isinstance(found, int) else 0


def moment(written: str) -> datetime:
    """Return a moment as an event writes it, aware UTC.

    Args:
        written: In ISO format, with its offset.
    """
    return datetime.fromisoformat(written).astimezone(UTC)
