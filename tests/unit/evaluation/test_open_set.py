from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.unit.evaluation.scored import generator, random_templates, templates

from overt.errors import EvaluationDataInvalidError, TemplateMismatchError
from overt.evaluation.open_set import LabelledTemplates, score_open_set

# Angles in degrees: the cosine of a difference is a score.
GALLERY = templates(*[(np.cos(a), np.sin(a)) for a in np.radians([0, 40, 90])], ids="abc")


def probe(degrees, whose):
    """Return one probe."""
    angle = np.radians(degrees)
    return templates((np.cos(angle), np.sin(angle)), ids=[whose])


def scored(probes, gallery=GALLERY, seed=1, **options):
    """Return the scores of probes."""
    return score_open_set(probes, gallery, generator(seed), **options)


def by_hand(probes, gallery):
    """Return mate's score, best other and how many come before the mate, one pair at a time."""
    found = []
    for row, whose in zip(probes.rows, probes.subject_ids, strict=True):
        pairs = zip(gallery.rows.astype(float), gallery.subject_ids, strict=True)
        scores = {subject: float(row.astype(float) @ entry) for entry, subject in pairs}
        mate = scores.pop(whose, -np.inf)
        n_ahead = sum(score >= mate - 1e-6 for score in scores.values())
        found.append((mate, max(scores.values()), n_ahead if np.isfinite(mate) else 0))
    return np.array(found)


def test_a_mated_search_by_hand():
    """10 degrees from its mate at 0, 30 from the other at 40."""
    found = scored(probe(10, "a"))

    assert found.is_mated.tolist() == [True]
    assert found.mate_scores[0] == pytest.approx(np.cos(np.radians(10)))
    assert found.best_other[0, 0] == pytest.approx(np.cos(np.radians(30)))
    assert found.n_ahead.tolist() == [[0]]
    assert found.n_gallery == 3


def test_somebody_else_comes_before_the_mate():
    """10 degrees from a, 30 from b, whose probe it is."""
    found = scored(probe(10, "b"))

    assert found.n_ahead.tolist() == [[1]]
    assert found.best_other[0, 0] == pytest.approx(np.cos(np.radians(10)))


def test_a_nonmated_search_by_hand():
    """Its subject is not in the gallery."""
    found = scored(probe(50, "z"))

    assert not found.is_mated[0]
    assert found.mate_scores[0] == -np.inf
    assert found.best_other[0, 0] == pytest.approx(np.cos(np.radians(10)))
    assert found.n_ahead.tolist() == [[0]]


def test_an_equal_score_of_somebody_else_comes_before():
    """The reading that is harder on the algorithm."""
    found = scored(probe(20, "a"))

    assert found.n_ahead.tolist() == [[1]]


@given(st.integers(1, 40), st.integers(2, 60), st.integers(0, 10_000))
def test_blocks_give_what_single_pairs_give(n_probes, n_gallery, seed):
    """Whatever the sizes; half of the probes have a mate."""
    gallery = random_templates(n_gallery, seed, 8)
    probes = random_templates(n_probes, seed + 1, 8, [f"{2 * i:04d}" for i in range(n_probes)])
    found, expected = scored(probes, gallery), by_hand(probes, gallery)

    assert found.mate_scores == pytest.approx(expected[:, 0])
    assert found.best_other[:, 0] == pytest.approx(expected[:, 1], abs=1e-5)
    assert found.n_ahead[:, 0].tolist() == expected[:, 2].tolist()


def test_more_than_one_block_gives_what_single_pairs_give():
    """100 probes against 250 entries in three parts, by blocks of 64."""
    gallery, probes = random_templates(250, 3), random_templates(100, 4)
    steps = []
    found = scored(probes, gallery, n_parts=3, block=64, on_probes=steps.append)
    whole, expected = found.in_galleries_of(3), by_hand(probes, gallery)

    assert steps == [64, 36]
    assert found.part_sizes.tolist() == [83, 83, 84]
    assert whole.part_sizes.tolist() == [250]
    assert whole.best_other[:, 0] == pytest.approx(expected[:, 1], abs=1e-5)
    assert whole.n_ahead[:, 0].tolist() == expected[:, 2].tolist()


def test_parts_are_galleries_of_their_own():
    """Four parts give two galleries of two; one left over is left out."""
    found = scored(random_templates(6, 5), random_templates(100, 6), n_parts=5)
    pairs = found.in_galleries_of(2)

    assert pairs.best_other.shape == (6, 2)
    assert pairs.part_sizes.tolist() == [40, 40]
    assert (pairs.best_other[:, 0] == found.best_other[:, :2].max(axis=1)).all()
    assert (pairs.n_ahead[:, 1] == found.n_ahead[:, 2:4].sum(axis=1)).all()


def test_the_order_of_the_gallery_does_not_matter():
    """Nor does the shuffle, for the whole gallery."""
    gallery, probes = random_templates(50, 7), random_templates(9, 8)
    other = LabelledTemplates(
        np.ascontiguousarray(gallery.rows[::-1]), tuple(reversed(gallery.subject_ids))
    )
    one, two = scored(probes, gallery), scored(probes, other, seed=9)

    assert one.best_other == pytest.approx(two.best_other, abs=1e-6)
    assert (one.n_ahead == two.n_ahead).all()


def test_no_probe_has_no_score():
    """Nothing to search is nothing found."""
    found = scored(LabelledTemplates(np.zeros((0, 2), np.float32), ()))

    assert found.best_other.shape == (0, 1)


@pytest.mark.parametrize("row", [(np.nan, 1), (0, 0), (2, 0), (np.inf, 0)])
def test_what_is_no_template_is_refused(row):
    """A NaN would never be an alert and never be missed."""
    with pytest.raises(EvaluationDataInvalidError, match="1 of 1 templates"):
        LabelledTemplates(np.array([row], np.float32), ("a",))


def test_templates_without_their_people_are_refused():
    """Each is somebody's."""
    with pytest.raises(EvaluationDataInvalidError, match="2 subjects"):
        LabelledTemplates(np.array([(1, 0)], np.float32), ("a", "b"))


def test_a_person_stands_in_the_gallery_once():
    """Two entries of one person would come before each other."""
    with pytest.raises(EvaluationDataInvalidError, match="2 gallery entries of 1 people"):
        scored(probe(0, "a"), templates((1, 0), (0, 1), ids="aa"))


def test_a_gallery_smaller_than_its_parts_is_refused():
    """A part without entries would find nobody."""
    with pytest.raises(EvaluationDataInvalidError, match="4 entries or more, found 3"):
        scored(probe(0, "a"), n_parts=4)


def test_templates_of_other_lengths_are_refused():
    """They come from another pack."""
    with pytest.raises(TemplateMismatchError, match="expected probes of length 2, found 3"):
        scored(templates((1, 0, 0)))
