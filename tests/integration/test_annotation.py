from dataclasses import replace

import numpy as np
import pytest

from overt.adapters.video.annotation import Annotator, coarse
from overt.core.analysis import AnalysedFrame
from overt.core.detection import Detections
from overt.core.frame import Frame
from overt.core.tracking import Track, TrackedFace
from overt.testing import STARTED_AT, an_alert

SIZE_WH = (400, 240)
LEFT, RIGHT = (60, 80, 140, 160), (220, 80, 300, 160)
# The margin of a box's outline, which is drawn over the picture.
_OUTLINE_PX = 2


def noise(size_wh=SIZE_WH):
    """Return a picture in which every pixel differs: whatever is shown can be told."""
    width, height = size_wh
    generator = np.random.Generator(np.random.PCG64(5))
    return generator.integers(0, 256, (height, width, 3), np.uint8)


def a_seen_face(box, track_id):
    """Return a confirmed track's face."""
    track = Track(track_id, 0.0, 0.2, 5, 0, is_confirmed=True)
    landmarks = np.zeros((5, 2), np.float32)
    return TrackedFace(track, np.array(box, np.float32), 0.9, landmarks, is_newly_confirmed=False)


def analysed(seen=(), alerts=(), unseen=(), *, pixels=None, camera_id="c1"):
    """Return a frame of noise; ``unseen`` boxes were found but not tracked."""
    boxes = np.array([*(face.box_xyxy for face in seen), *unseen], np.float32).reshape(-1, 4)
    found = Detections(
        boxes, np.ones(len(boxes), np.float32), np.zeros((len(boxes), 5, 2), np.float32)
    )
    pixels = noise() if pixels is None else pixels
    return AnalysedFrame(Frame(pixels, 0, STARTED_AT, 0.0, camera_id), found, seen, alerts)


def inner(picture, box):
    """Return the pixels of a box inside its outline."""
    left, top, right, bottom = (int(edge) for edge in box)
    m = _OUTLINE_PX
    return picture[top + m : bottom - m, left + m : right - m]


def n_colours(pixels):
    """Return the number of different colours."""
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def test_a_face_without_an_alert_is_a_few_blocks():
    """80 px of noise in blocks of an eighth of the face: at most 9 x 9 colours (R-32)."""
    picture = Annotator().picture(analysed([a_seen_face(LEFT, 1)]))
    assert n_colours(inner(picture, LEFT)) <= 81
    assert not np.array_equal(inner(picture, LEFT), inner(noise(), LEFT))


def test_a_face_that_was_found_but_not_tracked_is_hidden_as_well():
    """Outside the zone or too small: found, so pixelated, and no box is drawn."""
    picture = Annotator().picture(analysed(unseen=[RIGHT]))
    left, top, right, bottom = RIGHT
    assert n_colours(picture[top:bottom, left:right]) <= 81


def test_the_whole_picture_is_coarse():
    """A face that nobody found is blocks of 10 px: 40 x 24 of them in 400 x 240 (R-32)."""
    picture = Annotator().picture(analysed())
    assert n_colours(picture) <= 40 * 24
    for y, x in ((0, 0), (120, 200), (230, 390)):
        assert n_colours(picture[y : y + 10, x : x + 10]) == 1
    np.testing.assert_array_equal(picture, coarse(noise()))


def test_a_block_is_the_mean_of_its_pixels():
    """Half 0, half 200, in one block: 100."""
    pixels = np.zeros((10, 10, 3), np.uint8)
    pixels[:5] = 200
    assert (coarse(pixels) == 100).all()


@pytest.mark.parametrize("size_wh", [(401, 239), (7, 5), (10, 10), (19, 31)])
def test_a_size_that_is_no_multiple_of_the_block_is_kept(size_wh):
    """The last blocks are cut off."""
    assert coarse(noise(size_wh)).shape == (size_wh[1], size_wh[0], 3)


def test_a_face_with_an_alert_is_shown_as_it_is():
    """Pixel by pixel inside the outline; the neighbour without one is not (R-32)."""
    seen = [a_seen_face(LEFT, 1), a_seen_face(RIGHT, 2)]
    picture = Annotator().picture(analysed(seen, (an_alert(track_id=1),)))
    np.testing.assert_array_equal(inner(picture, LEFT), inner(noise(), LEFT))
    assert n_colours(inner(picture, RIGHT)) <= 81


def test_a_track_with_an_alert_stays_visible():
    """In the frames after the alert, as the operator looks for the person."""
    annotator = Annotator()
    seen = [a_seen_face(LEFT, 1)]
    annotator.picture(analysed(seen, (an_alert(track_id=1),)))
    picture = annotator.picture(analysed(seen))
    np.testing.assert_array_equal(inner(picture, LEFT), inner(noise(), LEFT))


def test_a_track_was_not_visible_before_its_alert():
    """Nor is the same track number of another camera."""
    annotator = Annotator()
    seen = [a_seen_face(LEFT, 1)]
    before = annotator.picture(analysed(seen))
    annotator.picture(analysed(seen, (an_alert(track_id=1),)))
    elsewhere = annotator.picture(analysed(seen, camera_id="c2"))
    assert n_colours(inner(before, LEFT)) <= 81
    assert n_colours(inner(elsewhere, LEFT)) <= 81


def test_a_neighbour_inside_the_box_of_an_alert_stays_hidden():
    """Where two boxes overlap, the face without an alert wins (R-32)."""
    behind = (110, 90, 150, 130)
    seen = [a_seen_face(LEFT, 1), a_seen_face(behind, 2)]
    picture = Annotator().picture(analysed(seen, (an_alert(track_id=1),)))
    assert n_colours(picture[94:126, 114:136]) <= 81
    left_part = picture[90:150, 64:90]
    np.testing.assert_array_equal(left_part, noise()[90:150, 64:90])


@pytest.mark.parametrize(
    "box", [LEFT, (0, 0, 60, 60), (340, 180, 400, 240), (-20, -20, 40, 40), (370, 210, 430, 270)]
)
def test_the_label_stays_inside_the_picture(box):
    """At any edge a strip of the label's dark paper and yellow ink is there, as a whole."""
    seen = [a_seen_face(box, 1)]
    alert = replace(an_alert(track_id=1), entry_id="grace-hopper")
    flat = np.full((240, 400, 3), 90, np.uint8)
    picture = Annotator().picture(analysed(seen, (alert,), pixels=flat))
    assert picture.shape == (240, 400, 3)
    rows, columns = np.nonzero((picture == (20, 20, 20)).all(axis=2))
    assert len(rows) > 500
    # Paper on all four sides of the ink: nothing of the text is cut off.
    ink = (picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1, 0]) > 200
    assert columns.max() - columns.min() > 150
    assert not ink[:, -1].any()
    assert columns.max() < 400
    assert rows.max() < 240


def test_a_label_that_is_longer_than_the_picture_starts_at_its_edge():
    """The end is cut off, the beginning is not."""
    alert = replace(an_alert(track_id=1), entry_id="x" * 200)
    picture = Annotator().picture(analysed([a_seen_face(RIGHT, 1)], (alert,)))
    assert picture.shape == (240, 400, 3)


@pytest.mark.parametrize("box", [(-80, 20, -10, 90), (20, 260, 90, 330), (50, 50, 50, 90)])
def test_a_box_without_a_pixel_in_the_picture_shows_nothing(box):
    """Not even of a track with an alert, and it is no error."""
    picture = Annotator().picture(analysed([a_seen_face(box, 1)], (an_alert(track_id=1),)))
    assert n_colours(picture) <= 40 * 24


def test_the_frame_itself_is_not_touched():
    """Others analyse it."""
    pixels = noise()
    Annotator().picture(analysed([a_seen_face(LEFT, 1)], (an_alert(),), pixels=pixels))
    np.testing.assert_array_equal(pixels, noise())
