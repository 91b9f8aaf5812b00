"""The numbers of a trial report: what each is, how it is printed, and the query that gives it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import EvaluationDataInvalidError
from overt.evaluation.by_subject import counts_by_subject, rate_by_subject
from overt.evaluation.rates import Rate, rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.core.canonical_json import JsonValue

_QUERY = re.compile(r"([a-z_]+)\(([^(),]+)(?:, (.+))?\)", re.DOTALL)
_SEED_BYTES = 16
_DECIMALS = 9

PROBABILITY = "probability"
"""Unit of a p-value."""


@dataclass(frozen=True, slots=True)
class Query:
    """What gives a number: which figure, of what.

    Attributes:
        name: Of the figure, from the closed table of queries.
        scope: ``all``, or the identifier of a deployment.
        argument: Which part of it, such as a camera; None for all of it.
    """

    name: str
    scope: str
    argument: str | None = None

    def text(self) -> str:
        """Return the query as a report writes it: ``name(scope, argument)``."""
        rest = "" if self.argument is None else f", {self.argument}"
        return f"{self.name}({self.scope}{rest})"

    def number_id(self) -> str:
        """Return the identifier of its number in a report."""
        rest = "" if self.argument is None else f".{self.argument}"
        return f"{self.name}.{self.scope}{rest}"


def parse_query(written: str) -> Query:
    """Return the query that a report writes so.

    Args:
        written: Such as ``alerts(all)``.

    Raises:
        EvaluationDataInvalidError: It is none.
    """
    found = _QUERY.fullmatch(written)
    if found is None:
        msg = f"expected a query such as alerts(all), found {written!r}"
        raise EvaluationDataInvalidError(msg)
    return Query(found[1], found[2], found[3])


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is no share.

    Attributes:
        value: A count, or a time; None where there is none.
        unit: What it counts, plural, or in what it is measured.
        digits: How many decimals are printed; 0 for a count.
        of: Where there is none: what there were too few of.
    """

    value: float | None
    unit: str
    digits: int = 0
    of: str = "0 of 0"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of things that do not hang together.

    Attributes:
        count: Events.
        total: Things counted.
        unit: What the total counts, plural.
    """

    count: int
    total: int
    unit: str


@dataclass(frozen=True, slots=True)
class SharePerPerson:
    """A share of things of which one person gave several.

    Attributes:
        subject_ids: Whose each was.
        events: Whether each was an event.
        unit: What was counted, plural.
    """

    subject_ids: Sequence[str]
    events: Sequence[bool]
    unit: str


Measure = Amount | Share | SharePerPerson
Entry = dict[str, "JsonValue"]


def measured_rate(measure: Share | SharePerPerson, query: Query, seed: int) -> Rate:
    """Return the rate with its interval; the draws depend on the seed and the query alone.

    Args:
        measure: What was counted.
        query: What gives the number.
        seed: Of the trial's plan.
    """
    if isinstance(measure, SharePerPerson):
        counts = counts_by_subject(measure.subject_ids, np.array(measure.events, bool))
        return rate_by_subject(counts, measure.unit, generator_of(query, seed))
    if measure.count > measure.total:  # nobody walks past twice as one track
        return Rate(measure.count, measure.total, measure.unit, interval=None)
    return rate(measure.count, measure.total, measure.unit)


def generator_of(query: Query, seed: int) -> np.random.Generator:
    """Return the generator of a query: the same whatever else is worked out, in any order.

    Args:
        query: What gives the number.
        seed: Of the trial's plan.
    """
    digest = hashlib.sha256(query.text().encode()).digest()[:_SEED_BYTES]
    return np.random.Generator(np.random.PCG64([seed, int.from_bytes(digest)]))


def number_entry(query: Query, measure: Measure, seed: int) -> Entry:
    """Return a number as a report keeps it.

    Args:
        query: What gives it.
        measure: What was counted.
        seed: Of the trial's plan.
    """
    if isinstance(measure, Amount):
        entry: Entry = {"text": _amount_text(measure), "value": _kept(measure.value)}
        return {**entry, "unit": measure.unit, "query": query.text()}
    found = measured_rate(measure, query, seed)
    interval = found.interval
    return {
        "text": rate_text(found),
        "count": found.count,
        "total": found.total,
        "unit": found.unit,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "level": interval.level if interval else None,
        "query": query.text(),
    }


def rate_text(found: Rate) -> str:
    """Return a rate as a report prints it: counts first, and why it has no interval.

    Args:
        found: Any rate.
    """
    if found.interval is None and found.total >= max(found.count, 1):
        stated = f"{found.count:,} of {found.total:,} {found.unit}"
        return f"{stated} (no interval: all are of one person)"
    return found.text()


def _kept(value: float | None) -> float | None:
    """Return a value without what only the order of additions decides."""
    return round(value, _DECIMALS) if isinstance(value, float) else value


def _amount_text(measure: Amount) -> str:
    if measure.value is None:
        return f"not defined ({measure.of})"
    smallest = 10.0**-measure.digits
    if 0 < measure.value < smallest / 2 and measure.unit == PROBABILITY:
        return f"under {smallest:.{measure.digits}f}"
    return f"{measure.value:,.{measure.digits}f}"


@dataclass(slots=True)
class NumberBook:
    """The numbers of a report as they are put in, each once.

    Attributes:
        seed: Of the trial's plan.
        entries: By identifier.
    """

    seed: int
    entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, query: Query, measure: Measure) -> str:
        """Return the identifier of a number, which is in the book from now on.

        Args:
            query: What gives it.
            measure: What was counted.
        """
        name = query.number_id()
        if name not in self.entries:
            self.entries[name] = number_entry(query, measure, self.seed)
        return name
