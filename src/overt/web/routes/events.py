"""Live events of a deployment, for those who work on it: identifiers only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse

from overt.core.adjudication import OperatorVerdict
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.services.sign_in import session_of
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.session_cookie import shown_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.web.listeners import Listeners
    from overt.web.live_events import LiveEvent, LogFollower

router = APIRouter(include_in_schema=False)

_NUMBER = re.compile("[0-9]{1,18}")  # as the log counts
_OF_ALERTS = frozenset(
    {
        EventKind.ALERT_RAISED,
        EventKind.ALERT_DECIDED,
        EventKind.ENGAGEMENT_RECORDED,
        EventKind.OUTCOME_RECORDED,
    }
)


@router.get("/live/{deployment_id}/events")
@allow(Role.OPERATOR, Role.ENGAGEMENT_OFFICER, Role.SYSTEM_ENGINEER, Role.AUTHORISING_OFFICER)
def live_events(
    request: Request,
    deployment_id: str,
    console: OfConsole,
    person: OfPerson,
    after: Annotated[int | None, Query(ge=0)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Stream a deployment's events; a browser that comes back is told what it missed."""
    read_deployment(console, deployment_id)
    follower: LogFollower = request.app.state.follower
    listeners: Listeners = request.app.state.listeners
    token, roles = shown_token(request) or "", person.actor.roles

    def is_still_the_same() -> bool:
        # Whoever watches between two alerts uses the session (policy, security.session_idle).
        now = session_of(console.workplace, console.reading, token)
        return now is not None and now.actor.roles == roles

    stream = follower.stream(
        _wanted(deployment_id, roles),
        after=_number(last_event_id or "", after),
        is_still_allowed=is_still_the_same,
        one_more=listeners.of(person.session.session_id_sha256),
    )
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


def _number(text: str, otherwise: int | None) -> int | None:
    is_number = _NUMBER.fullmatch(text) is not None
    return int(text) if is_number else otherwise


def _wanted(deployment_id: str, roles: frozenset[Role]) -> Callable[[LiveEvent], bool]:
    """Return which events are for these roles; an officer hears of what is passed on."""
    sees_alerts = Role.OPERATOR in roles
    sees_passed_on = Role.ENGAGEMENT_OFFICER in roles

    def wanted(event: LiveEvent) -> bool:
        if event.deployment_id != deployment_id:
            return False
        if event.kind not in _OF_ALERTS or sees_alerts:
            return True
        is_dismissal = event.details.get("verdict") == OperatorVerdict.DISMISSED
        return sees_passed_on and event.kind is not EventKind.ALERT_RAISED and not is_dismissal

    return wanted
