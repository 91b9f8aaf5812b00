"""Keep the descriptor's ONNX form between runs; converting takes a third of a second."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from overt.adapters.models.dlib_network import descriptor_onnx
from overt.adapters.models.dlib_weights import read_dlib_layers
from overt.adapters.models.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

# Raised when the conversion changes, so that an old file is not taken for a new one.
CONVERSION = 1


def cached_descriptor(weights: bytes, weights_sha256: str, cache_home: Path) -> bytes:
    """Return the descriptor's ONNX file, converted now or on an earlier run.

    The cached file's first 32 bytes are the SHA-256 of the rest: a file that was
    cut short or changed is made again, never used. A cache that cannot be written
    costs time, nothing else.

    Args:
        weights: dlib's ``.dat`` file, verified.
        weights_sha256: Its digest.
        cache_home: The cache's folder; made if missing.

    Raises:
        ManifestInvalidError: The weights are not dlib's descriptor.
    """
    path = cache_home / f"descriptor-{weights_sha256[:16]}-{CONVERSION}.onnx"
    with contextlib.suppress(OSError):
        kept = path.read_bytes()
        if hashlib.sha256(kept[32:]).digest() == kept[:32]:
            return kept[32:]
    network = descriptor_onnx(read_dlib_layers(weights))
    with contextlib.suppress(OSError):
        write_whole(path, hashlib.sha256(network).digest() + network)
    return network
