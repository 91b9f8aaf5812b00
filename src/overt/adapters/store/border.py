"""The border to SQLAlchemy and its drivers: their exceptions become errors of ``overt.errors``.

No message of a driver passes: it may hold a value, an address or a user's name.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc

from overt.errors import (
    RecordConflictError,
    StoreCorruptError,
    StoreFullError,
    StoreUnavailableError,
    StoreUnknownError,
    TrialError,
    ValueRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Anything else of sqlalchemy.exc is a mistake in this package, and stays as it is.
TRANSLATED: dict[type[Exception], type[TrialError]] = {
    exc.IntegrityError: RecordConflictError,
    exc.DataError: ValueRefusedError,
    exc.ProgrammingError: StoreUnknownError,
    exc.DBAPIError: StoreUnavailableError,  # and what is left below it
    exc.StatementError: ValueRefusedError,
    exc.DisconnectionError: StoreUnavailableError,
    exc.TimeoutError: StoreUnavailableError,
    OverflowError: ValueRefusedError,
    UnicodeEncodeError: ValueRefusedError,
}

_BY_SQLITE_CODE: dict[int, type[TrialError]] = {
    sqlite3.SQLITE_CONSTRAINT_CHECK: ValueRefusedError,
    sqlite3.SQLITE_CONSTRAINT_NOTNULL: ValueRefusedError,
    sqlite3.SQLITE_CORRUPT: StoreCorruptError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_NOTADB: StoreUnknownError,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_BY_SQLSTATE: dict[str, type[TrialError]] = {
    "23502": ValueRefusedError,
    "23514": ValueRefusedError,
    "53100": StoreFullError,
    "XX001": StoreCorruptError,
    "XX002": StoreCorruptError,
}
_WORDS: dict[type[TrialError], str] = {
    RecordConflictError: "the store holds another record in this place, or lacks the one named",
    StoreCorruptError: "the store is damaged; restore it from a backup",
    StoreFullError: "no room is left for the store; what was committed before stands",
    StoreUnavailableError: "the store could not be read or written",
    StoreUnknownError: "this is no store of this program, or a part of it is missing",
    ValueRefusedError: "the store cannot hold a value that was given",
}


@contextmanager
def store_border() -> Iterator[None]:
    """Let a block use SQLAlchemy; what it raises leaves as an error with a code.

    Yields:
        Nothing.

    Raises:
        TrialError: See ``TRANSLATED``.
    """
    try:
        yield
    except tuple(TRANSLATED) as error:
        raise translated(error) from error


def translated(error: Exception) -> TrialError:
    """Return the error to raise instead.

    Args:
        error: One of ``TRANSLATED``.
    """
    code = _code_of(getattr(error, "orig", None))
    if isinstance(code, int):
        kind = _BY_SQLITE_CODE.get(code) or _BY_SQLITE_CODE.get(code & 0xFF)
    else:
        kind = _BY_SQLSTATE.get(code or "")
    if kind is None:
        kind = next(TRANSLATED[base] for base in type(error).__mro__ if base in TRANSLATED)
    return kind(f"{_WORDS[kind]} ({type(error).__name__} {code})", driver_code=code)


def _code_of(error: BaseException | None) -> int | str | None:
    """Return SQLite's extended result code, or PostgreSQL's SQLSTATE."""
    code = getattr(error, "sqlite_errorcode", getattr(error, "sqlstate", None))
    return code if isinstance(code, int | str) else None
