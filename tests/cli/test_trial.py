"""Trials by command, on a real store: template, register, add, end, list, show."""

from __future__ import annotations

import pytest
from tests.cli.deploying import drafted, set_up
from tests.integration.trial_plans import filled_in


@pytest.fixture
def desk(overt):
    """Return the command line of a machine with accounts."""
    set_up(overt)
    return overt


@pytest.fixture
def plan(tmp_path):
    """Return the file of a plan with two deployments."""
    path = tmp_path / "plan.toml"
    path.write_text(filled_in(n_deployments="2"), encoding="utf-8")
    return path


def registered(desk, plan, *more):
    """Return the identifier of a trial."""
    ran = desk("trial", "register", plan, "--as", "ev-1", *more, "--json")
    assert ran.status == 0, ran.err
    return ran.document["trial_id"]


def test_the_template_is_what_register_reads(desk, tmp_path):
    """As it is, it is refused with what is missing."""
    path = tmp_path / "plan.toml"
    path.write_text(desk("trial", "template").out, encoding="utf-8")
    refused = ("trial", "register", path, "--as", "ev-1")
    assert desk.fails(*refused) == (2, "trial.plan_invalid")


def test_from_the_plan_to_the_end(desk, plan):
    """A trial of two deployments, ended for a reason before they were done."""
    trial_id = registered(desk, plan)
    one, two = drafted(desk), drafted(desk)
    assert desk("trial", "add", trial_id, one, "--as", "ev-1").out == (
        f"{trial_id}: under way, 1 of 2 deployments\n"
    )
    desk("trial", "add", trial_id, two, "--as", "ev-1")
    assert desk.fails("trial", "end", trial_id, "--as", "ev-1") == (1, "trial.wrong_state")
    ended = desk("trial", "end", trial_id, "--reason", "Flood", "--as", "ev-1")
    assert ended.out == f"{trial_id}: ended: Flood, 2 of 2 deployments\n"

    shown = desk("trial", "show", trial_id, "--json").document
    assert shown["deployment_ids"] == [one, two]
    assert shown["states"] == {one: "draft", two: "draft"}
    assert shown["plan"]["n_deployments"] == 2
    assert (shown["is_ended"], shown["ended_by"], shown["reason"]) == (True, "other", "Flood")
    assert len(shown["plan_sha256"]) == 64
    (listed,) = desk("trial", "list", "--json").document
    assert listed == {name: value for name, value in shown.items() if name != "states"}


def test_people_can_read_it(desk, plan):
    """List and show in words; the plan says what its hypothesis means in figures."""
    one = drafted(desk)
    trial_id = registered(desk, plan, "--deployment", one)
    listed, shown = desk("trial", "list").out, desk("trial", "show", trial_id).out
    assert trial_id in listed
    assert "1 of 2" in listed
    for text in ("A text", "at most 0.001", "under way", "1 of 2 planned", one, "stop rule 1"):
        assert text in shown


def test_a_stop_rule_ends_it(desk, plan):
    """By its number, which has to be in the plan."""
    trial_id = registered(desk, plan, "--rehearsal")
    end = ("trial", "end", trial_id, "--as", "ev-1", "--stop-rule")
    assert desk.fails(*end, "2") == (1, "trial.wrong_state")
    assert desk(*end, "1").out.startswith(f"{trial_id}: ended: stop rule 1: A text")


def test_who_may_not_is_told_so(desk, plan):
    """Exit status 1; the log has the refusal."""
    assert desk.fails("trial", "register", plan, "--as", "ap-1") == (1, "rule.role_forbidden")
    assert desk("trial", "list", "--json").document == []
    denied = desk("audit", "show", "--as", "au-1", "--json")
    assert "register a trial" in denied.out


def test_what_is_not_there_is_not_found(desk, plan):
    """Exit status 2."""
    assert desk.fails("trial", "show", "trial-9") == (2, "store.not_found")
    trial_id = registered(desk, plan)
    add = ("trial", "add", trial_id, "d-9", "--as", "ev-1")
    assert desk.fails(*add) == (2, "store.not_found")
