"""Search: exact, inclusive, ordered, and the same alone or in a batch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from overt.core.gallery import freeze_gallery
from overt.core.matching import best_rows, search
from overt.core.template import Template, TemplateRole, unit_rows
from overt.errors import TemplateMismatchError


def probe(*values: float, pack: str = "p") -> Template:
    """Return a probe template."""
    return Template(np.array(values, np.float32), TemplateRole.PROBE, pack)


def gallery_of(**rows: tuple[float, ...]):
    """Return a gallery with these rows."""
    references = {
        entry_id: Template(np.array(row, np.float32), TemplateRole.REFERENCE, "p")
        for entry_id, row in rows.items()
    }
    return freeze_gallery(references, pack_digest="p")


# Scores with the probe (1, 0, 0) can be read off the first column.
THREE = {"a": (0.6, 0.8, 0.0), "b": (0.8, 0.6, 0.0), "c": (-1.0, 0.0, 0.0)}


def found(result) -> list[tuple[str, float, int]]:
    """Return a result's candidates as tuples."""
    return [(c.entry_id, pytest.approx(c.score), c.rank) for c in result.candidates]


def test_candidates_come_best_first_with_their_cosine():
    """0.8 before 0.6; -1 is below the threshold."""
    (result,) = search([probe(1, 0, 0)], gallery_of(**THREE), threshold=0.0, max_rank=3)

    assert found(result) == [("b", 0.8, 1), ("a", 0.6, 2)]


def test_the_threshold_is_inclusive():
    """R-50: a score equal to the threshold is a candidate, the next number above is not."""
    gallery = gallery_of(a=(0.5, 0.0))
    (at,) = search([probe(1, 0)], gallery, threshold=0.5, max_rank=1)
    (above,) = search([probe(1, 0)], gallery, threshold=np.nextafter(0.5, 1), max_rank=1)

    assert found(at) == [("a", 0.5, 1)]
    assert above.candidates == ()


@pytest.mark.parametrize(("max_rank", "expected"), [(1, "b"), (2, "ba"), (3, "bac"), (9, "bac")])
def test_the_candidate_list_is_no_longer_than_asked_for(max_rank, expected):
    """And no longer than the gallery."""
    (result,) = search([probe(1, 0, 0)], gallery_of(**THREE), threshold=-1, max_rank=max_rank)

    assert "".join(c.entry_id for c in result.candidates) == expected
    assert [c.rank for c in result.candidates] == list(range(1, len(expected) + 1))


def test_the_best_score_and_its_lead_do_not_depend_on_the_threshold():
    """0.8 - 0.6 = 0.2, with no candidate and with a list of one."""
    for threshold in (0.99, -1):
        (result,) = search([probe(1, 0, 0)], gallery_of(**THREE), threshold=threshold, max_rank=1)

        assert result.best_score == pytest.approx(0.8)
        assert result.runner_up_margin == pytest.approx(0.2)


def test_a_gallery_of_one_has_no_runner_up():
    """The lead over nobody is not a number."""
    (result,) = search([probe(1, 0)], gallery_of(a=(1.0, 0.0)), threshold=0, max_rank=3)

    assert (result.best_score, result.runner_up_margin) == (1.0, None)


@pytest.mark.parametrize("n_equal", [2, 40, 5000])
def test_equal_scores_are_ordered_by_identifier(n_equal):
    """A replay gives the same list, however many entries score the same."""
    rows = {f"e{i:04}": (0.6, 0.8) for i in reversed(range(n_equal))}
    (result,) = search([probe(1, 0)], gallery_of(**rows), threshold=0, max_rank=2)

    assert [c.entry_id for c in result.candidates] == ["e0000", "e0001"]
    assert result.runner_up_margin == 0


def test_scores_that_single_precision_cannot_tell_apart_are_ranked_right():
    """1 + 2**-30 and 2**-50 more are one number in float32; the second sum is exact."""
    gallery = gallery_of(a=(1.0, 1.0), b=(1.0, 1.0 + 2**-20))
    rows, scores = best_rows(np.array([[1.0, 2**-30]], np.float32), gallery.matrix, count=1)

    assert rows.tolist() == [[1]]
    assert scores.tolist() == [[1 + 2**-30 + 2**-50]]


def test_an_empty_gallery_gives_no_candidate_and_no_score():
    """One result for each probe."""
    results = search([probe(1, 0), probe(0, 1)], gallery_of(), threshold=-1, max_rank=1)

    assert [(r.candidates, r.best_score, r.runner_up_margin) for r in results] == [
        ((), None, None)
    ] * 2


def test_no_probes_give_no_results():
    """A frame without faces is searched without a call to anything."""
    assert search([], gallery_of(**THREE), threshold=0, max_rank=1) == []


def test_each_probe_gets_its_own_result():
    """In the order of the probes."""
    probes = [probe(0, 1, 0), probe(-1, 0, 0), probe(1, 0, 0)]
    results = search(probes, gallery_of(**THREE), threshold=0.7, max_rank=1)

    assert [[c.entry_id for c in r.candidates] for r in results] == [["a"], ["c"], ["b"]]


@pytest.mark.parametrize("rows", [THREE, {}])
def test_a_probe_of_another_pack_is_refused(rows):
    """Also by an empty gallery; the message names both packs."""
    with pytest.raises(TemplateMismatchError, match="another model pack") as refused:
        search(
            [probe(1, 0, 0), probe(1, 0, 0, pack="q")], gallery_of(**rows), threshold=0, max_rank=1
        )

    assert refused.value.fields == {"expected": "p", "found": "q"}


def test_a_probe_of_another_length_is_refused():
    """Two dimensions against three."""
    with pytest.raises(TemplateMismatchError, match="expected a probe of length 3, found 2"):
        search([probe(1, 0)], gallery_of(**THREE), threshold=0, max_rank=1)


@st.composite
def searches(draw):
    """Draw probes and a gallery, many rows alike or nearly so."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_rows, n_probes = draw(st.integers(1, 300)), draw(st.integers(1, 9))
    length = draw(st.sampled_from([2, 3, 17, 128]))
    rows = rng.normal(size=(n_rows, length))
    alike = rng.integers(0, n_rows, size=draw(st.integers(0, n_rows)))
    rows[alike] = rows[0] + rng.normal(size=(len(alike), length)) * draw(
        st.sampled_from([0, 1e-8, 1e-6, 1e-4])
    )
    probes = rng.normal(size=(n_probes, length))
    probes[0] = rows[0]
    return (
        unit_rows(probes.astype(np.float32)),
        unit_rows(rows.astype(np.float32)),
        draw(st.integers(1, 12)),
    )


@given(case=searches())
def test_the_ranking_is_that_of_double_precision(case):
    """Every score in float64, sorted, equal ones by row: the plain way gives the same."""
    probes, gallery, count = case
    rows, scores = best_rows(probes, gallery, count=count)
    for probe_row, found_rows, found_scores in zip(probes, rows, scores, strict=True):
        products = gallery.astype(np.float64) * probe_row.astype(np.float64)
        plain = products.sum(axis=1)
        order = sorted(range(len(gallery)), key=lambda row: (-plain[row], row))[:count]

        assert found_rows.tolist() == order
        assert found_scores.tolist() == plain[order].tolist()


@given(case=searches())
def test_a_probe_gets_the_same_alone_and_in_a_batch(case):
    """R-50: bit for bit, so that who else is in the picture cannot decide an alert."""
    probes, gallery, count = case
    rows, scores = best_rows(probes, gallery, count=count)
    for position in range(len(probes)):
        alone_rows, alone_scores = best_rows(probes[position : position + 1], gallery, count=count)

        assert np.array_equal(alone_rows[0], rows[position])
        assert np.array_equal(alone_scores[0], scores[position])


@pytest.mark.parametrize("n_probes", [1, 2, 5])
def test_a_gallery_larger_than_one_block_is_searched_whole(n_probes):
    """20,000 rows; the best is planted first, in the middle or last."""
    rng = np.random.default_rng(7)
    rows = unit_rows(rng.normal(size=(20_000, 64)).astype(np.float32))
    for planted in (0, 9_999, 19_999):
        best, scores = best_rows(np.repeat(rows[planted][None], n_probes, axis=0), rows, count=2)

        assert best[:, 0].tolist() == [planted] * n_probes
        assert scores[:, 0] == pytest.approx(1)
