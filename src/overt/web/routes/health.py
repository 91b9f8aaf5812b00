"""Whether the service is there, and whether it is fit to be used."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from overt.errors import TrialError
from overt.web.access import allow_public
from overt.web.deps import OfConsole

router = APIRouter()


@router.get("/healthz", include_in_schema=False)
@allow_public
def healthz() -> JSONResponse:
    """Return that the process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", include_in_schema=False)
@allow_public
def readyz(console: OfConsole) -> JSONResponse:
    """Return whether store and purge worker are well; 503 where one is not."""
    now = console.workplace.clock.now()
    parts = {"store": _reads(console), "purge_worker": console.health().is_healthy(now)}
    is_ready = all(parts.values())
    return JSONResponse(
        {"status": "ready" if is_ready else "not ready", **parts},
        status_code=200 if is_ready else 503,
    )


def _reads(console: OfConsole) -> bool:
    try:
        with console.reading() as uow:
            return uow.audit.size() > 0
    except TrialError:
        return False
