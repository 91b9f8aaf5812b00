"""The store's port in memory: what people ask, and their words."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.core.public_request import PublicRequest, RequestState
from overt.errors import RecordConflictError
from overt.testing.store_tables import FakeRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from overt.testing.store_tables import Tables

_TEXTS = "request_texts"


class FakePublicRequests(FakeRows[PublicRequest]):
    """The ``PublicRequests`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "public_requests", "request_id")

    def add(self, record: PublicRequest) -> None:
        """Add a new one.

        Args:
            record: As received.

        Raises:
            TrialError: Identifier or receipt is taken, or there is no such deployment.
        """
        if self.of_receipt(record.receipt_sha256) is not None:
            raise self._tables().refused(RecordConflictError("the receipt is there already"))
        super().add(record)

    def of_receipt(self, receipt_sha256: str) -> PublicRequest | None:
        """Return the one of a receipt, or None.

        Args:
            receipt_sha256: Digest of the receipt.
        """
        found = self.where("received_at", receipt_sha256=receipt_sha256)
        return found[0] if found else None

    def open(self) -> tuple[PublicRequest, ...]:
        """Return those that wait for an answer, by deadline."""
        return self.where("due_at", state=RequestState.RECEIVED)

    def answered(self) -> tuple[PublicRequest, ...]:
        """Return those that are answered and not closed, by deadline."""
        return self.where("due_at", state=RequestState.ANSWERED)

    def closed(self, limit: int) -> tuple[PublicRequest, ...]:
        """Return those that were closed last, the latest first.

        Args:
            limit: How many at the most.
        """
        return self.where("closed_at", state=RequestState.CLOSED)[::-1][:limit]

    def erase_due(self, now: datetime) -> tuple[PublicRequest, ...]:
        """Return those whose texts must be gone and are not, by deadline.

        Args:
            now: Aware UTC.
        """
        found = self.where("closed_at", state=RequestState.CLOSED)
        due = [(r.erase_due_at, r.request_id, r) for r in found if r.erase_due_at is not None]
        return tuple(r for at, _, r in sorted(due) if at <= now and r.erased_at is None)


class FakeRequestTexts:
    """The ``RequestTexts`` port, without encryption."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._tables = tables

    def put(self, request_id: str, kind: str, plaintext: bytes) -> str:
        """Keep a text; return a SHA-256 that stands for that of what would be kept.

        Args:
            request_id: Under whose key.
            kind: What it is.
            plaintext: Any bytes.

        Raises:
            TrialError: The request has a text of this kind, or is not there.
        """
        tables = self._tables()
        tables.begin_writing()
        texts = tables.table(_TEXTS)
        is_there = request_id in tables.table("public_requests")
        if (request_id, kind) in texts or not is_there:
            msg = f"{request_id} takes no text of the kind {kind}"
            raise tables.refused(RecordConflictError(msg))
        texts[request_id, kind] = plaintext
        return hashlib.sha256(f"sealed {request_id} {kind}".encode()).hexdigest()

    def get(self, request_id: str, kind: str) -> bytes | None:
        """Return a text, or None where there is none.

        Args:
            request_id: Whose.
            kind: What it is.
        """
        found: bytes | None = self._tables().table(_TEXTS).get((request_id, kind))
        return found

    def ciphertexts(self, request_id: str) -> Iterator[bytes]:
        """Yield bytes that stand for what would lie on the disk: a key, and each text.

        Args:
            request_id: Whose.
        """
        own = [
            text for (owner, _), text in self._tables().table(_TEXTS).items() if owner == request_id
        ]
        if own:
            yield hashlib.sha256(f"key {request_id}".encode()).digest()
        for text in own:
            yield hashlib.sha256(request_id.encode() + text).digest()

    def erase(self, request_id: str) -> int:
        """Delete the texts; return how many there were.

        Args:
            request_id: Whose.
        """
        tables = self._tables()
        tables.begin_writing()
        texts = tables.table(_TEXTS)
        gone = [key for key in texts if key[0] == request_id]
        for key in gone:
            del texts[key]
        return len(gone)
