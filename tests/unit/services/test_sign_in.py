from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.governed import ENGAGER
from tests.unit.services.signing_in import (
    HOUR,
    MINUTE,
    OFFICER_ID,
    OPERATOR_ID,
    PASSWORD,
    SECOND,
    Desk,
)

from overt.core.audit_events import EventKind
from overt.core.sign_in import SignInMethod
from overt.core.sign_in_rules import token_digest
from overt.errors import (
    AccountLockedError,
    SignInRefusedError,
)
from overt.services.check_password import accept, try_password
from overt.services.link_identity import link_identity
from overt.services.manage_actors import deactivate_actor
from overt.services.sign_in import (
    log_provider_refusal,
    sign_in_with_identity,
    sign_in_with_link,
    sign_in_with_password,
)

ISSUER = "https://id.force.example"
FAILED = EventKind.SIGN_IN_FAILED


@pytest.fixture
def desk():
    """Return a workplace where an operator has a password."""
    return Desk()


def lock(desk, actor_id=OPERATOR_ID):
    """Send wrong passwords until the account is locked."""
    for _ in range(4):
        with pytest.raises(SignInRefusedError):
            desk.sign_in("wrong", actor_id)
    with pytest.raises(AccountLockedError) as locked:
        desk.sign_in("wrong", actor_id)
    return locked.value


def test_a_password_opens_a_session(desk):
    """Known by its token, for twelve hours at most, with a token for forms."""
    new = desk.sign_in()

    signed_in = desk.who(new.token)
    assert signed_in.actor.actor_id == OPERATOR_ID
    assert signed_in.session == new.session
    assert new.session.expires_at == desk.clock.at + 12 * HOUR
    assert new.session.session_id_sha256 == token_digest(new.token)
    assert new.session.csrf_token not in {new.token, new.session.session_id_sha256}
    assert not new.must_change_password


def test_every_sign_in_is_logged(desk):
    """By whom and how; neither token is there, nor the digest."""
    new = desk.sign_in()

    event = desk.events(EventKind.SIGNED_IN)[-1]
    assert event.actor_id == OPERATOR_ID
    assert event.details["authenticated_by"] == "password"
    assert new.token not in str(event.details)


def close(desk):
    """Close the operator's account."""
    deactivate_actor(desk.workplace, OFFICER_ID, OPERATOR_ID, reason="Left")


WRONG = {
    "wrong password": (OPERATOR_ID, "wrong", None, "password_wrong"),
    "unknown account": ("nobody", PASSWORD, None, "account_unknown"),
    "no password yet": (ENGAGER.actor_id, PASSWORD, None, "password_missing"),
    "closed account": (OPERATOR_ID, PASSWORD, close, "account_closed"),
    "what no store keeps": ("\0\ud800", PASSWORD, None, "account_unknown"),
    "a whole book": ("x" * 100_000, PASSWORD, None, "account_unknown"),
    "empty": ("", "", None, "account_unknown"),
}


@pytest.mark.parametrize(
    ("actor_id", "password", "before", "cause"), WRONG.values(), ids=list(WRONG)
)
def test_whoever_is_refused_learns_nothing(desk, actor_id, password, before, cause):
    """The same words and the same one slow hash for every cause; the log tells the cause."""
    if before is not None:
        before(desk)
    n_before = desk.hasher.n_hashed, desk.hasher.n_compared

    with pytest.raises(SignInRefusedError) as refused:
        desk.sign_in(password, actor_id)

    n_after = desk.hasher.n_hashed, desk.hasher.n_compared
    assert n_after == (n_before[0], n_before[1] + 1)
    assert "which part of it was wrong is told to nobody" in refused.value.message
    assert refused.value.fields == {}
    assert desk.events(FAILED)[-1].details["cause"] == cause


def test_a_success_takes_as_many_hashes_as_a_failure(desk):
    """One; so does an account that is locked."""
    n_before = desk.hasher.n_compared
    desk.sign_in()
    assert desk.hasher.n_compared == n_before + 1

    lock(desk)
    n_before = desk.hasher.n_compared
    with pytest.raises(AccountLockedError):
        desk.sign_in()
    assert desk.hasher.n_compared == n_before + 1


def test_what_was_typed_is_never_logged(desk):
    """Somebody who types a password into the field of the account, for one."""
    with pytest.raises(SignInRefusedError):
        desk.sign_in("my name is Jo Bloggs", "hunter2-hunter2-hunter2")
    with pytest.raises(SignInRefusedError):
        desk.sign_in("my name is Jo Bloggs")

    failed = desk.events(FAILED)[-2:]
    assert [event.actor_id for event in failed] == ["system", "system"]
    assert [event.details["subject_id"] for event in failed] == [None, OPERATOR_ID]
    assert not {"hunter2", "Bloggs"} & set(str(failed).replace("-", " ").split())


def test_five_wrong_passwords_lock_an_account(desk):
    """For fifteen minutes, also for the right one; the message says until when."""
    locked_at = desk.clock.at
    error = lock(desk)

    until = (locked_at + 15 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert until in error.message
    assert error.fields == {"locked_until": until}
    assert desk.events(EventKind.ACCOUNT_LOCKED)[-1].details["n_failed"] == 5
    desk.wait(15 * MINUTE - SECOND)
    with pytest.raises(AccountLockedError):
        desk.sign_in()
    desk.wait(SECOND)
    assert desk.sign_in().actor.actor_id == OPERATOR_ID


def test_a_lock_says_nothing_about_the_password(desk):
    """The right one and a wrong one are answered alike, and neither makes it longer."""
    lock(desk)
    desk.wait(MINUTE)

    answers = []
    for password in (PASSWORD, "wrong"):
        with pytest.raises(AccountLockedError) as refused:
            desk.sign_in(password)
        answers.append((refused.value.message, refused.value.fields))

    assert answers[0] == answers[1]
    assert len(desk.events(EventKind.ACCOUNT_LOCKED)) == 1


def test_success_forgets_wrong_passwords(desk):
    """Four, success, four: not locked."""
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(SignInRefusedError):
                desk.sign_in("wrong")
        desk.sign_in()


def test_an_account_that_is_unknown_is_never_locked(desk):
    """Nothing is stored for it, however often somebody tries."""
    for _ in range(8):
        with pytest.raises(SignInRefusedError):
            desk.sign_in("wrong", "nobody")


def test_a_closed_account_tells_of_no_lock(desk):
    """It is refused like one that is unknown, even if it was locked before."""
    lock(desk)
    close(desk)

    with pytest.raises(SignInRefusedError):
        desk.sign_in()


def test_guesses_sent_at_once_are_no_more_than_those_sent_in_turn(desk):
    """The right one was compared before the wrong ones were counted, and comes too late."""
    attempt = try_password(desk.workplace, desk.hasher, OPERATOR_ID, PASSWORD)
    lock(desk)

    assert attempt.fits
    with desk.workplace.open() as uow, pytest.raises(AccountLockedError):
        accept(desk.workplace, uow, attempt)


def test_a_password_that_changed_meanwhile_opens_nothing(desk):
    """The old one was compared while the new one was set."""

    class Slow:
        """A hasher that takes so long that somebody sets another password."""

        def verify(self, password, password_hash):
            with desk.workplace.open() as uow:
                credential = uow.credentials.get_or_none(OPERATOR_ID)
                uow.credentials.save(replace(credential, password_hash="fake:another"))
                uow.commit()
            return True

    with pytest.raises(SignInRefusedError):
        sign_in_with_password(desk.workplace, Slow(), OPERATOR_ID, PASSWORD)


def test_nobody_writes_while_a_password_is_compared(desk):
    """The slow hash is in no unit of work: an alert is written meanwhile."""

    class Writes:
        """A hasher beside which a unit of work is opened."""

        def verify(self, password, password_hash):
            with desk.workplace.open() as uow:
                uow.commit()
            return False

    with pytest.raises(SignInRefusedError):
        sign_in_with_password(desk.workplace, Writes(), OPERATOR_ID, PASSWORD)


def test_a_link_opens_once(desk):
    """A second time, also for whoever copied it, it opens nothing."""
    token = desk.link()

    new = sign_in_with_link(desk.workplace, token)

    assert (new.must_change_password, new.session.authenticated_by) == (True, SignInMethod.LINK)
    with pytest.raises(SignInRefusedError):
        sign_in_with_link(desk.workplace, token)
    assert desk.events(FAILED)[-1].details["cause"] == "link_used"


@pytest.mark.parametrize(
    ("after", "cause"), [(HOUR, "link_expired"), (-2 * MINUTE, "link_expired")]
)
def test_a_link_is_too_late_or_too_early(desk, after, cause):
    """After its hour, or where the clock was put back behind its making."""
    token = desk.link()
    desk.wait(after)

    with pytest.raises(SignInRefusedError):
        sign_in_with_link(desk.workplace, token)
    assert desk.events(FAILED)[-1].details["cause"] == cause


def test_an_unknown_link_is_refused(desk):
    """In the same words as a used one; what was sent is not logged."""
    with pytest.raises(SignInRefusedError) as refused:
        sign_in_with_link(desk.workplace, "guessed\ud800")

    assert "told to nobody" in refused.value.message
    assert "guessed" not in str(desk.events(FAILED)[-1].details)


def test_a_link_of_a_closed_account_opens_nothing(desk):
    """It was closed after the link was made."""
    token = desk.link()
    close(desk)

    with pytest.raises(SignInRefusedError):
        sign_in_with_link(desk.workplace, token)


def test_a_link_opens_an_account_that_is_locked(desk):
    """And the lock is over: who guesses keeps nobody from an alert."""
    lock(desk)

    sign_in_with_link(desk.workplace, desk.link())

    with desk.store.reading() as uow:
        assert uow.credentials.get_or_none(OPERATOR_ID).locked_until is None


def test_an_identity_opens_its_account(desk):
    """Which an officer tied to it; no password has to be set."""
    desk.link(ENGAGER.actor_id)
    link_identity(desk.workplace, OFFICER_ID, ENGAGER.actor_id, ISSUER, "7f3c")

    new = sign_in_with_identity(desk.workplace, ISSUER, "7f3c")

    assert new.actor.actor_id == ENGAGER.actor_id
    assert not new.must_change_password
    assert not desk.who(new.token).must_change_password


@pytest.mark.parametrize(("issuer", "subject"), [(ISSUER, "other"), ("https://evil", "7f3c")])
def test_signing_in_makes_no_account(desk, issuer, subject):
    """An identity that nobody tied is refused; what it is called is not logged."""
    link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, ISSUER, "7f3c")

    with pytest.raises(SignInRefusedError):
        sign_in_with_identity(desk.workplace, issuer, subject)
    details = desk.events(FAILED)[-1].details
    assert (details["cause"], details["subject_id"]) == ("identity_unknown", None)


def test_an_identity_of_a_closed_account_opens_nothing(desk):
    """The force's own service may not know yet that somebody left."""
    link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, ISSUER, "7f3c")
    close(desk)

    with pytest.raises(SignInRefusedError):
        sign_in_with_identity(desk.workplace, ISSUER, "7f3c")


def test_a_refusal_of_the_service_is_logged(desk):
    """As nobody's act."""
    log_provider_refusal(desk.workplace)

    event = desk.events(FAILED)[-1]
    assert (event.actor_id, event.details["cause"]) == ("system", "provider_refused")
