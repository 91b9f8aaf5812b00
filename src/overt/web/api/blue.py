"""Volunteers' passes: what the true recognition rate is measured with (R-44)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from overt.core.roles import Role
from overt.services.blue_passes import Walk, log_walk, start_pass, stop_pass
from overt.web.access import allow
from overt.web.api.answers import Document, Id, Moment, document
from overt.web.deps import OfConsole, OfPerson

router = APIRouter(tags=["blue list"])

CameraId = Annotated[str, Field(min_length=1, max_length=128)]
Notes = Annotated[str, Field(max_length=500)]


class Start(BaseModel):
    """A walk that begins now.

    Attributes:
        camera_id: Past which camera.
        notes: What may matter: hat, rain, crowd; no name.
    """

    camera_id: CameraId
    notes: Notes = ""


class Stop(BaseModel):
    """A walk that ends now.

    Attributes:
        notes: What may matter; no name.
    """

    notes: Notes = ""


class Walked(BaseModel):
    """A walk that is over.

    Attributes:
        camera_id: Past which camera.
        started_at: With time zone.
        stopped_at: With time zone.
        notes: What may matter; no name.
    """

    camera_id: CameraId
    started_at: Moment
    stopped_at: Moment
    notes: Notes = ""


@router.post("/volunteers/{volunteer_id}/passes/start", status_code=201)
@allow(Role.EVALUATOR)
def start(console: OfConsole, person: OfPerson, volunteer_id: Id, given: Start) -> Document:
    """Log that a volunteer starts to walk past a camera."""
    actor_id, camera_id = person.actor.actor_id, given.camera_id
    return document(
        start_pass(console.workplace, actor_id, volunteer_id, camera_id, notes=given.notes)
    )


@router.post("/passes/{pass_id}/stop")
@allow(Role.EVALUATOR)
def stop(console: OfConsole, person: OfPerson, pass_id: Id, given: Stop) -> Document:
    """Log that a walk has ended: now it is a recognition opportunity."""
    actor_id = person.actor.actor_id
    return document(stop_pass(console.workplace, actor_id, pass_id, notes=given.notes))


@router.post("/volunteers/{volunteer_id}/passes", status_code=201)
@allow(Role.EVALUATOR)
def log(console: OfConsole, person: OfPerson, volunteer_id: Id, given: Walked) -> Document:
    """Log a walk with both its times."""
    walk = Walk(given.camera_id, given.started_at, given.stopped_at, given.notes)
    return document(log_walk(console.workplace, person.actor.actor_id, volunteer_id, walk))
