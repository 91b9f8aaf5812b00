"""What must never stand in the audit log: faces, templates, names (R-31)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from overt.errors import PersonalDataInLogError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.canonical_json import JsonValue

MAX_NUMBERS = 8
"""More numbers than that in one list could be a template."""

MAX_TEXT_BYTES = 4096
"""A longer text is a document: it is kept elsewhere and named by its SHA-256."""

_PERSON = frozenset(
    {
        "name",
        "full_name",
        "first_name",
        "last_name",
        "middle_name",
        "surname",
        "forename",
        "family_name",
        "given_name",
        "maiden_name",
        "nickname",
        "alias",
        "date_of_birth",
        "birth_date",
        "dob",
        "email",
        "phone",
        "home_address",
    }
)
_PICTURE = frozenset(
    {
        "face",
        "template",
        "embedding",
        "encoding",
        "vector",
        "descriptor",
        "probe",
        "crop",
        "image",
        "photo",
        "photograph",
        "picture",
        "portrait",
        "thumbnail",
        "pixels",
        "landmarks",
        "biometrics",
    }
)
# A SHA-512 in hexadecimal has 128 characters; a template in base64 has 684 and more.
_BLOB = re.compile(r"[A-Za-z0-9+/_=-]{129,}")


def refuse_personal(details: Mapping[str, JsonValue]) -> None:
    """Refuse details that could hold a face, a template or a person's name.

    The check knows names of fields, shapes and lengths; it cannot read a text.

    Args:
        details: What is about to be logged.

    Raises:
        PersonalDataInLogError: Bytes or an array, more than eight numbers in one
            list, a text above 4,096 bytes or with a long run of encoded data, a
            field called after a person's name or a picture of a face.
    """
    for path, value in _walk(details, ""):
        if problem := _problem(path, value):
            msg = f"the audit log holds counts and identifiers only: {path} {problem}"
            raise PersonalDataInLogError(msg, field=path)


def _walk(value: object, path: str) -> Iterator[tuple[str, object]]:
    if path:
        yield path, value
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, f"{path}.{key}" if path else f"{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _walk(inner, f"{path}[]")


def _problem(path: str, value: object) -> str | None:
    key = path.rpartition(".")[2].lower()
    if key in _PERSON:
        return "is called after what identifies a person"
    if _singular(key.rpartition("_")[2]) in _PICTURE and not isinstance(value, int):
        return "is called after a face or a template and is no count"
    if isinstance(value, str):
        return _problem_of_text(value)
    if isinstance(value, list | tuple):
        n_numbers = _count_numbers(value)
        return f"is a list of {n_numbers} numbers" if n_numbers > MAX_NUMBERS else None
    if value is None or isinstance(value, bool | int | float | Mapping):
        return None
    return f"is a {type(value).__name__}"


def _problem_of_text(text: str) -> str | None:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        return f"is a text above {MAX_TEXT_BYTES} bytes"
    return "holds a long run of encoded data" if _BLOB.search(text) else None


def _count_numbers(value: object) -> int:
    if isinstance(value, int | float):
        return 1
    if isinstance(value, Mapping):
        return sum(map(_count_numbers, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(map(_count_numbers, value))
    return 0


def _singular(word: str) -> str:
    return word.removesuffix("[]").removesuffix("s") if word != "pixels" else word
