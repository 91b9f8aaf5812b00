from __future__ import annotations

import hashlib
import json
import re

import pytest
from tests.unit.core.planned import a_plan
from tests.unit.evaluation.trial_logs import (
    FALSE,
    TrialLogs,
    a_deployment_of_the_street,
    a_rehearsal,
    an_empty_trial,
    an_odd_rehearsal,
    numbers_that_differ,
)

from overt.core.audit_events import EventKind as K
from overt.core.canonical_json import canonical_json
from overt.errors import FiguresDifferError
from overt.evaluation.trial_report import ReportMade, trial_report


def report(logs, **made):
    """Return the report of a log's trial."""
    return trial_report(logs.log(), ReportMade("1.0", **made))


def value(found, query):
    """Return count and total of a number, or its value."""
    entry = found["numbers"][query]
    return entry["value"] if "value" in entry else (entry["count"], entry["total"])


def values(found, scope, *names):
    """Return some numbers of a scope."""
    return {name: value(found, f"{name}.{scope}") for name in names}


def section(found, name):
    """Return a section."""
    return next(each for each in found["sections"] if each["id"] == name)


def shown(found, table_id):
    """Return the rows of a table as they are printed."""
    tables = [each for part in found["sections"] for each in part["tables"]]
    rows = next(each["rows"] for each in tables if each["id"] == table_id)
    text_of = found["numbers"]
    return [
        [c if isinstance(c, str) else text_of[c["number"]]["text"] for c in row] for row in rows
    ]


REHEARSAL = report(a_rehearsal())
STREET = report(a_deployment_of_the_street())
RECOGNITION = section(REHEARSAL, "recognition")


def test_the_head_says_what_and_from_which_log():
    """The time is the log's, not the machine's."""
    logs = a_rehearsal()
    found = report(logs)

    assert found["format"] == "overt trial report 1"
    assert found["trial"] == {
        "trial_id": "t-1",
        "title": "Three squares",
        "deployment_kind": "rehearsal",
        "registered_at": "2026-03-09T09:00:01Z",
        "plan_sha256": a_plan().sha256(),
        "is_ended": True,
        "ended_at": found["made_at"],
        "end_reason": "all planned deployments are done",
        "n_planned": 3,
        "n_deployments": 3,
    }
    assert found["log"]["size"] == len(logs.logged)
    assert found["software_version"] == "1.0"
    assert found["plan"] == a_plan().document()


def test_the_same_log_gives_the_same_report_byte_for_byte():
    """Nothing else decides."""
    assert canonical_json(report(a_rehearsal())) == canonical_json(report(a_rehearsal()))


def test_a_rehearsal_in_numbers_by_hand():
    """Eight alerts that count, four of them true by a walk; a seeded one does not."""
    assert values(REHEARSAL, "all", "faces_seen", "alerts", "seeded_alerts", "passes") == {
        "faces_seen": 3000,
        "alerts": 8,
        "seeded_alerts": 1,
        "passes": 6,
    }
    outcomes = [value(REHEARSAL, f"outcome.all.{name}") for name in OUTCOMES]
    assert outcomes == [4, 0, 1, 1, 2]
    assert values(REHEARSAL, "all", *RATES) == {
        "false_alerts_per_face_seen": (2, 3000),
        "false_alerts_per_face_seen_at_most": (4, 3000),
        "false_alerts_per_face_less_passes": (2, 2994),
        "false_alerts_per_alert": (2, 8),
        "false_alerts_per_alert_at_most": (4, 8),
        "false_alerts_per_alert_if_only_confirmed": (1, 8),
        "false_alerts_per_alert_if_not_confirmed_true": (4, 8),
        "true_recognition_rate": (4, 6),
    }


OUTCOMES = (
    "confirmed_true",
    "unconfirmed_true",
    "confirmed_false",
    "unconfirmed_false",
    "unresolved",
)
RATES = (
    "false_alerts_per_face_seen",
    "false_alerts_per_face_seen_at_most",
    "false_alerts_per_face_less_passes",
    "false_alerts_per_alert",
    "false_alerts_per_alert_at_most",
    "false_alerts_per_alert_if_only_confirmed",
    "false_alerts_per_alert_if_not_confirmed_true",
    "true_recognition_rate",
)


def test_reviewers_in_numbers_by_hand():
    """A volunteer's alert that was dismissed during their own walk is a true one."""
    names = (
        "operator_false_passed_on",
        "operator_true_dismissed",
        "seeded_passed_on",
        "officer_false_engaged",
        "officer_true_not_engaged",
        "officer_agrees",
        "operator_dismissed",
        "quick_decisions",
        "engagements",
        "operator_decisions",
    )
    assert values(REHEARSAL, "all", *names) == {
        "operator_false_passed_on": (2, 3),
        "operator_true_dismissed": (1, 4),
        "seeded_passed_on": (1, 1),
        "officer_false_engaged": (1, 2),
        "officer_true_not_engaged": (0, 3),
        "officer_agrees": (4, 5),
        "operator_dismissed": (3, 7),
        "quick_decisions": (2, 11),
        "engagements": 4,
        "operator_decisions": 8,
    }


def test_decision_times_by_hand():
    """4, 4, 10, 6, 6, 6, 6, 6 seconds: quartiles as an ordinary median has them."""
    rows = shown(REHEARSAL, "decision-times")

    assert rows[0] == ["Operator", "8", "5.5", "6.0", "6.0"]


def test_where_passes_were_missed_and_why():
    """R-46: by camera, hour, factor; one was compared, of one nobody knows."""
    found = {row[0]: row[1].partition(" (")[0] for row in shown(REHEARSAL, "misses")}

    assert found == {
        "no face was followed through the zone": "0 of 6 recognition opportunities",
        "no face was good enough to be compared": "0 of 6 recognition opportunities",
        "compared, and no correct alert was raised": "1 of 6 recognition opportunities",
        "missed; why was not recorded": "1 of 6 recognition opportunities",
    }


@pytest.mark.parametrize(
    ("part", "counts"),
    [
        ("camera north", (2, 4)),
        ("camera south", (2, 2)),
        ("hour 09:00", (4, 6)),
        ("with crowd", (1, 2)),
        ("without crowd", (3, 4)),
        ("with glasses", (0, 1)),
    ],
)
def test_recognition_by_camera_hour_and_factor(part, counts):
    """By hand, over six passes."""
    assert value(REHEARSAL, f"true_recognition_rate.all.{part}") == counts


def test_a_published_deployment_is_reproduced():
    """Oxford Circus, 27 February 2020: 0.081 % of faces and 87.5 % of alerts, both (section 6)."""
    face, alert = (STREET["numbers"][f"false_alerts_per_{of}.d-1"] for of in ("face_seen", "alert"))

    assert (face["low"], face["high"]) == pytest.approx((3.273e-4, 1.676e-3), rel=1e-3)
    assert (alert["low"], alert["high"]) == pytest.approx((0.4735, 0.9968), rel=1e-3)
    assert [row[-1] for row in shown(STREET, "false-alerts")] == ["not demonstrated"] * 2
    assert value(STREET, "false_per_engagement.all") == (5, 6)


def test_reasons_of_arrests_may_add_up_to_more_than_the_arrests():
    """R: multi-label; both totals stand there."""
    assert shown(STREET, "arrest-reasons") == [
        ["offence now", "1"],
        ["wanted by courts", "1"],
        ["All reasons", "2"],
        ["All arrests", "1"],
    ]
    assert values(STREET, "all", "engaged_without_alert", "no_further_action", "volunteers") == {
        "engaged_without_alert": 1,
        "no_further_action": 5,
        "volunteers": 2,
    }


def test_volunteers_never_count_in_figures_of_a_deployment():
    """R-22: their alerts only tell who was recognised, and what reviewers missed."""
    assert value(STREET, "alerts.all") == 8
    assert value(STREET, "true_recognition_rate.all") == (2, 3)
    assert value(STREET, "operator_true_dismissed.all") == (1, 3)


def test_the_summary_of_a_rehearsal_says_so_first():
    """And gives both false alert rates, counts first, within eight sentences."""
    summary = REHEARSAL["summary"]

    assert summary[0].startswith("This was a rehearsal: those who walked past the cameras were")
    assert summary[1].startswith("3 deployments of 3 planned ran for ")
    assert summary[2] == (
        "2 alerts named somebody else: 2 of 3,000 faces seen (0.067 %, likely between 0.008 % and "
        "0.241 %), and 2 of 8 alerts (25.0 %, likely between 3.2 % and 65.1 %). Faces seen include "
        "volunteers on the list, who passed 6 times and can only be mistaken for another entry; "
        "without as many faces it is 2 of 2,994 (0.067 %, likely between 0.008 % and 0.241 %)."
    )
    assert 4 <= len(summary) <= 8
    assert not any("accura" in each.lower() for each in summary)


def test_the_summary_of_a_deployment():
    """Arrests are named; nothing is said of volunteers as if they were the public."""
    summary = STREET["summary"]

    assert summary[0] == (
        "1 deployment of 3 planned ran for 1.47 hours and counted 8,600 faces; the system raised "
        "8 alerts."
    )
    assert summary[4].endswith("of which 5 were found to be somebody else, and made 1 arrest.")
    assert 4 <= len(summary) <= 8


def test_a_trial_without_deployments_has_no_rate():
    """Issue: "not defined (0 of 0)", never a number."""
    found = report(an_empty_trial())
    shares = [entry for entry in found["numbers"].values() if "count" in entry]

    assert {entry["text"] for entry in shares} == {"not defined (0 of 0)"}
    assert found["findings"][0]["verdict"] == "not defined"
    assert found["summary"][1] == "None of 3 planned deployments has run."
    assert canonical_json(found)


def test_a_deployment_in_which_nothing_happened():
    """It is live, and nobody walks by."""
    logs = TrialLogs(plan=a_plan(n_deployments=1))
    logs.join("d-1", volunteers=0)
    found = report(logs)

    assert value(found, "false_alerts_per_face_seen.d-1") == (0, 0)
    assert [row[-1] for row in shown(found, "deployments")] == ["still running", ""]
    assert (
        "The trial has not ended: every figure here is one of the state so far."
        in (found["deviations"])
    )


def test_more_false_alerts_than_faces_is_no_rate():
    """Alerts are logged at once, faces minute by minute."""
    logs = TrialLogs()
    logs.join("d-1")
    logs.decide("d-1", logs.alert("d-1", "x-1", "blue-1"), *FALSE)
    found = report(logs)

    assert found["numbers"]["false_alerts_per_face_seen.all"]["text"] == "not defined (1 of 0)"
    assert found["findings"][0]["verdict"] == "not defined"
    assert all(
        each["id"] != "cumulative-false-alerts" for each in section(found, "alerts")["figures"]
    )


def test_every_number_of_a_table_stands_in_the_report():
    """No cell leads nowhere; every text says what its number says."""
    for found in (REHEARSAL, STREET):
        for part in found["sections"]:
            for table in part["tables"]:
                assert all(len(row) == len(table["columns"]) for row in table["rows"])
                cells = [cell for row in table["rows"] for cell in row if isinstance(cell, dict)]
                assert {cell["number"] for cell in cells} <= found["numbers"].keys()


def test_every_figure_says_in_words_what_it_shows():
    """With its numbers, and as many as are drawn."""
    for found in (REHEARSAL, STREET):
        figures = [each for part in found["sections"] for each in part["figures"]]
        assert len({each["id"] for each in figures}) == len(figures) >= 8
        for each in figures:
            assert re.search(r"\d", each["alt"]), each["id"]
            assert each["alt"].endswith(".")
            assert bool(each.get("rows")) is not bool(each.get("series"))


def test_the_lines_end_at_the_figures_of_the_trial():
    """Cumulative false alerts per face, over the deployments in their order."""
    figures = section(REHEARSAL, "alerts")["figures"]
    lines = next(each for each in figures if each["id"] == "cumulative-false-alerts")
    (series,) = lines["series"]

    assert series["x"] == [400, 1000, 1500, 2000, 3000]
    assert series["y"] == pytest.approx([0, 0.001, 1 / 1500, 0.001, 2 / 3000])
    assert lines["reference"] == 0.001
    assert series["low"][-1] == REHEARSAL["numbers"]["false_alerts_per_face_seen.all"]["low"]


def test_many_minutes_are_thinned_out_and_the_last_stays():
    """A figure of 300 minutes has 100 points."""
    logs = TrialLogs()
    logs.join("d-1")
    for _ in range(300):
        logs.count("d-1", 10)
    logs.end("d-1")
    figures = section(report(logs), "alerts")["figures"]
    lines = next(each for each in figures if each["id"] == "cumulative-false-alerts")

    assert len(lines["series"][0]["x"]) == 100
    assert lines["series"][0]["x"][-1] == 3000


def test_higher_thresholds_leave_fewer_alerts():
    """Eight alerts of the street: one true at 0.95, false ones at 0.94 and 0.93."""
    figures = section(STREET, "scores")["figures"]
    sweep = next(each for each in figures if each["id"] == "threshold-sweep")
    left = {each["label"]: each["y"] for each in sweep["series"]}

    assert sweep["series"][0]["x"] == [0.93, 0.94, 0.95]
    assert left == {"true alerts": [1, 1, 1], "false alerts": [7, 5, 0]}


def test_statements_stand_there_unedited():
    """As filed; one that was withdrawn does not."""
    logs, text = a_rehearsal(), "First line.\nSecond  line - unedited."
    digest = hashlib.sha256(text.encode()).hexdigest()
    for name in ("s-1", "s-2"):
        logs.add(K.STATEMENT_FILED, "d-1", "observer-1", statement_id=name, statement_sha256=digest)
    logs.add(K.STATEMENT_WITHDRAWN, "d-1", "observer-1", statement_id="s-1")
    (found,) = report(logs, statements={"s-1": text, "s-2": text})["statements"]

    assert (found["deployment_id"], found["statement_id"]) == ("d-1", "s-2")
    assert (found["text"], found["sha256"]) == (text, digest)


@pytest.mark.parametrize("statements", [{}, {"s-1": "Edited."}])
def test_a_statement_that_is_not_the_filed_one_stops_the_report(statements):
    """Missing or edited."""
    logs = a_rehearsal()
    digest = hashlib.sha256(b"Filed.").hexdigest()
    logs.add(K.STATEMENT_FILED, "d-1", "o-1", statement_id="s-1", statement_sha256=digest)
    with pytest.raises(FiguresDifferError):
        report(logs, statements=statements)


def test_what_is_written_is_plain_json():
    """It survives being written and read."""
    assert json.loads(json.dumps(STREET)) == STREET


def test_terms_and_queries_are_explained():
    """For whoever reads nothing else."""
    assert len(REHEARSAL["definitions"]) > 10
    assert {each["name"] for each in REHEARSAL["queries"]} >= {
        entry["query"].partition("(")[0] for entry in REHEARSAL["numbers"].values()
    }


def test_what_seldom_happens_gives_no_number_that_is_not_there():
    """One person gives no interval; a check stands over a walk; open passes do not count."""
    found = report(an_odd_rehearsal())

    assert value(found, "passes.all") == 2
    assert value(found, "outcome.all.confirmed_false") == 1
    assert found["numbers"]["true_recognition_rate.all"]["text"] == (
        "2 of 2 recognition opportunities (no interval: all are of one person)"
    )
    assert found["numbers"]["design_effect.all"]["text"] == ("not defined (fewer than 10 people)")
    assert found["summary"][2] == (
        "3 alerts named somebody else: 3 of 2 faces seen (not defined), and 3 of 4 alerts (75.0 %, "
        "likely between 19.4 % and 99.4 %). Faces seen include volunteers on the list, who passed "
        "twice and can only be mistaken for another entry; without as many faces it is not defined."
    )
    assert any("(no interval can be given)" in each for each in found["summary"])


def test_searches_by_score_are_drawn_where_the_log_has_them():
    """Empty steps are steps too; before a purge there is nothing."""
    figures = section(STREET, "scores")["figures"]
    (series,) = figures[0]["series"]

    assert figures[0]["id"] == "searches-by-score"
    assert series["x"][:3] == [0.41, 0.42, 0.43]
    assert (series["y"][:3], sum(series["y"])) == ([900, 0, 7692], 8600)
    assert "8,600 searches" in figures[0]["alt"]
    assert "most, 7,692, at 0.43" in figures[0]["alt"]
    assert "The log does not hold the scores" in section(REHEARSAL, "scores")["text"][-1]


def test_scores_that_are_written_otherwise_are_not_drawn():
    """By another release."""
    logs = a_rehearsal()
    logs.add(K.SCORES_COUNTED, "d-1", searches_by_score="many")

    assert "searches-by-score" not in {f["id"] for f in section(report(logs), "scores")["figures"]}


def test_without_an_interval_the_point_is_drawn_and_said():
    """All passes are of one person: both rows are there, and the words say why no line is."""
    (drawn,) = section(report(an_odd_rehearsal()), "recognition")["figures"]

    assert [(row["value"], row["low"], row["high"]) for row in drawn["rows"]] == [
        (1.0, None, None)
    ] * 3
    assert "with 95 % intervals; where there is none, only the point is drawn: " in drawn["alt"]
    assert "(no interval: all are of one person)" in drawn["alt"]


def test_reviewers_have_one_rule():
    """One operator decided seven alerts: no rate of theirs has an interval."""
    found = {row[0]: row[1] for row in shown(REHEARSAL, "reviewers")}

    assert found["Alerts that operators dismissed"] == (
        "3 of 7 alerts decided (no interval: all are of one person)"
    )
    assert "by person" in found["Decisions marked as quick"]


def test_a_factor_is_a_problem_that_was_noted():
    """Read as "with light", it would say the opposite."""
    assert [row[0] for row in shown(REHEARSAL, "recognition-by-factor")] == [
        "noted: crowd",
        "not noted: crowd",
        "noted: glasses",
        "not noted: glasses",
    ]
    assert any(text.startswith("A factor is a problem") for text in RECOGNITION["text"])


def test_few_people_are_told_to_be_few():
    """Six of three deployments may be two: no design effect, and the interval is too narrow."""
    assert any("is then too narrow" in text for text in RECOGNITION["text"])
    assert RECOGNITION["text"][-2] == (
        "Design effect over all passes, by person: not defined (fewer than 10 people); 1 is "
        "independence."
    )


@pytest.mark.parametrize(("n_seen", "text"), [(5, "1.11"), (10, "not defined (10 of 10)")])
def test_ten_people_have_a_design_effect(n_seen, text):
    """Five of ten seen, one pass each: ten squares of a half times 10/9, over ten quarters."""
    logs = TrialLogs()
    logs.join("d-1", volunteers=10)
    for number in range(1, 11):
        logs.walk("d-1", number, f"p{number}", sees=number <= n_seen)
    found = report(logs)

    assert found["numbers"]["design_effect.all"]["text"] == text
    assert numbers_that_differ(found, logs.log()) == []


def test_an_operational_trial_leaves_no_face_out():
    """Those who walk by are the public; and the first intervals of the lines may be cut."""
    tables = {each["id"] for each in section(STREET, "alerts")["tables"]}
    lines = next(
        each
        for each in section(STREET, "alerts")["figures"]
        if each["id"] == "cumulative-false-alerts"
    )

    assert "faces-of-volunteers" not in tables
    assert "may be cut at the edge" in lines["alt"]
    assert shown(REHEARSAL, "faces-of-volunteers")[-1][:3] == ["All", "3,000", "6"]
