"""Exported and stored logs against checkpoints, without files, keys or databases (R-70)."""

from __future__ import annotations

import pytest

from overt.core.checkpoint import Checkpoint
from overt.core.signed_note import NoteSignature, SignedNote
from overt.core.transparency import EMPTY_ROOT, leaf_hash, tree_of
from overt.errors import (
    AuditChainBrokenError,
    AuditTruncatedError,
    LogTreeDamagedError,
    RootMismatchError,
    SignatureWrongError,
    SignedNoteInvalidError,
)
from overt.services.export_audit import export_audit, sign_checkpoint
from overt.services.verify_audit import VerifiedLog, verify_export, verify_stored
from unit.core.audit_lines import a_log, an_event, log_of

LINES = a_log(6)
ORIGIN = "trial.example/audit"


class FakeSigner:
    """Signs with the length of the text."""

    origin = ORIGIN

    def sign(self, text):
        return SignedNote(text, (NoteSignature(ORIGIN, b"key1", bytes([len(text)])),))


class FakeVerifier:
    """Believes what FakeSigner signed."""

    signer = f"{ORIGIN}+6b657931"

    def verify(self, note):
        if note.signatures[0].signature != bytes([len(note.text)]):
            raise SignatureWrongError("another text")


class FakeFile:
    """An exported log in memory."""

    def __init__(self, lines, note):
        self._lines, self._note = lines, note

    def lines(self):
        return iter(self._lines)

    def note(self):
        return self._note


class FakeLog:
    """A stored log in memory; its tree may be that of other lines."""

    def __init__(self, lines, tree_lines=None):
        self._lines = lines
        self._tree = tree_of(map(leaf_hash, lines if tree_lines is None else tree_lines))

    def lines(self):
        return iter(self._lines)

    def tree(self):
        return self._tree


def note_at(size: int, lines=LINES, origin: str = ORIGIN) -> bytes:
    """Return a signed checkpoint after so many lines."""
    head = tree_of(map(leaf_hash, lines[:size])).head()
    return str(FakeSigner().sign(Checkpoint(origin, head).text())).encode()


CLOSED = FakeFile(LINES, note_at(6))


def test_an_export_is_what_the_service_writes():
    """Lines, an empty line, the checkpoint."""
    parts = list(export_audit(FakeLog(LINES), FakeSigner()))

    assert parts == [*(line + b"\n" for line in LINES), b"\n" + note_at(6)]


def test_a_whole_export_is_verified():
    """With size, root, name and signer."""
    root = tree_of(map(leaf_hash, LINES)).root()

    assert verify_export(
        CLOSED, checkpoints=[note_at(2), note_at(6)], verifier=FakeVerifier()
    ) == VerifiedLog(6, root, ORIGIN, f"{ORIGIN}+6b657931", (2, 6, 6))


def test_an_empty_log_is_verified():
    """A checkpoint of nothing closes it."""
    log = verify_export(FakeFile([], note_at(0)), verifier=FakeVerifier())

    assert (log.size, log.root) == (0, EMPTY_ROOT)


def test_without_a_key_no_signer_is_named():
    """Nobody reads that a signature was checked when it was not."""
    assert verify_export(CLOSED).signer is None
    assert verify_stored(FakeLog(LINES), verifier=FakeVerifier()).signer is None
    assert verify_stored(FakeLog(LINES)).origin is None


def test_an_export_without_its_checkpoint_needs_another():
    """The end of the file could have been cut off."""
    log = FakeFile(LINES[:4], None)
    with pytest.raises(AuditTruncatedError, match="before event 4") as caught:
        verify_export(log)

    assert caught.value.fields["seq"] == 4
    assert verify_export(log, checkpoints=[note_at(3)]).checkpoint_sizes == (3,)
    with pytest.raises(AuditTruncatedError, match="counts 6 events, found 4"):
        verify_export(log, checkpoints=[note_at(6)])


def test_lines_behind_the_closing_checkpoint_are_found():
    """They were put in after signing, however well they fit."""
    with pytest.raises(AuditChainBrokenError, match="event 4: it stands behind"):
        verify_export(FakeFile(LINES, note_at(4)), checkpoints=[note_at(4)])


def test_an_older_checkpoint_finds_a_log_that_was_written_anew():
    """Even where whoever did so holds the key."""
    anew = log_of([an_event(number, actor_id="other") for number in range(6)])

    with pytest.raises(RootMismatchError, match="event 2: the checkpoint of 3 events"):
        verify_export(
            FakeFile(anew, note_at(6, anew)), checkpoints=[note_at(3)], verifier=FakeVerifier()
        )


@pytest.mark.parametrize("note", [b"", b"{}", note_at(6)[:-1], b"a\n\n" + note_at(6)[-60:]])
def test_a_closing_checkpoint_that_is_none_is_located(note):
    """Behind the last event."""
    with pytest.raises(SignedNoteInvalidError, match="where event 6 or a checkpoint") as caught:
        verify_export(FakeFile(LINES, note))

    assert caught.value.fields["seq"] == 6


def test_a_checkpoint_that_is_none_is_refused():
    """The one given beside the file."""
    with pytest.raises(SignedNoteInvalidError):
        verify_export(CLOSED, checkpoints=[b"text"])


def test_a_wrong_signature_is_refused():
    """In the file and beside it."""
    wrong = str(
        SignedNote(
            note_at(6).decode().split("\n\n")[0] + "\n", (NoteSignature("n", b"key1", b"x"),)
        )
    )
    with pytest.raises(SignatureWrongError):
        verify_export(FakeFile(LINES, wrong.encode()), verifier=FakeVerifier())
    with pytest.raises(SignatureWrongError):
        verify_export(CLOSED, checkpoints=[wrong.encode()], verifier=FakeVerifier())


def test_a_checkpoint_of_another_log_is_refused():
    """The same key may sign for two; the names differ."""
    with pytest.raises(SignatureWrongError, match=r"of other\.example, not of"):
        verify_export(FakeFile(LINES, note_at(6, origin="other.example")), verifier=FakeVerifier())


def test_a_stored_log_is_verified():
    """Against its own tree and checkpoints."""
    log = verify_stored(FakeLog(LINES), checkpoints=[note_at(5)], verifier=FakeVerifier())

    assert (log.size, log.checkpoint_sizes) == (6, (5,))


def test_rows_that_are_gone_from_the_end_are_found():
    """The state of the tree counts them."""
    with pytest.raises(AuditTruncatedError, match="event 4 is missing: 6 were stored") as caught:
        verify_stored(FakeLog(LINES[:4], LINES))

    assert caught.value.fields["seq"] == 4


@pytest.mark.parametrize("tree_lines", [LINES[:4], [*LINES[:5], b"x"]])
def test_a_tree_of_other_events_is_found(tree_lines):
    """The chain holds, so either the state or the whole log was changed."""
    with pytest.raises(LogTreeDamagedError, match="6 events"):
        verify_stored(FakeLog(LINES, tree_lines))


def test_the_state_of_the_tree_tells_which_of_the_last_two_rows_was_changed():
    """The last row names another hash for the one before."""
    lines = [*LINES[:4], LINES[4].replace(b"dismissed", b"passed_on"), LINES[5]]

    with pytest.raises(AuditChainBrokenError, match="event 4"):
        verify_stored(FakeLog(lines, LINES))


def test_a_damaged_log_is_neither_signed_nor_exported():
    """A signature would say that nothing was changed."""
    damaged = FakeLog([*LINES[:2], *LINES[3:]])
    with pytest.raises(AuditChainBrokenError, match="event 2"):
        sign_checkpoint(damaged, FakeSigner())
    with pytest.raises(AuditChainBrokenError, match="event 2"):
        list(export_audit(damaged, FakeSigner()))
    with pytest.raises(RootMismatchError):
        list(export_audit(FakeLog(LINES, [*LINES[:5], b"x"]), FakeSigner()))


def test_a_checkpoint_is_signed():
    """Of all events."""
    assert str(sign_checkpoint(FakeLog(LINES), FakeSigner())).encode() == note_at(6)


def test_progress_is_told():
    """Every thousand events."""
    lines, told = a_log(2500), []
    verify_export(FakeFile(lines, note_at(2500, lines)), progress=told.append)
    verify_stored(FakeLog(lines), progress=told.append)

    assert told == [1000, 2000, 1000, 2000]
