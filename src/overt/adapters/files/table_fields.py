"""Fields of a TOML table, read one by one; what is wrong is gathered, not raised."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from overt.errors import TrialError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = TypeVar("Value")

_KINDS = {
    "bool": "true or false",
    "date": "a date such as 2026-12-31",
    "datetime": "a local time such as 2026-06-12T10:00:00",
    "dict": "a table",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "str": "text",
}
_CORNER = 2
_SPACES = "\t\n\r"


class TableFields:
    """A table with its place in the file, and the problems that its fields have."""

    def __init__(self, table: Mapping[str, object], place: str, problems: list[str]) -> None:
        """Read nothing yet.

        Args:
            table: As read from TOML.
            place: Where it stands: ``sites[1]``; blank for the whole file.
            problems: Gathers one line a problem, for the whole file.
        """
        self._table = table
        self._place = place
        self._problems = problems
        self._read: set[str] = set()

    def wrong(self, name: str | None, problem: str) -> None:
        """Note a problem.

        Args:
            name: Of the field; None for the whole table.
            problem: What is expected and what was found; no credentials.
        """
        place = ".".join(part for part in (self._place, name) if part)
        self._problems.append(f"{place}: {problem}" if place else problem)

    def tried(self, name: str | None, make: Callable[[], Value]) -> Value | None:
        """Return what a rule makes of a field; None where it refuses, which is noted.

        Args:
            name: Of the field; None for the whole table.
            make: Makes it, or raises an error of the tree.
        """
        try:
            return make()
        except TrialError as error:
            self.wrong(name, error.message)
            return None

    def value(self, name: str, kind: type[Value]) -> Value | None:
        """Return a field of one kind; None where it is missing or of another, which is noted.

        Args:
            name: Of the field.
            kind: What it must be; a number may be whole, a date has no time.
        """
        self._read.add(name)
        found = self._table.get(name)
        if found is None:
            self.wrong(name, "missing")
        elif _is_of(found, kind):
            return found  # type: ignore[return-value] # _is_of has looked
        else:
            shown = _KINDS.get(type(found).__name__, type(found).__name__)
            self.wrong(name, f"expected {_KINDS[kind.__name__]}, found {shown}")
        return None

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a text; blank where it is missing, which is noted unless it may be.

        Args:
            name: Of the field.
            default: What stands for a field that may be left out; None where it may not.
        """
        if default is not None and name not in self._table:
            return default
        found = self.value(name, str) or ""
        if not all(letter.isprintable() or letter in _SPACES for letter in found):
            self.wrong(name, "control characters, or others that no screen shows")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; empty where it is missing or something else, which is noted.

        Args:
            name: Of the field.
        """
        found = self.value(name, list) or []
        if not all(isinstance(item, str) for item in found):
            self.wrong(name, "expected a list of texts")
            return ()
        return tuple(found)

    def number(self, name: str) -> float:
        """Return a number; 0 where it is missing or something else, which is noted.

        Args:
            name: Of the field.
        """
        return float(self.value(name, float) or 0)

    def whole_number(self, name: str) -> int:
        """Return a whole number; 0 where it is missing or something else, which is noted.

        Args:
            name: Of the field.
        """
        return self.value(name, int) or 0

    def fold(self, name: str) -> int | None:
        """Return which of two equal times on the wall is meant; None where it is not said.

        Args:
            name: Of the field; it may be left out.
        """
        return self.value(name, int) if name in self._table else None

    def corners(self, name: str) -> tuple[tuple[float, float], ...] | None:
        """Return pairs of numbers; None where there are none, which is noted.

        Args:
            name: Of the field.
        """
        found = self.value(name, list)
        if found is None:
            return None
        if not all(_is_corner(item) for item in found):
            self.wrong(name, "expected corners such as [0.1, 0.2]")
            return None
        return tuple((float(x), float(y)) for x, y in found)

    def table(self, name: str) -> TableFields:
        """Return an inner table; an empty one where it is missing, which is noted.

        Args:
            name: Of the field.
        """
        return TableFields(self.value(name, dict) or {}, self._inner(name), self._problems)

    def tables(self, name: str) -> tuple[TableFields, ...]:
        """Return inner tables in order; none where they are missing, which is noted.

        Args:
            name: Of the field.
        """
        found = self.value(name, list) or []
        if not all(isinstance(item, dict) for item in found):
            self.wrong(name, "expected tables")
            return ()
        return tuple(
            TableFields(item, self._inner(f"{name}[{number}]"), self._problems)
            for number, item in enumerate(found, start=1)
        )

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields, in the order of the file."""
        return tuple(self._table)

    def refuse_others(self) -> None:
        """Note every field that nobody has asked for: it is misspelt, or means something else."""
        for name in self._table:
            if name not in self._read:
                self.wrong(name, "unknown")

    def _inner(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name


def _is_corner(found: object) -> bool:
    is_pair = isinstance(found, list) and len(found) == _CORNER
    return is_pair and all(_is_of(number, float) for number in found)  # type: ignore[attr-defined] # a list


def _is_of(found: object, kind: type) -> bool:
    if isinstance(found, bool):
        return kind is bool
    if kind is float:
        return isinstance(found, int | float)
    return isinstance(found, kind) and not (
        isinstance(found, datetime) and kind is not datetime  # a time is a date too
    )
