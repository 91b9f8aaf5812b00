"""One way of writing a value as JSON, so that equal values have equal bytes (RFC 8785)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any, TypeAlias

from overt.errors import JsonInvalidError

JsonScalar: TypeAlias = bool | float | int | str | None
JsonValue: TypeAlias = "JsonScalar | Sequence[JsonValue] | Mapping[str, JsonValue]"

MAX_INTEGER = 2**53 - 1
"""Beyond it, readers that keep numbers in 64-bit floats see another number (RFC 7493 2.2)."""

_MAX_DEPTH = 64
_NO_SEQUENCES = (bytes, bytearray, memoryview)
_MAX_PLAIN_EXPONENT = 21  # ECMAScript writes 1e21 and more with an exponent
_MIN_PLAIN_EXPONENT = -6  # and less than 0.000001 too


def canonical_json(value: JsonValue) -> bytes:
    """Return the canonical JSON of a value: RFC 8785, UTF-8, no space, no line break.

    Args:
        value: None, booleans, numbers, strings, sequences, and mappings with
            strings as keys, in any depth up to 64.

    Raises:
        JsonInvalidError: The value holds something that JSON cannot keep: NaN,
            an infinity, an integer beyond 2**53 - 1, half a surrogate pair, a
            key that is no string, another type.
    """
    try:
        return _text(value, 0).encode()
    except UnicodeEncodeError as error:
        msg = "a JSON string holds whole characters only, found half a surrogate pair"
        raise JsonInvalidError(msg) from error


def parse_json(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the value of a JSON text, so that writing it again gives the same bytes.

    A float of 2**53 and more is written like an integer; it is read as a float again.

    Args:
        data: UTF-8.

    Raises:
        ValueError: It is no JSON.
    """
    return json.loads(data, parse_int=_whole)


def _whole(digits: str) -> float | int:
    value = int(digits)
    return value if abs(value) <= MAX_INTEGER else float(digits)


def _text(value: object, depth: int) -> str:
    if value is None or isinstance(value, str | int | float):
        return _scalar(value)
    if depth > _MAX_DEPTH:
        msg = f"JSON values are nested at most {_MAX_DEPTH} deep"
        raise JsonInvalidError(msg)
    if isinstance(value, Mapping):
        return _object(value, depth)
    if isinstance(value, Sequence) and not isinstance(value, _NO_SEQUENCES):
        return f"[{','.join([_text(item, depth + 1) for item in value])}]"
    msg = f"a value of type {type(value).__name__} has no JSON form"
    raise JsonInvalidError(msg)


def _scalar(value: str | float | None) -> str:
    if isinstance(value, str):
        # Python escapes what ECMAScript does, in the same way, and nothing else.
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _integer(value) if isinstance(value, int) else _number(value)


def _object(value: Mapping[object, object], depth: int) -> str:
    keys = [key for key in value if isinstance(key, str)]
    if len(keys) < len(value):
        msg = "a key of a JSON object is a string, found another type"
        raise JsonInvalidError(msg)
    # RFC 8785 3.2.3: by UTF-16 code units, which differs from code points past the surrogates.
    keys.sort(key=None if all(map(str.isascii, keys)) else _utf16)
    members = [f"{encode_basestring(key)}:{_text(value[key], depth + 1)}" for key in keys]
    return f"{{{','.join(members)}}}"


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _integer(value: int) -> str:
    if abs(value) > MAX_INTEGER:
        msg = "an integer in JSON lies within 2**53 - 1, found a larger one"
        raise JsonInvalidError(msg)
    return int.__repr__(value)


def _number(value: float) -> str:
    """Return a number as ECMAScript writes it: ECMA-262, Number::toString."""
    if not math.isfinite(value):
        msg = "JSON has no NaN and no infinity"
        raise JsonInvalidError(msg)
    if value == 0:
        return "0"  # minus zero too
    sign = "-" if value < 0 else ""
    # Python finds the same shortest digits; only the layout differs.
    mantissa, _, exponent = float.__repr__(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return sign + _laid_out(digits.rstrip("0"), point)


def _laid_out(digits: str, point: int) -> str:
    """Return digits with the decimal point after so many of them, or with an exponent."""
    if len(digits) <= point <= _MAX_PLAIN_EXPONENT:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _MAX_PLAIN_EXPONENT:
        return f"{digits[:point]}.{digits[point:]}"
    if _MIN_PLAIN_EXPONENT < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
