from __future__ import annotations

import json

import numpy as np
from tests.unit.evaluation.scored import open_set
from tests.unit.evaluation.test_group_tests import generator

from overt.evaluation.group_sweep import GroupLimits, group_sweep

LIMITS = GroupLimits(0.05, 0.001, 5)


def swept(*thresholds):
    """Return the errors of forty people found and forty searched in vain, half of each sex."""
    drawn = np.random.default_rng(1)
    ids = [f"p{n:02d}" for n in range(80)]
    scores = open_set(
        [(float(s), 0.1) for s in drawn.normal(0.7, 0.1, 40)],
        drawn.normal(0.5, 0.1, 40).tolist(),
        ids=ids,
    )
    sex = {each: "female" if n % 2 else "male" for n, each in enumerate(ids)}
    return group_sweep(scores, {"sex": sex}, thresholds, LIMITS, generator())


def test_both_errors_by_group_and_threshold():
    """Missed rise and false fall with the threshold, in each group."""
    low, high = swept(0.55, 0.65)

    assert (low.grouping, low.threshold, high.threshold) == ("sex", 0.55, 0.65)
    for one, other in zip(low.missed.groups, high.missed.groups, strict=True):
        assert one.group == other.group
        assert one.n_people == other.n_people == 20
        assert one.rate.count < other.rate.count
    for one, other in zip(low.false.groups, high.false.groups, strict=True):
        assert one.rate.count > other.rate.count
    assert low.missed.margin == 0.05
    assert low.false.margin == 0.001


def test_the_errors_are_json():
    """Plain values, the sentence of each pair among them."""
    values = [errors.values() for errors in swept(0.6)]

    assert json.loads(json.dumps(values, allow_nan=False)) == values
    (pair,) = values[0]["missed_fnir"]["pairs"]
    assert pair["one"] == "female"
    assert "points" in pair["text"]


def test_no_grouping_gives_no_errors():
    """Nothing is guessed from pictures."""
    scores = open_set([(0.9, 0.1)], [0.2])

    assert group_sweep(scores, {}, [0.5], LIMITS, generator()) == ()


def test_small_groups_are_null():
    """Their numbers and rates."""
    scores = open_set([(0.9, 0.1)], [0.2], ids=["a", "b"])
    (errors,) = group_sweep(scores, {"sex": {"a": "female"}}, [0.5], LIMITS, generator())
    groups = errors.values()["missed_fnir"]["groups"]

    assert groups == {"female": {"n_people": None, "rate": None}}
