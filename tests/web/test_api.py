"""The API: the same use cases and refusals as the pages, in one shape, for programs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.services.alerted import an_alert, an_entry
from tests.web.consoles import PEOPLE, a_desk

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.services.passwords import replace_password
from overt.web.api.errors_document import ERRORS

PASSWORD = "four plain words here"
V1 = "/api/v1"


@pytest.fixture
def desk(tmp_path):
    """Return a console with a live deployment, an entry and an alert about it."""
    desk = a_desk(tmp_path, g.live())
    with desk.console.workplace.open() as uow:
        uow.entries.add_many([an_entry()])
        uow.alerts.add(an_alert(policy_hash=g.POLICY.digest()))
        uow.commit()
    return desk


def program(desk, role=None, **headers):
    """Open a program's connection."""
    return desk.browser(role, accept="application/json", **headers)


def decision(verdict="dismissed", code="different_person", step="operator"):
    """Return the body of a decision."""
    return {"step": step, "verdict": verdict, "reason_codes": [code]}


def test_a_program_signs_in_and_out_with_a_token(desk):
    """No cookie and no other token is needed; afterwards it opens nothing."""
    actor_id = PEOPLE[Role.APPLICANT].actor_id
    replace_password(desk.console.workplace, desk.console.hasher, actor_id, PASSWORD)
    with program(desk) as client:
        begun = client.post(f"{V1}/session", json={"account": actor_id, "password": PASSWORD})
        client.cookies.clear()
        bearer = {"Authorization": f"Bearer {begun.json()['token']}"}
        drafted = client.post(f"{V1}/deployments", json={"name": "Square"}, headers=bearer)
        client.delete(f"{V1}/session", headers=bearer)
        after = client.get(f"{V1}/me", headers=bearer)

    assert begun.status_code == drafted.status_code == 201
    assert drafted.json()["state"] == "draft"
    assert (after.status_code, after.json()["code"]) == (401, "request.sign_in_required")


def test_a_cookie_alone_changes_nothing(desk):
    """A page of another site has no token."""
    with program(desk, Role.APPLICANT) as client:
        del client.headers["X-CSRF-Token"]
        answer = client.post(f"{V1}/deployments", json={"name": "Square"})

    assert (answer.status_code, answer.json()["code"]) == (403, "request.forged")


def test_an_operator_decides_what_was_shown_once(desk):
    """R-51, R-52: shown first; the same key twice decides once; whoever comes second is told."""
    headers = {"Idempotency-Key": "key-of-the-sender"}
    with program(desk, Role.OPERATOR) as client:
        early = client.post(f"{V1}/alerts/a-1/decisions", json=decision(), headers=headers)
        shown = client.get(f"{V1}/alerts/a-1")
        desk.clock.at += timedelta(seconds=3)
        first = client.post(f"{V1}/alerts/a-1/decisions", json=decision(), headers=headers)
        again = client.post(f"{V1}/alerts/a-1/decisions", json=decision(), headers=headers)
        other = client.post(
            f"{V1}/alerts/a-1/decisions",
            json=decision("passed_on", "looks_alike"),
            headers={"Idempotency-Key": "another-key"},
        )

    assert early.json()["code"] == "alert.wrong_step"
    assert shown.json()["alert"]["alert_id"] == "a-1"
    assert (first.status_code, first.json()["state"]) == (201, "dismissed")
    assert again.json() == {**first.json(), "is_repeated": True}
    assert (other.status_code, other.json()["code"]) == (409, "alert.already_decided")
    assert other.json()["details"]["decided_by"] == PEOPLE[Role.OPERATOR].actor_id
    assert len(desk.events(EventKind.ALERT_DECIDED)) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"step": "operator", "verdict": "dismissed"}, 422),
        (decision(code="because"), 422),
        (decision("arrest", "wanted_by_courts"), 409),
        ({**decision(), "step": "machine"}, 422),
    ],
)
def test_a_decision_that_is_none_is_refused(desk, body, status):
    """Without a reason, with another one, of another step, of nobody."""
    with program(desk, Role.OPERATOR) as client:
        client.get(f"{V1}/alerts/a-1")
        headers = {"Idempotency-Key": "key-of-the-sender"}
        answer = client.post(f"{V1}/alerts/a-1/decisions", json=body, headers=headers)

    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "status", "details"}


def test_lists_come_in_pages(desk):
    """Each names what the next one begins after."""
    with program(desk, Role.APPLICANT) as client:
        for number in range(5):
            client.post(f"{V1}/deployments", json={"name": f"Square {number}"})
        seen, after, sizes = [], None, []
        while True:
            params = {"limit": 4, **({"after": after} if after else {})}
            page = client.get(f"{V1}/deployments", params=params).json()
            sizes.append(len(page["items"]))
            seen += [each["deployment_id"] for each in page["items"]]
            after = page["next"]
            if after is None:
                break

    assert sizes == [4, 2]
    assert len(set(seen)) == 6


def test_a_refusal_names_every_condition(desk):
    """By the number of its requirement."""
    from overt.errors import DeploymentNotReadyError

    unmet = (("R-14", "a list checked against the feed", "never"),)
    desk.runs.refusal = DeploymentNotReadyError("may not be live", unmet=unmet)
    with program(desk, Role.OPERATOR) as client:
        answer = client.post(f"{V1}/deployments/d-1/live", json={})

    assert answer.status_code == 409
    assert answer.json()["details"]["unmet"] == [
        {
            "requirement": "R-14",
            "condition": "a list checked against the feed",
            "found": "never",
        }
    ]


def test_a_listing_is_asked_for_by_post_and_the_reference_stays_out_of_the_log(desk):
    """R-20: an auditor asks; no address holds personal data."""
    with program(desk, Role.AUDITOR) as client:
        answer = client.post(f"{V1}/listed", json={"reference": "N-77", "on": "2026-03-03"})

    assert (answer.status_code, answer.json()) == (200, [])
    assert all("N-77" not in str(event.details) for event in desk.events())


def test_every_route_is_described_with_the_errors_that_it_may_answer(desk):
    """The document needs no sign-in and names nothing that is not there."""
    with program(desk) as client:
        document = client.get(f"{V1}/openapi.json").json()

    operations = [
        operation
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    ]
    assert len(operations) > 30
    assert all(path.startswith(V1) for path in document["paths"])
    assert all({str(s) for s in ERRORS} <= set(each["responses"]) for each in operations)
    assert all(each["summary"] or each["description"] for each in operations)


def test_no_address_takes_personal_data(desk):
    """Parameters of path and query are identifiers, codes and numbers."""
    with program(desk) as client:
        document = client.get(f"{V1}/openapi.json").json()

    names = {
        parameter["name"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] in {"path", "query"}
    }
    plain = {"after", "kind", "last", "limit", "list_kind", "site", "state"}
    assert {name for name in names if not re.fullmatch(r"\w+_id", name)} == plain
