"""A published record, checked: every rate worked out again, and what cannot be right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.evaluation.record_counts import count_flags
from overt.evaluation.record_dates import date_flags
from overt.evaluation.record_flags import FlagCode, impossible, unexplained
from overt.evaluation.record_shares import rates_again, share_flags
from overt.evaluation.reported_deployment import Count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from overt.evaluation.record_flags import Flag
    from overt.evaluation.record_shares import RateAgain
    from overt.evaluation.reported_deployment import ReportedDeployment

_NOT_ADDED = {Count.WATCHLIST_SIZE}  # one person may be on many lists


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row with what was found.

    Attributes:
        reported: As published.
        rates: Every rate that its counts allow.
        flags: What cannot be right, or is not explained; empty if nothing was found.
    """

    reported: ReportedDeployment
    rates: tuple[RateAgain, ...]
    flags: tuple[Flag, ...]


def check_record(rows: Sequence[ReportedDeployment]) -> tuple[CheckedRow, ...]:
    """Return every row with its rates worked out again and its flags.

    Args:
        rows: As published, in order; may be empty.
    """
    keys = Counter(row.texts["key"] for row in rows if "key" in row.texts)
    parts: dict[str, list[ReportedDeployment]] = {}
    for row in rows:
        if "part_of" in row.texts:
            parts.setdefault(row.texts["part_of"], []).append(row)
    return tuple(
        CheckedRow(row, rates_again(row), (*_row_flags(row), *_flags_among(row, keys, parts)))
        for row in rows
    )


def _row_flags(row: ReportedDeployment) -> Iterator[Flag]:
    for column in row.unreadable:
        message = f"{column} is neither empty nor what it should be"
        yield impossible(FlagCode.UNREADABLE, message, column)
    yield from date_flags(row)
    yield from count_flags(row)
    yield from share_flags(row)


def _flags_among(
    row: ReportedDeployment,
    keys: Mapping[str, int],
    parts: Mapping[str, Sequence[ReportedDeployment]],
) -> Iterator[Flag]:
    key, whole = row.texts.get("key"), row.texts.get("part_of")
    if key and keys[key] > 1:
        message = f"the key {key!r} stands in {keys[key]} rows"
        yield impossible(FlagCode.KEY_TWICE, message, "key")
    if whole and whole not in keys:
        message = f"no row has the key {whole!r}"
        yield impossible(FlagCode.TOTAL_UNKNOWN, message, "part_of")
    if key:
        yield from _parts(row, parts.get(key, ()))


def _parts(row: ReportedDeployment, parts: Sequence[ReportedDeployment]) -> Iterator[Flag]:
    """Yield what rows that are parts of this one say against its totals (R-66)."""
    for count, total in row.counts.items():
        stated = [part.counts[count] for part in parts if count in part.counts]
        if count in _NOT_ADDED or not stated:
            continue
        words = f"{len(stated)} rows are part of it: {' + '.join(f'{n:,}' for n in stated)}"
        message = f"{words} = {sum(stated):,} {count.words}, but {total:,} are stated"
        if sum(stated) > total:
            yield impossible(FlagCode.PARTS_EXCEED_TOTAL, message, count.value)
        elif sum(stated) < total and len(stated) == len(parts):
            yield unexplained(FlagCode.PARTS_DO_NOT_ADD_UP, message, count.value)
