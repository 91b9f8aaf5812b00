"""Small ONNX networks and packs of them, made in the test."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from onnx import ModelProto, NodeProto

YUNET = "face_detection_yunet_2023mar.onnx"
OPSET, IR_VERSION = 17, 8


def network(
    nodes: list[NodeProto],
    *,
    constants: Mapping[str, np.ndarray] | None = None,
    output: str = "y",
    input_name: str = "x",
    input_shape: tuple[int | str, ...] = (1, 3, 8, 8),
) -> ModelProto:
    """Return a network with one float32 input and one output of any shape."""
    wanted = helper.make_tensor_value_info(input_name, TensorProto.FLOAT, input_shape)
    given = helper.make_tensor_value_info(output, TensorProto.FLOAT, None)
    weights = [numpy_helper.from_array(v, k) for k, v in (constants or {}).items()]
    graph = helper.make_graph(nodes, "made_in_a_test", [wanted], [given], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    return model


def channel_means(**options) -> bytes:
    """Return an embedder in the manner of SFace: its vector is the mean of each channel."""
    node = helper.make_node("ReduceMean", ["x"], ["y"], axes=[2, 3], keepdims=0)
    return network([node], **options).SerializeToString()


def sha256(data: bytes) -> str:
    """Return the hexadecimal digest."""
    return hashlib.sha256(data).hexdigest()


def manifest_text(
    detector: bytes, embedder: bytes, *, name: str = "tiny", urls: tuple[str, str] = ("", "")
) -> str:
    """Return the manifest of a pack of YuNet, five-point alignment and an embedder."""
    files = zip(("detector.onnx", "embedder.onnx"), (detector, embedder), urls, strict=True)
    tables = "".join(
        f'[[files]]\nname = "{file}"\nurl = "{url}"\nsha256 = "{sha256(data)}"\n'
        f'size_bytes = {len(data)}\nlicence = "MIT"\nsource = "a test"\n'
        for file, data, url in files
    )
    return f"""
name = "{name}"
title = "made in a test"
version = "1"
use = "research-only"
[detector]
kind = "yunet"
file = "detector.onnx"
[aligner]
kind = "five-point"
side_px = 32
[embedder]
kind = "onnx"
file = "embedder.onnx"
dimension = 3
[threshold]
value = 0.5
data = "none"
{tables}"""


def write_pack(
    folder: Path, *, name: str = "tiny", detector: bytes = b"detector", embedder: bytes = b"e"
) -> Path:
    """Write a pack as it comes on a memory stick; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = manifest_text(detector, embedder, name=name)
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    (folder / "detector.onnx").write_bytes(detector)
    (folder / "embedder.onnx").write_bytes(embedder)
    return folder
