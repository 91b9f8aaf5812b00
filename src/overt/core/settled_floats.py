"""Numbers with as many digits as every processor agrees on, so that documents can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.core.canonical_json import JsonValue

_DIGITS = 12  # a float has 15 to 17; the last ones depend on the order of additions


def settled(document: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a document of plain JSON values with every float to twelve significant digits.

    Args:
        document: Of numbers, texts, lists, objects.
    """
    return {key: _settled(value) for key, value in document.items()}


def _settled(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return settled(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_settled(each) for each in value]
    return value
