"""Counts of a published record that contradict each other (requirements.md, sections 5 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.evaluation.rates import rate
from overt.evaluation.record_flags import FlagCode, impossible, unexplained
from overt.evaluation.reported_deployment import RATES, Count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.evaluation.record_flags import Flag
    from overt.evaluation.reported_deployment import ReportedDeployment

_OVERLAP_WORDS = {"yes", "true", "1", "y"}
# A part of something is never more than the whole.
_PARTS = tuple(
    dict.fromkeys(
        [
            (Count.ALERTS, Count.FACES_SEEN),
            (Count.TRUE_ALERTS, Count.ALERTS),
            (Count.UNRESOLVED, Count.ALERTS),
            (Count.TRUE_ALERTS, Count.FACES_SEEN),
            (Count.FALSE_ENGAGED, Count.ENGAGED),
            (Count.FALSE_ENGAGED, Count.FALSE_CONFIRMED),
            (Count.ARRESTS, Count.ALERTS),
            (Count.OTHER_DISPOSALS, Count.ENGAGED),
            (Count.NO_FURTHER_ACTION, Count.ENGAGED),
            (Count.TRUE_CONFIRMED, Count.TRUE_ALERTS),
            (Count.FALSE_CONFIRMED, Count.FALSE_ALERTS),
            *((rate.count, rate.total) for rate in RATES),
        ]
    )
)
# Several parts together are never more than the whole.
_TOGETHER = (
    ((Count.TRUE_ALERTS, Count.FALSE_ALERTS, Count.UNRESOLVED), Count.ALERTS),
    ((Count.ARRESTS, Count.OTHER_DISPOSALS, Count.NO_FURTHER_ACTION), Count.ENGAGED),
    ((Count.TRUE_CONFIRMED, Count.FALSE_CONFIRMED), Count.ENGAGED),
    ((Count.TRUE_CONFIRMED, Count.TRUE_UNCONFIRMED), Count.TRUE_ALERTS),
    ((Count.FALSE_CONFIRMED, Count.FALSE_UNCONFIRMED), Count.FALSE_ALERTS),
)
# These parts are all there is, once each of them is stated.
_WHOLE = {
    (Count.TRUE_ALERTS, Count.FALSE_ALERTS, Count.UNRESOLVED),
    (Count.TRUE_CONFIRMED, Count.TRUE_UNCONFIRMED),
    (Count.FALSE_CONFIRMED, Count.FALSE_UNCONFIRMED),
}


def count_flags(reported: ReportedDeployment) -> Iterator[Flag]:
    """Yield what the counts of a row say against each other.

    Args:
        reported: One row.
    """
    counts = reported.counts
    for part, whole in _PARTS:
        if part in counts and whole in counts and counts[part] > counts[whole]:
            message = f"{_stated(counts, part)}, but {_stated(counts, whole)}"
            yield impossible(FlagCode.PARTS_EXCEED_TOTAL, message, part.value, whole.value)
    for parts, whole in _TOGETHER:
        yield from _together(counts, parts, whole)
    yield from _unresolved(counts)
    yield from _engaged_after_true_alerts(counts)
    yield from _reasons(reported)


def _together(
    counts: Mapping[Count, int], parts: tuple[Count, ...], whole: Count
) -> Iterator[Flag]:
    stated = [part for part in parts if part in counts]
    if whole not in counts or len(stated) <= 1:
        return
    total = sum(counts[part] for part in stated)
    words = " and ".join(_stated(counts, part) for part in stated)
    message = f"{words} are {total:,} together, but {_stated(counts, whole)}"
    columns = (*(part.value for part in stated), whole.value)
    if total > counts[whole]:
        yield impossible(FlagCode.PARTS_EXCEED_TOTAL, message, *columns)
    elif total < counts[whole] and parts in _WHOLE and len(stated) == len(parts):
        yield impossible(FlagCode.PARTS_DO_NOT_ADD_UP, message, *columns)


def _unresolved(counts: Mapping[Count, int]) -> Iterator[Flag]:
    """Yield a flag for alerts that are neither true nor false and that nobody mentions."""
    stated = [counts.get(c) for c in (Count.ALERTS, Count.TRUE_ALERTS, Count.FALSE_ALERTS)]
    if Count.UNRESOLVED in counts or None in stated:
        return
    alerts, n_true, n_false = (n for n in stated if n is not None)
    if n_true + n_false >= alerts:
        return
    least, most = rate(n_false, alerts, "alerts"), rate(alerts - n_true, alerts, "alerts")
    message = (
        f"{alerts - n_true - n_false:,} of {alerts:,} alerts are neither true nor false; false "
        f"alerts per alert lie between {100 * least.value:.3g} % and {100 * most.value:.3g} %"
    )
    columns = (Count.ALERTS, Count.TRUE_ALERTS, Count.FALSE_ALERTS, Count.UNRESOLVED)
    yield unexplained(FlagCode.UNRESOLVED_NOT_STATED, message, *(c.value for c in columns))


def _engaged_after_true_alerts(counts: Mapping[Count, int]) -> Iterator[Flag]:
    """Yield a flag where more were engaged after alerts that were not false than there were."""
    columns = (Count.ENGAGED, Count.FALSE_ENGAGED, Count.ALERTS, Count.FALSE_ALERTS)
    if not all(column in counts for column in columns):
        return
    engaged, false_engaged, alerts, n_false = (counts[column] for column in columns)
    if engaged - false_engaged > alerts - n_false >= 0:
        message = (
            f"{engaged:,} engaged, {false_engaged:,} of them after a false alert, leaves "
            f"{engaged - false_engaged:,} for {alerts - n_false:,} alerts that were not false"
        )
        yield impossible(FlagCode.PARTS_EXCEED_TOTAL, message, *(c.value for c in columns))


def _reasons(reported: ReportedDeployment) -> Iterator[Flag]:
    """Yield a flag where arrests by reason are not the arrests (requirements.md, row 21)."""
    arrests, total = reported.counts.get(Count.ARRESTS), sum(reported.reasons.values())
    if arrests is None or not reported.reasons:
        return
    parts = " + ".join(f"{n:,}" for n in reported.reasons.values())
    columns = ("arrest_reasons", Count.ARRESTS.value)
    may_overlap = reported.texts.get("arrest_reasons_may_overlap", "").lower() in _OVERLAP_WORDS
    if total > arrests and not may_overlap:
        message = (
            f"reason totals exceed arrests: {parts} = {total:,} reasons for {arrests:,} arrests; "
            "either one arrest may have several reasons, and the record must say so, or a number "
            "is wrong"
        )
        yield unexplained(FlagCode.REASONS_EXCEED_ARRESTS, message, *columns)
    if total < arrests:
        message = f"{parts} = {total:,} reasons for {arrests:,} arrests: some have no reason"
        yield unexplained(FlagCode.REASONS_BELOW_ARRESTS, message, *columns)


def _stated(counts: Mapping[Count, int], count: Count) -> str:
    return f"{count.words} {counts[count]:,}"
