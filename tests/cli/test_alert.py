from __future__ import annotations

import json
import stat

import pytest
from tests.cli.deploying import set_up
from tests.unit.core import governed as g
from tests.unit.services.alerted import CROP, add_alert, an_entry

from overt.bootstrap.store import open_workplace
from overt.settings import read_settings

TO_AN_ARREST = (
    ("operator", "passed_on", "op-1", "--code", "looks_alike"),
    ("officer", "engaged", "eo-1", "--code", "own_assessment"),
    ("identity", "confirmed_true", "eo-1", "--code", "documents"),
    (
        *("disposal", "arrest", "eo-1"),
        *("--code", "wanted_by_courts", "--code", "reasonable_grounds"),
    ),
)


@pytest.fixture
def van(overt):
    """Return the command line of a machine with a live deployment and an alert."""
    set_up(overt)
    with open_workplace(read_settings()) as workplace:
        with workplace.open() as uow:
            uow.deployments.add(g.live())
            uow.entries.add_many([an_entry()])
            uow.commit()
        add_alert(workplace)
    return overt


def decide(van, step, verdict, who, *options):
    """Decide one step."""
    return van("alert", "decide", "a-1", step, verdict, "--as", who, *options)


def looks(van):
    """Return who looked at what, as the log has it."""
    options = ("--kind", "PersonalDataViewed", "--json", "--as", "au-1")
    lines = van("audit", "show", "--last", "50", *options).out.splitlines()
    events = [json.loads(line) for line in lines]
    return [(event["actor_id"], event["details"]["what"]) for event in events]


def test_an_alert_is_listed_and_shown(van):
    """What the machine suggests, within 80 columns, without a picture; each look is logged."""
    listed = van("alert", "list", "d-1", "--as", "op-1")
    shown = van("alert", "show", "a-1", "--as", "op-1")

    assert "a-1" in listed.out
    assert "N-77 (wanted_by_courts, amber)" in shown.out
    assert "match" not in shown.out
    assert max(map(len, (listed.out + shown.out).splitlines())) <= 80
    assert looks(van)[:2] == [("op-1", "alerts"), ("op-1", "alert")]


def test_the_way_of_an_alert_to_an_arrest(van):
    """R-51: two people, then identity and disposal."""
    van("alert", "show", "a-1", "--as", "op-1")

    ran = [decide(van, *step) for step in TO_AN_ARREST]

    assert [each.status for each in ran] == [0] * 4, ran[-1].err
    assert ran[0].out.startswith("a-1: passed_on")
    assert ran[-1].out == "a-1: arrest\n"
    ended = van("alert", "end-engagement", "a-1", "--as", "eo-1", "--leaflet")
    assert "ended after 0.0 min" in ended.out
    assert "arrest (wanted_by_courts, reasonable_grounds), eo-1" in " ".join(
        van("alert", "show", "a-1", "--as", "eo-1").out.split()
    )


def test_factors_are_noted_beside_a_reason(van):
    """R-46: several may be; another word is refused."""
    van("alert", "show", "a-1", "--as", "op-1")
    passed = ("alert", "decide", "a-1", "operator", "passed_on", "--as", "op-1")

    assert van.fails(*passed, "--code", "looks_alike", "--factor", "mood") == (
        1,
        "alert.reason_unknown",
    )
    decided = van(
        *(*passed, "--code", "looks_alike", "--factor", "light", "--factor", "old_image", "--json")
    )
    assert decided.document["decision"]["factor_codes"] == ["light", "old_image"]


def test_an_engagement_ends_with_what_was_said_and_perceived(van):
    """R-56: from closed lists; none of it is needed."""
    van("alert", "show", "a-1", "--as", "op-1")
    for step in TO_AN_ARREST[:2]:
        decide(van, *step)
    end = ("alert", "end-engagement", "a-1", "--as", "eo-1", "--no-leaflet")

    assert van.fails(*end, "--age-band", "old") == (1, "alert.reason_unknown")
    ended = van(
        *(*end, "--perceived-ethnicity", "white", "--self-defined-ethnicity", "mixed"),
        *("--age-band", "from_25_to_34", "--sex", "male", "--json"),
    ).document

    assert ended["perceived_ethnicity_code"] == "white"
    assert ended["self_defined_ethnicity_code"] == "mixed"
    assert (ended["age_band_code"], ended["sex_code"]) == ("from_25_to_34", "male")


@pytest.mark.parametrize(
    ("n_before", "step", "code"),
    [
        (1, ("officer", "not_located"), "lost_in_crowd"),
        (3, ("disposal", "no_further_action"), "no_ground"),
    ],
)
def test_every_verdict_needs_a_reason(van, n_before, step, code):
    """R-52: also that nobody was found, and that nothing followed."""
    van("alert", "show", "a-1", "--as", "op-1")
    for each in TO_AN_ARREST[:n_before]:
        decide(van, *each)
    decided = ("alert", "decide", "a-1", *step, "--as", "eo-1")

    assert van.fails(*decided) == (1, "alert.reason_unknown")
    assert van(*decided, "--code", code).out == f"a-1: {step[1]}\n"


def test_an_operator_decides_what_was_shown(van):
    """R-52."""
    failed = van.fails(
        *("alert", "decide", "a-1", "operator", "dismissed"),
        *("--as", "op-1", "--code", "different_person"),
    )

    assert failed == (1, "alert.wrong_step")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("show", "a-1", "--as", "ev-1"), 1, "rule.role_forbidden"),
        (("show", "a-1", "--as", "eo-1"), 1, "rule.role_forbidden"),
        (("list", "d-1", "--as", "se-1"), 1, "rule.role_forbidden"),
        (("show", "a-9", "--as", "op-1"), 2, "store.not_found"),
        (("list", "d-9", "--as", "op-1"), 2, "store.not_found"),
        (("decide", "a-1", "operator", "match", "--as", "op-1"), 1, "alert.wrong_step"),
        (("decide", "a-1", "officer", "engaged", "--as", "eo-1"), 1, "alert.reason_unknown"),
        (("end-engagement", "a-1", "--leaflet", "--as", "eo-1"), 2, "store.not_found"),
    ],
)
def test_what_is_refused(van, arguments, status, code):
    """One line with its code."""
    assert van.fails("alert", *arguments) == (status, code)


def test_who_has_no_account_is_logged_without_what_was_typed(van):
    """R-70: the attempt, not the text, which may be anything."""
    assert van.fails("alert", "show", "a-1", "--as", "Hunter2") == (2, "store.not_found")

    shown = van("audit", "show", "--last", "50", "--json", "--as", "au-1").out
    denied = [json.loads(line) for line in shown.splitlines() if "AccessDenied" in line]
    assert [event["actor_id"] for event in denied] == ["unknown"]
    assert "Hunter2" not in shown


def test_the_same_key_decides_once(van):
    """And whoever comes second is told who was first."""
    van("alert", "show", "a-1", "--as", "op-1")
    options = ("op-1", "--code", "different_person", "--key", "k1")

    decide(van, "operator", "dismissed", *options)
    again = decide(van, "operator", "dismissed", *options, "--json")
    second = decide(van, "operator", "passed_on", "op-1", "--code", "looks_alike")

    assert again.document["is_repeated"]
    assert second.status == 1
    assert "decided by op-1" in second.err


def test_a_picture_goes_to_a_new_file_for_an_operator(van, tmp_path):
    """The owner's alone, never over another file, and in the log."""
    van("alert", "show", "a-1", "--as", "op-1")
    path = tmp_path / "crop.jpg"

    saved = van("alert", "show", "a-1", "--as", "op-1", "--save-crop", path)
    again = van("alert", "show", "a-1", "--as", "op-1", "--save-crop", path)
    auditor = van("alert", "show", "a-1", "--as", "au-1", "--save-crop", tmp_path / "other.jpg")

    assert saved.status == 0
    assert path.read_bytes() == CROP
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "output.unwritable" in again.err
    assert "rule.role_forbidden" in auditor.err
    assert not (tmp_path / "other.jpg").exists()
    assert [what for _, what in looks(van)].count("alert crop, to a file") == 1


def test_documents_hold_no_picture(van):
    """JSON names the secret and does not open it."""
    shown = van("alert", "show", "a-1", "--as", "op-1", "--json").document
    listed = van("alert", "list", "d-1", "--as", "op-1", "--json").document

    assert shown["alert"]["crop_secret_id"].startswith("secret-")
    assert [row["alert_id"] for row in listed] == ["a-1"]
    assert van("alert", "list", "d-1", "--blue", "--as", "ev-1", "--json").document == []
