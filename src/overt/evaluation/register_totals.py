"""The figures of a trial's deployments together, as the public register shows them (R-66)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.evaluation.rates import Rate, rate
from overt.evaluation.trial_numbers import Query, rate_text
from overt.evaluation.walks_by_person import rate_of_walks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.core.register import EntryFigures
    from overt.evaluation.deployment_figures import WalksOfOne


@dataclass(frozen=True, slots=True)
class TrialTotals:
    """Sums over those deployments of a trial that have figures.

    Attributes:
        n_deployments: How many they are.
        figures: Their sums.
        per_face_seen: False alerts per face seen, in words.
        per_alert: False alerts per alert, in words.
        recognised: True recognition rate in words; None where no volunteer walked.
    """

    n_deployments: int
    figures: EntryFigures
    per_face_seen: str
    per_alert: str
    recognised: str | None


def trial_totals(
    n_deployments: int, figures: EntryFigures, walks: Sequence[WalksOfOne], seed: int
) -> TrialTotals:
    """Return the sums with their rates, which are those of a report of the same deployments.

    Args:
        n_deployments: How many have figures.
        figures: Their sums.
        walks: Of each volunteer of each deployment; may be empty.
        seed: Of the trial's plan.
    """
    n_false = figures.false_alerts
    recognised = rate_of_walks(walks, Query("true_recognition_rate", "all"), seed)
    return TrialTotals(
        n_deployments,
        figures,
        per_face_seen=_text(n_false, figures.faces_seen, "faces seen"),
        per_alert=_text(n_false, figures.alerts, "alerts"),
        recognised=rate_text(recognised) if walks else None,
    )


def _text(count: int, total: int, unit: str) -> str:
    if count > total:  # one track may raise two alerts: a share above one is none
        return Rate(count, total, unit, interval=None).text()
    return rate(count, total, unit).text()
