"""What every embedder keeps to: dlib's descriptor, any ONNX network, and the fake."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.integration.networks import channel_means

from overt.adapters.models.dlib_network import descriptor_onnx
from overt.adapters.models.dlib_weights import read_dlib_layers
from overt.adapters.models.embedders import MAX_BATCH, ChipEmbedder
from overt.adapters.models.onnx_inputs import accept_pictures
from overt.testing import FAKE_PACK, FakeEmbedder

SIDES_PX = {"dlib": 150, "onnx": 32, "fake": 16}


def dlib_descriptor() -> ChipEmbedder:
    """Return the bundled embedder."""
    folder = Path(find_spec("face_recognition_models").origin).parent / "models"
    weights = (folder / "dlib_face_recognition_resnet_model_v1.dat").read_bytes()
    network = descriptor_onnx(read_dlib_layers(weights))
    return ChipEmbedder(network, dimension=128, pack_digest="p", n_threads=1)


def any_network() -> ChipEmbedder:
    """Return an embedder on a network that gives a chip's mean colour."""
    network = accept_pictures(channel_means(), mean=127.5, scale=127.5)
    return ChipEmbedder(network, dimension=3, pack_digest="p", n_threads=1)


@pytest.fixture(scope="module", params=SIDES_PX)
def case(request):
    """Return an embedder and three different chips."""
    make = {"dlib": dlib_descriptor, "onnx": any_network, "fake": FakeEmbedder}[request.param]
    side = SIDES_PX[request.param]
    chips = np.random.default_rng(3).integers(0, 64, (3, side, side, 3), dtype=np.uint8)
    for channel, chip in enumerate(chips):
        chip[..., channel] += 128
    return make(), chips


def test_vectors_are_unit_rows(case):
    """(n, d) float32, each of length 1."""
    embedder, chips = case
    vectors = embedder.embed(chips)

    assert (vectors.shape, vectors.dtype) == ((3, embedder.dimension), np.float32)
    assert np.linalg.norm(vectors.astype(np.float64), axis=1) == pytest.approx(1, abs=1e-5)


def test_an_embedder_names_its_pack(case):
    """So that its templates are compared with no others."""
    embedder, _ = case

    assert embedder.pack_digest in {"p", FAKE_PACK}


@pytest.mark.parametrize("make", [dlib_descriptor, any_network])
def test_no_chips_give_no_rows(make):
    """Of the right length."""
    embedder = make()

    assert embedder.embed(np.empty((0, 150, 150, 3), np.uint8)).shape == (0, embedder.dimension)


def test_a_chip_gives_the_same_alone_and_among_others(case):
    """In the order of the chips."""
    embedder, chips = case
    together = embedder.embed(chips)
    alone = np.concatenate([embedder.embed(chips[i : i + 1]) for i in range(3)])

    assert together == pytest.approx(alone, abs=1e-5)


def test_different_chips_give_different_vectors(case):
    """Red, green and blue chips are told apart."""
    embedder, chips = case
    scores = embedder.embed(chips) @ embedder.embed(chips).T

    assert (scores[~np.eye(3, dtype=bool)] < 0.9999).all()


def test_chips_are_left_as_they_were(case):
    """The best shot is still to be shown."""
    embedder, chips = case
    before = chips.copy()
    embedder.embed(chips)

    assert np.array_equal(chips, before)


def test_rows_can_be_erased(case):
    """R-30: they are the caller's own memory."""
    embedder, chips = case
    first = embedder.embed(chips)
    kept = first.copy()
    first.fill(0)

    assert embedder.embed(chips) == pytest.approx(kept)


@pytest.mark.parametrize("make", [dlib_descriptor, any_network])
def test_a_mirrored_chip_gives_the_same_vector(make):
    """A shot and its mirror image are averaged, so that which side is left does not count."""
    embedder = make()
    chip = np.random.default_rng(5).integers(0, 256, (1, 150, 150, 3), dtype=np.uint8)

    assert embedder.embed(chip[:, :, ::-1]) == pytest.approx(embedder.embed(chip), abs=1e-5)


def test_many_chips_are_embedded_in_pieces():
    """65 chips and their mirror images: five runs of 32 at the most, each chip its own row."""
    embedder = any_network()
    levels = np.arange(65, dtype=np.uint8)
    chips = np.zeros((65, 8, 8, 3), np.uint8)
    chips[..., 0] = levels[:, None, None] * 3
    red = levels * 3 / 127.5 - 1
    expected = np.stack([red, -np.ones(65), -np.ones(65)], axis=1)
    vectors = embedder.embed(chips)

    assert MAX_BATCH == 32
    assert embedder.session.n_runs == 5
    assert vectors == pytest.approx(
        expected / np.linalg.norm(expected, axis=1, keepdims=True), abs=1e-6
    )
