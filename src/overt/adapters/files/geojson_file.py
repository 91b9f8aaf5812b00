"""A file of GeoJSON: read whole, parsed strictly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from overt.errors import NoticeMapInvalidError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1024 * 1024


def read_geojson(path: Path) -> object:
    """Return what a file of GeoJSON holds, as parsed.

    Args:
        path: A regular file of UTF-8, at most 1 MiB.

    Raises:
        NoticeMapInvalidError: There is no such file, or it is too large, no UTF-8 or no JSON.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise _refused(path.name, "there is no such file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(path.name, f"cannot be read ({type(error).__name__})") from error
    return parse_geojson(data, path.name)


def parse_geojson(data: bytes, name: str) -> object:
    """Return what the bytes of GeoJSON hold, as parsed.

    Args:
        data: UTF-8, at most 1 MiB.
        name: What the file is called, for the message.

    Raises:
        NoticeMapInvalidError: It is too large, no UTF-8 or no JSON.
    """
    if len(data) > MAX_BYTES:
        raise _refused(name, f"larger than {MAX_BYTES} bytes")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise _refused(name, "not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise _refused(name, "not JSON") from error


def _no_number(name: str) -> float:
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(name)


def _refused(name: str, problem: str) -> NoticeMapInvalidError:
    return NoticeMapInvalidError(f"map {name}: {problem}")
