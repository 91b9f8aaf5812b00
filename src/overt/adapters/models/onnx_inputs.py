"""Free the input shapes of a fixed-size ONNX network, and let it take pictures as they are."""

from __future__ import annotations

from typing import Any, TypeAlias

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper
from onnx.external_data_helper import convert_model_from_external_data

from overt.errors import ManifestInvalidError

_INPUT = "overt_pictures"
# Kind of node, its constant second input, its attributes.
_Step: TypeAlias = tuple[str, onnx.TensorProto | None, dict[str, Any]]


def accept_pictures(
    model_bytes: bytes,
    *,
    reverse_channels: bool = False,
    mean: float = 0.0,
    scale: float = 1.0,
) -> bytes:
    """Return the network with an input of (n, height, width, 3) uint8 RGB pictures.

    Batch, height and width become free, the conversion to float32 planes moves
    into the network (no copy in Python), and constants that older exporters also
    list as inputs are hidden so that the run time can fold them.

    Args:
        model_bytes: An ONNX file whose only real input is (n, 3, h, w) float32.
        reverse_channels: The network wants blue first.
        mean: What the network wants subtracted from each value of 0 to 255.
        scale: What it wants the difference divided by.

    Raises:
        ManifestInvalidError: The file is no such network.
    """
    try:
        model = onnx.load_from_string(model_bytes)
        _refuse_other_files(model)
        target = _only_input(model.graph)
        steps = _conversion(target, reverse_channels=reverse_channels, mean=mean, scale=scale)
    except (DecodeError, UnicodeDecodeError) as error:
        msg = "the file is not an ONNX network"
        raise ManifestInvalidError(msg) from error
    graph = model.graph
    del graph.input[:], graph.value_info[:]
    shape: list[str | int | None] = ["n", "height", "width", 3]
    graph.input.append(helper.make_tensor_value_info(_INPUT, TensorProto.UINT8, shape))
    for node in reversed(steps):
        graph.node.insert(0, node)
    _hide_output_shapes(graph)
    return bytes(model.SerializeToString())


def _conversion(
    target: str, *, reverse_channels: bool, mean: float, scale: float
) -> list[onnx.NodeProto]:
    steps: list[_Step] = [
        ("Transpose", None, {"perm": [0, 3, 1, 2]}),
        ("Cast", None, {"to": TensorProto.FLOAT}),
    ]
    if reverse_channels:
        order = helper.make_tensor("order", TensorProto.INT64, [3], [2, 1, 0])
        steps.append(("Gather", order, {"axis": 1}))
    if mean:
        steps.append(("Sub", _number(mean), {}))
    if scale != 1:
        steps.append(("Div", _number(scale), {}))
    return _chain(steps, _INPUT, target)


def _number(value: float) -> onnx.TensorProto:
    return helper.make_tensor("number", TensorProto.FLOAT, [], [value])


def _chain(steps: list[_Step], source: str, target: str) -> list[onnx.NodeProto]:
    nodes, top = [], source
    for position, (kind, constant, attributes) in enumerate(steps):
        inputs = [top]
        if constant is not None:
            inputs.append(f"overt_constant_{position}")
            nodes.append(helper.make_node("Constant", [], inputs[1:], value=constant))
        top = target if position == len(steps) - 1 else f"overt_step_{position}"
        nodes.append(helper.make_node(kind, inputs, [top], **attributes))
    return nodes


def _hide_output_shapes(graph: onnx.GraphProto) -> None:
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")


def _only_input(graph: onnx.GraphProto) -> str:
    constants = {tensor.name for tensor in graph.initializer}
    real = [value.name for value in graph.input if value.name not in constants]
    if len(real) != 1:
        msg = f"expected a network with one input, found {len(real)}"
        raise ManifestInvalidError(msg)
    return str(real[0])


def _refuse_other_files(model: onnx.ModelProto) -> None:
    """Refuse weights in a file beside the network: no digest would cover them."""
    try:
        convert_model_from_external_data(model)
    except ValueError as error:
        msg = "the network keeps weights in another file"
        raise ManifestInvalidError(msg) from error
