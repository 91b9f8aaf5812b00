"""The false alert rate while a deployment is live, held against its limit (R-42, R-43)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.evaluation.rates import false_alerts_per_face_seen, limit_status

if TYPE_CHECKING:
    from overt.core.outcome import AlertCounts
    from overt.evaluation.rates import LimitFinding, Rate


@dataclass(frozen=True, slots=True)
class RunningFalseAlerts:
    """False alerts so far; volunteers' alerts are never among them (R-22).

    Attributes:
        n_false: Operational alerts that turned out false, confirmed or not.
        n_unresolved: Operational alerts that nobody has decided, or could.
        faces_seen: Confirmed tracks through the zones so far.
    """

    n_false: int
    n_unresolved: int
    faces_seen: int

    def rate(self) -> Rate | None:
        """Return false alerts over faces seen; None before more faces than alerts are counted.

        Alerts are stored at once and faces minute by minute.
        """
        return self._rate(self.n_false)

    def worst_rate(self) -> Rate | None:
        """Return the same with every unresolved alert taken for false."""
        return self._rate(self.n_false + self.n_unresolved)

    def finding(self, limit: float) -> LimitFinding | None:
        """Return how the rate stands to the limit, or None where there is no rate yet.

        Args:
            limit: Largest share allowed, inclusive.
        """
        rate = self.rate()
        return None if rate is None else limit_status(rate, limit)

    def asks_for_review(self, limit: float) -> bool:
        """Return whether command is asked to review: the share itself exceeds the limit.

        Args:
            limit: Largest share allowed, inclusive.
        """
        finding = self.finding(limit)
        return finding is not None and finding.is_point_above_limit

    def _rate(self, false_alerts: int) -> Rate | None:
        if self.faces_seen == 0 or self.n_false + self.n_unresolved > self.faces_seen:
            return None
        return false_alerts_per_face_seen(false_alerts=false_alerts, faces_seen=self.faces_seen)


def running_false_alerts(counts: AlertCounts, faces_seen: int) -> RunningFalseAlerts:
    """Return the running figures of a live deployment.

    Args:
        counts: Of its operational alerts.
        faces_seen: Confirmed tracks through the zones so far.
    """
    return RunningFalseAlerts(counts.n_false, counts.unresolved, faces_seen)
