import numpy as np
import pytest

from overt.adapters.video.pixelate import pixelate
from overt.errors import SettingInvalidError


def noise(height: int = 200, width: int = 300) -> np.ndarray:
    """Return a picture in which every pixel differs."""
    generator = np.random.Generator(np.random.PCG64(3))
    return generator.integers(0, 256, (height, width, 3), np.uint8)


def test_a_block_takes_the_mean_of_its_pixels() -> None:
    """A face of 4 x 4 pixels in one block, margin 1: the mean of 36 pixels, 18 of them 255."""
    image = np.zeros((6, 6, 3), np.uint8)
    image[:, :3] = 255
    pixelate(image, np.array([[1, 1, 5, 5]], np.float32), block_share=1.0)
    # Blocks start at the margin's corner: columns 0-3 hold 3 of 4 bright columns, 4-5 none.
    assert (image[:, :4] == 191).all()
    assert (image[:, 4:] == 0).all()


def test_at_most_eight_blocks_remain_along_a_face() -> None:
    """A face of 80 x 80 pixels of noise keeps at most 8 x 8 (with cut blocks 9 x 9) colours."""
    image = noise()
    pixelate(image, np.array([[60, 60, 140, 140]], np.float32))
    face = image[60:140, 60:140].reshape(-1, 3)
    assert len(np.unique(face, axis=0)) <= 81


def test_pixels_away_from_faces_stay() -> None:
    """Only the face and a quarter of its longer side around it change."""
    image, before = noise(), noise()
    pixelate(image, np.array([[100, 100, 140, 140]], np.float32))
    changed = (image != before).any(axis=2)
    assert changed[95:145, 95:145].mean() > 0.99
    changed[90:150, 90:150] = False
    assert not changed.any()


def test_pictures_that_differ_inside_a_block_become_equal() -> None:
    """Swapping two pixels of one block cannot be seen afterwards: nothing can be brought back."""
    first = noise()
    second = first.copy()
    second[100, 100], second[100, 101] = first[100, 101].copy(), first[100, 100].copy()
    for image in (first, second):
        pixelate(image, np.array([[100, 100, 180, 180]], np.float32))
    np.testing.assert_array_equal(first, second)


def test_faces_over_the_edge_and_outside_are_allowed() -> None:
    """A box that reaches over the corner is cut; one wholly outside changes nothing."""
    image, before = noise(), noise()
    pixelate(image, np.array([[-30, -30, 10, 10], [900, 900, 940, 940]], np.float32))
    assert not np.array_equal(image[:10, :10], before[:10, :10])
    np.testing.assert_array_equal(image[30:], before[30:])


def test_no_faces_change_nothing() -> None:
    """An empty list of boxes leaves the picture as it is."""
    image = noise()
    pixelate(image, np.empty((0, 4), np.float32))
    np.testing.assert_array_equal(image, noise())


@pytest.mark.parametrize("block_share", [0.05, 1.5])
def test_blocks_too_fine_to_hide_a_face_are_refused(block_share: float) -> None:
    """A block share outside [0.125, 1] is a setting error."""
    with pytest.raises(SettingInvalidError):
        pixelate(noise(), np.empty((0, 4), np.float32), block_share=block_share)
