"""What people ask, on the disk: never in the clear, and nothing of it once its time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from tests.unit.core.governed import AUDITOR, BUILT_AT
from tests.unit.services.listing import OnePolicy, SetClock

from contract.databases import MASTER_KEY, sql_store
from integration.purging import tools_for
from overt.adapters.ids import TimedIds
from overt.adapters.secrets.envelope import MasterKey
from overt.adapters.store.disk_scan import scan_for, windows_of
from overt.adapters.store.schema import request_keys, request_texts
from overt.core.public_request import AnswerCode, CloseCode, RequestKind
from overt.core.request_words import WORDS
from overt.errors import SecretUnopenableError
from overt.services.answer_request import Answering, answer_request
from overt.services.close_request import MARKED, close_request
from overt.services.decide_request import record_identity
from overt.services.do_what_is_due import Rounds
from overt.services.receive_request import Asked, receive_from_public
from overt.services.workplace import Workplace

LONDON, DAY = ZoneInfo("Europe/London"), timedelta(days=1)
TEXT = "Anna Maria Example of 12 Orchard Lane, born 1 May 1990, asks this: " + "was I listed? " * 40
NOTE = "The photograph that was used was taken in custody on 4 June 2019 at Southfield. " * 20


@pytest.fixture
def place(new_database, tmp_path):
    """Return store, workplace and tools of a home folder, with a trained auditor."""
    database, home = new_database(), tmp_path / "home"
    home.mkdir(exist_ok=True)
    store = sql_store(database)
    workplace = Workplace(store.unit_of_work, SetClock(), TimedIds(), OnePolicy())
    with workplace.open() as uow:
        uow.actors.save(replace(AUDITOR, trained_on=BUILT_AT.date()))
        uow.commit()
    tools, _ = tools_for(database, home)
    return store, workplace, tools


def answered(workplace) -> str:
    """Return the identifier of a request that is answered, with long texts on both sides."""
    asked = Asked(RequestKind.WAS_LISTED, TEXT, "anna.example@orchard.example", "", BUILT_AT.date())
    request_id = receive_from_public(workplace, asked, LONDON, most_open=9).request.request_id
    record_identity(workplace, AUDITOR.actor_id, request_id)
    answering = Answering(code=AnswerCode.WITHHELD, note=NOTE)
    answer_request(workplace, AUDITOR.actor_id, request_id, answering, LONDON)
    return request_id


def in_clear(scan):
    """Return where the texts stand unencrypted."""
    texts = [text.encode() for text in (TEXT, NOTE, "anna.example@orchard.example")]
    return scan_for({w for text in texts for w in windows_of(text, 16)}, scan.files()).remains


def test_nothing_is_on_the_disk_in_the_clear_and_nothing_at_all_after_its_time(place):
    """Encrypted while it is kept; a closed request's time over, no file holds a piece of it."""
    store, workplace, tools = place
    request_id = answered(workplace)
    rounds = Rounds(workplace, store.reading, tools)
    with store.reading() as uow:
        ciphertexts = list(uow.request_texts.ciphertexts(request_id))
    pieces = {window for each in ciphertexts for window in windows_of(each, 64)}
    assert in_clear(tools.scan) == ()
    if tools.scan.search(frozenset()).is_store_reached:
        assert scan_for(pieces, tools.scan.files()).remains  # the search finds what is there

    close_request(workplace, AUDITOR.actor_id, request_id, CloseCode.ANSWERED)
    assert rounds.make().n_requests == 0
    workplace.clock.at += 90 * DAY
    assert rounds.make().n_requests == 1
    assert rounds.make().n_requests == 0

    assert scan_for(pieces, tools.scan.files()).remains == ()
    assert tools.scan.search_marked(MARKED).n_windows > 10
    assert in_clear(tools.scan) == ()


def test_an_erasure_that_was_cut_off_is_finished_by_the_next_service(place):
    """Rows gone, files not rewritten: the marks say so, and the next round ends it."""
    store, workplace, tools = place
    request_id = answered(workplace)
    with store.reading() as uow:
        tools.scan.mark(MARKED, uow.request_texts.ciphertexts(request_id))
    with workplace.open() as uow:
        uow.request_texts.erase(request_id)
        uow.commit()
    Rounds(workplace, store.reading, tools).make()

    assert tools.scan.search_marked(MARKED).remains == ()


def change(database, table, **values) -> None:
    """Change a table behind the store's back."""
    with database.writer.begin() as connection:
        connection.execute(update(table).values(**values))


@pytest.mark.parametrize("column", ["nonce", "ciphertext", "kind", "wrapped", "master_key_id"])
def test_a_changed_byte_opens_nothing(place, column):
    """Of a text, of what it is, of its key, of the name of the master key."""
    store, workplace, _ = place
    request_id = answered(workplace)
    table = request_keys if column in request_keys.c else request_texts
    with store.database.reader.connect() as connection:
        stored = connection.execute(select(table.c[column])).scalars().first()
    if column == "kind":
        with store.database.writer.begin() as connection:
            connection.execute(request_texts.delete().where(request_texts.c.kind == WORDS))
        change(store.database, table, kind=WORDS)  # the answer in place of the words
    elif column == "master_key_id":
        change(store.database, table, master_key_id="0" * 16)
    else:
        column_value = bytes([stored[0] ^ 1]) + stored[1:]
        if table is request_texts and column == "nonce":
            with store.database.writer.begin() as connection:
                connection.execute(request_texts.delete().where(request_texts.c.kind != WORDS))
        change(store.database, table, **{column: column_value})
    with store.reading() as uow, pytest.raises(SecretUnopenableError):
        uow.request_texts.get(request_id, WORDS)


def test_another_master_key_opens_nothing(place):
    """It says which one it needs."""
    store, workplace, _ = place
    request_id = answered(workplace)
    other = sql_store(store.database, MasterKey(bytes(32)))
    with other.reading() as uow, pytest.raises(SecretUnopenableError, match=MASTER_KEY.key_id):
        uow.request_texts.get(request_id, WORDS)


def test_a_text_without_its_key_opens_nothing(place):
    """The key is gone, as after half of an erasure that nobody here makes."""
    store, workplace, _ = place
    request_id = answered(workplace)
    with store.database.writer.begin() as connection:
        connection.execute(request_keys.delete())
    with store.reading() as uow, pytest.raises(SecretUnopenableError, match="not in the store"):
        uow.request_texts.get(request_id, WORDS)
