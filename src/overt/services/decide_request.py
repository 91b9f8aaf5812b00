"""Change a request in one unit of work with its event, or log the refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.public_request import acknowledged, identity_checked, require_answerer
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.public_request import PublicRequest
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

    Decided = tuple[PublicRequest, EventKind, Mapping[str, JsonValue]]
    Decide = Callable[[UnitOfWork, PublicRequest, datetime], Decided]


def acknowledge_request(workplace: Workplace, actor_id: str, request_id: str) -> PublicRequest:
    """Return a request whose sender was told that it was received.

    Args:
        workplace: Store, time, rules.
        actor_id: A trained auditor.
        request_id: Which.

    Raises:
        RuleError: Not allowed, or done before; the refusal has been logged.
        RecordNotFoundError: There is no such request or actor.
    """

    def decide(_: UnitOfWork, request: PublicRequest, now: datetime) -> Decided:
        return acknowledged(request, now), EventKind.REQUEST_ACKNOWLEDGED, {}

    return decide_request(workplace, actor_id, request_id, "acknowledge a request", decide)


def record_identity(workplace: Workplace, actor_id: str, request_id: str) -> PublicRequest:
    """Return a request whose sender was found to be who they say; the check itself is outside.

    Only that it was made is kept: no document, no number, no name.

    Args:
        workplace: Store, time, rules.
        actor_id: A trained auditor.
        request_id: Which.

    Raises:
        RuleError: Not allowed, or done before; the refusal has been logged.
        RecordNotFoundError: There is no such request or actor.
    """

    def decide(_: UnitOfWork, request: PublicRequest, now: datetime) -> Decided:
        checked = identity_checked(request, actor_id, now)
        return checked, EventKind.REQUEST_IDENTITY_CHECKED, {}

    return decide_request(workplace, actor_id, request_id, "record an identity check", decide)


def decide_request(
    workplace: Workplace, actor_id: str, request_id: str, action: str, decide: Decide
) -> PublicRequest:
    """Return a request after what somebody did with it, saved with its event.

    Args:
        workplace: Store, time, rules.
        actor_id: A trained auditor.
        request_id: Which.
        action: In words, for the log where it is refused.
        decide: Unit of work, request and time to the request afterwards, kind and further
            details of the event.

    Raises:
        RuleError: Not allowed, or not at this point; the refusal has been logged, and nothing
            else of the unit of work stands.
        RecordNotFoundError: There is no such request or actor.
    """
    now = workplace.clock.now()
    try:
        with workplace.open() as uow:
            actor = acting(uow, actor_id, action, None, now)
            require_answerer(actor, now, workplace.policies.current().training, action)
            request = uow.requests.get(request_id)
            after, kind, details = decide(uow, request, now)
            uow.requests.save(after)
            whole = {"request_id": request_id, **details}
            uow.audit.append(AuditEvent(kind, now, actor_id, None, whole))
            uow.commit()
    except RuleError as error:
        with workplace.open() as uow:
            log_refusal(uow, error, action, actor_id, None, now)
        raise
    return after
