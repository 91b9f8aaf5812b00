"""The machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The ``Clock`` port on the machine's own clock."""

    def now(self) -> datetime:
        """Return the present time, aware, UTC."""
        return datetime.now(UTC)
