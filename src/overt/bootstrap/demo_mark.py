"""The mark of a home that a demonstration made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.settings import Settings

DEMO_MARK = "this-is-a-demo"
"""File in the home of a demonstration."""


def is_demonstration(settings: Settings) -> bool:
    """Return whether a demonstration made this home: rehearsals are public in it.

    Args:
        settings: Of this machine.
    """
    return (settings.home / DEMO_MARK).is_file()
