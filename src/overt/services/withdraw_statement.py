"""Withdraw a statement: only its author can, and the log keeps that it was filed (R-64)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require
from overt.errors import RuleError, StatementNotYoursError, StatementWithdrawnError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.roles import Actor
    from overt.core.statement import Statement
    from overt.services.workplace import Workplace

ACTION = "withdraw a statement"


def withdraw_statement(workplace: Workplace, actor_id: str, statement_id: str) -> Statement:
    """Return the statement withdrawn: it is not published, or no longer.

    Args:
        workplace: Store, time.
        actor_id: Its author.
        statement_id: Which.

    Raises:
        RuleError: Somebody else's, or withdrawn before; the refusal has been logged.
        RecordNotFoundError: There is no such statement or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        statement = uow.statements.get(statement_id)
        deployment_id = statement.deployment_id
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        try:
            _require_may_withdraw(actor, statement)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise
        withdrawn = replace(statement, withdrawn_at=now)
        uow.statements.save(withdrawn)
        details, kind = {"statement_id": statement_id}, EventKind.STATEMENT_WITHDRAWN
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return withdrawn


def _require_may_withdraw(actor: Actor, statement: Statement) -> None:
    require(actor, Role.OBSERVER, ACTION)
    if statement.filed_by != actor.actor_id:
        msg = "only its author withdraws a statement; nobody edits it"
        raise StatementNotYoursError(msg, statement_id=statement.statement_id)
    if statement.withdrawn_at is not None:
        msg = "the statement was withdrawn before"
        raise StatementWithdrawnError(msg, statement_id=statement.statement_id)
