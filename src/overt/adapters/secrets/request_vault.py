"""What people wrote and were answered: encrypted under a key of each request."""

from __future__ import annotations

import hashlib
import secrets as chance
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from overt.adapters.secrets.envelope import (
    NONCE_BYTES,
    Sealed,
    new_key,
    request_text_binding,
    seal,
    unseal,
)
from overt.adapters.store.schema import request_keys, request_texts
from overt.errors import SecretUnopenableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Row

    from overt.adapters.secrets.envelope import MasterKey
    from overt.adapters.store.transaction import Transaction


class RequestVault:
    """The ``RequestTexts`` port on one transaction; no key stays in memory."""

    def __init__(self, transaction: Transaction, master_key: Callable[[], MasterKey]) -> None:
        """Open no key yet.

        Args:
            transaction: Where the texts lie.
            master_key: Returns the master key; asked only once a key is needed.
        """
        self._transaction = transaction
        self._master_key = master_key

    def put(self, request_id: str, kind: str, plaintext: bytes) -> str:
        """Encrypt and keep a text; return the SHA-256 of what is kept.

        Args:
            request_id: Under whose key.
            kind: What it is.
            plaintext: Any bytes.
        """
        key = self._key(request_id) or self._make_key(request_id)
        sealed = seal(key, plaintext, request_text_binding(request_id, kind))
        row = {
            "request_id": request_id,
            "kind": kind,
            "nonce": sealed.nonce,
            "ciphertext": sealed.ciphertext,
        }
        self._transaction.run(insert(request_texts), row)
        return hashlib.sha256(sealed.nonce + sealed.ciphertext).hexdigest()

    def get(self, request_id: str, kind: str) -> bytes | None:
        """Return a text, or None where there is none.

        Args:
            request_id: Whose.
            kind: What it is.

        Raises:
            SecretUnopenableError: Another master key, another row's bytes, or changed bytes.
        """
        columns = (request_texts.c.nonce, request_texts.c.ciphertext)
        is_it = (request_texts.c.request_id == request_id, request_texts.c.kind == kind)
        row = self._transaction.row(select(*columns).where(*is_it))
        if row is None:
            return None
        key = self._key(request_id)
        if key is None:
            msg = f"the key of {request_id} is not in the store, though a text of it is"
            raise SecretUnopenableError(msg, request_id=request_id)
        sealed = Sealed(row.nonce, row.ciphertext)
        return unseal(key, sealed, request_text_binding(request_id, kind))

    def ciphertexts(self, request_id: str) -> Iterator[bytes]:
        """Yield what lies on the disk for each text, and for the key itself.

        Args:
            request_id: Whose.
        """
        key = self._key_row(request_id)
        if key is not None:
            yield key.wrapped
        is_its = request_texts.c.request_id == request_id
        for row in self._transaction.rows(select(request_texts.c.ciphertext).where(is_its)):
            yield row.ciphertext

    def erase(self, request_id: str) -> int:
        """Delete the texts, overwrite and delete the key; return how many texts there were.

        Args:
            request_id: Whose.
        """
        key, is_its = self._key_row(request_id), request_keys.c.request_id == request_id
        if key is not None:
            noise: dict[str, Any] = {
                "nonce": chance.token_bytes(NONCE_BYTES),
                "wrapped": chance.token_bytes(len(key.wrapped)),
            }
            self._transaction.run(update(request_keys).where(is_its).values(noise))
            self._transaction.run(delete(request_keys).where(is_its))
        gone = delete(request_texts).where(request_texts.c.request_id == request_id)
        return self._transaction.run(gone)

    def _key(self, request_id: str) -> bytes | None:
        """Return a request's key, or None where it has none.

        Args:
            request_id: Whose.

        Raises:
            SecretUnopenableError: It was wrapped by another master key.
        """
        row = self._key_row(request_id)
        if row is None:
            return None
        master_key = self._master_key()
        if row.master_key_id != master_key.key_id:
            msg = (
                f"the key of {request_id} needs the master key {row.master_key_id}, "
                f"found {master_key.key_id}"
            )
            raise SecretUnopenableError(msg, request_id=request_id)
        return master_key.unwrap_of_request(request_id, Sealed(row.nonce, row.wrapped))

    def _make_key(self, request_id: str) -> bytes:
        key, master_key = new_key(), self._master_key()
        wrapped = master_key.wrap_of_request(request_id, key)
        row = {
            "request_id": request_id,
            "master_key_id": master_key.key_id,
            "nonce": wrapped.nonce,
            "wrapped": wrapped.ciphertext,
        }
        self._transaction.run(insert(request_keys), row)
        return key

    def _key_row(self, request_id: str) -> Row[Any] | None:
        columns = (request_keys.c.master_key_id, request_keys.c.nonce, request_keys.c.wrapped)
        is_its = request_keys.c.request_id == request_id
        return self._transaction.row(select(*columns).where(is_its))
