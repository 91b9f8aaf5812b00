"""The watchlist and the blue list by command: from a folder to the answer years later."""

from __future__ import annotations

import csv
import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.core.governed import EVERYONE, a_rehearsal, authorised, live

from overt.adapters.video.default_cast import default_cast
from overt.bootstrap.policies import policies_of
from overt.bootstrap.store import open_initialised
from overt.settings import read_settings

TODAY = datetime.now(UTC).date()
HEAD = "reference,category,justification,image,image_source,image_date,urgency,is_under_18"


def a_line(reference, image, **changes):
    """Return a line of a list against which nothing speaks."""
    cells = {
        "reference": reference,
        "category": "wanted_by_courts",
        "justification": "Warrant",
        "image": image,
        "image_source": "Custody",
        "image_date": (TODAY - timedelta(days=100)).isoformat(),
        "urgency": "amber",
        "is_under_18": "no",
    }
    return ",".join({**cells, **changes}.values())


def store_of_this_machine():
    """Return the store that the commands use."""
    return open_initialised(read_settings())


def put(deployment):
    """Put a deployment into the store, under the policy of this machine."""
    policy = policies_of(read_settings()).current()
    with store_of_this_machine() as store, store.unit_of_work() as uow:
        known = {found.deployment_id: found.version for found in uow.deployments.list()}
        deployment = replace(deployment, policy_hash=policy.digest())
        if deployment.deployment_id in known:
            version = known[deployment.deployment_id]
            uow.deployments.save(replace(deployment, version=version))
        else:
            uow.deployments.add(deployment)
        uow.commit()


@pytest.fixture
def force(overt):
    """Return the command line of a force with accounts and an authorised deployment."""
    overt("init")
    with store_of_this_machine() as store, store.unit_of_work() as uow:
        for actor in EVERYONE:
            uow.actors.save(actor)
        uow.commit()
    put(authorised())
    return overt


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the two bundled portraits and a list of them."""
    place = tmp_path / "photographs"
    place.mkdir()
    for name, paths in default_cast().items():
        (place / f"{name}{paths[0].suffix}").write_bytes(paths[0].read_bytes())
    return place


def images(folder):
    """Return the names of the portraits' files."""
    return sorted(path.name for path in folder.iterdir())


def a_list(tmp_path, *lines):
    """Return a list's file."""
    path = tmp_path / "list.csv"
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    return path


@pytest.fixture
def composed(force, folder, tmp_path):
    """Return the command line once a list of two waits for approval."""
    one, two = images(folder)
    path = a_list(tmp_path, a_line("n-1", one), a_line("N-2", two))
    ran = force("watchlist", "compose", "d-1", folder, "--csv", path, "--as", "applicant-1")
    assert ran.status == 0, ran.err
    assert ran.out == "entries that wait for approval: 2, rows refused: 0\n"
    return force


def entries(overt):
    """Return the entries as JSON."""
    return overt("watchlist", "show", "d-1", "--as", "applicant-2", "--json").document


def test_from_a_folder_to_the_question_whether_somebody_was_listed(composed, tmp_path):
    """R-12, R-14, R-16, R-20: compose, approve, refresh, ask."""
    approved = composed("watchlist", "approve", "d-1", "--as", "applicant-2")
    assert approved.out == "entries approved: 2, refused: 0\n"
    assert "N-1" in composed("watchlist", "show", "d-1", "--as", "applicant-2").out

    feed = tmp_path / "feed.csv"
    feed.write_text("reference,reason\nn-2,arrested\n")
    ran = composed("watchlist", "refresh", "d-1", feed, "--as", "operator-1")
    assert ran.out == "rows read: 1; entries no longer wanted: 1, expired: 0\n"
    assert [e["status"] for e in entries(composed)] == ["approved", "removed"]

    asked = composed("listed", "n-2", "--on", TODAY, "--time-zone", "UTC", "--as", "auditor-1")
    assert asked.out.startswith("listed at d-1 (wanted_by_courts) from ")
    standing = composed("listed", "N-1", "--on", TODAY, "--time-zone", "UTC", "--as", "auditor-1")
    assert standing.out.endswith("until still listed\n")
    asked = composed("listed", "N-1", "--on", "2020-01-01", "--as", "auditor-1")
    assert (asked.out, asked.err) == ("not listed on 2020-01-01\n", "")
    asked = composed("listed", "N-11", "--on", TODAY, "--time-zone", "UTC", "--as", "auditor-1")
    assert "was never used" in asked.err
    asked = composed("listed", "N-1", "--on", "2020-01-01", "--as", "auditor-1", "--json")
    assert asked.document == []


def test_refused_rows_are_told_and_written(force, folder, tmp_path):
    """R-15: on standard error by number and reason, in the file with the reference."""
    one, two = images(folder)
    path = a_list(
        tmp_path,
        a_line("N-1", one),
        a_line("=N-2", two, category="odd"),
        a_line("N-3", "../list.csv"),
    )
    failed = tmp_path / "failed.csv"
    arguments = ("watchlist", "compose", "d-1", folder, "--csv", path, "--as", "applicant-1")
    ran = force(*arguments, "--failed", failed)

    assert ran.err.splitlines() == ["row 3: category_not_allowed", "row 4: image_outside_folder"]
    with failed.open(newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["3", "'=N-2", "category_not_allowed", "", ""],
            ["4", "N-3", "image_outside_folder", "", ""],
        ]
    assert stat.S_IMODE(failed.stat().st_mode) == 0o600
    document = force(*arguments, "--json").document
    assert (document["n_entries"], document["n_replaced"]) == (1, 1)
    assert document["refused"][0] == {
        "row": 3,
        "reasons": ["category_not_allowed"],
        "quality": [],
        "same_face_rows": [],
    }


def test_failed_rows_are_written_where_nothing_is_left(force, folder, tmp_path):
    """R-15: then above all."""
    path, failed = a_list(tmp_path, a_line("N-1", "absent.jpg")), tmp_path / "failed.csv"
    arguments = ("watchlist", "compose", "d-1", folder, "--csv", path, "--as", "applicant-1")
    ran = force(*arguments, "--failed", failed)

    assert (ran.status, ran.out) == (2, "")
    row, error = ran.err.splitlines()
    assert row == "row 2: image_missing"
    assert error.endswith("[watchlist.nothing_enrolled]")
    assert "image_missing" in failed.read_text()
    assert entries(force) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("list.csv", "setting.invalid"),
        ("photographs", "output.unwritable"),
        ("absent/failed.csv", "output.unwritable"),
    ],
)
def test_a_place_for_refused_rows_is_looked_at_first(force, folder, tmp_path, name, code):
    """The list itself is never replaced, and nothing is stored before the place is known."""
    path = a_list(tmp_path, a_line("N-1", images(folder)[0]), a_line("N-2", "absent.jpg"))
    before = path.read_bytes()
    arguments = ("watchlist", "compose", "d-1", folder, "--csv", path, "--as", "applicant-1")

    assert force.fails(*arguments, "--failed", tmp_path / name)[1] == code
    assert path.read_bytes() == before
    assert entries(force) == []


def test_an_entry_can_be_copied_from_the_table(composed):
    """Its identifier stands on one line, also on a narrow terminal."""
    shown = composed("watchlist", "show", "d-1", "--as", "applicant-2").out

    assert all(entry["entry_id"] in shown for entry in entries(composed))


def test_entries_are_refused_or_approved_alone(composed):
    """R-16: one by one, or with a reason."""
    first, second = (entry["entry_id"] for entry in entries(composed))
    alone = composed("watchlist", "approve", "d-1", "--entry", first, "--as", "authority-2")
    assert alone.out == "entries approved: 1, refused: 0\n"
    ran = composed(
        *("watchlist", "approve", "d-1", "--refuse", f"{second}=Blurred", "--json"),
        *("--as", "applicant-2"),
    )
    assert ran.document == {"n_approved": 0, "n_refused": 1}


WATCHLIST, LISTED = ("watchlist",), ("listed", "N-1", "--on")
FORBIDDEN = [
    ((*WATCHLIST, "approve", "d-1"), "applicant-1", 1, "deployment.separation_of_duties"),
    ((*WATCHLIST, "approve", "d-1", "--refuse", "x"), "applicant-2", 2, "setting.invalid"),
    ((*WATCHLIST, "show", "d-1"), "observer-1", 1, "rule.role_forbidden"),
    ((*WATCHLIST, "show", "d-9"), "applicant-1", 2, "store.not_found"),
    ((*WATCHLIST, "refresh", "d-1", "absent.csv"), "operator-1", 2, "watchlist.file_invalid"),
    ((*LISTED, "soon"), "auditor-1", 2, "setting.invalid"),
    ((*LISTED, TODAY, "--time-zone", "Mars"), "auditor-1", 2, "authority.time_zone_unknown"),
    ((*LISTED, TODAY), "applicant-1", 1, "rule.role_forbidden"),
    (("listed", " ", "--on", TODAY), "auditor-1", 2, "setting.invalid"),
    (("blue", "stop", "v-1"), "evaluator-1", 2, "store.not_found"),
]


@pytest.mark.parametrize(("arguments", "actor", "status", "code"), FORBIDDEN)
def test_what_is_not_allowed_ends_with_its_code(composed, arguments, actor, status, code):
    """One line, a stable code, an exit status."""
    assert composed.fails(*arguments, "--as", actor) == (status, code)


def test_commands_need_an_installation(overt):
    """Before `overt init` there is nothing to ask."""
    assert overt.fails("watchlist", "show", "d-1", "--as", "applicant-1")[1] == "store.missing"


def test_a_volunteer_from_consent_to_withdrawal(force, folder, tmp_path):
    """R-22, R-44: added, walked, typed, listed, withdrawn."""
    put(a_rehearsal())
    consent = tmp_path / "consent.pdf"
    consent.write_bytes(b"signed")
    portrait = folder / images(folder)[0]
    added = force(
        *("blue", "add", "d-1", portrait, "--reference", "v1", "--consent", consent),
        *("--as", "evaluator-1"),
    )
    assert added.status == 0, added.err
    volunteer = added.out.split()[0]
    assert volunteer.startswith("volunteer-")
    force("watchlist", "approve", "d-1", "--as", "applicant-1")
    with store_of_this_machine() as store, store.reading() as uow:
        rehearsal = uow.deployments.get("d-1")
    put(replace(rehearsal, state=live().state))

    walker = (volunteer, "--as", "evaluator-1")
    begun = force("blue", "start", *walker, "--camera", "clip", "--json").document
    assert begun["stopped_at"] is None
    ended = force("blue", "stop", *walker, "--notes", "Hat")
    assert ended.out.startswith(f"{begun['pass_id']}: clip ")
    assert force.fails("blue", "stop", *walker) == (2, "store.not_found")
    times = ("--from", "2020-01-01T10:00:00+00:00", "--until", "2020-01-01T10:01:00+00:00")
    early = force.fails("blue", "pass", *walker, "--camera", "clip", *times)
    assert early == (1, "rehearsal.consent_missing")
    naive = ("--from", "2020-01-01T10:00:00", "--until", "never")
    assert force.fails("blue", "pass", *walker, "--camera", "clip", *naive)[1] == "setting.invalid"

    (row,) = force("blue", "list", "d-1", "--as", "evaluator-1", "--json").document
    assert (row["reference"], row["status"], row["n_passes"]) == ("V1", "approved", 1)
    assert force("blue", "remove", *walker).status == 0
    assert force("blue", "list", "d-1", "--as", "evaluator-1").out.split()[3:] == ["removed", "1"]
    log = force("audit", "show", "--json").out
    assert json.dumps("V1") not in log
