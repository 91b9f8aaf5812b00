"""What people ask, on SQL; their words lie in the request vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from overt.adapters.store.keyed_rows import KeyedRows
from overt.adapters.store.rows import RowsOf
from overt.adapters.store.schema import public_requests
from overt.core.public_request import PublicRequest, RequestState

if TYPE_CHECKING:
    from datetime import datetime

    from overt.adapters.store.transaction import Transaction

_REQUESTS = RowsOf(PublicRequest, public_requests)


class SqlPublicRequests:
    """The ``PublicRequests`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction
        self._rows = KeyedRows(transaction, _REQUESTS)

    def add(self, request: PublicRequest) -> None:
        """Add a new one.

        Args:
            request: As received.
        """
        self._rows.add([request])

    def get(self, request_id: str) -> PublicRequest:
        """Return one.

        Args:
            request_id: Which.
        """
        return self._rows.get(request_id)

    def of_receipt(self, receipt_sha256: str) -> PublicRequest | None:
        """Return the one of a receipt, or None.

        Args:
            receipt_sha256: Digest of the receipt.
        """
        is_it = public_requests.c.receipt_sha256 == receipt_sha256
        found = self._rows.where(is_it, by=public_requests.c.received_at)
        return found[0] if found else None

    def save(self, request: PublicRequest) -> None:
        """Replace one.

        Args:
            request: As read and then changed.
        """
        self._rows.save(request)

    def open(self) -> tuple[PublicRequest, ...]:
        """Return those that wait for an answer, by deadline."""
        return self._in_state(RequestState.RECEIVED)

    def answered(self) -> tuple[PublicRequest, ...]:
        """Return those that are answered and not closed, by deadline."""
        return self._in_state(RequestState.ANSWERED)

    def closed(self, limit: int) -> tuple[PublicRequest, ...]:
        """Return those that were closed last, the latest first.

        Args:
            limit: How many at the most.
        """
        columns = public_requests.c
        latest = (columns.closed_at.desc(), columns.request_id.desc())
        is_closed = columns.state == RequestState.CLOSED.value
        query = select(*_REQUESTS.columns).where(is_closed).order_by(*latest).limit(limit)
        return tuple(_REQUESTS.record(row) for row in self._transaction.rows(query))

    def erase_due(self, now: datetime) -> tuple[PublicRequest, ...]:
        """Return those whose texts must be gone and are not, by deadline.

        Args:
            now: Aware UTC.
        """
        columns = public_requests.c
        is_due = (columns.erase_due_at <= now, columns.erased_at.is_(None))
        return self._rows.where(*is_due, by=columns.erase_due_at)

    def _in_state(self, state: RequestState) -> tuple[PublicRequest, ...]:
        columns = public_requests.c
        return self._rows.where(columns.state == state.value, by=columns.due_at)
