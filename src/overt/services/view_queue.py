"""The alerts that wait for somebody, newest first, and what became of the last ones: one look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.adjudication import AlertState, DisposalVerdict, OfficerVerdict, OperatorVerdict
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal
from overt.services.view_alert import ALERTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.core.adjudication import AlertRecord, Decision
    from overt.core.engagement import Engagement
    from overt.core.watchlist import Urgency
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

N_LATEST = 12
"""How many of those that are decided a queue still shows."""

_READ_BACK = 60  # of those decided: the latest by capture, among which are the latest decided
_OPERATOR_ONLY = frozenset({AlertState.RAISED, AlertState.DISMISSED})
_NOT_ENGAGED = frozenset({OfficerVerdict.NO_ENGAGEMENT.value, OfficerVerdict.NOT_LOCATED.value})
_DISPOSED = frozenset(verdict.value for verdict in DisposalVerdict)


@dataclass(frozen=True, slots=True)
class QueuedAlert:
    """An alert in a queue, without pictures.

    Attributes:
        alert: As it stands.
        urgency: Of the entry that it suggests.
        decisions: What people have decided, in order.
        engagement: The contact that began with it, or None.
    """

    alert: AlertRecord
    urgency: Urgency
    decisions: tuple[Decision, ...]
    engagement: Engagement | None = None


@dataclass(frozen=True, slots=True)
class OperatorQueue:
    """What an operator sees of a deployment's alerts.

    Attributes:
        waiting: Nobody has decided them; the newest capture first.
        decided: The latest of the others; the latest decision first.
        last_seq: Number of the last event in the log that is taken into account; -1 for none.
    """

    waiting: tuple[QueuedAlert, ...]
    decided: tuple[QueuedAlert, ...]
    last_seq: int


@dataclass(frozen=True, slots=True)
class OfficerQueue:
    """What an engagement officer sees of a deployment's alerts and contacts.

    Attributes:
        waiting: Passed on, and no officer has decided; the newest capture first.
        begun: This officer's engagements that are not fully recorded.
        without_alert: This officer's engagements without an alert that have not ended.
        done: The latest of the others; the latest decision first.
        last_seq: Number of the last event in the log that is taken into account; -1 for none.
    """

    waiting: tuple[QueuedAlert, ...]
    begun: tuple[QueuedAlert, ...]
    without_alert: tuple[Engagement, ...]
    done: tuple[QueuedAlert, ...]
    last_seq: int


def view_operator_queue(workplace: Workplace, actor_id: str, deployment_id: str) -> OperatorQueue:
    """Return the alerts that wait for an operator, and the latest that do not; logged (R-35).

    Volunteers' alerts stand among the others, as they come; no count is made of the two
    together (R-22).

    Args:
        workplace: Store, time.
        actor_id: An operator.
        deployment_id: Whose alerts.

    Raises:
        RoleForbiddenError: The actor is no operator; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    with workplace.open() as uow:
        last_seq = _begin_look(workplace, uow, actor_id, deployment_id, Role.OPERATOR)
        alerts = uow.alerts.of_deployment(deployment_id)
        waiting = [a for a in alerts if a.state is AlertState.RAISED]
        decided = [a for a in alerts if a.state is not AlertState.RAISED]
        queue = OperatorQueue(_newest_first(uow, waiting), _latest(uow, decided), last_seq)
        uow.commit()
    return queue


def view_officer_queue(workplace: Workplace, actor_id: str, deployment_id: str) -> OfficerQueue:
    """Return what was passed on to officers, and this officer's own contacts; logged (R-35).

    Args:
        workplace: Store, time.
        actor_id: An engagement officer.
        deployment_id: Whose alerts.

    Raises:
        RoleForbiddenError: The actor is no engagement officer; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    with workplace.open() as uow:
        last_seq = _begin_look(workplace, uow, actor_id, deployment_id, Role.ENGAGEMENT_OFFICER)
        alerts = [
            a for a in uow.alerts.of_deployment(deployment_id) if a.state not in _OPERATOR_ONLY
        ]
        contacts = uow.engagements.of_deployment(deployment_id)
        own = [e for e in contacts if e.engaged_by == actor_id and e.ended_at is None]
        by_alert = {e.alert_id: e for e in contacts if e.alert_id is not None}
        waiting = [a for a in alerts if a.state is AlertState.PASSED_ON]
        begun = [a for a in alerts if _is_begun(a, by_alert.get(a.alert_id), actor_id)]
        shown = {a.alert_id for a in (*waiting, *begun)}
        queue = OfficerQueue(
            waiting=_newest_first(uow, waiting),
            begun=_newest_first(uow, begun, by_alert),
            without_alert=tuple(e for e in own if e.alert_id is None),
            done=_latest(uow, [a for a in alerts if a.alert_id not in shown], by_alert),
            last_seq=last_seq,
        )
        uow.commit()
    return queue


def is_fully_recorded(alert: AlertRecord, engagement: Engagement | None) -> bool:
    """Return whether nothing is left to record about an alert.

    Args:
        alert: As it stands.
        engagement: The contact that began with it, or None.
    """
    state = alert.state.value
    if state == OperatorVerdict.DISMISSED.value or state in _NOT_ENGAGED:
        return True
    has_ended = engagement is None or engagement.ended_at is not None
    return state in _DISPOSED and has_ended


def _is_begun(alert: AlertRecord, engagement: Engagement | None, actor_id: str) -> bool:
    is_own = engagement is not None and engagement.engaged_by == actor_id
    return is_own and not is_fully_recorded(alert, engagement)


def _begin_look(
    workplace: Workplace, uow: UnitOfWork, actor_id: str, deployment_id: str, role: Role
) -> int:
    """Return the number of the log's last event, after this look has been added to it."""
    uow.deployments.get(deployment_id)
    action, now = "see the alerts that wait", workplace.clock.now()
    actor = acting(uow, actor_id, action, deployment_id, now)
    try:
        require(actor, role, action)
    except RuleError as error:
        log_refusal(uow, error, action, actor_id, deployment_id, now)
        raise
    last_seq = uow.audit.size() - 1
    details = {"what": ALERTS, "row_id": deployment_id}
    kind = EventKind.PERSONAL_DATA_VIEWED
    uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
    return last_seq


def _newest_first(
    uow: UnitOfWork,
    alerts: Iterable[AlertRecord],
    by_alert: dict[str, Engagement] | None = None,
) -> tuple[QueuedAlert, ...]:
    found = sorted(alerts, key=lambda a: (a.captured_at, a.alert_id), reverse=True)
    return _queued(uow, found, by_alert or {})


def _latest(
    uow: UnitOfWork,
    alerts: Iterable[AlertRecord],
    by_alert: dict[str, Engagement] | None = None,
) -> tuple[QueuedAlert, ...]:
    found = sorted(alerts, key=lambda a: (a.captured_at, a.alert_id), reverse=True)[:_READ_BACK]
    queued = _queued(uow, found, by_alert or {})
    by_time = sorted(queued, key=lambda q: q.decisions[-1].decided_at, reverse=True)
    return tuple(by_time[:N_LATEST])


def _queued(
    uow: UnitOfWork, alerts: Iterable[AlertRecord], by_alert: dict[str, Engagement]
) -> tuple[QueuedAlert, ...]:
    """Return alerts with what belongs to them; few people are listed, so each is read once."""
    urgencies: dict[str, Urgency] = {}
    queued = []
    for alert in alerts:
        if alert.entry_id not in urgencies:
            urgencies[alert.entry_id] = uow.entries.get(alert.entry_id).urgency
        is_raised = alert.state is AlertState.RAISED
        decisions = () if is_raised else uow.decisions.of_alert(alert.alert_id)
        engagement = by_alert.get(alert.alert_id)
        queued.append(QueuedAlert(alert, urgencies[alert.entry_id], decisions, engagement))
    return tuple(queued)
