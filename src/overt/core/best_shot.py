"""Best shots: which faces of a track are embedded, and the one probe made of them.

While a track has fewer than ``min_shots`` shots, any face that passed the quality
gate becomes one, ``min_gap_s`` apart. After that a face must beat the *best* shot
so far by ``improve_by``. To beat the worst would be too easy: people mostly walk
towards the camera, so nearly every face beats the first, and ``max_shots`` would
be spent within a second, at the far end. Beating the best spreads them over the
whole approach, and a track whose quality stays level costs ``min_shots`` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.core.operating_point import ShotLimits


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One embedded face of a track, in memory only.

    Attributes:
        picture_rgb: (h, w, 3) uint8 picture of the face, writeable: what an operator
            would see.
        vector: (d,) float32 unit length, writeable. Not copied, so that erasing
            the shot erases the embedder's own output.
        quality: Quality of the face in [0, 1].
        elapsed_s: Media time of its frame, in seconds.
    """

    picture_rgb: NDArray[np.uint8]
    vector: NDArray[np.float32]
    quality: float
    elapsed_s: float


class BestShots:
    """The shots of one track; at most ``max_shots`` of one person."""

    def __init__(self, limits: ShotLimits) -> None:
        """Start with no shots.

        Args:
            limits: Limits of the operating point.
        """
        self._limits = limits
        self._shots: list[Shot] = []
        self._n_made = 0

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the shots held, first taken first; none after ``erase``."""
        return tuple(self._shots)

    @property
    def n_made(self) -> int:
        """Return how many shots the track has cost since it began or started afresh."""
        return self._n_made

    @property
    def is_ready(self) -> bool:
        """Return whether enough shots are held for a search."""
        return len(self._shots) >= self._limits.min_shots

    def may_want(self, elapsed_s: float) -> bool:
        """Return whether a face of this moment is worth assessing at all.

        Args:
            elapsed_s: Media time of its frame, in seconds.
        """
        if self._n_made >= self._limits.max_shots:
            return False
        return not self._shots or elapsed_s - self._shots[-1].elapsed_s >= self._limits.min_gap_s

    def wants(self, quality: float, elapsed_s: float) -> bool:
        """Return whether a face that passed the gate should be embedded.

        Args:
            quality: Quality of the face in [0, 1].
            elapsed_s: Media time of its frame, in seconds.
        """
        if not self.may_want(elapsed_s):
            return False
        return not self.is_ready or quality >= self._best_quality() + self._limits.improve_by

    def add(self, shot: Shot) -> None:
        """Keep a shot that was wanted.

        Args:
            shot: The shot; this object erases it later.
        """
        self._shots.append(shot)
        self._n_made += 1

    def disagrees(self, vector: NDArray[np.float32], *, least: float) -> bool:
        """Return whether a new shot is too unlike the shots held to be of the same person.

        A track can go over from one person to another where they cross; their
        shots must not be fused.

        Args:
            vector: (d,) float32 unit length.
            least: Smallest score against the shots held, fused, inclusive.
        """
        return bool(self._shots) and float(self.fused() @ vector) < least

    def start_afresh(self) -> int:
        """Erase the shots held, as the track shows somebody else now, with a new budget.

        Returns:
            How many templates were erased, for the ledger (R-31).
        """
        self._n_made = 0
        return self.erase()

    def fused(self) -> NDArray[np.float32]:
        """Return the (d,) unit vector of all shots held, of which there is at least one."""
        vectors = np.stack([shot.vector for shot in self._shots])
        probe = fuse(vectors, np.array([shot.quality for shot in self._shots]))
        vectors.fill(0)
        return probe

    def best(self) -> Shot:
        """Return the shot of highest quality, the first of equals; there is at least one."""
        return max(self._shots, key=lambda shot: shot.quality)

    def erase(self) -> int:
        """Overwrite every picture and vector with zeros, in place, and let go of them (R-30).

        Returns:
            How many templates were erased, for the ledger (R-31).
        """
        for shot in self._shots:
            shot.picture_rgb.fill(0)
            shot.vector.fill(0)
        n_erased = len(self._shots)
        self._shots.clear()
        return n_erased

    def _best_quality(self) -> float:
        return self.best().quality


def fuse(vectors: NDArray[np.float32], qualities: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the quality-weighted mean of unit vectors, brought back to unit length.

    Args:
        vectors: (k, d) float32 unit rows of one face; k is at least 1.
        qualities: (k,) weights, 0 or more. All zero counts as all equal.

    Returns:
        (d,) float32 of unit length. Vectors that cancel out, which those of one
        face never do, give zeros: they match nothing.
    """
    weights = np.asarray(qualities, np.float64)
    if not weights.any():
        weights = np.ones_like(weights)
    mean = weights @ vectors
    mean /= np.linalg.norm(mean) or 1.0
    unit = mean.astype(np.float32)
    mean.fill(0)
    return unit
