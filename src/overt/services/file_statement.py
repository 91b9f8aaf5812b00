"""File an observer's statement, which is published as it was written (R-64)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.roles import Role, require
from overt.core.statement import Statement, statement_text
from overt.errors import RuleError, WrongStateError
from overt.services.invited import require_invited
from overt.services.observe_live import open_to_observers
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.deployment import Deployment
    from overt.services.workplace import Workplace

ACTION = "file a statement"


def file_statement(workplace: Workplace, actor_id: str, deployment_id: str, text: str) -> Statement:
    """Return the statement as it is kept; the log holds its digest, and not the text.

    Args:
        workplace: Store, time, identifiers.
        actor_id: An observer.
        deployment_id: Calibrated or later.
        text: As it was written.

    Raises:
        RuleError: The actor is no observer, or the record is published; this has been logged.
        StatementInvalidError: The text is blank, too long, or no text.
        RecordNotFoundError: There is no such actor, or no such deployment for observers.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = open_to_observers(uow, deployment_id)
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        try:
            require(actor, Role.OBSERVER, ACTION)
            require_invited(uow, actor_id, deployment_id, now)
            _require_before_publication(deployment)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise
        statement = Statement(
            workplace.ids.new("statement"), deployment_id, actor_id, now, statement_text(text)
        )
        uow.statements.add(statement)
        details = {
            "statement_id": statement.statement_id,
            "statement_sha256": hashlib.sha256(statement.text.encode()).hexdigest(),
        }
        kind = EventKind.STATEMENT_FILED
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return statement


def own_statements(
    workplace: Workplace, actor_id: str, deployment_id: str
) -> tuple[Statement, ...]:
    """Return what somebody has stated about a deployment, oldest first, also what is withdrawn.

    Args:
        workplace: Store.
        actor_id: Whose statements.
        deployment_id: About which deployment.
    """
    with workplace.open() as uow:
        filed = uow.statements.of_deployment(deployment_id)
    return tuple(statement for statement in filed if statement.filed_by == actor_id)


def _require_before_publication(deployment: Deployment) -> None:
    if deployment.state is DeploymentState.PUBLISHED:
        msg = "the record is published already; a statement filed now would not be in it"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
