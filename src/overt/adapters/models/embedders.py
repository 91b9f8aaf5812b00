"""Turn aligned chips into unit vectors, a shot and its mirror image averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.models.session import ModelSession
from overt.core.template import unit_rows
from overt.errors import ManifestInvalidError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_BATCH = 32


class ChipEmbedder:
    """The ``Embedder`` port on any network that takes (n, side, side, 3) uint8 RGB chips."""

    def __init__(self, model: bytes, *, dimension: int, pack_digest: str, n_threads: int) -> None:
        """Load the network.

        Args:
            model: ONNX network from chips to descriptors.
            dimension: Length of a descriptor, as the manifest says.
            pack_digest: Digest of the pack, kept in every template.
            n_threads: Threads inside one run; 0 lets the run time choose.

        Raises:
            ModelRunError: The run time refuses the network.
        """
        self.session = ModelSession(model, n_threads=n_threads)
        self.dimension = dimension
        self.pack_digest = pack_digest

    def embed(self, chips_rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (n, d) float32 unit rows.

        Args:
            chips_rgb: (n, side, side, 3) uint8 chips; n may be 0.

        Raises:
            ModelRunError: The run time failed.
            ManifestInvalidError: The network's vectors have another length than
                the manifest says.
        """
        if not len(chips_rgb):
            return np.empty((0, self.dimension), np.float32)
        both = self.describe(np.concatenate([chips_rgb, chips_rgb[:, :, ::-1]]))
        count = len(chips_rgb)
        return unit_rows(both[:count] + both[count:])

    def describe(self, chips_rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the network's own (n, d) output, neither mirrored nor scaled.

        Args:
            chips_rgb: (n, side, side, 3) uint8 chips, n at least 1.

        Raises:
            ModelRunError: The run time failed.
            ManifestInvalidError: Vectors of another length than the manifest says.
        """
        starts = range(0, len(chips_rgb), MAX_BATCH)
        parts = [self.session.run(chips_rgb[s : s + MAX_BATCH])[0] for s in starts]
        rows = np.concatenate(parts)
        if rows.shape != (len(chips_rgb), self.dimension):
            msg = f"expected vectors of length {self.dimension}, found shape {rows.shape}"
            raise ManifestInvalidError(msg)
        return rows
