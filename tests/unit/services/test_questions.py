"""Questions of observers and answers of the force: kept as written, withdrawn by authors (R-64)."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.services.listing import SetClock, a_workplace, events_of

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.thread import MOST_CHARACTERS, as_asked
from overt.errors import (
    FiguresDifferError,
    MessageInvalidError,
    MessageNotYoursError,
    MessageWithdrawnError,
    RecordNotFoundError,
    RoleForbiddenError,
    WrongStateError,
)
from overt.services.answer_question import answer_question
from overt.services.ask_question import ask_question
from overt.services.published_questions import questions_to_publish
from overt.services.withdraw_message import withdraw_message

OTHER = g.an_actor("observer-2", Role.OBSERVER)
WORDS = "  Why this square?\n<b>Who</b> chose it - ÄÖ 日本\t"


@pytest.fixture
def workplace():
    """Return a workplace with a live deployment and a second observer."""
    workplace = a_workplace(g.live(), clock=SetClock(g.OPENS))
    with workplace.open() as uow:
        uow.actors.save(OTHER)
        uow.commit()
    return workplace


def asked(workplace, text=WORDS):
    """Return a question of the first observer."""
    return ask_question(workplace, "observer-1", "d-1", text)


def answered(workplace, question, text="It was in the application.", actor_id="applicant-1"):
    """Return an answer."""
    return answer_question(workplace, actor_id, question.message_id, text)


def published(workplace):
    """Return what a record would have."""
    with workplace.open() as uow:
        return questions_to_publish(uow, "d-1")


def test_a_question_and_its_answer_are_published_as_written(workplace):
    """Nobody edits them, and nobody is named."""
    question = asked(workplace)
    answer = answered(workplace, question)

    (told,) = published(workplace)
    assert told["text"] == WORDS
    assert told["asked_at"] == "2026-03-03T10:00:00Z"
    assert [each["text"] for each in told["answers"]] == [answer.text]
    assert "observer-1" not in str(told)
    assert "applicant-1" not in str(told)


def test_the_log_holds_digests_and_no_words(workplace):
    """Of both, and of which question the answer is."""
    question = asked(workplace)
    answered(workplace, question)

    ask, reply = events_of(workplace)[-2:]
    assert (ask.kind, reply.kind) == (EventKind.QUESTION_ASKED, EventKind.QUESTION_ANSWERED)
    assert ask.details["message_sha256"] == hashlib.sha256(WORDS.encode()).hexdigest()
    assert reply.details["question_id"] == question.message_id
    assert "square" not in str(ask.details)


def test_answers_stand_with_their_question(workplace):
    """In the order of time, whatever was asked between."""
    first, second = asked(workplace, "One?"), asked(workplace, "Two?")
    late, early = answered(workplace, second, "B"), answered(workplace, first, "A")
    again = answered(workplace, first, "More", "engineer-1")
    with workplace.open() as uow:
        thread = as_asked(uow.messages.of_deployment("d-1"))

    assert [each.question for each in thread] == [first, second]
    assert [each.answers for each in thread] == [(early, again), (late,)]


@pytest.mark.parametrize("text", ["", " \r\n", "x" * (MOST_CHARACTERS + 1), "a\x00b", "\ud800"])
def test_what_is_no_text_is_refused(workplace, text):
    """Blank, too long, or with characters that are no text; of a question and of an answer."""
    question = asked(workplace)

    with pytest.raises(MessageInvalidError):
        asked(workplace, text)
    with pytest.raises(MessageInvalidError):
        answered(workplace, question, text)


def test_its_author_withdraws_a_question(workplace):
    """The log and the record tell that there was one, and not what it said; answers stay."""
    question = asked(workplace)
    answered(workplace, question)
    workplace.clock.at = g.OPENS + g.HOUR
    withdraw_message(workplace, "observer-1", question.message_id)

    (told,) = published(workplace)
    assert told["withdrawn_at"] == "2026-03-03T11:00:00Z"
    assert "text" not in told
    assert len(told["answers"]) == 1
    assert events_of(workplace)[-1].kind == EventKind.MESSAGE_WITHDRAWN
    with pytest.raises(MessageWithdrawnError):
        withdraw_message(workplace, "observer-1", question.message_id)
    with pytest.raises(MessageWithdrawnError):
        answered(workplace, question)


@pytest.mark.parametrize("actor_id", ["observer-2", "applicant-1", "authority-1"])
def test_nobody_else_withdraws_a_question(workplace, actor_id):
    """The attempt is logged."""
    question = asked(workplace)

    with pytest.raises(MessageNotYoursError):
        withdraw_message(workplace, actor_id, question.message_id)
    assert events_of(workplace)[-1].details["code"] == "message.not_yours"


def test_the_force_withdraws_its_own_answer(workplace):
    """Whoever wrote it, and no observer."""
    answer = answered(workplace, asked(workplace))
    with pytest.raises(MessageNotYoursError):
        withdraw_message(workplace, "observer-1", answer.message_id)
    withdraw_message(workplace, "applicant-1", answer.message_id)

    assert "text" not in published(workplace)[0]["answers"][0]


@pytest.mark.parametrize("actor_id", ["observer-1", "operator-1", "engager-1", "auditor-1"])
def test_who_does_not_answer(workplace, actor_id):
    """Nobody who decides about alerts, and nobody who only watches."""
    question = asked(workplace)

    with pytest.raises(RoleForbiddenError):
        answered(workplace, question, actor_id=actor_id)


@pytest.mark.parametrize("actor_id", ["applicant-1", "operator-1", "auditor-1"])
def test_only_an_observer_asks(workplace, actor_id):
    """The attempt is logged."""
    with pytest.raises(RoleForbiddenError):
        ask_question(workplace, actor_id, "d-1", "Why?")
    assert events_of(workplace)[-1].kind == EventKind.ACCESS_DENIED


def test_an_answer_has_no_answers(workplace):
    """Questions have."""
    answer = answered(workplace, asked(workplace))

    with pytest.raises(RecordNotFoundError):
        answered(workplace, answer)


def test_nothing_is_said_after_the_record_is_published():
    """It would not be in it."""
    workplace = a_workplace(g.published_at_last(), clock=SetClock(g.CLOSES))

    with pytest.raises(WrongStateError):
        asked(workplace)


def test_nobody_asks_before_there_is_something_to_observe():
    """As with everything that observers see."""
    with pytest.raises(RecordNotFoundError):
        asked(a_workplace(g.with_signs(), clock=SetClock(g.OPENS)))


def test_a_text_that_was_changed_behind_the_log_is_not_published(workplace):
    """R-71: its digest is not the one that was logged."""
    question = asked(workplace)
    with workplace.open() as uow:
        uow.messages.save(replace(question, text="Something else"))
        uow.commit()

    with pytest.raises(FiguresDifferError):
        published(workplace)
