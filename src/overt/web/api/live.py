"""The live run: start it, see how it goes, and what observers may know."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from overt.bootstrap.live_request import RunRequest
from overt.core.roles import Role
from overt.services.observe_live import observed
from overt.web.access import allow, allow_signed_in
from overt.web.api.answers import Document, Id, document
from overt.web.deps import OfConsole, OfPerson, read_deployment

router = APIRouter(prefix="/deployments/{deployment_id}", tags=["live"])


class RunWanted(BaseModel):
    """What is asked of a live run.

    Attributes:
        site_ids: Where; every site whose window is open without any.
        reason: Why a suspended deployment goes on.
    """

    site_ids: Annotated[list[str], Field(max_length=64)] = []
    reason: Annotated[str, Field(min_length=1, max_length=2000)] = "run again"


@router.post("/live", status_code=202)
@allow(Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.EVALUATOR)
def go_live(console: OfConsole, person: OfPerson, deployment_id: Id, wanted: RunWanted) -> Document:
    """Go live, or on after a suspension; every condition that is not met is named."""
    request = RunRequest(
        deployment_id=deployment_id,
        actor_id=person.actor.actor_id,
        site_ids=tuple(wanted.site_ids),
        reason=wanted.reason,
        may_use_this_machine=console.settings.cameras_here,
    )
    console.runs.start(request)
    return document(read_deployment(console, deployment_id))


@router.get("/live")
@allow(Role.OPERATOR, Role.ENGAGEMENT_OFFICER, Role.SYSTEM_ENGINEER, Role.AUTHORISING_OFFICER)
def show_run(console: OfConsole, deployment_id: Id) -> Document | None:
    """Return the figures of a run; null where no camera of this deployment runs here."""
    read_deployment(console, deployment_id)
    status = console.runs.status(deployment_id)
    return None if status is None else document(status)


@router.get("/observed")
@allow_signed_in
def show_observed(console: OfConsole, deployment_id: Id) -> Document:
    """Return what observers may see: numbers, settings, notices; no face, no name, no alert."""
    now = console.workplace.clock.now()
    with console.reading() as uow:
        policy_hash = uow.deployments.get(deployment_id).policy_hash
        policy = console.workplace.policies.get(policy_hash)
        return observed(uow, deployment_id, policy, now)
