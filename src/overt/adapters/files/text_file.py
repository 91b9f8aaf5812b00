"""Texts of people from a file or a pipe, so that they stand in no command's history."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from overt.errors import FileUnusableError

if TYPE_CHECKING:
    from pathlib import Path

_PIPE = "-"


def read_text(path: Path, most_bytes: int) -> str:
    """Return the text of a file, or what comes through the pipe.

    Args:
        path: UTF-8; ``-`` is the pipe.
        most_bytes: A longer one is none of these texts.

    Raises:
        FileUnusableError: It is missing, cannot be read, is too long, or is no UTF-8.
    """
    name = "what came through the pipe" if str(path) == _PIPE else path.name
    try:
        if str(path) == _PIPE:
            content = sys.stdin.buffer.read(most_bytes + 1)
        else:
            with path.open("rb") as stream:
                content = stream.read(most_bytes + 1)
        text = content.decode()
    except (OSError, ValueError) as error:
        msg = f"{name}: expected a text in UTF-8, found none ({type(error).__name__})"
        raise FileUnusableError(msg) from error
    if len(content) > most_bytes:
        msg = f"{name}: expected at most {most_bytes:,} bytes, found more"
        raise FileUnusableError(msg)
    return text
