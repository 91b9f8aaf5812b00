from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.unit.core import governed as g

from overt.adapters.files.application_file import MAX_BYTES, read_application
from overt.adapters.files.application_template import application_template
from overt.adapters.files.policy_file import read_policy
from overt.core.application_check import missing_fields
from overt.core.authority import DocumentKind, Window
from overt.errors import ApplicationFileInvalidError

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PLACES = "\n".join(f'{kind} = "none"' for kind in g.POLICY.location.sensitive_places.enabled)
WINDOW = "starts_at = 2026-03-03T10:00:00\nends_at = 2026-03-03T16:00:00"
CAMERA = """
camera_id = "north-1"
location = "rtsp://admin:hunter2@10.0.0.1/one"
zone = [[0.1, 0.2], [0.9, 0.2], [0.9, 1]]
"""
SITE = f"""
site_id = "north"
place = "The square"
time_zone = "Europe/London"
reason_code = "serious_crime_here"
reason_evidence = "INT-1"
presence_grounds = "Arrests were made here"
[sites.sensitive_places]
{PLACES}
"""
HEAD = """
aim = "Find people wanted by the courts"
legal_basis = "Common law"
necessity = "Arrests at home have failed"
less_intrusive_options = "Patrols were tried"
proportionality = "One square, six hours"
categories = ["wanted_by_courts"]
size_cap = 100
threshold = 0.94
threshold_evidence = "TEST-7"
notice_plan = "Four signs"
"""
DOCUMENTS = "".join(
    f'[[documents]]\nkind = "{kind}"\nfile = "{kind}.pdf"\nreview_by = 2026-12-31\n'
    for kind in DocumentKind
)


@pytest.fixture
def write(tmp_path):
    """Return a way to write an application beside its governing documents."""
    for kind in DocumentKind:
        (tmp_path / f"{kind}.pdf").write_text(f"the {kind}")

    def written(head=HEAD, documents=DOCUMENTS, site=SITE, windows=(WINDOW,), cameras=(CAMERA,)):
        parts = [head, documents, "[[sites]]", site]
        parts += [f"[[sites.windows]]\n{window}" for window in windows]
        parts += [f"[[sites.cameras]]\n{camera}" for camera in cameras]
        path = tmp_path / "application.toml"
        path.write_text("\n".join(parts), encoding="utf-8")
        return path

    return written


def unmet(path):
    """Return what the rules have against an application that can be read."""
    read = read_application(path)
    assert read.problems == ()
    return missing_fields(read.application, g.POLICY, NOW)


def test_a_complete_application_can_be_decided(write, tmp_path):
    """Nothing is missing; times are UTC; addresses stand apart; documents are digests."""
    path = write()
    read = read_application(path)

    assert unmet(path) == ()
    (site,) = read.application.sites
    assert site.windows == (
        Window(datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 16, tzinfo=UTC)),
    )
    assert read.locations == {("north", "north-1"): "rtsp://admin:hunter2@10.0.0.1/one"}
    assert "hunter2" not in repr(read.application)
    assert site.cameras[0].zone.corners_xy == ((0.1, 0.2), (0.9, 0.2), (0.9, 1.0))
    dpia = read.application.documents[0]
    assert dpia.sha256 == hashlib.sha256(b"the DPIA").hexdigest()
    assert dpia.review_by == date(2026, 12, 31)


def test_several_sites_and_days(write):
    """A mobile unit moves: each site has its own zone of time and windows."""
    days = [WINDOW.replace("03-03", f"03-0{day}") for day in (3, 4)]
    lisbon = SITE.replace("north", "south").replace("London", "Lisbon")
    camera = CAMERA.replace("north", "south")
    more = f"{lisbon}\n[[sites.windows]]\n{WINDOW}\n[[sites.cameras]]\n{camera}"
    path = write(windows=days, cameras=(f"{CAMERA}\n[[sites]]\n{more}",))

    assert unmet(path) == ()
    read = read_application(path)
    assert [len(site.windows) for site in read.application.sites] == [2, 1]
    assert set(read.locations) == {("north", "north-1"), ("south", "south-1")}


def test_summer_time_is_an_hour_earlier_in_utc(write):
    """The clock on the wall in London in June."""
    window = WINDOW.replace("2026-03-03", "2026-06-03")
    (site,) = read_application(write(windows=(window,))).application.sites

    assert site.windows[0].starts_at == datetime(2026, 6, 3, 9, tzinfo=UTC)


GAP = "starts_at = 2026-03-29T01:30:00\nends_at = 2026-03-29T06:00:00"
TWICE = "starts_at = 2026-10-25T01:30:00\nends_at = 2026-10-25T06:00:00"


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (GAP, "does not exist in Europe/London"),
        (TWICE, "exists twice in Europe/London"),
        (f"{TWICE}\nstart_fold = 2", "a fold is 0 or 1"),
        ("starts_at = 2026-03-03T16:00:00\nends_at = 2026-03-03T10:00:00", "ends after it starts"),
        ("starts_at = 2026-03-03T10:00:00Z\nends_at = 2026-03-03T16:00:00", "without an offset"),
    ],
)
def test_a_time_on_the_wall_that_is_none(write, window, words):
    """Clocks are put forward and back: refused with the place in the file, never guessed."""
    (problem,) = read_application(write(windows=(WINDOW, window))).problems

    assert problem.startswith("sites[1].windows[2]: ")
    assert words in problem


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_a_time_that_comes_twice_can_be_said(write, fold, hour):
    """The first 01:30 in London is 00:30 UTC, the second an hour later."""
    (site,) = read_application(write(windows=(f"{TWICE}\nstart_fold = {fold}",))).application.sites

    assert site.windows[0].starts_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_an_unknown_time_zone(write):
    """Named once; its windows are not read with another zone in its place."""
    read = read_application(write(site=SITE.replace("Europe/London", "Europe/Atlantis")))

    assert [problem.partition(":")[0] for problem in read.problems] == ["sites[1].time_zone"]
    assert read.application.sites[0].windows == ()


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ((WINDOW, WINDOW.replace("10:00", "12:00")), "a break between windows"),
        ((WINDOW.replace("2026", "2025"),), "windows that lie ahead"),
        ((WINDOW.replace("16:00", "22:30"),), "windows of at most"),
    ],
)
def test_windows_that_the_rules_refuse(write, windows, words):
    """Overlapping, past, too long: by the rules, with the number of the requirement."""
    found = unmet(write(windows=windows))

    assert [each.requirement for each in found] == ["R-01"]
    assert words in found[0].condition


PROBLEMS = [
    (HEAD.replace('aim = "Find', 'aims = "Find'), {"aim: missing", "aims: unknown"}),
    (HEAD.replace("100", '"many"'), {"size_cap: expected a whole number, found text"}),
    (HEAD.replace("100", "true"), {"size_cap: expected a whole number, found true or false"}),
    (HEAD.replace("0.94", '"high"'), {"threshold: expected a number, found text"}),
    (
        HEAD.replace('["wanted_by_courts"]', '["wanted_by_courts", 2]'),
        {"categories: expected a list of texts"},
    ),
    (
        HEAD.replace('["wanted_by_courts"]', '"wanted_by_courts"'),
        {"categories: expected a list, found text"},
    ),
    (
        HEAD.replace("size_cap = 100", "").replace('"Four signs"', "4"),
        {"size_cap: missing", "notice_plan: expected text, found a whole number"},
    ),
]


@pytest.mark.parametrize(("head", "problems"), PROBLEMS)
def test_every_problem_is_named_with_its_field(write, head, problems):
    """All at once: missing, unknown, of a wrong kind."""
    assert set(read_application(write(head=head)).problems) == problems


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (("file", 'sha256 = "0"\nfile'), "file: expected either file or sha256"),
        (('file = "EIA.pdf"', ""), "file: expected either file or sha256"),
        (
            ('file = "EIA.pdf"', 'sha256 = "0"'),
            "sha256: expected 64 hexadecimal digits in small letters",
        ),
        (("EIA.pdf", "gone.pdf"), "file: there is no file gone.pdf"),
        (("EIA.pdf", "."), "file: there is no file "),
        (('kind = "EIA"', 'kind = "XYZ"'), "kind: expected DPIA, EIA, APD, POLICY, SOP"),
        (("2026-12-31", "2026-12-31T00:00:00"), "review_by: expected a date"),
    ],
)
def test_a_document_that_cannot_be_named(write, changed, problem):
    """By its file or its digest, not both; a folder is no document."""
    block = DOCUMENTS.split("[[documents]]\n")[2]
    documents = DOCUMENTS.replace(block, block.replace(*changed))

    (found,) = read_application(write(documents=documents)).problems

    assert found.startswith(f"documents[2].{problem}")


def test_a_document_may_be_named_by_its_digest(write):
    """Where the file lies elsewhere."""
    documents = DOCUMENTS.replace('file = "EIA.pdf"', f'sha256 = "{g.DIGEST}"')

    assert read_application(write(documents=documents)).application.documents[1].sha256 == g.DIGEST


def test_an_empty_document_is_none(write, tmp_path):
    """Its digest would be that of nothing."""
    path = write()
    (tmp_path / "SOP.pdf").write_bytes(b"")

    assert read_application(path).problems == ("documents[5].file: the file SOP.pdf is empty",)


@pytest.mark.parametrize(
    ("camera", "problem"),
    [
        (CAMERA.replace("[0.9, 1]]", "[0.9]]"), "zone: expected corners such as [0.1, 0.2]"),
        (CAMERA.replace("0.9, 1]", "0.9, 7]"), "zone: "),
        (CAMERA.replace("zone", "zones"), "zone: missing"),
        (CAMERA.replace("rtsp://admin:hunter2@10.0.0.1/one", " "), "location: blank"),
        (CAMERA.replace("rtsp://", "ftp://"), "location: expected rtsp://"),
        (CAMERA.replace("rtsp://", "/footage/"), "location: expected rtsp://"),
        (CAMERA.replace("rtsp://", "file:///"), "location: expected rtsp://"),
    ],
)
def test_a_camera_that_cannot_be_read(write, camera, problem):
    """No message holds its address."""
    problems = read_application(write(cameras=(camera,))).problems

    assert any(found.startswith(f"sites[1].cameras[1].{problem}") for found in problems)
    assert not any("hunter2" in found for found in problems)


def test_a_camera_that_stands_twice(write):
    """One address would be lost."""
    (problem,) = read_application(write(cameras=(CAMERA, CAMERA))).problems

    assert problem == "sites[1].cameras[2].camera_id: 'north-1' stands twice at this site"


def test_tables_that_are_none(write):
    """A text where a table should be."""
    read = read_application(write(head=HEAD + 'documents = "all"', documents=""))
    one = read_application(write(head=HEAD + "documents = [1]", documents=""))

    assert read.problems == ("documents: expected a list, found text",)
    assert one.problems == ("documents: expected tables",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"aim = ", "not TOML"),
        (b'aim = "\xff"', "not UTF-8 (at line 1)"),
        (b"a = " + b"[" * 3000, "not TOML"),
        (b"#" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_a_file_that_is_no_application(tmp_path, content, words):
    """One clear error with a code."""
    path = tmp_path / "application.toml"
    path.write_bytes(content)

    with pytest.raises(
        ApplicationFileInvalidError, match=words.replace("(", r"\(").replace(")", r"\)")
    ):
        read_application(path)


def test_a_file_from_an_editor_that_marks_utf_8(write):
    """Its byte order mark is no part of the application."""
    path = write()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert unmet(path) == ()


def test_a_text_that_would_steer_a_terminal(write):
    """It is refused by the field; a break of line is none."""
    steering = HEAD.replace('aim = "', 'aim = "\\u001b[31m')
    broken = HEAD.replace('aim = "', 'aim = "One\\nTwo ')

    (problem,) = read_application(write(head=steering)).problems
    assert problem.startswith("aim: control characters")
    assert read_application(write(head=broken)).problems == ()


def test_a_folder_is_no_application(tmp_path):
    """Nor is what is not there."""
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(ApplicationFileInvalidError, match="no such file"):
            read_application(path)


def test_the_template_names_every_field_and_nothing_else(tmp_path):
    """Filled in by nobody, only blanks, choices and dates are wrong with it."""
    path = tmp_path / "application.toml"
    path.write_text(application_template(read_policy()), encoding="utf-8")

    read = read_application(path)

    assert {problem.split(": ")[1] for problem in read.problems} == {
        "blank",
        "expected either file or sha256",
    }
    found = missing_fields(read.application, g.POLICY, NOW + timedelta(days=1))
    assert {"R-01", "R-02", "R-06", "R-10", "R-17", "R-40"} == {u.requirement for u in found}
