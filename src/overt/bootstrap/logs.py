"""The service's own log: one JSON object a line, identifiers and counts only."""

from __future__ import annotations

import logging
from typing import TextIO

import structlog

_SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def write_logs_as_json(target: TextIO) -> None:
    """Let everything that is logged become JSON lines; called once, by what serves.

    Tracebacks are left out: they could hold values. ``RequestLog`` names the places instead.

    Args:
        target: Where the lines go: standard error, or a file that is open.
    """
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(file=target),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(_JsonLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


class _JsonLine(logging.Formatter):
    """A library's record as a line of the same form."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        event = {"event": record.getMessage(), "logger": record.name}
        if record.exc_info and record.exc_info[0] is not None:
            event["error"] = record.exc_info[0].__name__
        for processor in _SHARED:
            event = processor(None, record.levelname.lower(), event)  # type: ignore[assignment]
        return str(structlog.processors.JSONRenderer()(None, record.levelname.lower(), event))
