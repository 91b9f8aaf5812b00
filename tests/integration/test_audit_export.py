"""Any one-byte change, removal, reordering or truncation is found and located (R-70)."""

from __future__ import annotations

import pytest

from integration.audit_exports import ORIGIN, a_signer, an_export, note_of
from overt.adapters.audit.checkpoints import Ed25519NoteVerifier
from overt.adapters.audit.export_file import ExportFile, read_note, write_export
from overt.adapters.audit.signing import parse_verifier_key
from overt.core.audit import MAX_LINE_BYTES
from overt.errors import (
    AuditChainBrokenError,
    AuditFileUnreadableError,
    AuditTruncatedError,
    IntegrityError,
    OutputUnwritableError,
    SignatureWrongError,
    SignedNoteInvalidError,
)
from overt.services.verify_audit import verify_export
from unit.core.audit_lines import a_log

N_SMALL, N_LARGE = 10, 50
N_CUT = 4


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    """Return a key."""
    return a_signer(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def verify(tmp_path, signer):
    """Return a function that verifies the bytes of an export."""
    verifier = Ed25519NoteVerifier(parse_verifier_key(signer.verifier_text()))
    path = tmp_path / "log"

    def verified(data, *checkpoints):
        path.write_bytes(data)
        return verify_export(ExportFile(path), checkpoints=checkpoints, verifier=verifier)

    return verified


def located(verify, data, *checkpoints) -> int | None:
    """Return where the damage is said to be; None for the checkpoint itself."""
    with pytest.raises(IntegrityError) as caught:
        verify(data, *checkpoints)
    return caught.value.fields.get("seq")


def seq_at(data: bytes, offset: int) -> int:
    """Return which event a byte belongs to; its line break counts as its own."""
    return data[:offset].count(b"\n")


def test_a_whole_export_is_verified(verify, signer):
    """Also the same bytes again."""
    data = an_export(N_LARGE, signer)

    assert (verify(data).size, verify(data).origin) == (N_LARGE, ORIGIN)
    assert verify(an_export(0, signer)).size == 0


def flipped(verify, data: bytes, offset: int, bits: int) -> str | None:
    """Return what is wrong with the answer to a flipped byte; None where it is right."""
    changed = bytearray(data)
    changed[offset] ^= bits
    end_of_events = data.index(b"\n\n") + 1
    try:
        verify(bytes(changed))
    except IntegrityError as error:
        seq = error.fields.get("seq")
        if offset < end_of_events:
            is_right = seq == seq_at(data, offset)
        else:
            # The empty line and the checkpoint: no event is blamed but the one that is missing.
            is_right = seq in {None, data[:end_of_events].count(b"\n")}
        return None if is_right else f"byte {offset}: event {seq} blamed: {error.message}"
    return f"byte {offset} ^ {bits}: not found"


@pytest.mark.slow
def test_every_byte_of_a_small_log_matters(verify, signer):
    """Every byte of ten events and their checkpoint, with three kinds of damage each."""
    data = an_export(N_SMALL, signer)

    wrong = [
        problem
        for offset in range(len(data))
        for bits in (0x01, 0x20, 0x80)
        if (problem := flipped(verify, data, offset, bits))
    ]
    assert wrong == []


@pytest.mark.parametrize("bits", [0x01, 0xFF, ord("{") ^ ord("\n")])
def test_bytes_of_a_larger_log_matter(verify, signer, bits):
    """One in 61 of every byte of fifty events."""
    data = an_export(N_LARGE, signer)

    assert [p for at in range(0, len(data), 61) if (p := flipped(verify, data, at, bits))] == []


@pytest.mark.parametrize("seq", range(N_LARGE))
def test_a_removed_line_is_located(verify, signer, seq):
    """Whichever of the fifty."""
    lines = an_export(N_LARGE, signer).split(b"\n")

    assert located(verify, b"\n".join(lines[:seq] + lines[seq + 1 :])) == seq


@pytest.mark.parametrize("seq", range(N_LARGE - 1))
def test_neighbours_that_changed_places_are_located(verify, signer, seq):
    """Whichever of the fifty."""
    lines = an_export(N_LARGE, signer).split(b"\n")
    lines[seq], lines[seq + 1] = lines[seq + 1], lines[seq]

    assert located(verify, b"\n".join(lines)) == seq


@pytest.mark.parametrize("seq", range(N_LARGE))
def test_a_repeated_line_is_located(verify, signer, seq):
    """Where it stands again."""
    lines = an_export(N_LARGE, signer).split(b"\n")

    assert located(verify, b"\n".join(lines[: seq + 1] + lines[seq:])) == seq + 1


def test_every_truncation_is_found_and_located(verify, signer):
    """The file cut after every byte of its events, against a checkpoint kept elsewhere."""
    data = an_export(N_CUT, signer)
    note = note_of(a_log(N_CUT), signer)
    end_of_events = data.index(b"\n\n") + 1

    for offset in range(end_of_events):
        whole = seq_at(data, offset)
        # A line that lacks nothing but its line break is whole.
        expected = whole + (data[offset : offset + 1] == b"\n")
        assert located(verify, data[:offset]) == expected, offset
        if expected < N_CUT:
            assert located(verify, data[:offset], note) == expected, offset


def test_every_truncation_inside_the_checkpoint_is_found(verify, signer):
    """Even that of its last line break."""
    data = an_export(N_SMALL, signer)
    for offset in range(data.index(b"\n\n") + 2, len(data)):
        with pytest.raises((SignedNoteInvalidError, SignatureWrongError)):
            verify(data[:offset])


def test_a_file_cut_inside_a_line_says_so(verify, signer):
    """As an operator would understand it."""
    data = an_export(3, signer)
    with pytest.raises(AuditTruncatedError, match="ends inside event 2"):
        verify(data[: data.index(b"\n\n") - 5])


def test_a_line_without_end_is_not_read_to_its_end(verify, signer):
    """A line has at most so many bytes; what is longer is no record."""
    data = an_export(2, signer)
    with pytest.raises(AuditChainBrokenError, match="event 2: its line was changed"):
        verify(data[: data.index(b"\n\n") + 1] + b"x" * (3 * MAX_LINE_BYTES))
    with pytest.raises(AuditTruncatedError, match="event 2"):
        verify(data[: data.index(b"\n\n") + 1] + b"x" * (MAX_LINE_BYTES + 2))


def test_something_behind_the_checkpoint_is_found(verify, signer):
    """The checkpoint ends the file."""
    with pytest.raises(SignedNoteInvalidError):
        verify(an_export(2, signer) + b"more\n")


def test_an_export_is_written_whole_or_not_at_all(tmp_path):
    """An error on the way leaves the older file as it was."""
    path = tmp_path / "log"
    write_export(path, [b"a\n", b"b\n"])

    def parts():
        yield b"c\n"
        raise AuditChainBrokenError("event 1: it is missing", seq=1)

    with pytest.raises(AuditChainBrokenError):
        write_export(path, parts())
    assert path.read_bytes() == b"a\nb\n"
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """No folder is made for an export."""
    with pytest.raises(OutputUnwritableError, match="log cannot be written"):
        write_export(tmp_path / "no" / "log", [])


def test_a_place_that_cannot_be_replaced_is_told(tmp_path):
    """Such as a folder of that name; nothing half-written is left."""
    (tmp_path / "log").mkdir()
    with pytest.raises(OutputUnwritableError, match="log cannot be written"):
        write_export(tmp_path / "log", [b"x"])
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    """Log or checkpoint."""
    with pytest.raises(AuditFileUnreadableError, match="gone cannot be read"):
        verify_export(ExportFile(tmp_path / "gone"))
    with pytest.raises(AuditFileUnreadableError, match="gone cannot be read"):
        read_note(tmp_path / "gone")
