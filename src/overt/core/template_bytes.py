"""Templates as bytes: what is encrypted and kept, tied to the model pack that made them.

The first 32 bytes are the SHA-256 of the pack's digest, the rest is the vector in
little-endian single precision. Vectors of two packs have no meaning beside each
other, so that a template is never read without saying for which pack.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import TemplateMismatchError

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADER_BYTES = 32
_LITTLE_ENDIAN = np.dtype("<f4")


def template_bytes(vector: NDArray[np.float32], pack_digest: str) -> bytes:
    """Return the bytes of a template.

    Args:
        vector: (d,) float32, unit length.
        pack_digest: Digest of the model pack that made it.
    """
    return template_header(pack_digest) + vector.astype(_LITTLE_ENDIAN, copy=False).tobytes()


def template_header(pack_digest: str) -> bytes:
    """Return the first 32 bytes of every template of a pack.

    Args:
        pack_digest: Digest of the model pack.
    """
    return hashlib.sha256(pack_digest.encode()).digest()


def template_vector(data: bytes, header: bytes) -> NDArray[np.float32]:
    """Return the vector of a template, without copying it; read-only.

    Args:
        data: As from :func:`template_bytes`.
        header: As from :func:`template_header` for the pack in use.

    Raises:
        TemplateMismatchError: It comes from another pack, or is no template.
    """
    if data[:HEADER_BYTES] != header or (len(data) - HEADER_BYTES) % _LITTLE_ENDIAN.itemsize:
        msg = "a stored template comes from another model pack than the one in use"
        raise TemplateMismatchError(msg)
    vector: NDArray[np.float32] = np.frombuffer(data, _LITTLE_ENDIAN, offset=HEADER_BYTES)
    return vector
