"""What a force has published of a deployment or a period, row by row, as far as it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.evaluation.printed_number import parse_count, parse_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from overt.evaluation.printed_number import PrintedShare


class Count(StrEnum):
    """A column of counts; the names are those of requirements.md, section 5."""

    WATCHLIST_SIZE = "watchlist_size"
    FACES_SEEN = "faces_seen"
    ALERTS = "alerts"
    TRUE_ALERTS = "true_alerts"
    FALSE_ALERTS = "false_alerts"
    UNRESOLVED = "unresolved"
    TRUE_CONFIRMED = "true_confirmed"
    TRUE_UNCONFIRMED = "true_unconfirmed"
    FALSE_CONFIRMED = "false_confirmed"
    FALSE_UNCONFIRMED = "false_unconfirmed"
    ENGAGED = "engaged"
    FALSE_ENGAGED = "false_engaged"
    ARRESTS = "arrests"
    OTHER_DISPOSALS = "other_disposals"
    NO_FURTHER_ACTION = "no_further_action"
    RECOGNITION_OPPORTUNITIES = "recognition_opportunities"
    RECOGNISED = "recognised"

    @property
    def words(self) -> str:
        """Return what is counted, as a reader says it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class RateColumns:
    """A rate that a record may state, and the columns that it may stand in.

    Attributes:
        name: As a reader says it.
        count: The numerator.
        total: The denominator.
        unit: What the denominator counts, plural.
        point: Column of the share.
        low: Column of the lower end of its 95 % interval, or None.
        high: Column of the upper end, or None.
    """

    name: str
    count: Count
    total: Count
    unit: str
    point: str
    low: str | None = None
    high: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the columns that there are."""
        return tuple(column for column in (self.point, self.low, self.high) if column)


FALSE_PER_FACE = RateColumns(
    "false alerts per face seen",
    Count.FALSE_ALERTS,
    Count.FACES_SEEN,
    "faces seen",
    "far_point",
    "far_low",
    "far_high",
)
FALSE_PER_ALERT = RateColumns(
    "false alerts per alert",
    Count.FALSE_ALERTS,
    Count.ALERTS,
    "alerts",
    "false_per_alert",
    "false_per_alert_low",
    "false_per_alert_high",
)
RATES = (
    FALSE_PER_FACE,
    FALSE_PER_ALERT,
    RateColumns(
        "engaged after a false alert",
        Count.FALSE_ENGAGED,
        Count.FALSE_ALERTS,
        "false alerts",
        "false_engaged_per_false_alert",
    ),
    RateColumns(
        "engagements per alert", Count.ENGAGED, Count.ALERTS, "alerts", "engaged_per_alert"
    ),
    RateColumns(
        "arrests per engagement",
        Count.ARRESTS,
        Count.ENGAGED,
        "engagements",
        "arrests_per_engagement",
    ),
    RateColumns(
        "arrests per face seen", Count.ARRESTS, Count.FACES_SEEN, "faces seen", "arrests_per_face"
    ),
    RateColumns(
        "true recognition rate",
        Count.RECOGNISED,
        Count.RECOGNITION_OPPORTUNITIES,
        "recognition opportunities",
        "trr_point",
        "trr_low",
        "trr_high",
    ),
)
SHARE_COLUMNS = tuple(column for rate in RATES for column in rate.columns())
TEXT_COLUMNS = (
    "key",
    "operation",
    "date",
    "day",
    "part_of",
    "status_at_1_in_1000",
    "arrest_reasons",
    "arrest_reasons_may_overlap",
)
COLUMNS = (*TEXT_COLUMNS, *(count.value for count in Count), *SHARE_COLUMNS)
_EMPTY = {"", "-", "–", "—"}  # noqa: RUF001  dashes that stand for nothing


@dataclass(frozen=True, slots=True)
class ReportedDeployment:
    """One row of a published record.

    Attributes:
        row: Its number as a spreadsheet shows it.
        texts: Its texts by column, blank ones left out.
        counts: What it counts; what it does not say is left out.
        shares: Its rates by column.
        reasons: Arrests by reason; empty where it says none.
        unreadable: Columns whose cell is neither empty nor what it should be.
    """

    row: int
    texts: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[Count, int] = field(default_factory=dict)
    shares: Mapping[str, PrintedShare] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what the row is called: its key, its operation or its number."""
        return self.texts.get("key") or self.texts.get("operation") or f"row {self.row}"

    def completed(self) -> dict[Count, int]:
        """Return the counts with those that follow from others; nothing stated is changed."""
        counts = dict(self.counts)
        for whole, parts in _SUMS:
            if whole not in counts and all(part in counts for part in parts):
                counts[whole] = sum(counts[part] for part in parts)
        # Whoever takes alerts for false that nobody checked publishes another rate.
        n_true, n_false = counts.get(Count.TRUE_ALERTS), counts.get(Count.FALSE_ALERTS)
        if Count.ALERTS not in counts and n_true is not None and n_false is not None:
            counts[Count.ALERTS] = n_true + n_false + counts.get(Count.UNRESOLVED, 0)
        return counts


_SUMS = (
    (Count.TRUE_ALERTS, (Count.TRUE_CONFIRMED, Count.TRUE_UNCONFIRMED)),
    (Count.FALSE_ALERTS, (Count.FALSE_CONFIRMED, Count.FALSE_UNCONFIRMED)),
)


def reported_deployment(row: int, cells: Mapping[str, str]) -> ReportedDeployment:
    """Return a row as values; what cannot be read is named, not guessed.

    Args:
        row: Its number as a spreadsheet shows it.
        cells: By column; any may be missing or empty.
    """
    found = {column: cell.strip() for column, cell in cells.items() if cell.strip() not in _EMPTY}
    counts = {c: parse_count(found[c.value]) for c in Count if c.value in found}
    shares = {name: parse_share(found[name]) for name in SHARE_COLUMNS if name in found}
    reasons = _reasons(found.get("arrest_reasons", ""))
    unreadable = [count.value for count, number in counts.items() if number is None]
    unreadable += [name for name, share in shares.items() if share is None]
    unreadable += ["arrest_reasons"] if reasons is None else []
    return ReportedDeployment(
        row,
        {name: found[name] for name in TEXT_COLUMNS if name in found},
        {count: number for count, number in counts.items() if number is not None},
        {name: share for name, share in shares.items() if share is not None},
        reasons or {},
        tuple(unreadable),
    )


def _reasons(text: str) -> dict[str, int] | None:
    """Return arrests by reason from ``court-wanted: 549; other: 85``; None where unreadable."""
    reasons: dict[str, int] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        name, _, number = part.rpartition(":")
        count = parse_count(number) if number.strip() else None
        if count is None or not name.strip() or name.strip() in reasons:
            return None
        reasons[name.strip()] = count
    return reasons
