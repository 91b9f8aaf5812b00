"""What the audit log has told of a deployment's limit on false alerts: its status, an advice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.evaluation.rates import LimitFinding, LimitStatus
from overt.evaluation.sequential import FalseAlertWatch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from overt.core.audit import AuditEvent

IS_ADVISED = "is_suspend_advised"
"""Field of the event: whether it was advised to suspend by then."""

EVIDENCE = "highest_log_evidence"
"""Field of the event: the highest logarithm of the evidence at any look."""


@dataclass(frozen=True, slots=True)
class SuspendAdvice:
    """The advice to suspend, as it was first given; it stands for the rest of the deployment.

    Attributes:
        advised_at: When, aware UTC.
        n_false: False alerts by then.
        faces_seen: Faces by then.
    """

    advised_at: datetime
    n_false: int
    faces_seen: int

    def text(self) -> str:
        """Return what was found when it was given."""
        return f"{self.n_false:,} false alerts in {self.faces_seen:,} faces"


@dataclass(frozen=True, slots=True)
class LimitTold:
    """Where the log stands.

    Attributes:
        finding: Status told last; None before the first.
        highest: Highest logarithm of the evidence that was told.
        advice: The advice to suspend, or None where none was given.
    """

    finding: LimitFinding | None = None
    highest: float = 0.0
    advice: SuspendAdvice | None = None

    def watch(self, limit: float) -> FalseAlertWatch:
        """Return the watch that goes on from what was told: a restart forgets no evidence.

        Args:
            limit: Largest share allowed, in (0, 1).
        """
        return FalseAlertWatch(limit, highest=self.highest)


def limit_told(events: Iterable[AuditEvent], before: LimitTold | None = None) -> LimitTold:
    """Return where the log stands after some events of one deployment.

    Args:
        events: Oldest first; those of other kinds are passed over.
        before: Where it stood before them; None at its start.
    """
    told = before or LimitTold()
    for event in events:
        if event.kind == EventKind.LIMIT_STATUS_CHANGED:
            told = _after(told, event)
    return told


def _after(told: LimitTold, event: AuditEvent) -> LimitTold:
    details = event.details
    status = LimitStatus(str(details["status"]))
    advice = told.advice
    if advice is None and details.get(IS_ADVISED) is True:
        advice = SuspendAdvice(
            event.occurred_at, _count(details["n_false"]), _count(details["faces_seen"])
        )
    return LimitTold(
        LimitFinding(status, details.get("is_point_above_limit") is True),
        max(told.highest, _evidence(details.get(EVIDENCE))),
        advice,
    )


def _count(found: object) -> int:
    return found if isinstance(found, int) else 0


def _evidence(found: object) -> float:
    """Return the evidence of an event; none where an earlier release wrote it."""
    is_number = isinstance(found, int | float) and math.isfinite(found)
    return float(found) if is_number else 0.0  # type: ignore[arg-type] # looked at above
