"""The API's routes together, and the document that describes them (OpenAPI)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi

from overt import __version__
from overt.web.access import allow_public
from overt.web.api import (
    alerts,
    blue,
    deployments,
    live,
    log,
    observers,
    requests,
    session,
    steps,
    trials,
)
from overt.web.api.errors_document import ERRORS

PREFIX = "/api/v1"
DOCUMENT = f"{PREFIX}/openapi.json"

router = APIRouter(prefix=PREFIX, responses=ERRORS)
for _part in (session, deployments, steps, live, alerts, blue, log, requests, trials, observers):
    router.include_router(_part.router)


@router.get("/openapi.json", include_in_schema=False)
@allow_public
def openapi(request: Request) -> dict[str, Any]:
    """Return the document."""
    document = get_openapi(
        title="overt",
        version=__version__,
        summary="Runs overt live facial recognition trials",
        description=(
            "The same use cases as the console's pages. Sign in at `/api/v1/session` and send the "
            "token as `Authorization: Bearer`. Personal data never stands in an address. Every "
            "error has one shape."
        ),
        routes=[route for route in request.app.routes if _is_described(route)],
    )
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["bearer"] = {"type": "http", "scheme": "bearer"}
    document["security"] = [{"bearer": []}]
    return document


def _is_described(route: object) -> bool:
    return getattr(route, "include_in_schema", True) is not False
