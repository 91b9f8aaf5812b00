"""Texts of people for the command line; the time zone in which their days are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from overt.adapters.files.text_file import read_text
from overt.core.request_words import MOST_WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from overt.settings import Settings

_BYTES_A_CHARACTER = 4


def text_of(path: Path) -> str:
    """Return what somebody wrote, from a file or the pipe (``-``).

    Args:
        path: UTF-8.

    Raises:
        FileUnusableError: It cannot be read, or is no such text.
    """
    return read_text(path, MOST_WORDS * _BYTES_A_CHARACTER)


def zone_of(settings: Settings) -> ZoneInfo:
    """Return the time zone of days that belong to no site.

    Args:
        settings: Of this machine.
    """
    return ZoneInfo(settings.time_zone)
