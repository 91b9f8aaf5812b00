"""Times as they are typed: those on the wall at one place, with its zone shown beside them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from overt.core.local_window import is_twice, moment_in_zone, zone_named
from overt.errors import RequestInvalidError, TrialError
from overt.web.pages import span

if TYPE_CHECKING:
    from overt.web.sent_form import SentForm

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
_SPAN = re.compile(
    r"(?:(?P<days>\d+) days?, )?\b(?P<hours>\d{1,2}):(?P<minutes>\d\d):\d\d(?:\.\d+)?\b"
)
_FOLDS = {"0": 0, "1": 1}


def wall_moment(form: SentForm, name: str, zone: str) -> datetime | None:
    """Return the moment that somebody typed, aware UTC; None where nothing was.

    An hour that the clocks leave out is refused; one that comes twice needs ``NAME_fold``.

    Args:
        form: As sent.
        name: Of the field.
        zone: IANA name of the place's zone.

    Raises:
        RequestInvalidError: It is no day and time.
        WindowInvalidError: It does not exist there, or exists twice.
    """
    text = form.text(name).strip()
    if not text:
        return None
    local = _local(text)
    if local is None:
        msg = f"expected a day and time in {zone}, found something else"
        raise RequestInvalidError(msg, field=name)
    return moment_in_zone(local, zone, _FOLDS.get(form.text(f"{name}_fold")))


def comes_twice(text: str, zone: str) -> bool:
    """Return whether a typed time comes twice there, so that somebody has to say which is meant.

    Args:
        text: As typed.
        zone: IANA name, as typed.
    """
    local = _local(text.strip())
    try:
        return local is not None and local.tzinfo is None and is_twice(local, zone)
    except TrialError:
        return False


def in_local_words(text: str, zone: str | None) -> str:
    """Return a sentence of the rules with its moments as on the wall, its spans in words.

    Args:
        text: May hold ``2026-03-03T10:00:00+00:00`` and ``1 day, 0:30:00``.
        zone: IANA name of the place's zone; None leaves the moments in UTC.
    """
    place = zone_named(zone or "UTC")

    def moment(found: re.Match[str]) -> str:
        local = datetime.fromisoformat(found[0]).astimezone(place)
        return f"{local.day} {local:%B %Y, %H:%M %Z}"

    def length(found: re.Match[str]) -> str:
        days, hours = int(found["days"] or 0), int(found["hours"])
        return span(timedelta(days=days, hours=hours, minutes=int(found["minutes"])))

    return _SPAN.sub(length, _MOMENT.sub(moment, text))


def _local(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
