"""The public register: no sign-in, no script; caches may keep every page (R-60, R-64)."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from overt.services.register_files import RegisterFiles
from overt.web.access import allow_public

router = APIRouter(include_in_schema=False)

_CACHED = "public, max-age=60"
_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
}
_DATA = frozenset({"json", "csv", "atom", "txt"})  # programs of other sites may read these
_SEARCH = "search.html"


@router.get("/public")
@allow_public
def front() -> RedirectResponse:
    """Go to the first page, from which relative addresses lead on."""
    return RedirectResponse("/public/", status_code=308, headers={"Cache-Control": _CACHED})


@router.get("/public/{name:path}")
@allow_public
def register_file(
    request: Request, name: str, place: Annotated[str, Query(max_length=1000)] = ""
) -> Response:
    """Show a page or send a file of the register, the same bytes as ``overt publish`` writes."""
    files: RegisterFiles = request.app.state.register
    name = name or "index.html"
    is_search = name == _SEARCH and bool(place.strip())
    content = files.found(place) if is_search else files.file(name)
    suffix = name.rpartition(".")[2]
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": _CACHED, "ETag": tag}
    if suffix in _DATA:
        headers |= {
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    kind = _KINDS.get(suffix, "application/octet-stream")
    return Response(content, headers=headers, media_type=kind)


def _has(known: str, tag: str) -> bool:
    """Return whether a browser says that it has what a tag names."""
    tags = {one.strip().removeprefix("W/") for one in known.split(",")}
    return tag in tags or "*" in tags
