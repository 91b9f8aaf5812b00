import numpy as np
import pytest
from hypothesis import given, strategies as st

from overt.core.best_shot import BestShots, Shot, fuse
from overt.core.operating_point import ShotLimits

LIMITS = ShotLimits(max_shots=4, min_shots=2, improve_by=0.1, min_gap_s=0.25)


def shot(quality: float = 0.5, elapsed_s: float = 0.0, vector: tuple[float, ...] = (1, 0)) -> Shot:
    """Return a shot with a chip that is not empty."""
    chip = np.full((4, 4, 3), 7, np.uint8)
    return Shot(chip, np.array(vector, np.float32), quality, elapsed_s)


def shots_of(*taken: Shot) -> BestShots:
    """Return the shots of one track."""
    shots = BestShots(LIMITS)
    for item in taken:
        shots.add(item)
    return shots


def test_the_first_face_that_passed_becomes_a_shot():
    """A new track wants any face of any quality at once."""
    assert shots_of().wants(0.01, 0.0) is True


@pytest.mark.parametrize(("elapsed_s", "wanted"), [(0.125, False), (0.25, True), (3.0, True)])
def test_shots_keep_their_distance_in_time(elapsed_s, wanted):
    """Two shots are at least ``min_gap_s`` apart, so that they differ."""
    assert shots_of(shot()).wants(0.9, elapsed_s) is wanted


def test_until_there_are_enough_a_worse_face_will_do():
    """Below ``min_shots`` quality does not matter."""
    assert shots_of(shot(quality=0.9)).wants(0.1, 1.0) is True


@pytest.mark.parametrize(("quality", "wanted"), [(0.45, False), (0.55, False), (0.625, True)])
def test_later_shots_must_beat_the_best_so_far(quality, wanted):
    """With enough shots only a clear improvement on the best (0.5) is worth an embedding."""
    taken = shots_of(shot(quality=0.5), shot(quality=0.2, elapsed_s=0.25))
    assert taken.wants(quality, 1.0) is wanted


def test_a_track_costs_at_most_max_shots_embeddings():
    """The budget holds for the track's whole life, whatever quality follows."""
    taken = shots_of(*[shot(quality=0.1 * i, elapsed_s=i) for i in range(4)])
    assert (taken.n_made, taken.wants(1.0, 99.0)) == (4, False)


def test_an_erased_track_does_not_get_its_budget_back():
    """Erasing does not undo the cost."""
    taken = shots_of(*[shot(quality=0.1 * i, elapsed_s=i) for i in range(4)])
    taken.erase()
    assert (taken.n_made, taken.shots, taken.wants(1.0, 99.0)) == (4, (), False)


def test_a_search_needs_min_shots():
    """The track is ready with the second shot, not before."""
    assert [shots_of(*[shot()] * n).is_ready for n in range(4)] == [False, False, True, True]


def test_the_best_shot_has_the_highest_quality():
    """Of equals the first is kept, so that a replay shows the same picture."""
    low, high, same = shot(0.2), shot(0.8), shot(0.8)
    assert shots_of(low, high, same).best() is high


def test_erasing_overwrites_every_array_in_place():
    """After ``erase`` nothing of a face is left in the memory it had (R-30, R-31)."""
    batch = np.ones((2, 8), np.float32)
    taken = [
        Shot(np.full((4, 4, 3), 9, np.uint8), row, 0.5, float(i)) for i, row in enumerate(batch)
    ]
    assert shots_of(*taken).erase() == 2
    assert not batch.any()
    assert not any(item.picture_rgb.any() for item in taken)


def test_erasing_twice_counts_once():
    """The ledger never counts a template's erasure twice (R-31)."""
    taken = shots_of(shot())
    assert (taken.erase(), taken.erase()) == (1, 0)


def test_fusing_does_not_touch_the_shots():
    """The copy that fusing makes is erased, the shots are not."""
    taken = shots_of(shot(vector=(1, 0)), shot(vector=(0, 1)))
    np.testing.assert_allclose(taken.fused(), [2**-0.5, 2**-0.5], rtol=1e-6)
    np.testing.assert_array_equal(taken.shots[0].vector, [1, 0])


def test_fusing_by_hand():
    """3 x (1, 0) + 4 x (0, 1) has length 5: (0.6, 0.8)."""
    probe = fuse(np.eye(2, dtype=np.float32), np.array([0.3, 0.4]))
    np.testing.assert_allclose(probe, [0.6, 0.8], rtol=1e-6)
    assert probe.dtype == np.float32


def test_fusing_one_vector_returns_it():
    """One shot is its own probe."""
    vector = np.array([[0.6, 0.8]], np.float32)
    np.testing.assert_allclose(fuse(vector, np.array([0.2])), vector[0], rtol=1e-6)


def test_qualities_of_zero_count_as_equal():
    """Without any quality to weigh by, all shots weigh the same."""
    probe = fuse(np.eye(2, dtype=np.float32), np.zeros(2))
    np.testing.assert_allclose(probe, [2**-0.5, 2**-0.5], rtol=1e-6)


def test_vectors_that_cancel_out_give_zeros():
    """Zeros match nothing; there is no division by zero."""
    opposite = np.array([[1, 0], [-1, 0]], np.float32)
    np.testing.assert_array_equal(fuse(opposite, np.ones(2)), [0, 0])


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_a_probe_has_unit_length_and_the_order_of_shots_does_not_matter(count, seed):
    """Any shots in any order give the same unit vector."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(count, 16)) + 1
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    qualities = chance.uniform(0.05, 1, count)
    mixed = chance.permutation(count)
    probe = fuse(vectors, qualities)
    assert np.linalg.norm(probe) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(probe, fuse(vectors[mixed], qualities[mixed]), atol=1e-6)


def test_a_shot_of_somebody_else_is_told_from_the_shots_held():
    """A score at the limit still agrees; below it the track shows another person."""
    shots = BestShots(ShotLimits())
    shots.add(shot(0.5, vector=(1, 0)))

    assert not shots.disagrees(np.array([0.8, 0.6], np.float32), least=0.8)
    assert shots.disagrees(np.array([0.6, 0.8], np.float32), least=0.8)
    assert not BestShots(ShotLimits()).disagrees(np.array([0.6, 0.8], np.float32), least=0.8)


def test_a_track_that_starts_afresh_has_erased_its_shots_and_a_new_budget():
    """The other person's shots are zeros, counted for the ledger, and no longer held (R-30)."""
    limits = ShotLimits(max_shots=1, min_shots=1)
    shots = BestShots(limits)
    first = shot(0.5, vector=(1, 0))
    shots.add(first)

    assert shots.start_afresh() == 1
    assert not first.vector.any()
    assert shots.shots == ()
    assert shots.wants(0.1, elapsed_s=99.0)
