import numpy as np

from overt.core.passage import GroundTruth, Passage


def a_passage(
    passage_id: str = "p1",
    subject_id: str = "ann",
    first_frame: int = 10,
    boxes: tuple[tuple[float, ...], ...] = ((0, 0, 10, 20), (4, 0, 16, 24)),
) -> Passage:
    """Return a passage with full sight of the face."""
    return Passage(
        passage_id,
        subject_id,
        "gate",
        first_frame,
        np.array(boxes, np.float32),
        np.ones(len(boxes), np.float32),
    )


def test_a_passage_ends_with_its_last_box() -> None:
    """Two boxes from frame 10 are frames 10 and 11."""
    passage = a_passage()
    assert (passage.n_frames, passage.last_frame) == (2, 11)
    assert [passage.has_frame(index) for index in (9, 10, 11, 12)] == [False, True, True, False]


def test_the_size_of_a_face_is_its_shorter_side() -> None:
    """Boxes of 10 x 20 and 12 x 24 pixels are faces of 10 and 12 pixels."""
    passage = a_passage()
    np.testing.assert_array_equal(passage.face_px, [10, 12])
    assert (passage.min_face_px, passage.max_face_px) == (10.0, 12.0)


def test_boxes_are_found_by_the_frame_of_the_scene() -> None:
    """Frame 11 is the second box of a passage that starts at frame 10."""
    np.testing.assert_array_equal(a_passage().box_at(11), [4, 0, 16, 24])


def test_boxes_of_one_frame_come_with_their_passages() -> None:
    """Only the passages that are in the picture are named, in their order."""
    truth = GroundTruth((a_passage("p1"), a_passage("p2", first_frame=11)))
    ids, boxes = truth.boxes_at(11)
    assert ids == ("p1", "p2")
    np.testing.assert_array_equal(boxes, [[4, 0, 16, 24], [0, 0, 10, 20]])


def test_an_empty_street_has_no_boxes() -> None:
    """A frame without a passage gives no ids and a (0, 4) array."""
    ids, boxes = GroundTruth((a_passage(),)).boxes_at(3)
    assert ids == ()
    assert boxes.shape == (0, 4)


def test_a_found_face_belongs_to_the_passage_it_overlaps_most() -> None:
    """Of two faces with overlaps 200/200 and 100/300 the first is taken."""
    near = a_passage("p1", boxes=((5, 0, 15, 20),))
    exact = a_passage("p2", boxes=((0, 0, 10, 20),))
    found = GroundTruth((near, exact)).passage_of(np.array([0, 0, 10, 20], np.float32), 10)
    assert found is exact


def test_an_overlap_below_three_tenths_is_nobody() -> None:
    """A box that shares 4 of 10 columns overlaps by 80/320 = 0.25; 5 columns make 100/300."""
    truth = GroundTruth((a_passage(boxes=((0, 0, 10, 20),)),))
    assert truth.passage_of(np.array([6, 0, 16, 20], np.float32), 10) is None
    assert truth.passage_of(np.array([5, 0, 15, 20], np.float32), 10) is not None


def test_a_face_found_when_nobody_passes_is_nobody() -> None:
    """A box in a frame without a passage belongs to no passage."""
    truth = GroundTruth((a_passage(),))
    assert truth.passage_of(np.array([0, 0, 10, 20], np.float32), 50) is None


def test_passages_are_chosen_by_subject() -> None:
    """Passages of the people asked for, and of nobody else."""
    truth = GroundTruth((a_passage("p1", "ann"), a_passage("p2", "bob"), a_passage("p3", "ann")))
    assert [p.passage_id for p in truth.of_subjects(frozenset({"ann"}))] == ["p1", "p3"]
    assert truth.of_subjects(frozenset()) == ()
