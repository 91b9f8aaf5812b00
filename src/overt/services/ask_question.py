"""Ask the force about a deployment, as an observer; the question is published unedited (R-64)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.roles import Role, require
from overt.core.thread import Message, message_text
from overt.errors import RuleError, WrongStateError
from overt.services.invited import require_invited
from overt.services.observe_live import open_to_observers
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.deployment import Deployment
    from overt.services.workplace import Workplace

_ACTION = "ask a question"


def ask_question(workplace: Workplace, actor_id: str, deployment_id: str, text: str) -> Message:
    """Return the question as it is kept; the log holds its digest, and not the text.

    Args:
        workplace: Store, time, identifiers.
        actor_id: An observer who may look at the deployment.
        deployment_id: Calibrated or later.
        text: As it was written.

    Raises:
        RuleError: The actor is no observer of it, or the record is published; this has been logged.
        MessageInvalidError: The text is blank, too long, or no text.
        RecordNotFoundError: There is no such actor, or no such deployment for observers.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = open_to_observers(uow, deployment_id)
        actor = acting(uow, actor_id, _ACTION, deployment_id, now)
        try:
            require(actor, Role.OBSERVER, _ACTION)
            require_invited(uow, actor_id, deployment_id, now)
            require_before_publication(deployment)
        except RuleError as error:
            log_refusal(uow, error, _ACTION, actor_id, deployment_id, now)
            raise
        question = Message(
            workplace.ids.new("message"), deployment_id, None, actor_id, now, message_text(text)
        )
        uow.messages.add(question)
        details = {
            "message_id": question.message_id,
            "message_sha256": hashlib.sha256(question.text.encode()).hexdigest(),
        }
        kind = EventKind.QUESTION_ASKED
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return question


def require_before_publication(deployment: Deployment) -> None:
    """Let pass only a deployment whose record is not published: what is said later is not in it.

    Args:
        deployment: As it stands.

    Raises:
        WrongStateError: It is published.
    """
    if deployment.state is DeploymentState.PUBLISHED:
        msg = "the record is published already; what is asked or answered now would not be in it"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
