"""The gallery: frozen reference templates of one watchlist version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import TemplateMismatchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from overt.core.template import Template


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """What a search runs against; it cannot be changed, only replaced.

    Attributes:
        matrix: (n, d) float32 unit rows, C-contiguous, read-only; n may be 0.
        entry_ids: n identifiers in ascending order; item i names row i.
        pack_digest: Digest of the model pack that made every row.
        fingerprint: SHA-256 over pack, identifiers and rows.
    """

    matrix: NDArray[np.float32]
    entry_ids: tuple[str, ...]
    pack_digest: str
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        """Freeze the rows and take the fingerprint."""
        self.matrix.setflags(write=False)
        digest = hashlib.sha256(self.pack_digest.encode())
        for entry_id in self.entry_ids:
            digest.update(len(entry_id).to_bytes(4, "big") + entry_id.encode())
        digest.update(np.ascontiguousarray(self.matrix).data)
        object.__setattr__(self, "fingerprint", digest.hexdigest())

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.entry_ids)


def freeze_gallery(references: Mapping[str, Template], *, pack_digest: str) -> Gallery:
    """Return the gallery of a watchlist's reference templates.

    Rows are ordered by entry identifier, so that the order of enrolment decides nothing.

    Args:
        references: One template for each entry; may be empty.
        pack_digest: The pack that every template must come from.

    Raises:
        TemplateMismatchError: A template comes from another pack, or lengths differ.
    """
    entry_ids = tuple(sorted(references))
    for entry_id in entry_ids:
        if references[entry_id].pack_digest != pack_digest:
            msg = "a reference template comes from another model pack than the gallery's"
            raise TemplateMismatchError(msg, expected=pack_digest)
    rows = [references[entry_id].vector for entry_id in entry_ids]
    if len({len(row) for row in rows}) > 1:
        msg = "reference templates differ in length"
        raise TemplateMismatchError(msg)
    matrix = np.array(rows, np.float32) if rows else np.empty((0, 0), np.float32)
    return Gallery(matrix, entry_ids, pack_digest)
