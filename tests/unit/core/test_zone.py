import numpy as np
import pytest
from hypothesis import assume, given, strategies as st
from matplotlib.path import Path

from overt.core.zone import Zone, whole_frame
from overt.errors import ZoneInvalidError

SQUARE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        (((0.1, 0.1), (0.9, 0.9)), "at least 3 corners, found 2"),
        (((0.1, 0.1), (0.9, 0.1), (0.5, 1.1)), "from 0 to 1"),
        (((-0.1, 0.1), (0.9, 0.1), (0.5, 0.9)), "from 0 to 1"),
        (((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9)), "must not cross"),
        (((0.1, 0.5), (0.5, 0.5), (0.9, 0.5)), "must enclose an area"),
    ],
)
def test_a_zone_that_cannot_work_is_refused(corners, words):
    """Each fault has its own message."""
    with pytest.raises(ZoneInvalidError, match=words):
        Zone(corners)


def test_a_star_drawn_in_one_stroke_is_refused():
    """Edges that cross far from each other in the order of corners are found too."""
    angles = np.pi / 2 + 4 * np.pi / 5 * np.arange(5)
    star = tuple((0.5 + 0.4 * float(np.cos(a)), 0.5 + 0.4 * float(np.sin(a))) for a in angles)
    with pytest.raises(ZoneInvalidError, match="cross"):
        Zone(star)


def test_a_zone_may_be_hollow_on_one_side():
    """A polygon need not be convex: the notch of this one lies outside."""
    notched = Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.0, 1.0)))
    points = np.array([[50, 90], [50, 40], [10, 80]], np.float32)
    assert notched.contains(points, (100, 100)).tolist() == [False, True, True]


def test_points_by_hand():
    """In the middle, outside on each side, and far away."""
    points = np.array([[100, 50], [40, 50], [160, 50], [100, 20], [100, 80]], np.float32)
    found = Zone(SQUARE).contains(points, (200, 100))
    assert found.tolist() == [True, False, False, False, False]


def test_no_points_are_fine():
    """A picture without faces gives an empty mask."""
    assert Zone(SQUARE).contains(np.empty((0, 2), np.float32), (200, 100)).shape == (0,)


def test_the_same_zone_fits_every_resolution():
    """Corners are fractions, so a camera may change its picture size."""
    points = np.array([[60, 30], [10, 10]], np.float32)
    small = Zone(SQUARE).contains(points, (120, 60))
    large = Zone(SQUARE).contains(points * 4, (480, 240))
    assert small.tolist() == large.tolist() == [True, False]


def test_the_crop_encloses_the_zone():
    """Rounded outwards to whole pixels: only they are ever looked at (R-34)."""
    thirds = Zone(((0.33, 0.33), (0.67, 0.33), (0.5, 0.67)))
    assert thirds.bounding_crop((100, 50)) == (33, 16, 67, 34)


def test_the_whole_frame_is_a_zone():
    """Its crop is the picture, and every pixel lies inside."""
    zone = whole_frame()
    assert zone.bounding_crop((1920, 1080)) == (0, 0, 1920, 1080)
    points = np.array([[0.5, 0.5], [1919.5, 1079.5]], np.float32)
    assert zone.contains(points, (1920, 1080)).all()


fractions = st.floats(0.05, 0.95)


@given(
    st.lists(st.floats(0.1, 0.45), min_size=3, max_size=9),
    st.lists(st.tuples(fractions, fractions), min_size=1, max_size=20),
)
def test_contains_agrees_with_an_independent_implementation(radii, points):
    """Even-odd crossings and matplotlib's paths agree off the edges."""
    angles = 2 * np.pi * np.arange(len(radii)) / len(radii)
    corners = [
        (0.5 + float(r * np.cos(a)), 0.5 + float(r * np.sin(a)))
        for r, a in zip(radii, angles, strict=True)
    ]
    pixels = np.array(points, np.float32) * np.float32(640)
    path = Path(np.array(corners) * 640)
    assume(np.array_equal(*[path.contains_points(pixels, radius=r) for r in (-0.5, 0.5)]))
    found = Zone(tuple(corners)).contains(pixels, (640, 640))
    np.testing.assert_array_equal(found, path.contains_points(pixels))


@given(st.integers(0, 8), st.booleans(), st.tuples(fractions, fractions))
def test_where_the_corners_start_does_not_matter(shift, is_reversed, point):
    """The same polygon from another corner, or the other way round, holds the same points."""
    corners = SQUARE[shift % 4 :] + SQUARE[: shift % 4]
    zone = Zone(corners[::-1] if is_reversed else corners)
    pixels = np.array([point], np.float32) * np.float32(640)
    assume(np.abs(pixels / 160 % 1).min() > 1e-3)
    assert zone.contains(pixels, (640, 640)) == Zone(SQUARE).contains(pixels, (640, 640))
