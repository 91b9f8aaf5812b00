"""Free the input shapes of a fixed-size ONNX network, and let it take pictures as they are."""

from __future__ import annotations

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper

from overt.errors import ManifestInvalidError


def accept_pictures(model_bytes: bytes, *, reverse_channels: bool = False) -> bytes:
    """Return the network with an input of (n, height, width, 3) uint8 RGB pictures.

    Batch, height and width become free, the conversion to float32 planes moves
    into the network (no copy in Python), and constants that older exporters also
    list as inputs are hidden so that the run time can fold them.

    Args:
        model_bytes: An ONNX file whose only real input is (n, 3, h, w) float32.
        reverse_channels: The network wants blue first.

    Raises:
        ManifestInvalidError: The file is no such network.
    """
    try:
        model = onnx.load_from_string(model_bytes)
    except DecodeError as error:
        msg = "the file is not an ONNX network"
        raise ManifestInvalidError(msg) from error
    graph = model.graph
    constants = {tensor.name for tensor in graph.initializer}
    real = [value for value in graph.input if value.name not in constants]
    if len(real) != 1:
        msg = f"expected a network with one input, found {len(real)}"
        raise ManifestInvalidError(msg)
    old_name = real[0].name
    del graph.input[:], graph.value_info[:]
    shape = ["n", "height", "width", 3]
    graph.input.append(helper.make_tensor_value_info("pictures", TensorProto.UINT8, shape))
    for node in reversed(_conversion(old_name, reverse_channels=reverse_channels)):
        graph.node.insert(0, node)
    _hide_output_shapes(graph)
    return bytes(model.SerializeToString())


def _conversion(target: str, *, reverse_channels: bool) -> list[onnx.NodeProto]:
    planes = "overt_planes" if reverse_channels else target
    nodes = [
        helper.make_node("Transpose", ["pictures"], ["overt_bytes"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["overt_bytes"], [planes], to=TensorProto.FLOAT),
    ]
    if reverse_channels:
        order = helper.make_node(
            "Constant",
            [],
            ["overt_order"],
            value=helper.make_tensor("order", TensorProto.INT64, [3], [2, 1, 0]),
        )
        nodes += [order, helper.make_node("Gather", [planes, "overt_order"], [target], axis=1)]
    return nodes


def _hide_output_shapes(graph: onnx.GraphProto) -> None:
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")
