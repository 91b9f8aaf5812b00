from __future__ import annotations

import pytest
from tests.unit.core.governed import ENGAGER
from tests.unit.services.signing_in import (
    HOUR,
    MINUTE,
    NEW_PASSWORD,
    OFFICER_ID,
    OPERATOR_ID,
    PASSWORD,
    SECOND,
    Desk,
)

from overt.core.audit_events import EventKind
from overt.errors import (
    AccountLockedError,
    PasswordUnsuitableError,
    RecordNotFoundError,
    RuleError,
    SettingInvalidError,
    SignInRefusedError,
)
from overt.services.link_identity import link_identity
from overt.services.manage_actors import deactivate_actor
from overt.services.passwords import (
    change_password,
    make_demo_link,
    make_sign_in_link,
    replace_password,
    set_first_password,
)
from overt.services.sign_in import sign_in_with_link, sign_in_with_password

ENGAGER_ID = ENGAGER.actor_id


@pytest.fixture
def desk():
    """Return a workplace where an operator has a password."""
    return Desk()


def change(desk, old=PASSWORD, new=NEW_PASSWORD):
    """Change the operator's password."""
    return change_password(desk.workplace, desk.hasher, OPERATOR_ID, old, new)


def set_first(desk, actor_id=ENGAGER_ID, new=NEW_PASSWORD):
    """Set a first password."""
    return set_first_password(desk.workplace, desk.hasher, actor_id, new)


def close(desk, actor_id=OPERATOR_ID):
    """Close an account."""
    deactivate_actor(desk.workplace, OFFICER_ID, actor_id, reason="Left")


def test_a_new_password_ends_every_other_session(desk):
    """Also the one in which it was changed; a new one begins."""
    thief, own = desk.sign_in(), desk.sign_in()

    new = change(desk)

    assert [desk.who(s.token) is not None for s in (thief, own, new)] == [False, False, True]
    assert desk.sign_in(NEW_PASSWORD)
    with pytest.raises(SignInRefusedError):
        desk.sign_in(PASSWORD)
    event = desk.events(EventKind.PASSWORD_CHANGED)[-1]
    assert (event.actor_id, event.details["n_sessions"]) == (OPERATOR_ID, 2)


@pytest.mark.parametrize("new", ["too short", PASSWORD, OPERATOR_ID, "x" * 1001])
def test_what_does_not_become_a_password(desk, new):
    """Too short, the old one, the identifier, a book; nothing has changed then."""
    own = desk.sign_in()

    with pytest.raises(PasswordUnsuitableError):
        change(desk, new=new)

    assert desk.who(own.token) is not None
    assert desk.sign_in(PASSWORD)


def test_the_old_password_cannot_be_guessed_at_an_open_browser(desk):
    """Wrong ones count as at sign-in."""
    for _ in range(4):
        with pytest.raises(SignInRefusedError):
            change(desk, old="wrong")
    with pytest.raises(AccountLockedError):
        change(desk, old="wrong")
    with pytest.raises(AccountLockedError):
        change(desk)


def test_a_first_password_is_set_with_a_link(desk):
    """Its session gives way to another, and the duty is done."""
    by_link = sign_in_with_link(desk.workplace, desk.link(ENGAGER_ID))
    assert desk.who(by_link.token).must_change_password

    new = set_first(desk)

    assert desk.who(by_link.token) is None
    assert not desk.who(new.token).must_change_password
    assert desk.sign_in(NEW_PASSWORD, ENGAGER_ID)


@pytest.mark.parametrize("actor_id", [OPERATOR_ID, ENGAGER_ID])
def test_no_first_password_without_a_link(desk, actor_id):
    """Neither over one that is set, nor for an account that never got a link: both logged."""
    with pytest.raises(RuleError):
        set_first(desk, actor_id)

    event = desk.events(EventKind.ACCESS_DENIED)[-1]
    assert event.details["action"] == "set a first password"


def test_a_first_password_is_set_once(desk):
    """Whoever comes second has to know it."""
    sign_in_with_link(desk.workplace, desk.link(ENGAGER_ID))
    set_first(desk)

    with pytest.raises(RuleError):
        set_first(desk)


def test_a_link_takes_the_place_of_a_password(desk):
    """Whoever knows the old one, or has a session, is out; only the link opens."""
    thief = desk.sign_in()

    token = desk.link()

    assert desk.who(thief.token) is None
    with pytest.raises(SignInRefusedError):
        desk.sign_in()
    assert sign_in_with_link(desk.workplace, token).must_change_password


def test_a_link_takes_the_place_of_earlier_ones(desk):
    """As soon as it is made; they open nothing once a password is set, either."""
    first = desk.link()
    desk.wait(SECOND)
    second = desk.link()

    with pytest.raises(SignInRefusedError):
        sign_in_with_link(desk.workplace, first)
    assert sign_in_with_link(desk.workplace, second)


def test_a_link_left_over_opens_nothing_once_a_password_is_set(desk):
    """It lay in a mailbox."""
    token = desk.link()
    desk.wait(MINUTE)
    replace_password(desk.workplace, desk.hasher, OPERATOR_ID, NEW_PASSWORD)

    with pytest.raises(SignInRefusedError):
        sign_in_with_link(desk.workplace, token)
    assert desk.events(EventKind.SIGN_IN_FAILED)[-1].details["cause"] == "link_superseded"


def test_who_made_a_link_is_logged(desk):
    """Not the link."""
    token = desk.link()

    event = desk.events(EventKind.CREDENTIAL_SET)[-1]
    assert event.actor_id == OFFICER_ID
    assert event.details["what"] == "sign_in_link"
    assert event.details["subject_id"] == OPERATOR_ID
    assert token not in event.details.values()


@pytest.mark.parametrize(
    ("by_id", "actor_id"),
    [(ENGAGER_ID, OPERATOR_ID), (OFFICER_ID, OFFICER_ID), ("authority-3", OPERATOR_ID)],
)
def test_who_makes_no_link(desk, by_id, actor_id):
    """A colleague, oneself, an inspector; it is logged, and the password still opens."""
    with pytest.raises(RuleError):
        make_sign_in_link(desk.workplace, by_id, actor_id, HOUR)

    assert desk.events(EventKind.ACCESS_DENIED)[-1].actor_id == by_id
    assert desk.sign_in()


def test_no_link_to_a_closed_or_unknown_account(desk):
    """The one is over for good, the other never was."""
    close(desk)

    with pytest.raises(RuleError):
        desk.link()
    with pytest.raises(RecordNotFoundError):
        desk.link("nobody")


def test_a_link_without_an_end_is_not_made(desk):
    """A week at most."""
    with pytest.raises(SettingInvalidError):
        desk.link(lifetime=8 * 24 * HOUR)


def test_the_software_makes_the_first_link(desk):
    """For the very first account, where nobody is there to make it."""
    token = make_sign_in_link(desk.workplace, None, OFFICER_ID, HOUR)

    assert sign_in_with_link(desk.workplace, token).must_change_password
    assert desk.events(EventKind.CREDENTIAL_SET)[-1].actor_id == "system"


def test_a_demonstration_asks_for_no_password(desk):
    """One click, once."""
    token = make_demo_link(desk.workplace, ENGAGER_ID, HOUR)

    new = sign_in_with_link(desk.workplace, token)

    assert not new.must_change_password
    assert not desk.who(new.token).must_change_password
    with pytest.raises(SignInRefusedError):
        sign_in_with_link(desk.workplace, token)


def test_a_demonstration_goes_on_after_a_wrong_password(desk):
    """Whoever plays with the sign-in page locks nobody out of new links."""
    with pytest.raises(SignInRefusedError):
        sign_in_with_password(desk.workplace, desk.hasher, ENGAGER_ID, "a wrong password")

    token = make_demo_link(desk.workplace, ENGAGER_ID, HOUR)

    assert not sign_in_with_link(desk.workplace, token).must_change_password


def test_a_demonstration_opens_nobodys_account(desk):
    """Not one with a password, with a link to set one, with an identity, or that is closed."""
    desk.link("auditor-1")
    link_identity(desk.workplace, OFFICER_ID, "observer-1", "https://id.example", "1")
    close(desk, ENGAGER_ID)

    for actor_id in (OPERATOR_ID, "auditor-1", "observer-1", ENGAGER_ID):
        with pytest.raises(RuleError):
            make_demo_link(desk.workplace, actor_id, HOUR)


def test_a_password_is_replaced_at_the_machine(desk):
    """As the software's act; locks, failures and sessions are gone."""
    own = desk.sign_in()
    with pytest.raises(SignInRefusedError):
        desk.sign_in("wrong")

    replace_password(desk.workplace, desk.hasher, OPERATOR_ID, NEW_PASSWORD)

    assert desk.who(own.token) is None
    with desk.store.reading() as uow:
        assert uow.credentials.get_or_none(OPERATOR_ID).failed_attempts == 0
    event = desk.events(EventKind.CREDENTIAL_SET)[-1]
    assert (event.actor_id, event.details["what"]) == ("system", "password")


def test_a_closed_account_gets_no_password(desk):
    """At the machine neither."""
    close(desk)

    with pytest.raises(RuleError):
        replace_password(desk.workplace, desk.hasher, OPERATOR_ID, NEW_PASSWORD)


def test_no_password_is_logged_or_stored_as_it_is(desk):
    """The log and the rows hold neither the old nor the new one."""
    change(desk)

    with desk.store.reading() as uow:
        kept = str(uow.audit.read()) + str(uow.credentials.get_or_none(OPERATOR_ID))
    assert PASSWORD not in kept
    assert NEW_PASSWORD not in kept
