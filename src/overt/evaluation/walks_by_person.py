"""The true recognition rate of walks whose volunteers are told apart, and not named (R-44)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.by_subject import SubjectCounts, rate_by_subject
from overt.evaluation.recognition_figures import UNIT
from overt.evaluation.trial_numbers import generator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.evaluation.deployment_figures import WalksOfOne
    from overt.evaluation.rates import Rate
    from overt.evaluation.trial_numbers import Query


def rate_of_walks(walks: Sequence[WalksOfOne], query: Query, seed: int) -> Rate:
    """Return the true recognition rate with its interval by person.

    It is the interval that a trial report gives for the same query and seed.

    Args:
        walks: Of each volunteer who walked; may be empty.
        query: What the rate is of; the draws depend on it and the seed alone.
        seed: Of the draws.
    """
    recognised = np.array([one.recognised for one in walks], np.int64)
    passes = np.array([one.passes for one in walks], np.int64)
    return rate_by_subject(SubjectCounts(recognised, passes), UNIT, generator_of(query, seed))
