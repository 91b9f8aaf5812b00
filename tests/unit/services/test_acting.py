"""Who asks without an account, or with a closed one, is refused and logged (R-04, R-70)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import ENGAGE, PASS
from tests.unit.services.alerted import a_choice, an_alerted_workplace, decide_all, events
from tests.unit.services.listing import an_enroller, three_offers

from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.freshness_feed import FreshnessFeed
from overt.core.roles import Role
from overt.core.watchlist import ListKind
from overt.errors import RecordConflictError, RecordNotFoundError, RuleError
from overt.services.approve_watchlist import approve_one_entry, approve_watchlist
from overt.services.check_freshness import check_freshness
from overt.services.compose_watchlist import compose_watchlist
from overt.services.decide_authority import withdraw
from overt.services.decide_step import decide_step
from overt.services.draft_deployment import draft_deployment
from overt.services.engage import end_engagement, engage_on_grounds, engagement_of_alert
from overt.services.go_live import end
from overt.services.manage_actors import add_actor, deactivate_actor
from overt.services.publish_record import publish_record
from overt.services.read_audit import log_export, read_audit
from overt.services.view_alert import save_crop, view_alert, view_alerts
from overt.services.view_watchlist import view_watchlist
from overt.services.was_listed import was_listed

TYPED = "Hunter2-may-be-a-password"
LISTED = ListKind.OPERATIONAL
FEED = FreshnessFeed(frozenset(), 0, g.DIGEST)
BUSY = (Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.ENGAGEMENT_OFFICER)
NEW = g.an_actor("new-1", Role.OPERATOR)


def end_contact(workplace, who):
    """End the engagement that began with the alert."""
    with workplace.open() as uow:
        engagement_id = engagement_of_alert(uow, "a-1").engagement_id
    return end_engagement(workplace, who, engagement_id, is_leaflet_given=True)


ASKED = {
    "draft": lambda w, who: draft_deployment(w, who, name="X", kind=DeploymentKind.OPERATIONAL),
    "a step": lambda w, who: withdraw(w, who, "d-1", reason="Why"),
    "end": lambda w, who: end(w, who, "d-1", reason="Why"),
    "compose": lambda w, who: compose_watchlist(w, who, "d-1", three_offers(), an_enroller()),
    "approve": lambda w, who: approve_watchlist(w, who, "d-1"),
    "approve one": lambda w, who: approve_one_entry(w, who, "e-1"),
    "freshness": lambda w, who: check_freshness(w, who, "d-1", FEED),
    "see the list": lambda w, who: view_watchlist(w, who, "d-1", LISTED),
    "see alerts": lambda w, who: view_alerts(w, who, "d-1", LISTED),
    "see an alert": lambda w, who: view_alert(w, who, "a-1"),
    "save a crop": lambda w, who: save_crop(w, who, "a-1", lambda _: None),
    "decide": lambda w, who: decide_step(w, who, a_choice(ENGAGE, key="k")),
    "engage": lambda w, who: engage_on_grounds(w, who, "d-1", "offence_seen"),
    "end a contact": end_contact,
    "was listed": lambda w, who: was_listed(w, who, "N-77", date(2026, 6, 1), UTC),
    "read the log": lambda w, who: read_audit(w, who, 5),
    "export the log": log_export,
    "publish": lambda w, who: publish_record(w, who, "d-1"),
    "add an account": lambda w, who: add_actor(w, who, NEW),
    "close an account": lambda w, who: deactivate_actor(w, who, "operator-1", reason="Why"),
}


def a_street():
    """Return a workplace in which somebody was engaged for an alert, with a closed account."""
    workplace = an_alerted_workplace()
    decide_all(workplace, PASS, ENGAGE)
    with workplace.open() as uow:
        uow.actors.save(replace(g.an_actor("left-1", *BUSY, rank=g.OFFICER.rank), is_active=False))
        uow.commit()
    return workplace


@pytest.mark.parametrize("what", ASKED)
def test_an_attempt_without_an_account_is_logged(what):
    """By nobody's account; what was typed may be anything, and stays out."""
    workplace = a_street()
    before = len(events(workplace, *EventKind))

    with pytest.raises(RecordNotFoundError):
        ASKED[what](workplace, TYPED)

    *_, denied = after = events(workplace, *EventKind)
    assert len(after) == before + 1
    assert (denied.kind, denied.actor_id) == (EventKind.ACCESS_DENIED, "unknown")
    assert denied.details["code"] == "store.not_found"
    assert TYPED not in str(after)


@pytest.mark.parametrize("what", ASKED)
def test_an_attempt_with_a_closed_account_is_logged(what):
    """R-36: by whose account; nothing else of the attempt stands."""
    workplace = a_street()
    before = len(events(workplace, *EventKind))

    with pytest.raises(RuleError):
        ASKED[what](workplace, "left-1")

    *_, denied = after = events(workplace, *EventKind)
    assert len(after) == before + 1
    assert (denied.kind, denied.actor_id) == (EventKind.ACCESS_DENIED, "left-1")


def test_no_account_is_called_so():
    """Else the log could not tell them apart."""
    workplace = a_street()

    with pytest.raises(RecordConflictError, match="no account can be called 'unknown'"):
        add_actor(workplace, "authority-1", g.an_actor("unknown", Role.OPERATOR))
