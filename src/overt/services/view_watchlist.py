"""Look at a watchlist: every look at personal data is logged with who looked at what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require_any
from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError, RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.watchlist import WatchlistEntry
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "see a watchlist"
VIEWERS = {
    ListKind.OPERATIONAL: frozenset(
        {
            Role.APPLICANT,
            Role.AUTHORISING_OFFICER,
            Role.OPERATOR,
            Role.ENGAGEMENT_OFFICER,
            Role.AUDITOR,
        }
    ),
    ListKind.BLUE: frozenset(
        {Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.EVALUATOR, Role.AUDITOR}
    ),
}
"""Who may look at which list."""


def view_watchlist(
    workplace: Workplace, actor_id: str, deployment_id: str, list_kind: ListKind
) -> tuple[WatchlistEntry, ...]:
    """Return the entries of one list of a deployment, without pictures; the look is logged.

    Args:
        workplace: Store, time.
        actor_id: Somebody whose role may see this list.
        deployment_id: Whose list.
        list_kind: Operational or blue; nobody sees both at once (R-22).

    Raises:
        RoleForbiddenError: The role may not; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    with workplace.open() as uow:
        uow.deployments.get(deployment_id)
        _log_view(workplace, uow, actor_id, deployment_id, list_kind, deployment_id)
        entries = uow.entries.of_deployment(deployment_id, list_kind=list_kind)
        uow.commit()
    return entries


def view_portrait(workplace: Workplace, actor_id: str, entry_id: str) -> bytes:
    """Return an entry's portrait as a JPEG file's bytes; the look is logged (R-16).

    Args:
        workplace: Store, time.
        actor_id: Somebody whose role may see this list.
        entry_id: Which entry.

    Raises:
        RoleForbiddenError: The role may not; the refusal has been logged.
        RecordNotFoundError: There is no such entry or actor, or its portrait is deleted.
    """
    with workplace.open() as uow:
        entry = uow.entries.get(entry_id)
        _log_view(workplace, uow, actor_id, entry.deployment_id, entry.list_kind, entry_id)
        if entry.image_secret_id is None:
            msg = f"the portrait of {entry_id} is deleted"
            raise RecordNotFoundError(msg, key=entry_id)
        portrait = uow.secrets.get(entry.image_secret_id)
        uow.commit()
    return portrait


def _log_view(
    workplace: Workplace,
    uow: UnitOfWork,
    actor_id: str,
    deployment_id: str,
    list_kind: ListKind,
    row_id: str,
) -> None:
    now = workplace.clock.now()
    actor = acting(uow, actor_id, ACTION, deployment_id, now)
    try:
        require_any(actor, VIEWERS[list_kind], ACTION)
    except RuleError as error:
        log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
        raise
    what = f"{list_kind} list" if row_id == deployment_id else f"{list_kind} entry"
    details = {"what": what, "row_id": row_id}
    kind = EventKind.PERSONAL_DATA_VIEWED
    uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
