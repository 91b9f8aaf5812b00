"""What a rule asked for and did not find, by the number of the requirement."""

from __future__ import annotations

from typing import NamedTuple


class Unmet(NamedTuple):
    """One condition that is not met.

    Attributes:
        requirement: Its number in the requirements: ``R-13``.
        condition: What is asked for, in words.
        found: What is there instead, without personal data.
    """

    requirement: str
    condition: str
    found: str
