from __future__ import annotations

from tests.unit.evaluation.test_published_record import record

from overt.core.outcome import AlertCounts
from overt.evaluation.deployment_figures import BlueCounts, DeploymentFigures, WalksOfOne
from overt.evaluation.register_cells import joined, rows_at, value_at, zone_of_record
from overt.evaluation.register_columns import COLUMNS, cells_of


def test_every_column_has_a_name_of_its_own_and_says_what_it_means():
    """R-65: definitions are published with the figures."""
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    assert all(column.title and column.meaning.endswith(".") for column in COLUMNS)


def test_oxford_circus_in_cells():
    """Requirements.md, section 6, row 11: 7 false alerts, 8,600 faces, 8 alerts, 1 arrest."""
    cells = cells_of(record() | {"statements": [{"text": "-"}]})

    assert cells["date"] == "2026-03-03"
    assert cells["started"] == "2026-03-03 10:00 GMT"
    assert cells["ended"] == "2026-03-03 16:00 GMT"
    assert cells["duration_h"] == 6.0
    assert cells["places"] == "The square, north"
    assert cells["categories"] == "Wanted by the courts"
    assert (cells["faces_seen"], cells["alerts"], cells["arrests"]) == (8600, 8, 1)
    assert (cells["true_confirmed"], cells["true_unconfirmed"]) == (1, 0)
    assert (cells["false_confirmed"], cells["false_unconfirmed"]) == (5, 2)
    assert cells["false_alerts_per_face_seen_count"] == 7
    assert cells["false_alerts_per_face_seen_total"] == 8600
    assert cells["false_alerts_per_face_seen_status"] == "not demonstrated"
    assert cells["false_alerts_per_face_seen_point_above_limit"] is False
    assert cells["false_alerts_per_alert_percent"] == 87.5
    assert cells["false_alerts_per_alert"].startswith("7 of 8 alerts (87.5 %")
    assert cells["engagements_after_false_alert_durations"] == (
        "under 5 min: 2; 5 to 15 min: 1; 15 to 60 min: 1; 60 min and more: 1"
    )
    assert cells["statements"] == 1
    assert cells["log_size"] == 120


def test_small_groups_stay_withheld():
    """R-47: what the record withholds, a table withholds too."""
    cells = cells_of(record())

    assert cells["engaged_by_ethnicity"] == "Black: withheld; White: withheld"
    assert cells["engaged_by_age_band"] == "25 to 34: 6"
    assert cells["engaged_by_sex"] is None


def test_a_run_of_nothing_has_empty_cells():
    """R-64: broken off before any camera saw anybody."""
    cells = cells_of(record(DeploymentFigures(), application=None, calibration=None))

    assert cells["date"] is None
    assert cells["started"] is None
    assert cells["ended"] is None
    assert cells["places"] is None
    assert cells["categories"] is None
    assert cells["threshold"] is None
    assert cells["engaged_by_sex"] is None
    assert cells["false_alerts_per_face_seen"] == "not defined (0 of 0)"
    assert cells["false_alerts_per_face_seen_percent"] is None
    assert cells["statements"] == 0


def test_rates_of_volunteers_and_bounds_of_the_unresolved():
    """Essex: 33 % to 81 %; 9 of 10 passes recognised."""
    alerts = AlertCounts(confirmed_true=8, confirmed_false=14, unresolved=20)
    blue = BlueCounts(alerts=9, walks=(WalksOfOne(4, 5), WalksOfOne(5, 5)), volunteers=2)
    cells = cells_of(record(DeploymentFigures(faces_seen=9000, alerts=alerts, blue=blue)))

    assert round(cells["false_alerts_per_alert_if_only_confirmed_percent"], 2) == 33.33
    assert round(cells["false_alerts_per_alert_if_all_not_confirmed_true_percent"], 2) == 80.95
    assert cells["true_recognition_rate_percent"] == 90.0
    assert cells["blue_passes"] == 10


def test_what_is_not_there_is_nothing():
    """A path that leads nowhere, and a list that is none."""
    assert value_at({"a": {"b": 1}}, "a.b.c") is None
    assert rows_at({"a": 3}, "a") == []
    assert joined("a", "b")({"a": []}) is None
    assert zone_of_record({}) == "UTC"
    assert cells_of({})["categories"] is None
