from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings, strategies as st
from tests.unit.core.planned import a_plan
from tests.unit.evaluation.trial_logs import (
    ARREST,
    FALSE,
    OPERATOR,
    TRUE,
    TrialLogs,
    count_equality,
    numbers_that_differ,
)

from overt.core.audit_events import EventKind as K
from overt.core.canonical_json import canonical_json
from overt.evaluation.trial_report import ReportMade, trial_report

GROUPS = st.dictionaries(
    st.sampled_from("abc"), st.none() | st.integers(5, 30), min_size=1, max_size=3
)
WAYS = st.sampled_from(
    [
        (),
        ("dismissed",),
        ("passed_on",),
        ("passed_on", "not_located"),
        ("passed_on", "no_engagement"),
        ("passed_on", "engaged"),
        ("passed_on", "engaged", "inconclusive"),
        TRUE,
        FALSE,
        (*TRUE[:3], "other"),
    ]
)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("count"), st.integers(0, 500)),
        st.tuples(st.just("walk"), st.integers(1, 3), st.booleans(), WAYS, st.booleans()),
        st.tuples(st.just("alert"), WAYS, st.booleans(), st.sampled_from([0.5, 3.0, None])),
        st.tuples(st.just("suspend")),
    ),
    max_size=12,
)


def act(logs, name, number, step):
    """Let one thing happen at a deployment."""
    alert_id = f"{name}-{number}"
    match step:
        case ("count", faces):
            logs.count(name, faces, camera="south" if faces % 2 else "north")
        case ("walk", volunteer, sees, way, is_dark):
            factors = ("light",) if is_dark else ()
            pass_id, cause = f"p-{alert_id}", {} if sees else {"result": "rejected"}
            raised = logs.walk(name, volunteer, pass_id, sees=sees, factors=factors, **cause)
            if sees:
                logs.decide(name, raised, *way)
        case ("alert", way, is_seeded, seconds):
            if logs.kind == "operational":
                is_seeded, way = False, ARREST if way == TRUE else way
            seeded = {"is_seeded": True} if is_seeded else {}
            logs.alert(
                name, alert_id, f"blue-{number % 3 + 1}", score=0.93 + 0.01 * number, **seeded
            )
            logs.decide(name, alert_id, *way, seconds=seconds, quick=seconds == 0.5)
        case _:
            logs.add(K.DEPLOYMENT_SUSPENDED, name, OPERATOR, reason="wind")
            logs.now += timedelta(minutes=3)
            logs.live(name, K.DEPLOYMENT_RESUMED)


@st.composite
def trials(draw):
    """Return a log of a trial of up to three deployments in which anything happens."""
    kind = draw(st.sampled_from(["rehearsal", "operational"]))
    logs = TrialLogs(kind=kind, plan=a_plan(seed=draw(st.integers(0, 9))))
    for number in range(draw(st.integers(0, 3))):
        name = f"d-{number}"
        logs.join(name, day=number, volunteers=3)
        for place, step in enumerate(draw(ACTS)):
            act(logs, name, place, step)
        if draw(st.booleans()):
            logs.end(name)
        if kind == "operational" and draw(st.booleans()):
            engaged = draw(GROUPS)
            false = {g: n and draw(st.none() | st.integers(5, n)) for g, n in engaged.items()}
            count_equality(logs, name, {"ethnicity": (engaged, false), **OTHERS})
    return logs


OTHERS = {"age_band": ({}, {}), "sex": ({}, {})}


@given(trials())
@settings(max_examples=40, deadline=None)
def test_whatever_happens_two_ways_of_counting_agree(logs):
    """R-71: every number of every report follows from the events, and is JSON."""
    log = logs.log()
    report = trial_report(log, ReportMade("1"))

    assert numbers_that_differ(report, log) == []
    assert canonical_json(report)


@given(trials())
@settings(max_examples=20, deadline=None)
def test_whatever_happens_parts_add_up_and_rates_lie_in_their_intervals(logs):
    """Counts of the deployments are those of all; no share is outside of its interval."""
    numbers = trial_report(logs.log(), ReportMade("1"))["numbers"]
    for name in ("faces_seen", "alerts", "passes", "engagements", "outcome.all.unresolved"):
        stem, _, part = name.partition(".all")
        ids = [f"{stem}.{each}{part}" for each in logs.log().events]

        assert numbers[f"{stem}.all{part}"]["value"] == sum(numbers[i]["value"] for i in ids)
    for entry in numbers.values():
        if entry.get("low") is not None:
            assert entry["low"] <= entry["count"] / entry["total"] <= entry["high"]
        elif "count" in entry:
            assert "not defined" in entry["text"] or "no interval" in entry["text"]
