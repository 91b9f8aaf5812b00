"""Keys of the audit log, against the vectors of the format's first implementation."""

from __future__ import annotations

import os

import pytest

from integration.audit_exports import ORIGIN, a_signer
from overt.adapters.audit.checkpoints import Ed25519NoteSigner, Ed25519NoteVerifier
from overt.adapters.audit.signing import (
    create_signing_key,
    parse_verifier_key,
    read_signing_key,
    read_verifier_key,
)
from overt.core.signed_note import NoteSignature, SignedNote, parse_note
from overt.errors import (
    AuditFileUnreadableError,
    AuditKeyInvalidError,
    OutputUnwritableError,
    SignatureWrongError,
    SigningKeyMissingError,
    SigningKeyUnsafeError,
)

# The examples of golang.org/x/mod/sumdb/note.
SIGNING = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgK"
    "vqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
OTHER = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33W"
    "Wd1RvMc+QQ=\n"
)


@pytest.fixture
def key_file(tmp_path):
    """Return a file with the example key."""
    path = tmp_path / "audit.key"
    path.write_text(SIGNING + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_the_example_is_signed_byte_for_byte(key_file):
    """Ed25519 gives one signature for a text and a key."""
    signer = Ed25519NoteSigner(read_signing_key(key_file))

    assert signer.verifier_text() == VERIFIER
    assert str(signer.sign(TEXT)) == NOTE


def test_the_example_is_verified():
    """Also under the signature of a key that is not known."""
    verifier = Ed25519NoteVerifier(parse_verifier_key(VERIFIER + "\n"))

    verifier.verify(parse_note(NOTE.encode()))
    verifier.verify(parse_note((NOTE + OTHER).encode()))
    assert verifier.signer == "PeterNeumann+c74f20a3"


def test_the_example_of_the_specification_is_verified():
    """c2sp.org/signed-note."""
    key = parse_verifier_key(
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    )
    note = (
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXp"
        "pzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )

    Ed25519NoteVerifier(key).verify(parse_note(note.encode()))


def test_another_text_is_refused():
    """The signature belongs to one text."""
    verifier = Ed25519NoteVerifier(parse_verifier_key(VERIFIER))
    with pytest.raises(SignatureWrongError, match="another text"):
        verifier.verify(parse_note(NOTE.replace("answer", "Answer").encode()))


def test_a_note_of_another_key_is_refused():
    """Nobody that is trusted signed it."""
    verifier = Ed25519NoteVerifier(parse_verifier_key(VERIFIER))
    with pytest.raises(SignatureWrongError, match=r"not signed with PeterNeumann\+c74f20a3"):
        verifier.verify(parse_note(f"{TEXT}\n{OTHER}".encode()))


def test_one_wrong_signature_of_the_key_spoils_the_note():
    """As the specification asks."""
    right = parse_note(NOTE.encode())
    wrong = NoteSignature("PeterNeumann", right.signatures[0].key_id, bytes(64))
    verifier = Ed25519NoteVerifier(parse_verifier_key(VERIFIER))

    with pytest.raises(SignatureWrongError):
        verifier.verify(SignedNote(TEXT, (*right.signatures, wrong)))


def test_a_new_key_signs_and_its_public_half_verifies(tmp_path):
    """The second file is what is published."""
    signer = a_signer(tmp_path)
    path = tmp_path / "keys" / "audit.key"
    again = Ed25519NoteSigner(read_signing_key(path))
    key = read_verifier_key(path.with_suffix(".pub"))

    Ed25519NoteVerifier(key).verify(again.sign("a\n"))
    assert signer.verifier_text() == again.verifier_text() == key.text()
    assert key.name == ORIGIN
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_key_is_never_replaced(tmp_path):
    """A log that changes its key loses its past."""
    path = tmp_path / "audit.key"
    create_signing_key(path, ORIGIN)
    before = path.read_bytes()

    with pytest.raises(OutputUnwritableError, match="FileExistsError"):
        create_signing_key(path, ORIGIN)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u00a0b"])
def test_a_name_that_a_note_cannot_hold_is_refused(tmp_path, name):
    """No space, no plus sign."""
    with pytest.raises(AuditKeyInvalidError, match="name"):
        create_signing_key(tmp_path / "audit.key", name)
    assert not (tmp_path / "audit.key").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_may_touch_is_refused(key_file, mode):
    """The message says which mode is right."""
    key_file.chmod(mode)
    with pytest.raises(SigningKeyUnsafeError, match=f"must have mode 600, found {mode:o}"):
        read_signing_key(key_file)


def test_a_missing_key_is_named(tmp_path):
    """With its file, and without its folder."""
    with pytest.raises(SigningKeyMissingError, match=r"audit\.key"):
        read_signing_key(tmp_path / "audit.key")
    with pytest.raises(AuditFileUnreadableError, match=r"audit\.pub"):
        read_verifier_key(tmp_path / "audit.pub")


@pytest.mark.parametrize(
    "text",
    [
        "",
        VERIFIER,
        SIGNING[:-1],
        SIGNING.replace("c74f20a3", "c74f20a4"),
        SIGNING.replace("PeterNeumann", "Peter"),
        SIGNING.replace("PeterNeumann", "Peter Neumann"),
        SIGNING.replace("+AYEK", "+AoEK"),
        SIGNING.replace("+AYEK", "+A$EK"),
        SIGNING.replace("c74f20a3", "C74F20A3"),
        "\xff\xfe",
    ],
)
def test_what_is_no_signing_key_is_refused(key_file, text):
    """Not used in part; no byte of it in the message."""
    key_file.write_bytes(text.encode("latin-1"))
    with pytest.raises(AuditKeyInvalidError) as caught:
        read_signing_key(key_file)

    assert "KDFz" not in caught.value.message


@pytest.mark.parametrize("at", range(len(VERIFIER)))
def test_every_changed_letter_of_a_verifier_key_is_found(at):
    """Its identifier is a check of name and key; bits that base64 leaves over count too."""
    other = chr(ord(VERIFIER[at]) ^ 1)
    with pytest.raises(AuditKeyInvalidError):
        parse_verifier_key(VERIFIER[:at] + other + VERIFIER[at + 1 :])


def test_a_disk_that_cannot_be_written_is_told(tmp_path):
    """Nothing is half there."""
    (tmp_path / "keys").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(OutputUnwritableError):
        a_signer(tmp_path)


def test_a_key_without_a_public_half_on_disk_can_sign(tmp_path):
    """The public half is computed."""
    a_signer(tmp_path)
    os.unlink(tmp_path / "keys" / "audit.pub")  # noqa: PTH108 - as somebody would

    assert read_signing_key(tmp_path / "keys" / "audit.key").verifier.name == ORIGIN
