"""Bodies that are too large, files that stay in memory, forms that are sent twice, long tasks."""

from __future__ import annotations

import asyncio
import tempfile
import threading

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from tests.unit.core import governed as g
from tests.unit.services.listing import SetClock
from tests.web.consoles import a_desk

from overt.core.roles import Role
from overt.errors import RecordConflictError, WrongStateError
from overt.settings import Settings
from overt.web.body_limit import MIB, a_file, add_body_limit, takes
from overt.web.once import Once
from overt.web.sent_form import OfForm, SentForm
from overt.web.tasks import TaskKind, Tasks

router = APIRouter()


@router.post("/plain")
def plain(form: OfForm) -> dict[str, object]:
    """Return what was typed."""
    return {"fields": form.fields}


@router.post("/file")
@takes(a_file)
def file(form: OfForm) -> dict[str, object]:
    """Return names and sizes of the files."""
    return {name: [sent.name, len(sent.content)] for name, sent in form.files}


@pytest.fixture
def browser(tmp_path):
    """Return a browser before an application that takes 2 MiB a file."""
    app = FastAPI()
    add_body_limit(app, Settings(home=tmp_path, upload_file_mib=2))
    app.include_router(router)
    with TestClient(app) as client:
        yield client


def test_a_body_that_says_it_is_too_large_is_not_read(tmp_path):
    """Its length is looked at before its first byte."""
    app, sent = FastAPI(), []
    add_body_limit(app, Settings(home=tmp_path))
    app.include_router(router)

    async def receive():
        pytest.fail("it was read")

    async def send(message):
        sent.append(message)

    headers = [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", str(MIB + 1).encode()),
    ]
    scope = {"type": "http", "method": "POST", "path": "/plain", "query_string": b""}
    asyncio.run(app({**scope, "headers": headers}, receive, send))

    assert sent[0]["status"] == 413
    assert b"at most 1 MiB" in sent[1]["body"]


def test_a_body_that_does_not_say_its_size_is_counted(browser):
    """It is refused as soon as it shows, not at its end."""
    sent = []

    def endless():
        while len(sent) < 1000:
            sent.append(1)
            yield b"a" * 65536

    headers = {"content-type": "application/x-www-form-urlencoded"}

    assert browser.post("/plain", content=endless(), headers=headers).status_code == 413


def test_a_form_of_the_right_size_is_read(browser):
    """Names may come more than once; line ends are those of this machine."""
    answer = browser.post("/plain", data={"a": ["1", "2"], "b": "x\r\ny"})

    assert answer.json() == {"fields": [["a", "1"], ["a", "2"], ["b", "x\ny"]]}


def test_a_file_stays_in_memory(browser, monkeypatch):
    """Without any folder for temporary files, a file above Starlette's own megabyte comes in."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")

    answer = browser.post("/file", files={"photo": ("../../face.jpg", b"x" * (2 * MIB))})

    assert answer.json() == {"photo": ["../../face.jpg", 2 * MIB]}


def test_a_file_that_was_not_chosen_is_none(browser):
    """A browser sends an empty part for it."""
    body = (
        '--b\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n"
    )
    headers = {"content-type": "multipart/form-data; boundary=b"}

    assert browser.post("/file", content=body, headers=headers).json() == {}


def test_a_file_that_is_too_large_is_refused(browser):
    """Two MiB and what stands around it."""
    answer = browser.post("/file", files={"photo": ("face.jpg", b"x" * (3 * MIB))})

    assert answer.status_code == 413


def test_a_whole_list_of_photographs_comes_in_with_its_rows(browser):
    """As many as the settings say with the list beside them, and more, to be told so."""
    files = [("photo", (f"{n}.jpg", b"x")) for n in range(1001)]

    assert browser.post("/file", files=files).status_code == 200
    assert browser.post("/file", files=[*files, *files]).status_code == 400


def test_a_form_of_many_fields_comes_in_and_is_looked_up_at_once(browser):
    """Each entry of a large watchlist has one; hundreds of thousands are nobody's form."""
    fields = {f"reason.entry-{n}": "x" for n in range(20_000)}

    assert len(browser.post("/plain", data=fields).json()["fields"]) == 20_000
    many = b"a&" * 200_000
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/plain", content=many, headers=headers).status_code == 400


def test_a_field_that_comes_twice_gives_its_first_text_or_all():
    """A name that was not sent gives a blank."""
    form = SentForm((("a", "1"), ("b", "2"), ("a", "3")))

    assert (form.text("a"), form.texts("a"), form.has("b")) == ("1", ("1", "3"), True)
    assert (form.text("c"), form.texts("c"), form.has("c")) == ("", (), False)


def test_a_form_does_its_work_once():
    """The second sending waits for the first, and finds where it led."""
    once, done = Once(), []

    def send():
        with once.turn("session", "key") as turn:
            if turn.location is None:
                done.append(1)
                turn.location = "/there"

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done == [1]


@pytest.mark.parametrize(
    ("session", "key"), [("another", "key"), ("session", "other"), ("session", "")]
)
def test_another_form_is_another(session, key):
    """Of another session, of another page, or without a key."""
    once = Once()
    with once.turn("session", "key") as turn:
        turn.location = "/there"

    with once.turn(session, key) as other:
        assert other.location is None


def test_a_key_of_any_length_takes_the_same_room():
    """Thousands of them are remembered, and anybody can send a long one."""
    once = Once()
    with once.turn("session", "k" * MIB) as turn:
        turn.location = "/there"

    with once.turn("session", "k" * MIB) as again:
        assert again.location == "/there"
    assert len(str(once._turns)) < 1000


def a_refusal(task):
    """Do what a task does that is refused."""
    raise RecordConflictError("somebody was faster")


def test_a_task_goes_on_and_gives_what_it_gives():
    """Its steps can be counted meanwhile; a second one of its kind is refused."""
    tasks, go = Tasks(SetClock()), threading.Event()

    def work(task):
        task.n_total, task.n_done = 3, 1
        go.wait(10)
        return "done"

    task = tasks.start(TaskKind.PURGE, "d-1", "engineer-1", work)
    with pytest.raises(WrongStateError, match="engineer-1 began it"):
        tasks.start(TaskKind.PURGE, "d-2", "engineer-2", work)
    assert not task.is_over
    go.set()
    tasks.close()

    found = tasks.find(TaskKind.PURGE, "d-1")
    assert (found.result, found.n_done, found.n_total) == ("done", 1, 3)
    assert tasks.find(TaskKind.PURGE, "d-2") is None
    assert tasks.find(TaskKind.COMPOSE, "d-1") is None


def test_what_is_shown_of_a_task_is_one_moment_of_it():
    """A page that is made while the task ends does not show it over and without its result."""
    tasks, go = Tasks(SetClock()), threading.Event()
    tasks.start(TaskKind.PROVE, "d-1", "auditor-1", lambda _: go.wait(10))
    shown = tasks.find(TaskKind.PROVE, "d-1")
    go.set()
    tasks.close()

    assert (shown.is_over, shown.result) == (False, None)
    assert tasks.find(TaskKind.PROVE, "d-1").result is True


def test_a_task_that_is_refused_says_why():
    """Another one may then begin."""
    tasks = Tasks(SetClock())
    tasks.start(TaskKind.PURGE, "d-1", "engineer-1", a_refusal)
    tasks.close()

    task = tasks.find(TaskKind.PURGE, "d-1")
    assert task.has_failed
    assert task.problem.message == "somebody was faster"
    tasks.start(TaskKind.PURGE, "d-1", "engineer-1", lambda _: "done")
    tasks.close()
    assert tasks.find(TaskKind.PURGE, "d-1").result == "done"


def test_what_a_task_gave_can_be_forgotten():
    """References of people stand in it."""
    tasks = Tasks(SetClock())
    tasks.start(TaskKind.COMPOSE, "d-1", "applicant-1", lambda _: "done")
    tasks.close()

    tasks.forget("d-1")

    assert tasks.find(TaskKind.COMPOSE, "d-1") is None


def test_nobody_sends_a_file_to_a_route_that_is_not_theirs(tmp_path):
    """Roles are looked at before a byte of the body is."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser(Role.AUDITOR) as browser:
        del browser.headers["X-CSRF-Token"]
        large = {"list": ("list.csv", b"x" * (2 * MIB))}
        answer = browser.post("/deployments/d-1/watchlist/compose", files=large)

    assert answer.status_code == 403
    assert desk.events()[-1].details["code"] == "rule.role_forbidden"
