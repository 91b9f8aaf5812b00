"""Texts that would be markup, scripts or templates, wherever people or lists can put them."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from tests.unit.core import governed as g
from tests.unit.core.planned import H1, a_plan
from tests.unit.services.alerted import add_alert, an_entry
from tests.web.alerts import take
from tests.web.consoles import PEOPLE, a_desk
from tests.web.desk_forms import Page
from tests.web.test_roles_by_route import table

from overt.core.adjudication import OfficerVerdict, OperatorVerdict
from overt.core.blue_list import BluePass, Volunteer
from overt.core.deployment import DeploymentKind
from overt.core.public_request import RequestKind
from overt.core.roles import Role
from overt.core.watchlist import ListKind
from overt.services import receive_request
from overt.services.file_statement import file_statement
from overt.services.register_trial import register_trial
from overt.services.view_trials import trials_of

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*'overt' }}{% x %}--><svg>"
RAW = ("<script>alert", "<img src=x", "overtovert", "<svg>")
FREE = frozenset(
    {
        *("name", "aim", "legal_basis", "necessity", "less_intrusive_options", "proportionality"),
        *("threshold_evidence", "notice_plan", "no_public_notice_reason", "place", "finding"),
        *("reason_evidence", "presence_grounds", "camera_id", "site_id", "where", "reason"),
        *("conditions", "evidence", "suspended_reason", "end_reason", "refusal_reason"),
        *("justification", "image_source", "reference", "notes", "text"),
    }
)
"""Fields that somebody types, or that come with a list."""

STREAMS = {"GET /live/{deployment_id}/events", "GET /observe/{deployment_id}/events"}


A_HOSTILE_PLAN = a_plan(
    title=HOSTILE,
    aim=HOSTILE,
    objectives=(HOSTILE,),
    stop_rules=(HOSTILE,),
    hypotheses=(replace(H1, hypothesis_id=HOSTILE, text=HOSTILE),),
)


def poisoned(value):
    """Return a value of the core with every free text replaced by the hostile one."""
    if isinstance(value, tuple):
        return tuple(poisoned(each) for each in value)
    if not is_dataclass(value):
        return value
    found = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
    texts = {name for name, each in found.items() if name in FREE and type(each) is str}
    changed = {name: HOSTILE if name in texts else poisoned(each) for name, each in found.items()}
    return replace(value, **changed)


def a_hostile_desk(folder, deployment):
    """Return a console on which every free text is hostile, a minute after an alert."""
    desk = a_desk(folder, poisoned(deployment))
    desk.clock.at = g.OPENS + g.MINUTE
    with desk.console.workplace.open() as uow:
        volunteer = an_entry(entry_id="e-2", list_kind=ListKind.BLUE)
        uow.entries.add_many(poisoned((an_entry(), volunteer)))
        uow.passes.add_volunteer(Volunteer("v-1", "d-1", "e-2", g.DIGEST, g.APPLIED_AT))
        walk = BluePass("p-1", "d-1", "v-1", "c", g.OPENS, g.OPENS + g.MINUTE, "evaluator-1", "n")
        uow.passes.add(poisoned(walk))
        uow.commit()
    add_alert(desk.console.workplace, camera_id=HOSTILE, site_id=HOSTILE)
    register_trial(
        desk.console.workplace, "evaluator-1", A_HOSTILE_PLAN, DeploymentKind.OPERATIONAL
    )
    return desk


def a_hostile_request(desk) -> str:
    """Return the identifier of a request in which every text is hostile."""
    words = receive_request.Asked(RequestKind.COMPLAINT, HOSTILE, HOSTILE, HOSTILE)
    zone = ZoneInfo("Europe/London")
    kept = receive_request.receive_from_public(desk.console.workplace, words, zone, most_open=9)
    return kept.request.request_id


def get_all(browser, role, ids):
    """Return every page and part that a role may open, by its route."""
    found = {}
    for route, (_, roles) in sorted(table().items()):
        method, path = route.split()
        if method != "GET" or role not in roles or route in STREAMS:
            continue
        address = re.sub(r"\{(\w+)\}", lambda name: quote(ids[name[1]], safe=""), path)
        found[route] = browser.get(f"{address}{QUERIES.get(route, '')}")
    return found


QUERIES = {
    "GET /deployments": "?only=all",
    "GET /cameras/{deployment_id}/zone": f"?camera={quote(f'{HOSTILE}/{HOSTILE}', safe='')}",
    "GET /blue/{deployment_id}": f"?camera={quote(HOSTILE, safe='')}",
    "GET /log": f"?actor={quote(HOSTILE, safe='')}&since={quote(HOSTILE, safe='')}",
    "GET /sign-in": f"?then=/{quote(HOSTILE, safe='')}",
}


def markup_in(text) -> list[str]:
    """Return what a browser would run, or take for an element that no template of ours has."""
    raw = [each for each in RAW if each in text]
    return raw + [
        f"<{tag} {attrs}>"
        for tag, attrs in Page(text).tags
        if any(name.startswith("on") or name == "style" for name in attrs)
        or (tag == "script" and not str(attrs.get("src", "")).startswith("/static/js/"))
        or any(str(attrs.get(name) or "").startswith("javascript:") for name in ("href", "action"))
    ]


@pytest.mark.parametrize("role", PEOPLE)
def test_free_texts_are_text_on_every_page_of_every_role(tmp_path, role):
    """Titles, attributes, fragments and forms among them; whatever is no page is no HTML."""
    desk = a_hostile_desk(tmp_path, g.suspended_at_once())
    take(desk, OperatorVerdict.PASSED_ON, OfficerVerdict.ENGAGED)
    with desk.store.reading() as uow:
        (engagement,) = uow.engagements.of_deployment("d-1")
        (trial,) = trials_of(uow)
    ids = {
        "deployment_id": "d-1",
        "alert_id": "a-1",
        "entry_id": "e-1",
        "engagement_id": engagement.engagement_id,
        "camera_id": HOSTILE,
        "seq": "1",
        "request_id": a_hostile_request(desk),
        "trial_id": trial.trial_id,
    }
    if role is Role.OBSERVER:
        file_statement(desk.console.workplace, g.OBSERVER.actor_id, "d-1", HOSTILE)
    with desk.browser(role) as browser:
        answers = get_all(browser, role, ids)

    pages = {r: a for r, a in answers.items() if "html" in a.headers.get("content-type", "")}
    assert {route: found for route, a in pages.items() if (found := markup_in(a.text))} == {}
    assert {route: a.status_code for route, a in answers.items() if a.status_code >= 500} == {}
    assert all(a.headers["x-content-type-options"] == "nosniff" for a in answers.values())
    assert any("&lt;script&gt;alert(1)" in a.text for a in pages.values())
