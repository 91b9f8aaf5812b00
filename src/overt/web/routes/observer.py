"""What invited observers see: counts, settings and notices of a deployment; no face, no name."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from overt.services.observe_live import observed, open_to_observers
from overt.web.access import allow_public
from overt.web.deps import OfConsole

router = APIRouter(include_in_schema=False)


@router.get("/observe/{deployment_id}/live.json")
@allow_public
def live_numbers(deployment_id: str, console: OfConsole) -> JSONResponse:
    """Return the numbers of a deployment to anybody; also before it is live, which needs it."""
    with console.reading() as uow:
        deployment = open_to_observers(uow, deployment_id)
        policy = console.workplace.policies.get(deployment.policy_hash)
        told = observed(uow, deployment_id, policy, console.workplace.clock.now())
    return JSONResponse(told)
