"""A value of the core as plain JSON: dataclasses become objects, times text, codes words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum

from overt.core.roles import Rank


def plain(value: object) -> object:
    """Return a value of the core as plain JSON.

    Args:
        value: A dataclass, or anything inside one; a span of time becomes its seconds.
    """
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(str(plain(inner)) for inner in value)
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, Rank):
        return value.title
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, date) else value  # a time is a date too
