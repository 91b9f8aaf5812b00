"""Numbers as people print them: how many digits they state, and what rounds to them.

A printed share stands for every number that rounds to its digits. Whether a record's
arithmetic can be right is a question about that range, not about the digits themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ABOUT = re.compile(r"^(?:~|≈|c\.|ca\.|about|approx\.?|approximately|estimated)\s*", re.IGNORECASE)
_ONE_IN = re.compile(r"^1\s*(?:in|:|/)\s*(.+)$", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(r"^[1-9]\d{0,2}(?:[,\u2009\u202f\u00a0 ]\d{3})+(?:\.\d+)?$", re.ASCII)
_SPACES = re.compile(r"[\u2009\u202f\u00a0 ]")
_NEVER = {"infinity", "inf", "∞", "0", "never"}
_LONGEST = 24
_LARGEST = 1e15
_ROUNDING = 1e-9  # of the last place: 0.125 rounds to 0.13 and to 0.12


@dataclass(frozen=True, slots=True)
class PrintedShare:
    """A share as it was printed, such as ``0.081 %``, ``8.14e-4`` or ``1 in 1,229``.

    Attributes:
        text: What was printed.
        value: The share; 0 where it was printed as 1 in infinity.
        low: Smallest share that is printed so.
        high: Largest share that is printed so.
        is_one_in_infinity: It claims that something never happens.
    """

    text: str
    value: float
    low: float
    high: float
    is_one_in_infinity: bool = False

    def agrees(self, share: float) -> bool:
        """Return whether an exact share is printed so, to the digits given.

        Args:
            share: Worked out from counts.
        """
        return self.low <= share <= self.high


def parse_count(text: str) -> int | None:
    """Return a printed count; None where it is none: negative, a fraction, words.

    Args:
        text: Not blank; thousands may be set apart, and it may be marked as about so many.
    """
    bare = _ungrouped(_ABOUT.sub("", text.strip()))
    return int(bare) if re.fullmatch(r"\d{1,15}", bare, re.ASCII) else None


def parse_share(text: str) -> PrintedShare | None:
    """Return a printed share; None where it is none.

    Args:
        text: Not blank; a fraction, a percentage with its sign, or ``1 in k``.
    """
    bare = _ABOUT.sub("", text.strip())
    if found := _ONE_IN.match(bare):
        return _one_in(text, found[1].strip())
    if bare.endswith("%"):
        percent = _places(_ungrouped(bare[:-1].rstrip()))
        return None if percent is None else _share(text, percent[0] / 100, percent[1] / 100)
    number = _places(_ungrouped(bare))
    if number is None:
        return None
    # A bare 0 or 1 claims none or all; it is not everything below a half.
    return _share(text, number[0], 0.0 if bare in {"0", "1"} else number[1])


def _share(text: str, value: float, half_step: float) -> PrintedShare:
    reach = half_step * (1 + _ROUNDING)
    return PrintedShare(text.strip(), value, value - reach, value + reach)


def _one_in(text: str, of: str) -> PrintedShare | None:
    if of.lower() in _NEVER:
        return PrintedShare(text.strip(), 0.0, 0.0, 0.0, is_one_in_infinity=True)
    number = _places(_ungrouped(of))
    if number is None or number[0] <= 0:
        return None
    total, half_step = number
    if total == int(total):  # zeros at the end are there because it was rounded
        digits = str(int(total))
        half_step = 0.5 * 10 ** (len(digits) - len(digits.rstrip("0")))
    reach = half_step * (1 + _ROUNDING)
    high = 1 / (total - reach) if total > reach else 1.0
    return PrintedShare(text.strip(), 1 / total, 1 / (total + reach), high)


def _places(bare: str) -> tuple[float, float] | None:
    """Return a number and half a unit of its last place; None where it is no number."""
    if not _NUMBER.match(bare) or len(bare) > _LONGEST:
        return None
    digits, _, exponent = bare.lower().partition("e")
    value = float(bare)
    decimals = len(digits.partition(".")[2]) - int(exponent or 0)
    return (value, 0.5 * 10.0**-decimals) if value < _LARGEST and decimals < _LONGEST else None


def _ungrouped(text: str) -> str:
    return _SPACES.sub("", text).replace(",", "") if _GROUPED.match(text) else text
