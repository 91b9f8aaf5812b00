"""Deployments: list, show, draft, and what still keeps one from being live."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from overt.bootstrap.live_conditions import conditions_now
from overt.core.deployment import ConsentRecord, DeploymentKind, DeploymentState
from overt.core.roles import Role
from overt.services.certify_destruction import destruction_certificate
from overt.services.draft_deployment import draft_deployment, record_consent
from overt.services.publish_record import record_of
from overt.web.access import allow, allow_public
from overt.web.api.answers import After, Document, Id, Limit, Moment, Page, document, page_of
from overt.web.deps import OfConsole, OfPerson, read_deployment

router = APIRouter(tags=["deployments"])

READERS = tuple(set(Role) - {Role.OBSERVER})
"""Who may see how a deployment stands, with names of accounts and reasons."""


class DraftWanted(BaseModel):
    """A deployment that somebody thinks of.

    Attributes:
        name: For people, such as a place and a day.
        kind: Operational, or a rehearsal with volunteers.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: DeploymentKind = DeploymentKind.OPERATIONAL


class ConsentGiven(BaseModel):
    """The volunteers' consent to a rehearsal.

    Attributes:
        document_sha256: Digest of the signed forms.
        n_volunteers: How many people consented.
        valid_until: The rehearsal ends then.
        uses_live_cameras: Whether cameras look at a real place, so that signs are needed.
    """

    document_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    n_volunteers: Annotated[int, Field(ge=0, le=10_000)]
    valid_until: Moment
    uses_live_cameras: bool = False


class Condition(BaseModel):
    """What keeps a deployment from being live.

    Attributes:
        requirement: Number of the requirement.
        condition: What is asked.
        found: What is there.
    """

    requirement: str
    condition: str
    found: str


@router.get("/deployments")
@allow(*READERS)
def list_deployments(
    console: OfConsole,
    state: Annotated[list[DeploymentState] | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page:
    """List deployments by the time of their draft."""
    with console.reading() as uow:
        found = uow.deployments.list(state)
    return page_of(found, lambda each: each.deployment_id, after=after, limit=limit)


@router.post("/deployments", status_code=201)
@allow(Role.APPLICANT, Role.EVALUATOR)
def draft(console: OfConsole, person: OfPerson, wanted: DraftWanted) -> Document:
    """Draft a deployment under the policy in force now."""
    drafted = draft_deployment(
        console.workplace, person.actor.actor_id, name=wanted.name, kind=wanted.kind
    )
    return document(drafted)


@router.get("/deployments/{deployment_id}")
@allow(*READERS)
def show(console: OfConsole, deployment_id: Id) -> Document:
    """Show a deployment with all that its gates look at; addresses of cameras are not in it."""
    return document(read_deployment(console, deployment_id))


@router.get("/deployments/{deployment_id}/conditions")
@allow(*READERS)
def conditions(
    console: OfConsole,
    deployment_id: Id,
    site: Annotated[list[str] | None, Query(max_length=64)] = None,
) -> list[Condition]:
    """List every condition that keeps a deployment from being live now; nothing is changed."""
    unmet = conditions_now(deployment_id, console.settings, tuple(site or ()))
    return [Condition(**each._asdict()) for each in unmet]


@router.post("/deployments/{deployment_id}/consent")
@allow(Role.APPLICANT, Role.EVALUATOR)
def consent(
    console: OfConsole, person: OfPerson, deployment_id: Id, given: ConsentGiven
) -> Document:
    """Record the volunteers' consent, which stands for the authority in a rehearsal."""
    actor_id, now = person.actor.actor_id, console.workplace.clock.now()
    record = ConsentRecord(
        given.document_sha256,
        given.n_volunteers,
        actor_id,
        now,
        given.valid_until,
        given.uses_live_cameras,
    )
    return document(record_consent(console.workplace, actor_id, deployment_id, record))


@router.get("/deployments/{deployment_id}/record")
@allow_public
def record(console: OfConsole, deployment_id: Id) -> Document:
    """Return a deployment's published record, as it was published."""
    shown: Document = json.loads(record_of(console.reading, deployment_id))
    return shown


@router.get("/deployments/{deployment_id}/certificate")
@allow(*READERS)
def certificate(console: OfConsole, deployment_id: Id) -> Document | None:
    """Return the signed certificate of a purge; null before it."""
    with console.reading() as uow:
        uow.deployments.get(deployment_id)
        found = destruction_certificate(uow, deployment_id)
    return document(found) if found is not None else None
