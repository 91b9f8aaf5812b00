"""Put a pair of two different people in front of reviewers, in a rehearsal (R-52)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.seeded_pair import ACTION, IS_SEEDED, known_person, require_may_seed, seeded
from overt.core.watchlist import ListKind
from overt.errors import PairUnsuitableError, RuleError
from overt.services.live_recording import CROP
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.adjudication import AlertRecord
    from overt.core.blue_list import Volunteer
    from overt.core.canonical_json import JsonValue
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

_READ_AT_ONCE = 500


def seed_pair(workplace: Workplace, actor_id: str, alert_id: str, volunteer_id: str) -> AlertRecord:
    """Return the alert that suggests a volunteer for the picture of another one.

    Operators and officers see it as any other alert. The log marks it, so that it counts in no
    figure but those about reviewers.

    Args:
        workplace: Store, time, identifiers.
        actor_id: An evaluator.
        alert_id: The alert whose picture is shown: raised during a logged walk of the volunteer
            that it is about.
        volunteer_id: Whom the new alert suggests; another volunteer of the same rehearsal.

    Raises:
        RuleError: Not allowed, or no such pair; this has been logged.
        RecordNotFoundError: There is no such alert, volunteer or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        shown, suggested = uow.alerts.get(alert_id), uow.passes.volunteer(volunteer_id)
        deployment_id = shown.deployment_id
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        try:
            require_may_seed(actor, uow.deployments.get(deployment_id))
            alert = _paired(uow, shown, suggested, now)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise
        alert = _with_picture(uow, shown, replace(alert, alert_id=workplace.ids.new("alert")))
        uow.alerts.add(alert)
        kind, details = EventKind.ALERT_RAISED, _details(alert, alert_id)
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return alert


def pictures_for_pairs(uow: UnitOfWork, deployment_id: str) -> tuple[AlertRecord, ...]:
    """Return the alerts whose pictures may be shown, the latest first.

    Args:
        uow: An open unit of work.
        deployment_id: A rehearsal.
    """
    is_seeded = seeded_alerts(uow, deployment_id)
    volunteers = uow.passes.volunteers(deployment_id)
    passes = uow.passes.of_deployment(deployment_id)
    alerts = uow.alerts.of_deployment(deployment_id, list_kind=ListKind.BLUE)
    return tuple(
        alert
        for alert in reversed(alerts)
        if alert.alert_id not in is_seeded and known_person(alert, volunteers, passes)
    )


def seeded_alerts(uow: UnitOfWork, deployment_id: str) -> frozenset[str]:
    """Return which alerts of a deployment are seeded, as the log says.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
    """
    kinds = frozenset({EventKind.ALERT_RAISED})
    wanted = AuditSearch(kinds=kinds, deployment_id=deployment_id, text=IS_SEEDED)
    found: set[str] = set()
    after = -1
    while logged := uow.audit.search(wanted, after=after, limit=_READ_AT_ONCE):
        found |= {
            str(each.event.details["alert_id"])
            for each in logged
            if each.event.details.get(IS_SEEDED) is True
        }
        after = logged[0].seq
    return frozenset(found)


def _paired(
    uow: UnitOfWork, shown: AlertRecord, suggested: Volunteer, now: datetime
) -> AlertRecord:
    deployment_id = shown.deployment_id
    if shown.alert_id in seeded_alerts(uow, deployment_id):
        msg = "the picture of a seeded pair is in another one already; expected an alert of its own"
        raise PairUnsuitableError(msg, alert_id=shown.alert_id)
    volunteers = uow.passes.volunteers(deployment_id)
    person = known_person(shown, volunteers, uow.passes.of_deployment(deployment_id))
    return seeded(shown, person, uow.entries.get(suggested.entry_id), now)


def _with_picture(uow: UnitOfWork, shown: AlertRecord, alert: AlertRecord) -> AlertRecord:
    picture = uow.secrets.get(shown.crop_secret_id or "")
    secret_id = uow.secrets.put(alert.deployment_id, CROP, alert.alert_id, picture)
    return replace(alert, crop_secret_id=secret_id)


def _details(alert: AlertRecord, shown_id: str) -> dict[str, JsonValue]:
    return {
        "alert_id": alert.alert_id,
        "entry_id": alert.entry_id,
        "camera_id": alert.camera_id,
        "site_id": alert.site_id,
        "captured_at": alert.captured_at.isoformat(),
        "list_kind": alert.list_kind.value,
        "score": alert.score,
        "threshold": alert.threshold,
        IS_SEEDED: True,
        "picture_of": shown_id,
    }
