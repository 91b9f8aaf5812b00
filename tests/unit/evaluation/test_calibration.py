from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st
from scipy.stats import norm
from tests.unit.evaluation.scored import generator, open_set, random_templates

from overt.errors import EvaluationDataInvalidError, TooFewDataError
from overt.evaluation.calibration import Target, calibrated_threshold, people_needed
from overt.evaluation.calibration_evidence import evidence_values, notes
from overt.evaluation.open_set import score_open_set

# A hundred people score 0.001 to 0.100; two mated searches.
OTHERS = [n / 1000 for n in range(1, 101)]
MATED = [(0.9, 0.05), (0.08, 0.05)]
TENTH = Target(0.1, 100)


def calibrated(target=TENTH, others=OTHERS, mated=MATED, **options):
    """Return the threshold of these scores, in a gallery of 100."""
    return calibrated_threshold(open_set(mated, others), target, generator(), **options)


def test_the_threshold_by_hand():
    """Of 100 people 4 may be false: the interval of 4 ends at 9.9 %, of 5 at 11.3 %.

    Four are left at or above just over the fifth highest, 0.096. Ten are nearest to a tenth.
    The interval of 17 begins at 10.2 %, of 16 at 9.4 %: the lower end leaves sixteen.
    """
    found = calibrated()

    assert found.threshold == pytest.approx(0.0961)
    assert found.nearest == pytest.approx(0.0901)
    assert found.lowest == pytest.approx(0.0841)
    assert (found.people.count, found.people.total) == (4, 100)
    assert found.people.interval.high <= 0.1
    assert not found.is_extrapolated
    assert not found.is_at_edge
    assert notes(found) == ()


def test_what_the_threshold_misses():
    """Both mates at the lower end, one at the chosen threshold, shown beside a third."""
    found = calibrated(compare_with=0.01)

    assert [(at.threshold, at.fnir.count) for at in found.at] == [
        (pytest.approx(0.0961), 1),
        (pytest.approx(0.0901), 1),
        (pytest.approx(0.0841), 1),
        (0.01, 0),
    ]


def test_false_alerts_an_hour():
    """4 of 100 at 500 faces an hour: 20, from 5.5 to 49.6."""
    found = calibrated(replace(TENTH, faces_per_hour=500))
    low, expected, high = found.false_alerts_per_hour()

    assert expected == pytest.approx(20)
    assert (low, high) == pytest.approx((500 * 0.011005, 500 * 0.099258), rel=1e-3)
    assert calibrated().false_alerts_per_hour() is None


def test_people_count_once():
    """By their highest score: a hundred photographs of ten people are ten people."""
    ids = ["m", "n", *[f"p{n % 10}" for n in range(100)]]
    with pytest.raises(TooFewDataError, match="there are 10, so 26 more are needed"):
        calibrated_threshold(open_set(MATED, OTHERS, ids=ids), TENTH, generator())


@pytest.mark.parametrize(("target", "needed"), [(0.1, 36), (0.001, 3688)])
def test_too_few_people_are_refused_with_how_many_more(target, needed):
    """The fewest: 0.025^(1/n) no less than 1 - target, so n = ln 0.025 / ln (1 - target)."""
    asked = Target(target, 100)
    few = [0.1] * 30

    assert people_needed(asked, 100) == needed
    with pytest.raises(TooFewDataError, match=f"so {needed - 30:,} more are needed$") as refused:
        calibrated(asked, few)
    assert refused.value.fields["n_needed"] == needed


def test_a_watchlist_larger_than_the_gallery_is_extrapolated():
    """1 - 0.9^(1/2) = 5.13 % in half of the entries; refused where that cannot be shown."""
    found = calibrated(Target(0.1, 200, 100))
    low, share, high = found.fpir_of_watchlist()

    assert found.is_extrapolated
    assert found.fpir_needed == pytest.approx(0.0513167)
    assert found.people.interval.high <= found.fpir_needed
    assert share == pytest.approx(1 - (1 - found.people.value) ** 2)
    assert low <= share <= high <= 0.1
    assert "extrapolated: measured in a gallery of 100" in notes(found)[0]
    with pytest.raises(TooFewDataError, match="with a gallery of 10,000 entries it is 36 people"):
        calibrated(Target(0.1, 10_000))


def test_a_threshold_at_the_edge_of_the_data_says_so():
    """Forty people show a tenth only without a false search: just over the highest."""
    found = calibrated(others=OTHERS[:40])

    assert found.is_at_edge
    assert found.threshold == pytest.approx(0.0401)
    assert found.people.count == 0
    assert "at the edge of the data" in notes(found)[0]


def test_a_gallery_larger_than_the_watchlist_is_on_the_side_of_caution():
    """One part that cannot be cut further."""
    found = calibrated(Target(0.1, 50))

    assert not found.is_extrapolated
    assert found.fpir_needed == pytest.approx(0.1)
    assert "larger than the watchlist" in notes(found)[0]


def test_as_few_parts_as_hold_the_watchlist_are_searched():
    """Of four parts of 25 entries two hold a watchlist of 40."""
    probes = random_templates(60, 1, ids=[f"p{n}" for n in range(60)])
    scores = score_open_set(probes, random_templates(100, 2), generator(), n_parts=4)

    assert calibrated_threshold(scores, Target(0.2, 40), generator()).n_gallery == 50
    assert calibrated_threshold(scores, Target(0.2, 100), generator()).n_gallery == 100


def test_nobody_to_find_leaves_the_misses_undefined():
    """One class only: a threshold, and no number for what it costs."""
    assert calibrated(mated=[]).at[0].fnir.text() == "not defined (0 of 0)"


def test_no_impostors_are_refused():
    """Nothing shows anything."""
    with pytest.raises(TooFewDataError, match="there are 0, so 36 more"):
        calibrated(others=[])


def test_scores_that_are_no_numbers_are_refused():
    """They would be no false search at any threshold."""
    with pytest.raises(EvaluationDataInvalidError):
        calibrated(others=[*OTHERS, float("nan")])


@pytest.mark.parametrize("wrong", [{"fpir": 0}, {"fpir": 1}, {"watchlist_size": 0}])
def test_impossible_targets_are_refused(wrong):
    """A share that nothing has, or a list of nobody."""
    with pytest.raises(ValueError, match="a target needs"):
        Target(**{"fpir": 0.1, "watchlist_size": 10, **wrong})
    with pytest.raises(ValueError, match="a target needs"):
        Target(0.1, 10, faces_per_hour=0)


@given(st.lists(st.floats(0, 1), min_size=40, max_size=120), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(others, shuffler):
    """And the three thresholds are in order."""
    shuffled = list(others)
    shuffler.shuffle(shuffled)
    one, two = calibrated(others=others), calibrated(others=shuffled)

    assert (one.threshold, one.nearest, one.lowest) == (two.threshold, two.nearest, two.lowest)
    assert one.lowest <= one.nearest <= one.threshold


def test_the_threshold_holds_its_target_as_often_as_it_says():
    """1,000 trials of 1,000 people of normal scores: in 97.5 % the true FPIR is within 1 %.

    And the interval of the exact threshold holds it in 95 %.
    """
    drawn, exact = generator(20230406), norm.isf(0.01)
    within = covered = 0
    for _ in range(1000):
        found = calibrated(Target(0.01, 100), drawn.standard_normal(1000).tolist(), [])
        within += norm.sf(found.threshold) <= 0.01
        covered += found.lowest - 1e-4 <= exact <= found.threshold

    assert within >= 975
    assert covered >= 950


def test_the_evidence_is_json_and_names_its_source():
    """Byte for byte the same for the same scores and seed."""
    found = calibrated(Target(0.1, 200, 100))
    values = evidence_values(found, {"model_pack": "p"}, 3)

    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values == evidence_values(calibrated(Target(0.1, 200, 100)), {"model_pack": "p"}, 3)
    assert values["threshold_interval"]["high"] == values["threshold"]
    assert values["false_alerts_per_hour"]["high"] <= 10
    assert values["source"] == {"model_pack": "p"}
    assert evidence_values(calibrated(), {}, 1)["false_alerts_per_hour"] is None


def test_everybody_false_is_a_share_of_one():
    """In the conversion to the watchlist too."""
    found = calibrated(replace(TENTH, watchlist_size=200))
    everybody = replace(found, people=replace(found.people, count=100, total=100))

    assert everybody.fpir_of_watchlist()[1] == 1
    assert replace(found, people=replace(found.people, interval=None)).fpir_of_watchlist()[2] == 1
