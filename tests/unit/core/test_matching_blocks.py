"""The search reads a gallery in blocks; its answer must not show where they lie."""

from __future__ import annotations

import numpy as np
import pytest

from overt.core.matching import best_rows
from overt.core.template import unit_rows

SEVERAL_BLOCKS = 40_000


def rows_of(count: int, *, seed: int, length: int = 8) -> np.ndarray:
    """Return unit rows from a seed."""
    generator = np.random.Generator(np.random.PCG64(seed))
    return unit_rows(generator.standard_normal((count, length), np.float32))


def best_by_sorting(probe: np.ndarray, gallery: np.ndarray, count: int) -> np.ndarray:
    """Return the best rows by scoring all in double precision and sorting all."""
    scores = (gallery * probe.astype(np.float64)).sum(axis=1)
    return np.lexsort((np.arange(len(gallery)), -scores))[:count]


@pytest.mark.parametrize("n_probes", [1, 3, 5, 17])
@pytest.mark.parametrize("count", [1, 3, 50])
@pytest.mark.parametrize("n_rows", [1, 31, 33, SEVERAL_BLOCKS])
def test_the_same_rows_as_by_sorting_every_score(n_rows, count, n_probes):
    """Blocks, lanes and rows to spare change nothing."""
    gallery, probes = rows_of(n_rows, seed=1), rows_of(n_probes, seed=2)

    rows, _ = best_rows(probes, gallery, count=count)

    expected = [best_by_sorting(probe, gallery, count) for probe in probes]
    np.testing.assert_array_equal(rows, expected)


def test_a_probe_scores_the_same_in_any_company():
    """Bit for bit, whichever other probes are searched with it."""
    gallery, probes = rows_of(SEVERAL_BLOCKS, seed=3), rows_of(9, seed=4)

    rows, scores = best_rows(probes, gallery, count=3)

    alone = [best_rows(probe[None], gallery, count=3) for probe in probes]
    np.testing.assert_array_equal(rows, [found[0][0] for found in alone])
    np.testing.assert_array_equal(scores, [found[1][0] for found in alone])


@pytest.mark.parametrize("n_probes", [1, 16])
def test_equal_rows_in_different_blocks_come_in_order_of_row(n_probes):
    """A tie goes to the lower row, that is to the entry id that sorts first."""
    gallery, probes = rows_of(SEVERAL_BLOCKS, seed=5), rows_of(n_probes, seed=6)
    gallery[[39_999, 20_000, 7]] = probes[0]

    rows, scores = best_rows(probes, gallery, count=3)

    assert rows[0].tolist() == [7, 20_000, 39_999]
    assert len(set(scores[0].tolist())) == 1


def test_a_gallery_of_one_row_repeated_is_searched_in_bounded_memory():
    """More rows tie than are summed again at a time."""
    gallery = np.repeat(rows_of(1, seed=7), 20_000, axis=0)

    rows, _ = best_rows(gallery[:2], gallery, count=2)

    assert rows.tolist() == [[0, 1], [0, 1]]


def test_an_undefined_score_ranks_below_a_defined_one():
    """What is not a number is no match, and hides none."""
    gallery = rows_of(100, seed=8)
    gallery[40] = np.nan

    rows, scores = best_rows(gallery[:1], gallery, count=2)

    assert rows[0, 0] == 0
    assert np.isfinite(scores[0, 0])


def test_a_probe_without_a_direction_is_answered_with_zeros():
    """Vectors that cancel out give zeros; they match nothing."""
    rows, scores = best_rows(np.zeros((1, 8), np.float32), rows_of(5000, seed=9), count=2)

    assert rows.tolist() == [[0, 1]]
    assert scores.tolist() == [[0.0, 0.0]]
