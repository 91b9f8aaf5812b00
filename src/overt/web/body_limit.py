"""How much a request may hold, and that its files never reach the disk.

The size is looked at before anything of a body is read, and counted while it is. What comes as
a file stays in memory, within that size: Starlette would otherwise put everything above a
megabyte into the folder of temporary files, unencrypted, photographs among it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser

from overt.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT = "overt_body_limit"
KIB, MIB = 1 << 10, 1 << 20
PLAIN_BYTES = MIB
"""What a form without files may hold, and a document of the API."""

_TOO_LARGE, _NOT_UTF_8 = 413, 400
_UTF_8 = frozenset({b"utf-8", b"utf8", b"us-ascii"})
_MOST_DIGITS = 18  # longer ones are too large already
_BESIDE_PHOTOGRAPHS = 1000  # their list, and those too many, which are refused in words
_AROUND_A_FILE = MIB  # the other fields of its form

_Route = TypeVar("_Route", bound=Callable[..., object])
_Size = Callable[[Settings], int]


def a_file(settings: Settings) -> int:
    """Return how many bytes a form with one file may hold.

    Args:
        settings: Of this machine.
    """
    return settings.upload_file_mib * MIB + _AROUND_A_FILE


def a_few_texts(settings: Settings) -> int:  # noqa: ARG001 - one of a kind with the others
    """Return how many bytes a form of texts may hold that anybody may send.

    Args:
        settings: Of this machine.
    """
    return 96 * KIB  # 4,700 characters, each as long as a character can be in a form, and more


def a_list(settings: Settings) -> int:
    """Return how many bytes a watchlist with its photographs may hold.

    Args:
        settings: Of this machine.
    """
    return settings.upload_mib * MIB


def takes(size: _Size) -> Callable[[_Route], _Route]:
    """Return a decorator that lets a route take more than a plain form.

    Args:
        size: Says how many bytes.
    """

    def mark(route: _Route) -> _Route:
        setattr(route, LIMIT, size)
        return route

    return mark


class BodyLimit:
    """Refuses a body that is too large, when a route begins to read it or as soon as it shows."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand before an application.

        Args:
            app: The one behind.
            settings: Of this machine.
        """
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; its body is counted as it is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        n_bytes = 0

        async def receive_counted() -> Message:
            nonlocal n_bytes
            most = self._most(scope)
            if n_bytes == 0:
                _require_utf_8(scope)
                if _declared(scope) > most:
                    raise _refusal(most)
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > most:
                raise _refusal(most)
            return message

        await self._app(scope, receive_counted, send)

    def _most(self, scope: Scope) -> int:
        size: _Size | None = getattr(scope.get("endpoint"), LIMIT, None)
        return PLAIN_BYTES if size is None else size(self._settings)


def add_body_limit(app: FastAPI, settings: Settings) -> None:
    """Let an application refuse bodies that are too large, and keep files in memory.

    Args:
        app: Which.
        settings: Of this machine.
    """
    app.add_middleware(BodyLimit, settings=settings)
    app.state.most_files = settings.upload_files + _BESIDE_PHOTOGRAPHS
    MultiPartParser.spool_max_size = 0  # no size at which a file would go to the disk


def _require_utf_8(scope: Scope) -> None:
    """Let pass only a form in UTF-8; other encodings make texts that nothing can store."""
    _, params = parse_options_header(_header(scope, b"content-type"))
    if params.get(b"charset", b"utf-8").lower() not in _UTF_8:
        raise HTTPException(_NOT_UTF_8, "expected a body in UTF-8, found another encoding")


def _declared(scope: Scope) -> int:
    found = _header(scope, b"content-length")
    return int(found[:_MOST_DIGITS]) if found.isdigit() else 0


def _header(scope: Scope, wanted: bytes) -> bytes:
    found: bytes = next((value for name, value in scope["headers"] if name == wanted), b"")
    return found


def _refusal(most: int) -> HTTPException:
    """Return the refusal, as FastAPI passes it on from whatever was reading."""
    size = f"{most // MIB} MiB" if most >= MIB else f"{most // KIB} KiB"
    return HTTPException(_TOO_LARGE, f"expected at most {size} in one request, found more")
