"""What a force adds to its notices, as a TOML file; and that file, empty."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from overt.adapters.files.table_fields import TableFields
from overt.core.notice_details import NoticeDetails, TranslationApproval
from overt.errors import NoticeDetailsInvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_BYTES = 256 * 1024

TEMPLATE = """\
# What stands on every notice of this force. `overt notices make --details FILE` reads it.
force = ""        # its name
contact = ""      # where questions go: telephone, address
complaints = ""   # where complaints go
regulator = ""    # who else takes complaints; may stay blank
page = ""         # https://...; {deployment} stands for the deployment's identifier

# A translation carries a mark until somebody of the force has read it. `overt notices check`
# prints the digest of each catalogue: an approval holds for that text and for no other.
# [approved.cy]
# sha256 = ""
# by = ""         # a role or a desk, no name
# on = 2026-06-01

# How texts of the record (a place, the aim) are said in a language. An aim without a
# translation is left out there; a place stays as it was written.
# [words.cy]
# "Market square" = "Sgwar y Farchnad"
"""


def read_notice_details(path: Path) -> NoticeDetails:
    """Return what a file holds.

    Args:
        path: A TOML file; `overt notices template` prints an empty one.

    Raises:
        NoticeDetailsInvalidError: It cannot be read, or fields are missing, unknown or wrong;
            the message lists them all.
    """
    return parse_notice_details(_bytes_of(path), path.name)


def parse_notice_details(data: bytes, name: str) -> NoticeDetails:
    """Return what the bytes of such a file hold.

    Args:
        data: TOML.
        name: What the file is called, for the message.

    Raises:
        NoticeDetailsInvalidError: It cannot be read, or fields are missing, unknown or wrong.
    """
    problems: list[str] = []
    fields = TableFields(_tables(data, name), "", problems)
    texts = {each: fields.text(each) for each in ("force", "contact", "complaints", "page")}
    regulator = fields.text("regulator", default="")
    approvals = _approvals(fields)
    words = _words(fields)
    fields.refuse_others()
    details = None
    if not problems:
        details = fields.tried(
            None,
            lambda: NoticeDetails(
                texts["force"],
                texts["contact"],
                texts["complaints"],
                regulator,
                texts["page"],
                approvals,
                words,
            ),
        )
    if details is None:
        raise _refused(name, "; ".join(problems))
    return details


def _approvals(fields: TableFields) -> dict[str, TranslationApproval]:
    found = {}
    for language, table in _inner(fields, "approved").items():
        sha256, by, on = table.text("sha256"), table.text("by"), table.value("on", date)
        table.refuse_others()
        if on is not None:
            approval = table.tried(None, partial(TranslationApproval, sha256, by, on))
            if approval is not None:
                found[language] = approval
    return found


def _words(fields: TableFields) -> dict[str, Mapping[str, str]]:
    return {
        language: {text: table.text(text) for text in table.names()}
        for language, table in _inner(fields, "words").items()
    }


def _inner(fields: TableFields, name: str) -> dict[str, TableFields]:
    """Return the tables of a table by language; none where there is no such field."""
    if name not in fields.names():
        return {}
    table = fields.table(name)
    return {language: table.table(language) for language in table.names()}


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise _refused(path.name, "there is no such file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(path.name, f"cannot be read ({type(error).__name__})") from error


def _tables(data: bytes, name: str) -> dict[str, object]:
    if len(data) > MAX_BYTES:
        raise _refused(name, f"larger than {MAX_BYTES} bytes")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refused(name, "not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, f"not TOML: {error}") from error
    except (ValueError, RecursionError) as error:
        raise _refused(name, "not TOML that can be used") from error


def _refused(name: str, problem: str) -> NoticeDetailsInvalidError:
    return NoticeDetailsInvalidError(f"details {name}: {problem}")
