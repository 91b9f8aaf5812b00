"""Counters of a run: all that may be kept of faces without an alert (R-31)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.core.matching import SearchResult


@dataclass(slots=True)
class RecognitionCounts:
    """Numbers without a person behind them.

    Attributes:
        analysed: Frames that went through detection.
        faces_seen: Confirmed tracks through the zone.
        searches: Probes searched.
        rejected: Faces that the quality gate refused, by reason.
        score_histogram: Searches by best score, in hundredths rounded down.
    """

    analysed: int = 0
    faces_seen: int = 0
    searches: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    score_histogram: Counter[int] = field(default_factory=Counter)

    def __add__(self, other: RecognitionCounts) -> RecognitionCounts:
        """Return the sum, count by count.

        Args:
            other: What to add.
        """
        return RecognitionCounts(
            self.analysed + other.analysed,
            self.faces_seen + other.faces_seen,
            self.searches + other.searches,
            self.rejected + other.rejected,
            self.score_histogram + other.score_histogram,
        )

    def count_search(self, result: SearchResult) -> None:
        """Count one search, and its best score's bin; an empty gallery has none.

        Args:
            result: What the search gave.
        """
        self.searches += 1
        if result.best_score is not None:
            self.score_histogram[floor(round(result.best_score * 100, 6))] += 1
