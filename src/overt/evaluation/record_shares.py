"""Rates of a published record, worked out again from its counts and held against its own."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.evaluation.intervals import exact_interval, wilson_interval, zero_count_bound
from overt.evaluation.rates import LimitStatus, limit_status, rate
from overt.evaluation.record_flags import FlagCode, impossible, unexplained
from overt.evaluation.reported_deployment import FALSE_PER_FACE, RATES, Count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.evaluation.printed_number import PrintedShare
    from overt.evaluation.rates import Rate
    from overt.evaluation.record_flags import Flag
    from overt.evaluation.reported_deployment import RateColumns, ReportedDeployment

LIMIT = 1 / 1000
"""The limit that the column ``status_at_1_in_1000`` names."""

_STATUS_COLUMN = "status_at_1_in_1000"
_POWER_WITHIN = 0.05  # of a power of ten, on the logarithmic scale: 12 %
_FEW = 1000
_OTHER_TOTALS = (Count.FACES_SEEN, Count.ALERTS, Count.WATCHLIST_SIZE, Count.ENGAGED)
_OTHER_COUNTS = (Count.ALERTS, Count.TRUE_ALERTS, Count.FALSE_ALERTS, Count.ARRESTS)


@dataclass(frozen=True, slots=True)
class RateAgain:
    """A rate worked out from the counts of a row.

    Attributes:
        columns: Which rate.
        observed: From the counts; its interval is exact.
        status: How it stands to 1 in 1,000, for false alerts per face seen; None for others.
    """

    columns: RateColumns
    observed: Rate
    status: LimitStatus | None


def rates_again(reported: ReportedDeployment) -> tuple[RateAgain, ...]:
    """Return every rate that the counts of a row allow; undefined ones are among them.

    Args:
        reported: One row.
    """
    return tuple(_rates_again(reported.completed()))


def share_flags(reported: ReportedDeployment) -> Iterator[Flag]:
    """Yield what the stated rates of a row say against its counts.

    Args:
        reported: One row.
    """
    counts = reported.completed()
    again = {each.columns: each for each in _rates_again(counts)}
    for columns in RATES:
        found = again.get(columns)
        yield from _point(reported, columns, found.observed if found else None, counts)
        yield from _ends(reported, columns, found.observed if found else None)
    yield from _status(reported, again.get(FALSE_PER_FACE))


def _rates_again(counts: Mapping[Count, int]) -> Iterator[RateAgain]:
    for columns in RATES:
        count, total = counts.get(columns.count), counts.get(columns.total)
        if count is not None and total is not None and count <= total:
            observed = rate(count, total, columns.unit)
            is_held = columns is FALSE_PER_FACE and total > 0
            status = limit_status(observed, LIMIT).status if is_held else None
            yield RateAgain(columns, observed, status)


def _point(
    reported: ReportedDeployment,
    columns: RateColumns,
    observed: Rate | None,
    counts: Mapping[Count, int],
) -> Iterator[Flag]:
    stated = reported.shares.get(columns.point)
    if stated is None:
        return
    where = (columns.point, columns.count.value, columns.total.value)
    if stated.is_one_in_infinity:
        yield impossible(FlagCode.ONE_IN_INFINITY, _bound(stated, observed), *where)
    elif observed is not None and observed.total == 0:
        message = f"{stated.text} is stated for {columns.name}: not defined (0 of 0)"
        yield impossible(FlagCode.SHARE_OF_NOTHING, message, *where)
    elif observed is None or not stated.agrees(observed.value):
        yield _differing(stated, columns, observed, counts)


def _differing(
    stated: PrintedShare,
    columns: RateColumns,
    observed: Rate | None,
    counts: Mapping[Count, int],
) -> Flag:
    where = (columns.point, columns.count.value, columns.total.value)
    follows = f"; the counts give {observed.text()}" if observed else ""
    start = f"{stated.text} is stated for {columns.name}"
    if other := _meant(stated, columns, counts):
        message = f"{start}, but it is {other}{follows}"
        return impossible(FlagCode.OTHER_DENOMINATOR, message, *where)
    if observed is None:
        missing = [c.words for c in (columns.count, columns.total) if c not in counts]
        words = " and ".join(missing) or "counts that can be"
        message = f"{start} without {words}: nobody can check it"
        return unexplained(FlagCode.SHARE_WITHOUT_COUNTS, message, *where)
    if power := _power_of_ten(stated.value, observed.value):
        message = f"{start}: {power} what it should be{follows}"
        return impossible(FlagCode.OFF_BY_POWER_OF_TEN, message, *where)
    near = _near(stated, observed)
    hint = f"; {stated.text} would be {near}" if near else ""
    return impossible(FlagCode.SHARE_DIFFERS, f"{start}{follows}{hint}", *where)


def _meant(stated: PrintedShare, columns: RateColumns, counts: Mapping[Count, int]) -> str | None:
    """Return which other share of the row's counts a stated one is, or None."""
    pairs = [(columns.count, total) for total in _OTHER_TOTALS if total is not columns.total]
    pairs += [(count, columns.total) for count in _OTHER_COUNTS if count is not columns.count]
    for count, total in pairs:
        share = _share(counts.get(count), counts.get(total))
        if share and stated.agrees(share):
            return f"{count.words} ({counts[count]:,}) over {total.words} ({counts[total]:,})"
    alerts, n_true = counts.get(Count.ALERTS), counts.get(Count.TRUE_ALERTS)
    if columns.count is Count.FALSE_ALERTS and alerts and n_true is not None:
        for total in (Count.ALERTS, columns.total):
            share = _share(alerts - n_true, counts.get(total))
            if share and stated.agrees(share):
                n_other = f"{alerts - n_true:,}"
                return f"every alert not shown to be true ({n_other}) over {total.words}"
    return None


def _share(count: int | None, total: int | None) -> float | None:
    if count is None or not total or not 0 <= count <= total:
        return None
    return count / total


def _power_of_ten(stated: float, exact: float) -> str | None:
    if stated <= 0 or exact <= 0:
        return None
    logarithm = math.log10(stated / exact)
    power = round(logarithm)
    if power == 0 or abs(logarithm - power) > _POWER_WITHIN:
        return None
    return f"about {10 ** abs(power):,} times" if power > 0 else f"about 1/{10**-power:,} of"


def _near(stated: PrintedShare, observed: Rate) -> str | None:
    """Return the nearest small counts that a stated share would be right for, or None."""
    if observed.total > _FEW:
        return None
    for total in (observed.total, observed.total - 1, observed.total + 1):
        for count in (observed.count - 1, observed.count, observed.count + 1):
            share = _share(count, total)
            if share is not None and stated.agrees(share):
                return f"{count:,} of {total:,}"
    return None


def _bound(stated: PrintedShare, observed: Rate | None) -> str:
    start = f"{stated.text} is stated, but no count shows that something never happens"
    if observed is None or observed.total == 0:
        return start
    if observed.count:
        return f"{start}; the counts give {observed.text()}"
    most = zero_count_bound(observed.total)
    return (
        f"{start}; none of {observed.total:,} {observed.unit} shows at most "
        f"1 in {math.floor(1 / most):,} (95 %, one-sided)"
    )


def _ends(
    reported: ReportedDeployment, columns: RateColumns, observed: Rate | None
) -> Iterator[Flag]:
    low = reported.shares.get(columns.low) if columns.low else None
    high = reported.shares.get(columns.high) if columns.high else None
    point = reported.shares.get(columns.point)
    stated = [each for each in (low, point, high) if each]
    if any(one.low > other.high for one, other in itertools.pairwise(stated)):
        words = ", ".join(each.text for each in stated)
        message = f"interval and share of {columns.name} are out of order: {words}"
        yield impossible(FlagCode.INTERVAL_OUT_OF_ORDER, message, *columns.columns())
        return
    # Walks of one volunteer are alike: an interval by person is rightly wider than the exact one.
    if observed is None or observed.interval is None or columns.count is Count.RECOGNISED:
        return
    for end, column, exact in (
        (low, columns.low, observed.interval.low),
        (high, columns.high, observed.interval.high),
    ):
        if end is not None and column is not None and not end.agrees(exact):
            yield _other_end(end, column, exact, observed)


def _other_end(end: PrintedShare, column: str, exact: float, observed: Rate) -> Flag:
    follows = f"the exact 95 % interval of {observed.count:,} of {observed.total:,} ends at"
    known = dict(_known_ends(observed))
    for name, ends in known.items():
        if any(end.agrees(each) for each in ends):
            message = f"{end.text} is {name}; {follows} {_percent(exact)}"
            return unexplained(FlagCode.OTHER_INTERVAL, message, column)
    power = _power_of_ten(end.value, exact)
    hint = f": {power} what it should be" if power else ""
    code = FlagCode.OFF_BY_POWER_OF_TEN if power else FlagCode.INTERVAL_DIFFERS
    return impossible(code, f"{end.text} is stated{hint}; {follows} {_percent(exact)}", column)


def _known_ends(observed: Rate) -> Iterator[tuple[str, tuple[float, ...]]]:
    count, total = observed.count, observed.total
    wilson, one_sided = wilson_interval(count, total), exact_interval(count, total, level=0.9)
    yield "an end of Wilson's interval", (wilson.low, wilson.high)
    yield "a one-sided 95 % bound", (one_sided.low, one_sided.high)
    if count == 0:
        yield "the rule of three, 3 / n", (3 / total,)


def _status(reported: ReportedDeployment, again: RateAgain | None) -> Iterator[Flag]:
    stated = reported.texts.get(_STATUS_COLUMN)
    if stated is None:
        return
    where = (_STATUS_COLUMN, Count.FALSE_ALERTS.value, Count.FACES_SEEN.value)
    if stated.lower() not in {status.value for status in LimitStatus}:
        allowed = ", ".join(status.value for status in LimitStatus)
        message = f"a status is one of {allowed}"
        yield impossible(FlagCode.UNREADABLE, message, _STATUS_COLUMN)
    elif again is None or again.status is None:
        message = f"{stated!r} is stated without false alerts and faces seen to judge by"
        yield unexplained(FlagCode.SHARE_WITHOUT_COUNTS, message, *where)
    elif again.status.value != stated.lower():
        message = f"{stated!r} is stated, but {again.observed.text()} is {again.status.value!r}"
        yield impossible(FlagCode.STATUS_DIFFERS, message, *where)


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
