"""What people ask: deadlines, who may do what, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core.governed import APPLIED_AT, AUDITOR, EVERYONE, OBSERVER, POLICY

from overt.core.public_request import (
    ANSWERS,
    AnswerCode,
    Channel,
    CloseCode,
    PublicRequest,
    RequestKind,
    RequestState,
    acknowledged,
    answered,
    closed,
    deadlines,
    identity_checked,
    is_close_due,
    require_answerer,
    require_receiver,
)
from overt.errors import (
    IdentityUncheckedError,
    PublicRequestWrongStateError,
    RoleForbiddenError,
    TrainingLapsedError,
)

AT, DAY = APPLIED_AT, timedelta(days=1)
RULES = POLICY.requests


def a_request(kind=RequestKind.WAS_LISTED, **changes) -> PublicRequest:
    """Return a request as received."""
    due_at, acknowledge_due_at = deadlines(kind, AT, RULES)
    new = PublicRequest(
        request_id="r-1",
        receipt_sha256="0" * 64,
        kind=kind,
        channel=Channel.PUBLIC_PAGE,
        state=RequestState.RECEIVED,
        received_at=AT,
        received_by=None,
        due_at=due_at,
        acknowledge_due_at=acknowledge_due_at,
    )
    return replace(new, **changes)


CHECKED = identity_checked(a_request(), "auditor-1", AT)
TOLD = answered(CHECKED, AnswerCode.LISTED, "auditor-1", AT + DAY)


@pytest.mark.parametrize("kind", [RequestKind.WAS_LISTED, RequestKind.OTHER_RIGHT])
def test_a_right_is_answered_within_a_month(kind):
    """28 days as shipped, which are within every month."""
    assert deadlines(kind, AT, RULES) == (AT + 28 * DAY, None)


def test_a_complaint_is_acknowledged_before_it_is_answered():
    """10 and 28 days as shipped."""
    assert deadlines(RequestKind.COMPLAINT, AT, RULES) == (AT + 28 * DAY, AT + 10 * DAY)


def test_the_time_left_goes_below_zero():
    """And ends with the answer."""
    assert a_request().time_left(AT + 30 * DAY) == -2 * DAY
    assert TOLD.time_left(AT + 30 * DAY) is None


@pytest.mark.parametrize(
    ("request_as_kept", "is_late"),
    [
        (a_request(RequestKind.COMPLAINT), True),
        (a_request(RequestKind.WAS_LISTED), False),
        (acknowledged(a_request(RequestKind.COMPLAINT), AT), False),
        (a_request(RequestKind.COMPLAINT, state=RequestState.CLOSED), False),
    ],
)
def test_a_complaint_that_nobody_acknowledged_is_late(request_as_kept, is_late):
    """From its own day on; anything else needs no acknowledgement."""
    assert not request_as_kept.is_acknowledgement_late(AT + 10 * DAY)
    assert request_as_kept.is_acknowledgement_late(AT + 11 * DAY) is is_late


# --- who


@pytest.mark.parametrize("actor", EVERYONE, ids=lambda a: a.actor_id)
def test_everybody_but_observers_takes_requests_down(actor):
    """Who stands before an officer is heard."""
    if actor == OBSERVER:
        with pytest.raises(RoleForbiddenError):
            require_receiver(actor, "hand in a request")
    else:
        require_receiver(actor, "hand in a request")


@pytest.mark.parametrize("days", [None, 366, -2])
def test_an_auditor_without_a_training_that_holds_answers_nobody(days):
    """None, one of more than a year ago, one that has not been held."""
    trained_on = None if days is None else (AT - days * DAY).date()
    with pytest.raises(TrainingLapsedError, match="found none" if days is None else "found that"):
        require_answerer(replace(AUDITOR, trained_on=trained_on), AT, POLICY.training, "answer")
    require_answerer(replace(AUDITOR, trained_on=AT.date()), AT, POLICY.training, "answer")


# --- in which order


@pytest.mark.parametrize("kind", [RequestKind.WAS_LISTED, RequestKind.OTHER_RIGHT])
def test_nobody_learns_about_somebody_else(kind):
    """R-20: no answer about a person without a recorded identity check."""
    with pytest.raises(IdentityUncheckedError):
        answered(a_request(kind), ANSWERS[kind][0], "auditor-1", AT)


def test_a_complaint_may_be_anonymous():
    """Its answer is about what was done, and acknowledges it as well."""
    told = answered(a_request(RequestKind.COMPLAINT), AnswerCode.UPHELD, "auditor-1", AT + DAY)
    assert (told.state, told.acknowledged_at) == (RequestState.ANSWERED, AT + DAY)


def test_an_answer_is_one_of_its_kind():
    """Nobody upholds a question."""
    with pytest.raises(PublicRequestWrongStateError, match="listed, not_listed, withheld"):
        answered(CHECKED, AnswerCode.UPHELD, "auditor-1", AT)


@pytest.mark.parametrize(
    "again",
    [
        lambda: acknowledged(acknowledged(a_request(), AT), AT),
        lambda: identity_checked(CHECKED, "auditor-1", AT),
        lambda: acknowledged(TOLD, AT),
        lambda: identity_checked(TOLD, "auditor-1", AT),
        lambda: answered(TOLD, AnswerCode.LISTED, "auditor-1", AT),
        lambda: closed(TOLD, CloseCode.WITHDRAWN, "auditor-1", AT, RULES),
        lambda: closed(CHECKED, CloseCode.ANSWERED, "auditor-1", AT, RULES),
        lambda: closed(
            closed(TOLD, CloseCode.ANSWERED, None, AT, RULES), CloseCode.ANSWERED, None, AT, RULES
        ),
    ],
)
def test_nothing_is_done_twice_or_too_late(again):
    """Nor is a request closed for a reason that does not fit."""
    with pytest.raises(PublicRequestWrongStateError):
        again()


def test_a_closed_request_has_a_last_day():
    """90 days as shipped, from the closing."""
    shut = closed(TOLD, CloseCode.ANSWERED, None, AT, RULES)
    assert (shut.state, shut.erase_due_at) == (RequestState.CLOSED, AT + 90 * DAY)


def test_an_answer_that_nobody_takes_up_is_closed():
    """30 days as shipped, from the answer; what is open stays open."""
    assert not is_close_due(TOLD, AT + 30 * DAY, RULES)
    assert is_close_due(TOLD, AT + 31 * DAY, RULES)
    assert not is_close_due(a_request(), AT + 300 * DAY, RULES)
