from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings, strategies as st

from overt.core.detection import Detections, no_detections
from overt.core.frame import Frame
from overt.core.operating_point import TrackingLimits
from overt.core.tracking import Tracker, TrackUpdate

LIMITS = TrackingLimits()


def faces(*rows: tuple[float, float, float], side: float = 40) -> Detections:
    """Return square faces from (left, top, score); the first landmark names the row."""
    table = np.array(rows, np.float32).reshape(-1, 3)
    corners = table[:, :2]
    landmarks = np.zeros((len(rows), 5, 2), np.float32)
    landmarks[:, 0, 0] = np.arange(len(rows))
    return Detections(np.hstack([corners, corners + np.float32(side)]), table[:, 2], landmarks)


def at(elapsed_s: float) -> Frame:
    """Return a frame of which only the time matters."""
    pixels = np.zeros((1, 1, 3), np.uint8)
    return Frame(pixels, 0, datetime(2026, 1, 1, tzinfo=UTC), elapsed_s, "c1")


def play(
    pictures: list[Detections], *, limits: TrackingLimits = LIMITS, step_s: float = 0.1
) -> list[TrackUpdate]:
    """Return the updates of a new tracker."""
    tracker = Tracker(limits)
    return [tracker.update(item, at(i * step_s)) for i, item in enumerate(pictures)]


def seen_ids(update: TrackUpdate) -> list[int]:
    """Return the ids seen in a frame."""
    return [face.track.track_id for face in update.seen]


def ended_ids(update: TrackUpdate) -> list[int]:
    """Return the ids that ended in a frame."""
    return [track.track_id for track in update.ended]


def test_a_moving_face_keeps_its_id():
    """A face that moves by half its width a frame is one track (R-45)."""
    updates = play([faces((100 + 20 * i, 50, 0.9)) for i in range(10)])
    assert [seen_ids(update) for update in updates] == [[1]] * 10


def test_a_face_seen_is_counted_once():
    """A track is newly confirmed in exactly one frame, that of its third detection (R-45)."""
    updates = play([faces((100, 50, 0.9))] * 6)
    assert [u.seen[0].is_newly_confirmed for u in updates] == [False, False, True] + [False] * 3
    assert [u.seen[0].track.is_confirmed for u in updates] == [False, False] + [True] * 4


def test_one_detection_may_be_enough():
    """With ``confirm_hits`` of 1 a track is confirmed when it starts."""
    first, second = play([faces((100, 50, 0.9))] * 2, limits=replace(LIMITS, confirm_hits=1))
    assert (first.seen[0].track.is_confirmed, first.seen[0].is_newly_confirmed) == (True, True)
    assert second.seen[0].is_newly_confirmed is False


def test_the_detection_comes_back_as_it_was_found():
    """Box, score and landmarks are the detector's, not the filter's."""
    found = faces((100, 50, 0.75), (300, 50, 0.875))
    update = play([found])[0]
    for row, face in enumerate(update.seen):
        np.testing.assert_array_equal(face.box_xyxy, found.boxes_xyxy[row])
        np.testing.assert_array_equal(face.landmarks_xy, found.landmarks_xy[row])
        assert face.score == found.scores[row]


def test_a_low_score_starts_no_track():
    """A weak detection alone is never followed."""
    updates = play([faces((100, 50, 0.4))] * 5)
    assert not any(update.seen or update.ended for update in updates)


def test_a_low_score_continues_a_track():
    """A face that is half hidden for a while keeps its id: the second stage."""
    scores = [0.9, 0.9, 0.9, 0.4, 0.4, 0.9]
    updates = play([faces((100 + 4 * i, 50, score)) for i, score in enumerate(scores)])
    assert [seen_ids(update) for update in updates] == [[1]] * 6
    assert updates[-1].seen[0].track.n_hits == 6


def test_a_high_score_goes_before_a_low_score():
    """A strong detection takes the track even where a weak one lies closer."""
    updates = play([faces((100, 50, 0.9))] * 3 + [faces((100, 50, 0.4), (110, 50, 0.9))])
    (face,) = updates[-1].seen
    assert (face.track.track_id, face.box_xyxy[0]) == (1, 110)


def test_the_nearer_face_in_total_overlap_wins():
    """Two faces that both moved are told apart by the assignment of largest overlap."""
    two = [faces((100, 50, 0.9), (150, 50, 0.9))] * 4
    updates = play([*two, faces((112, 50, 0.9), (162, 50, 0.9))])
    assert [(f.track.track_id, f.box_xyxy[0]) for f in updates[-1].seen] == [(1, 112), (2, 162)]


def test_a_face_too_far_away_is_someone_else():
    """Below the smallest overlap a detection starts a new track."""
    updates = play([faces((100, 50, 0.9))] * 3 + [faces((400, 50, 0.9))])
    assert seen_ids(updates[-1]) == [2]


def test_two_people_who_cross_keep_their_ids():
    """The predicted motion, not the last place, tells who is who."""
    pictures = [faces((100 + 15 * i, 50, 0.9), (400 - 15 * i, 65, 0.9)) for i in range(21)]
    pictures[10] = faces((250, 50, 0.9))  # one hides the other where they meet
    last = play(pictures)[-1]
    assert [(f.track.track_id, f.box_xyxy[0]) for f in last.seen] == [(1, 400), (2, 100)]


def test_a_gap_shorter_than_the_limit_keeps_the_id():
    """A confirmed track outlives missed detections for ``lost_after_s``."""
    gone = [no_detections()] * 8
    updates = play([*[faces((100, 50, 0.9))] * 3, *gone, faces((100, 50, 0.9))])
    assert seen_ids(updates[-1]) == [1]
    assert not any(update.ended for update in updates)


def test_a_longer_gap_ends_the_track_and_the_person_comes_back_as_another():
    """Nothing is kept of a track that ended: no recognition across gaps (R-34)."""
    gone = [no_detections()] * 11
    updates = play([*[faces((100, 50, 0.9))] * 3, *gone, faces((100, 50, 0.9))])
    ended = [track for update in updates for track in update.ended]
    assert [(track.track_id, track.n_hits) for track in ended] == [(1, 3)]
    assert ended[0].last_seen_s == 0.2
    assert seen_ids(updates[-1]) == [2]


def test_a_tracker_that_saw_no_frame_for_long_starts_afresh():
    """A camera that comes back after the limit does not join old tracks to new faces."""
    tracker = Tracker(LIMITS)
    for i in range(3):
        tracker.update(faces((100, 50, 0.9)), at(i * 0.1))
    update = tracker.update(faces((100, 50, 0.9)), at(5.0))
    assert (seen_ids(update), ended_ids(update)) == ([2], [1])


def test_a_tentative_track_ends_after_a_few_misses():
    """A false detection is forgotten after ``tentative_misses`` frames, uncounted."""
    updates = play([faces((100, 50, 0.9)), no_detections(), no_detections(), no_detections()])
    assert [ended_ids(update) for update in updates] == [[], [], [1], []]
    assert updates[2].ended[0].is_confirmed is False


def test_a_tentative_track_survives_one_miss():
    """One missed detection at the start does not cost the track its id."""
    updates = play([faces((100, 50, 0.9)), no_detections(), *[faces((100, 50, 0.9))] * 2])
    assert seen_ids(updates[-1]) == [1]
    assert updates[-1].seen[0].is_newly_confirmed is True


def test_tracks_that_end_together_are_reported_by_id():
    """The list of ended tracks is in the order of their ids."""
    tracker = Tracker(replace(LIMITS, confirm_hits=2, lost_after_s=0.5))
    old = faces((100, 50, 0.9), (300, 50, 0.9))
    for i in range(2):
        tracker.update(old, at(i * 0.1))
    tracker.update(faces((600, 50, 0.9)), at(0.2))
    tracker.update(no_detections(), at(0.3))
    assert ended_ids(tracker.update(no_detections(), at(0.7))) == [1, 2, 3]


def test_the_end_of_the_source_ends_every_track():
    """``finish`` ends all, so that every template can be erased (R-30)."""
    tracker = Tracker(LIMITS)
    tracker.update(faces((100, 50, 0.9), (300, 50, 0.9)), at(0))
    assert [track.track_id for track in tracker.finish()] == [1, 2]
    assert tracker.finish() == ()


def test_ids_go_on_after_the_end():
    """An id is never given twice by one tracker."""
    tracker = Tracker(LIMITS)
    tracker.update(faces((100, 50, 0.9)), at(0))
    tracker.finish()
    assert seen_ids(tracker.update(faces((100, 50, 0.9)), at(0.1))) == [2]


def test_the_frame_rate_may_vary():
    """A face at constant speed keeps its id while the time between frames triples."""
    tracker, elapsed_s = Tracker(LIMITS), 0.0
    for i in range(24):
        update = tracker.update(faces((100 + 200 * elapsed_s, 50, 0.9)), at(elapsed_s))
        assert seen_ids(update) == [1]
        elapsed_s += 0.05 if i % 4 else 0.15


def test_a_frame_that_is_not_later_counts_as_the_same_instant():
    """A clock that steps back neither ends tracks nor moves them backwards."""
    tracker = Tracker(LIMITS)
    tracker.update(faces((100, 50, 0.9)), at(1.0))
    update = tracker.update(faces((100, 50, 0.9)), at(0.5))
    assert update.seen[0].track.last_seen_s == 1.0


def test_boxes_that_do_not_touch_never_match():
    """An overlap of nothing joins nothing, even where the limit is 0."""
    limits = replace(LIMITS, match_iou=0.0, rescue_iou=0.0)
    updates = play([faces((100, 50, 0.9)), faces((400, 50, 0.9))], limits=limits)
    assert seen_ids(updates[1]) == [2]


def test_no_faces_at_all():
    """A frame without faces is an ordinary frame."""
    assert play([no_detections()])[0] == TrackUpdate((), ())


spots = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 100), st.sampled_from([0.4, 0.6, 0.7, 0.8, 0.9])),
    max_size=6,
    unique_by=lambda spot: spot[:2],
)


def partition(updates: list[TrackUpdate], rows: list[list[tuple]]) -> list[dict[tuple, int]]:
    """Return the track id of every detection, named by what it is."""
    return [
        {rows[i][int(face.landmarks_xy[0, 0])]: face.track.track_id for face in update.seen}
        for i, update in enumerate(updates)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(spots, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_detections_does_not_matter(scene, chance):
    """However a detector sorts its faces, each gets the same track id."""
    shuffled = [chance.sample(rows, len(rows)) for rows in scene]
    plain = play([faces(*rows) for rows in scene])
    mixed = play([faces(*rows) for rows in shuffled])
    assert partition(plain, scene) == partition(mixed, shuffled)
    assert [ended_ids(update) for update in plain] == [ended_ids(update) for update in mixed]


@settings(max_examples=60, deadline=None)
@given(st.lists(spots, min_size=1, max_size=8))
def test_a_replay_gives_the_same_ids(scene):
    """The same frames give the same tracks, so an alert can be reproduced."""
    first, again = (partition(play([faces(*rows) for rows in scene]), scene) for _ in range(2))
    assert first == again


@settings(max_examples=60, deadline=None)
@given(st.lists(spots, min_size=1, max_size=8))
def test_every_track_starts_once_and_ends_once(scene):
    """Ids are 1, 2, 3 ... without a gap, and each ends exactly once (R-31)."""
    tracker = Tracker(LIMITS)
    updates = [tracker.update(faces(*rows), at(i * 0.1)) for i, rows in enumerate(scene)]
    ended = [track.track_id for update in updates for track in update.ended]
    ended += [track.track_id for track in tracker.finish()]
    seen = {i for update in updates for i in seen_ids(update)}
    assert sorted(ended) == sorted(seen) == list(range(1, len(seen) + 1))
    for update in updates:
        assert len(set(seen_ids(update))) == len(update.seen)
        assert not set(seen_ids(update)) & set(ended_ids(update))
