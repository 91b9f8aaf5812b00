"""Invitations, questions and the plan of the signs, asked for by a program."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk
from tests.web.test_api import V1, program

from overt.core.roles import Role

D = f"{V1}/deployments/d-1"


@pytest.fixture
def desk(tmp_path):
    """Return a console with a live deployment and one that is prepared."""
    desk = a_desk(tmp_path, g.live(), replace(g.with_watchlist(), deployment_id="d-2"))
    desk.clock.at = g.OPENS
    return desk


def asked(desk, role, method, path, **body):
    """Return a program's answer."""
    with program(desk, role) as client:
        return client.request(method, path, json=body or None)


def test_an_invitation_tells_its_token_once(desk):
    """The list has neither token nor digest; taken back, it says when."""
    until = "2026-04-01T12:00:00+01:00"
    made = asked(desk, Role.APPLICANT, "POST", f"{D}/invitations", sees_until=until)
    listed = asked(desk, Role.AUDITOR, "GET", f"{D}/invitations")
    invitation = made.json()["invitation"]
    path = f"{V1}/invitations/{invitation['invitation_id']}/revocation"
    revoked = asked(desk, Role.AUTHORISING_OFFICER, "POST", path, reason="By mistake")

    assert made.status_code == 201
    assert listed.json() == [invitation]
    assert "link_sha256" not in invitation
    assert made.json()["token"] not in listed.text
    assert revoked.json()["revoked_at"] is not None
    long = asked(desk, Role.APPLICANT, "POST", f"{D}/invitations", sees_until=until, link_hours=169)
    assert long.status_code == 422


def test_a_question_is_answered_and_withdrawn(desk):
    """Observers are told no account but their own, and of a withdrawn text nothing."""
    question = asked(desk, Role.OBSERVER, "POST", f"{D}/questions", text="Why?").json()
    path = f"{V1}/questions/{question['message_id']}/answers"
    answer = asked(desk, Role.APPLICANT, "POST", path, text="Because.").json()
    seen = asked(desk, Role.OBSERVER, "GET", f"{D}/questions").json()
    at_desk = asked(desk, Role.AUDITOR, "GET", f"{D}/questions").json()
    foreign = asked(desk, Role.OBSERVER, "POST", f"{V1}/messages/{answer['message_id']}/withdrawal")
    asked(desk, Role.APPLICANT, "POST", f"{V1}/messages/{answer['message_id']}/withdrawal")
    after = asked(desk, Role.OBSERVER, "GET", f"{D}/questions").json()

    assert seen[0]["question"]["written_by"] == "observer-1"
    assert "written_by" not in seen[0]["answers"][0]
    assert at_desk[0]["answers"][0]["written_by"] == "applicant-1"
    assert foreign.json()["code"] == "message.not_yours"
    assert "text" not in after[0]["answers"][0]


def test_a_plan_of_the_signs_tells_what_stands(desk):
    """GeoJSON in; each position with the sign that fills it out."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-0.1, latitude]},
            "properties": {"name": name, "site": "north", "distance_m": 120},
        }
        for name, latitude in (("west", 51.5), ("east", 51.501))
    ]
    points = {"type": "FeatureCollection", "features": features}
    path = f"{V1}/deployments/d-2/sign-plan"
    planned = asked(desk, Role.APPLICANT, "PUT", path, points=points, reason="Two ways in")
    bad = asked(desk, Role.APPLICANT, "PUT", path, points={"type": "Point"}, reason="x")
    found = asked(desk, Role.AUDITOR, "GET", path).json()

    assert planned.status_code == 200
    assert bad.json()["code"] == "notice.map_invalid"
    assert [each["planned"]["plan_id"] for each in found] == ["west", "east"]
    assert [each["filled_by"] for each in found] == [None, None]
