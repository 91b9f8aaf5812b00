"""Read the layers of a dlib network file (``.dat``).

dlib writes a network as its layers' records, input side first, each opened by
the layer's name: a length-prefixed string. Integers are a control byte (low
nibble: how many bytes follow; top bit: sign) and that many little-endian bytes.
A tensor is a version, four dimensions and raw little-endian float32. Only the
layers of dlib's ResNet face descriptor are known here; anything else is refused.
Format: dlib/serialize.h, dlib/dnn/layers.h and tensor_tools in dlib 19 and later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import ManifestInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_LAYER_NAME = re.compile(
    rb"\x01([\x03-\x20])(con_4|affine_|relu_|max_pool_2|avg_pool_2|add_prev_|fc_2)"
)
_TENSOR_VERSION = 2
_LENGTH_BITS = 0x0F
_SIGN_BIT = 0x80


@dataclass(frozen=True, slots=True, eq=False)
class DlibLayer:
    """One layer's record.

    Attributes:
        kind: con, affine, relu, max_pool, avg_pool, add_prev or fc.
        parameters: Flat float32 parameters; empty where the layer has none.
        sizes: con: filters, rows, columns, stride y, x, padding y, x; pools: rows,
            columns, stride y, x, padding y, x; fc: outputs, inputs; else empty.
    """

    kind: str
    parameters: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    sizes: tuple[int, ...] = ()


class _Reader:
    """A cursor over the file's bytes."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position

    def integer(self) -> int:
        control = self.data[self.position]
        length = control & _LENGTH_BITS
        start = self.position + 1
        self.position = start + length
        if self.position > len(self.data):
            msg = "the file ends inside an integer"
            raise ValueError(msg)
        value = int.from_bytes(self.data[start : self.position], "little")
        return -value if control & _SIGN_BIT else value

    def integers(self, count: int) -> tuple[int, ...]:
        return tuple(self.integer() for _ in range(count))

    def tensor(self) -> NDArray[np.float32]:
        version, *shape = self.integers(5)
        if version != _TENSOR_VERSION:
            msg = f"expected a dlib tensor of version {_TENSOR_VERSION}, found {version}"
            raise ManifestInvalidError(msg)
        count = prod(shape)
        if min(shape) < 0 or 4 * count > len(self.data) - self.position:
            msg = f"a tensor of shape {shape} does not fit into the file"
            raise ValueError(msg)
        values = np.frombuffer(self.data, "<f4", count, self.position)
        self.position += 4 * count
        return values


def read_dlib_layers(data: bytes) -> tuple[DlibLayer, ...]:
    """Return the layers of a dlib face descriptor network, input side first.

    Args:
        data: The whole file.

    Raises:
        ManifestInvalidError: The bytes are not such a network.
    """
    try:
        layers = tuple(_layers(data))
    except (IndexError, ValueError) as error:
        msg = "the file ends inside a layer: not a dlib network, or truncated"
        raise ManifestInvalidError(msg) from error
    if not layers:
        msg = "the file holds no layer of a dlib face descriptor network"
        raise ManifestInvalidError(msg)
    return layers


def _layers(data: bytes) -> Iterator[DlibLayer]:
    position = 0
    while found := _LAYER_NAME.search(data, position):
        position = found.end()
        if found.group(1)[0] != len(found.group(2)):
            continue
        layer, position = _layer(found.group(2).decode(), _Reader(data, position))
        yield layer


def _layer(name: str, reader: _Reader) -> tuple[DlibLayer, int]:
    kind = name.rstrip("_0123456789")
    if kind == "con":
        layer = DlibLayer(kind, reader.tensor(), reader.integers(7))
    elif kind == "affine":
        layer = DlibLayer(kind, reader.tensor())
    elif kind in ("max_pool", "avg_pool"):
        layer = DlibLayer(kind, sizes=reader.integers(6))
    elif kind == "fc":
        sizes = reader.integers(2)
        layer = DlibLayer(kind, reader.tensor(), sizes)
    else:
        layer = DlibLayer(kind)
    return layer, reader.position
