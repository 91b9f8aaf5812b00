"""Watching false alerts while a deployment is live: a test that may be looked at at any time.

An interval holds its level for one look at the end. Whoever looks after every face, and stops
when it lies above the limit, stops far too often without cause. Here evidence is gathered so
that it exceeds 20 in at most 5 % of deployments that keep the limit, however often and whenever
anybody looks (Ville's inequality for a mixture of likelihood ratios; Ramdas et al. 2023).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

from overt.evaluation.intervals import LEVEL

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MULTIPLES = (1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)
"""Rates, as multiples of the limit, for which evidence is gathered; each weighs the same."""


@dataclass(frozen=True, slots=True)
class FalseAlertWatch:
    """Evidence so far that the limit of false alerts per face is being broken.

    The counts of a look must belong together: the false alerts among the faces counted. Alerts
    that nobody has decided are not among them.

    Attributes:
        limit: Largest share allowed, in (0, 1).
        level: One minus the share of deployments that keep the limit and are advised all the
            same, at most; in (0, 1).
        faces_seen: At the last look.
        n_false: At the last look.
        highest: Highest logarithm of the evidence at any look.
    """

    limit: float
    level: float = LEVEL
    faces_seen: int = 0
    n_false: int = 0
    highest: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a limit or a level that cannot be one.

        Raises:
            ValueError: It does not lie between 0 and 1.
        """
        if not 0 < self.limit < 1 or not 0 < self.level < 1:
            msg = f"limit and level lie between 0 and 1, found {self.limit} and {self.level}"
            raise ValueError(msg)

    def after(self, n_false: int, faces_seen: int) -> FalseAlertWatch:
        """Return the watch after another look.

        Args:
            n_false: False alerts so far.
            faces_seen: Faces so far, never fewer than before nor than the false alerts.

        Raises:
            ValueError: Faces were lost, or there are more false alerts than faces.
        """
        if faces_seen < self.faces_seen or not 0 <= n_false <= faces_seen:
            msg = (
                f"expected 0 <= false alerts <= faces, and at least {self.faces_seen} faces; "
                f"found {n_false} of {faces_seen}"
            )
            raise ValueError(msg)
        now = float(log_evidence(n_false, faces_seen, self.limit))
        return replace(self, faces_seen=faces_seen, n_false=n_false, highest=max(self.highest, now))

    @property
    def is_suspend_advised(self) -> bool:
        """Return whether it is advised to suspend: once it was, it is."""
        return self.highest >= -math.log1p(-self.level)

    @property
    def p_value(self) -> float:
        """Return how often a deployment that keeps the limit gives as much evidence, at most."""
        return math.exp(-max(self.highest, 0.0))

    def text(self) -> str:
        """Return the state in words, with its counts."""
        counts = f"{self.n_false:,} false alerts in {self.faces_seen:,} faces"
        if self.is_suspend_advised:
            return (
                f"suspend advised: {counts}; so much evidence against {100 * self.limit:g} % comes "
                f"up in at most {100 * self.p_value:.2g} % of deployments that keep it"
            )
        return f"no advice: {counts}"


def log_evidence(n_false: ArrayLike, faces_seen: ArrayLike, limit: float) -> NDArray[np.float64]:
    """Return the logarithm of the evidence against a limit; 0 before anything was seen.

    It is the mean, over rates above the limit, of how much more likely the counts are at that
    rate than at the limit.

    Args:
        n_false: (...) false alerts.
        faces_seen: (...) faces, at least as many.
        limit: Largest share allowed, in (0, 1).
    """
    false, faces = np.asarray(n_false, np.float64), np.asarray(faces_seen, np.float64)
    rates = limit * np.array(MULTIPLES)
    rates = rates[rates < 1]
    if not len(rates):  # a limit above 80 %
        rates = np.array([(1 + limit) / 2])
    up, down = np.log(rates / limit), np.log1p(-rates) - math.log1p(-limit)
    ratios = false[..., None] * up + (faces - false)[..., None] * down
    found: NDArray[np.float64] = logsumexp(ratios, axis=-1) - math.log(len(rates))
    return found
