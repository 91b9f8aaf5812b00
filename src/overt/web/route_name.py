"""A route's pattern: what logs and numbers name, as an address itself may hold identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

UNKNOWN = "unknown"


def route_pattern(scope: Scope) -> str:
    """Return the pattern of the route that answers, whole; a word where none does.

    Args:
        scope: Of a request, once its route is found.
    """
    if scope["path"].startswith("/static/"):
        return "/static"
    included = scope.get("fastapi", {}).get("effective_route_context")
    return str(getattr(included or scope.get("route"), "path", UNKNOWN))
