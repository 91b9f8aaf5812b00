"""What a check of a published record finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FlagCode(StrEnum):
    """What kind of arithmetic was found."""

    UNREADABLE = "unreadable"
    PARTS_EXCEED_TOTAL = "parts_exceed_total"
    PARTS_DO_NOT_ADD_UP = "parts_do_not_add_up"
    UNRESOLVED_NOT_STATED = "unresolved_not_stated"
    REASONS_EXCEED_ARRESTS = "reasons_exceed_arrests"
    REASONS_BELOW_ARRESTS = "reasons_below_arrests"
    OTHER_DENOMINATOR = "other_denominator"
    OFF_BY_POWER_OF_TEN = "off_by_power_of_ten"
    SHARE_DIFFERS = "share_differs"
    SHARE_WITHOUT_COUNTS = "share_without_counts"
    SHARE_OF_NOTHING = "share_of_nothing"
    ONE_IN_INFINITY = "one_in_infinity"
    INTERVAL_DIFFERS = "interval_differs"
    OTHER_INTERVAL = "other_interval"
    INTERVAL_OUT_OF_ORDER = "interval_out_of_order"
    STATUS_DIFFERS = "status_differs"
    DAY_DIFFERS = "day_differs"
    DATE_DIFFERS = "date_differs"
    KEY_TWICE = "key_twice"
    TOTAL_UNKNOWN = "total_unknown"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in a row that cannot be right, or that the record does not explain.

    Attributes:
        code: Which kind.
        is_impossible: No explanation could make it right; without it, one is missing.
        message: What was stated and what follows from the counts.
        columns: Where to look.
    """

    code: FlagCode
    is_impossible: bool
    message: str
    columns: tuple[str, ...]


def impossible(code: FlagCode, message: str, *columns: str) -> Flag:
    """Return a flag for what cannot be right.

    Args:
        code: Which kind.
        message: What was stated and what follows.
        *columns: Where to look.
    """
    return Flag(code, is_impossible=True, message=message, columns=columns)


def unexplained(code: FlagCode, message: str, *columns: str) -> Flag:
    """Return a flag for what may be right, but is not explained by the record.

    Args:
        code: Which kind.
        message: What was stated and what is missing.
        *columns: Where to look.
    """
    return Flag(code, is_impossible=False, message=message, columns=columns)
