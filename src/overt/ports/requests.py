"""What people ask: rows that name nobody, and texts that are encrypted apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.public_request import PublicRequest


class PublicRequests(Protocol):
    """Requests without their words."""

    def add(self, request: PublicRequest) -> None:
        """Add a new one; RecordConflictError where identifier or receipt is taken.

        Args:
            request: As received.
        """
        ...

    def get(self, request_id: str) -> PublicRequest:
        """Return one; RecordNotFoundError where there is none.

        Args:
            request_id: Which.
        """
        ...

    def of_receipt(self, receipt_sha256: str) -> PublicRequest | None:
        """Return the one of a receipt, or None.

        Args:
            receipt_sha256: Digest of the receipt.
        """
        ...

    def save(self, request: PublicRequest) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            request: As read and then changed.
        """
        ...

    def open(self) -> tuple[PublicRequest, ...]:
        """Return those that wait for an answer, by deadline."""
        ...

    def answered(self) -> tuple[PublicRequest, ...]:
        """Return those that are answered and not closed, by deadline."""
        ...

    def closed(self, limit: int) -> tuple[PublicRequest, ...]:
        """Return those that were closed last, the latest first.

        Args:
            limit: How many at the most.
        """
        ...

    def erase_due(self, now: datetime) -> tuple[PublicRequest, ...]:
        """Return those whose texts must be gone and are not, by deadline.

        Args:
            now: Aware UTC.
        """
        ...


class RequestTexts(Protocol):
    """What was written and answered, under a key of each request."""

    def put(self, request_id: str, kind: str, plaintext: bytes) -> str:
        """Encrypt and keep a text; return the SHA-256 of what is kept.

        RecordConflictError where the request has a text of this kind, or is not there.

        Args:
            request_id: Under whose key.
            kind: What it is.
            plaintext: Any bytes.
        """
        ...

    def get(self, request_id: str, kind: str) -> bytes | None:
        """Return a text, or None where there is none; SecretUnopenableError.

        Args:
            request_id: Whose.
            kind: What it is.
        """
        ...

    def ciphertexts(self, request_id: str) -> Iterator[bytes]:
        """Yield what lies on the disk for each text and for the key, for the scan afterwards.

        Args:
            request_id: Whose.
        """
        ...

    def erase(self, request_id: str) -> int:
        """Delete the texts, overwrite and delete the key; return how many texts there were.

        Args:
            request_id: Whose.
        """
        ...
