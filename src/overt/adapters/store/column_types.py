"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time, kept as ``2026-01-31T09:00:00.000000Z``: readable, and sorts by time."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> str | None:
        """Return the text of a time.

        Args:
            value: Aware UTC, or None.
            dialect: Not needed.

        Raises:
            ValueError: A naive or local time.
        """
        if value is None:
            return None
        if value.utcoffset() != timedelta(0):
            msg = "the store keeps aware UTC times only"
            raise ValueError(msg)
        return f"{value.year:04}{value.strftime(_FORM.removeprefix('%Y'))}"

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> datetime | None:
        """Return the time of a text.

        Args:
            value: As stored, or None.
            dialect: Not needed.
        """
        if value is None:
            return None
        return datetime.fromisoformat(value).astimezone(UTC)
