"""Save what a deployment's notices are made of, and approve translations of them (R-61)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.notice_papers import NoticePapers, ReviewedTranslation
from overt.core.roles import Role, require_any
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

MAKERS = frozenset({Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.SYSTEM_ENGINEER, Role.EVALUATOR})
"""Who prepares and makes notices."""

_SAVE, _APPROVE = "save what notices say", "approve a translation"


def papers_of(
    reading: UnitOfWorkFactory, deployment_id: str
) -> tuple[NoticePapers | None, tuple[ReviewedTranslation, ...]]:
    """Return what was saved for a deployment, else for any other last; and what was approved.

    A force says the same of itself on all its notices: a deployment begins with what the one before
    had. Whose it is, the papers say.

    Args:
        reading: Opens a unit of work that only looks.
        deployment_id: Whose notices.
    """
    with reading() as uow:
        own = uow.papers.get_or_none(deployment_id)
        return own or uow.papers.latest(), uow.papers.approved()


def save_papers(
    workplace: Workplace, actor_id: str, deployment_id: str, document: str
) -> NoticePapers:
    """Return what is kept of a deployment's notices from now on.

    Args:
        workplace: Store, time.
        actor_id: Whoever prepares notices.
        deployment_id: Whose.
        document: From ``papers_document``.

    Raises:
        RuleError: The actor may not; this has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        uow.deployments.get(deployment_id)
        _require(uow, workplace, actor_id, MAKERS, _SAVE, deployment_id)
        papers = NoticePapers(deployment_id, actor_id, now, document)
        uow.papers.save(papers)
        details = {"document_sha256": hashlib.sha256(document.encode()).hexdigest()}
        kind = EventKind.NOTICE_DETAILS_SAVED
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return papers


def approve_translation(
    workplace: Workplace, actor_id: str, language: str, catalogue_sha256: str
) -> ReviewedTranslation:
    """Return the approval of a translation, for every deployment of the force.

    Args:
        workplace: Store, time.
        actor_id: An authorising officer.
        language: Its code.
        catalogue_sha256: Digest of the catalogue that was read.

    Raises:
        RuleError: The actor may not; this has been logged.
        RecordNotFoundError: There is no such actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        officers = frozenset({Role.AUTHORISING_OFFICER})
        _require(uow, workplace, actor_id, officers, _APPROVE, None)
        reviewed = ReviewedTranslation(catalogue_sha256, language, actor_id, now)
        uow.papers.approve(reviewed)
        details = {"language": language, "catalogue_sha256": catalogue_sha256}
        kind = EventKind.TRANSLATION_APPROVED
        uow.audit.append(AuditEvent(kind, now, actor_id, details=details))
        uow.commit()
    return reviewed


def require_maker(workplace: Workplace, actor_id: str, deployment_id: str) -> None:
    """Let pass only somebody who may make a deployment's notices.

    Args:
        workplace: Store, time.
        actor_id: Who asks.
        deployment_id: Whose.

    Raises:
        RuleError: The actor may not; this has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    with workplace.open() as uow:
        uow.deployments.get(deployment_id)
        _require(uow, workplace, actor_id, MAKERS, "make notices", deployment_id)


def _require(
    uow: UnitOfWork,
    workplace: Workplace,
    actor_id: str,
    roles: frozenset[Role],
    action: str,
    deployment_id: str | None,
) -> None:
    now = workplace.clock.now()
    actor = acting(uow, actor_id, action, deployment_id, now)
    try:
        require_any(actor, roles, action)
    except RuleError as error:
        log_refusal(uow, error, action, actor_id, deployment_id, now)
        raise
