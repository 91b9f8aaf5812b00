"""What the API answers with: plain documents of the core's values, and pages of lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from overt.core.plain_document import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Document = dict[str, Any]
"""A value of the core as plain JSON; its fields are those of the class that the route names."""

_Item = TypeVar("_Item")

MOST = 200
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at the most.")]
After = Annotated[
    str | None,
    Query(max_length=128, description="The `next` of the page before; without it, the first page."),
]
Id = Annotated[str, Path(max_length=128, description="An identifier.")]
Reason = Annotated[str, Field(min_length=1, max_length=2000, description="Why; it is logged.")]


_YEARS = range(2000, 2100)


def _utc(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        msg = f"expected a year from {_YEARS.start} to {_YEARS.stop - 1}"
        raise ValueError(msg)
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A time with its zone; in UTC from then on."""


class Page(BaseModel):
    """A part of a list.

    Attributes:
        items: In the list's order.
        next: What the next page begins after; None on the last one.
    """

    items: list[Document]
    next: str | None = None


class WithReason(BaseModel):
    """A step that needs a reason.

    Attributes:
        reason: Why; it stands in the log.
    """

    reason: Reason


def document(value: object) -> Document:
    """Return a dataclass of the core as plain JSON.

    Args:
        value: A dataclass.
    """
    shown = plain(value)
    return shown if isinstance(shown, dict) else {"value": shown}


def page_of(
    items: Iterable[_Item], key: Callable[[_Item], str], *, after: str | None, limit: int
) -> Page:
    """Return the part of a list behind a key.

    Args:
        items: All, in order.
        key: Identifier of one.
        after: Where the page before ended; None begins.
        limit: How many at the most.
    """
    rest = list(items)
    if after is not None:
        keys = [key(item) for item in rest]
        rest = rest[keys.index(after) + 1 :] if after in keys else []
    shown = rest[:limit]
    has_more = len(rest) > limit
    return Page(items=[document(item) for item in shown], next=key(shown[-1]) if has_more else None)
