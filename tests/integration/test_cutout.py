import numpy as np
import pytest
from PIL import Image

from overt.adapters.video.cutout import cut_out
from overt.adapters.video.default_cast import default_cast
from overt.errors import FolderUnusableError

PORTRAIT_BOXES = {
    "eileen-collins": (179.0, 62.0, 269.0, 177.0),
    "grace-hopper": (172.0, 125.0, 361.0, 334.0),
}


def a_photograph(height: int = 300, width: int = 240) -> np.ndarray:
    """Return an oval face in front of plain blue."""
    photo = np.full((height, width, 3), (60, 90, 160), np.uint8)
    y, x = np.mgrid[:height, :width]
    photo[((x - 120) / 60) ** 2 + ((y - 140) / 85) ** 2 <= 1] = (200, 150, 120)
    return photo


BOX = np.array([75, 80, 165, 200], np.float32)


def test_the_border_of_a_sprite_is_transparent() -> None:
    """No rectangular edge of the photograph can show."""
    alpha = cut_out(a_photograph(), BOX).pixels_rgba[:, :, 3]
    border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert border.max() == 0


def test_the_face_keeps_every_pixel_of_the_photograph() -> None:
    """A face of usual size is copied: 40 x 40 pixels around its middle are the same bytes."""
    photo = a_photograph()
    photo[120:160, 100:140] = np.random.Generator(np.random.PCG64(1)).integers(
        0, 256, (40, 40, 3), np.uint8
    )
    cutout = cut_out(photo, BOX)
    left, top = cutout.face_box_xyxy[0] - 75, cutout.face_box_xyxy[1] - 80
    assert (left, top) == (int(left), int(top))
    inside = cutout.pixels_rgba[int(top) + 120 : int(top) + 160, int(left) + 100 : int(left) + 140]
    np.testing.assert_array_equal(inside[:, :, :3], photo[120:160, 100:140])
    assert (inside[:, :, 3] == 255).all()


def test_the_background_beside_the_head_goes() -> None:
    """Plain blue beside the ears is not part of the head."""
    cutout = cut_out(a_photograph(), BOX)
    blue = cutout.pixels_rgba[:, :, 2] > 150
    assert cutout.pixels_rgba[:, :, 3][blue].mean() < 40


def test_a_photograph_without_background_is_kept_whole() -> None:
    """Where nothing lies beyond the head, the egg alone decides: the ears stay opaque."""
    cutout = cut_out(a_photograph()[60:210, 65:175], BOX - np.float32([65, 60, 65, 60]))
    left, top, right, bottom = (round(side) for side in cutout.face_box_xyxy)
    assert cutout.pixels_rgba[(top + bottom) // 2, left : right + 1, 3].min() == 255


def test_skin_is_taken_from_the_face() -> None:
    """The neck is painted in the colour of the cheeks."""
    assert cut_out(a_photograph(), BOX).skin_rgb == (200, 150, 120)


@pytest.mark.parametrize(("scale", "expected_px"), [(0.25, 72.0), (1.0, 90.0), (4.0, 144.0)])
def test_small_and_large_photographs_become_sprites_of_usual_size(
    scale: float, expected_px: float
) -> None:
    """A head of 30 pixels is enlarged to 96, one of 480 reduced to 192, one of 120 is kept."""
    size_wh = (int(240 * scale), int(300 * scale))
    photo = np.asarray(Image.fromarray(a_photograph()).resize(size_wh))
    assert cut_out(photo, BOX * np.float32(scale)).face_px == pytest.approx(expected_px)


def test_a_head_that_the_photograph_cuts_off_still_has_a_crown() -> None:
    """Where the photograph ends at the forehead, the sprite goes on, opaque, above it."""
    cutout = cut_out(a_photograph()[85:], BOX - np.float32([0, 85, 0, 85]))
    middle = cutout.pixels_rgba.shape[1] // 2
    above = int(cutout.face_box_xyxy[1] - 0.15 * cutout.unit_px)
    assert cutout.pixels_rgba[above, middle, 3] == 255


def test_the_default_cast_is_on_every_machine() -> None:
    """Both portraits come with the dependencies and can be cut out."""
    cast = default_cast()
    assert sorted(cast) == ["eileen-collins", "grace-hopper"]
    for subject_id, (path,) in cast.items():
        with Image.open(path) as image:
            photo = np.asarray(image.convert("RGB"))
        cutout = cut_out(photo, np.array(PORTRAIT_BOXES[subject_id], np.float32))
        assert cutout.pixels_rgba[:, :, 3].max() == 255


@pytest.mark.parametrize("place", [("no_such_package", "a.png"), ("numpy", "no/such/portrait.png")])
def test_a_missing_portrait_is_named(place: tuple[str, str]) -> None:
    """A package that is absent, or lacks the picture, is an error with a code."""
    with pytest.raises(FolderUnusableError) as caught:
        default_cast({"somebody": place})
    assert caught.value.fields["package"] == place[0]
