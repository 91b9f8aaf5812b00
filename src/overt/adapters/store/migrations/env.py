"""What Alembic runs to migrate: the connection comes from ``migrate.py``, settings from nowhere."""

from __future__ import annotations

from alembic import context

from overt.adapters.store.migrate import VERSION_TABLE
from overt.adapters.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # a migration happens whole or not at all, on both databases
    transaction_per_migration=False,
)
context.run_migrations()
