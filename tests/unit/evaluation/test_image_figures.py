from __future__ import annotations

import json
from types import MappingProxyType

import numpy as np
import pytest
from tests.unit.evaluation.scored import generator, open_set

from overt.evaluation.comparisons import Comparisons
from overt.evaluation.group_sweep import GroupLimits, group_sweep
from overt.evaluation.image_figures import image_figures
from overt.evaluation.image_test import Submissions, image_test
from overt.evaluation.intervals import exact_interval
from overt.evaluation.open_set import OpenSetScores

# Four mated searches and four non-mated, one a person. At 0.5 one is missed and one is false.
MATED, NONMATED = [(0.9, 0.1), (0.8, 0.1), (0.6, 0.1), (0.3, 0.1)], [0.7, 0.4, 0.2, 0.1]
NOBODY = MappingProxyType({})
NOTHING_COMPARED = Comparisons((), np.zeros((0, 1), np.float32), np.zeros((0, 1), bool), 0)
NOTHING_OFFERED = Submissions(0, 0, 0, 0, (), (), ())


def drawn(scores, *, threshold=0.5, groups=NOBODY, least=1, others=()):
    """Return the figures by identifier, and what was left out."""
    test = image_test(scores, NOTHING_COMPARED, NOTHING_OFFERED, generator(), threshold=threshold)
    whole = scores.in_galleries_of(len(scores.part_sizes))
    limits = GroupLimits(0.05, 0.001, least)
    by_group = group_sweep(whole, groups, (threshold, *others), limits, generator())
    made = image_figures(scores, test, by_group, generator())
    return {each["id"]: each for each in made.drawn}, made.left_out


def test_the_det_curve_by_hand():
    """Between 0.4, where one of four is missed and two are false, and 0.7, where two and one."""
    figures, left_out = drawn(open_set(MATED, NONMATED))
    (line,) = figures["det"]["series"]

    assert line["label"] == "1 gallery of 100"
    assert list(zip(line["x"], line["y"], strict=True)) == [(0.5, 0.25), (0.25, 0.25), (0.25, 0.5)]
    assert figures["det"]["log_x"]
    assert figures["det"]["log_y"]
    assert figures["det"]["marks"] == [
        {"label": "threshold 0.5", "x": 0.25, "y": 0.25, "series": 0}
    ]
    assert "at threshold 0.5 missed 1 of 4 mated searches (25.0 %," in figures["det"]["alt"]
    assert left_out == ()


def test_a_line_for_each_size_of_the_gallery():
    """Of two parts: two galleries of 50, and all 100; others score higher in more."""
    scores = OpenSetScores(
        ("a", "b", "y", "z"),
        np.array([True, True, False, False]),
        np.array([0.9, 0.3, -np.inf, -np.inf]),
        np.array([[0.1, 0.1], [0.1, 0.1], [0.6, 0.2], [0.2, 0.1]], np.float32),
        np.zeros((4, 2), np.int64),
        np.array([50, 50]),
    )
    figures, _ = drawn(scores)
    parts, whole = figures["det"]["series"]

    assert [parts["label"], whole["label"]] == ["2 galleries of 50", "1 gallery of 100"]
    assert (parts["x"], parts["y"]) == ([0.25], [0.5])  # at 0.6: one of four searches is false
    assert (whole["x"], whole["y"]) == ([0.5], [0.5])
    assert [mark["series"] for mark in figures["det"]["marks"]] == [0, 1]


def test_what_shares_of_false_searches_cost_is_said_where_enough_people_were_searched():
    """One of ten is false at 0.5 and above, where one of four mated is missed; no 1 % of ten."""
    figures, _ = drawn(open_set(MATED, [0.7, *[0.2] * 9]))

    assert "with at most 10 % false, 0 of 4 missed." in figures["det"]["alt"]
    assert "1 % false" not in figures["det"]["alt"]


def test_no_threshold_with_both_errors_leaves_the_curve_out():
    """Mates score higher than anybody else does."""
    figures, left_out = drawn(open_set([(0.9, 0.1)], [0.2]))

    assert "det" not in figures
    assert left_out == ("DET curve: at no threshold do both errors occur",)


def test_the_sweep_by_hand():
    """From the lowest score to the highest; the test's own threshold has the test's figures."""
    figures, _ = drawn(open_set(MATED, NONMATED))
    missed, false = figures["threshold-sweep"]["series"]
    at = missed["x"].index(0.5)

    assert (missed["x"][0], missed["x"][-1]) == (pytest.approx(0.1), pytest.approx(0.9))
    assert missed["x"] == sorted(missed["x"])
    assert (missed["y"][0], missed["y"][at], missed["y"][-1]) == (0, 0.25, 0.75)
    assert (false["y"][0], false["y"][at], false["y"][-1]) == (1, 0.25, 0)
    assert false["low"][at] == exact_interval(1, 4).low
    assert false["high"][-1] == exact_interval(0, 4).high
    assert figures["threshold-sweep"]["marks"] == [
        {"label": "threshold 0.5", "x": 0.5, "y": None, "series": None}
    ]


def test_the_sweep_reaches_a_threshold_beyond_all_scores():
    """So that the mark lies on the lines."""
    figures, _ = drawn(open_set(MATED, NONMATED), threshold=0.95)
    missed, _ = figures["threshold-sweep"]["series"]

    assert (missed["x"][-1], missed["y"][-1]) == (0.95, 1)


def test_several_searches_of_one_person_have_no_interval():
    """Lines without a band, as one person shows no spread."""
    figures, _ = drawn(open_set([(0.9, 0.1), (0.4, 0.1)], [0.3], ids="aaz"))
    missed, false = figures["threshold-sweep"]["series"]

    assert missed["low"] is missed["high"] is None
    assert len(false["low"]) == len(false["x"])


def test_the_histogram_by_hand():
    """Eight tenths in fiftieths, from the step of the lowest to the end of that of the highest."""
    figures, _ = drawn(open_set(MATED, NONMATED))
    mated, nonmated = figures["scores"]["series"]
    filled = {x: y for x, y in zip(mated["x"], mated["y"], strict=True) if y}

    assert filled == {0.3: 0.25, 0.6: 0.25, 0.8: 0.25, 0.9: 0.25}
    assert (mated["x"][0], mated["y"][0]) == (0.3, 0)
    assert (mated["x"][-1], mated["y"][-1]) == (0.92, 0)
    assert sum(nonmated["y"]) == 1
    assert (
        "mated, score of the mate: 0.300 to 0.900, median 0.700; 3 of 4 at or above the threshold"
        in figures["scores"]["alt"]
    )


@pytest.mark.parametrize(
    ("lowest", "step"), [(0.8, 0.01), (0.5, 0.01), (0.2, 0.02), (-0.2, 0.05), (-1.0, 0.05)]
)
def test_steps_are_as_fine_as_fifty_allow(lowest, step):
    """Hundredths for half of the scale, twentieths for all of it."""
    figures, _ = drawn(open_set([(1.0, 0.1)], [lowest]))

    assert f"in steps of {step:g}," in figures["scores"]["alt"]


def test_one_kind_of_search_only_is_said():
    """Nobody outside the gallery: no DET curve; the other figures have one line and say why."""
    figures, left_out = drawn(open_set(MATED, []))

    assert left_out == ("DET curve: it needs mated and non-mated searches",)
    assert [line["label"] for line in figures["threshold-sweep"]["series"]] == ["missed, FNIR"]
    assert "false, FPIR: not defined (0 of 0)" in figures["threshold-sweep"]["alt"]
    assert len(figures["scores"]["series"]) == 1
    assert "non-mated, best score: no such search." in figures["scores"]["alt"]


def test_nothing_searched_leaves_everything_out():
    """With a reason each."""
    figures, left_out = drawn(open_set([], []))

    assert figures == {}
    assert [each.partition(":")[0] for each in left_out] == [
        "DET curve",
        "threshold sweep",
        "score histograms",
    ]


def test_forests_of_both_errors_by_group():
    """One of two missed of each; at a further threshold under a name of its own."""
    ids = [f"s{n}" for n in range(8)]
    age = {each: "under 40" if n % 2 else "40 and over" for n, each in enumerate(ids)}
    figures, left_out = drawn(
        open_set(MATED, NONMATED, ids=ids), groups={"age_band": age}, others=[0.85]
    )
    forest = figures["fnir-by-age-band"]

    assert [row["label"] for row in forest["rows"]] == ["40 and over", "under 40"]
    assert [row["value"] for row in forest["rows"]] == [0, 0.5]
    assert forest["rows"][1]["low"] == exact_interval(1, 2).low
    assert "under 40: 1 of 2 mated searches (50.0 %," in forest["alt"]
    assert "no difference is shown" in forest["alt"]
    assert {"fpir-by-age-band", "fnir-by-age-band-at-0.85"} < figures.keys()
    assert left_out == ()


def test_one_group_or_withheld_ones_have_no_forest():
    """Two men and two of whom nothing is recorded; fewer than three are withheld."""
    scores = open_set(MATED, NONMATED)
    one = {f"s{n}": "male" for n in range(8)}
    _, left_out = drawn(scores, groups={"sex": one})
    _, withheld = drawn(scores, groups={"sex": {"s0": "male", "s1": "male"}}, least=3)

    reason = "fewer than two groups have an interval that can be shown"
    assert left_out == (
        f"missed, FNIR at 0.5, by sex: {reason}",
        f"false, FPIR at 0.5, by sex: {reason}",
    )
    assert withheld == left_out


def test_the_same_scores_and_seed_give_the_same_figures():
    """Plain values, ready to be written as JSON."""
    scores = open_set([*MATED, (0.7, 0.2)], [*NONMATED, 0.5], ids="aabccvwxyy")
    once, again = drawn(scores)[0], drawn(scores)[0]

    assert json.loads(json.dumps(once, allow_nan=False)) == again
