from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from overt.errors import UndefinedRateError
from overt.evaluation.rates import (
    LimitStatus,
    Rate,
    false_alerts_per_alert,
    false_alerts_per_face_seen,
    limit_status,
    rate,
    true_recognition_rate,
)

counts = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("false_alerts", "faces_seen", "share", "low", "high"),
    [
        (7, 8600, "8.13953e-04", "3.273e-04", "1.676e-03"),
        (1, 12120, "8.25083e-05", "2.089e-06", "4.596e-04"),
        (0, 15600, "0.00000e+00", "0.000e+00", "2.364e-04"),
        (10, 3147436, "3.17719e-06", "1.524e-06", "5.843e-06"),
    ],
)
def test_false_alerts_per_face_seen_of_published_deployments(
    false_alerts, faces_seen, share, low, high
):
    """Requirements, section 6, rows 11, 12, 13, 21."""
    found = false_alerts_per_face_seen(false_alerts=false_alerts, faces_seen=faces_seen)

    assert f"{found.value:.5e}" == share
    assert (f"{found.interval.low:.3e}", f"{found.interval.high:.3e}") == (low, high)
    assert found.unit == "faces seen"


@pytest.mark.parametrize(
    ("false_alerts", "true_alerts", "text"),
    [
        (7, 1, "7 of 8 alerts (87.5 %, 95 % interval 47.3 % to 99.7 %)"),
        (1, 10, "1 of 11 alerts (9.1 %, 95 % interval 0.2 % to 41.3 %)"),
        (2, 8, "2 of 10 alerts (20.0 %, 95 % interval 2.5 % to 55.6 %)"),
        (10, 2067, "10 of 2,077 alerts (0.48 %, 95 % interval 0.23 % to 0.88 %)"),
    ],
)
def test_false_alerts_per_alert_of_published_deployments(false_alerts, true_alerts, text):
    """Requirements, section 6, rows 11, 12, 3, 21: the same data, another denominator."""
    found = false_alerts_per_alert(false_alerts=false_alerts, true_alerts=true_alerts)

    assert found.text() == text


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (7, 8600, "7 of 8,600 faces seen (0.081 %, 95 % interval 0.033 % to 0.168 %)"),
        (0, 15600, "0 of 15,600 faces seen (0 %, 95 % interval 0 % to 0.024 %)"),
        (1, 12120, "1 of 12,120 faces seen (0.0083 %, 95 % interval 0.0002 % to 0.0460 %)"),
        (5, 5, "5 of 5 faces seen (100 %, 95 % interval 47.8 % to 100 %)"),
        (0, 0, "not defined (0 of 0)"),
    ],
)
def test_text_gives_counts_then_share_and_interval(count, total, text):
    """Digits follow the size of the number; 0 % and 100 % are said only of exact ones."""
    assert rate(count, total, "faces seen").text() == text


@given(counts)
def test_text_never_rounds_something_to_nothing(pair):
    """A share or end is printed as 0 % or 100 % only where it is exactly that."""
    found = rate(*pair, "faces seen")
    printed = found.text().replace("(", "").split(" %")
    share = float(printed[0].split()[-1])

    assert (share == 0) == (pair[0] == 0)
    assert (share == 100) == (pair[0] == pair[1])


@given(counts)
def test_twice_the_data_keeps_the_share(pair):
    """A rate does not depend on how much was counted; its interval does."""
    once, twice = rate(*pair, "faces seen"), rate(pair[0] * 2, pair[1] * 2, "faces seen")

    assert once.value == twice.value
    assert once.interval.low <= twice.interval.low <= twice.interval.high <= once.interval.high


def test_one_in_is_the_way_forces_print_it():
    """Rows 11 and 21: 1 in 1,229 and 1 in 314,744."""
    assert round(rate(7, 8600, "faces seen").one_in()) == 1229
    assert round(rate(10, 3147436, "faces seen").one_in()) == 314744


@pytest.mark.parametrize("total", [0, 15600])
def test_one_in_says_nothing_where_nothing_was_counted(total):
    """Never "1 in infinity"."""
    assert rate(0, total, "faces seen").one_in() is None


def test_a_rate_of_nothing_is_loud():
    """A zero denominator raises and names what was not counted."""
    with pytest.raises(UndefinedRateError, match="faces seen") as caught:
        _ = rate(0, 0, "faces seen").value

    assert caught.value.fields == {"count": 0, "total": 0, "unit": "faces seen"}


@pytest.mark.parametrize("pair", [(1, 0), (9, 8), (-1, 8)])
def test_contradicting_counts_are_refused(pair):
    """No more events than trials, none negative."""
    with pytest.raises(ValueError, match="found"):
        rate(*pair, "alerts")


def test_true_recognition_rate_counts_opportunities():
    """8 of 10 known passages; its unit is said."""
    found = true_recognition_rate(recognised=8, recognition_opportunities=10)

    assert found.text() == (
        "8 of 10 recognition opportunities (80.0 %, 95 % interval 44.4 % to 97.5 %)"
    )


@pytest.mark.parametrize(
    ("false_alerts", "faces_seen", "status", "is_above"),
    [
        (7, 8600, LimitStatus.NOT_DEMONSTRATED, False),
        (1, 12120, LimitStatus.WITHIN, False),
        (0, 15600, LimitStatus.WITHIN, False),
        (10, 3147436, LimitStatus.WITHIN, False),
        (2, 1000, LimitStatus.NOT_DEMONSTRATED, True),
        (1, 1000, LimitStatus.NOT_DEMONSTRATED, False),
        (20, 5000, LimitStatus.BREACHED, True),
    ],
)
def test_limit_of_1_in_1000(false_alerts, faces_seen, status, is_above):
    """R-43, with the deployments of section 6 and acceptance test 7; a limit is inclusive."""
    observed = false_alerts_per_face_seen(false_alerts=false_alerts, faces_seen=faces_seen)
    found = limit_status(observed, 1 / 1000)

    assert (found.status, found.is_point_above_limit) == (status, is_above)


def test_acceptance_test_7_gives_its_interval():
    """2 false alerts in 1,000 faces: 0.0242 % to 0.7206 %."""
    interval = rate(2, 1000, "faces seen").interval

    assert (f"{interval.low:.4%}", f"{interval.high:.4%}") == ("0.0242%", "0.7206%")


@pytest.mark.parametrize("observed", [rate(0, 0, "faces seen"), Rate(1, 2, "faces seen", None)])
def test_a_limit_cannot_be_held_against_nothing(observed):
    """Without faces or without an interval there is no finding."""
    with pytest.raises(UndefinedRateError):
        limit_status(observed, 0.001)


@given(counts, st.floats(1e-6, 0.5))
def test_status_and_point_never_contradict(pair, limit):
    """Within implies a point not above; breached implies a point above."""
    found = limit_status(rate(*pair, "faces seen"), limit)

    assert found.status is LimitStatus.NOT_DEMONSTRATED or found.is_point_above_limit == (
        found.status is LimitStatus.BREACHED
    )
