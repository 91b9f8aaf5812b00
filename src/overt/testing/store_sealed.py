"""The store's port in memory: secrets, and the audit log."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from overt.core.audit import LoggedEvent, log_line, parse_line
from overt.core.transparency import leaf_hash
from overt.errors import KeyDestroyedError, RecordNotFoundError
from overt.testing.store_tables import FakeSecret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from overt.core.audit import AuditEvent
    from overt.core.audit_search import AuditSearch
    from overt.core.transparency import CompactRange
    from overt.testing.store_tables import Tables


class FakeSecrets:
    """The ``Secrets`` port, without encryption."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._tables = tables

    def put(self, deployment_id: str, kind: str, row_id: str, plaintext: bytes) -> str:
        """Keep bytes; return the secret's identifier.

        Args:
            deployment_id: Under whose key.
            kind: What it is.
            row_id: The row that it belongs to.
            plaintext: Any bytes.
        """
        tables = self._with_key(deployment_id)
        tables.begin_writing(deployment_id)
        tables.keys[deployment_id] = True
        number = 1 + max((int(name.rpartition("-")[2]) for name in tables.secrets), default=0)
        secret_id = f"secret-{number:06}"
        tables.secrets[secret_id] = FakeSecret(deployment_id, kind, row_id, plaintext)
        return secret_id

    def put_many(
        self, deployment_id: str, kind: str, plaintexts: Mapping[str, bytes]
    ) -> dict[str, str]:
        """Keep bytes of many rows at once; return each row's secret.

        Args:
            deployment_id: Under whose key.
            kind: What they are.
            plaintexts: Row identifier -> any bytes.
        """
        return {row: self.put(deployment_id, kind, row, data) for row, data in plaintexts.items()}

    def get(self, secret_id: str) -> bytes:
        """Return the bytes.

        Args:
            secret_id: Which.

        Raises:
            RecordNotFoundError: There is none.
        """
        secret = self._tables().secrets.get(secret_id)
        if secret is None:
            msg = f"there is no secret {secret_id}"
            raise RecordNotFoundError(msg)
        self._with_key(secret.deployment_id)
        return secret.plaintext

    def read_all(self, deployment_id: str, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield row identifier and bytes of every secret of a kind, in order of being put.

        Args:
            deployment_id: Whose.
            kind: Which kind.
        """
        for secret in list(self._with_key(deployment_id).secrets.values()):
            if (secret.deployment_id, secret.kind) == (deployment_id, kind):
                yield secret.row_id, secret.plaintext

    def ciphertexts(self, deployment_id: str) -> Iterator[bytes]:
        """Yield bytes that stand for what would lie on the disk.

        Args:
            deployment_id: Whose.
        """
        for secret_id, secret in list(self._tables().secrets.items()):
            if secret.deployment_id == deployment_id:
                yield hashlib.sha256(secret_id.encode() + secret.plaintext).digest()

    def delete(self, secret_id: str) -> None:
        """Delete one; nothing happens where there is none.

        Args:
            secret_id: Which.
        """
        tables = self._tables()
        tables.begin_writing()
        tables.secrets.pop(secret_id, None)

    def astray(self, deployment_id: str, kinds: Collection[str]) -> tuple[str, ...]:
        """Return the secrets that the watchlist entry of their row does not name, in order.

        Args:
            deployment_id: Whose.
            kinds: Of entries: pictures, templates.
        """
        secrets = self._tables().secrets
        wanted = (k for k, s in secrets.items() if s.deployment_id == deployment_id)
        return tuple(k for k in wanted if secrets[k].kind in kinds and not self._is_named(k))

    def delete_astray(self, secret_ids: Collection[str]) -> int:
        """Delete secrets, but for those that an entry names by now; return how many.

        Args:
            secret_ids: From ``astray``; some hundreds.
        """
        tables = self._tables()
        tables.begin_writing()
        gone = [k for k in secret_ids if k in tables.secrets and not self._is_named(k)]
        for secret_id in gone:
            del tables.secrets[secret_id]
        return len(gone)

    def delete_of(self, deployment_id: str) -> dict[str, int]:
        """Delete a deployment's secrets; return how many there were of each kind.

        Args:
            deployment_id: Whose.
        """
        tables = self._tables()
        tables.begin_writing()
        gone = {k: s for k, s in tables.secrets.items() if s.deployment_id == deployment_id}
        for secret_id in gone:
            del tables.secrets[secret_id]
        return dict(sorted(Counter(secret.kind for secret in gone.values()).items()))

    def destroy_key(self, deployment_id: str) -> bool:
        """Destroy a deployment's key for good; return whether there was one.

        Args:
            deployment_id: Whose.
        """
        tables = self._tables()
        tables.begin_writing(deployment_id)
        was_there = tables.keys.get(deployment_id, False)
        tables.keys[deployment_id] = False
        return was_there

    def _is_named(self, secret_id: str) -> bool:
        tables = self._tables()
        entry = tables.table("watchlist_entries").get(tables.secrets[secret_id].row_id)
        return entry is not None and secret_id in {entry.image_secret_id, entry.template_secret_id}

    def _with_key(self, deployment_id: str) -> Tables:
        tables = self._tables()
        if tables.keys.get(deployment_id, True):
            return tables
        msg = f"the key of {deployment_id} was destroyed at its purge"
        raise KeyDestroyedError(msg, deployment_id=deployment_id)


class FakeLog:
    """The ``AuditLog`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._tables = tables

    def append(self, event: AuditEvent) -> LoggedEvent:
        """Add an event at the end and return it in its place.

        Args:
            event: What happened.
        """
        tables = self._tables()
        tables.begin_writing()
        seq, previous_hash = tables.tree.size, tables.last_hash
        line = log_line(seq, event, previous_hash)
        logged = LoggedEvent(seq, event, previous_hash, leaf_hash(line))
        tables.lines.append(line)
        tables.last_hash = logged.hash
        tables.tree = tables.tree.appended(logged.hash)
        return logged

    def read(self, from_seq: int = 0, limit: int = 1000) -> tuple[LoggedEvent, ...]:
        """Return events in their order.

        Args:
            from_seq: Number of the first.
            limit: How many at the most.
        """
        lines = self._tables().lines[from_seq : from_seq + limit]
        return tuple(parse_line(line, from_seq + place) for place, line in enumerate(lines))

    def search(
        self,
        wanted: AuditSearch,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> tuple[LoggedEvent, ...]:
        """Return events that are looked for, the newest first.

        Args:
            wanted: What they have to be.
            before: Only events with a smaller number: the newest of them.
            after: Only events with a larger number: the oldest of them.
            limit: How many at the most.
        """
        first = 0 if after is None else after + 1
        logged = self.read(first, self.size())[: None if before is None else max(before - first, 0)]
        found = [one for one in logged if wanted.fits(one)]
        return tuple(reversed(found[:limit] if after is not None else found[-limit:]))

    def lines(self, from_seq: int = 0) -> Iterator[bytes]:
        """Yield the lines, without line breaks.

        Args:
            from_seq: Number of the first.
        """
        yield from self._tables().lines[from_seq:]

    def size(self) -> int:
        """Return how many events there are."""
        return self.tree().size

    def root(self) -> bytes:
        """Return the root hash over all events."""
        return self.tree().root()

    def tree(self) -> CompactRange:
        """Return the state of the tree."""
        return self._tables().tree
