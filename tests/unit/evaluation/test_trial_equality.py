from __future__ import annotations

import pytest
from tests.unit.core.planned import a_plan
from tests.unit.evaluation.trial_logs import (
    EQUALITY,
    TrialLogs,
    a_deployment_of_the_street,
    count_equality,
    numbers_that_differ,
)

from overt.evaluation.trial_equality import summed
from overt.evaluation.trial_report import ReportMade, trial_report


def equality_of(found):
    """Return the section."""
    return next(each for each in found["sections"] if each["id"] == "equality")


def rows_of(found, table_id):
    """Return the rows of a table, numbers as they are printed."""
    table = next(each for each in equality_of(found)["tables"] if each["id"] == table_id)
    text_of = found["numbers"]
    return [
        [cell if isinstance(cell, str) else text_of[cell["number"]]["text"] for cell in row]
        for row in table["rows"]
    ]


def over(*tables, n_deployments=None):
    """Return the report over deployments with these tables."""
    logs = TrialLogs(kind="operational", plan=a_plan())
    for number in range(n_deployments or len(tables)):
        logs.join(f"d-{number}", day=number)
        logs.end(f"d-{number}")
    for number, each in enumerate(tables):
        count_equality(logs, f"d-{number}", each)
    log = logs.log()
    found = trial_report(log, ReportMade("1"))
    assert numbers_that_differ(found, log) == []
    return found


def sexes(engaged, false):
    """Return tables in which only sexes are counted."""
    return {"ethnicity": ({}, {}), "age_band": ({}, {}), "sex": (engaged, false)}


def test_groups_are_summed_where_each_deployment_states_them():
    """A group that one withholds is withheld; one that a table does not name has nobody there."""
    assert summed([{"a": 5, "b": 7}, {"a": 6, "b": None, "c": 9}]) == {"a": 11, "b": None, "c": 9}
    assert summed([]) == {}


def test_people_by_group_in_one_deployment():
    """Small numbers stay withheld; none after a false alert is said where all is known."""
    found = trial_report(a_deployment_of_the_street().log(), ReportMade("1"))
    rows = {row[0]: row[1:] for row in rows_of(found, "equality-ethnicity")}

    assert rows["mixed"] == ["withheld: few people", "withheld: few people"]
    assert rows["asian"][1].startswith("0 of 20 people engaged after an alert (0 %, ")
    assert rows["black"][1].startswith("12 of 30 people engaged after an alert (40.0 %, ")


def test_differences_are_tested_and_adjusted_for_their_number():
    """Fisher by hand: 0 of 20 and 12 of 30 (p 0.0014); Holm over three pairs."""
    found = trial_report(a_deployment_of_the_street().log(), ReportMade("1"))

    assert rows_of(found, "equality-ethnicity-pairs") == [
        ["asian and black", "0.001", "0.003", "yes", "no"],
        ["asian and white", "0.548", "0.548", "no", "no"],
        ["black and white", "under 0.001", "0.001", "yes", "no"],
    ]
    adjusted = found["numbers"]["equality_p_adjusted.all.ethnicity: asian / black"]["value"]
    single = found["numbers"]["equality_p.all.ethnicity: asian / black"]["value"]
    assert adjusted == pytest.approx(2 * single)


def test_tables_of_several_deployments_are_added_up():
    """10 and 20 women, 30 men in all; one deployment withholds its men after a false alert."""
    found = over(
        sexes({"female": 10, "male": 10}, {"female": 5}),
        sexes({"female": 20, "male": 20}, {"female": 5, "male": None}),
    )
    rows = {row[0]: row[1:] for row in rows_of(found, "equality-sex")}

    assert rows["female"][0] == "30"
    assert rows["female"][1].startswith("10 of 30 ")
    assert rows["male"] == ["30", "withheld: few people"]


def test_large_equal_groups_are_shown_to_be_equal():
    """No difference is one thing, equality within the plan's margin another."""
    found = over(sexes({"female": 5000, "male": 5000}, {"female": 500, "male": 500}))

    assert rows_of(found, "equality-sex-pairs") == [
        ["female and male", "1.000", "1.000", "no", "yes"]
    ]


def test_it_is_said_where_not_every_deployment_has_counted():
    """A purge counts; before it there is nothing."""
    text = equality_of(over(EQUALITY, n_deployments=2))["text"]

    assert any(each.startswith("Counted in 1 of 2 deployments") for each in text)


def test_without_tables_nothing_is_said_of_groups():
    """Not even a zero."""
    section = equality_of(over(n_deployments=1))

    assert section["text"][-1] == "No deployment of this trial has counted people by group."
    assert section["tables"] == []
