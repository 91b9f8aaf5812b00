"""Every exception of the library has a place: translated, or a mistake of ours."""

from __future__ import annotations

import inspect
import sqlite3

import pytest
from sqlalchemy import exc

from overt.adapters.store.border import TRANSLATED, store_border, translated
from overt.errors import (
    RecordConflictError,
    StoreCorruptError,
    StoreFullError,
    StoreUnavailableError,
    StoreUnknownError,
    TrialError,
    ValueRefusedError,
)

OUR_MISTAKES = {
    exc.ArgumentError,  # a wrong query
    exc.CircularDependencyError,  # tables that need each other
    exc.CompileError,  # a wrong query
    exc.IdentifierError,  # a name that is too long
    exc.InvalidRequestError,  # a connection used after its end
    exc.NoReferenceError,  # a table that is not there
}
NO_ERRORS = {
    exc.EmulatedDBAPIException,  # drivers of other databases
    exc.HasDescriptionCode,  # adds a link to a message
    exc.SQLAlchemyError,  # the root: never raised itself
}


def kinds() -> list[type[Exception]]:
    """Return the exceptions of the library, without warnings."""
    found = (kind for _, kind in inspect.getmembers(exc, inspect.isclass))
    return [k for k in found if issubclass(k, Exception) and not issubclass(k, Warning)]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_library_has_a_place(kind):
    """A new release may bring new ones; then this test asks where they belong."""
    if kind in NO_ERRORS or issubclass(kind, exc.EmulatedDBAPIException):
        return
    is_ours = issubclass(kind, tuple(OUR_MISTAKES))
    is_translated = issubclass(kind, tuple(TRANSLATED))

    assert is_ours != is_translated


def raised_by_driver(kind: type[exc.DBAPIError], cause: Exception) -> exc.DBAPIError:
    """Return an exception as the library raises it: with the driver's inside."""
    return kind("SELECT 'hunter2'", {"name": "hunter2"}, cause)


def of_sqlite(code: int) -> sqlite3.Error:
    """Return a driver's exception with a code."""
    error = sqlite3.OperationalError("no message of a driver passes: hunter2")
    error.sqlite_errorcode = code
    return error


class OfPostgresError(Exception):
    """A driver's exception with a state."""

    def __init__(self, state: str) -> None:
        super().__init__("no message of a driver passes: hunter2")
        self.sqlstate = state


@pytest.mark.parametrize(
    ("kind", "cause", "expected"),
    [
        (exc.OperationalError, of_sqlite(sqlite3.SQLITE_FULL), StoreFullError),
        (exc.OperationalError, of_sqlite(sqlite3.SQLITE_BUSY), StoreUnavailableError),
        (exc.OperationalError, of_sqlite(sqlite3.SQLITE_IOERR_WRITE), StoreUnavailableError),
        (exc.OperationalError, of_sqlite(sqlite3.SQLITE_READONLY), StoreUnavailableError),
        (exc.OperationalError, of_sqlite(sqlite3.SQLITE_CANTOPEN), StoreUnavailableError),
        (exc.DatabaseError, of_sqlite(sqlite3.SQLITE_CORRUPT), StoreCorruptError),
        (exc.DatabaseError, of_sqlite(sqlite3.SQLITE_CORRUPT_INDEX), StoreCorruptError),
        (exc.DatabaseError, of_sqlite(sqlite3.SQLITE_NOTADB), StoreUnknownError),
        (exc.IntegrityError, of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE), RecordConflictError),
        (exc.IntegrityError, of_sqlite(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY), RecordConflictError),
        (exc.IntegrityError, of_sqlite(sqlite3.SQLITE_CONSTRAINT_CHECK), ValueRefusedError),
        (exc.OperationalError, OfPostgresError("53100"), StoreFullError),
        (exc.OperationalError, OfPostgresError("57P01"), StoreUnavailableError),
        (exc.OperationalError, OfPostgresError("55P03"), StoreUnavailableError),
        (exc.InternalError, OfPostgresError("XX001"), StoreCorruptError),
        (exc.IntegrityError, OfPostgresError("23505"), RecordConflictError),
        (exc.IntegrityError, OfPostgresError("23502"), ValueRefusedError),
        (exc.DataError, OfPostgresError("22001"), ValueRefusedError),
        (exc.ProgrammingError, OfPostgresError("42P01"), StoreUnknownError),
        (exc.InterfaceError, Exception(), StoreUnavailableError),
    ],
)
def test_what_a_driver_says_becomes_a_code(kind, cause, expected):
    """By the driver's code first; its message and values never pass."""
    error = translated(raised_by_driver(kind, cause))

    assert type(error) is expected
    assert "hunter2" not in error.message


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (OverflowError(), ValueRefusedError),
        (exc.TimeoutError(), StoreUnavailableError),
        (exc.StatementError("m", "s", {}, ValueError()), ValueRefusedError),
    ],
)
def test_the_border_raises_the_translation(raised, expected):
    """And names the cause, for whoever reads the traceback."""
    with pytest.raises(expected) as caught, store_border():
        raise raised

    assert caught.value.__cause__ is raised


@pytest.mark.parametrize("error", [exc.NoResultFound(), KeyError("x"), StoreFullError("x")])
def test_what_is_not_the_library_s_passes(error):
    """Mistakes of ours, and errors that have a code already."""
    with pytest.raises(type(error)) as caught, store_border():
        raise error

    assert caught.value is error
    assert isinstance(error, TrialError) or caught.value.__cause__ is None
