"""Counts of a rehearsal: every numerator and denominator, before any rate."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from overt.evaluation.rates import (
    false_alerts_per_alert,
    false_alerts_per_face_seen,
    true_recognition_rate,
)

if TYPE_CHECKING:
    from overt.evaluation.rates import Rate


@dataclass(frozen=True, slots=True)
class RehearsalCounts:
    """What happened in a rehearsal whose truth is known.

    Counts of rehearsals are never added to those of deployments (R-22).

    Attributes:
        recognition_opportunities: Known passages of listed people through the
            zone, whether or not anything was seen.
        true_alerts: Alerts that named the right person; one opportunity may
            raise several.
        missed: Opportunities that raised no true alert.
        false_alerts: Alerts that named somebody else.
        faces_seen: Confirmed tracks through the zone.
    """

    recognition_opportunities: int
    true_alerts: int
    missed: int
    false_alerts: int
    faces_seen: int

    def __post_init__(self) -> None:
        """Refuse counts that contradict each other.

        Raises:
            ValueError: A count is negative, more opportunities were missed than
                there were, or fewer true alerts raised than opportunities recognised.
        """
        for name in (f.name for f in fields(self)):
            if getattr(self, name) < 0:
                msg = f"{name} must not be negative, found {getattr(self, name)}"
                raise ValueError(msg)
        if not 0 <= self.recognised <= self.true_alerts:
            msg = (
                f"{self.missed} of {self.recognition_opportunities} recognition opportunities "
                f"missed and {self.true_alerts} true alerts contradict each other"
            )
            raise ValueError(msg)

    @property
    def recognised(self) -> int:
        """Return the number of opportunities that raised at least one true alert."""
        return self.recognition_opportunities - self.missed

    def __add__(self, other: RehearsalCounts) -> RehearsalCounts:
        """Return the counts of both rehearsals together.

        Args:
            other: Counts of another rehearsal.
        """
        return RehearsalCounts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def true_recognition_rate(self) -> Rate:
        """Return the share of recognition opportunities that raised a correct alert."""
        return true_recognition_rate(
            recognised=self.recognised, recognition_opportunities=self.recognition_opportunities
        )

    def false_alerts_per_face_seen(self) -> Rate:
        """Return false alerts over faces seen.

        Raises:
            ValueError: There are more false alerts than faces seen.
        """
        return false_alerts_per_face_seen(
            false_alerts=self.false_alerts, faces_seen=self.faces_seen
        )

    def false_alerts_per_alert(self) -> Rate:
        """Return false alerts over all alerts."""
        return false_alerts_per_alert(false_alerts=self.false_alerts, true_alerts=self.true_alerts)
