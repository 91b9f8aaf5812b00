"""From the draft to the published record on a real store, every gate tried closed first."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys

import pytest
from markupsafe import escape
from tests.e2e.deployment_story import JUSTIFICATION, LISTED, OTHER, Story, Telling

from overt.adapters.publish.register_words import RECOUNT
from overt.evaluation.rates import rate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    """Return what happened, told once for all tests."""
    folder = tmp_path_factory.mktemp("story")
    return Telling(folder, tmp_path_factory.mktemp("cache")).tell()


GATES = [
    "R-01 authority",
    "R-01 site",
    "R-01 window",
    "R-02 application",
    "R-03 ratification",
    "R-06 review date",
    "R-12 watchlist",
    "R-13 age",
    "R-14 freshness",
    "R-16 second person",
    "R-17 cap",
    "R-19 purge overdue",
    "R-22 both lists",
    "R-33 purge worker",
    "R-40 another pack",
    "R-40 another point",
    "R-40 operating point",
    "R-40 threshold",
    "R-41 floor",
    "R-60 public notice",
    "R-61 distance",
    "R-62 signs logged",
    "R-70 log",
    "R-72 policy",
    "design 3 observers",
]


def test_no_gate_is_left_out(story):
    """What was tried is what stands here."""
    assert sorted(story.refused) == GATES


@pytest.mark.parametrize("gate", GATES)
def test_a_closed_gate_is_named_by_its_requirement(story, gate):
    """And no longer once it is open."""
    requirement = gate.rpartition(" ")[0] if gate.startswith("design") else gate.split(" ", 1)[0]

    assert requirement in story.refused[gate]
    if gate in story.opened:
        assert requirement not in story.opened[gate]


@pytest.mark.parametrize(
    "gate", [g for g in GATES if g[:4] in {"R-19", "R-22", "R-33", "R-70"}] + ["design 3 observers"]
)
def test_one_closed_gate_is_enough(story, gate):
    """Everything else is open by then, and still it is refused."""
    assert len(story.refused[gate]) == 1


SEPARATION, ROLE = "deployment.separation_of_duties", "rule.role_forbidden"


@pytest.mark.parametrize(
    ("what", "code"),
    {
        "officer applies": ROLE,
        "applicant authorises": SEPARATION,
        "inspector authorises": "rule.rank_too_low",
        "without a reason": "rule.reason_missing",
        "officer composes": ROLE,
        "composer approves": SEPARATION,
        "operator calibrates": ROLE,
        "research pack": "models.not_operational",
        "threshold too low": "deployment.threshold_too_low",
        "officer goes live": ROLE,
        "officer sees it first": ROLE,
        "evaluator sees it": ROLE,
        "engineer sees it": ROLE,
        "arrest at once": "alert.wrong_step",
        "officer without a pass": "alert.wrong_step",
        "engineer decides": ROLE,
        "second operator": "alert.already_decided",
        "operator engages": "alert.same_person",
        "applicant ends": ROLE,
        "published early": "deployment.wrong_state",
        "operator purges": ROLE,
        "operator publishes": ROLE,
    }.items(),
)
def test_who_may_not_is_refused(story, what, code):
    """Two people where two are needed, and each only what their role allows; logged with code."""
    assert story.denied[what] == code
    logged = [json.loads(line) for line in story.texts["log"].splitlines() if line[:1] == "{"]
    assert code in {e["details"].get("code") for e in logged if e["kind"] == "AccessDenied"}


def test_the_run_raised_an_alert_about_the_person_in_front_of_the_camera(story):
    """Recorded, then told; every template is erased or in an alert; the time ended it."""
    assert story.told
    assert story.end.problem is None
    assert story.end.deployment.state == "suspended"
    assert story.end.status.templates_in_memory == 0


def test_an_arrest_holds_four_decisions(story):
    """R-51."""
    assert story.states["alert"] == "arrest"


def test_the_end_is_published_after_the_purge(story):
    """Ended, purged, published."""
    assert (story.states["end"], story.states["last"]) == ("ended", "published")


def test_the_purge_is_certified_and_proven(story):
    """R-19, R-31: nothing is found, made = erased + in alerts."""
    proof = story.proofs["privacy"]

    assert story.proofs["certificate"]["deployment"]
    assert proof.findings == ()
    assert proof.marked.remains == ()


def test_every_figure_of_the_public_page_is_counted_from_the_log(story):
    """R-71: what the page says is what the events of the log add up to."""
    figures, name = story.proofs["figures"], json.loads(story.texts["record"])["deployment_id"]
    page = (story.site / "deployments" / f"{name}.html").read_text(encoding="utf-8")
    found = dict(re.findall(r'data-column="(\w+)" value="([^"]*)"', page))
    alerts, engaged, blue = figures.alerts, figures.engagements, figures.blue

    counted = {
        "faces_seen": figures.faces_seen,
        "searches": figures.searches,
        "duration_h": round(figures.live_hours(), 2),
        "watchlist_size": figures.watchlist_size(),
        "watchlist_images_rejected": figures.images_rejected,
        "alerts": alerts.n_alerts,
        "true_confirmed": alerts.confirmed_true,
        "true_unconfirmed": alerts.unconfirmed_true,
        "false_confirmed": alerts.confirmed_false,
        "false_unconfirmed": alerts.unconfirmed_false,
        "unresolved": alerts.unresolved,
        "engagements": engaged.engaged,
        "engagements_after_false_alert": engaged.false_engaged,
        "arrests": engaged.arrests,
        "other_disposals": engaged.other_disposals,
        "no_further_action": engaged.no_further_action,
        "engagements_without_alert": figures.engaged_without_alert,
        "decisions": figures.decisions,
        "decisions_marked_quick": figures.quick_decisions,
        "volunteers": blue.volunteers,
        "blue_passes": blue.passes,
        "blue_alerts": blue.alerts,
        "signs_placed": figures.signs_placed,
    }
    assert {column: found[column] for column in counted} == {c: str(n) for c, n in counted.items()}
    for false, total, unit in (
        (alerts.n_false, figures.faces_seen, "faces seen"),
        (alerts.n_false, alerts.n_alerts, "alerts"),
    ):
        assert rate(false, total, unit).text() in page


def test_the_public_register_identifies_nobody(story):
    """No reference, no account, no reason, no address in any of its files."""
    files = [path for path in story.site.rglob("*") if path.is_file()]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}

    assert len(files) == story.proofs["site"].n_files + 1  # and its mark
    assert story.proofs["site"].n_records == 1
    for word in story.personal:
        whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        assert not [name for name, text in texts.items() if whole.search(text)], word


def test_the_commands_of_the_register_check_the_record(story, tmp_path):
    """A reader's way: whole log, published digest, figures counted by the printed program."""
    (record,) = (story.site / "records").iterdir()
    log = tmp_path / "audit.log"
    log.write_text(story.texts["log"], encoding="utf-8")
    overt = [sys.executable, "-m", "overt", "audit", "verify", str(log)]
    note = ["--checkpoint", str(story.site / "checkpoint.txt")]
    key = ["--public-key", str(story.site / "public-key.txt")]
    page = (story.site / "check.html").read_text(encoding="utf-8")
    program = RECOUNT.replace("audit.log", str(log)).replace("DEPLOYMENT.json", str(record))

    verified = subprocess.run([*overt, *key, *note], capture_output=True, text=True, check=True)
    counted = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)

    assert "signed by" in verified.stdout
    assert str(escape(RECOUNT)) in page
    first, second = (line.partition(":")[2].split() for line in counted.stdout.splitlines())
    assert first == second
    assert hashlib.sha256(record.read_bytes()).hexdigest() in story.texts["log"]


def test_the_record_has_the_figures_of_the_run(story):
    """Counted from the log, and the same as the run's own."""
    record = json.loads(story.texts["record"])

    assert record["alerts"]["total"] == len(story.told)
    assert record["alerts"]["true_confirmed"] == 1
    assert record["alerts"]["unresolved"] == len(story.told) - 1
    assert record["faces_seen"]["count"] == story.end.status.faces_seen
    assert record["engagements"]["arrests"] == 1
    assert record["watchlist"]["size"] == 2
    assert record["false_alerts_per_face_seen"]["count"] == 0
    assert record["equality"]["ethnicity"]["engaged"] == {"White": None}
    assert len(base64.b64decode(record["log"]["root"])) == 32


def test_nothing_personal_is_published(story):
    """R-64: no reference, justification, entry, alert, account or address of a camera."""
    for word in story.personal:
        assert word not in story.texts["record"], word
        assert word not in story.texts["certificate"] or word == "se-1", word
    assert "[withheld]" in story.texts["record"]


def test_the_log_verifies_and_knows_nobody(story):
    """R-70, in the store and as a file; references and justifications are not in it."""
    stored, exported = story.proofs["log"]

    assert exported == stored + 1
    assert JUSTIFICATION not in story.texts["log"]
    assert OTHER not in story.texts["log"]
    assert LISTED in story.texts["log"]  # in the reason that an operator wrote
