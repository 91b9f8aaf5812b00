"""Frozen dataclasses of the core as rows of a table with columns of the same names."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Union, get_args, get_origin

from overt.adapters.store.documents import Codec, codec, declared_types
from overt.errors import StoreCorruptError, TrialError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Row, Table

Record = TypeVar("Record")

_AS_THEY_ARE = {str, int, float, bool, datetime, date}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    codec: Codec | None  # None: the column takes the value as it is
    is_json: bool

    def to_column(self, value: Any) -> Any:  # noqa: ANN401 - what the column takes
        if self.codec is not None and value is not None:
            value = self.codec.encode(value)
            value = json.dumps(value, separators=(",", ":")) if self.is_json else value
        if isinstance(value, str) and "\0" in value:
            msg = f"{self.name}: a text in the store has no zero byte"
            raise ValueRefusedError(msg, field=self.name)
        return value

    def from_column(self, value: Any) -> Any:  # noqa: ANN401 - the dataclass knows
        if self.codec is None or value is None:
            return value
        return self.codec.decode(json.loads(value) if self.is_json else value)


class RowsOf(Generic[Record]):
    """Turns records of one class into rows of one table, and back."""

    def __init__(self, kind: Callable[..., Record], table: Table) -> None:
        """Look at the class once.

        Args:
            kind: A frozen dataclass whose fields are the table's columns.
            table: The table.
        """
        self.table = table
        self._kind = kind
        hints = declared_types(kind)  # type: ignore[arg-type] # a class, as seen by its caller
        self._fields = [_field(f.name, hints[f.name]) for f in fields(kind)]  # type: ignore[arg-type] # the same
        self.columns: tuple[ColumnElement[Any], ...] = tuple(table.c[f.name] for f in self._fields)

    def row(self, record: Record) -> dict[str, Any]:
        """Return what the columns take.

        Args:
            record: A record.

        Raises:
            ValueRefusedError: A text with a zero byte.
        """
        return {f.name: f.to_column(getattr(record, f.name)) for f in self._fields}

    def record(self, row: Row[Any]) -> Record:
        """Return the record of a row.

        Args:
            row: Of ``columns``, in their order.

        Raises:
            StoreCorruptError: A column holds no such value.
        """
        try:
            values = [f.from_column(value) for f, value in zip(self._fields, row, strict=True)]
            return self._kind(*values)
        except (ValueError, TypeError, KeyError, TrialError) as error:
            msg = f"a row of {self.table.name} is damaged, or of another release"
            raise StoreCorruptError(msg) from error


def _field(name: str, hint: Any) -> _Field:  # noqa: ANN401 - a declared type
    is_union = get_origin(hint) in {Union, UnionType}
    kinds = [kind for kind in (get_args(hint) if is_union else (hint,)) if kind is not type(None)]
    if len(kinds) == 1 and kinds[0] in _AS_THEY_ARE:
        return _Field(name, None, is_json=False)
    are_enums = all(isinstance(kind, type) and issubclass(kind, Enum) for kind in kinds)
    return _Field(name, codec(hint), is_json=not are_enums)
