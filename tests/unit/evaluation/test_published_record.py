from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.unit.core import governed as g

from overt.core.deployment import DeploymentState
from overt.core.outcome import AlertCounts
from overt.evaluation.deployment_figures import (
    BlueCounts,
    DeploymentFigures,
    EngagementCounts,
    LiveSpan,
    WalksOfOne,
)
from overt.evaluation.equality import EqualityTable, EqualityTables
from overt.evaluation.published_record import RECORD_SEED, RecordProof, published_record
from overt.evaluation.trial_numbers import Query, SharePerPerson, measured_rate

PROOF = RecordProof(120, "cm9vdA==", "b" * 64)
# requirements.md, section 6, row 11: Oxford Circus, 27 February 2020
ROW_11 = DeploymentFigures(
    spans=(LiveSpan(g.OPENS, g.OPENS + 6 * g.HOUR, 7292),),
    faces_seen=8600,
    searches=9000,
    alerts=AlertCounts(confirmed_true=1, confirmed_false=5, unconfirmed_false=2),
    engagements=EngagementCounts(
        engaged=6,
        false_engaged=5,
        arrests=1,
        arrest_reasons={"wanted_by_courts": 1, "reasonable_grounds": 1},
    ),
    false_engaged_s=(60, 299, 300, 1000, 4000),
    equality=EqualityTables(
        5,
        EqualityTable({"black": None, "white": None}, {"white": None}),
        EqualityTable({"from_25_to_34": 6}, {}),
        EqualityTable({}, {}),
    ),
    signs_placed=4,
)


def record(figures=ROW_11, **changes):
    """Return the record of a purged deployment."""
    deployment = replace(g.purged_in_time(), **changes)
    return published_record(deployment, figures, g.POLICY, PROOF, g.OPENS + g.DAY)


def test_a_record_is_json():
    """Plain values only."""
    assert json.loads(json.dumps(record(), allow_nan=False)) == record()


def test_the_false_alert_rates_of_oxford_circus():
    """Golden values of requirements.md, section 6: 0.081 % of faces and 87.5 % of alerts."""
    rates = record()
    per_face, per_alert = rates["false_alerts_per_face_seen"], rates["false_alerts_per_alert"]

    assert per_face["percent"] == pytest.approx(0.0813953, rel=1e-5)
    assert per_face["low_percent"] == pytest.approx(0.03273, rel=1e-3)
    assert per_face["high_percent"] == pytest.approx(0.1676, rel=1e-3)
    assert per_face["status"] == "not demonstrated"
    assert per_face["point_above_limit"] is False
    assert per_alert["percent"] == 87.5
    assert per_alert["low_percent"] == pytest.approx(47.35, rel=1e-3)
    assert per_alert["high_percent"] == pytest.approx(99.68, rel=1e-3)


def test_unresolved_alerts_leave_bounds():
    """Essex: 14 of 42 confirmed false, 8 confirmed true: 33 % to 81 %."""
    alerts = AlertCounts(confirmed_true=8, confirmed_false=14, unresolved=20)
    per_alert = record(DeploymentFigures(faces_seen=9000, alerts=alerts))["false_alerts_per_alert"]

    assert per_alert["if_only_confirmed_percent"] == pytest.approx(33.33, rel=1e-3)
    assert per_alert["if_all_not_confirmed_true_percent"] == pytest.approx(80.95, rel=1e-3)


def test_a_run_without_faces_has_no_rate():
    """R-64: a zero-alert or aborted run is published too; a rate of nothing is undefined."""
    found = record(DeploymentFigures())

    assert found["alerts"]["total"] == 0
    assert found["false_alerts_per_face_seen"]["text"] == "not defined (0 of 0)"
    assert "status" not in found["false_alerts_per_face_seen"]
    assert found["false_alerts_per_alert"]["percent"] is None
    assert found["blue"]["true_recognition_rate"]["text"] == "not defined (0 of 0)"


def test_more_false_alerts_than_faces_have_no_rate():
    """One track may raise alerts for two entries; a share above one is none."""
    figures = DeploymentFigures(faces_seen=1, alerts=AlertCounts(unconfirmed_false=2))

    assert record(figures)["false_alerts_per_face_seen"]["text"] == "not defined (2 of 1)"


def test_durations_after_false_alerts_stand_in_bands():
    """R-56: no single engagement is told apart."""
    assert record()["engagements"]["after_false_alert_durations"] == {
        "under 5 min": 2,
        "5 to 15 min": 1,
        "15 to 60 min": 1,
        "60 min and more": 1,
    }


def test_overlapping_reasons_are_said_to_overlap():
    """Requirements, section 6, row 21: both totals are shown."""
    engagements = record()["engagements"]

    assert engagements["arrest_reasons_total"] == 2
    assert "2 reasons for 1 arrests" in engagements["arrest_reasons_note"]
    assert record(DeploymentFigures())["engagements"]["arrest_reasons_note"] is None


def test_groups_have_words_and_none_is_small():
    """R-47: as counted into the log, where small numbers are withheld."""
    found = record()["equality"]

    assert found["withheld_below"] == 5
    assert found["ethnicity"] == {
        "engaged": {"Black": None, "White": None},
        "after_false_alert": {"White": None},
    }
    assert found["age_band"] == {"engaged": {"25 to 34": 6}, "after_false_alert": {}}
    assert found["sex"] == {"engaged": {}, "after_false_alert": {}}


def test_equality_that_nobody_counted_is_null():
    """Not an empty table: that would be a figure."""
    assert record(DeploymentFigures())["equality"] is None


def test_volunteers_stand_apart():
    """R-44: three of four walks recognised; nothing of it in the alerts."""
    walks = (WalksOfOne(1, 2), WalksOfOne(2, 2))
    blue = BlueCounts(alerts=3, walks=walks, volunteers=2)
    found = record(DeploymentFigures(faces_seen=10, blue=blue))

    assert found["blue"]["true_recognition_rate"]["percent"] == 75
    assert found["alerts"]["total"] == 0


@pytest.mark.parametrize(
    ("walks", "text"),
    [
        ((), "not defined (0 of 0)"),
        # One person's walks are one trial: no interval can be given.
        ([(3, 3)], "3 of 3 recognition opportunities (no interval: all are of one person)"),
        # Two people all of whose walks came out the same are an exact 2 of 2: 0.025 ** (1 / 2).
        (
            [(2, 2), (2, 2)],
            "4 of 4 recognition opportunities (100 %, 95 % interval by person 15.8 % to 100 %)",
        ),
        # One walk each is as many people as walks: exact, 0.025 ** (1 / 3).
        (
            [(1, 1)] * 3,
            "3 of 3 recognition opportunities (100 %, 95 % interval 29.2 % to 100 %)",
        ),
    ],
)
def test_the_recognition_rate_has_an_interval_by_person(walks, text):
    """Walks of one volunteer are alike: taken for independent, the interval is too narrow."""
    blue = BlueCounts(walks=tuple(WalksOfOne(*one) for one in walks))
    found = record(DeploymentFigures(blue=blue))["blue"]["true_recognition_rate"]

    assert found["text"] == text
    assert (found["low_percent"] is None) is ("%" not in text)


def test_the_interval_is_that_of_the_trial_report():
    """The same log, query and seed give the same numbers, in whatever order people are drawn."""
    people, recognised = ["a", "b", "a", "b", "c", "c"], [True, True, True, False, False, True]
    deployment_id = g.purged_in_time().deployment_id
    blue = BlueCounts(walks=(WalksOfOne(1, 2), WalksOfOne(1, 2), WalksOfOne(2, 2)))
    share = SharePerPerson(people, recognised, "recognition opportunities")

    found = record(DeploymentFigures(blue=blue))["blue"]["true_recognition_rate"]
    reported = measured_rate(share, Query("true_recognition_rate", deployment_id), RECORD_SEED)

    assert found["text"] == reported.text()
    assert "4 of 6" in found["text"]
    assert "by person" in found["text"]


def test_reasons_are_words_and_people_are_ranks():
    """No identifier of an officer, and no code without its words."""
    found = record()

    assert found["authority"]["rank"] == "superintendent"
    assert found["sites"][0]["reason"] == "Serious crime is concentrated at this place"
    assert found["watchlist"]["categories"] == ["Wanted by the courts"]
    assert "authority-1" not in json.dumps(found)
    assert "applicant-1" not in json.dumps(found)


def test_what_is_not_there_is_null():
    """A deployment that got nowhere, and one with a reason for telling nobody."""
    bare = published_record(
        replace(g.drafted(), state=DeploymentState.PURGED),
        DeploymentFigures(),
        g.POLICY,
        RecordProof(1, "cm9vdA==", None),
        g.OPENS,
    )
    urgent = g.an_application(
        no_public_notice_code="critical_threat", no_public_notice_reason="A threat"
    )

    assert bare["authority"] is bare["threshold"] is bare["purged_at"] is None
    assert bare["sites"] == bare["watchlist"]["categories"] == []
    assert bare["ran"]["ended_at"] is bare["notices"]["exception"] is None
    exception = record(application=urgent, public_notice=None)["notices"]["exception"]
    assert exception == "A critical threat leaves no time"
