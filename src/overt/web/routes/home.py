"""The way in: each account lands where its work is."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from overt.core.roles import Role
from overt.web.access import allow_signed_in
from overt.web.deps import OfPerson

router = APIRouter(include_in_schema=False)

_HOME = (
    (Role.OPERATOR, "/live"),
    (Role.ENGAGEMENT_OFFICER, "/street"),
    (Role.OBSERVER, "/observe"),
    (Role.AUDITOR, "/log"),
    (Role.EVALUATOR, "/blue"),
    (Role.SYSTEM_ENGINEER, "/cameras"),
)


@router.get("/")
@allow_signed_in
def home(person: OfPerson) -> RedirectResponse:
    """Go to the first place of an account's roles."""
    roles = person.actor.roles
    where = next((place for role, place in _HOME if role in roles), "/deployments")
    return RedirectResponse(where, status_code=303)
