from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.governed import ENGAGER
from tests.unit.services.signing_in import (
    HOUR,
    MINUTE,
    NEW_PASSWORD,
    OFFICER_ID,
    OPERATOR_ID,
    SECOND,
    Desk,
)

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.sign_in_rules import token_digest
from overt.errors import RecordNotFoundError, RuleError, StoreFullError, StoreUnavailableError
from overt.services.manage_actors import deactivate_actor, record_training
from overt.services.sign_in import revoke_sessions, sign_out


@pytest.fixture
def desk():
    """Return a workplace where an operator has a password."""
    return Desk()


@pytest.mark.parametrize("token", ["", "token-1 ", "x" * 10_000, "\ud800", "' OR 1=1 --"])
def test_a_guessed_token_opens_nothing(desk, token):
    """Nor does the digest, which somebody may have read in a backup of the store."""
    new = desk.sign_in()

    assert desk.who(token) is None
    assert desk.who(new.session.session_id_sha256) is None


def test_a_session_ends_without_use(desk):
    """After thirty minutes; with a request every ten it lives on."""
    new = desk.sign_in()
    for _ in range(6):
        desk.wait(10 * MINUTE)
        assert desk.who(new.token) is not None

    desk.wait(30 * MINUTE)

    assert desk.who(new.token) is None
    assert desk.events(EventKind.SIGNED_OUT)[-1].details["reason"] == "idle"


def test_a_page_that_waits_keeps_no_session_alive(desk):
    """It asks every ten minutes, and nobody does anything."""
    new = desk.sign_in()
    for _ in range(2):
        desk.wait(10 * MINUTE)
        assert desk.who(new.token, is_use=False) is not None

    desk.wait(10 * MINUTE)

    assert desk.who(new.token, is_use=False) is None


def test_a_session_ends_after_a_shift(desk):
    """Twelve hours, however busy."""
    new = desk.sign_in()
    for _ in range(12 * 4 - 1):
        desk.wait(15 * MINUTE)
        assert desk.who(new.token) is not None

    desk.wait(15 * MINUTE)

    assert desk.who(new.token) is None


def test_a_session_that_is_over_stays_so(desk):
    """A clock that is put back an hour later opens it no more."""
    new = desk.sign_in()
    desk.wait(31 * MINUTE)
    assert desk.who(new.token) is None

    desk.wait(-20 * MINUTE)

    assert desk.who(new.token) is None


def test_a_clock_put_back_ends_a_session(desk):
    """Nobody lengthens a session with the clock; a minute between two machines is nothing."""
    new = desk.sign_in()
    desk.wait(-MINUTE)
    assert desk.who(new.token) is not None

    desk.wait(-SECOND)

    assert desk.who(new.token) is None


def test_a_closed_account_has_no_session(desk):
    """From the moment on in which it is closed."""
    new = desk.sign_in()
    deactivate_actor(desk.workplace, OFFICER_ID, OPERATOR_ID, reason="Left")

    assert desk.who(new.token) is None


def test_roles_are_looked_up_at_every_request(desk):
    """R-36: a training that lapses during a session rests the role; a new one brings it back."""
    record_training(desk.workplace, OFFICER_ID, OPERATOR_ID, desk.clock.at.date())
    new = desk.sign_in()
    assert new.actor.roles == {Role.OPERATOR}

    with desk.workplace.open() as uow:
        actor = uow.actors.get(OPERATOR_ID)
        uow.actors.save(replace(actor, trained_on=None))
        uow.commit()

    signed_in = desk.who(new.token)
    assert signed_in.actor.roles == frozenset()
    assert signed_in.lapsed_roles == {Role.OPERATOR}


def test_a_lapsed_training_is_logged_at_sign_in(desk):
    """R-36: which roles rest."""
    desk.sign_in()

    assert desk.events(EventKind.SIGNED_IN)[-1].details["lapsed_roles"] == ("operator",)


def test_a_request_is_one_read(desk):
    """Nothing is written within the first minute, and once in the next."""
    new = desk.sign_in()
    n_before = desk.store.n_commits
    for _ in range(59):
        desk.wait(SECOND)
        desk.who(new.token)
    assert desk.store.n_commits == n_before

    desk.wait(SECOND)
    assert desk.who(new.token).session.last_seen_at == desk.clock.at
    desk.who(new.token)
    assert desk.store.n_commits == n_before + 1


@pytest.mark.parametrize("error", [StoreUnavailableError, StoreFullError])
def test_a_full_or_busy_store_signs_nobody_out(desk, error):
    """Who is deciding about an alert goes on; what is over is over all the same."""
    new = desk.sign_in()

    def refuse():
        raise error("the store cannot be written")

    desk.workplace = replace(desk.workplace, open=refuse)
    desk.wait(2 * MINUTE)
    assert desk.who(new.token) is not None

    desk.wait(30 * MINUTE)
    assert desk.who(new.token) is None


def test_a_session_that_was_ended_meanwhile_is_not_revived(desk):
    """The last use would have been noted just after it was ended."""
    new = desk.sign_in()
    desk.wait(2 * MINUTE)
    with desk.store.reading() as uow:
        before = uow.sessions.get_or_none(new.session.session_id_sha256)

    class Looks:
        """A unit of work that saw the session before it was ended."""

        def __init__(self):
            self.actors = self.credentials = self.sessions = self

        def __enter__(self):
            sign_out(desk.workplace, new.token)
            return self

        def __exit__(self, *exc):
            return None

        def get_or_none(self, key):
            return before if key == before.session_id_sha256 else None

        def get(self, key):
            return new.actor

    desk.store.reading, reading = Looks, desk.store.reading
    desk.who(new.token)
    desk.store.reading = reading

    assert desk.who(new.token) is None


def test_signing_out_ends_the_session(desk):
    """Once; the token opens nothing afterwards, and a second click harms nothing."""
    new = desk.sign_in()

    sign_out(desk.workplace, new.token)
    sign_out(desk.workplace, new.token)
    sign_out(desk.workplace, "never a token")

    assert desk.who(new.token) is None
    assert len(desk.events(EventKind.SIGNED_OUT)) == 1


def test_every_sign_in_is_a_session_of_its_own(desk):
    """No token is taken from the browser: none can be planted there."""
    first, second = desk.sign_in(), desk.sign_in()

    sign_out(desk.workplace, first.token)

    assert first.token != second.token
    assert desk.who(second.token) is not None


@pytest.mark.parametrize("by_id", [OPERATOR_ID, OFFICER_ID])
def test_all_sessions_are_ended(desk, by_id):
    """By whoever has them, or an officer; one line says how many."""
    tokens = [desk.sign_in().token for _ in range(3)]

    assert revoke_sessions(desk.workplace, by_id, OPERATOR_ID, " Telephone lost ") == 3

    assert [desk.who(token) for token in tokens] == [None] * 3
    event = desk.events(EventKind.SIGNED_OUT)[-1]
    assert (event.actor_id, event.details["n_sessions"]) == (by_id, 3)
    assert event.details["reason"] == "Telephone lost"


@pytest.mark.parametrize(("by_id", "reason"), [(ENGAGER.actor_id, "A joke"), (OFFICER_ID, " ")])
def test_sessions_are_not_ended(desk, by_id, reason):
    """By a colleague, or without a reason; that is logged."""
    new = desk.sign_in()

    with pytest.raises(RuleError):
        revoke_sessions(desk.workplace, by_id, OPERATOR_ID, reason)

    assert desk.who(new.token) is not None
    assert desk.events(EventKind.ACCESS_DENIED)[-1].actor_id == by_id


def test_sessions_of_nobody_are_not_ended(desk):
    """There is no such account."""
    with pytest.raises(RecordNotFoundError):
        revoke_sessions(desk.workplace, OFFICER_ID, "nobody", "Why not")


def test_two_requests_find_that_a_session_is_over(desk):
    """At the same moment: it is ended and logged once."""
    new = desk.sign_in()
    desk.wait(31 * MINUTE)

    class Meanwhile:
        """A unit of work before which another request was quicker."""

        def __enter__(self):
            desk.workplace = replace(desk.workplace, open=desk.store.unit_of_work)
            desk.who(new.token)
            self.unit = desk.store.unit_of_work()
            return self.unit.__enter__()

        def __exit__(self, *exc):
            self.unit.__exit__(*exc)

    desk.workplace = replace(desk.workplace, open=Meanwhile)

    assert desk.who(new.token) is None
    assert len(desk.events(EventKind.SIGNED_OUT)) == 1


def test_what_has_expired_is_cleared_away(desk):
    """At the next sign-in of anybody."""
    new, token = desk.sign_in(), desk.link(ENGAGER.actor_id)
    desk.wait(13 * HOUR)
    desk.sign_in()

    with desk.store.reading() as uow:
        assert uow.sessions.get_or_none(new.session.session_id_sha256) is None
        assert uow.links.get_or_none(token_digest(token)) is None


def test_secrets_do_not_show_in_a_trace(desk):
    """Neither the token nor the forms' token nor a hash is part of what a value prints."""
    new = desk.sign_in()
    with desk.store.reading() as uow:
        credential = uow.credentials.get_or_none(OPERATOR_ID)

    shown = repr((new, desk.who(new.token), credential))
    assert new.token not in shown.split("'")
    assert new.session.csrf_token not in shown.split("'")
    assert credential.password_hash not in shown
    assert NEW_PASSWORD not in shown
