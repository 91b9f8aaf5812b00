from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from overt.adapters.video.cutout import Cutout
from overt.adapters.video.scene import Scene
from overt.adapters.video.scene_settings import SceneSettings
from overt.errors import SettingInvalidError

START = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
SMALL = {"size_wh": (320, 180), "face_px": (12.0, 36.0), "walk_s": (1.0, 2.0)}
STILL = {
    "noise_sigma": 0.0,
    "occlusion_share": 0.0,
    "sway_share": 0.0,
    "roll_deg": 0.0,
    "blur_px": (0.0, 0.0),
    "shutter_share": 0.0,
    "gain": (1.0, 1.0),
}


def a_cutout(face_rgb: tuple[int, int, int]) -> Cutout:
    """Return a head that is one green egg with a face box of one loud colour."""
    pixels = np.zeros((186, 158, 4), np.uint8)
    pixels[20:160, 25:133] = (40, 90, 40, 255)
    pixels[54:150, 43:115, :3] = face_rgb
    return Cutout(pixels, (43.0, 54.0, 115.0, 150.0), (180, 140, 120))


def a_cast(n_people: int = 3) -> dict[str, list[Cutout]]:
    """Return people with two photographs each."""
    return {
        f"person-{n}": [a_cutout((250, 0, 250)), a_cutout((240, 0, 240))] for n in range(n_people)
    }


def a_scene(**settings: object) -> Scene:
    """Return a small, short scene."""
    values = {"seed": 1, "n_passages": 6, "max_at_once": 3, **SMALL, **settings}
    return Scene(a_cast(), SceneSettings(**values), started_at=START)


def digest(scene: Scene) -> str:
    """Return the SHA-256 of all pixels of all frames."""
    total = hashlib.sha256()
    for frame in scene:
        total.update(frame.pixels_rgb.tobytes())
    return total.hexdigest()


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Two scenes of one seed, and one scene twice, are equal to the last byte."""
    first = a_scene()
    expected = digest(first)
    assert digest(first) == expected
    assert digest(a_scene()) == expected


def test_another_seed_gives_another_scene() -> None:
    """A different seed changes the pictures and the ground truth."""
    assert digest(a_scene(seed=2)) != digest(a_scene())
    other, same = a_scene(seed=2).ground_truth(), a_scene().ground_truth()
    assert other.passages[0].boxes_xyxy[0, 0] != same.passages[0].boxes_xyxy[0, 0]


def test_frames_are_counted_and_timed_like_a_camera() -> None:
    """Frame n comes n / fps seconds after the start, contiguous, of the size asked for."""
    with a_scene() as scene:
        frames = list(scene)
        assert scene.counts().decoded == scene.n_frames == len(frames)
    assert scene.duration_s == scene.n_frames / 25
    assert [frame.index for frame in frames] == list(range(scene.n_frames))
    assert frames[50].captured_at == START + timedelta(seconds=2)
    assert frames[50].elapsed_s == 2.0
    assert frames[0].size_wh == (320, 180)
    assert frames[0].camera_id == scene.camera_id == "rehearsal"
    assert frames[0].pixels_rgb.flags.c_contiguous


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_truth_is_where_the_face_is(seed: int) -> None:
    """With all disturbances off, the loud pixels of a lone face fill its box and nothing else."""
    scene = a_scene(seed=seed, n_passages=1, **STILL)
    truth = scene.ground_truth()
    n_checked = 0
    for frame in scene:
        ids, boxes = truth.boxes_at(frame.index)
        if frame.index % 2 or not ids or not _inside(boxes[0], frame.size_wh):
            continue
        pixels = frame.pixels_rgb.astype(int)
        rows, columns = np.nonzero((pixels[:, :, 0] > 180) & (pixels[:, :, 1] < 60))
        found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        np.testing.assert_allclose(found, boxes[0], atol=1.5)
        n_checked += 1
    assert n_checked >= 10


def _inside(box: np.ndarray, size_wh: tuple[int, int]) -> bool:
    return bool((box[:2] >= 0).all() and (box[2:] <= np.array(size_wh)).all())


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_what_hides_a_face_is_drawn_and_known(seed: int) -> None:
    """The share of loud pixels in the box is the visible share, umbrella or pole in front."""
    scene = a_scene(seed=seed, n_passages=1, **{**STILL, "occlusion_share": 1.0})
    (passage,) = scene.ground_truth().passages
    for frame in scene:
        if not passage.has_frame(frame.index) or frame.index % 2:
            continue
        left, top, right, bottom = np.rint(passage.box_at(frame.index)).astype(int)
        pixels = frame.pixels_rgb[max(top, 0) : bottom, max(left, 0) : right].astype(int)
        loud = ((pixels[:, :, 0] > 150) & (pixels[:, :, 1] < 80)).sum()
        visible = passage.visible[frame.index - passage.first_frame]
        assert loud / ((right - left) * (bottom - top)) == pytest.approx(visible, abs=0.2)
    assert passage.visible.min() < 0.8


def test_nobody_is_in_the_picture_twice_and_nobody_returns_too_soon() -> None:
    """Between two passages of one person lie at least the seconds asked for."""
    settings = SceneSettings(seed=3, n_passages=12, max_at_once=6, return_after_s=4.0)
    passages = Scene(a_cast(), settings, started_at=START).ground_truth().passages
    for subject_id in a_cast():
        own = [passage for passage in passages if passage.subject_id == subject_id]
        pauses = [b.first_frame - a.last_frame for a, b in pairwise(own)]
        assert len(pauses) == 3
        assert min(pauses) > 4.0 * 25 - 1


@pytest.mark.parametrize("max_at_once", [1, 4, 12])
def test_no_more_people_than_allowed_are_in_the_picture(max_at_once: int) -> None:
    """The most faces at one time is the limit itself: reached, never passed."""
    scene = Scene(
        a_cast(n_people=30),
        SceneSettings(seed=5, n_passages=40, max_at_once=max_at_once, return_after_s=0),
        started_at=START,
    )
    truth = scene.ground_truth()
    assert max(len(truth.boxes_at(n)[0]) for n in range(scene.n_frames)) == max_at_once


def test_every_passage_lies_inside_the_scene() -> None:
    """Passages start and end within the frames; nobody is cut off by the scene's end."""
    scene = Scene(a_cast(), SceneSettings(seed=7, n_passages=30), started_at=START)
    passages = scene.ground_truth().passages
    assert len(passages) == 30
    assert all(0 <= p.first_frame <= p.last_frame < scene.n_frames for p in passages)
    assert len({p.passage_id for p in passages}) == 30


def test_everybody_passes_equally_often() -> None:
    """Three people in nine passages pass three times each."""
    passages = a_scene(n_passages=9).ground_truth().passages
    assert Counter(p.subject_id for p in passages) == {f"person-{n}": 3 for n in range(3)}


def test_nobody_is_hidden_for_a_whole_passage() -> None:
    """In a crowd of twelve with umbrellas, each face is mostly free in a quarter of its frames."""
    settings = SceneSettings(seed=9, n_passages=30, max_at_once=12, occlusion_share=1.0)
    passages = Scene(a_cast(), settings, started_at=START).ground_truth().passages
    assert min((p.visible >= 0.8).mean() for p in passages) >= 0.25
    assert min(p.visible.min() for p in passages) < 0.3


def test_a_face_grows_while_its_owner_approaches() -> None:
    """Without crossings every face ends at least twice as large as it began."""
    settings = SceneSettings(seed=4, n_passages=8, crossing_share=0.0, face_px=(48.0, 140.0))
    for passage in Scene(a_cast(), settings, started_at=START).ground_truth().passages:
        assert 47 <= passage.face_px[0] <= 70
        assert passage.face_px[-1] >= 2 * passage.face_px[0]


def test_noise_never_wraps_round() -> None:
    """With noise, no pixel differs from the clean picture by more than the noise's reach."""
    clean = a_scene(noise_sigma=0.0, n_passages=1)
    noisy = a_scene(noise_sigma=8.0, n_passages=1)
    for without, with_noise in zip(clean, noisy, strict=True):
        limited = np.clip(without.pixels_rgb.astype(int), 28, 227)
        assert np.abs(with_noise.pixels_rgb.astype(int) - limited).max() <= 28 + 4
        break


@pytest.mark.parametrize("cast", [{}, {"ann": []}])
def test_a_scene_without_faces_is_refused(cast: dict[str, list[Cutout]]) -> None:
    """An empty cast, or a person without a photograph, is a setting error."""
    with pytest.raises(SettingInvalidError):
        Scene(cast, SceneSettings(seed=1), started_at=START)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_at_once", 13),
        ("n_passages", 0),
        ("face_px", (140.0, 48.0)),
        ("walk_s", (0.1, 2.0)),
        ("occlusion_share", 1.5),
        ("noise_sigma", 20.0),
    ],
)
def test_settings_out_of_range_are_named(name: str, value: object) -> None:
    """A setting that no scene can have is refused by name."""
    with pytest.raises(SettingInvalidError, match=name):
        SceneSettings(**{"seed": 1, name: value})
