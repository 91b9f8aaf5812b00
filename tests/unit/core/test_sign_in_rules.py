from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.unit.core.governed import POLICY, an_actor

from overt.core.roles import Role
from overt.core.sign_in import Credential, Session, SignInLink, SignInMethod
from overt.core.sign_in_rules import (
    MAX_PASSWORD_LENGTH,
    SessionEnd,
    SignInFailure,
    after_failure,
    after_success,
    is_locked,
    is_use_noted,
    lapsed_roles,
    link_failure,
    require_link_lifetime,
    require_suitable,
    session_end,
    token_digest,
)
from overt.errors import PasswordUnsuitableError, SettingInvalidError

RULES = POLICY.security  # 5 failures, 15 min; 30 min idle, 12 h at most; 15 characters
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
EMPTY = Credential("op-1", "a hash")
SESSION = Session("digest", "op-1", NOW, NOW, NOW + 12 * HOUR, "form", SignInMethod.PASSWORD)
LINK = SignInLink("digest", "op-1", created_at=NOW, expires_at=NOW + HOUR)


def test_a_token_is_kept_as_its_digest():
    """SHA-256 of "abc" as in FIPS 180-2, appendix B.1; any text that is sent has one."""
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    assert token_digest("abc") == known
    assert len(token_digest("\ud800\0")) == 64


def test_the_fifth_wrong_password_locks():
    """For fifteen minutes, to the second."""
    credential = EMPTY
    for n_failed in range(1, 5):
        credential = after_failure(credential, NOW, RULES)
        assert (credential.failed_attempts, is_locked(credential, NOW)) == (n_failed, False)

    locked = after_failure(credential, NOW, RULES)

    assert is_locked(locked, NOW + 15 * MINUTE - SECOND)
    assert not is_locked(locked, NOW + 15 * MINUTE)


def test_after_a_lock_the_count_begins_anew():
    """One more wrong password does not lock at once."""
    was_locked = replace(EMPTY, failed_attempts=5, locked_until=NOW)

    again = after_failure(was_locked, NOW, RULES)

    assert (again.failed_attempts, again.locked_until) == (1, None)


def test_success_forgets_failures():
    """And the end of a lock."""
    assert after_success(replace(EMPTY, failed_attempts=4, locked_until=NOW)) == EMPTY


def test_a_clock_put_back_opens_no_lock():
    """The account stays locked for longer; a link opens it."""
    locked = replace(EMPTY, failed_attempts=5, locked_until=NOW)

    assert is_locked(locked, NOW - 24 * HOUR)


@pytest.mark.parametrize(
    ("changes", "credential", "after", "failure"),
    [
        ({}, None, timedelta(), None),
        ({}, EMPTY, HOUR - SECOND, None),
        ({}, None, HOUR, SignInFailure.LINK_EXPIRED),
        ({}, None, -MINUTE, None),
        ({}, None, -MINUTE - SECOND, SignInFailure.LINK_EXPIRED),
        ({"used_at": NOW}, None, SECOND, SignInFailure.LINK_USED),
        ({}, replace(EMPTY, password_changed_at=NOW), SECOND, None),
        (
            {},
            replace(EMPTY, password_changed_at=NOW + SECOND),
            MINUTE,
            SignInFailure.LINK_SUPERSEDED,
        ),
    ],
)
def test_when_a_link_opens(changes, credential, after, failure):
    """Once, in its time, and until a password takes its place."""
    assert link_failure(replace(LINK, **changes), credential, NOW + after) == failure


@pytest.mark.parametrize("lifetime", [timedelta(0), -HOUR, timedelta(days=7, seconds=1)])
def test_a_link_lives_a_week_at_most(lifetime):
    """And longer than nothing."""
    with pytest.raises(SettingInvalidError):
        require_link_lifetime(lifetime)

    assert require_link_lifetime(timedelta(days=7)) == timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "after", "end"),
    [
        ({}, timedelta(), None),
        ({}, 30 * MINUTE - SECOND, None),
        ({}, 30 * MINUTE, SessionEnd.IDLE),
        ({"last_seen_at": NOW + 12 * HOUR - MINUTE}, 12 * HOUR - SECOND, None),
        ({"last_seen_at": NOW + 12 * HOUR - MINUTE}, 12 * HOUR, SessionEnd.TOO_LONG),
        ({"expires_at": NOW + 24 * HOUR, "last_seen_at": NOW + 12 * HOUR}, 12 * HOUR, "too_long"),
        ({"revoked_at": NOW}, SECOND, SessionEnd.ENDED_EARLY),
        ({}, -MINUTE, None),
        ({}, -MINUTE - SECOND, SessionEnd.CLOCK_SET_BACK),
        ({"last_seen_at": NOW + HOUR}, MINUTE, SessionEnd.CLOCK_SET_BACK),
    ],
)
def test_when_a_session_is_over(changes, after, end):
    """After thirty minutes without use, twelve hours, its own end, or before it began."""
    assert session_end(replace(SESSION, **changes), NOW + after, RULES) == end


@pytest.mark.parametrize(
    ("idle", "after", "is_noted"),
    [
        (30 * MINUTE, 59 * SECOND, False),
        (30 * MINUTE, MINUTE, True),
        (MINUTE, 14 * SECOND, False),
        (MINUTE, 15 * SECOND, True),
    ],
)
def test_use_is_noted_once_a_minute(idle, after, is_noted):
    """More often where the idle time is short: a quarter of it."""
    rules = replace(RULES, session_idle=idle)

    assert is_use_noted(SESSION, NOW + after, rules) == is_noted


@pytest.mark.parametrize(
    ("trained_on", "lapsed"),
    [
        (None, {Role.OPERATOR}),
        (date(2025, 6, 1), set()),
        (date(2025, 5, 31), {Role.OPERATOR}),
        (date(2026, 6, 2), set()),
        (date(2026, 6, 3), {Role.OPERATOR}),
    ],
)
def test_training_holds_for_a_year(trained_on, lapsed):
    """R-36: 365 days to 1 June 2026; tomorrow may be today somewhere, the day after is not."""
    actor = replace(an_actor("op-1", Role.OPERATOR, Role.APPLICANT), trained_on=trained_on)

    assert lapsed_roles(actor, NOW, POLICY.training) == lapsed


def test_roles_that_see_no_alert_need_no_training():
    """Of this kind."""
    assert lapsed_roles(an_actor("au-1", Role.AUDITOR), NOW, POLICY.training) == frozenset()


@pytest.mark.parametrize(
    "password",
    ["fourteen chars", "", "x" * (MAX_PASSWORD_LENGTH + 1), " Operator-Number-1 "],
)
def test_what_is_no_password(password):
    """Too short, too long, or what everybody knows; the message repeats nothing of it."""
    with pytest.raises(PasswordUnsuitableError) as refused:
        require_suitable(password, "operator-number-1", RULES)

    assert not password or password not in refused.value.message


@pytest.mark.parametrize("password", ["fifteen letters", "пароль из слов", "x" * 1000])
def test_length_is_enough(password):
    """Any fifteen characters, of any script."""
    require_suitable(password.ljust(15, "!"), "op-1", RULES)
