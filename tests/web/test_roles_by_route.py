"""Every role at every route: what is open to whom, as one table; everything else is denied.

The table stands for itself: a route that is added or opened has to be added here too, by somebody
who has thought of the roles. The application must agree with it; then every account knocks at
every door that is not theirs.
"""

from __future__ import annotations

import re

import pytest
from tests.web.consoles import PEOPLE, a_desk
from tests.web.test_access import routes_of

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.web.access import access_of
from overt.web.api.router import PREFIX
from overt.web.app import create_app
from overt.web.rate_limit import RateLimit

SHORT = {
    "AP": Role.APPLICANT,
    "AO": Role.AUTHORISING_OFFICER,
    "OP": Role.OPERATOR,
    "EO": Role.ENGAGEMENT_OFFICER,
    "SE": Role.SYSTEM_ENGINEER,
    "EV": Role.EVALUATOR,
    "AU": Role.AUDITOR,
    "OB": Role.OBSERVER,
}

TABLE = {
    "public": """
        GET /api/v1/deployments/{deployment_id}/record
        GET /api/v1/openapi.json
        POST /api/v1/session
        GET /healthz
        GET /help
        GET /invitation
        POST /invitation
        GET /metrics
        GET /observe/{deployment_id}/live.json
        GET /public
        GET /public/ask
        POST /public/ask
        GET /public/complain
        POST /public/complain
        GET /public/status
        POST /public/status
        GET /public/{name:path}
        GET /readyz
        GET /sign-in
        POST /sign-in
        GET /sign-in/link
        POST /sign-in/link
        GET /sign-in/provider
        GET /sign-in/provider/back
    """,
    "signed in": """
        GET /
        GET /account
        GET /account/password
        POST /account/password
        GET /api/v1/deployments/{deployment_id}/observed
        GET /api/v1/me
        DELETE /api/v1/session
        POST /sign-out
    """,
    "AO": """
        POST /api/v1/deployments/{deployment_id}/authority
        POST /api/v1/deployments/{deployment_id}/authority/restoration
        POST /api/v1/deployments/{deployment_id}/authority/suspension
        POST /api/v1/deployments/{deployment_id}/ratification
        POST /api/v1/deployments/{deployment_id}/refusal
        POST /api/v1/deployments/{deployment_id}/withdrawal
        POST /deployments/{deployment_id}/authority/{step}
        POST /deployments/{deployment_id}/notices/translations/{language}/approve
    """,
    "AO EV": """
        POST /deployments/{deployment_id}/closing/publish
    """,
    "AO EV AU OB": """
        GET /api/v1/trials
        GET /api/v1/trials/{trial_id}
        GET /trials
        GET /trials/plan.toml
        GET /trials/{trial_id}
        GET /trials/{trial_id}/report
        GET /trials/{trial_id}/report/files/{name:path}
        GET /trials/{trial_id}/report/making
    """,
    "EV AU": """
        GET /trials/{trial_id}/report/log.jsonl
    """,
    "AO OP EO SE": """
        GET /api/v1/deployments/{deployment_id}/live
        GET /live/{deployment_id}/events
    """,
    "AO OP SE": """
        POST /api/v1/deployments/{deployment_id}/suspension
    """,
    "AO OP SE EV": """
        POST /api/v1/deployments/{deployment_id}/end
        POST /deployments/{deployment_id}/running/end
        POST /deployments/{deployment_id}/running/suspend
    """,
    "AP": """
        POST /deployments/{deployment_id}/application
        POST /deployments/{deployment_id}/application/draft
        POST /deployments/{deployment_id}/watchlist/compose
        GET /deployments/{deployment_id}/watchlist/refused.csv
    """,
    "AP AO": """
        POST /api/v1/deployments/{deployment_id}/announcement
        POST /api/v1/deployments/{deployment_id}/cancellation
        POST /api/v1/deployments/{deployment_id}/invitations
        POST /api/v1/invitations/{invitation_id}/revocation
        POST /deployments/{deployment_id}/authority/cancel
        POST /deployments/{deployment_id}/notices/announce
        POST /deployments/{deployment_id}/observers/invite
        POST /deployments/{deployment_id}/observers/{invitation_id}/revoke
    """,
    "AP AO EV": """
        GET /deployments/{deployment_id}/watchlist/approve
        POST /deployments/{deployment_id}/watchlist/approve
        POST /deployments/{deployment_id}/watchlist/entries/{entry_id}/approve
    """,
    "AP AO OP EO EV AU": """
        GET /deployments/{deployment_id}/watchlist/entries
        GET /deployments/{deployment_id}/watchlist/entries/{entry_id}/portrait.jpg
    """,
    "AP AO OP EO SE EV AU": """
        GET /api/v1/deployments
        GET /api/v1/deployments/{deployment_id}
        GET /api/v1/deployments/{deployment_id}/certificate
        GET /api/v1/deployments/{deployment_id}/conditions
        GET /api/v1/deployments/{deployment_id}/invitations
        GET /api/v1/deployments/{deployment_id}/sign-plan
        POST /api/v1/requests
        GET /deployments
        GET /deployments/new
        GET /deployments/{deployment_id}
        GET /deployments/{deployment_id}/application
        GET /deployments/{deployment_id}/authority
        GET /deployments/{deployment_id}/closing
        GET /deployments/{deployment_id}/closing/certificate.txt
        POST /deployments/{deployment_id}/closing/proof
        GET /deployments/{deployment_id}/closing/proving
        GET /deployments/{deployment_id}/closing/purging
        GET /deployments/{deployment_id}/closing/record.json
        GET /deployments/{deployment_id}/consent
        GET /deployments/{deployment_id}/notices
        GET /deployments/{deployment_id}/notices/details
        GET /deployments/{deployment_id}/notices/files/{name:path}
        GET /deployments/{deployment_id}/notices/made
        GET /deployments/{deployment_id}/notices/plan
        GET /deployments/{deployment_id}/observers
        GET /deployments/{deployment_id}/operating-point
        GET /deployments/{deployment_id}/running
        GET /deployments/{deployment_id}/running/starting
        GET /deployments/{deployment_id}/watchlist
        GET /deployments/{deployment_id}/watchlist/compose
        GET /deployments/{deployment_id}/watchlist/composing
        GET /requests/new
        POST /requests/new
    """,
    "AP EV": """
        POST /api/v1/deployments
        POST /api/v1/deployments/{deployment_id}/consent
        POST /deployments
        POST /deployments/{deployment_id}/consent
    """,
    "AP OP EO SE EV": """
        POST /api/v1/deployments/{deployment_id}/notices
        DELETE /api/v1/deployments/{deployment_id}/notices/{notice_id}
        POST /deployments/{deployment_id}/notices
        POST /deployments/{deployment_id}/notices/{notice_id}/remove
    """,
    "AP OP SE": """
        POST /deployments/{deployment_id}/watchlist/feed
    """,
    "AU": """
        POST /api/v1/listed
        GET /api/v1/requests
        GET /api/v1/requests/{request_id}
        POST /api/v1/requests/{request_id}/acknowledgement
        POST /api/v1/requests/{request_id}/answer
        POST /api/v1/requests/{request_id}/closing
        POST /api/v1/requests/{request_id}/identity
        GET /api/v1/log
        GET /log
        POST /log/export
        GET /log/listed
        POST /log/listed
        GET /log/verify
        POST /log/verify
        GET /log/verify/progress
        GET /log/{seq}
        GET /requests
        GET /requests/{request_id}
        POST /requests/{request_id}/{step}
    """,
    "EO": """
        POST /api/v1/deployments/{deployment_id}/engagements
        GET /api/v1/engagements/{engagement_id}
        POST /api/v1/engagements/{engagement_id}/end
        GET /street
        GET /street/{deployment_id}
        GET /street/{deployment_id}/alerts/{alert_id}
        POST /street/{deployment_id}/alerts/{alert_id}/decision
        POST /street/{deployment_id}/alerts/{alert_id}/disposal
        POST /street/{deployment_id}/alerts/{alert_id}/identity
        GET /street/{deployment_id}/engage
        POST /street/{deployment_id}/engage
        GET /street/{deployment_id}/engagements/{engagement_id}
        POST /street/{deployment_id}/engagements/{engagement_id}/end
        GET /street/{deployment_id}/queue
    """,
    "EV": """
        POST /api/v1/passes/{pass_id}/stop
        POST /api/v1/trials
        POST /api/v1/trials/{trial_id}/deployments
        POST /api/v1/trials/{trial_id}/end
        GET /trials/new
        POST /trials
        POST /trials/{trial_id}/deployments
        POST /trials/{trial_id}/end
        POST /trials/{trial_id}/report
        POST /api/v1/volunteers/{volunteer_id}/passes
        POST /api/v1/volunteers/{volunteer_id}/passes/start
        GET /blue
        GET /blue/{deployment_id}
        POST /blue/{deployment_id}/pairs
        POST /blue/{deployment_id}/passes
        POST /blue/{deployment_id}/passes/{pass_id}/stop
        POST /blue/{deployment_id}/volunteers
        POST /blue/{deployment_id}/volunteers/{volunteer_id}/start
        POST /blue/{deployment_id}/volunteers/{volunteer_id}/withdraw
    """,
    "OB": """
        POST /api/v1/deployments/{deployment_id}/questions
        GET /observe
        GET /observe/{deployment_id}
        GET /observe/{deployment_id}/events
        POST /observe/{deployment_id}/messages/{message_id}/withdraw
        POST /observe/{deployment_id}/questions
        POST /observe/{deployment_id}/statements
        POST /observe/{deployment_id}/statements/{statement_id}/withdraw
    """,
    "OP": """
        GET /live
        GET /live/{deployment_id}
        GET /live/{deployment_id}/alerts/{alert_id}
        POST /live/{deployment_id}/alerts/{alert_id}/decision
        GET /live/{deployment_id}/preview/{camera_id}.jpg
        GET /live/{deployment_id}/queue
        GET /live/{deployment_id}/side
        GET /live/{deployment_id}/status
        POST /live/{deployment_id}/suspend
    """,
    "OP EO": """
        POST /api/v1/alerts/{alert_id}/decisions
    """,
    "OP EO EV AU": """
        GET /alerts/{alert_id}/crop
        GET /alerts/{alert_id}/portrait
        GET /api/v1/alerts/{alert_id}
        GET /api/v1/alerts/{alert_id}/crop
        GET /api/v1/deployments/{deployment_id}/alerts
    """,
    "OP SE EV": """
        POST /api/v1/deployments/{deployment_id}/live
        POST /deployments/{deployment_id}/running/start
    """,
    "SE": """
        GET /cameras
        GET /cameras/machine
        GET /cameras/packs
        GET /cameras/packs/progress
        POST /cameras/packs/verify
        GET /cameras/{deployment_id}
        GET /cameras/{deployment_id}/health
        GET /cameras/{deployment_id}/preview.jpg
        POST /cameras/{deployment_id}/still
        GET /cameras/{deployment_id}/zone
        POST /cameras/{deployment_id}/zone
        POST /deployments/{deployment_id}/closing/purge
    """,
    "SE EV": """
        POST /api/v1/deployments/{deployment_id}/calibration
        POST /deployments/{deployment_id}/operating-point
    """,
    "AP SE EV": """
        PUT /api/v1/deployments/{deployment_id}/sign-plan
        POST /deployments/{deployment_id}/notices/plan
    """,
    "AP AO SE EV": """
        POST /api/v1/questions/{message_id}/answers
        POST /deployments/{deployment_id}/notices/details
        POST /deployments/{deployment_id}/notices/make
        POST /deployments/{deployment_id}/observers/messages/{message_id}/withdraw
        POST /deployments/{deployment_id}/observers/questions/{message_id}/answer
    """,
    "AP AO OP EO SE EV AU OB": """
        GET /api/v1/deployments/{deployment_id}/questions
    """,
    "AP AO SE EV OB": """
        POST /api/v1/messages/{message_id}/withdrawal
    """,
}


def table() -> dict[str, tuple[bool, frozenset[Role]]]:
    """Return route -> whether it is public, and the roles that it is open to."""
    found = {}
    for who, routes in TABLE.items():
        everybody = frozenset(SHORT.values())
        roles = (
            everybody if who in {"public", "signed in"} else {SHORT[each] for each in who.split()}
        )
        for route in routes.strip().splitlines():
            found[route.strip()] = (who == "public", frozenset(roles))
    return found


def said_by(app) -> dict[str, tuple[bool, frozenset[Role]]]:
    """Return the same as the application says it."""
    found = {}
    for route in routes_of(app):
        access = access_of(route.endpoint)
        is_api = ".api." in route.endpoint.__module__ and not route.path.startswith(PREFIX)
        path = f"{PREFIX}{route.path}" if is_api else route.path
        roles = access.roles or frozenset(SHORT.values())
        for method in route.methods - {"HEAD"}:
            found[f"{method} {path}"] = (access.is_public, frozenset(roles))
    return found


@pytest.fixture
def desk(tmp_path):
    """Return a console without deployments."""
    return a_desk(tmp_path)


def test_the_application_is_open_to_whom_the_table_says(desk):
    """No route more, none less, each for these roles (R-36)."""
    assert said_by(create_app(desk.console)) == table()


def knock(browser, route: str) -> int:
    """Return how a route answers somebody who sends nothing but the request."""
    method, path = route.split()
    place = re.sub(r"\{\w+\}", "1", path)
    return browser.request(method, place).status_code


@pytest.mark.parametrize("role", [*PEOPLE, None], ids=lambda role: role or "nobody")
def test_every_door_that_is_not_theirs_is_closed_and_the_knock_is_logged(desk, role):
    """403 for another role, 401 for nobody; each denial of somebody is in the log."""
    closed = [
        route
        for route, (is_public, roles) in table().items()
        if not is_public and (role is None or role not in roles)
    ]
    with desk.browser(role, accept="application/json") as browser:
        browser.app.user_middleware = [
            each for each in browser.app.user_middleware if each.cls is not RateLimit
        ]
        browser.app.middleware_stack = None
        answers = {route: knock(browser, route) for route in closed}

    expected = 401 if role is None else 403
    assert {route: status for route, status in answers.items() if status != expected} == {}
    if role is not None:
        denied = desk.events(EventKind.ACCESS_DENIED)
        assert len([e for e in denied if e.actor_id == PEOPLE[role].actor_id]) == len(closed)
