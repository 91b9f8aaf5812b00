"""Signed notes: a text and lines that sign it (c2sp.org/signed-note).

The text ends with a line break. An empty line follows, then one line a signature::

    — NAME BASE64(four bytes that identify the key, then the signature)
"""

from __future__ import annotations

import base64
import re
from binascii import Error as Base64Error
from dataclasses import dataclass

from overt.errors import SignedNoteInvalidError

MAX_NOTE_BYTES = 65_536
"""Room for 16 signatures, as the specification asks for."""

_ID_BYTES = 4
_SIGNATURE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")

_NOT_UTF8 = "it is not UTF-8"
_NOT_PARTED = "it lacks an empty line and signatures behind its text, or a line break"
_HAS_CONTROLS = "it has a control character that is no line break"
_NO_SIGNATURE = "a signature line is not a dash, a key's name and base64"
_SPARE_BITS = "a signature is not in the one form of base64 without spare bits"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line under a note.

    Attributes:
        name: Name of the key.
        key_id: Four bytes that identify the key together with its name.
        signature: What the key made of the text.
    """

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return it as written in a note, with its line break."""
        return f"\u2014 {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text with its signatures, not yet verified.

    Attributes:
        text: What is signed; ends with a line break.
        signatures: At least one.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        """Return the note as it is written."""
        return f"{self.text}\n{''.join(signature.line() for signature in self.signatures)}"


def parse_note(data: bytes) -> SignedNote:
    """Return a note from what is written.

    Args:
        data: The whole note, UTF-8.

    Raises:
        SignedNoteInvalidError: It is not written as a signed note, or not in the one
            way in which its signatures can be written.
    """
    try:
        written = data.decode()
    except UnicodeDecodeError as error:
        raise _invalid(_NOT_UTF8) from error
    text, gap, signatures = written.rpartition("\n\n")
    if len(data) > MAX_NOTE_BYTES or not gap or not signatures.endswith("\n"):
        raise _invalid(_NOT_PARTED)
    if _CONTROL.search(written):
        raise _invalid(_HAS_CONTROLS)
    lines = signatures.removesuffix("\n").split("\n")
    return SignedNote(text + "\n", tuple(map(_signature, lines)))


def _signature(line: str) -> NoteSignature:
    match = _SIGNATURE.fullmatch(line)
    try:
        raw = base64.b64decode(match[2], validate=True) if match else b""
    except Base64Error:
        raw = b""
    if match is None or len(raw) <= _ID_BYTES:
        raise _invalid(_NO_SIGNATURE)
    signature = NoteSignature(match[1], raw[:_ID_BYTES], raw[_ID_BYTES:])
    if signature.line() != f"{line}\n":
        raise _invalid(_SPARE_BITS)
    return signature


def _invalid(problem: str) -> SignedNoteInvalidError:
    return SignedNoteInvalidError(f"this is not a signed note: {problem}")
