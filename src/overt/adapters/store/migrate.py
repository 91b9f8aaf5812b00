"""Brings a database to this release's tables, and refuses what is not ours or newer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from overt.adapters.store.border import store_border
from overt.errors import StoreNewerError, StoreUnknownError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from overt.adapters.store.engine import Database

VERSION_TABLE = "overt_schema_version"

_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(database: Database) -> None:
    """Make or change the tables until they are this release's; nothing happens where they are.

    Args:
        database: Empty, or a store of this or an earlier release.

    Raises:
        StoreNewerError: A newer release wrote it.
        StoreUnknownError: It holds tables of something else.
        StoreUnavailableError: It cannot be opened, or somebody else writes to it.
        StoreFullError: There is no room; it stays as it was.
    """
    with store_border(), database.writer.connect() as connection, connection.begin():
        if _version(connection) != head_version():
            command.upgrade(_config(connection), "head")


def stored_version(database: Database) -> str | None:
    """Return the version of a store's tables; None for an empty database.

    Args:
        database: Empty, or a store.

    Raises:
        StoreNewerError: A newer release wrote it.
        StoreUnknownError: It holds tables of something else.
        StoreUnavailableError: It cannot be opened.
    """
    with store_border(), database.reader.connect() as connection:
        return _version(connection)


def head_version() -> str:
    """Return the version of this release's tables."""
    return _known_versions()[0]


@cache
def _known_versions() -> tuple[str, ...]:
    """Return this release's version and those before it; their files are read once a process."""
    return tuple(script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions())


def _version(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if VERSION_TABLE not in tables:
        msg = f"the database holds {len(tables)} tables of something else; give the store its own"
        raise StoreUnknownError(msg)
    question = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - our own constant
    versions = list(connection.execute(question).scalars())
    known = _known_versions()
    if len(versions) != 1 or versions[0] not in known:
        msg = (
            f"the store has schema {', '.join(versions) or 'none'}, this release knows "
            f"{', '.join(sorted(known))}; use the release that wrote it, or a later one"
        )
        raise StoreNewerError(msg)
    return str(versions[0])


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
