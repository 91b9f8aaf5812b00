"""Receive what somebody asks or complains about: from the public page, or taken down by staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import PUBLIC_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.public_request import (
    Channel,
    PublicRequest,
    RequestKind,
    RequestState,
    deadlines,
    require_receiver,
)
from overt.core.receipt import receipt_from, receipt_sha256
from overt.core.register import public_status
from overt.core.request_words import WORDS, RequestWords, checked_words, require_day
from overt.errors import (
    PublicRequestInvalidError,
    PublicRequestsFullError,
    RecordNotFoundError,
    RuleError,
)
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "hand in a request"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody hands in, as typed.

    Attributes:
        kind: What they want.
        words: In their own words.
        contact: How to reach them.
        place: Where it was; may be blank.
        on: Which day it is about, or None.
        deployment_id: Which deployment it is about, or None.
    """

    kind: RequestKind
    words: str
    contact: str
    place: str = ""
    on: date | None = None
    deployment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What whoever asked is told, once.

    Attributes:
        request: As kept.
        receipt: With which they find it again; kept with their words only.
    """

    request: PublicRequest
    receipt: str


def receive_from_public(
    workplace: Workplace, asked: Asked, zone: tzinfo, *, most_open: int
) -> Received:
    """Return the receipt of what somebody handed in on the public page.

    Args:
        workplace: Store, time, identifiers, rules.
        asked: As typed; a deployment must be one that the public knows of.
        zone: In which the day is meant.
        most_open: How many of them may wait for an answer, so that nobody fills the disk.

    Raises:
        PublicRequestInvalidError: Something is missing, too long or no text; or there is no such
            day or deployment.
        PublicRequestsFullError: Too many are open.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        n_open = sum(r.channel is Channel.PUBLIC_PAGE for r in uow.requests.open())
        if n_open >= most_open:
            msg = "more requests wait for an answer than this page takes: write or telephone"
            raise PublicRequestsFullError(msg, n_open=n_open)
        _require_known(uow, asked.deployment_id, now, is_public=True)
        received = _keep(workplace, uow, asked, Channel.PUBLIC_PAGE, None, zone)
        uow.commit()
    return received


def receive_for_somebody(
    workplace: Workplace, actor_id: str, asked: Asked, channel: Channel, zone: tzinfo
) -> Received:
    """Return the receipt of what staff took down for somebody; their number has no limit.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: Who takes it down: anybody but an observer.
        asked: As typed.
        channel: How it came.
        zone: In which the day is meant.

    Raises:
        PublicRequestInvalidError: Something is missing, too long or no text; or there is no such
            day or deployment.
        RuleError: The actor may not; the refusal has been logged.
        RecordNotFoundError: There is no such actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        actor = acting(uow, actor_id, ACTION, None, now)
        try:
            require_receiver(actor, ACTION)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, None, now)
            raise
        if channel is Channel.PUBLIC_PAGE:
            msg = "staff take down letters, calls and what people say; found the public page"
            raise PublicRequestInvalidError(msg, field="channel")
        _require_known(uow, asked.deployment_id, now, is_public=False)
        received = _keep(workplace, uow, asked, channel, actor_id, zone)
        uow.commit()
    return received


def _require_known(
    uow: UnitOfWork, deployment_id: str | None, now: datetime, *, is_public: bool
) -> None:
    """Let pass only a deployment that is there; the public learns of no other by asking."""
    if deployment_id is None:
        return
    try:
        deployment = uow.deployments.get(deployment_id)
    except RecordNotFoundError:
        deployment = None
    is_known = deployment is not None and (
        not is_public or public_status(deployment, now, shows_rehearsals=True) is not None
    )
    if not is_known:
        msg = "there is no such deployment; leave it out, and say where it was"
        raise PublicRequestInvalidError(msg, field="deployment")


def _keep(
    workplace: Workplace,
    uow: UnitOfWork,
    asked: Asked,
    channel: Channel,
    actor_id: str | None,
    zone: tzinfo,
) -> Received:
    now = workplace.clock.now()
    require_day(asked.on, now.astimezone(zone).date())
    receipt = receipt_from(workplace.ids.token())
    words = checked_words(asked.words, asked.contact, asked.place, receipt)
    due_at, acknowledge_due_at = deadlines(asked.kind, now, workplace.policies.current().requests)
    request = PublicRequest(
        request_id=workplace.ids.new("request"),
        receipt_sha256=receipt_sha256(receipt),
        kind=asked.kind,
        channel=channel,
        state=RequestState.RECEIVED,
        received_at=now,
        received_by=actor_id,
        due_at=due_at,
        acknowledge_due_at=acknowledge_due_at,
        deployment_id=asked.deployment_id,
        concerns_on=asked.on,
    )
    _record(uow, request, words)
    return Received(request, receipt)


def _record(uow: UnitOfWork, request: PublicRequest, words: RequestWords) -> None:
    """Keep a request and its words, and log neither words nor place nor day."""
    uow.requests.add(request)
    details = {
        "request_id": request.request_id,
        "request_kind": request.kind.value,
        "due_at": request.due_at.isoformat(),
        "words_sha256": uow.request_texts.put(request.request_id, WORDS, words.to_bytes()),
    }
    actor_id = request.received_by or PUBLIC_ACTOR
    kind = EventKind.REQUEST_RECEIVED
    uow.audit.append(AuditEvent(kind, request.received_at, actor_id, None, details))
