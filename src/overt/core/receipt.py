"""The receipt of a request: with it, and nothing else, whoever asked finds the request again."""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_LENGTH, _GROUP, _BITS = 20, 5, 5  # 100 bits of chance
_MEANT = str.maketrans("OIL", "011")
_MOST_TYPED = 64


def receipt_from(token: str) -> str:
    """Return a receipt that nobody can guess: 20 letters and digits in groups of five.

    Args:
        token: With at least 100 bits of chance.
    """
    value = int.from_bytes(hashlib.sha256(f"receipt {token}".encode()).digest())
    letters = "".join(_ALPHABET[value >> _BITS * place & 31] for place in range(_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def receipt_sha256(typed: str) -> str:
    """Return the digest under which the request of a receipt is kept.

    What cannot be a receipt has a digest like any other text: looking it up takes as long, and
    finds nothing.

    Args:
        typed: With or without dashes and blanks; in small letters or capitals; with the letters
            O, I and L for the digits that they look like.
    """
    letters = "".join(typed[:_MOST_TYPED].upper().split()).replace("-", "").translate(_MEANT)
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
