"""Builders: a live deployment with an alert, and the way of the alert by its services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.unit.core import governed as g
from tests.unit.core.decided import REASONS, STEP_OF, an_alert
from tests.unit.services.listing import SetClock, a_workplace

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.watchlist import EntryStatus, ListKind, Urgency, WatchlistEntry
from overt.services.decide_step import Choice, decide_step

BOTH = g.an_actor("both-1", Role.OPERATOR, Role.ENGAGEMENT_OFFICER)
OTHER_OPERATOR = g.an_actor("operator-2", Role.OPERATOR)
CROP = b"a picture file"


def an_entry(**changes: object) -> WatchlistEntry:
    """Return an approved entry."""
    entry = WatchlistEntry(
        entry_id="e-1",
        deployment_id="d-1",
        list_kind=ListKind.OPERATIONAL,
        reference="N-77",
        category="wanted_by_courts",
        justification="Warrant of 3 January",
        image_source="Custody",
        image_date=date(2025, 6, 1),
        urgency=Urgency.AMBER,
        is_under_18=False,
        composed_by="applicant-1",
        composed_at=g.BUILT_AT,
        status=EntryStatus.APPROVED,
    )
    return replace(entry, **changes)


def add_alert(workplace, **changes: object) -> None:
    """Store an alert with its crop and its line in the log."""
    with workplace.open() as uow:
        alert = an_alert(policy_hash=g.POLICY.digest(), **changes)
        secret_id = uow.secrets.put("d-1", "crop", alert.alert_id, CROP)
        uow.alerts.add(replace(alert, crop_secret_id=secret_id))
        details = {
            "alert_id": alert.alert_id,
            "entry_id": alert.entry_id,
            "camera_id": alert.camera_id,
            "captured_at": alert.captured_at.isoformat(),
            "list_kind": alert.list_kind.value,
            "score": alert.score,
            "threshold": alert.threshold,
        }
        kind = EventKind.ALERT_RAISED
        uow.audit.append(AuditEvent(kind, alert.captured_at, "system", "d-1", details))
        uow.commit()


def an_alerted_workplace(**changes: object):
    """Return a workplace a minute after an alert was raised."""
    workplace = a_workplace(g.live(), clock=SetClock(g.OPENS + g.MINUTE))
    with workplace.open() as uow:
        uow.entries.add_many([an_entry()])
        uow.actors.save(BOTH)
        uow.actors.save(OTHER_OPERATOR)
        uow.commit()
    add_alert(workplace, **changes)
    return workplace


def a_choice(verdict, alert_id="a-1", **changes: object) -> Choice:
    """Return a choice with a reason of its list, shown half a minute before."""
    choice = Choice(
        alert_id=alert_id,
        step=STEP_OF[type(verdict)],
        verdict=verdict,
        reason_codes=REASONS[verdict],
        shown_at=g.OPENS + g.MINUTE / 2,
        key=f"{alert_id}-{verdict}",
    )
    return replace(choice, **changes)


def decide_all(workplace, *verdicts, alert_id="a-1"):
    """Take an alert through some steps, each by whoever's it is, a minute apart."""
    decided = None
    for verdict in verdicts:
        workplace.clock.at += g.MINUTE
        is_first = STEP_OF[type(verdict)] == "operator"
        who = g.OPERATOR if is_first else g.ENGAGER
        decided = decide_step(workplace, who.actor_id, a_choice(verdict, alert_id))
    return decided


def events(workplace, *kinds):
    """Return the events of some kinds."""
    with workplace.open() as uow:
        return [e.event for e in uow.audit.read() if e.event.kind in kinds]
