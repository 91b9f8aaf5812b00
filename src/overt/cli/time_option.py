"""Read a moment or a day from the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

from overt.errors import SettingInvalidError


def parse_moment(text: str, option: str) -> datetime:
    """Return a moment, aware UTC.

    Args:
        text: ISO 8601 with an offset: ``2026-06-12T10:00+01:00``, or ``...Z``.
        option: Which option it stands in, for the message.

    Raises:
        SettingInvalidError: It is no such time, or leaves open which offset it has.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"{option}: expected a time such as 2026-06-12T10:00+01:00, found {text!r}"
        raise SettingInvalidError(msg, setting=option) from error
    if moment.tzinfo is None:
        msg = f"{option}: expected an offset from UTC behind the time, such as +01:00 or Z"
        raise SettingInvalidError(msg, setting=option)
    return moment.astimezone(UTC)


def parse_day(text: str, option: str) -> date:
    """Return a day.

    Args:
        text: ISO 8601: ``2026-03-31``.
        option: Which option it stands in, for the message.

    Raises:
        SettingInvalidError: It is no such day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"{option}: expected a day such as 2026-03-31, found {text!r}"
        raise SettingInvalidError(msg, setting=option) from error
