from __future__ import annotations

import numpy as np
import pytest
from tests.unit.evaluation.scored import generator, random_templates, templates

from overt.evaluation.comparisons import compare
from overt.evaluation.open_set import LabelledTemplates

GALLERY = templates((1, 0), (0, 1), ids="ab")
PROBES = templates((1, 0), (3, 4), (4, 3), ids=["a", "a", "z"])


def test_comparisons_by_hand():
    """Probes of a score 1 and 0.6 with a, 0 and 0.8 with b; z scores 0.8 and 0.6."""
    found = compare(PROBES, GALLERY, generator())

    assert sorted(found.mated()) == pytest.approx([0.6, 1])
    assert sorted(found.nonmated()) == pytest.approx([0, 0.6, 0.8, 0.8])
    assert found.n_offered == len(found.subject_ids) == 3


def test_one_to_one_rates_by_hand():
    """FNMR 1 of 2 and FMR 2 of 4 at 0.7; who has no mate is not among the mated."""
    found = compare(PROBES, GALLERY, generator())
    missed, false = found.fnmr(0.7, generator()), found.fmr(0.7, generator())

    assert (missed.count, missed.total, missed.unit) == (1, 2, "mated comparisons")
    assert (false.count, false.total, false.unit) == (2, 4, "non-mated comparisons")
    assert missed.interval is None  # one person
    assert false.interval is not None


def test_too_many_comparisons_are_made_of_fewer_probes():
    """Drawn with the generator; one probe at least."""
    gallery, probes = random_templates(10, 1), random_templates(50, 2)

    found = compare(probes, gallery, generator(), most=100)
    least = compare(probes, gallery, generator(), most=1)

    assert found.scores.shape == (10, 10)
    assert found.n_offered == 50
    assert len(set(found.subject_ids)) == 10
    assert least.scores.shape == (1, 10)


def test_nobody_to_compare_with():
    """Both rates are not defined."""
    nobody = LabelledTemplates(np.zeros((0, 2), np.float32), ())
    found = compare(nobody, GALLERY, generator())

    assert found.fnmr(0.5, generator()).text() == "not defined (0 of 0)"
    assert found.fmr(0.5, generator()).text() == "not defined (0 of 0)"
