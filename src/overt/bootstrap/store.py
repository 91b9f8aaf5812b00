"""Opens the store that the settings name, with the master key that they name."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from overt.errors import MasterKeyInvalidError, StoreMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.adapters.secrets.envelope import MasterKey
    from overt.adapters.store.unit_of_work import SqlStore
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.workplace import Workplace
    from overt.settings import Settings


@contextmanager
def open_workplace(settings: Settings) -> Iterator[Workplace]:
    """Open what every governed service works with; the store is closed at the end.

    Args:
        settings: Of this machine.

    Yields:
        Store, clock, identifiers and policies.

    Raises:
        StoreMissingError: `overt init` has not been run.
    """
    from overt.adapters.clock import SystemClock
    from overt.adapters.ids import TimedIds
    from overt.bootstrap.policies import policies_of
    from overt.services.workplace import Workplace

    with open_initialised(settings) as store:
        yield Workplace(store.unit_of_work, SystemClock(), TimedIds(), policies_of(settings))


@contextmanager
def open_reader(settings: Settings) -> Iterator[UnitOfWorkFactory]:
    """Open the store to look only; it is closed at the end.

    Args:
        settings: Of this machine.

    Yields:
        Opens units of work that see one moment and cannot write.

    Raises:
        StoreMissingError: `overt init` has not been run.
    """
    with open_initialised(settings) as store:
        yield store.reading


@contextmanager
def open_initialised(settings: Settings) -> Iterator[SqlStore]:
    """Open the store that `overt init` made; it is closed at the end.

    No secret goes in or comes out under another master key than the one that it began with.

    Args:
        settings: Of this machine.

    Yields:
        The store.

    Raises:
        StoreMissingError: There is none.
    """
    if not store_is_there(settings):
        msg = "there is no store here; `overt init` makes one"
        raise StoreMissingError(msg)
    store = open_store(settings)
    try:
        with store.reading() as uow:
            key_id = uow.audit.read(0, 1)[0].event.details.get("master_key_id")
        yield replace(store, master_key=lambda: own_master_key(settings, key_id))
    finally:
        store.database.close()


def store_is_there(settings: Settings) -> bool:
    """Return whether the settings name a store whose log has begun; nothing is made.

    Args:
        settings: Where it would be.

    Raises:
        StoreUrlInvalidError: The address names no database that can be used.
        StoreUnavailableError: It cannot be opened.
        StoreNewerError: A newer release wrote it.
        StoreUnknownError: It holds something else.
    """
    from overt.adapters.store.audit_in_transaction import AuditInTransaction
    from overt.adapters.store.engine import default_url, open_database
    from overt.adapters.store.migrate import stored_version
    from overt.adapters.store.transaction import Transaction

    named = settings.store_url
    if named is None and not (settings.home / "overt.db").exists():
        return False
    database = open_database(named.get_secret_value() if named else default_url(settings.home))
    try:
        if stored_version(database) is None:
            return False
        transaction = Transaction(database, writes=False)
        try:
            return AuditInTransaction(transaction).size() > 0
        finally:
            transaction.leave()
    finally:
        database.close()


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


def own_master_key(settings: Settings, key_id: object) -> MasterKey:
    """Return the master key, if it is the one with which a store began.

    Args:
        settings: With file, key or command.
        key_id: What the first event of the store's log calls it.

    Raises:
        MasterKeyMissingError: There is none.
        MasterKeyInvalidError: It is another, or what is there is none.
    """
    key = master_key_of(settings)
    if key.key_id != key_id:
        msg = "the master key is not the one that this store began with"
        raise MasterKeyInvalidError(msg)
    return key


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
