"""What people ask: received, looked at, answered, closed, erased, counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.unit.core.governed import APPLIED_AT, BUILT_AT, EVERYONE
from tests.unit.services.listing import approved, events_of, kinds_of

from overt.core.destruction import Remains, ScanReport
from overt.core.notice import PublicNotice
from overt.core.public_request import AnswerCode, Channel, CloseCode, RequestKind, RequestState
from overt.core.roles import Role
from overt.errors import (
    IdentityUncheckedError,
    KeyDestroyedError,
    PublicRequestInvalidError,
    PublicRequestsFullError,
    PublicRequestWrongStateError,
    RecordNotFoundError,
    RemainsFoundError,
    RoleForbiddenError,
    SettingInvalidError,
    TrainingLapsedError,
)
from overt.services.answer_request import Answering, answer_request
from overt.services.close_request import (
    close_answered,
    close_request,
    erase_closed,
    forget_erased,
    is_erased_left,
)
from overt.services.count_requests import RequestCounts, count_requests
from overt.services.decide_request import acknowledge_request, record_identity
from overt.services.receive_request import Asked, receive_for_somebody, receive_from_public
from overt.services.view_requests import request_status, view_request, view_requests

LONDON, DAY = ZoneInfo("Europe/London"), timedelta(days=1)
ON = BUILT_AT.date()
QUESTION = Asked(
    RequestKind.WAS_LISTED,
    "I am Anna Example, born 1 May 1990. Was I listed?",
    "anna@example.org",
    "High Street",
    ON,
)
COMPLAINT = replace(QUESTION, kind=RequestKind.COMPLAINT, words="The sign lay in a bush.")
PUBLIC_NOTICE = PublicNotice(APPLIED_AT, "applicant-1", "the force's website")
SECRETS = ("Anna", "1990", "example.org", "High Street", "bush")


@pytest.fixture
def workplace():
    """Return a workplace with somebody listed, and a trained auditor."""
    found = approved()
    with found.open() as uow:
        actor = uow.actors.get("auditor-1")
        uow.actors.save(replace(actor, trained_on=BUILT_AT.date()))
        uow.commit()
    return found


def ask(workplace, asked=QUESTION, most_open=100):
    """Hand something in on the public page."""
    return receive_from_public(workplace, asked, LONDON, most_open=most_open)


def checked(workplace, asked=QUESTION) -> str:
    """Return the identifier of a request of somebody who showed who they are."""
    request_id = ask(workplace, asked).request.request_id
    record_identity(workplace, "auditor-1", request_id)
    return request_id


def answer(workplace, request_id, **values):
    """Answer as the trained auditor."""
    return answer_request(workplace, "auditor-1", request_id, Answering(**values), LONDON)


def announce(workplace, notice: PublicNotice | None) -> None:
    """Let the public know of the deployment, or not."""
    with workplace.open() as uow:
        uow.deployments.save(replace(uow.deployments.get("d-1"), public_notice=notice))
        uow.commit()


class Marks:
    """The part of a scan that keeps marks."""

    def __init__(self):
        self.marked = []

    def mark(self, name, ciphertexts):
        self.marked += [(name, each) for each in ciphertexts]


# --- received


def test_what_is_asked_is_kept_and_logged_without_a_word_of_it(workplace):
    """Identifier, kind, due date, digest; no name, place, day or address."""
    received = ask(workplace)
    event = events_of(workplace)[-1]

    assert (event.kind, event.actor_id, event.deployment_id) == ("RequestReceived", "public", None)
    assert set(event.details) == {"request_id", "request_kind", "due_at", "words_sha256"}
    assert event.details["due_at"] == (BUILT_AT + 28 * DAY).isoformat()
    log = json.dumps([dict(e.details) for e in events_of(workplace)])
    assert not [each for each in (*SECRETS, received.receipt) if each in log]
    assert received.request.receipt_sha256 not in log


def test_a_digest_gives_no_words_away(workplace):
    """It is one of encrypted bytes: two people who write the same have two digests."""
    ask(workplace), ask(workplace)
    first, second = events_of(workplace)[-2:]
    assert first.details["words_sha256"] != second.details["words_sha256"]


def test_the_public_page_takes_so_many_and_no_more(workplace):
    """A flood fills neither disk nor log; staff still take down what people say."""
    ask(workplace, most_open=2), ask(workplace, most_open=2)
    n_events = len(events_of(workplace))
    with pytest.raises(PublicRequestsFullError):
        ask(workplace, most_open=2)

    assert len(events_of(workplace)) == n_events
    receive_for_somebody(workplace, "operator-1", QUESTION, Channel.TELEPHONE, LONDON)
    close_request(workplace, "auditor-1", _first(workplace), CloseCode.NO_REQUEST)
    ask(workplace, most_open=2)


def _first(workplace) -> str:
    return view_requests(workplace, workplace.open, "auditor-1").open[0].request_id


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.TELEPHONE, Channel.IN_PERSON])
def test_staff_take_down_what_people_say(workplace, channel):
    """The log names who did."""
    received = receive_for_somebody(workplace, "operator-1", COMPLAINT, channel, LONDON)
    assert (received.request.channel, received.request.received_by) == (channel, "operator-1")
    assert events_of(workplace)[-1].actor_id == "operator-1"


def test_staff_hand_nothing_in_as_the_public(workplace):
    """Nor does an observer hand in anything for somebody else."""
    with pytest.raises(PublicRequestInvalidError):
        receive_for_somebody(workplace, "operator-1", QUESTION, Channel.PUBLIC_PAGE, LONDON)
    with pytest.raises(RoleForbiddenError):
        receive_for_somebody(workplace, "observer-1", QUESTION, Channel.LETTER, LONDON)
    assert kinds_of(workplace)[-1] == "AccessDenied"


def test_nobody_learns_of_a_deployment_by_asking_about_it(workplace):
    """One that was not announced is as unknown as one that is not there; staff know both."""
    about, messages = replace(QUESTION, deployment_id="d-1"), set()
    announce(workplace, None)
    for deployment_id in ("d-1", "d-9"):
        with pytest.raises(PublicRequestInvalidError) as caught:
            ask(workplace, replace(QUESTION, deployment_id=deployment_id))
        messages.add(caught.value.message)

    assert len(messages) == 1
    receive_for_somebody(workplace, "operator-1", about, Channel.LETTER, LONDON)
    announce(workplace, PUBLIC_NOTICE)
    assert ask(workplace, about).request.deployment_id == "d-1"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(QUESTION, words=""),
        replace(QUESTION, contact="\x1b"),
        replace(QUESTION, on=ON + DAY),
        replace(QUESTION, deployment_id="d-9"),
    ],
)
def test_nothing_is_kept_of_what_is_refused(workplace, wrong):
    """Neither row nor event."""
    before = kinds_of(workplace)
    with pytest.raises(PublicRequestInvalidError):
        ask(workplace, wrong)
    assert kinds_of(workplace) == before
    assert view_requests(workplace, workplace.open, "auditor-1").open == ()


# --- looked at


def test_a_receipt_shows_status_and_dates(workplace):
    """However it is typed; another one shows nothing."""
    received = ask(workplace)
    status = request_status(workplace.open, received.receipt.lower().replace("-", " "))

    assert (status.state, status.received_at) == (RequestState.RECEIVED, BUILT_AT)
    assert request_status(workplace.open, "AAAAA-AAAAA-AAAAA-AAAAA") is None
    assert request_status(workplace.open, received.request.request_id) is None


def test_the_most_urgent_comes_first(workplace):
    """By deadline: what is late stands at the top."""
    workplace.clock.at += DAY
    ask(workplace)
    workplace.clock.at -= DAY
    ask(workplace, COMPLAINT)
    workplace.clock.at += 40 * DAY
    queue = view_requests(workplace, workplace.open, "auditor-1")

    assert [r.kind for r in queue.open] == [RequestKind.COMPLAINT, RequestKind.WAS_LISTED]
    assert [r.time_left(queue.now).days for r in queue.open] == [-12, -11]


def test_who_sees_the_words_is_logged(workplace):
    """An auditor, with what was written and the receipt."""
    received = ask(workplace)
    view = view_request(workplace, "auditor-1", received.request.request_id)

    assert (view.words.text, view.words.receipt) == (QUESTION.words, received.receipt)
    event = events_of(workplace)[-1]
    assert event.kind == "PersonalDataViewed"
    assert event.details == {"what": "request", "row_id": received.request.request_id}


@pytest.mark.parametrize("actor", [a.actor_id for a in EVERYONE if Role.AUDITOR not in a.roles])
def test_nobody_else_sees_or_changes_them(workplace, actor):
    """Each attempt is logged."""
    request_id = ask(workplace).request.request_id
    for attempt in (
        lambda: view_requests(workplace, workplace.open, actor),
        lambda: view_request(workplace, actor, request_id),
        lambda: acknowledge_request(workplace, actor, request_id),
        lambda: record_identity(workplace, actor, request_id),
        lambda: answer_request(workplace, actor, request_id, Answering(), LONDON),
        lambda: close_request(workplace, actor, request_id, CloseCode.NO_REQUEST),
    ):
        n_events = len(events_of(workplace))
        with pytest.raises(RoleForbiddenError):
            attempt()
        assert kinds_of(workplace)[n_events:] == ["AccessDenied"]


# --- answered


def test_somebody_listed_learns_it_from_the_record(workplace):
    """R-20: with an identity check, by a reference that nobody else reads."""
    request_id = checked(workplace)
    given = answer(workplace, request_id, reference="n-1")

    assert given.request.answer_code is AnswerCode.LISTED
    assert "Yes. On that day you were on a watchlist" in given.text
    assert view_request(workplace, "auditor-1", request_id).answer == given.text
    log = json.dumps([dict(e.details) for e in events_of(workplace)])
    assert "N-1" not in log
    assert "n-1" not in log
    assert "LISTED" not in log.upper().replace("WAS_LISTED", "")


def test_somebody_not_listed_learns_that_too(workplace):
    """Another reference, or none; without one, nothing is looked up."""
    unknown = answer(workplace, checked(workplace), reference="N-999")
    n_looked = kinds_of(workplace).count("ListingLookedUp")
    nobody = answer(workplace, checked(workplace), code=AnswerCode.NOT_LISTED)

    assert unknown.request.answer_code is nobody.request.answer_code is AnswerCode.NOT_LISTED
    assert "no reference for you" in nobody.text
    assert kinds_of(workplace).count("ListingLookedUp") == n_looked == 1


def test_nobody_types_that_somebody_was_not_listed(workplace):
    """With a reference, the record says it, whatever was chosen."""
    given = answer(workplace, checked(workplace), reference="N-1", code=AnswerCode.NOT_LISTED)
    assert given.request.answer_code is AnswerCode.LISTED


def test_no_answer_goes_out_before_the_identity_check(workplace):
    """Somebody asks about somebody else: refused, logged, and nothing was looked up."""
    request_id = ask(workplace).request.request_id
    with pytest.raises(IdentityUncheckedError):
        answer(workplace, request_id, reference="N-1")

    assert kinds_of(workplace)[-1] == "AccessDenied"
    assert "ListingLookedUp" not in kinds_of(workplace)
    assert view_request(workplace, "auditor-1", request_id).answer is None


def test_an_auditor_without_training_answers_nobody(workplace):
    """R-36: no check, answer or closing; looking is allowed."""
    request_id = checked(workplace)
    workplace.clock.at += 366 * DAY
    with pytest.raises(TrainingLapsedError):
        answer(workplace, request_id, reference="N-1")
    assert kinds_of(workplace)[-1] == "AccessDenied"
    view_request(workplace, "auditor-1", request_id)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, PublicRequestInvalidError),
        ({"reference": "  "}, SettingInvalidError),
        ({"reference": "N-1", "on": ON - DAY}, PublicRequestInvalidError),
        ({"reference": "N-1", "day_reason": "Corrected."}, PublicRequestInvalidError),
        ({"reference": "N-1", "on": ON - DAY, "day_reason": "\0"}, PublicRequestInvalidError),
        (
            {"reference": "N-1", "on": ON + DAY, "day_reason": "Corrected."},
            PublicRequestInvalidError,
        ),
        ({"code": AnswerCode.WITHHELD}, PublicRequestInvalidError),
        ({"reference": "N-1", "note": "\0"}, PublicRequestInvalidError),
    ],
)
def test_an_answer_that_lacks_something_changes_nothing(workplace, values, error):
    """The request stays open, and nothing is logged as answered or looked up."""
    request_id, before = checked(workplace), len(kinds_of(workplace))
    with pytest.raises(error):
        answer(workplace, request_id, **values)
    assert kinds_of(workplace)[before:] == []


def test_a_question_without_a_day_needs_one(workplace):
    """The auditor asks, and gives it."""
    request_id = checked(workplace, replace(QUESTION, on=None))
    with pytest.raises(PublicRequestInvalidError, match="for a day"):
        answer(workplace, request_id, reference="N-1")
    given = answer(workplace, request_id, reference="N-1", on=ON, day_reason="You told us since.")
    assert given.request.answer_code == "listed"
    assert "Why: You told us since." in given.text


def test_a_complaint_is_acknowledged_and_answered_in_words(workplace):
    """Without a listing being looked up."""
    request_id = ask(workplace, COMPLAINT).request.request_id
    acknowledge_request(workplace, "auditor-1", request_id)
    with pytest.raises(PublicRequestInvalidError, match="choose"):
        answer(workplace, request_id)
    given = answer(workplace, request_id, code=AnswerCode.UPHELD, note="It stands upright now.")

    assert "It stands upright now." in given.text
    with pytest.raises(PublicRequestWrongStateError):
        answer(workplace, request_id, code=AnswerCode.UPHELD, note="again")


def test_nobody_answers_what_is_not_there(workplace):
    """An identifier out of the air."""
    with pytest.raises(RecordNotFoundError):
        answer(workplace, "request-999", reference="N-1")


# --- closed, erased


def test_words_and_answer_are_erased_after_the_closing(workplace):
    """By themselves: 30 days after the answer closed, 90 days later gone; the dates stay."""
    received = ask(workplace)
    request_id, marks = received.request.request_id, Marks()
    record_identity(workplace, "auditor-1", request_id)
    answer(workplace, request_id, reference="N-1")
    assert close_answered(workplace, workplace.open) == 0
    workplace.clock.at += 30 * DAY
    assert close_answered(workplace, workplace.open) == 1
    assert erase_closed(workplace, workplace.open, marks) == 0
    workplace.clock.at += 90 * DAY
    assert erase_closed(workplace, workplace.open, marks) == 1
    assert erase_closed(workplace, workplace.open, marks) == 0

    assert [name for name, _ in marks.marked] == ["public-requests"] * 3  # key, words, answer
    view = view_request(workplace, "auditor-1", request_id)
    assert (view.words, view.answer) == (None, None)
    assert request_status(workplace.open, received.receipt).closed_at is not None
    erased = next(e for e in events_of(workplace) if e.kind == "RequestErased")
    assert erased.details == {"request_id": request_id, "n_texts": 2}
    assert erased.actor_id == "system"


class Leaky:
    """An eraser that erases nothing, and a scan that finds what was left in one file."""

    def erase(self):
        pass

    def search_marked(self, name):
        return ScanReport(1, 1, 1, (Remains("copy.db", 7), Remains("copy.db", 9)))


def test_what_is_left_of_erased_words_is_an_error():
    """It names the file, and is tried again at the next round."""
    leaky = Leaky()
    assert is_erased_left(leaky)
    with pytest.raises(RemainsFoundError, match=r"found 2 in copy\.db"):
        forget_erased(leaky, leaky)


def test_nothing_is_answered_from_erased_words(workplace):
    """Their receipt is gone with them."""
    request_id = checked(workplace)
    with workplace.open() as uow:
        uow.request_texts.erase(request_id)
        uow.commit()
    with pytest.raises(KeyDestroyedError):
        answer(workplace, request_id, reference="N-1")


# --- counted


def test_figures_come_from_the_log_alone(workplace):
    """3 in time, 1 late, 1 closed without an answer, 1 open, 1 overdue."""
    early = [checked(workplace) for _ in range(4)]
    spam = ask(workplace, COMPLAINT).request.request_id
    ask(workplace, COMPLAINT)
    for request_id in early[:3]:
        answer(workplace, request_id, reference="N-1")
    close_request(workplace, "auditor-1", spam, CloseCode.NO_REQUEST)
    workplace.clock.at += 29 * DAY
    answer(workplace, early[3], reference="N-1")
    ask(workplace, replace(QUESTION, kind=RequestKind.OTHER_RIGHT))
    with workplace.open() as uow:  # the rows say nothing
        for request_id in early:
            uow.requests.delete([request_id])
        uow.commit()
    counted = count_requests(workplace.open, workplace.clock.now(), withheld_below=1)

    assert counted.received == 7
    assert counted.by_outcome == {
        "answered_in_time": 3,
        "answered_late": 1,
        "closed_without_an_answer": 1,
        "open": 1,
        "open_and_overdue": 1,
    }
    assert counted.by_kind == {"was_listed": 4, "complaint": 2, "other_right": 1}


def test_small_numbers_point_at_nobody(workplace):
    """10 are known, and 9 would give away 1: all kinds are withheld; 10 open ones stand alone."""
    for _ in range(9):
        ask(workplace)
    ask(workplace, COMPLAINT)
    counted = count_requests(workplace.open, BUILT_AT, withheld_below=5)

    assert counted.received == 10
    assert counted.by_kind == dict.fromkeys(("was_listed", "complaint", "other_right"))
    assert counted.by_outcome["open"] == 10


def test_a_few_requests_are_not_even_counted(workplace):
    """Below the limit, not the sum either; none is told as none."""
    ask(workplace)
    assert count_requests(workplace.open, BUILT_AT, withheld_below=5).received is None
    empty = count_requests(approved().open, BUILT_AT, withheld_below=5)
    assert empty.received == 0
    assert set(empty.by_outcome.values()) == {0}


def test_the_public_is_told_once_a_day(workplace):
    """Nobody can tie a count to the moment in which somebody asked."""
    counts = RequestCounts(workplace.open, workplace.policies, workplace.clock)
    for _ in range(6):
        ask(workplace)
    assert counts.told().received == 6
    ask(workplace)
    workplace.clock.at += DAY - timedelta(seconds=1)
    assert counts.told().received == 6
    workplace.clock.at += timedelta(seconds=1)
    assert counts.told().received == 7
