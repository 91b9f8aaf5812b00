"""What staff see of requests: the list, what is late first; one of them with what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.receipt import receipt_sha256
from overt.core.request_words import ANSWER, WORDS, read_words
from overt.core.roles import Role, require
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.public_request import PublicRequest, RequestState
    from overt.core.request_words import RequestWords
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

ACTION = "see what people ask"
MOST_CLOSED = 100
_WHAT = "request"


@dataclass(frozen=True, slots=True)
class RequestQueue:
    """What people ask, without their words.

    Attributes:
        now: When it was looked at.
        open: Those that wait for an answer, by deadline: what is late comes first.
        answered: Those that are answered and not closed.
        closed: Those that were closed last.
    """

    now: datetime
    open: tuple[PublicRequest, ...]
    answered: tuple[PublicRequest, ...]
    closed: tuple[PublicRequest, ...]


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request with what was written.

    Attributes:
        now: When it was looked at.
        request: As it stands.
        words: What somebody wrote; None once it is erased.
        answer: What they are answered; None before, and once it is erased.
        deployment_name: What the deployment is called that it is about, or None.
    """

    now: datetime
    request: PublicRequest
    words: RequestWords | None
    answer: str | None
    deployment_name: str | None


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """What a receipt shows to whoever has it: nothing about anybody.

    Attributes:
        state: Where the request stands.
        received_at: When it was received.
        due_at: When it must be answered.
        answered_at: When it was, or None.
        closed_at: When it was closed, or None.
    """

    state: RequestState
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None


def view_requests(workplace: Workplace, reading: UnitOfWorkFactory, actor_id: str) -> RequestQueue:
    """Return what people ask, by deadline.

    Args:
        workplace: Store, time.
        reading: Opens a unit of work that only looks.
        actor_id: An auditor.

    Raises:
        RuleError: The actor is no auditor; the refusal has been logged.
        RecordNotFoundError: There is no such actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        _require_auditor(uow, actor_id, now)
    with reading() as uow:
        return RequestQueue(
            now, uow.requests.open(), uow.requests.answered(), uow.requests.closed(MOST_CLOSED)
        )


def view_request(workplace: Workplace, actor_id: str, request_id: str) -> RequestView:
    """Return one request with its words; that they were seen is logged.

    Args:
        workplace: Store, time.
        actor_id: An auditor.
        request_id: Which.

    Raises:
        RuleError: The actor is no auditor; the refusal has been logged.
        RecordNotFoundError: There is no such request or actor.
        SecretUnopenableError: The words do not open with this master key.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        _require_auditor(uow, actor_id, now)
        request = uow.requests.get(request_id)
        words, answer = (uow.request_texts.get(request_id, kind) for kind in (WORDS, ANSWER))
        name = None
        if request.deployment_id is not None:
            name = uow.deployments.get(request.deployment_id).name
        details = {"what": _WHAT, "row_id": request_id}
        kind = EventKind.PERSONAL_DATA_VIEWED
        uow.audit.append(AuditEvent(kind, now, actor_id, None, details))
        uow.commit()
    return RequestView(
        now=now,
        request=request,
        words=None if words is None else read_words(words),
        answer=None if answer is None else answer.decode(),
        deployment_name=name,
    )


def request_status(reading: UnitOfWorkFactory, receipt: str) -> RequestStatus | None:
    """Return where the request of a receipt stands, or None where there is none.

    Found by a digest: how long it takes tells nothing of how near a guess was.

    Args:
        reading: Opens a unit of work that only looks.
        receipt: As typed.
    """
    with reading() as uow:
        found = uow.requests.of_receipt(receipt_sha256(receipt))
    if found is None:
        return None
    return RequestStatus(
        found.state, found.received_at, found.due_at, found.answered_at, found.closed_at
    )


def _require_auditor(uow: UnitOfWork, actor_id: str, now: datetime) -> None:
    actor = acting(uow, actor_id, ACTION, None, now)
    try:
        require(actor, Role.AUDITOR, ACTION)
    except RuleError as error:
        log_refusal(uow, error, ACTION, actor_id, None, now)
        raise
