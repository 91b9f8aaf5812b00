from __future__ import annotations

import json

import pytest
from tests.cli.deploying import ADDRESS, authorised, drafted, set_up, write_application

from overt.core.deployment_steps import ALLOWED

SIGN = ("--position", "51.5074,-0.1278", "--photo")


@pytest.fixture
def desk(overt):
    """Return the command line of a machine with accounts."""
    set_up(overt)
    return overt


def log(overt, kind):
    """Return the events of a kind."""
    shown = overt("audit", "show", "--last", "200", "--kind", kind, "--json", "--as", "au-1").out
    return [json.loads(line) for line in shown.splitlines()]


def state(overt, name):
    """Return where a deployment stands."""
    return overt("deployment", "show", name, "--json").document["state"]


def test_a_template_can_be_printed_before_anything_is_set_up(overt):
    """Whoever drafts needs no store."""
    ran = overt("deployment", "template")

    assert ran.status == 0
    assert "[[sites.cameras]]" in ran.out
    assert not (overt.home / "overt.db").exists()


def test_an_empty_template_names_all_that_is_missing(desk, tmp_path):
    """One problem a line: fields first, then rules by requirement; the draft stays a draft."""
    name, path = drafted(desk), tmp_path / "empty.toml"
    path.write_text(desk("deployment", "template").out, encoding="utf-8")

    ran = desk("deployment", "apply", name, path, "--as", "ap-1")

    assert ran.status == 2
    assert "authority.file_invalid" in ran.err
    lines = ran.out.splitlines()
    assert "sites[1].cameras[1].location: blank" in lines
    assert "R-02 necessity: blank" in lines
    assert len(lines) > 20
    assert state(desk, name) == "draft"


def test_an_incomplete_application_is_shown_by_requirement(desk, tmp_path):
    """Everything can be read, but the rules ask for more."""
    name = drafted(desk)
    path = write_application(tmp_path, **{"size_cap = 100": "size_cap = 5000"})

    ran = desk("deployment", "apply", name, path, "--as", "ap-1")

    assert ran.status == 1
    assert "authority.incomplete" in ran.err
    assert "R-17" in ran.out
    assert state(desk, name) == "draft"


def test_no_secret_goes_in_under_another_master_key(desk, tmp_path, monkeypatch):
    """R-36: with the machine's own key back it would never come out again; nothing is stored."""
    name, application = drafted(desk), write_application(tmp_path)
    apply = ("deployment", "apply", name, application, "--as", "ap-1")
    with monkeypatch.context() as patched:
        patched.setenv("OVERT_MASTER_KEY", "B" * 43 + "=")
        assert desk.fails(*apply) == (2, "secrets.master_key_invalid")

    assert state(desk, name) == "draft"
    assert desk(*apply).status == 0


def test_an_application_is_authorised_by_another(desk, tmp_path):
    """R-04; what is shown holds no camera's address and fits 80 columns."""
    name = authorised(desk, tmp_path)

    shown = desk("deployment", "show", name)

    assert "in_force, written, by ao-1 (superintendent)" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    whole = shown.out + desk("deployment", "show", name, "--json").out
    assert ADDRESS not in whole
    assert "hunter2" not in whole
    assert ADDRESS.encode() not in (desk.home / "overt.db").read_bytes()


@pytest.mark.parametrize(
    ("command", "actor", "code"),
    [
        ("authorise", "ap-2", "rule.role_forbidden"),
        ("authorise", "ao-3", "rule.rank_too_low"),
        ("refuse", "op-1", "rule.role_forbidden"),
        ("withdraw", "ao-1", "deployment.wrong_state"),
        ("suspend", "op-1", "deployment.wrong_state"),
        ("resume", "ao-1", "deployment.wrong_state"),
        ("end", "op-1", "deployment.wrong_state"),
        ("cancel", "op-1", "rule.role_forbidden"),
    ],
)
def test_a_refused_step_is_one_line_and_one_event(desk, tmp_path, command, actor, code):
    """With its code; the deployment stays where it is."""
    name = drafted(desk)
    desk("deployment", "apply", name, write_application(tmp_path), "--as", "ap-1")

    failed = desk.fails("deployment", command, name, "--as", actor, "--reason", "Because")

    assert failed == (1, code)
    assert state(desk, name) == "applied"
    assert log(desk, "AccessDenied")[-1]["details"]["code"] == code


@pytest.mark.parametrize(
    ("steps", "reached"),
    [
        ((("refuse", "ao-1"),), "refused"),
        ((("cancel", "ap-1"),), "cancelled"),
        ((("authorise", "ao-1"), ("withdraw", "ao-2")), "cancelled"),
        ((("authorise", "ao-1"), ("suspend", "ao-2", "--authority")), "authorised"),
        (
            (
                ("authorise", "ao-1"),
                ("suspend", "ao-2", "--authority"),
                ("resume", "ao-1"),
                ("cancel", "ao-1"),
            ),
            "cancelled",
        ),
    ],
)
def test_what_an_officer_decides(desk, tmp_path, steps, reached):
    """R-07: each with its reason, each in the log."""
    name = drafted(desk)
    desk("deployment", "apply", name, write_application(tmp_path), "--as", "ap-1")

    for verb, actor, *options in steps:
        ran = desk("deployment", verb, name, "--as", actor, "--reason", "A reason", *options)
        assert ran.status == 0, ran.err

    assert state(desk, name) == reached


def test_an_oral_authority_is_ratified_by_a_third(desk, tmp_path):
    """R-03: an inspector in urgency, a superintendent in writing."""
    name = drafted(desk)
    desk("deployment", "apply", name, write_application(tmp_path), "--as", "ap-1")
    desk("deployment", "authorise", name, "--as", "ao-3", "--reason", "It cannot wait", "--oral")

    assert "to be ratified before" in desk("deployment", "show", name).out
    own = desk.fails("deployment", "ratify", name, "--as", "ao-3")
    assert own == (1, "deployment.separation_of_duties")
    assert desk("deployment", "ratify", name, "--as", "ao-1").status == 0
    assert "ratified by ao-1" in desk("deployment", "show", name).out


def test_the_public_is_told(desk, tmp_path):
    """R-60 to R-62: announced once; signs stand until they are taken down."""
    name, photo = authorised(desk, tmp_path), tmp_path / "DPIA.pdf"
    where = ("--where", "https://force.example/notices")

    assert desk("deployment", "announce", name, "--as", "ap-1", *where).status == 0
    twice = desk.fails("deployment", "announce", name, "--as", "ap-1", *where)
    placed = desk(
        *("deployment", "place-notice", name, "--as", "op-1", "--site", "site-1"),
        *("--distance", "120", *SIGN, photo, "--at", "2026-01-01T08:00+00:00"),
    )
    notice = placed.out.partition(":")[0]
    removed = desk("deployment", "remove-notice", name, notice, "--as", "op-1")

    assert twice == (1, "deployment.wrong_state")
    assert (placed.status, removed.status) == (0, 0)
    assert "0 standing of 1 logged" in desk("deployment", "show", name).out


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        (("--distance", "-1"), 2, "notice.invalid"),
        (("--distance", "120", "--site", "moon"), 2, "notice.invalid"),
        (("--distance", "120", "--position", "north"), 2, "setting.invalid"),
        (("--distance", "120", "--position", "91,0"), 2, "notice.invalid"),
        (("--distance", "120", "--at", "yesterday"), 2, "setting.invalid"),
        (("--distance", "120", "--at", "2026-01-01T08:00"), 2, "setting.invalid"),
        (("--distance", "120", "--at", "2126-01-01T08:00Z"), 2, "notice.invalid"),
        (("--distance", "120", "--photo", "gone.jpg"), 2, "file.unusable"),
    ],
)
def test_a_sign_that_cannot_be_true(desk, tmp_path, options, status, code):
    """No position on Earth, no photograph, ahead of now."""
    name = authorised(desk, tmp_path)
    photo = tmp_path / "DPIA.pdf"
    command = ("deployment", "place-notice", name, "--as", "op-1", "--site", "site-1", *SIGN, photo)

    assert desk.fails(*command, *options) == (status, code)
    assert "signs" not in desk("deployment", "show", name).out


def test_the_operating_point_comes_from_the_pack(desk, tmp_path):
    """R-40: verified on this machine, with its evidence; the engineer fixes it."""
    name = authorised(desk, tmp_path)
    options = ("--evidence", "CAL-3", "--reason", "Calibrated")

    by_operator = desk.fails("deployment", "calibrate", name, "--as", "op-1", *options)
    fixed = desk("deployment", "calibrate", name, "--as", "se-1", *options, "--json")

    assert by_operator == (1, "rule.role_forbidden")
    calibration = fixed.document["calibration"]
    assert (calibration["pack_name"], calibration["threshold"]) == ("overt-default", 0.93)
    assert calibration["evidence"] == "CAL-3"


def test_an_unknown_pack_is_named(desk, tmp_path):
    """Nothing is fixed."""
    name = authorised(desk, tmp_path)
    options = ("--evidence", "CAL-3", "--reason", "Calibrated", "--pack", "none")

    failed = desk.fails("deployment", "calibrate", name, "--as", "se-1", *options)

    assert failed == (2, "models.unknown")


def test_conditions_are_listed_by_requirement(desk, tmp_path):
    """All of them, now; the exit status says that there are some; nothing is logged."""
    name = authorised(desk, tmp_path)
    before = len(log(desk, "LiveRefused"))

    listed = desk("deployment", "conditions", name)
    document = desk("deployment", "conditions", name, "--json")

    assert (listed.status, document.status) == (1, 1)
    ids = {row["requirement"] for row in document.document}
    assert {"R-01", "R-12", "R-40", "R-60", "R-62"} <= ids
    assert all(each in listed.out for each in ids)
    assert max(map(len, listed.out.splitlines())) <= 80
    assert len(log(desk, "LiveRefused")) == before


def test_a_deployment_that_is_over_may_never_be_live(desk):
    """Said first."""
    name = drafted(desk)
    desk("deployment", "cancel", name, "--as", "ap-1", "--reason", "No officers")

    rows = desk("deployment", "conditions", name, "--json").document

    assert rows[0]["found"] == "cancelled"


def test_a_rehearsal_has_consent_in_place_of_an_authority(desk, tmp_path):
    """From the draft to authorised in one step; an application is not for it."""
    name = desk("deployment", "draft", "Yard", "--as", "ev-1", "--rehearsal", "--json").document
    name, forms = name["deployment_id"], tmp_path / "forms.pdf"
    forms.write_text("signed")
    consent = ("--volunteers", "4", "--until", "2126-01-01T00:00Z")

    done = desk("deployment", "consent", name, forms, "--as", "ev-1", *consent)
    failed = desk.fails("deployment", "apply", name, write_application(tmp_path), "--as", "ap-1")

    assert done.out == f"{name}: authorised\n"
    assert failed == (1, "deployment.wrong_kind")
    assert "4 volunteers" in desk("deployment", "show", name).out


def test_deployments_are_listed(desk):
    """By state; names are shown as they are."""
    first = drafted(desk)
    desk("deployment", "cancel", first, "--as", "ap-1", "--reason", "Rain")
    second = drafted(desk)

    listed = desk("deployment", "list")
    drafts = desk("deployment", "list", "--state", "draft", "--json").document

    assert first in listed.out
    assert max(map(len, listed.out.splitlines())) <= 80
    assert [row["deployment_id"] for row in drafts] == [second]


@pytest.mark.parametrize(
    "command",
    [
        ("show", "none"),
        ("conditions", "none"),
        ("record", "none"),
        ("authorise", "none", "--as", "ao-1", "--reason", "Because"),
        ("publish", "none", "--as", "ev-1", "--out", "record.json"),
    ],
)
def test_a_deployment_that_is_not_there(desk, command):
    """Wrong input: 2."""
    assert desk.fails("deployment", *command) == (2, "store.not_found")


def test_a_record_is_published_after_the_purge_only(desk, tmp_path):
    """No file is left."""
    name, out = drafted(desk), tmp_path / "record.json"

    failed = desk.fails("deployment", "publish", name, "--as", "ev-1", "--out", out)

    assert failed == (1, "deployment.wrong_state")
    assert not out.exists()


def test_every_step_has_a_command():
    """What the life cycle allows can be asked for; the software takes the others by itself."""
    from typer.main import get_command

    from overt.cli.main import app

    commands = set(get_command(app).commands["deployment"].commands)
    elsewhere = {
        "watchlist_built",
        "approve_watchlist",
        "check_freshness",
        "go_live",
        "join_sites",
        "close_sites",
        "lapse",
        "expire",
        "purged",
    }
    named = {
        "apply_": "apply",
        "record_consent": "consent",
        "plan_signs": "plan-signs",
        "place_notice": "place-notice",
        "remove_notice": "remove-notice",
        "suspend_authority": "suspend",
        "restore_authority": "resume",
        "published": "publish",
    }

    assert {named.get(step, step) for step in ALLOWED.keys() - elsewhere} <= commands
