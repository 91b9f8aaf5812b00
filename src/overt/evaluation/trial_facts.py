"""A deployment of a trial, alert by alert and pass by pass, as far as its events tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from overt.core.adjudication import OfficerVerdict, Step
from overt.core.alert_steps import alert_of
from overt.core.audit import SYSTEM_ACTOR
from overt.core.audit_events import EventKind
from overt.core.outcome import Outcome, outcome_of
from overt.core.watchlist import ListKind
from overt.evaluation.deployment_log import STARTS, moment, read_deployment, text, whole
from overt.evaluation.limit_told import IS_ADVISED
from overt.evaluation.recognition_figures import Opportunity, PassResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from overt.core.adjudication import AlertRecord, Decision
    from overt.core.alert_progress import Progress
    from overt.core.audit import AuditEvent
    from overt.core.blue_list import BluePass
    from overt.core.canonical_json import JsonValue
    from overt.evaluation.deployment_log import ReadDeployment

    Details = Mapping[str, JsonValue]
    Place = tuple[ListKind, str, str]

_K = EventKind
FALSE_OUTCOMES = frozenset({Outcome.CONFIRMED_FALSE, Outcome.UNCONFIRMED_FALSE})
"""Of alerts that named somebody else."""

TRUE_OUTCOMES = frozenset({Outcome.CONFIRMED_TRUE, Outcome.UNCONFIRMED_TRUE})
"""Of alerts that named the right person."""

_KNOWN_RESULTS = frozenset({PassResult.NOT_CAPTURED, PassResult.REJECTED, PassResult.COMPARED})
_ENDS = {
    _K.DEPLOYMENT_REFUSED: "refused",
    _K.DEPLOYMENT_CANCELLED: "cancelled",
    _K.AUTHORITY_WITHDRAWN: "authority withdrawn",
    _K.AUTHORITY_LAPSED: "authority lapsed",
    _K.DEPLOYMENT_ENDED: "ended",
}


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """One alert and what people made of it.

    Attributes:
        alert: As raised.
        is_seeded: It was put in on purpose, of two different people (a rehearsal only).
        outcome: What it turned out to be. A volunteer's alert within a logged walk of that
            volunteer counts as confirmed true, unless an identity check showed otherwise.
        operator: The operator's decision, or None.
        officer: The officer's decision, or None.
        disposal: How an engagement ended, or None.
        seconds: How long each step took, where that is known.
        quick: Steps whose decision was marked as quick.
    """

    alert: AlertRecord
    is_seeded: bool
    outcome: Outcome
    operator: Decision | None
    officer: Decision | None
    disposal: Decision | None
    seconds: Mapping[Step, float]
    quick: frozenset[Step]

    @property
    def is_true(self) -> bool | None:
        """Return whether both pictures show one person, or None where nobody knows."""
        if self.is_seeded or self.outcome in FALSE_OUTCOMES:
            return False
        return True if self.outcome is Outcome.CONFIRMED_TRUE else None

    @property
    def is_engaged(self) -> bool | None:
        """Return what the officer decided; None where they never did, or found nobody."""
        if self.officer is None or self.officer.verdict is OfficerVerdict.NOT_LOCATED:
            return None
        return self.officer.verdict is OfficerVerdict.ENGAGED


class Minute(NamedTuple):
    """Faces that one camera counted in one minute.

    Attributes:
        minute: Its start, aware UTC.
        faces_seen: How many.
    """

    minute: datetime
    faces_seen: int


@dataclass(frozen=True, slots=True)
class DeploymentFacts:
    """One deployment of a trial.

    Attributes:
        deployment_id: Which.
        number: Its place in the trial, from 1.
        read: What its events add up to.
        alerts: All alerts, volunteers' and seeded ones among them, as they were raised.
        opportunities: Passes that were walked to their end.
        minutes: Faces counted, in the order of the log.
        scores: Searches by best score, in hundredths; empty before they were counted.
        limit: Largest share of false alerts that the policy allowed; None where the log of
            that release does not tell.
        is_suspend_advised: Whether the test of the limit advised to suspend.
        interruptions: Why people suspended it, each time.
        end: How it came out, in words.
        end_reason: Why, as somebody wrote it; blank where nobody did.
    """

    deployment_id: str
    number: int
    read: ReadDeployment
    alerts: tuple[AlertFacts, ...]
    opportunities: tuple[Opportunity, ...]
    minutes: tuple[Minute, ...]
    scores: Mapping[int, int]
    limit: float | None
    is_suspend_advised: bool
    interruptions: tuple[str, ...]
    end: str
    end_reason: str

    @property
    def was_live(self) -> bool:
        """Return whether cameras ever ran."""
        return bool(self.read.spans) or self.read.live_from is not None


def deployment_facts(
    deployment_id: str, number: int, events: Sequence[AuditEvent]
) -> DeploymentFacts:
    """Return what the events of a deployment tell.

    Args:
        deployment_id: Which.
        number: Its place in the trial, from 1.
        events: All of them, oldest first; may be empty.

    Raises:
        AlertWrongStepError: Decisions are out of order.
        SamePersonError: One person decided two steps that two must decide.
        FiguresDifferError: The equality tables are written otherwise.
    """
    read = read_deployment(events)
    end, end_reason = _end(read, events)
    return DeploymentFacts(
        deployment_id=deployment_id,
        number=number,
        read=read,
        alerts=_alerts(read, events),
        opportunities=_opportunities(read, events),
        minutes=tuple(_minute(e) for e in events if e.kind == _K.MINUTE_COUNTED),
        scores=_scores(events),
        limit=_limit(events),
        is_suspend_advised=any(e.details.get(IS_ADVISED) is True for e in events),
        interruptions=tuple(
            text(e.details, "reason")
            for e in events
            if e.kind in {_K.DEPLOYMENT_SUSPENDED, _K.AUTHORITY_SUSPENDED}
            and e.actor_id != SYSTEM_ACTOR  # between two windows it stops by itself, as planned
        ),
        end=end,
        end_reason=end_reason,
    )


def _alerts(read: ReadDeployment, events: Sequence[AuditEvent]) -> tuple[AlertFacts, ...]:
    walks = _walks_by_place(read)
    decided: dict[str, list[Details]] = {}
    for event in events:
        if event.kind == _K.ALERT_DECIDED:
            decided.setdefault(text(event.details, "alert_id"), []).append(event.details)
    found = []
    for progress in read.progress():
        alert = alert_of(progress)
        is_seeded = alert.alert_id in read.seeded
        own_walks = () if is_seeded else walks.get(_place(alert), ())
        of_alert = decided.get(alert.alert_id, ())
        found.append(_alert(read, progress, of_alert, own_walks, is_seeded=is_seeded))
    return tuple(found)


def _alert(
    read: ReadDeployment,
    progress: Progress,
    decided: Sequence[Details],
    own_walks: Sequence[BluePass],
    *,
    is_seeded: bool,
) -> AlertFacts:
    alert, outcome = alert_of(progress), outcome_of(progress)
    is_within_walk = any(walk.covers(alert) for walk in own_walks)
    if is_within_walk and outcome is not Outcome.CONFIRMED_FALSE:
        outcome = Outcome.CONFIRMED_TRUE
    by_step = {each.step: each for each in read.decisions.get(alert.alert_id, ())}
    return AlertFacts(
        alert=alert,
        is_seeded=is_seeded,
        outcome=outcome,
        operator=by_step.get(Step.OPERATOR),
        officer=by_step.get(Step.OFFICER),
        disposal=by_step.get(Step.DISPOSAL),
        seconds={
            Step(text(each, "step")): float(took_s)
            for each in decided
            if isinstance(took_s := each.get("latency_s"), int | float)
        },
        quick=frozenset(
            Step(text(each, "step")) for each in decided if each.get("is_quick") is True
        ),
    )


def _place(alert: AlertRecord) -> Place:
    return alert.list_kind, alert.camera_id, alert.entry_id


def _places(read: ReadDeployment) -> dict[str, Place]:
    """Return where an alert about the volunteer of each pass would be raised, and about whom."""
    entries = {each.volunteer_id: each.entry_id for each in read.volunteers}
    return {
        walk.pass_id: (ListKind.BLUE, walk.camera_id, entries.get(walk.volunteer_id, ""))
        for walk in read.passes
    }


def _walks_by_place(read: ReadDeployment) -> dict[Place, list[BluePass]]:
    places = _places(read)
    found: dict[Place, list[BluePass]] = {}
    for walk in read.passes:
        found.setdefault(places[walk.pass_id], []).append(walk)
    return found


def _opportunities(read: ReadDeployment, events: Sequence[AuditEvent]) -> tuple[Opportunity, ...]:
    places = _places(read)
    alerts: dict[Place, list[AlertRecord]] = {}
    for alert in read.of_volunteers():
        alerts.setdefault(_place(alert), []).append(alert)
    logged = {
        text(e.details, "pass_id"): e.details for e in events if e.kind == _K.BLUE_PASS_LOGGED
    }
    found = []
    for walk in read.passes:
        is_recognised = any(walk.covers(each) for each in alerts.get(places[walk.pass_id], ()))
        details = logged[walk.pass_id]
        found.append(
            Opportunity(
                f"{walk.deployment_id}/{walk.volunteer_id}",
                walk.camera_id,
                walk.started_at,
                PassResult.RECOGNISED if is_recognised else _why_missed(details),
                _factors(details),
            )
        )
    return tuple(found)


def _why_missed(details: Details) -> PassResult:
    found = details.get("result")
    return PassResult(str(found)) if found in _KNOWN_RESULTS else PassResult.NOT_RECORDED


def _factors(details: Details) -> tuple[str, ...]:
    found = details.get("factors")
    return tuple(str(factor) for factor in found) if isinstance(found, tuple) else ()


def _minute(event: AuditEvent) -> Minute:
    return Minute(moment(text(event.details, "minute")), whole(event.details, "faces_seen"))


def _scores(events: Sequence[AuditEvent]) -> dict[int, int]:
    counted = [e.details.get("searches_by_score") for e in events if e.kind == _K.SCORES_COUNTED]
    stated = counted[-1] if counted else None
    if not isinstance(stated, Mapping):
        return {}
    return {round(float(score) * 100): n for score, n in stated.items() if isinstance(n, int)}


def _limit(events: Sequence[AuditEvent]) -> float | None:
    stated = [e.details.get("false_alert_limit") for e in events if e.kind in STARTS]
    limits = [float(each) for each in stated if isinstance(each, int | float)]
    return min(limits, default=None)


def _end(read: ReadDeployment, events: Sequence[AuditEvent]) -> tuple[str, str]:
    for event in reversed(events):
        if event.kind in _ENDS:
            reason = event.details.get("reason")
            return _ENDS[EventKind(event.kind)], reason if isinstance(reason, str) else ""
    if read.live_from is not None:
        return "still running", ""
    return ("suspended", "") if read.spans else ("not yet live", "")
