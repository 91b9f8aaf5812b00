"""Observers' statements: filed as written, withdrawn by their author only (R-64)."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.services.listing import a_workplace, events_of

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.statement import MOST_CHARACTERS
from overt.errors import (
    FiguresDifferError,
    RecordNotFoundError,
    RoleForbiddenError,
    StatementInvalidError,
    StatementNotYoursError,
    StatementWithdrawnError,
    WrongStateError,
)
from overt.services.file_statement import file_statement, own_statements
from overt.services.published_statements import statements_to_publish
from overt.services.withdraw_statement import withdraw_statement

OTHER = g.an_actor("observer-2", Role.OBSERVER)
WORDS = "  I stood by the sign.\n\n<b>Nobody</b> looked at it - ÄÖ 日本\t"


@pytest.fixture
def workplace():
    """Return a workplace with a live deployment and a second observer."""
    workplace = a_workplace(g.live())
    with workplace.open() as uow:
        uow.actors.save(OTHER)
        uow.commit()
    return workplace


def filed(workplace, text=WORDS):
    """Return a statement of the first observer."""
    return file_statement(workplace, "observer-1", "d-1", text)


def test_it_is_kept_as_it_was_written(workplace):
    """Nobody edits it: blanks, markup and foreign letters stay."""
    statement = filed(workplace)

    assert own_statements(workplace, "observer-1", "d-1") == (statement,)
    assert statement.text == WORDS


def test_line_breaks_of_every_system_are_the_same():
    """A browser sends CR LF; the digest must not depend on that."""
    assert filed(a_workplace(g.live()), "a\r\nb\rc").text == "a\nb\nc"


def test_the_log_holds_the_digest_and_not_the_text(workplace):
    """What was filed can be proved, and the log names nobody."""
    filed(workplace)

    (event,) = (e for e in events_of(workplace) if e.kind == EventKind.STATEMENT_FILED)
    assert event.details["statement_sha256"] == hashlib.sha256(WORDS.encode()).hexdigest()
    assert "sign" not in str(event.details)


@pytest.mark.parametrize(
    "text", ["", " \r\n\t", "x" * (MOST_CHARACTERS + 1), "a\x00b", "a\x1b[31m", "\ud800"]
)
def test_what_is_no_statement_is_refused(workplace, text):
    """Blank, too long, or with characters that are no text."""
    with pytest.raises(StatementInvalidError):
        filed(workplace, text)
    assert own_statements(workplace, "observer-1", "d-1") == ()


def test_the_longest_statement_is_taken(workplace):
    """The limit itself is allowed."""
    assert len(filed(workplace, "x" * MOST_CHARACTERS).text) == MOST_CHARACTERS


@pytest.mark.parametrize("actor_id", ["operator-1", "evaluator-1", "auditor-1", "authority-1"])
def test_only_observers_state_anything(workplace, actor_id):
    """The refusal is logged."""
    with pytest.raises(RoleForbiddenError):
        file_statement(workplace, actor_id, "d-1", WORDS)
    assert events_of(workplace)[-1].kind == EventKind.ACCESS_DENIED


def test_there_is_nothing_to_state_about_a_draft():
    """Observers see a deployment from its calibration on."""
    with pytest.raises(RecordNotFoundError):
        filed(a_workplace(g.authorised()))


def test_its_author_withdraws_it(workplace):
    """It stays in the list as withdrawn, and the log tells both."""
    statement = filed(workplace)
    withdraw_statement(workplace, "observer-1", statement.statement_id)

    (kept,) = own_statements(workplace, "observer-1", "d-1")
    assert kept.withdrawn_at is not None
    assert events_of(workplace)[-1].details == {"statement_id": statement.statement_id}


def test_nobody_else_withdraws_it(workplace):
    """Not even another observer; the attempt is logged."""
    statement = filed(workplace)
    with pytest.raises(StatementNotYoursError):
        withdraw_statement(workplace, "observer-2", statement.statement_id)

    assert events_of(workplace)[-1].details["code"] == "statement.not_yours"
    assert own_statements(workplace, "observer-1", "d-1") == (statement,)


def test_it_is_withdrawn_once(workplace):
    """A second time changes nothing."""
    statement = filed(workplace)
    withdraw_statement(workplace, "observer-1", statement.statement_id)
    with pytest.raises(StatementWithdrawnError):
        withdraw_statement(workplace, "observer-1", statement.statement_id)


def test_others_statements_are_not_told(workplace):
    """Each observer sees their own."""
    filed(workplace)

    assert own_statements(workplace, "observer-2", "d-1") == ()


def published(*, is_withdrawn=False):
    """Return the statements of a record, after a deployment that was ended and purged."""
    workplace = a_workplace(g.purged_in_time())
    statement = filed(workplace)
    if is_withdrawn:
        withdraw_statement(workplace, "observer-1", statement.statement_id)
    with workplace.open() as uow:
        return statements_to_publish(uow, "d-1")


def test_it_is_published_as_it_was_written():
    """With its digest, and without whoever filed it."""
    (statement,) = published()

    assert statement["text"] == WORDS
    assert statement["sha256"] == hashlib.sha256(WORDS.encode()).hexdigest()
    assert "observer" not in str({**statement, "text": ""})


def test_what_was_withdrawn_is_not_published():
    """Its author took it back."""
    assert published(is_withdrawn=True) == []


@pytest.mark.parametrize("change", [{"text": "Nothing to see here."}, {"statement_id": "other"}])
def test_what_is_not_what_was_filed_stops_the_publication(change):
    """R-71: the log has its digest, and nobody can change that."""
    workplace = a_workplace(g.purged_in_time())
    statement = replace(filed(workplace), **change)
    with workplace.open() as uow:
        if "statement_id" in change:
            uow.statements.add(statement)
        else:
            uow.statements.save(statement)
        with pytest.raises(FiguresDifferError):
            statements_to_publish(uow, "d-1")


def test_a_statement_after_the_record_would_never_be_in_it():
    """So it is refused, and the refusal logged."""
    workplace = a_workplace(g.published_at_last())
    with pytest.raises(WrongStateError):
        filed(workplace)
    assert events_of(workplace)[-1].details["code"] == "deployment.wrong_state"
