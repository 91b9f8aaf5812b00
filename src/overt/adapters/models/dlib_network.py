"""Write dlib's ResNet face descriptor as an ONNX network.

The network (He et al. 2016, as trained by King 2017) is a 7x7 convolution, a
pool, 14 residual blocks and one matrix. Each convolution is followed by a fixed
scale and shift, which are folded into its weights here. A block that halves the
size averages its shortcut 2x2 and pads it with zeros, at the right, the bottom
and in the new channels, exactly as dlib's ``add_prev`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from overt.errors import ManifestInvalidError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray
    from onnx import NodeProto

    from overt.adapters.models.dlib_weights import DlibLayer

CHIP_SIDE_PX = 150
DIMENSION = 128
MEAN_RGB = (122.782, 117.001, 104.298)
SCALE = 256.0
_OPSET = 17
_IR_VERSION = 8


def descriptor_onnx(layers: Sequence[DlibLayer]) -> bytes:
    """Return the ONNX file of dlib's face descriptor.

    Its input ``chips`` is (n, 150, 150, 3) uint8 RGB; its output ``descriptor``
    is (n, 128) float32, not scaled to unit length, equal to dlib's own.

    Args:
        layers: What ``read_dlib_layers`` returned.

    Raises:
        ManifestInvalidError: The layers are not in the descriptor's order.
    """
    graph = _Graph()
    queue = list(layers)
    try:
        graph.stem(queue)
        while queue[0].kind == "con":
            graph.block(queue)
        graph.head(queue)
    except (ArithmeticError, IndexError, ValueError, checker.ValidationError) as error:
        msg = "the layers are not those of dlib's ResNet face descriptor"
        raise ManifestInvalidError(msg) from error
    return graph.serialised()


class _Graph:
    """The network under construction; ``top`` is the last value's name."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, NDArray[np.generic]] = {}
        self.top = "chips"
        self.channels = 3
        self.side = CHIP_SIDE_PX

    def add(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:  # noqa: ANN401  as make_node's
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants[name] = value
        return name

    def stem(self, queue: list[DlibLayer]) -> None:
        number = self.add("Cast", [self.top], to=TensorProto.FLOAT)
        mean = self.constant(np.array(MEAN_RGB, np.float32))
        centred = self.add("Sub", [number, mean])
        scaled = self.add("Div", [centred, self.constant(np.array(SCALE, np.float32))])
        self.top = self.add("Transpose", [scaled], perm=[0, 3, 1, 2])
        self.convolution(queue)
        self.top = self.add("Relu", [self.top])
        _take(queue, "relu")
        pool = _take(queue, "max_pool").sizes
        self.top = self.add(
            "MaxPool", [self.top], kernel_shape=list(pool[:2]), strides=list(pool[2:4])
        )
        self.side = (self.side - pool[0]) // pool[2] + 1

    def convolution(self, queue: list[DlibLayer]) -> None:
        con, affine = _take(queue, "con"), _take(queue, "affine")
        filters, rows, columns, *strides_and_pads = con.sizes
        weights, bias = np.split(con.parameters, [len(con.parameters) - filters])
        gamma, beta = affine.parameters.reshape(2, filters)
        kernel = weights.reshape(filters, self.channels, rows, columns)
        self.top = self.add(
            "Conv",
            [
                self.top,
                self.constant(kernel * gamma[:, None, None, None]),
                self.constant(bias * gamma + beta),
            ],
            kernel_shape=[rows, columns],
            strides=strides_and_pads[:2],
            pads=strides_and_pads[2:] * 2,
        )
        self.channels = filters
        self.side = (self.side + 2 * strides_and_pads[2] - rows) // strides_and_pads[0] + 1

    def block(self, queue: list[DlibLayer]) -> None:
        shortcut, channels, side = self.top, self.channels, self.side
        self.convolution(queue)
        self.top = self.add("Relu", [self.top])
        _take(queue, "relu")
        self.convolution(queue)
        if queue[0].kind == "avg_pool":
            _take(queue, "avg_pool")
            shortcut = self.add("AveragePool", [shortcut], kernel_shape=[2, 2], strides=[2, 2])
            side //= 2
        _take(queue, "add_prev")
        _take(queue, "relu")
        width = max(self.side, side)
        sum_name = self.add(
            "Add",
            [
                self.padded(self.top, 0, width - self.side),
                self.padded(shortcut, self.channels - channels, width - side),
            ],
        )
        self.top, self.side = self.add("Relu", [sum_name]), width

    def padded(self, name: str, channels: int, side: int) -> str:
        if not channels and not side:
            return name
        pads = self.constant(np.array([0, 0, 0, 0, 0, channels, side, side], np.int64))
        return self.add("Pad", [name, pads])

    def head(self, queue: list[DlibLayer]) -> None:
        _take(queue, "avg_pool")
        matrix = _take(queue, "fc")
        pooled = self.add("ReduceMean", [self.top], axes=[2, 3], keepdims=0)
        outputs, inputs = matrix.sizes
        weights = self.constant(matrix.parameters.reshape(inputs, outputs))
        self.nodes.append(helper.make_node("MatMul", [pooled, weights], ["descriptor"]))

    def serialised(self) -> bytes:
        chips = helper.make_tensor_value_info(
            "chips", TensorProto.UINT8, ["n", CHIP_SIDE_PX, CHIP_SIDE_PX, 3]
        )
        descriptor = helper.make_tensor_value_info(
            "descriptor", TensorProto.FLOAT, ["n", DIMENSION]
        )
        weights = [numpy_helper.from_array(v, k) for k, v in self.constants.items()]
        graph = helper.make_graph(self.nodes, "dlib_resnet", [chips], [descriptor], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        model.ir_version = _IR_VERSION
        checker.check_model(model)
        return bytes(model.SerializeToString())


def _take(queue: list[DlibLayer], kind: str) -> DlibLayer:
    layer = queue.pop(0)
    if layer.kind != kind:
        msg = f"expected a layer {kind}, found {layer.kind}"
        raise ValueError(msg)
    return layer
