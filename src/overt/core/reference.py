"""The force's reference of a person: one spelling, so that the same one is always found."""

from __future__ import annotations

MAX_LENGTH = 64
"""A longer text is a description, not a reference."""


def canonical_reference(text: str) -> str:
    """Return a reference as it is kept and compared: capitals, single blanks, none at the ends.

    Lists come from several systems. A reference that a feed writes in small letters must still
    take its entry off the list (R-14), and a question about it must still find it (R-20).

    Args:
        text: As somebody wrote it.
    """
    return " ".join(text.split()).upper()


def is_reference(text: str) -> bool:
    """Return whether a text can be a reference: printable, not empty, at most 64 characters.

    Args:
        text: In its canonical form.
    """
    return 0 < len(text) <= MAX_LENGTH and text.isprintable()
