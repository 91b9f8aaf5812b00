"""Fixtures of the store, for this folder."""

from contract.databases import (  # noqa: F401 - fixtures are found by their names
    new_database,
    new_postgresql,
    new_sqlite,
    postgresql,
    postgresql_template,
    sqlite_template,
)
