"""Answer an observer's question for the force; the answer is published unedited (R-64)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require_any
from overt.core.thread import Message, message_text
from overt.errors import MessageWithdrawnError, RecordNotFoundError, RuleError
from overt.services.ask_question import require_before_publication
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ANSWERERS = frozenset(
    {Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.SYSTEM_ENGINEER, Role.EVALUATOR}
)
"""Who answers for the force: nobody who decides about an alert meanwhile."""

_ACTION = "answer a question"


def answer_question(workplace: Workplace, actor_id: str, question_id: str, text: str) -> Message:
    """Return the answer as it is kept; the log holds its digest, and not the text.

    Args:
        workplace: Store, time, identifiers.
        actor_id: Of the desk.
        question_id: Which question.
        text: As it was written.

    Raises:
        RuleError: The actor may not, the question was withdrawn, or the record is published;
            this has been logged.
        MessageInvalidError: The text is blank, too long, or no text.
        RecordNotFoundError: There is no such question or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        question = _question(uow, question_id)
        deployment_id = question.deployment_id
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, _ACTION, deployment_id, now)
        try:
            require_any(actor, ANSWERERS, _ACTION)
            require_before_publication(deployment)
            _require_stands(question)
        except RuleError as error:
            log_refusal(uow, error, _ACTION, actor_id, deployment_id, now)
            raise
        answer = Message(
            workplace.ids.new("message"),
            deployment_id,
            question_id,
            actor_id,
            now,
            message_text(text),
        )
        uow.messages.add(answer)
        details = {
            "message_id": answer.message_id,
            "question_id": question_id,
            "message_sha256": hashlib.sha256(answer.text.encode()).hexdigest(),
        }
        kind = EventKind.QUESTION_ANSWERED
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return answer


def _question(uow: UnitOfWork, question_id: str) -> Message:
    found = uow.messages.get(question_id)
    if found.question_id is not None:
        msg = "an answer is given to a question, and this is an answer"
        raise RecordNotFoundError(msg, key=question_id)
    return found


def _require_stands(question: Message) -> None:
    if question.withdrawn_at is not None:
        msg = "the question was withdrawn by who asked it"
        raise MessageWithdrawnError(msg, message_id=question.message_id)
