"""The service's own log: one JSON object a line, identifiers and counts only."""

from __future__ import annotations

import logging
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_DEEPEST = 6


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


@contextmanager
def failed_threads_logged() -> Iterator[None]:
    """Let a thread that fails leave a line in the log; Python's own would hold values."""
    before = threading.excepthook
    threading.excepthook = _log_failed_thread
    try:
        yield
    finally:
        threading.excepthook = before


def failure_of(error: BaseException) -> dict[str, object]:
    """Return an error's kind and place; its message could hold somebody's words.

    Args:
        error: Any.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    return {"error": type(error).__name__, "at": places}


def _log_failed_thread(args: threading.ExceptHookArgs) -> None:
    name = args.thread.name if args.thread is not None else None
    error = args.exc_value or args.exc_type()
    structlog.get_logger("overt").error("failed", thread=name, **failure_of(error))


class _JsonLine(logging.Formatter):
    """A library's record as a line of the same form."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        first, _, _ = record.getMessage().partition("\n")  # asyncio shows values behind it
        event = {"event": first, "logger": record.name}
        if record.exc_info and record.exc_info[0] is not None:
            event["error"] = record.exc_info[0].__name__
        for processor in _SHARED:
            event = processor(None, record.levelname.lower(), event)  # type: ignore[assignment]
        return str(structlog.processors.JSONRenderer()(None, record.levelname.lower(), event))
