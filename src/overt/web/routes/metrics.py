"""Numbers for Prometheus: to this machine, and to whoever shows the token."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from overt.errors import RoleForbiddenError
from overt.web.access import allow_public
from overt.web.deps import OfConsole
from overt.web.session_cookie import bearer_token

if TYPE_CHECKING:
    from overt.web.meters import Meters

router = APIRouter(include_in_schema=False)

_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@router.get("/metrics")
@allow_public
def metrics(request: Request, console: OfConsole) -> Response:
    """Return the service's numbers."""
    token = console.settings.metrics_token
    shown = bearer_token(request) or ""
    is_told = token is not None and hmac.compare_digest(
        shown.encode(), token.get_secret_value().encode()
    )
    if not is_told and (token is not None or not _is_own(request)):
        msg = "the numbers are for this machine, or for whoever shows OVERT_METRICS_TOKEN"
        raise RoleForbiddenError(msg)
    meters: Meters = request.app.state.meters
    return Response(meters.text(), media_type=CONTENT_TYPE_LATEST)


def _is_own(request: Request) -> bool:
    """Return whether this machine asks: whatever a proxy on it passes on comes from elsewhere."""
    if any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
