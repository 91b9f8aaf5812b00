"""What people ask and complain about: its deadlines, and who may do what with it (R-20, R-65).

What they wrote, and how to reach them, is no part of these values: it is kept encrypted, and
apart (``request_words``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.roles import Role, require, require_any
from overt.core.sign_in_rules import is_trained
from overt.errors import (
    IdentityUncheckedError,
    PublicRequestWrongStateError,
    TrainingLapsedError,
)

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from overt.core.policy_rules import RequestRules, TrainingRules
    from overt.core.roles import Actor


class RequestKind(StrEnum):
    """What somebody wants."""

    WAS_LISTED = "was_listed"
    COMPLAINT = "complaint"
    OTHER_RIGHT = "other_right"


class Channel(StrEnum):
    """How it came."""

    PUBLIC_PAGE = "public_page"
    LETTER = "letter"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"


class AnswerCode(StrEnum):
    """What the answer is; whether somebody was listed is read from the record, never chosen."""

    LISTED = "listed"
    NOT_LISTED = "not_listed"
    WITHHELD = "withheld"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    DONE = "done"
    PARTLY_DONE = "partly_done"
    REFUSED = "refused"


class CloseCode(StrEnum):
    """Why a request is closed."""

    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    NO_IDENTITY = "no_identity"
    DUPLICATE = "duplicate"
    NO_REQUEST = "no_request"


ANSWERS = {
    RequestKind.WAS_LISTED: (AnswerCode.LISTED, AnswerCode.NOT_LISTED, AnswerCode.WITHHELD),
    RequestKind.COMPLAINT: (AnswerCode.UPHELD, AnswerCode.PARTLY_UPHELD, AnswerCode.NOT_UPHELD),
    RequestKind.OTHER_RIGHT: (AnswerCode.DONE, AnswerCode.PARTLY_DONE, AnswerCode.REFUSED),
}
"""The answers that a kind of request may have."""

UNANSWERED = tuple(code for code in CloseCode if code is not CloseCode.ANSWERED)
"""Why a request may be closed without an answer."""

RECEIVERS = frozenset(set(Role) - {Role.OBSERVER})
"""Who may hand a request in for somebody who calls, writes or stands before them."""

_ABOUT_A_PERSON = frozenset({RequestKind.WAS_LISTED, RequestKind.OTHER_RIGHT})


@dataclass(frozen=True, slots=True)
class PublicRequest:
    """Something that a person asked for; nobody is named.

    Attributes:
        request_id: Identifier, made at the edge.
        receipt_sha256: Digest of the receipt; the receipt itself is kept with the words.
        kind: What they want.
        channel: How it came.
        state: Where it stands.
        received_at: When, aware UTC.
        received_by: Who took it down; None where they wrote themselves.
        due_at: When it must be answered, aware UTC.
        acknowledge_due_at: When a complaint must be acknowledged; None for anything else.
        deployment_id: Which deployment it is about, or None.
        concerns_on: Which day it is about, or None.
        acknowledged_at: When they were told that it was received, or None.
        identity_checked_at: When somebody recorded that they are who they say, or None.
        identity_checked_by: Who recorded it, or None.
        answer_code: What the answer is, or None.
        answered_at: When, or None.
        answered_by: Who, or None.
        close_code: Why it is closed, or None.
        closed_at: When, or None.
        closed_by: Who; None where it is open, or was closed by itself.
        erase_due_at: When words and answer must be gone, or None.
        erased_at: When they were erased, or None.
    """

    request_id: str
    receipt_sha256: str
    kind: RequestKind
    channel: Channel
    state: RequestState
    received_at: datetime
    received_by: str | None
    due_at: datetime
    acknowledge_due_at: datetime | None = None
    deployment_id: str | None = None
    concerns_on: date | None = None
    acknowledged_at: datetime | None = None
    identity_checked_at: datetime | None = None
    identity_checked_by: str | None = None
    answer_code: AnswerCode | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    close_code: CloseCode | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    erase_due_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def needs_identity(self) -> bool:
        """Return whether the answer would tell something about the person who asks."""
        return self.kind in _ABOUT_A_PERSON

    def time_left(self, now: datetime) -> timedelta | None:
        """Return until when it must be answered, below zero once it is late; None where it was.

        Args:
            now: Aware UTC.
        """
        return self.due_at - now if self.state is RequestState.RECEIVED else None

    def is_acknowledgement_late(self, now: datetime) -> bool:
        """Return whether a complaint should have been acknowledged by now.

        Args:
            now: Aware UTC.
        """
        is_awaited = self.acknowledged_at is None and self.state is RequestState.RECEIVED
        due_at = self.acknowledge_due_at
        return is_awaited and due_at is not None and now > due_at


def deadlines(
    kind: RequestKind, received_at: datetime, rules: RequestRules
) -> tuple[datetime, datetime | None]:
    """Return when a request must be answered, and when it must be acknowledged, if at all.

    Args:
        kind: What is asked for.
        received_at: Aware UTC.
        rules: Of the policy in force.
    """
    if kind is RequestKind.COMPLAINT:
        return received_at + rules.complaint_within, received_at + rules.acknowledge_within
    return received_at + rules.answer_within, None


def require_receiver(actor: Actor, action: str) -> None:
    """Let pass only who may hand a request in for somebody else.

    Args:
        actor: Who asks.
        action: In words.

    Raises:
        RoleForbiddenError: An observer, or nobody active.
    """
    require_any(actor, RECEIVERS, action)


def require_answerer(actor: Actor, now: datetime, rules: TrainingRules, action: str) -> None:
    """Let pass only a trained auditor: what is answered is a decision about a person.

    Args:
        actor: Who asks.
        now: Aware UTC.
        rules: How long a training holds.
        action: In words.

    Raises:
        RoleForbiddenError: No auditor, or nobody active.
        TrainingLapsedError: No training is on record, or it no longer holds.
    """
    require(actor, Role.AUDITOR, action)
    if not is_trained(actor, now, rules):
        found = f"that of {actor.trained_on}" if actor.trained_on else "none"
        msg = f"to {action}, a training that holds is needed; found {found}"
        raise TrainingLapsedError(msg, actor_id=actor.actor_id)


def acknowledged(request: PublicRequest, now: datetime) -> PublicRequest:
    """Return a request whose sender was told that it was received.

    Args:
        request: Open, and not acknowledged yet.
        now: Aware UTC.

    Raises:
        PublicRequestWrongStateError: It was acknowledged, answered or closed before.
    """
    _require_open(request, "acknowledged")
    if request.acknowledged_at is not None:
        msg = f"{request.request_id} was acknowledged at {request.acknowledged_at.isoformat()}"
        raise PublicRequestWrongStateError(msg, request_id=request.request_id)
    return replace(request, acknowledged_at=now)


def identity_checked(request: PublicRequest, actor_id: str, now: datetime) -> PublicRequest:
    """Return a request whose sender is known to be who they say, or to act for that person.

    Args:
        request: Open, and not checked yet.
        actor_id: Who records it.
        now: Aware UTC.

    Raises:
        PublicRequestWrongStateError: It was checked, answered or closed before.
    """
    _require_open(request, "checked")
    if request.identity_checked_at is not None:
        msg = f"the identity behind {request.request_id} was checked before"
        raise PublicRequestWrongStateError(msg, request_id=request.request_id)
    return replace(request, identity_checked_at=now, identity_checked_by=actor_id)


def require_answerable(request: PublicRequest) -> None:
    """Let pass only an open request that may be answered: nobody learns about somebody else.

    Args:
        request: As it stands.

    Raises:
        PublicRequestWrongStateError: It was answered or closed before.
        IdentityUncheckedError: Its answer is about a person, and nobody checked who asks.
    """
    _require_open(request, "answered")
    if request.needs_identity and request.identity_checked_at is None:
        msg = f"before {request.request_id} is answered, record that the identity was checked"
        raise IdentityUncheckedError(msg, request_id=request.request_id)


def answered(
    request: PublicRequest, code: AnswerCode, actor_id: str, now: datetime
) -> PublicRequest:
    """Return an answered request; an answer acknowledges a complaint as well.

    Args:
        request: Open, with the identity checked where the answer is about a person.
        code: One of the answers of its kind.
        actor_id: Who answers.
        now: Aware UTC.

    Raises:
        PublicRequestWrongStateError: It was answered or closed before, or has no such answer.
        IdentityUncheckedError: Its answer is about a person, and nobody checked who asks.
    """
    require_answerable(request)
    if code not in ANSWERS[request.kind]:
        expected = ", ".join(ANSWERS[request.kind])
        msg = f"an answer to {request.kind} is one of {expected}; found {code}"
        raise PublicRequestWrongStateError(msg, request_id=request.request_id)
    return replace(
        request,
        state=RequestState.ANSWERED,
        answer_code=code,
        answered_at=now,
        answered_by=actor_id,
        acknowledged_at=request.acknowledged_at or now,
    )


def closed(
    request: PublicRequest,
    code: CloseCode,
    actor_id: str | None,
    now: datetime,
    rules: RequestRules,
) -> PublicRequest:
    """Return a closed request, with the time at which its words must be gone.

    Args:
        request: Answered, or open and to be closed without an answer.
        code: Why; ``answered`` for an answered request, another for an open one.
        actor_id: Who closes it; None for the software itself.
        now: Aware UTC.
        rules: How long words are kept.

    Raises:
        PublicRequestWrongStateError: It was closed before, or the reason does not fit its state.
    """
    is_answered = request.state is RequestState.ANSWERED
    if request.state is RequestState.CLOSED or is_answered != (code is CloseCode.ANSWERED):
        msg = f"{request.request_id} is {request.state}; it cannot be closed as {code}"
        raise PublicRequestWrongStateError(msg, request_id=request.request_id)
    return replace(
        request,
        state=RequestState.CLOSED,
        close_code=code,
        closed_at=now,
        closed_by=actor_id,
        erase_due_at=now + rules.erase_after,
    )


def is_close_due(request: PublicRequest, now: datetime, rules: RequestRules) -> bool:
    """Return whether an answered request is closed by itself now.

    Args:
        request: As it stands.
        now: Aware UTC.
        rules: How long somebody may come back to an answer.
    """
    if request.state is not RequestState.ANSWERED or request.answered_at is None:
        return False
    return now >= request.answered_at + rules.close_after


def _require_open(request: PublicRequest, done: str) -> None:
    if request.state is not RequestState.RECEIVED:
        msg = f"{request.request_id} is {request.state}; it cannot be {done} any more"
        raise PublicRequestWrongStateError(msg, request_id=request.request_id)
