"""A photograph offered for the watchlist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """One picture of one entry.

    Attributes:
        entry_id: Which entry of the watchlist it is offered for.
        name: File name, for messages.
        pixels_rgb: (h, w, 3) uint8, upright; None where it could not be read.
    """

    entry_id: str
    name: str
    pixels_rgb: NDArray[np.uint8] | None
