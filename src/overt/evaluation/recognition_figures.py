"""The true recognition rate of passes whose truth is known, and where the misses came from (R-44).

A pass is one recognition opportunity, whether or not anything was seen of it. Why one was missed
needs more than passes and alerts: a face that raises no alert leaves no row about a person, by
design. Where a pass was watched on purpose (a volunteer alone in the zone, a rehearsal with known
passages), its result says whether a track was confirmed, whether the quality gate let any of its
faces by, and whether it was compared; elsewhere the cause is not recorded and stays so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from overt.core.watchlist import ListKind
from overt.evaluation.by_subject import counts_by_subject, rate_by_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from overt.core.adjudication import AlertRecord
    from overt.core.blue_list import BluePass, Volunteer
    from overt.evaluation.rates import Rate

UNIT = "recognition opportunities"
_FACTORS = "factors:"


class PassResult(StrEnum):
    """What came of a pass."""

    RECOGNISED = "recognised"
    NOT_CAPTURED = "not_captured"  # no track was confirmed in the zone
    REJECTED = "rejected"  # no face of the track passed the quality gate
    COMPARED = "compared"  # searched, and no correct alert raised
    NOT_RECORDED = "not_recorded"  # missed, and nobody knows why


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One pass of a volunteer.

    Attributes:
        subject_id: Who passed; never a name.
        camera_id: Past which camera.
        started_at: Aware UTC.
        result: What came of it.
        factors: What might have mattered, as crowd, glasses or head turned (R-46).
    """

    subject_id: str
    camera_id: str
    started_at: datetime
    result: PassResult
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """Passes that have something in common.

    Attributes:
        name: What: a camera, an hour of the day, a factor.
        n_people: Volunteers who passed.
        recognised: True recognition rate, by person.
        misses: Missed passes by cause; only those that occur.
    """

    name: str
    n_people: int
    recognised: Rate
    misses: Mapping[PassResult, int]


@dataclass(frozen=True, slots=True)
class RecognitionFigures:
    """Everything that passes show.

    Attributes:
        overall: All passes.
        design_effect: By how much passes of one person are alike; None where it cannot be known.
        causes: Each cause of a miss as a share of all passes, by person.
        by_camera: By camera.
        by_hour: By hour of the day, local time.
        by_factor: With each factor, and without it.
    """

    overall: RecognitionRow
    design_effect: float | None
    causes: Mapping[PassResult, Rate]
    by_camera: tuple[RecognitionRow, ...]
    by_hour: tuple[RecognitionRow, ...]
    by_factor: tuple[RecognitionRow, ...]


def recognition_figures(
    opportunities: Sequence[Opportunity], time_zone: ZoneInfo, generator: np.random.Generator
) -> RecognitionFigures:
    """Return the true recognition rate of passes and where their misses came from.

    Args:
        opportunities: Passes that were walked to their end; may be empty.
        time_zone: For hours of the day.
        generator: Draws the resamples of intervals by person.
    """
    ids = [each.subject_id for each in opportunities]

    def share(result: PassResult) -> Rate:
        events = np.array([each.result is result for each in opportunities], bool)
        return rate_by_subject(counts_by_subject(ids, events), UNIT, generator)

    def rows(key: Callable[[Opportunity], str]) -> tuple[RecognitionRow, ...]:
        groups: dict[str, list[Opportunity]] = {}
        for each in opportunities:
            groups.setdefault(key(each), []).append(each)
        return tuple(_row(name, groups[name], generator) for name in sorted(groups))

    recognised = np.array([each.result is PassResult.RECOGNISED for each in opportunities], bool)
    missed = [result for result in PassResult if result is not PassResult.RECOGNISED]
    return RecognitionFigures(
        overall=_row("all", opportunities, generator),
        design_effect=counts_by_subject(ids, recognised).design_effect(),
        causes={result: share(result) for result in missed},
        by_camera=rows(lambda each: each.camera_id),
        by_hour=rows(lambda each: f"{each.started_at.astimezone(time_zone):%H}:00"),
        by_factor=_by_factor(opportunities, generator),
    )


def opportunities_of(
    passes: Iterable[BluePass], volunteers: Iterable[Volunteer], alerts: Iterable[AlertRecord]
) -> tuple[Opportunity, ...]:
    """Return logged passes as opportunities; why one was missed is not recorded.

    Factors are read from the notes of a pass where these begin with ``factors:``, separated by
    commas, up to a semicolon.

    Args:
        passes: Of one deployment; open ones do not count.
        volunteers: Of the same deployment.
        alerts: Of the same deployment; only blue ones are looked at (R-22).
    """
    entry_ids = {volunteer.volunteer_id: volunteer.entry_id for volunteer in volunteers}
    blue = [alert for alert in alerts if alert.list_kind is ListKind.BLUE]
    return tuple(
        Opportunity(
            each.volunteer_id,
            each.camera_id,
            each.started_at,
            PassResult.RECOGNISED
            if any(
                each.covers(alert) and alert.entry_id == entry_ids[each.volunteer_id]
                for alert in blue
            )
            else PassResult.NOT_RECORDED,
            factors_of(each.notes),
        )
        for each in passes
        if each.stopped_at is not None
    )


def factors_of(notes: str) -> tuple[str, ...]:
    """Return the factors that notes name, in order and once each; none where they name none.

    Args:
        notes: Of a pass, such as ``factors: crowd, glasses; walked fast``.
    """
    start, _, rest = notes.strip().partition(":")
    if f"{start.strip().lower()}:" != _FACTORS:
        return ()
    named = (part.strip().lower() for part in rest.partition(";")[0].split(","))
    return tuple(dict.fromkeys(filter(None, named)))


def _by_factor(
    opportunities: Sequence[Opportunity], generator: np.random.Generator
) -> tuple[RecognitionRow, ...]:
    found = []
    for factor in sorted({factor for each in opportunities for factor in each.factors}):
        for name, is_with in ((f"with {factor}", True), (f"without {factor}", False)):
            chosen = [each for each in opportunities if (factor in each.factors) is is_with]
            found.append(_row(name, chosen, generator))
    return tuple(found)


def _row(
    name: str, opportunities: Sequence[Opportunity], generator: np.random.Generator
) -> RecognitionRow:
    ids = [each.subject_id for each in opportunities]
    results = Counter(each.result for each in opportunities)
    recognised = np.array([each.result is PassResult.RECOGNISED for each in opportunities], bool)
    return RecognitionRow(
        name=name,
        n_people=len(set(ids)),
        recognised=rate_by_subject(counts_by_subject(ids, recognised), UNIT, generator),
        misses={
            result: results[result]
            for result in PassResult
            if results[result] and result is not PassResult.RECOGNISED
        },
    )
