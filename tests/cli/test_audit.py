"""``overt audit``: what an auditor, and a member of the public, types."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from integration.audit_exports import ORIGIN, a_signer, an_export, note_of
from overt.bootstrap.store import open_workplace
from overt.core.audit_events import EventKind
from overt.core.roles import Actor, Role
from overt.settings import read_settings
from unit.core.audit_lines import a_log, an_event

N_EVENTS = 5


@pytest.fixture
def signer(tmp_path):
    """Return a key that is not this machine's."""
    return a_signer(tmp_path / "elsewhere")


@pytest.fixture
def export(tmp_path, signer):
    """Return the file of an exported log."""
    path = tmp_path / "audit.log"
    path.write_bytes(an_export(N_EVENTS, signer))
    return path


@pytest.fixture
def store(overt):
    """Set this machine up, with an auditor and some events; the log begins with two of its own."""
    overt("init", "--log-name", ORIGIN)
    with open_workplace(read_settings()) as workplace, workplace.open() as uow:
        uow.actors.save(Actor("auditor_1", frozenset({Role.AUDITOR})))
        uow.actors.save(Actor("operator_1", frozenset({Role.OPERATOR})))
        for number in range(2, N_EVENTS):
            kind = EventKind.DEPLOYMENT_ENDED if number == 3 else EventKind.ALERT_DECIDED
            details = {**an_event(number).details, "reason": "the authority ended"}
            uow.audit.append(an_event(number, kind=kind, details=details))
        uow.commit()


def test_an_export_is_verified_without_a_store(overt, export, signer):
    """R-70: a copy of the file and the public key are enough; nothing is made on this machine."""
    ran = overt("audit", "verify", export, "--public-key", signer.verifier_text())

    assert ran.status == 0
    assert ran.out.splitlines()[0] == "events       5, each as it was recorded"
    assert f"log          {ORIGIN}" in ran.out
    assert f"signed by    {ORIGIN}+" in ran.out
    assert not overt.home.exists()


def test_the_answer_as_json(overt, export, signer, tmp_path):
    """For other programs; the key may lie in a file."""
    key, older = tmp_path / "key", tmp_path / "older"
    key.write_text(signer.verifier_text() + "\n", encoding="utf-8")
    older.write_bytes(note_of(a_log(3), signer))
    options = ("--public-key", key, "--checkpoint", older, "--json")

    found = overt("audit", "verify", export, *options).document
    assert found.pop("signed_by").startswith(f"{ORIGIN}+")
    assert len(found.pop("root")) == 44
    assert found == {"events": 5, "log": ORIGIN, "checkpoints": [3, 5]}


def test_without_a_key_it_says_what_was_not_checked(overt, export):
    """The chain and the root are."""
    assert "not checked: give --public-key" in overt("audit", "verify", export).out


@pytest.mark.parametrize(
    ("damage", "code", "words"),
    [
        (lambda d: d.replace(b"alert_3", b"alert_9"), "audit.chain_broken", "event 3: it was"),
        (lambda d: b"".join(d.splitlines(keepends=True)[1:]), "audit.chain_broken", "event 0"),
        (lambda d: d[:700], "audit.truncated", "inside event 2"),
        (lambda d: d.replace(b"alert_4", b"alert_9"), "audit.root_mismatch", "event 4"),
        (lambda d: d.replace(b"\n5\n", b"\n6\n"), "audit.signature_wrong", "another text"),
        (lambda d: d[:-1], "audit.note_invalid", "event 5 or a checkpoint"),
    ],
)
def test_damage_ends_with_status_3(overt, export, signer, damage, code, words):
    """One line on standard error says where and what."""
    export.write_bytes(damage(export.read_bytes()))
    ran = overt("audit", "verify", export, "--public-key", signer.verifier_text())

    assert (ran.status, ran.out) == (3, "")
    assert ran.err.startswith("overt: ")
    assert ran.err.rstrip().endswith(f"[{code}]")
    assert words in ran.err


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("verify", "gone"), 2, "audit.file_unreadable"),
        (("verify", "{export}", "--checkpoint", "gone"), 2, "audit.file_unreadable"),
        (("verify", "{export}", "--public-key", "gone"), 2, "audit.file_unreadable"),
        (("verify", "{export}", "--public-key", "a+b+c"), 2, "audit.key_invalid"),
        (("verify", "{export}", "--checkpoint", "{export}"), 3, "audit.note_invalid"),
        (("verify",), 2, "store.missing"),
        (("show", "--as", "auditor_1"), 2, "store.missing"),
        (("checkpoint",), 2, "store.missing"),
        (("export", "new", "--as", "auditor_1"), 2, "store.missing"),
    ],
)
def test_what_is_missing_is_named(overt, export, arguments, status, code):
    """And no store is made to look into it."""
    filled = [argument.format(export=export) for argument in arguments]

    assert overt.fails("audit", *filled) == (status, code)
    assert not overt.home.exists()


@pytest.mark.usefixtures("store")
def test_export_and_verify(overt, tmp_path):
    """What is exported verifies, with this machine's key, and tells that it was exported."""
    path = tmp_path / "audit.log"
    ran = overt("audit", "export", path, "--as", "auditor_1")

    assert (ran.status, ran.out) == (0, f"{path}: 6 events\n")
    last = json.loads(path.read_bytes().splitlines()[5])
    assert (last["kind"], last["actor_id"]) == ("DataExported", "auditor_1")
    assert last["details"] == {"n_rows": 5, "what": "audit_log"}
    assert f"signed by    {ORIGIN}+" in overt("audit", "verify", path).out


@pytest.mark.usefixtures("store")
def test_a_checkpoint_is_kept_and_compared_later(overt, tmp_path):
    """With the store itself, and with an export of it."""
    kept, path = tmp_path / "kept", tmp_path / "audit.log"
    kept.write_text(overt("audit", "checkpoint").out, encoding="utf-8")
    overt("audit", "export", path, "--as", "auditor_1")

    assert kept.read_text(encoding="utf-8").startswith(f"{ORIGIN}\n5\n")
    for log in ([], [path]):
        ran = overt("audit", "verify", *log, "--checkpoint", kept)
        assert ran.status == 0
        assert ran.out.splitlines()[0] == "events       7, each as it was recorded"
    signed = json.loads(path.read_bytes().splitlines()[5])
    assert (signed["kind"], signed["details"]["size"]) == ("CheckpointSigned", 5)


@pytest.mark.usefixtures("store")
def test_an_auditor_is_shown_events(overt):
    """The latest, oldest first; or of one kind. That they were read is logged."""
    rows = show(overt, "--last", "2")

    assert [row.split()[0] for row in rows] == ["3", "4"]
    assert "2026-03-01 09:00:04Z  AlertDecided" in rows[1]
    assert [row.split()[0] for row in show(overt, "--kind", "DeploymentEnded")] == ["3"]
    assert show(overt, "--kind", "DeploymentPurged") == []
    viewed = [json.loads(line)["details"] for line in show(overt, "--last", "2", "--json")]
    assert [details["row_id"] for details in viewed] == ["3-4", "3-3"]


def show(overt, *options: str) -> list[str]:
    """Return the lines that an auditor is shown."""
    return overt("audit", "show", "--as", "auditor_1", *options).out.splitlines()


@pytest.mark.usefixtures("store")
def test_events_are_shown_as_they_stand_in_the_log(overt):
    """Byte for byte."""
    lines = show(overt, "--json")

    assert [json.loads(line)["seq"] for line in lines] == list(range(N_EVENTS))
    assert json.loads(lines[0])["previous_hash"] == "0" * 64


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("command", [("show",), ("export", "{new}")])
def test_only_an_auditor_reads_the_log(overt, tmp_path, command):
    """R-35: when and where alerts were raised is personal data; a refusal is logged."""
    new = tmp_path / "audit.log"
    filled = [argument.format(new=new) for argument in command]

    assert overt.fails("audit", *filled, "--as", "operator_1") == (1, "rule.role_forbidden")
    assert not new.exists()
    assert "AccessDenied" in show(overt, "--last", "1")[0]
    assert overt.fails("audit", *filled, "--as", "nobody") == (2, "store.not_found")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "arguments", [("verify",), ("checkpoint",), ("export", "{new}"), ("show",)]
)
def test_a_damaged_store_is_neither_signed_nor_shown(overt, tmp_path, monkeypatch, arguments):
    """Every command says which event was changed."""
    monkeypatch.setenv("OVERT_ACTOR", "auditor_1")
    with closing(sqlite3.connect(overt.home / "overt.db")) as connection:
        connection.execute("DROP TRIGGER audit_log_update_refused")
        connection.execute("UPDATE audit_log SET line = x'7b7d' WHERE seq = 1")
        connection.commit()
    new = tmp_path / "audit.log"
    ran = overt("audit", *(argument.format(new=new) for argument in arguments))

    assert ran.status == 3
    assert ran.err.startswith("overt: event 1: its line")
    assert not new.exists()
