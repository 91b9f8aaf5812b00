"""Where two things that should be alike differ: in which file, at which place, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

_Key = TypeVar("_Key", bound="str | int")

NOTHING = "nothing"
"""What stands where something is missing."""

_MOST_LETTERS = 120
_LINES = (".json", ".html", ".csv", ".svg")
_BEFORE = 24  # letters shown before the first that differs


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that is not as it should be.

    Attributes:
        file: Name of the file.
        place: Where in it: a path, a line, a byte, an event; blank for the whole file.
        printed: What stands there.
        derived: What should.
    """

    file: str
    place: str
    printed: str
    derived: str

    def text(self) -> str:
        """Return it as one line."""
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: printed {self.printed}, derived {self.derived}"


def value_differences(
    file: str, printed: object, derived: object, place: str = ""
) -> Iterator[Difference]:
    """Yield every place at which two documents of plain JSON values differ.

    Args:
        file: Name of the file that one was read from.
        printed: What was read.
        derived: What should have been read.
        place: Where both stand.
    """
    if isinstance(printed, Mapping) and isinstance(derived, Mapping):
        for key in sorted(printed.keys() | derived.keys()):
            below = f"{place}.{key}" if place else str(key)
            yield from _member(file, printed, derived, key, below)
    elif _is_list(printed) and _is_list(derived):
        first, second = (dict(enumerate(cast("Sequence[object]", x))) for x in (printed, derived))
        for at in sorted(first.keys() | second.keys()):
            yield from _member(file, first, second, at, f"{place}[{at}]")
    elif printed != derived or type(printed) is not type(derived):
        yield Difference(file, place, _shown(printed), _shown(derived))


def byte_difference(file: str, printed: bytes, derived: bytes) -> Difference | None:
    """Return the first place at which two files differ; None where they are the same.

    Args:
        file: Name of the file; its ending says whether it has lines.
        printed: Its bytes.
        derived: What they should be.
    """
    if printed == derived:
        return None
    at = _first_difference(printed, derived)
    if not file.endswith(_LINES):
        ends = [f"0x{each[at]:02x}" if at < len(each) else "its end" for each in (printed, derived)]
        return Difference(file, f"byte {at + 1:,} of {len(printed):,}", *ends)
    start = derived.rfind(b"\n", 0, at) + 1
    line, column = derived.count(b"\n", 0, start) + 1, at - start + 1
    place = f"line {line}, column {column}"
    return Difference(file, place, _excerpt(printed, start, at), _excerpt(derived, start, at))


def _member(
    file: str, printed: Mapping[_Key, object], derived: Mapping[_Key, object], key: _Key, place: str
) -> Iterator[Difference]:
    if key not in printed:
        yield Difference(file, place, NOTHING, _shown(derived[key]))
    elif key not in derived:
        yield Difference(file, place, _shown(printed[key]), NOTHING)
    else:
        yield from value_differences(file, printed[key], derived[key], place)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _shown(value: object) -> str:
    written = repr(value) if isinstance(value, str) else str(value)
    return written if len(written) <= _MOST_LETTERS else f"{written[:_MOST_LETTERS]}\u2026"


def _first_difference(printed: bytes, derived: bytes) -> int:
    """Return the index of the first byte that differs, by halves: files may be long."""
    low, high = 0, min(len(printed), len(derived))
    while low < high:
        middle = (low + high) // 2 + 1
        if printed[low:middle] == derived[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _excerpt(content: bytes, start: int, at: int) -> str:
    end = content.find(b"\n", at)
    line = content[max(start, at - _BEFORE) : end if end >= 0 else len(content)]
    return _shown(line.decode("utf-8", "replace"))
