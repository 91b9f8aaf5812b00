"""Templates: unit-length vectors that remember the model pack that made them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class TemplateRole(StrEnum):
    """What a template is for (NIST FRTE 1:N API)."""

    REFERENCE = "reference"
    PROBE = "probe"


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A face as a vector, comparable only with templates of the same pack.

    Attributes:
        vector: (d,) float32, unit length.
        role: Reference (of the watchlist) or probe (of a passer-by).
        pack_digest: Digest of the model pack that made it.
    """

    vector: NDArray[np.float32]
    role: TemplateRole
    pack_digest: str

    def erase(self) -> None:
        """Overwrite the vector with zeros, in place (R-30)."""
        self.vector.fill(0)


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows scaled to unit length, contiguous float32.

    Args:
        rows: (n, d) vectors; n may be 0. A row of zeros stays zero.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    safe = np.where(lengths > 0, lengths, 1)
    return np.ascontiguousarray(rows / safe, dtype=np.float32)
