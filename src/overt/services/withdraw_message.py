"""Withdraw a question or an answer: only its author can, and the log keeps that it was (R-64)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require_any
from overt.errors import MessageNotYoursError, MessageWithdrawnError, RuleError
from overt.services.answer_question import ANSWERERS
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.roles import Actor
    from overt.core.thread import Message
    from overt.services.workplace import Workplace

_ACTION = "withdraw a question or an answer"


def withdraw_message(workplace: Workplace, actor_id: str, message_id: str) -> Message:
    """Return a question or an answer withdrawn: its words are not published, or no longer.

    Args:
        workplace: Store, time.
        actor_id: Its author.
        message_id: Which.

    Raises:
        RuleError: Somebody else's, or withdrawn before; the refusal has been logged.
        RecordNotFoundError: There is no such message or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        message = uow.messages.get(message_id)
        deployment_id = message.deployment_id
        actor = acting(uow, actor_id, _ACTION, deployment_id, now)
        try:
            _require_may_withdraw(actor, message)
        except RuleError as error:
            log_refusal(uow, error, _ACTION, actor_id, deployment_id, now)
            raise
        withdrawn = replace(message, withdrawn_at=now)
        uow.messages.save(withdrawn)
        details, kind = {"message_id": message_id}, EventKind.MESSAGE_WITHDRAWN
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return withdrawn


def _require_may_withdraw(actor: Actor, message: Message) -> None:
    require_any(actor, ANSWERERS | {Role.OBSERVER}, _ACTION)
    if message.written_by != actor.actor_id:
        msg = "only its author withdraws a question or an answer; nobody edits it"
        raise MessageNotYoursError(msg, message_id=message.message_id)
    if message.withdrawn_at is not None:
        msg = "it was withdrawn before"
        raise MessageWithdrawnError(msg, message_id=message.message_id)
