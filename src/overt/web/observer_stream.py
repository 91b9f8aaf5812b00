"""A stream of counts for observers: numbers as words, seldom enough that nobody is behind one."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from overt.errors import TrialError
from overt.web.listeners import unlimited

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from overt.web.listeners import OneMore

TELL_EVERY_S = 5.0
_SILENT_TICKS = 3  # a comment at least every 15 s keeps the line open


async def counts_stream(
    read: Callable[[], Mapping[str, str]],
    is_still_allowed: Callable[[], bool],
    *,
    every_s: float = TELL_EVERY_S,
    one_more: OneMore = unlimited,
) -> AsyncIterator[str]:
    """Yield the figures as server-sent events, at most one every few seconds.

    Args:
        read: Returns them; called in a thread.
        is_still_allowed: Asked before each message; the stream ends where it says no.
        every_s: Shortest time between two messages.
        one_more: Counts the stream, and ends it where it has to give way.
    """
    is_over = asyncio.Event()
    with one_more(is_over.set):
        yield "retry: 5000\n\n"
        told: Mapping[str, str] = {}
        n_silent = 0
        while not is_over.is_set() and await run_in_threadpool(is_still_allowed):
            found = await run_in_threadpool(_read, read)
            if found is None:
                return
            changed = {key: text for key, text in found.items() if told.get(key) != text}
            if changed.keys() - {"asked_at"} or n_silent >= _SILENT_TICKS:
                told, n_silent = found, 0
                yield f"event: counts\ndata: {json.dumps(dict(found), ensure_ascii=False)}\n\n"
            else:
                n_silent += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), every_s)


def _read(read: Callable[[], Mapping[str, str]]) -> Mapping[str, str] | None:
    """Return the figures; None where they cannot be read: the browser comes back by itself."""
    try:
        return read()
    except TrialError:
        return None
