"""Sign-in on real databases: what stands on the disk, and what a restart changes."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core.governed import EVERYONE
from tests.unit.services.listing import OnePolicy, SetClock
from tests.unit.services.signing_in import NEW_PASSWORD, OFFICER_ID, OPERATOR_ID, PASSWORD

from contract.databases import sql_store
from overt.adapters.ids import TimedIds
from overt.errors import AccountLockedError, SignInRefusedError, StoreUnavailableError
from overt.services.passwords import change_password, make_sign_in_link, set_first_password
from overt.services.sign_in import (
    session_of,
    sign_in_with_link,
    sign_in_with_password,
    sign_out,
)
from overt.services.workplace import Workplace
from overt.testing import FakeHasher

HOUR = timedelta(hours=1)


def a_desk(store):
    """Return a workplace on a real store, with everybody in it."""
    workplace = Workplace(store.unit_of_work, SetClock(), TimedIds(), OnePolicy())
    with workplace.open() as uow:
        for actor in EVERYONE:
            uow.actors.save(actor)
        uow.commit()
    return workplace


def with_password(workplace):
    """Give the operator a password by the way that people take; return token and session."""
    token = make_sign_in_link(workplace, OFFICER_ID, OPERATOR_ID, HOUR)
    sign_in_with_link(workplace, token)
    return token, set_first_password(workplace, FakeHasher(), OPERATOR_ID, PASSWORD)


def test_sessions_outlive_a_restart(new_database):
    """A service that is started again signs nobody out; one that was ended stays so."""
    workplace = a_desk(sql_store(new_database()))
    _, kept = with_password(workplace)
    gone = sign_in_with_password(workplace, FakeHasher(), OPERATOR_ID, PASSWORD)
    sign_out(workplace, gone.token)

    again = sql_store(new_database())
    workplace = replace(workplace, open=again.unit_of_work)

    assert session_of(workplace, again.reading, kept.token).session == kept.session
    assert session_of(workplace, again.reading, gone.token) is None


def test_two_browsers_with_one_link(new_database):
    """At the same moment: one gets in."""
    store = sql_store(new_database())
    workplace = a_desk(store)
    token = make_sign_in_link(workplace, OFFICER_ID, OPERATOR_ID, HOUR)
    ready, ends = threading.Barrier(2), []

    def use():
        ready.wait()
        try:
            ends.append(bool(sign_in_with_link(workplace, token)))
        except (SignInRefusedError, StoreUnavailableError) as error:
            ends.append(type(error).__name__)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ends.count(True) == 1


def test_guesses_from_many_browsers_are_all_counted(new_database):
    """Twenty at once: five are judged, and the account is locked."""
    store = sql_store(new_database())
    workplace = a_desk(store)
    with_password(workplace)
    ends = []

    def guess():
        try:
            sign_in_with_password(workplace, FakeHasher(), OPERATOR_ID, "wrong")
        except (SignInRefusedError, AccountLockedError, StoreUnavailableError) as error:
            ends.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ends) == 20
    assert ends.count(SignInRefusedError) <= 4
    with pytest.raises(AccountLockedError):
        sign_in_with_password(workplace, FakeHasher(), OPERATOR_ID, PASSWORD)


@pytest.mark.parametrize("actor_id", ["\0", "\ud800", "a\nb", "x" * 300, "' OR '1'='1"])
def test_whatever_is_typed_is_refused_alike(new_database, actor_id):
    """No database is asked for what it cannot hold, and none answers with an error of its own."""
    workplace = a_desk(sql_store(new_database()))

    with pytest.raises(SignInRefusedError):
        sign_in_with_password(workplace, FakeHasher(), actor_id, "password")
    with pytest.raises(SignInRefusedError):
        sign_in_with_link(workplace, actor_id)


def test_no_token_or_password_lies_on_the_disk(new_sqlite, tmp_path):
    """The whole home folder is searched, write-ahead log included; digests alone are there."""
    store = sql_store(new_sqlite())
    workplace = a_desk(store)
    link, first = with_password(workplace)
    second = change_password(workplace, FakeHasher(), OPERATOR_ID, PASSWORD, NEW_PASSWORD)
    with pytest.raises(SignInRefusedError):
        sign_in_with_password(workplace, FakeHasher(), "typed-in-the-wrong-field", "typed-too")
    assert session_of(workplace, store.reading, second.token) is not None

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)

    digests = [new.session.session_id_sha256 for new in (first, second)]
    assert all(digest.encode() in kept for digest in digests)
    for secret in (link, first.token, second.token, PASSWORD, NEW_PASSWORD):
        assert secret.encode() not in kept
    assert b"typed-" not in kept
