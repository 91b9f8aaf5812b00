"""``overt request``: taken down, answered, closed."""

from __future__ import annotations

import io
import sys
from datetime import date
from types import SimpleNamespace

import pytest
from tests.cli.deploying import set_up


@pytest.fixture
def desk(overt, tmp_path):
    """Return the command line of a machine with accounts, and files of what somebody says."""
    set_up(overt)
    today = date.today().isoformat()
    overt("user", "trained", "au-1", "--on", today, "--as", "ao-1")
    (tmp_path / "words").write_text("I am Anna Example. Was I listed?\n")
    (tmp_path / "contact").write_text("anna@example.org")
    (tmp_path / "note").write_text("As we wrote in our letter.")
    return overt


def files(tmp_path):
    """Return the options that name the texts."""
    return ("--words", tmp_path / "words", "--contact", tmp_path / "contact")


def add(overt, tmp_path, kind="was_listed", *options):
    """Take a request down; return what was printed as JSON."""
    given = ("--channel", "letter", *files(tmp_path), "--as", "op-1", "--json")
    return overt("request", "add", kind, *given, *options).document


def test_a_letter_goes_its_whole_way(desk, tmp_path):
    """Taken down, listed, shown, checked, answered, closed."""
    added = add(desk, tmp_path, "was_listed", "--on", "2026-03-02")
    name, auditor = added["request_id"], ("--as", "au-1")
    listed = desk("request", "list", *auditor)
    shown = desk("request", "show", name, *auditor)
    assert desk.fails("request", "answer", name, "--reference", "N-1", *auditor) == (
        1,
        "public_request.identity_unchecked",
    )
    desk("request", "identity", name, *auditor)
    answered = desk("request", "answer", name, "--reference", "N-1", *auditor)
    closed = desk("request", "close", name, "--code", "answered", *auditor, "--json").document

    assert len(added["receipt"]) == 23
    assert "receipt_sha256" not in added
    assert name in listed.out
    assert added["due_at"][:10] in listed.out
    assert max(map(len, listed.out.splitlines())) <= 80
    assert "Anna" not in listed.out
    assert "I am Anna Example" in shown.out
    assert added["receipt"] in shown.out
    assert "No. You were on no watchlist on that day." in answered.out
    assert (closed["state"], closed["answer_code"]) == ("closed", "not_listed")


def test_another_day_needs_its_reason_from_a_file(desk, tmp_path):
    """The letter names both days."""
    name = add(desk, tmp_path, "was_listed", "--on", "2026-03-02")["request_id"]
    desk("request", "identity", name, "--as", "au-1")
    other = ("request", "answer", name, "--reference", "N-1", "--on", "2026-03-01", "--as", "au-1")
    assert desk.fails(*other) == (2, "public_request.invalid")
    told = desk(*other, "--day-reason", tmp_path / "note").out
    assert "on 2 March 2026. This answer is about 1 March 2026. Why: As we wrote" in told


def test_a_complaint_is_acknowledged_and_answered_with_a_note(desk, tmp_path):
    """The reasons come from a file, too."""
    name = add(desk, tmp_path, "complaint")["request_id"]
    assert desk("request", "acknowledge", name, "--as", "au-1").status == 0
    options = ("--code", "not_upheld", "--note", tmp_path / "note", "--as", "au-1")
    told = desk("request", "answer", name, *options, "--json").document
    shown = desk("request", "show", name, "--as", "au-1", "--json").document

    assert "As we wrote in our letter." in told["answer"]
    assert shown["answer"] == told["answer"]
    assert shown["words"]["contact"] == "anna@example.org"


def test_words_come_through_a_pipe(desk, tmp_path, monkeypatch):
    """Nothing of them stands in the history of a shell."""
    piped = SimpleNamespace(buffer=io.BytesIO("Was ich wissen möchte".encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    options = ("--channel", "telephone", "--words", "-", "--contact", tmp_path / "contact")
    added = desk("request", "add", "other_right", *options, "--as", "op-1")
    assert added.status == 0
    assert "receipt " in added.out


@pytest.mark.parametrize(
    ("content", "code"),
    [
        *((each, "file.unusable") for each in (None, b"\xff\xfe", b"x" * 20_000)),
        *((each, "public_request.invalid") for each in (b"", b"a\x1bb")),
    ],
)
def test_a_file_that_is_no_such_text_is_refused(desk, tmp_path, content, code):
    """Missing, of another encoding, too long, blank, with control characters."""
    path = tmp_path / "other"
    if content is not None:
        path.write_bytes(content)
    options = ("--channel", "letter", "--words", path, "--contact", tmp_path / "contact")
    assert desk.fails("request", "add", "complaint", *options, "--as", "op-1") == (2, code)


@pytest.mark.parametrize("who", ["op-1", "nobody"])
def test_only_an_auditor_looks(desk, tmp_path, who):
    """And only one who is there."""
    name = add(desk, tmp_path, "complaint")["request_id"]
    code = "store.not_found" if who == "nobody" else "rule.role_forbidden"
    for command in (("list",), ("show", name), ("close", name, "--code", "no_request")):
        assert desk.fails("request", *command, "--as", who)[1] == code
