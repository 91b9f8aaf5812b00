from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from markupsafe import escape
from tests.unit.core import governed as g
from tests.unit.core.planned import a_plan
from tests.unit.evaluation.test_published_record import ROW_11
from tests.unit.evaluation.trial_logs import TrialLogs
from tests.unit.services.listing import OnePolicy
from tests.unit.services.registered import (
    STATEMENT,
    FakeExtras,
    a_register,
    at_places,
    named,
    text_of_record,
)

from overt.core.authority import AuthorityStatus
from overt.core.certificate import Certificate
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.destruction import KIND as DESTRUCTION
from overt.core.register import RegisterStatus
from overt.errors import RecordNotFoundError
from overt.evaluation.deployment_figures import DeploymentFigures
from overt.evaluation.register_columns import COLUMNS, cells_of
from overt.evaluation.trial_queries import answer
from overt.services.add_to_trial import add_to_trial
from overt.services.publish_record import KIND
from overt.services.register_files import PER_PAGE
from overt.services.register_trial import register_trial
from overt.services.workplace import Workplace
from overt.testing import FakeIds

ATOM = {"a": "http://www.w3.org/2005/Atom"}
PUBLISHED = named(g.published_at_last(), "d-pub")
EVERY_STATE = (
    named(g.authorised(), "d-up"),
    named(g.live(), "d-live"),
    named(g.suspended_at_once(), "d-susp"),
    named(g.ended_early(), "d-end"),
    named(g.cancelled_early(), "d-can"),
    PUBLISHED,
)
HIDDEN = (named(g.applied(), "d-app"), named(g.refused_at_once(), "d-ref"), g.a_ready_rehearsal())
MOST_BYTES = 100_000


class Figures(HTMLParser):
    """Gathers what a page says of each column."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self._column = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "data-column" in given:
            self._column = given["data-column"]
            self.texts[self._column] = ""
            if "value" in given:
                self.values[self._column] = given["value"]

    def handle_endtag(self, tag):
        if tag in {"data", "p"}:
            self._column = None

    def handle_data(self, data):
        if self._column is not None:
            self.texts[self._column] += data


def test_every_figure_of_a_page_is_that_of_the_record():
    """The record's figures are those counted from the log; a page reads nothing else (R-71)."""
    register = a_register(PUBLISHED)
    cells = cells_of(json.loads(text_of_record(PUBLISHED)))

    found = Figures(register.page("deployments/d-pub.html"))

    shown = [c for c in COLUMNS if c.is_on_page and c.group.value != "False alerts"]
    assert found.values.keys() == {column.name for column in shown}
    for column in shown:
        cell = cells[column.name]
        assert found.values[column.name] == ("" if cell is None else str(cell)), column.name
    for name in ("false_alerts_per_face_seen", "false_alerts_per_alert"):
        assert found.texts[name] == cells[name]
    assert found.texts["faces_seen"] == f"{ROW_11.faces_seen:,}"
    assert "11 of 275 comparisons" in register.page("deployments/d-pub.html")


def test_each_column_stands_with_its_meaning():
    """R-65: on the page itself and among the terms."""
    register = a_register(PUBLISHED)
    page, terms = register.page("deployments/d-pub.html"), register.page("glossary.html")

    assert all(
        _escaped(c.meaning) in page
        for c in COLUMNS
        if c.is_on_page and c.group.value != "False alerts"
    )
    assert all(_escaped(c.meaning) in terms and c.name in terms for c in COLUMNS)


def test_before_a_deployment_is_over_only_its_notice_is_told():
    """R-60: where, when, why, who, the cap, and nothing that only the force knows."""
    register = a_register(*EVERY_STATE)

    for name in ("d-up", "d-live", "d-susp", "d-end", "d-can"):
        page = register.page(f"deployments/{name}.html")
        assert "The square, north" in page
        assert "At most 100 people" in page
        assert "https://force.example/notices" in page
        for secret in ("0.94", "No officers", "INT-2026-11", "Arrests at home", "Rain", "sign-1"):
            assert secret not in page, secret
    assert "Cameras are running there now" in register.page("deployments/d-live.html")
    assert "No camera ran" in register.page("deployments/d-can.html")


def test_what_the_public_was_not_told_of_has_no_page():
    """Applied for, refused, rehearsed: neither page nor line in any list, nor in the feed."""
    register = a_register(*EVERY_STATE, *HIDDEN)

    for deployment in HIDDEN:
        with pytest.raises(RecordNotFoundError):
            register.files.file(f"deployments/{deployment.deployment_id}.html")
    everything = b"".join(content for _, content in register.files.all()).decode()
    assert not any(f'"{d.deployment_id}"' in everything for d in HIDDEN)
    assert not any(f"{d.deployment_id}.html" in everything for d in HIDDEN)
    assert "REHEARSAL" not in everything


def test_what_is_served_is_what_is_written():
    """Every file by its name gives the same bytes, and again after it was kept."""
    extras = FakeExtras(files={"d-pub": {"en/poster-a4.pdf": b"%PDF-1.7"}})
    register = a_register(*EVERY_STATE, extras=extras)
    written = dict(register.files.all())

    assert len(written) == len(list(register.files.all()))
    assert written["notices/d-pub/en/poster-a4.pdf"] == b"%PDF-1.7"
    for name, content in written.items():
        assert register.files.file(name) == content == register.files.file(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "nothing.html", "years/2026-0.html", "years/2026-2.html", "years/x-1.html"),
        *("places/2.html", "places/01.html", "records/d-up.json", "records/d-no.json"),
        *("deployments/d-pub-statements-1.html", "deployments/d-pub-statements-x.html"),
        *(
            "notices/d-pub/../../master.key",
            "notices/d-pub/none.pdf",
            "../master.key",
            "years/2026-1",
        ),
    ],
)
def test_a_name_that_is_none_has_no_file(name):
    """Nothing is guessed, and no path leads out."""
    with pytest.raises(RecordNotFoundError):
        a_register(*EVERY_STATE).files.file(name)


def test_links_lead_somewhere_from_any_folder():
    """Relative, without a query, to a file that is written: the site works from anywhere."""
    written = dict(a_register(*EVERY_STATE).files.all())

    for name, content in written.items():
        if not name.endswith(".html"):
            continue
        folder = name.rpartition("/")[0]
        for link in re.findall(r'(?:href|src|action)="([^"#]+)"', content.decode()):
            if link == "data:,":
                continue
            assert not link.startswith(("/", "http")), (name, link)
            parts = [*folder.split("/"), *link.split("/")] if folder else link.split("/")
            while ".." in parts:
                at = parts.index("..")
                del parts[at - 1 : at + 1]
            assert "/".join(parts) in written, (name, link)


def test_pages_stay_light():
    """At most 100 kB a page: long names, 60 deployments on two pages, long statements."""
    long = "A very long name of a street " * 100
    statements = [STATEMENT | {"text": "<&>" * 3000} for _ in range(4)]
    many = [
        at_places(named(g.authorised(), f"d-{n}"), long if n % 2 else f"Place {n}")
        for n in range(PER_PAGE + 10)
    ]
    register = a_register(*many)
    register.add(PUBLISHED, text_of_record(PUBLISHED, statements=statements))
    written = dict(register.files.all())

    pages = {name: len(content) for name, content in written.items() if name.endswith(".html")}
    assert max(pages.values()) <= MOST_BYTES, max(pages.items(), key=lambda item: item[1])
    assert {"years/2026-1.html", "years/2026-2.html", "places/2.html"} <= pages.keys()
    assert "deployments/d-pub-statements-1.html" in pages
    told = "".join(written[name].decode() for name in pages if "/d-pub" in name)
    assert told.count("&lt;&amp;&gt;" * 3000) == 4


def test_what_somebody_wrote_is_text():
    """No name or statement becomes markup, in pages, feed or table."""
    bad = "<script>alert(1)</script>\"'&"
    deployment = at_places(PUBLISHED, f"{bad} \u202eevil", "=1+1", "شارع الملك فيصل")
    register = a_register()
    register.add(deployment, text_of_record(deployment, statements=[STATEMENT | {"text": bad}]))
    written = dict(register.files.all())

    for name, content in written.items():
        if name.endswith(".html"):
            assert b"<script" not in content, name
            assert "\u202e" not in content.decode(), name
    _feed_of(written["feed.atom"].decode())
    assert "<bdi>شارع الملك فيصل</bdi>" in written["deployments/d-pub.html"].decode()
    (row,) = csv.DictReader(io.StringIO(written["records.csv"].decode()))
    assert row["places"].startswith("<script>")
    assert _escaped(bad) in written["deployments/d-pub.html"].decode()


def test_questions_stand_with_their_answers():
    """Unedited; one that was withdrawn tells when, in place of its words."""
    record = json.loads(text_of_record(PUBLISHED, statements=()))
    at, digest = "2026-03-03T12:00:00Z", "d" * 64
    record["questions"] = [
        {
            "asked_at": at,
            "sha256": digest,
            "text": "Why <here>?",
            "answers": [{"answered_at": at, "sha256": digest, "text": "Because of it"}],
        },
        {"asked_at": at, "sha256": digest, "withdrawn_at": "2026-03-04T09:00:00Z", "answers": []},
    ]
    register = a_register()
    register.add(PUBLISHED, json.dumps(record))

    page = register.page("deployments/d-pub.html")

    assert page.index("Why &lt;here&gt;?") < page.index("Because of it")
    assert "Withdrawn by its author on 2026-03-04T09:00:00Z" in page
    assert page.count("Question of an observer") == 2
    assert page.count("Answer of the force") == 1


def test_requests_are_told_in_numbers():
    """All of them are there on the first day, as nought."""
    page = a_register().page("requests.html")

    assert "Answered in time" in page
    assert page.count("<dd>0</dd>") == 9
    assert "Numbers below 5 are withheld" in page
    assert "A zero is shown" in page


def test_a_table_cell_is_no_formula():
    """A place that begins with a sign of formulas is marked as text."""
    deployment = at_places(PUBLISHED, "=HYPERLINK(1)")
    register = a_register()
    register.add(deployment, text_of_record(deployment))

    (row,) = csv.DictReader(io.StringIO(register.page("records.csv")))
    assert row["places"] == "'=HYPERLINK(1)"
    assert row["alerts"] == "8"


def test_records_fit_their_schema():
    """Also a record of a run of nothing; one that lacks a rate or counts below zero does not."""
    register = a_register(PUBLISHED)
    nothing = named(g.published_at_last(), "d-nothing")
    register.add(nothing, text_of_record(nothing, DeploymentFigures(), statements=()))
    schema = json.loads(register.page("schema/records.schema.json"))
    document = json.loads(register.page("records.json"))
    validator = jsonschema_rs.validator_for(schema)
    one = jsonschema_rs.validator_for({"$ref": "#/$defs/record", "$defs": schema["$defs"]})

    validator.validate(document)
    one.validate(json.loads(register.page("records/d-pub.json")))
    assert len(document["records"]) == 2
    wrong = [dict(document["records"][0]) for _ in range(2)]
    wrong[0]["searches"] = -1
    del wrong[1]["false_alerts_per_alert"]
    assert not any(one.is_valid(each) for each in wrong)


def test_a_record_is_the_text_that_was_published():
    """Byte for byte, so that its digest is that of the log."""
    assert a_register(PUBLISHED).page("records/d-pub.json") == text_of_record(PUBLISHED)


def test_the_feed_is_atom_with_identifiers_that_stay():
    """RFC 4287: id, title, updated for feed and entries; the same identifiers after a change."""
    register = a_register(*EVERY_STATE)
    before = _feed_of(register.page("feed.atom"))
    register.change(replace(g.ended_early(), deployment_id="d-live"))
    after = _feed_of(register.page("feed.atom"))

    for feed in (before, after):
        assert all(feed.find(f"a:{name}", ATOM).text for name in ("id", "title", "updated"))
        assert feed.find("a:author/a:name", ATOM).text == "force.example/lfr"
        for entry in feed.findall("a:entry", ATOM):
            assert all(
                entry.find(f"a:{n}", ATOM).text for n in ("id", "title", "updated", "summary")
            )
            assert entry.find("a:link", ATOM).get("href").startswith("deployments/")
    ids = [
        {e.find("a:id", ATOM).text for e in feed.findall("a:entry", ATOM)}
        for feed in (before, after)
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == len(EVERY_STATE)
    assert all(one.startswith("urn:uuid:") for one in ids[0])
    times = [e.find("a:updated", ATOM).text for e in after.findall("a:entry", ATOM)]
    assert times == sorted(times, reverse=True)
    assert after.find("a:updated", ATOM).text == times[0]


def test_a_register_goes_on_with_the_log():
    """What changed is read again, what did not is not; a quiet event changes nothing."""
    register = a_register(*EVERY_STATE)
    first = register.view.register()
    assert register.view.register() is first
    register.change(named(g.ended_early(), "d-live"))
    second = register.view.register()

    assert second.version == first.version + 1
    assert second.by_id["d-live"].status is RegisterStatus.ENDED
    assert second.by_id["d-up"] is first.by_id["d-up"]
    register.add(named(g.authorised(), "d-new"))
    assert "d-new" in register.view.register().by_id
    register.change(named(replace(g.authorised(), public_notice=None), "d-new"))
    assert "d-new" not in register.view.register().by_id


def test_time_alone_changes_what_is_announced():
    """A deployment whose windows passed without a camera is said not to have taken place."""
    register = a_register(*EVERY_STATE)
    assert "Announced" in register.page("deployments/d-up.html")
    register.clock.at = g.CLOSES

    assert register.view.register().by_id["d-up"].status is RegisterStatus.NOT_HELD
    assert "Did not take place" in register.page("deployments/d-up.html")


def test_places_are_found_without_a_script():
    """By a form; the page says how many there are."""
    register = a_register(*EVERY_STATE, at_places(named(g.authorised(), "d-k"), "King's Cross"))

    found = register.files.found(" king ").decode()
    assert "1 deployment for <bdi>king</bdi>" in found
    assert "deployments/d-k.html" in found
    assert "No deployment that the public was told of" in register.files.found("x" * 5000).decode()
    assert "All places, from A to Z" in register.page("search.html")


def test_an_empty_register_says_so():
    """Every page is there on the first day."""
    register = a_register(extras=FakeExtras(key=None, note=None))
    written = dict(register.files.all())

    assert "Nothing is announced" in written["index.html"].decode()
    assert "checkpoint.txt" not in written
    assert "none was published" in written["check.html"].decode()
    assert json.loads(written["records.json"])["records"] == []


def test_a_withdrawn_authority_is_told_without_its_reason():
    """R-07: the reason was written for the force."""
    cancelled = named(g.cancelled_early(), "d-can")
    authority = replace(
        cancelled.authority, status=AuthorityStatus.WITHDRAWN, status_reason="Secret grounds"
    )
    page = a_register(replace(cancelled, authority=authority)).page("deployments/d-can.html")

    assert "Its authority was withdrawn" in page
    assert "Secret grounds" not in page


@pytest.mark.parametrize(("asked_by", "is_shown"), [("system", True), ("engineer-1", False)])
def test_a_certificate_is_shown_whole_or_not_at_all(asked_by, is_shown):
    """One that names an account is not; its digest stands on the page either way."""
    register = a_register(PUBLISHED)
    text = f"force.example/lfr\nasked by: {asked_by}\nrows: 30\n"
    with register.store.unit_of_work() as uow:
        uow.certificates.add(Certificate("c-1", "d-pub", DESTRUCTION, g.OPENS, text))
        uow.commit()

    page = register.page("deployments/d-pub.html")

    assert ("rows: 30" in page) is is_shown
    assert ("is shown on request" in page) is not is_shown
    assert "engineer-1" not in page
    assert "b" * 64 in page


def test_an_unknown_pack_is_said_to_be_unknown():
    """No evidence is made up."""
    page = a_register(PUBLISHED, pack=None).page("deployments/d-pub.html")
    assert "is not known to whoever made this page" in page


def test_a_demonstration_shows_rehearsals_and_says_so_on_every_page():
    """Its figures come from the log; they are in no table."""
    rehearsal = named(g.a_ready_rehearsal(), "d-reh")
    over = replace(rehearsal, state=DeploymentState.PURGED, ended_at=g.OPENS)
    register = a_register(over, demo=True)
    written = dict(register.files.all())

    assert all(
        b"REHEARSAL" in content
        for name, content in written.items()
        if name.endswith((".html", ".atom"))
    )
    page = written["deployments/d-reh.html"].decode()
    assert "this is what it showed" in page
    assert 'data-column="volunteers"' in page
    assert "How often was it wrong" in page
    assert 'data-column="alerts"' in page
    assert 'data-column="arrests"' not in page
    assert "figures to come" not in page
    feed = written["feed.atom"].decode()
    assert "REHEARSAL - Over: " in feed
    assert "its figures stand on its page" in feed
    assert "figures to come" not in feed
    assert "no figures are published yet" not in feed
    assert "only step 1 can be taken" in written["check.html"].decode()
    assert "The feed tells of those" in written["data.html"].decode()
    assert "no record of one is ever published" in written["index.html"].decode()
    assert "They are among the faces seen" in " ".join(page.split())
    assert "records/d-reh.json" not in written
    assert json.loads(written["records.json"])["records"] == []


def test_a_trial_is_told_with_those_of_its_deployments_that_are_public():
    """From the first public one on; its plan as it was registered, its sums from its records."""
    told, secret = named(g.authorised(), "d-up"), named(g.applied(), "d-no")
    register = a_register(told, secret)
    workplace = Workplace(register.store.unit_of_work, register.clock, FakeIds(), OnePolicy())
    with workplace.open() as uow:
        for actor in g.EVERYONE:
            uow.actors.save(actor)
        uow.commit()
    evaluator, kind = g.EVALUATOR.actor_id, DeploymentKind.OPERATIONAL
    assert "no trial of which a deployment is public" in register.page("trials/index.html")
    trial = register_trial(workplace, evaluator, a_plan(), kind, ["d-no"])
    assert trial.trial_id not in register.page("trials/index.html")

    add_to_trial(workplace, evaluator, trial.trial_id, "d-up")
    before = register.page(f"trials/{trial.trial_id}.html")
    published = named(g.published_at_last(), "d-up")
    with workplace.open() as uow:
        uow.certificates.add(Certificate("r-1", "d-up", KIND, g.OPENS, text_of_record(published)))
        uow.commit()
    register.change(published)
    after = register.page(f"trials/{trial.trial_id}.html")

    assert "1 deployment so far of 3 planned" in register.page("trials/index.html")
    assert "At most one face in a thousand raises a false alert" in before
    assert trial.plan.sha256() in before
    assert "It is not over" in before
    assert "d-no" not in before
    assert "with figures here, together" not in before
    assert "8,600 faces seen, 8 alerts (1 true, 7 false), 1 arrest" in after
    assert "7 of 8,600 faces seen (" in after
    assert "7 of 8 alerts (87.5 %, 95 % interval 47.3 % to 99.7 %)" in after
    assert "True recognition rate" not in after
    assert evaluator not in after
    with pytest.raises(RecordNotFoundError):
        register.files.file("trials/trial-9.html")


def test_a_trial_of_rehearsals_has_the_sums_of_its_report():
    """Faces, both rates, and the true recognition rate with the interval of the same log."""
    logs = TrialLogs()
    for day, deployment_id in enumerate(("d-1", "d-2")):
        logs.join(deployment_id, day=day)
        logs.count(deployment_id, 900)
        logs.walk(deployment_id, 1, f"{deployment_id}-1")
        logs.walk(deployment_id, 1, f"{deployment_id}-2", sees=False)
        logs.walk(deployment_id, 2, f"{deployment_id}-3")
        logs.end(deployment_id)
    over = replace(g.a_ready_rehearsal(), state=DeploymentState.PURGED, ended_at=g.OPENS)
    register = a_register(named(over, "d-1"), named(over, "d-2"), demo=True)
    with register.store.unit_of_work() as uow:
        for each in logs.logged[1:]:
            uow.audit.append(each.event)
        uow.commit()

    page = register.page("trials/t-1.html")

    reported = answer("true_recognition_rate(all)", logs.log())["text"]
    assert reported.startswith("4 of 6 recognition opportunities (66.7 %, 95 % interval by person")
    assert f"<dd>{reported}</dd>" in page
    assert "2 deployments with figures here, together:" in page
    assert "1,800 faces seen, 4 alerts (0 true, 0 false)." in page
    assert "0 of 1,800 faces seen (" in page


def test_a_year_adds_up_its_records():
    """R-66: sums are worked out from the deployments, never typed in."""
    register = a_register(PUBLISHED, named(g.published_at_last(), "d-2"), named(g.live(), "d-3"))
    page = register.page("years/2026-1.html")

    assert "17,200 faces seen, 16 alerts (2 true, 14 false), 2 arrests" in page


def _feed_of(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - made by the register itself


def _escaped(text: str) -> str:
    return str(escape(text))
