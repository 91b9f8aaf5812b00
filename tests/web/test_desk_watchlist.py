"""The watchlist by upload: composed, refused rows, approved, looked at, kept fresh; what harms."""

from __future__ import annotations

import io
import tempfile
import threading
from dataclasses import replace

import pytest
from PIL import Image
from tests.unit.core import governed as g
from tests.unit.services.listing import DORA, a_portrait
from tests.web.consoles import a_desk
from tests.web.desk_forms import D, Page, act_as, alert_of, hidden

from integration.hostile_files import NO_PHOTOGRAPHS, a_zip
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.watchlist import EntryStatus
from overt.core.watchlist_cells import OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from overt.core.watchlist_refusals import RefusalReason
from overt.testing import ANNA, BERTA, CLARA
from overt.web.composing import _WORDS

LIST = f"{D}/watchlist"
COLUMNS = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)


def photograph(who) -> bytes:
    """Return a picture file of a planted face; PNG keeps its pixels."""
    target = io.BytesIO()
    Image.fromarray(a_portrait(who)).save(target, "PNG")
    return target.getvalue()


PHOTOGRAPHS = {
    name: photograph(who)
    for name, who in (("a.png", ANNA), ("b.png", BERTA), ("c.png", CLARA), ("d.png", DORA))
}


def a_list(*rows) -> bytes:
    """Return a list; each row says what differs from the usual one."""
    usual = {
        "category": "wanted_by_courts",
        "justification": "Warrant of 3 January",
        "image_source": "Custody",
        "image_date": "2025-06-01",
        "urgency": "amber",
        "is_under_18": "no",
    }
    lines = [",".join(COLUMNS)]
    for i, row in enumerate(rows, start=1):
        cells = {"reference": f"N-{i}", "image": f"{'abcd'[i - 1]}.png", **usual, **row}
        lines.append(",".join(str(cells.get(column, "")) for column in COLUMNS))
    return "\n".join(lines).encode()


@pytest.fixture
def desk(tmp_path):
    """Return a console with a deployment that is authorised."""
    return a_desk(tmp_path, g.authorised())


def compose(desk, browser, content, photographs=PHOTOGRAPHS):
    """Send a list with photographs, wait for its end, and return answer and page."""
    page = hidden(browser, f"{LIST}/compose")
    files = [("list", ("list.csv", content))]
    files += [("photographs", (name, data)) for name, data in dict(photographs).items()]
    answer = browser.post(f"{LIST}/compose", data=page, files=files)
    browser.app.state.tasks.close()
    return answer, browser.get(f"{LIST}/composing").text


def entries_of(desk, *statuses):
    """Return the entries of the list."""
    with desk.console.reading() as uow:
        return uow.entries.of_deployment("d-1", statuses=statuses or None)


def test_a_list_is_composed_from_what_is_sent(desk):
    """Its entries wait for a second person; a photograph of no row is not kept."""
    with desk.browser(Role.APPLICANT) as browser:
        answer, text = compose(desk, browser, a_list({}, {}, {}))

    assert answer.headers["location"] == f"{LIST}/composing"
    assert "3 entries wait for a second person." in text
    assert "1 photograph belongs to no row" in text
    assert [e.reference for e in entries_of(desk)] == ["N-1", "N-2", "N-3"]


def test_nothing_of_it_touches_the_disk(desk, tmp_path, monkeypatch):
    """Without any folder for temporary files it goes as well; the home stays empty."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with desk.browser(Role.APPLICANT) as browser:
        _, text = compose(desk, browser, a_list({}, {}, {}))

    assert "3 entries wait" in text
    assert not list(tmp_path.rglob("*.png"))


def test_refused_rows_are_named_with_every_reason(desk):
    """And fetched as CSV by whoever sent them, by nobody else."""
    rows = ({}, {"category": "curious", "urgency": "blue"}, {"image": "d.png"}, {"image": "x.png"})
    with desk.browser(Role.APPLICANT) as browser:
        _, text = compose(desk, browser, a_list(*rows))
        fetched = browser.get(f"{LIST}/refused.csv")
        token, _ = desk.session(g.SECOND_APPLICANT)
        browser.cookies.set("overt", token)
        other, seen = browser.get(f"{LIST}/refused.csv"), browser.get(f"{LIST}/composing").text

    assert "2 entries wait" in text
    assert "the category is not in the policy, or not in the authority" in text
    assert "no such photograph was sent, or two of one name" in text
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert fetched.headers["cache-control"] == "no-store"
    assert "3,N-2,category_not_allowed urgency_not_allowed" in fetched.text
    assert other.status_code == 403
    assert "N-2" not in seen
    assert "applicant-1 may fetch them" in seen


def test_a_list_of_which_nothing_passes_stores_nothing(desk):
    """The page says why, row by row."""
    with desk.browser(Role.APPLICANT) as browser:
        _, text = compose(desk, browser, a_list({"urgency": "blue"}))

    assert "Nothing was stored." in text
    assert "the urgency is not in the policy" in text
    assert entries_of(desk) == ()


@pytest.mark.parametrize("kind", NO_PHOTOGRAPHS)
def test_a_file_that_means_harm_is_a_refused_row(desk, kind):
    """With its reason; the others are listed, and nothing of it is kept."""
    photographs = {**PHOTOGRAPHS, "b.png": NO_PHOTOGRAPHS[kind]}
    with desk.browser(Role.APPLICANT) as browser:
        _, text = compose(desk, browser, a_list({}, {}), photographs)

    assert "1 entry waits" in text
    assert "the photograph cannot be read" in text
    assert len(entries_of(desk)) == 1


def test_of_a_file_that_is_two_things_only_the_portrait_is_kept(desk):
    """A picture that is an archive too."""
    with desk.browser(Role.APPLICANT) as browser:
        compose(desk, browser, a_list({}), {"a.png": PHOTOGRAPHS["a.png"] + a_zip()})

    with desk.console.reading() as uow:
        kept = dict(uow.secrets.read_all("d-1", "image"))
    assert list(kept.values()) == [b"a portrait"]


@pytest.mark.parametrize("name", ["../../a.png", "/etc/a.png", "C:\\x\\a.png", "a.png\0.svg"])
def test_a_name_never_becomes_a_path(desk, name):
    """In the list it is refused; as the name of a file it is a name."""
    with desk.browser(Role.APPLICANT) as browser:
        _, text = compose(desk, browser, a_list({}, {"image": name.replace("\0", "")}))
        _, sent = compose(desk, browser, a_list({}), {name: PHOTOGRAPHS["a.png"]})

    assert "1 entry waits" in text
    assert ("1 entry waits" in sent) is ("\0" not in name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"name,face\nx,y\n", "unknown: column 1, column 2"),
        ("reference\n\xe9".encode("latin-1"), "missing"),
        (b"\xff\xfe", "save it as CSV UTF-8"),
    ],
)
def test_a_list_that_is_none_is_refused_as_a_whole(desk, content, words):
    """Nothing is guessed."""
    with desk.browser(Role.APPLICANT) as browser:
        _, text = compose(desk, browser, content)

    assert words in text
    assert entries_of(desk) == ()


def test_limits_are_held(tmp_path):
    """Number, size of one, size of all: 413, before anything is composed."""
    desk = a_desk(tmp_path, g.authorised(), upload_files=1, upload_file_mib=1, upload_mib=3)
    with desk.browser(Role.APPLICANT) as browser:
        many, _ = compose(desk, browser, a_list({}, {}))
        large, _ = compose(desk, browser, a_list({}), {"a.png": b"x" * (2 << 20)})
        whole, _ = compose(desk, browser, a_list({}), {"a.png": b"x" * (4 << 20)})

    assert [a.status_code for a in (many, large, whole)] == [413, 413, 413]
    assert "at most 1 photographs, found 4" in alert_of(many)
    assert "files of at most 1 MiB" in alert_of(large)
    assert entries_of(desk) == ()


def test_without_a_list_the_form_comes_back(desk):
    """It says what is missing."""
    with desk.browser(Role.APPLICANT) as browser:
        page = hidden(browser, f"{LIST}/compose")
        answer = browser.post(f"{LIST}/compose", data=page, files={"photographs": ("a.png", b"x")})

    assert answer.status_code == 422
    assert "expected the list as a CSV file, found nothing" in alert_of(answer)


def test_whoever_granted_the_authority_composes_no_list(tmp_path):
    """R-04: the service says so, and the page shows it."""
    both = g.an_actor("authority-1", Role.APPLICANT, Role.AUTHORISING_OFFICER, rank=5)
    desk = a_desk(tmp_path, g.authorised())
    with desk.console.workplace.open() as uow:
        uow.actors.save(both)
        uow.commit()
    with desk.browser() as browser:
        token, csrf = desk.session(both)
        browser.cookies.set("overt", token)
        browser.headers["X-CSRF-Token"] = csrf
        _, text = compose(desk, browser, a_list({}))

    assert "who granted the authority cannot compose the watchlist" in text


def composed(desk, browser, *rows):
    """Compose a list as the applicant."""
    act_as(desk, browser, Role.APPLICANT)
    compose(desk, browser, a_list(*(rows or ({}, {}, {}))))


def test_a_second_person_approves_and_refuses_single_entries(desk):
    """A refusal has a reason; the face of a refused one is gone."""
    with desk.browser() as browser:
        composed(desk, browser)
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        shown = browser.get(f"{LIST}/approve").text
        first = entries_of(desk)[0]
        ticked = hidden(browser, f"{LIST}/approve", refuse=first.entry_id)
        reason = {f"reason.{first.entry_id}": "Somebody else"}
        blank = browser.post(f"{LIST}/approve", data=ticked)
        again = {**Page(blank.text).hidden, "refuse": first.entry_id, **reason}
        done = browser.post(f"{LIST}/approve", data=again)

    assert shown.count("/portrait.jpg") == 3
    assert blank.status_code == 422
    assert f'value="{first.entry_id}" form="approve" checked' in blank.text
    assert done.headers["location"] == f"{LIST}?done=approved"
    assert [e.status for e in entries_of(desk)] == [
        *(EntryStatus.REMOVED, EntryStatus.APPROVED, EntryStatus.APPROVED)
    ]


def test_a_reason_to_refuse_without_its_tick_approves_nothing(desk):
    """What somebody meant to refuse is asked about, and stays as it was typed."""
    with desk.browser() as browser:
        composed(desk, browser)
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        first = entries_of(desk)[0]
        reason = {f"reason.{first.entry_id}": "Somebody else"}
        answer = browser.post(f"{LIST}/approve", data=hidden(browser, f"{LIST}/approve", **reason))

    assert answer.status_code == 422
    assert first.reference in alert_of(answer)
    assert "Somebody else" in answer.text
    assert {entry.status for entry in entries_of(desk)} == {EntryStatus.COMPOSED}


def test_whoever_composed_a_list_does_not_approve_it(desk):
    """R-16: refused on the same page, and logged."""
    with desk.browser() as browser:
        composed(desk, browser)
        answer = browser.post(f"{LIST}/approve", data=hidden(browser, f"{LIST}/approve"))

    assert answer.status_code == 403
    assert "cannot approve it" in alert_of(answer)
    assert desk.events()[-2].details["code"] == "deployment.separation_of_duties"


def test_a_list_that_was_composed_again_is_not_approved_unseen(desk):
    """The second person looks at the new one first."""
    with desk.browser() as browser:
        composed(desk, browser)
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        page = hidden(browser, f"{LIST}/approve")
        composed(desk, browser)
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        answer = browser.post(f"{LIST}/approve", data=page)

    assert answer.status_code == 409
    assert "the list has changed" in alert_of(answer)
    assert len(entries_of(desk, EntryStatus.COMPOSED)) == 3


def test_an_entry_under_18_is_approved_by_its_officer(desk):
    """Before the list as a whole."""
    under_18 = {
        "is_under_18": "yes",
        "under_18_exception_by": "authority-1",
        "under_18_exception_reason": "At grave risk",
    }
    with desk.browser() as browser:
        composed(desk, browser, under_18, {})
        first = entries_of(desk)[0]
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        page = hidden(browser, f"{LIST}/approve")
        one = browser.post(f"{LIST}/entries/{first.entry_id}/approve", data=page)

    assert one.headers["location"] == f"{LIST}/approve?done=entry"
    assert [e.status for e in entries_of(desk)] == [EntryStatus.APPROVED, EntryStatus.COMPOSED]


def test_a_portrait_is_a_picture_and_each_look_is_logged(desk):
    """Never kept by the browser; of another deployment there is none."""
    with desk.browser() as browser:
        composed(desk, browser)
        entry = entries_of(desk)[0].entry_id
        act_as(desk, browser, Role.OPERATOR)
        picture = browser.get(f"{LIST}/entries/{entry}/portrait.jpg")
        elsewhere = browser.get(f"/deployments/d-2/watchlist/entries/{entry}/portrait.jpg")
        act_as(desk, browser, Role.SYSTEM_ENGINEER)
        refused = browser.get(f"{LIST}/entries/{entry}/portrait.jpg")

    assert picture.content == b"a portrait"
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["cache-control"] == "no-store"
    assert (elsewhere.status_code, refused.status_code) == (404, 403)
    looks = desk.events(EventKind.PERSONAL_DATA_VIEWED)
    assert [(e.actor_id, e.details["row_id"]) for e in looks] == [("operator-1", entry)]


def test_the_entries_are_shown_to_whom_it_concerns(desk):
    """Others are told who may look."""
    with desk.browser() as browser:
        composed(desk, browser)
        act_as(desk, browser, Role.AUDITOR)
        shown = browser.get(f"{LIST}/entries")
        act_as(desk, browser, Role.SYSTEM_ENGINEER)
        told, refused = browser.get(LIST).text, browser.get(f"{LIST}/entries")

    assert "N-1" in shown.text
    assert "may look at it; each look is logged" in told
    assert refused.status_code == 403


def feed_sent(browser, content):
    """Send a feed as its page has it."""
    files = {"feed": ("feed.csv", content)}
    return browser.post(f"{LIST}/feed", data=hidden(browser, LIST), files=files)


def test_who_is_on_the_feed_leaves_at_once(desk):
    """R-14: the page says when it was compared."""
    with desk.browser() as browser:
        composed(desk, browser)
        act_as(desk, browser, Role.OPERATOR)
        answer = feed_sent(browser, b"reference\nn-2\n")
        text = browser.get(LIST).text

    assert answer.headers["location"] == f"{LIST}?done=left"
    assert [e.reference for e in entries_of(desk, EntryStatus.COMPOSED)] == ["N-1", "N-3"]
    assert "3 March 2026, 06:00 GMT</time>; needed within" in " ".join(text.split())


@pytest.mark.parametrize(
    "content", [b"", b"name\nx\n", b"reference\n,\n\x00", b"reference,reason\nN-2\n"]
)
def test_a_feed_that_is_half_understood_is_refused(desk, content):
    """On its page; nobody leaves the list for it."""
    with desk.browser() as browser:
        composed(desk, browser)
        act_as(desk, browser, Role.OPERATOR)
        answer = feed_sent(browser, content)

    assert answer.status_code == 422
    assert alert_of(answer)
    assert len(entries_of(desk, EntryStatus.COMPOSED)) == 3


def test_one_list_at_a_time_is_composed(desk):
    """The second is told who began the first."""
    enroller, gate = desk.console.open_enroller, threading.Event()
    desk.console = replace(desk.console, open_enroller=lambda: gate.wait(10) and enroller())
    with desk.browser(Role.APPLICANT) as browser:
        page = hidden(browser, f"{LIST}/compose")
        files = [("list", ("list.csv", a_list({})))]
        first = browser.post(f"{LIST}/compose", data=page, files=files)
        going = browser.get(f"{LIST}/composing")
        told = browser.get(
            f"{LIST}/composing", headers={"accept": "application/json", "x-requested-with": "fetch"}
        )
        second = browser.post(f"{LIST}/compose", data={**page, "form_key": "another"}, files=files)
        gate.set()

    assert first.status_code == 303
    assert "The list is being composed" in going.text
    assert told.json() == {"is_over": False, "n_done": 0, "n_total": None}
    assert second.status_code == 409
    assert "applicant-1 began it" in alert_of(second)


def test_every_reason_has_words():
    """For people; the file has the codes."""
    assert set(_WORDS) == set(RefusalReason)
