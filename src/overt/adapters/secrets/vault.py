"""Secrets in the store: what goes in is encrypted, what comes out is checked."""

from __future__ import annotations

import secrets as chance
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, or_, select, update

from overt.adapters.secrets.envelope import Sealed, new_key, seal, secret_binding, unseal
from overt.adapters.store.schema import deployment_keys, secrets, watchlist_entries
from overt.errors import KeyDestroyedError, RecordNotFoundError, SecretUnopenableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sqlalchemy import Row

    from overt.adapters.secrets.envelope import MasterKey
    from overt.adapters.store.transaction import Transaction
    from overt.ports.records import Ids

_COLUMNS = (
    secrets.c.secret_id,
    secrets.c.deployment_id,
    secrets.c.kind,
    secrets.c.row_id,
    secrets.c.nonce,
    secrets.c.ciphertext,
)
_IS_NAMED = exists().where(
    watchlist_entries.c.entry_id == secrets.c.row_id,
    or_(
        watchlist_entries.c.image_secret_id == secrets.c.secret_id,
        watchlist_entries.c.template_secret_id == secrets.c.secret_id,
    ),
)


class SecretVault:
    """The ``Secrets`` port on one transaction; keys are in memory only as long as it is."""

    def __init__(
        self, transaction: Transaction, master_key: Callable[[], MasterKey], ids: Ids
    ) -> None:
        """Open no key yet.

        Args:
            transaction: Where the secrets lie.
            master_key: Returns the master key; asked only once a key is needed.
            ids: Makes identifiers.
        """
        self._transaction = transaction
        self._master_key = master_key
        self._ids = ids
        self._keys: dict[str, bytes] = {}

    def put(self, deployment_id: str, kind: str, row_id: str, plaintext: bytes) -> str:
        """Encrypt and keep bytes; return the secret's identifier.

        Args:
            deployment_id: Under whose key.
            kind: What it is.
            row_id: The row that it belongs to.
            plaintext: Any bytes.

        Raises:
            KeyDestroyedError: The deployment was purged.
        """
        return self.put_many(deployment_id, kind, {row_id: plaintext})[row_id]

    def put_many(
        self, deployment_id: str, kind: str, plaintexts: Mapping[str, bytes]
    ) -> dict[str, str]:
        """Encrypt and keep bytes of many rows at once; return each row's secret.

        Args:
            deployment_id: Under whose key.
            kind: What they are.
            plaintexts: Row identifier -> any bytes.

        Raises:
            KeyDestroyedError: The deployment was purged.
        """
        if not plaintexts:
            return {}
        key = self._key(deployment_id) or self._make_key(deployment_id)
        rows = [
            self._sealed(key, deployment_id, kind, row_id, plaintext)
            for row_id, plaintext in plaintexts.items()
        ]
        self._transaction.run(insert(secrets), rows)
        return {row["row_id"]: row["secret_id"] for row in rows}

    def get(self, secret_id: str) -> bytes:
        """Return the bytes.

        Args:
            secret_id: Which.

        Raises:
            RecordNotFoundError: There is none.
            KeyDestroyedError: The deployment was purged.
            SecretUnopenableError: Another master key, another row's bytes, or changed bytes.
        """
        row = self._transaction.row(select(*_COLUMNS).where(secrets.c.secret_id == secret_id))
        if row is None:
            msg = f"there is no secret {secret_id}"
            raise RecordNotFoundError(msg)
        return self._opened(row)

    def read_all(self, deployment_id: str, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield row identifier and bytes of every secret of a kind, in order of being put.

        Args:
            deployment_id: Whose.
            kind: Which kind.

        Raises:
            KeyDestroyedError: The deployment was purged.
            SecretUnopenableError: Another master key, another row's bytes, or changed bytes.
        """
        self._key(deployment_id)
        wanted = select(*_COLUMNS).where(
            secrets.c.deployment_id == deployment_id, secrets.c.kind == kind
        )
        for row in self._transaction.stream(wanted.order_by(secrets.c.secret_id)):
            yield row.row_id, self._opened(row)

    def ciphertexts(self, deployment_id: str) -> Iterator[bytes]:
        """Yield what lies on the disk for each secret, and for the key itself.

        Args:
            deployment_id: Whose.
        """
        keys = select(deployment_keys.c.wrapped).where(
            deployment_keys.c.deployment_id == deployment_id,
            deployment_keys.c.wrapped.is_not(None),
        )
        for row in self._transaction.rows(keys):
            yield row.wrapped
        wanted = select(secrets.c.ciphertext).where(secrets.c.deployment_id == deployment_id)
        for row in self._transaction.stream(wanted):
            yield row.ciphertext

    def delete(self, secret_id: str) -> None:
        """Delete one; nothing happens where there is none.

        Args:
            secret_id: Which.
        """
        self._transaction.run(delete(secrets).where(secrets.c.secret_id == secret_id))

    def astray(self, deployment_id: str, kinds: Collection[str]) -> tuple[str, ...]:
        """Return the secrets that the watchlist entry of their row does not name, in order.

        Args:
            deployment_id: Whose.
            kinds: Of entries: pictures, templates.
        """
        wanted = select(secrets.c.secret_id).where(
            secrets.c.deployment_id == deployment_id, secrets.c.kind.in_(kinds), ~_IS_NAMED
        )
        rows = self._transaction.rows(wanted.order_by(secrets.c.secret_id))
        return tuple(row.secret_id for row in rows)

    def delete_astray(self, secret_ids: Collection[str]) -> int:
        """Delete secrets, but for those that an entry names by now; return how many.

        Args:
            secret_ids: From ``astray``; some hundreds.
        """
        is_one = secrets.c.secret_id.in_(secret_ids)
        return self._transaction.run(delete(secrets).where(is_one, ~_IS_NAMED))

    def delete_of(self, deployment_id: str) -> dict[str, int]:
        """Delete a deployment's secrets; return how many there were of each kind.

        Args:
            deployment_id: Whose.
        """
        is_its = secrets.c.deployment_id == deployment_id
        counted = (
            select(secrets.c.kind, func.count().label("n")).where(is_its).group_by(secrets.c.kind)
        )
        found: dict[str, int] = {row.kind: row.n for row in self._transaction.rows(counted)}
        self._transaction.run(delete(secrets).where(is_its))
        return dict(sorted(found.items()))

    def destroy_key(self, deployment_id: str) -> bool:
        """Overwrite and delete a deployment's key for good; return whether there was one.

        Args:
            deployment_id: Whose.
        """
        self._keys.pop(deployment_id, None)
        row = self._key_row(deployment_id)
        if row is None:
            self._transaction.run(
                insert(deployment_keys), {"deployment_id": deployment_id, "master_key_id": ""}
            )
            return False
        if row.wrapped is None:
            return False
        is_its = deployment_keys.c.deployment_id == deployment_id
        noise = {"nonce": chance.token_bytes(12), "wrapped": chance.token_bytes(len(row.wrapped))}
        self._transaction.run(update(deployment_keys).where(is_its).values(noise))
        nothing = {"nonce": None, "wrapped": None}
        self._transaction.run(update(deployment_keys).where(is_its).values(nothing))
        return True

    def forget_keys(self) -> None:
        """Drop every key from memory."""
        self._keys.clear()

    def _sealed(
        self, key: bytes, deployment_id: str, kind: str, row_id: str, plaintext: bytes
    ) -> dict[str, Any]:
        secret_id = self._ids.new("secret")
        binding = secret_binding(deployment_id, kind, row_id, secret_id)
        sealed = seal(key, plaintext, binding)
        return {
            "secret_id": secret_id,
            "deployment_id": deployment_id,
            "kind": kind,
            "row_id": row_id,
            "nonce": sealed.nonce,
            "ciphertext": sealed.ciphertext,
        }

    def _opened(self, row: Row[Any]) -> bytes:
        key = self._key(row.deployment_id)
        if key is None:
            msg = f"the key of {row.deployment_id} is not in the store, though a secret of it is"
            raise SecretUnopenableError(msg, deployment_id=row.deployment_id)
        binding = secret_binding(row.deployment_id, row.kind, row.row_id, row.secret_id)
        return unseal(key, Sealed(row.nonce, row.ciphertext), binding)

    def _key(self, deployment_id: str) -> bytes | None:
        """Return a deployment's key, or None where it never had one.

        Args:
            deployment_id: Whose.

        Raises:
            KeyDestroyedError: It had one, and was purged.
            SecretUnopenableError: It was wrapped by another master key.
        """
        if deployment_id in self._keys:
            return self._keys[deployment_id]
        row = self._key_row(deployment_id)
        if row is None:
            return None
        if row.wrapped is None:
            msg = f"the key of {deployment_id} was destroyed at its purge"
            raise KeyDestroyedError(msg, deployment_id=deployment_id)
        master_key = self._master_key()
        if row.master_key_id != master_key.key_id:
            msg = (
                f"the key of {deployment_id} needs the master key {row.master_key_id}, "
                f"found {master_key.key_id}"
            )
            raise SecretUnopenableError(msg, deployment_id=deployment_id)
        wrapped = Sealed(row.nonce, row.wrapped)
        self._keys[deployment_id] = master_key.unwrap(deployment_id, wrapped)
        return self._keys[deployment_id]

    def _make_key(self, deployment_id: str) -> bytes:
        key, master_key = new_key(), self._master_key()
        wrapped = master_key.wrap(deployment_id, key)
        self._transaction.run(
            insert(deployment_keys),
            {
                "deployment_id": deployment_id,
                "master_key_id": master_key.key_id,
                "nonce": wrapped.nonce,
                "wrapped": wrapped.ciphertext,
            },
        )
        self._keys[deployment_id] = key
        return key

    def _key_row(self, deployment_id: str) -> Row[Any] | None:
        columns = (
            deployment_keys.c.master_key_id,
            deployment_keys.c.nonce,
            deployment_keys.c.wrapped,
        )
        is_its = deployment_keys.c.deployment_id == deployment_id
        return self._transaction.row(select(*columns).where(is_its))
