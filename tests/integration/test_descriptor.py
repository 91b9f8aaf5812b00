"""dlib's face descriptor as an ONNX network: the same numbers as dlib itself."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import dlib
import numpy as np
import pytest
from PIL import Image

from overt.adapters.models.descriptor_cache import cached_descriptor
from overt.adapters.models.dlib_network import descriptor_onnx
from overt.adapters.models.dlib_weights import DlibLayer, read_dlib_layers
from overt.adapters.models.embedders import ChipEmbedder
from overt.adapters.video.default_cast import default_cast
from overt.errors import ManifestInvalidError

TOLERANCE = 1e-4  # of numbers around 0.1
SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"


@pytest.fixture(scope="module")
def weights_file() -> Path:
    """Return the installed weights; the package is found without importing it."""
    folder = Path(find_spec("face_recognition_models").origin).parent / "models"
    return folder / "dlib_face_recognition_resnet_model_v1.dat"


@pytest.fixture(scope="module")
def weights(weights_file) -> bytes:
    """Return the weights' bytes."""
    return weights_file.read_bytes()


@pytest.fixture(scope="module")
def layers(weights) -> tuple[DlibLayer, ...]:
    """Return the network's layers."""
    return read_dlib_layers(weights)


@pytest.fixture(scope="module")
def network(layers) -> bytes:
    """Return the ONNX file."""
    return descriptor_onnx(layers)


@pytest.fixture(scope="module")
def ours(network) -> ChipEmbedder:
    """Return our descriptor."""
    return ChipEmbedder(network, dimension=128, pack_digest="p", n_threads=1)


@pytest.fixture(scope="module")
def dlibs(weights_file):
    """Return dlib's own descriptor of a stack of chips."""
    model = dlib.face_recognition_model_v1(str(weights_file))
    return lambda chips: np.array([model.compute_face_descriptor(chip) for chip in chips])


def portraits() -> list[np.ndarray]:
    """Return 150 x 150 cut-outs of the default cast: the face, and the whole picture."""
    pictures = [Image.open(paths[0]).convert("RGB") for paths in default_cast().values()]
    halves = [picture.crop((128, 32, 384, 288)) for picture in pictures]
    return [np.asarray(picture.resize((150, 150))) for picture in (*pictures, *halves)]


@pytest.mark.peer
def test_portraits_and_noise_are_described_as_by_dlib(ours, dlibs):
    """Four cut-outs of portraits, three of noise, one black, one white: within 1e-4."""
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 256, (150, 150, 3), dtype=np.uint8) for _ in range(3)]
    flat = [np.full((150, 150, 3), level, np.uint8) for level in (0, 255)]
    chips = np.stack([*portraits(), *noise, *flat])

    assert np.abs(ours.describe(chips) - dlibs(chips)).max() <= TOLERANCE


@pytest.mark.peer
@pytest.mark.slow
def test_faces_are_described_as_by_dlib(ours, dlibs, shared_data):
    """25 photographs of five people, which are chips of dlib's own kind: within 1e-4."""
    folders = sorted((shared_data / "johns").iterdir())
    paths = [path for folder in folders for path in sorted(folder.glob("*.jpg"))[:5]]
    chips = np.stack([np.asarray(Image.open(path).convert("RGB")) for path in paths])

    assert chips.shape == (25, 150, 150, 3)
    assert np.abs(ours.describe(chips) - dlibs(chips)).max() <= TOLERANCE


def test_the_file_holds_the_layers_of_the_published_network(layers):
    """29 convolutions (He et al. 2016, King 2017), each with its scale; 5.6 million numbers."""
    kinds = [layer.kind for layer in layers]

    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "con": 29,
        "affine": 29,
        "relu": 29,
        "add_prev": 14,
        "max_pool": 1,
        "avg_pool": 5,
        "fc": 1,
    }
    assert sum(layer.parameters.size for layer in layers) == pytest.approx(5.6e6, rel=0.01)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99, 0.99999])
def test_a_truncated_file_is_refused(weights, share):
    """Wherever it was cut."""
    with pytest.raises(ManifestInvalidError):
        descriptor_onnx(read_dlib_layers(weights[: int(len(weights) * share)]))


def record(name: bytes, *integers: int) -> bytes:
    """Return the start of a layer's record."""
    numbers = b"".join(
        bytes([len(raw) | (0x80 if value < 0 else 0)]) + raw
        for value in integers
        for raw in [abs(value).to_bytes((abs(value).bit_length() + 7) // 8 or 1, "little")]
    )
    return b"\x01" + bytes([len(name)]) + name + numbers


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" * 100,
        record(b"con_4", 3, 1, 1, 1, 1),  # a tensor of another version
        record(b"con_4", 2, 1, 1, 1, 100) + bytes(8),  # a tensor that does not fit
        record(b"con_4", 2, 1, 1, 1, -500) + bytes(8000),  # a tensor of negative size
        record(b"con_4", 2, *[2**100] * 4),  # a tensor larger than any number
        record(b"con_4"),  # nothing after the name
        record(b"max_pool_2", 3)[:-1],  # an integer without its bytes
        b"\x01\x09con_4 and more",  # a name of another length
    ],
)
def test_what_is_no_dlib_network_is_refused(data):
    """One clear error; no endless loop, no huge piece of memory."""
    with pytest.raises(ManifestInvalidError):
        read_dlib_layers(data)


def without(layers, position):
    """Return the layers but one."""
    return (*layers[:position], *layers[position + 1 :])


def with_sizes(layers, position, sizes):
    """Return the layers, one with other sizes."""
    changed = replace(layers[position], sizes=sizes)
    return (*layers[:position], changed, *layers[position + 1 :])


@pytest.mark.parametrize("position", [0, 1, 2, 3, 4, -1])
def test_another_order_of_layers_is_refused(layers, position):
    """A dlib network of another kind, with a layer less."""
    with pytest.raises(ManifestInvalidError, match="not those of dlib's ResNet"):
        descriptor_onnx(without(layers, position % len(layers)))


@pytest.mark.parametrize(
    "sizes", [(), (3, 3, 0, 0, 0, 0), (32, 7, 7, 0, 0, 0, 0), (31, 7, 7, 2, 2, 0, 0)]
)
def test_impossible_sizes_are_refused(layers, sizes):
    """Strides of nothing, filters that the parameters do not fill."""
    place = 0 if len(sizes) == 7 else 3
    with pytest.raises(ManifestInvalidError, match="not those of dlib's ResNet"):
        descriptor_onnx(with_sizes(layers, place, sizes))


def test_the_cache_saves_the_conversion(weights, network, tmp_path):
    """What is found there is used: the same bytes as converted."""
    first = cached_descriptor(weights, SHA256, tmp_path / "new" / "cache")
    (kept,) = (tmp_path / "new" / "cache").iterdir()
    made_ns = kept.stat().st_mtime_ns
    second = cached_descriptor(b"not looked at", SHA256, tmp_path / "new" / "cache")

    assert first == second == network
    assert kept.stat().st_mtime_ns == made_ns


@pytest.mark.parametrize("damage", ["changed", "cut short", "empty"])
def test_a_damaged_cache_is_made_again(weights, network, tmp_path, damage):
    """Never used; afterwards it is right."""
    cached_descriptor(weights, SHA256, tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    changed = whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]
    kept.write_bytes({"changed": changed, "cut short": whole[:-1], "empty": b""}[damage])

    assert cached_descriptor(weights, SHA256, tmp_path) == network
    assert kept.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [kept]


def test_an_unwritable_cache_costs_time_only(weights, network, tmp_path):
    """A file lies where the folder should be."""
    (tmp_path / "cache").write_bytes(b"")

    assert cached_descriptor(weights, SHA256, tmp_path / "cache") == network


def test_other_weights_are_another_file(weights, tmp_path):
    """The name holds the weights' digest, so that two packs do not share one by mistake."""
    cached_descriptor(weights, SHA256, tmp_path)
    cached_descriptor(weights, "0" * 64, tmp_path)

    assert len(list(tmp_path.iterdir())) == 2


def test_weights_that_are_none_leave_no_cache(tmp_path):
    """The error is the converter's."""
    with pytest.raises(ManifestInvalidError):
        cached_descriptor(b"garbage", SHA256, tmp_path)

    assert not list(tmp_path.iterdir())
