"""Opens the store that the settings name, with the master key that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.adapters.secrets.envelope import MasterKey
    from overt.adapters.store.unit_of_work import SqlStore
    from overt.settings import Settings


def open_store(settings: Settings) -> SqlStore:
    """Return the store, brought to this release's tables.

    Args:
        settings: Where it is; without an address, ``overt.db`` under the home.

    Raises:
        StoreUrlInvalidError: The address names no database that can be used.
        StoreUnavailableError: It cannot be opened.
        StoreNewerError: A newer release wrote it.
        StoreUnknownError: It holds something else.
    """
    from overt.adapters.ids import TimedIds
    from overt.adapters.store.engine import default_url, open_database
    from overt.adapters.store.migrate import upgrade
    from overt.adapters.store.unit_of_work import SqlStore

    named = settings.store_url
    database = open_database(named.get_secret_value() if named else default_url(settings.home))
    upgrade(database)
    return SqlStore(database, lambda: master_key_of(settings), TimedIds())


def master_key_of(settings: Settings) -> MasterKey:
    """Return the master key, from wherever the settings say.

    Args:
        settings: With file, key or command.

    Raises:
        MasterKeyMissingError: There is none.
        MasterKeyInvalidError: What is there is none.
    """
    from overt.adapters.secrets.master_key import load_master_key

    text, command = settings.master_key, settings.master_key_command
    return load_master_key(
        settings.master_key_file,
        text=text.get_secret_value() if text else None,
        command=command.get_secret_value() if command else None,
    )
