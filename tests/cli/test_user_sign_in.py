from __future__ import annotations

import io
import sys

import pytest
import typer
from tests.cli.deploying import set_up

from overt.adapters.secrets.passwords import Argon2Hasher
from overt.bootstrap.store import open_workplace
from overt.errors import SignInRefusedError
from overt.services.sign_in import (
    sign_in_with_identity,
    sign_in_with_link,
    sign_in_with_password,
)
from overt.settings import Settings

OFFICER = ("--role", "authorising_officer", "--rank", "superintendent")
PASSWORD = "correct horse battery"


@pytest.fixture
def desk(overt):
    """Return the command line on a machine with accounts."""
    set_up(overt)
    return overt


def signed_in(overt, sign_in, *arguments):
    """Return what comes of signing in on the command line's store."""
    with open_workplace(Settings(home=overt.home)) as workplace:
        return sign_in(workplace, *arguments)


def typed(monkeypatch, text):
    """Put a text where a command reads it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_a_new_account_gets_a_link(desk):
    """Printed once; with it the person sets a password, within a day."""
    added = desk("user", "add", "op-2", "--role", "operator", "--as", "ao-1")

    assert added.status == 0, added.err
    account, link = added.out.splitlines()
    assert account == "op-2: operator"
    words, _, token = link.rpartition(": ")
    assert words == "sign-in link, once, within 24 h"
    assert signed_in(desk, sign_in_with_link, token).must_change_password


def test_the_first_officer_gets_a_link(overt):
    """Made by the software, as nobody else is there."""
    overt("init")
    added = overt("user", "add", "ao-1", *OFFICER, "--bootstrap", "--json").document

    assert added["roles"] == ["authorising_officer"]
    assert signed_in(overt, sign_in_with_link, added["sign_in_link"]).must_change_password


def test_a_password_is_set_at_the_machine(desk, monkeypatch):
    """From a file or a password manager; it is not repeated."""
    typed(monkeypatch, f"{PASSWORD}\nanother line\n")

    done = desk("user", "password", "ao-1", "--stdin")

    assert (done.status, done.out) == (0, "ao-1: password set\n")
    hasher = Argon2Hasher()
    new = signed_in(desk, sign_in_with_password, hasher, "ao-1", PASSWORD)
    assert not new.must_change_password


def test_a_password_is_typed_twice(desk, monkeypatch):
    """On a terminal, unseen; two that differ are asked for again."""
    asked = []

    def prompt(text, **options):
        asked.append((text, options))
        return PASSWORD

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(typer, "prompt", prompt)

    assert desk("user", "password", "ao-1").out == "ao-1: password set\n"
    assert asked == [("Password", {"hide_input": True, "confirmation_prompt": "Once more"})]


@pytest.mark.parametrize(
    ("given", "options", "ends"),
    [
        ("", (), (2, "setting.invalid")),
        ("", ("--stdin",), (2, "setting.invalid")),
        ("\n", ("--stdin",), (2, "setting.invalid")),
        ("too short\n", ("--stdin",), (2, "sign_in.password_unsuitable")),
    ],
)
def test_a_password_that_is_not_set(desk, monkeypatch, given, options, ends):
    """No terminal, nothing given, too short."""
    typed(monkeypatch, given)

    assert desk.fails("user", "password", "ao-1", *options) == ends


def test_nobody_unknown_gets_a_password(desk, monkeypatch):
    """It makes no account."""
    typed(monkeypatch, f"{PASSWORD}\n")

    assert desk.fails("user", "password", "nobody", "--stdin") == (2, "store.not_found")


@pytest.mark.parametrize("as_json", [False, True])
def test_a_link_by_an_officer(desk, as_json):
    """As a line or as JSON; it opens once."""
    options = ("--json",) if as_json else ("--hours", "2")
    made = desk("user", "sign-in-link", "op-1", "--as", "ao-1", *options)

    assert as_json or made.out.startswith("sign-in link, once, within 2 h: ")
    token = made.document["sign_in_link"] if as_json else made.out.split()[-1]
    assert signed_in(desk, sign_in_with_link, token).actor.actor_id == "op-1"
    with pytest.raises(SignInRefusedError):
        signed_in(desk, sign_in_with_link, token)


@pytest.mark.parametrize(
    ("actor_id", "by", "ends"),
    [
        ("op-1", "op-1", (1, "rule.role_forbidden")),
        ("op-1", "ao-3", (1, "rule.rank_too_low")),
        ("ao-1", "ao-1", (1, "deployment.separation_of_duties")),
        ("nobody", "ao-1", (2, "store.not_found")),
    ],
)
def test_who_makes_no_link(desk, actor_id, by, ends):
    """Nobody for themselves, and nobody below the rank."""
    assert desk.fails("user", "sign-in-link", actor_id, "--as", by) == ends


def test_a_link_has_an_end(desk):
    """A week at most; the usage says so."""
    assert desk("user", "sign-in-link", "op-1", "--as", "ao-1", "--hours", 169).status == 2


def test_sessions_are_ended(desk):
    """How many there were is said; the reason stands in the log."""
    token = desk("user", "sign-in-link", "op-1", "--as", "ao-1").out.split()[-1]
    signed_in(desk, sign_in_with_link, token)
    ended = ("user", "sign-out", "op-1", "--as", "ao-1", "--reason", "Telephone lost")

    assert desk(*ended).out == "op-1: 1 session ended\n"
    assert desk(*ended, "--json").document == {"actor_id": "op-1", "n_sessions": 0}
    assert "Telephone lost" in desk("audit", "show", "--json", "--as", "au-1").out


def test_an_identity_is_tied(desk):
    """Until it is untied, it opens the account; what the service calls somebody is not said."""
    at = ("--issuer", "https://id.force.example", "--subject", "jo.bloggs")

    tied = desk("user", "link", "op-1", *at, "--as", "ao-1")

    assert tied.out == "op-1: opened by an account at https://id.force.example\n"
    new = signed_in(desk, sign_in_with_identity, "https://id.force.example", "jo.bloggs")
    assert new.actor.actor_id == "op-1"
    assert desk.fails("user", "link", "eo-1", *at, "--as", "ao-1") == (1, "store.conflict")
    untied = desk("user", "unlink", "op-1", *at, "--as", "ao-1")
    assert untied.out == "op-1: no longer opened by that account\n"
    assert desk.fails("user", "unlink", "op-1", *at, "--as", "ao-1") == (2, "store.not_found")
    other = ("--issuer", "https://id.force.example", "--subject", "other", "--json")
    assert desk("user", "link", "eo-1", *other, "--as", "ao-1").document["actor_id"] == "eo-1"
    assert "jo.bloggs" not in desk("audit", "show", "--json", "--as", "au-1").out


def test_a_training_is_recorded(desk):
    """R-36: by an officer, for another; without one, the roles that see alerts rest."""
    done = desk("user", "trained", "op-1", "--on", "2026-03-31", "--as", "ao-1")

    assert done.out == "op-1: operator, trained on 2026-03-31\n"
    rows = desk("user", "list", "--json").document
    assert [row["trained_on"] for row in rows if row["actor_id"] == "op-1"] == ["2026-03-31"]
    assert "2026-03-31" in desk("user", "list").out


@pytest.mark.parametrize("on", ["31.3.2026", "2999-01-01", ""])
def test_a_training_has_a_day(desk, on):
    """That has been."""
    ends = desk.fails("user", "trained", "op-1", "--on", on, "--as", "ao-1")
    assert ends == (2, "setting.invalid")
