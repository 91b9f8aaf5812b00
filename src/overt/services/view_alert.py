"""Look at alerts: who may see which, and each look in the log (R-35, R-53)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.adjudication import AlertState
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require, require_any
from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError, RoleForbiddenError, RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from overt.core.adjudication import AlertRecord, Decision
    from overt.core.roles import Actor
    from overt.core.watchlist import WatchlistEntry
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ALERT, ALERTS, CROP, CROP_SAVED = "alert", "alerts", "alert crop", "alert crop, to a file"
PORTRAIT = "alert portrait"
"""What a look was at, as the log says it."""

_ACTION, _SAVE = "see an alert", "save an alert's picture"
_VIEWERS = {
    ListKind.OPERATIONAL: frozenset({Role.OPERATOR, Role.ENGAGEMENT_OFFICER, Role.AUDITOR}),
    ListKind.BLUE: frozenset(
        {Role.OPERATOR, Role.ENGAGEMENT_OFFICER, Role.AUDITOR, Role.EVALUATOR}
    ),
}
_NOT_PASSED_ON = frozenset({AlertState.RAISED, AlertState.DISMISSED})
_READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as a person looks at it; pictures are fetched one by one.

    Attributes:
        alert: The machine's suggestion.
        entry: Whom it suggests; no name.
        decisions: What people have decided, in order.
    """

    alert: AlertRecord
    entry: WatchlistEntry
    decisions: tuple[Decision, ...]


def view_alerts(
    workplace: Workplace, actor_id: str, deployment_id: str, list_kind: ListKind
) -> tuple[AlertRecord, ...]:
    """Return the alerts that somebody may see, in the order of their capture; logged.

    Args:
        workplace: Store, time.
        actor_id: Who looks.
        deployment_id: Whose alerts.
        list_kind: Operational or blue; nobody sees both at once (R-22).

    Raises:
        RoleForbiddenError: The role may not; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    with workplace.open() as uow:
        uow.deployments.get(deployment_id)
        actor = _allowed(workplace, uow, actor_id, deployment_id, list_kind)
        alerts = uow.alerts.of_deployment(deployment_id, list_kind=list_kind)
        _log(workplace, uow, actor_id, deployment_id, ALERTS, deployment_id)
        uow.commit()
    return tuple(_told(alert) for alert in alerts if _may_see(actor, alert))


def view_alert(workplace: Workplace, actor_id: str, alert_id: str) -> AlertView:
    """Return one alert with its entry and decisions; logged: from now on it was shown.

    Args:
        workplace: Store, time.
        actor_id: Who looks.
        alert_id: Which alert.

    Raises:
        RoleForbiddenError: The role may not; the refusal has been logged.
        RecordNotFoundError: There is no such alert or actor.
    """
    with workplace.open() as uow:
        alert = _seen(workplace, uow, actor_id, alert_id)
        entry = uow.entries.get(alert.entry_id)
        view = AlertView(_told(alert), entry, uow.decisions.of_alert(alert_id))
        _log(workplace, uow, actor_id, alert.deployment_id, ALERT, alert_id)
        uow.commit()
    return view


def view_crop(workplace: Workplace, actor_id: str, alert_id: str) -> bytes:
    """Return an alert's picture of the face, as a picture file's bytes; logged.

    Args:
        workplace: Store, time.
        actor_id: Who looks.
        alert_id: Which alert.

    Raises:
        RoleForbiddenError: The role may not; the refusal has been logged.
        RecordNotFoundError: There is no such alert or actor, or its picture is erased.
    """
    with workplace.open() as uow:
        alert = _seen(workplace, uow, actor_id, alert_id)
        crop = _crop(uow, alert)
        _log(workplace, uow, actor_id, alert.deployment_id, CROP, alert_id)
        uow.commit()
    return crop


def view_alert_portrait(workplace: Workplace, actor_id: str, alert_id: str) -> bytes:
    """Return the listed photograph that an alert suggests, as a JPEG file's bytes; logged.

    Whoever may see the alert may see it, on either list: two pictures are compared (R-53).

    Args:
        workplace: Store, time.
        actor_id: Who looks.
        alert_id: Which alert.

    Raises:
        RoleForbiddenError: The role may not; the refusal has been logged.
        RecordNotFoundError: There is no such alert or actor, or the photograph is deleted.
    """
    with workplace.open() as uow:
        alert = _seen(workplace, uow, actor_id, alert_id)
        entry = uow.entries.get(alert.entry_id)
        if entry.image_secret_id is None:
            msg = f"the portrait of {entry.entry_id} is deleted"
            raise RecordNotFoundError(msg, key=entry.entry_id)
        portrait = uow.secrets.get(entry.image_secret_id)
        _log(workplace, uow, actor_id, alert.deployment_id, PORTRAIT, alert_id)
        uow.commit()
    return portrait


def save_crop(
    workplace: Workplace, actor_id: str, alert_id: str, write: Callable[[bytes], None]
) -> None:
    """Give an alert's picture of the face to a file: an operator alone may, and it is logged.

    Args:
        workplace: Store, time.
        actor_id: An operator.
        alert_id: Which alert.
        write: Called with the picture file's bytes before the log is committed.

    Raises:
        RuleError: The actor is no operator; the refusal has been logged.
    """
    with workplace.open() as uow:
        alert = uow.alerts.get(alert_id)
        now = workplace.clock.now()
        actor = acting(uow, actor_id, _SAVE, alert.deployment_id, now)
        try:
            require(actor, Role.OPERATOR, _SAVE)
        except RuleError as error:
            log_refusal(uow, error, _SAVE, actor_id, alert.deployment_id, now)
            raise
        crop = _crop(uow, alert)
        _log(workplace, uow, actor_id, alert.deployment_id, CROP_SAVED, alert_id)
        write(crop)
        uow.commit()


def first_shown(uow: UnitOfWork, alert_id: str, actor_id: str) -> datetime | None:
    """Return when an alert was first shown to somebody, as the log has it, or None.

    Args:
        uow: An open unit of work.
        alert_id: Which alert.
        actor_id: To whom.
    """
    first, end = None, uow.audit.size()
    while end:
        start = max(0, end - _READ_AT_ONCE)
        for logged in reversed(uow.audit.read(start, end - start)):
            event = logged.event
            about = (event.kind, event.details.get("row_id") or event.details.get("alert_id"))
            if about == (EventKind.ALERT_RAISED, alert_id):
                return first
            if about == (EventKind.PERSONAL_DATA_VIEWED, alert_id) and event.actor_id == actor_id:
                first = event.occurred_at
        end = start
    return first


def _crop(uow: UnitOfWork, alert: AlertRecord) -> bytes:
    if alert.crop_secret_id is None:
        msg = f"the picture of {alert.alert_id} is erased"
        raise RecordNotFoundError(msg, key=alert.alert_id)
    return uow.secrets.get(alert.crop_secret_id)


def _seen(workplace: Workplace, uow: UnitOfWork, actor_id: str, alert_id: str) -> AlertRecord:
    alert = uow.alerts.get(alert_id)
    _allowed(workplace, uow, actor_id, alert.deployment_id, alert.list_kind, alert)
    return alert


def _allowed(
    workplace: Workplace,
    uow: UnitOfWork,
    actor_id: str,
    deployment_id: str,
    list_kind: ListKind,
    alert: AlertRecord | None = None,
) -> Actor:
    now = workplace.clock.now()
    actor = acting(uow, actor_id, _ACTION, deployment_id, now)
    try:
        require_any(actor, _VIEWERS[list_kind], _ACTION)
        if alert is not None and not _may_see(actor, alert):
            msg = "an engagement officer sees an alert once an operator has passed it on"
            raise RoleForbiddenError(msg, actor_id=actor_id)
    except RuleError as error:
        log_refusal(uow, error, _ACTION, actor_id, deployment_id, now)
        raise
    return actor


def _told(alert: AlertRecord) -> AlertRecord:
    """Return an alert without the name of its template's secret: nobody looks at a template.

    A seeded pair has none, so that reviewers could tell it.
    """
    return replace(alert, probe_secret_id=None)


def _may_see(actor: Actor, alert: AlertRecord) -> bool:
    others = actor.roles & _VIEWERS[alert.list_kind] - {Role.ENGAGEMENT_OFFICER}
    return bool(others) or alert.state not in _NOT_PASSED_ON


def _log(
    workplace: Workplace, uow: UnitOfWork, actor_id: str, deployment_id: str, what: str, row_id: str
) -> None:
    now, details = workplace.clock.now(), {"what": what, "row_id": row_id}
    kind = EventKind.PERSONAL_DATA_VIEWED
    uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
