"""Times as they are typed: those on the wall at one place, with its zone shown beside them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from overt.core.local_window import is_twice, moment_in_zone
from overt.errors import RequestInvalidError, TrialError

if TYPE_CHECKING:
    from overt.web.sent_form import SentForm

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


def _local(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
