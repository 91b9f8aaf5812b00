"""Reports of trials by command: made from a real store, checked on a machine without one."""

from __future__ import annotations

import json

import pytest
from tests.cli.deploying import set_up
from tests.integration.audit_exports import a_signer
from tests.integration.trial_folders import a_stored_trial, reported, written
from tests.integration.trial_plans import filled_in
from tests.unit.evaluation.trial_logs import an_empty_trial


@pytest.fixture
def desk(overt):
    """Return the command line of a machine with accounts."""
    set_up(overt)
    return overt


@pytest.fixture
def trial_id(desk, tmp_path):
    """Return a trial that has only its plan."""
    plan = tmp_path / "plan.toml"
    plan.write_text(filled_in(n_deployments="2"), encoding="utf-8")
    return desk("trial", "register", plan, "--as", "ev-1", "--json").document["trial_id"]


@pytest.mark.slow
def test_a_report_is_made_and_holds(desk, trial_id, tmp_path):
    """The machine that made it has the key; progress goes to standard error."""
    folder = tmp_path / "report"
    made = desk("report", "make", trial_id, "--out", folder, "--as", "ev-1")
    n_files = sum(1 for path in folder.rglob("*") if path.is_file())
    assert made.out == f"{n_files} files in {folder}\n"
    assert "report.pdf" in made.err.splitlines()

    checked = desk("report", "verify", folder)
    assert (checked.status, checked.out.splitlines()[-1]) == (0, "differences  none")
    assert "checking numbers" in checked.err

    again = ("report", "make", trial_id, "--out", folder, "--as", "ev-1")
    assert desk(*again).status == 1  # a folder that is there is never replaced
    assert desk.fails("report", "make", trial_id, "--out", tmp_path / "b", "--as", "op-1") == (
        1,
        "rule.role_forbidden",
    )
    assert not (tmp_path / "b").exists()
    shown = desk("audit", "show", "--as", "au-1", "--kind", "TrialReported")
    assert len(shown.out.splitlines()) == 1  # the one that was refused its folder is not logged


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return the report of another machine."""
    folder = tmp_path_factory.mktemp("made")
    return reported(folder, a_stored_trial(an_empty_trial(), statements=()))


@pytest.mark.slow
def test_a_report_is_checked_where_there_is_no_store(overt, report, tmp_path):
    """With the key of its log; without any key, that is said."""
    written(tmp_path / "r", report.files)
    key = report.signer.verifier_text()

    signed = overt("report", "verify", tmp_path / "r", "--key", key, "--json").document
    unsigned = overt("report", "verify", tmp_path / "r", "--json").document

    assert (signed["is_well"], signed["differences"], signed["notes"]) == (True, [], [])
    assert key.startswith(signed["signed_by"])
    assert (unsigned["is_well"], unsigned["signed_by"]) == (True, None)
    assert "no key was given" in unsigned["notes"][0]
    plain = overt("report", "verify", tmp_path / "r")
    assert "signed by    NOT CHECKED: no key was given" in plain.out.splitlines()
    assert not overt.home.exists()


@pytest.mark.slow
def test_a_signature_that_does_not_hold_is_not_one_that_was_not_checked(overt, report, tmp_path):
    """A key was given, and the signature is not its."""
    written(tmp_path / "r", report.signed_again(a_signer(tmp_path / "other")))
    checked = overt("report", "verify", tmp_path / "r", "--key", report.signer.verifier_text())

    assert checked.status == 3
    assert (
        "signed by    NOT RIGHT: the signature does not hold with this key"
        in checked.out.splitlines()
    )


@pytest.mark.slow
def test_what_differs_is_named_and_ends_with_3(overt, report, tmp_path):
    """The first on the last line, the others before it, all of them in JSON."""
    changed = report.files["tables/numbers.csv"].replace(b",0,", b",1,", 1)
    written(tmp_path / "r", {**report.files, "tables/numbers.csv": changed})
    command = ("report", "verify", tmp_path / "r", "--key", report.signer.verifier_text())

    plain, as_json = overt(*command), overt(*command, "--json")

    assert (plain.status, as_json.status) == (3, 3)
    last = plain.err.splitlines()[-1]
    assert last.startswith("overt: tables/numbers.csv, line ")
    assert ": printed '" in last
    assert last.endswith("[report.differs]")
    assert plain.err.splitlines()[-2].startswith("SHA256SUMS, tables/numbers.csv: printed ")
    document = json.loads(as_json.out)
    assert document["is_well"] is False
    assert [each["file"] for each in document["differences"]] == [
        "tables/numbers.csv",
        "SHA256SUMS",
    ]


def test_a_folder_that_is_none_is_a_mistake_of_who_asks(overt, tmp_path):
    """Exit status 2, as with every file that is not there."""
    assert overt.fails("report", "verify", tmp_path / "none") == (2, "report.unreadable")
