"""What somebody asks, from a form: fields that are read alike on public pages and at the desk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from overt.core.public_request import RequestKind
from overt.errors import PublicRequestInvalidError
from overt.services.receive_request import Asked

if TYPE_CHECKING:
    from overt.web.sent_form import SentForm

KINDS = (
    (RequestKind.WAS_LISTED, "Was I on a watchlist?"),
    (RequestKind.OTHER_RIGHT, "Another right: to correct, erase or restrict what is kept of me"),
    (RequestKind.COMPLAINT, "A complaint"),
)
"""Each kind in the words of whoever asks."""

KIND_WORDS = {
    RequestKind.WAS_LISTED: "Was I listed?",
    RequestKind.OTHER_RIGHT: "Another right",
    RequestKind.COMPLAINT: "Complaint",
}
"""Each kind in a table or as a title."""

_DAY = timedelta(days=1)


def asked_of(form: SentForm, kind: RequestKind) -> Asked:
    """Return what a form asks.

    Args:
        form: As sent.
        kind: Of the page, or chosen on it.

    Raises:
        PublicRequestInvalidError: A day is missing, or is no day.
    """
    on = day_of(form.text("on"))
    if kind is RequestKind.WAS_LISTED and on is None:
        msg = "expected the day about which you ask, found none"
        raise PublicRequestInvalidError(msg, field="on")
    return Asked(
        kind=kind,
        words=form.text("words"),
        contact=form.text("contact"),
        place=form.text("place"),
        on=on,
        deployment_id=form.text("deployment").strip() or None,
    )


def kind_of(form: SentForm, kinds: tuple[RequestKind, ...]) -> RequestKind:
    """Return the kind that was chosen.

    Args:
        form: As sent.
        kinds: Those that the page offers.

    Raises:
        PublicRequestInvalidError: None of them.
    """
    for kind in kinds:
        if form.text("kind") == kind.value:
            return kind
    msg = "choose what is asked for"
    raise PublicRequestInvalidError(msg, field="kind")


def day_of(typed: str) -> date | None:
    """Return a day, or None where nothing was typed.

    Args:
        typed: As a browser sends it.

    Raises:
        PublicRequestInvalidError: It is no day.
    """
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        msg = "expected a day such as 2026-03-31"
        raise PublicRequestInvalidError(msg, field="on") from error


def days_left(left: timedelta) -> str:
    """Return how many days are left, or by how many whole days it is late.

    A day that has begun still counts as left: 28 days a minute after a request of 28.

    Args:
        left: Below zero once it is late.
    """
    days = abs(left).days
    if left > _DAY and left % _DAY:
        days += 1
    counted = f"{days} day{'' if days == 1 else 's'}" if days else "less than a day"
    return f"late by {counted}" if left.total_seconds() < 0 else f"{counted} left"
