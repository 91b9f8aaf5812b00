from __future__ import annotations

import pytest
from tests.cli.deploying import set_up

OFFICER = ("--role", "authorising_officer", "--rank", "superintendent")


def test_the_first_account_is_an_officer(overt):
    """Added once, without anybody to add it."""
    overt("init")

    assert overt("user", "add", "ao-1", *OFFICER, "--bootstrap").status == 0
    second = overt.fails("user", "add", "ao-2", *OFFICER, "--bootstrap")
    assert second == (1, "rule.role_forbidden")


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        (("--role", "operator", "--bootstrap"), 1, "rule.role_forbidden"),
        (
            ("--role", "authorising_officer", "--rank", "inspector", "--bootstrap"),
            1,
            "rule.rank_too_low",
        ),
        (("--role", "operator"), 1, "rule.role_forbidden"),
        ((*OFFICER, "--as", "ao-1"), 2, "store.not_found"),
        (("--role", "authorising_officer", "--rank", "king"), 2, "setting.invalid"),
        (("--role", "auditor", "--role", "operator"), 2, "actor.roles_conflict"),
        (("--role", "operator", "--role", "system_engineer"), 2, "actor.roles_conflict"),
    ],
)
def test_who_cannot_be_the_first(overt, options, status, code):
    """And nothing is added."""
    overt("init")

    assert overt.fails("user", "add", "new-1", *options) == (status, code)
    assert overt("user", "list", "--json").document == []


def test_accounts_are_listed(overt):
    """At 80 columns, and as JSON."""
    set_up(overt)

    listed = overt("user", "list")

    assert "chief superintendent" in listed.out
    assert max(map(len, listed.out.splitlines())) <= 80
    rows = overt("user", "list", "--json").document
    assert {
        "actor_id": "op-1",
        "roles": ["operator"],
        "rank": None,
        "trained_on": None,
        "is_active": True,
    } in rows


def test_roles_are_changed_by_another(overt):
    """Nobody their own."""
    set_up(overt)

    changed = overt("user", "roles", "op-1", "--role", "applicant", "--as", "ao-1")

    assert changed.out == "op-1: applicant\n"
    own = overt.fails("user", "roles", "ao-1", *OFFICER, "--as", "ao-1")
    assert own == (1, "deployment.separation_of_duties")


def test_a_closed_account_can_do_nothing(overt):
    """And is never given to anybody else."""
    set_up(overt)

    closed = overt("user", "disable", "ap-1", "--as", "ao-1", "--reason", "Moved")

    assert closed.out == "ap-1: applicant (closed)\n"
    draft = overt.fails("deployment", "draft", "Square", "--as", "ap-1")
    assert draft == (1, "rule.role_forbidden")
    again = overt.fails("user", "add", "ap-1", "--role", "applicant", "--as", "ao-1")
    assert again == (1, "store.conflict")
    kinds = overt("audit", "show", "--json", "--as", "au-1").out
    assert '"ActorDeactivated"' in kinds


def test_the_actor_may_come_from_the_environment(overt, monkeypatch):
    """So that one shift need not type it."""
    set_up(overt)
    monkeypatch.setenv("OVERT_ACTOR", "ao-1")

    assert overt("user", "add", "op-2", "--role", "operator", "--json").document["actor_id"]
