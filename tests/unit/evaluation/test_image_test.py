from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.unit.evaluation.scored import generator, open_set, random_templates, templates

from overt.evaluation.comparisons import compare
from overt.evaluation.image_test import Submissions, image_test
from overt.evaluation.open_set import LabelledTemplates, score_open_set

# Two mated searches of a (found at 1, missed at 0.6) and one non-mated of z (false at 0.8).
GALLERY = templates((1, 0), (0, 1), ids="ab")
PROBES = templates((1, 0), (3, 4), (4, 3), ids=["a", "a", "z"])
SUBMISSIONS = Submissions(
    n_gallery=4,
    n_gallery_refused=2,
    n_people=3,
    n_people_refused=1,
    probe_ids=("a", "a", "z", "z", "c"),
    is_refused=(False, False, False, True, False),
    lost_ids=("c",),
)


def figures(probes=PROBES, gallery=GALLERY, submissions=SUBMISSIONS, n_parts=1, **options):
    """Return the test of these templates at 0.7."""
    scores = score_open_set(probes, gallery, generator(), n_parts=n_parts)
    comparisons = compare(probes, gallery, generator(), **options)
    return image_test(scores, comparisons, submissions, generator(), threshold=0.7)


def counted(rate):
    """Return count and total."""
    return rate.count, rate.total


def test_every_figure_by_hand():
    """Failures before the search, searches, comparisons, and everybody missed together."""
    found = figures()
    (size,) = found.sizes

    assert counted(found.fte) == (2, 4)
    assert counted(found.people_not_enrolled) == (1, 3)
    assert counted(found.fta) == (1, 5)
    assert (size.n_entries, size.n_galleries) == (2, 1)
    assert counted(size.fnir) == (1, 2)
    assert counted(size.fpir) == (1, 1)
    assert counted(found.missed) == (2, 3)  # the second of a, and c who was not enrolled
    assert counted(found.fnmr) == (1, 2)
    assert counted(found.fmr) == (2, 4)
    assert found.n_not_compared == 0


def test_nobody_lost_leaves_one_interval_of_the_same_searches():
    """Not two draws of it."""
    found = figures(submissions=replace(SUBMISSIONS, lost_ids=()))

    assert found.missed.interval == found.sizes[-1].fnir.interval
    assert found.missed.unit == "photographs of people offered for the gallery"


def test_galleries_of_several_sizes():
    """Four parts of 25 entries: four galleries of 25, two of 50, one of 100."""
    probes = random_templates(6, 2, ids=[f"p{i}" for i in range(6)])
    found = figures(probes, random_templates(100, 1), n_parts=4)

    assert [(s.n_entries, s.n_galleries) for s in found.sizes] == [(25, 4), (50, 2), (100, 1)]
    assert [s.fpir.total for s in found.sizes] == [24, 12, 6]


def test_thresholds_by_share_of_false_searches():
    """At 0.3 one of ten non-mated searches is false and none of two mated ones missed."""
    others = [0.1] * 9 + [0.5]
    scores = open_set([(0.9, 0.1), (0.3, 0.1)], others)
    found = image_test(
        scores, compare(PROBES, GALLERY, generator()), SUBMISSIONS, generator(), threshold=0.7
    )
    tenth, hundredth, _ = found.targets

    assert (tenth.threshold, counted(tenth.fnir)) == (pytest.approx(0.3), (0, 2))
    assert hundredth.threshold is None
    assert hundredth.n_needed == 90


def test_one_class_only_has_no_curve_and_no_number():
    """No impostors: FPIR and FMR are not defined, and no threshold follows."""
    found = figures(templates((1, 0), ids="a"), templates((1, 0), ids="a"))

    assert found.sizes[0].fpir.text() == "not defined (0 of 0)"
    assert found.fmr.text() == "not defined (0 of 0)"
    assert found.searches is found.comparisons is None
    assert all(target.threshold is None for target in found.targets)
    assert found.values()["det_of_searches"] is None


def test_no_score_may_be_high_enough_for_a_target():
    """Ten people score higher than any mate: no score that occurs has few enough at or above."""
    scores = open_set([(0.3, 0.1)], [0.9] * 10)
    found = image_test(
        scores, compare(PROBES, GALLERY, generator()), SUBMISSIONS, generator(), threshold=0.7
    )

    assert (found.targets[0].n_needed, found.targets[0].threshold) == (0, None)


def test_nobody_searched_is_not_defined():
    """An empty test has no rate but those of what was offered."""
    nobody = LabelledTemplates(np.zeros((0, 2), np.float32), ())
    found = figures(nobody)

    assert found.sizes[0].fnir.text() == "not defined (0 of 0)"
    assert counted(found.missed) == (1, 1)


def test_the_figures_are_json():
    """Plain values; each rate with its counts and interval, the curve with its totals."""
    values = figures().values()

    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values["galleries"][0]["fnir"]["count"] == 1
    assert values["det_of_searches"]["n_nonmated"] == 1
    assert values["det_of_searches"]["points"][-1] == {"threshold": 1.0, "missed": 1, "false": 0}


def test_a_seed_gives_the_same_figures():
    """Byte for byte."""
    assert figures().values() == figures().values()
