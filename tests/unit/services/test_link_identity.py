from __future__ import annotations

import pytest
from tests.unit.core.governed import ENGAGER
from tests.unit.services.signing_in import OFFICER_ID, OPERATOR_ID, Desk

from overt.core.audit_events import EventKind
from overt.core.sign_in import Identity
from overt.errors import (
    RecordNotFoundError,
    RuleError,
    SettingInvalidError,
    SignInRefusedError,
)
from overt.services.link_identity import link_identity, unlink_identity
from overt.services.manage_actors import deactivate_actor
from overt.services.sign_in import sign_in_with_identity

ISSUER = "https://id.force.example"


@pytest.fixture
def desk():
    """Return a workplace with everybody in it."""
    return Desk()


def test_an_officer_ties_an_identity_to_an_account(desk):
    """The log names the service and the account, not what the service calls the person."""
    link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, f" {ISSUER} ", "jo.bloggs")

    with desk.store.reading() as uow:
        assert uow.identities.of_actor(OPERATOR_ID) == (Identity(ISSUER, "jo.bloggs", OPERATOR_ID),)
    details = desk.events(EventKind.CREDENTIAL_SET)[-1].details
    assert details == {"subject_id": OPERATOR_ID, "what": "identity", "issuer": ISSUER}


@pytest.mark.parametrize(
    ("by_id", "actor_id"),
    [(ENGAGER.actor_id, OPERATOR_ID), (OFFICER_ID, OFFICER_ID), (OFFICER_ID, "observer-1")],
)
def test_who_ties_nothing(desk, by_id, actor_id):
    """A colleague; oneself; and nobody to an account that is closed: each is logged."""
    deactivate_actor(desk.workplace, OFFICER_ID, "observer-1", reason="Left")

    with pytest.raises(RuleError):
        link_identity(desk.workplace, by_id, actor_id, ISSUER, "7f3c")

    with desk.store.reading() as uow:
        assert uow.identities.find(ISSUER, "7f3c") is None
    assert desk.events(EventKind.ACCESS_DENIED)[-1].actor_id == by_id


def test_an_identity_opens_one_account(desk):
    """Neither a second one nor the same twice."""
    link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, ISSUER, "7f3c")

    for actor_id in (OPERATOR_ID, ENGAGER.actor_id):
        with pytest.raises(RuleError):
            link_identity(desk.workplace, OFFICER_ID, actor_id, ISSUER, "7f3c")


@pytest.mark.parametrize(("issuer", "subject"), [(" ", "7f3c"), (ISSUER, "")])
def test_an_identity_has_a_service_and_a_subject(desk, issuer, subject):
    """A blank one would be everybody's."""
    with pytest.raises(SettingInvalidError):
        link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, issuer, subject)


def test_nobody_is_tied_to_nobody(desk):
    """An account is not made by it."""
    with pytest.raises(RecordNotFoundError):
        link_identity(desk.workplace, OFFICER_ID, "nobody", ISSUER, "7f3c")


def test_an_identity_is_untied(desk):
    """It opens nothing from then on, and what it opened is over; both stand in the log."""
    link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, ISSUER, "7f3c")
    new = sign_in_with_identity(desk.workplace, ISSUER, "7f3c")

    unlink_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, ISSUER, "7f3c")

    assert desk.who(new.token) is None
    with pytest.raises(SignInRefusedError):
        sign_in_with_identity(desk.workplace, ISSUER, "7f3c")
    events = desk.events(EventKind.CREDENTIAL_SET)[-2:]
    assert [event.details["what"] for event in events] == ["identity", "identity_removed"]


@pytest.mark.parametrize(
    ("by_id", "actor_id", "error"),
    [
        (ENGAGER.actor_id, OPERATOR_ID, RuleError),
        (OFFICER_ID, ENGAGER.actor_id, RecordNotFoundError),
    ],
)
def test_an_identity_is_not_untied(desk, by_id, actor_id, error):
    """By a colleague, or from somebody else's account."""
    link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, ISSUER, "7f3c")

    with pytest.raises(error):
        unlink_identity(desk.workplace, by_id, actor_id, ISSUER, "7f3c")
    assert sign_in_with_identity(desk.workplace, ISSUER, "7f3c")
