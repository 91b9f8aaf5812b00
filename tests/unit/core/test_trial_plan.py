"""The plan of a trial: what it may hold, and that the log gives it back as it was."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from tests.unit.core.governed import BUILT_AT
from tests.unit.core.planned import H1, a_plan

from overt.core.audit import AuditEvent, log_line, read_line
from overt.core.canonical_json import canonical_json
from overt.core.trial_plan import HypothesisFigure, Relation, plan_from
from overt.errors import TrialPlanInvalidError


def test_a_plan_comes_back_as_it_was():
    """Document and reading are exact inverses, also through JSON."""
    plan = a_plan()
    assert plan_from(plan.document()) == plan
    assert plan_from(json.loads(json.dumps(plan.document()))) == plan


def test_the_digest_is_that_of_the_canonical_json():
    """By hand: SHA-256 of the text with its keys sorted and nothing between."""
    text = json.dumps(a_plan().document(), sort_keys=True, separators=(",", ":"))
    assert a_plan().sha256() == hashlib.sha256(text.encode()).hexdigest()


def test_the_log_gives_a_plan_back():
    """A line of the log holds the whole of it, and its digest is that of the plan."""
    plan = a_plan()
    details = {
        "trial_id": "trial-1",
        "plan_sha256": plan.sha256(),
        "plan": plan.document(),
        "deployment_kind": "operational",
    }
    line = log_line(
        0, AuditEvent("TrialRegistered", BUILT_AT, "evaluator-1", None, details), bytes(32)
    )
    assert canonical_json(plan.document()) in line
    assert plan_from(read_line(line).event.details["plan"]) == plan


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "title: blank"),
        ({"aim": "x" * 1001}, "aim: expected at most 1,000 characters, found 1,001"),
        ({"aim": "a\x07b"}, "aim: control characters"),
        ({"aim": "x" * 129}, "aim: a word of more than 128 characters"),
        ({"objectives": ()}, "objectives: expected at least one"),
        ({"objectives": ("a", "")}, r"objectives\[2\]: blank"),
        ({"hypotheses": ()}, "hypotheses: expected at least one"),
        ({"hypotheses": (H1, H1)}, "an identifier stands twice"),
        ({"hypotheses": (replace(H1, value=1.0),)}, r"hypotheses\[1\].value: expected a share"),
        ({"hypotheses": (replace(H1, value=float("nan")),)}, r"hypotheses\[1\].value"),
        ({"stop_rules": ()}, "stop_rules: expected at least one"),
        ({"n_deployments": 0}, "n_deployments: expected a whole number of at least 1"),
        ({"faces_planned": 0}, "faces_planned: expected"),
        ({"passes_planned": -1}, "passes_planned: expected a whole number of at least 0"),
        ({"seed": 2**53}, "seed: expected"),
        ({"equality_margin": 0.0}, "equality_margin: expected a share"),
        ({"objectives": ("a word " * 140,) * 26}, "the whole plan has at most 24,576 bytes"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changes, said):
    """Every field has its bounds, and the message names the place."""
    with pytest.raises(TrialPlanInvalidError, match=said):
        a_plan(**changes)


def test_everything_that_is_wrong_is_named_at_once():
    """Nobody has to try three times."""
    with pytest.raises(TrialPlanInvalidError) as refused:
        a_plan(title="", seed=-1, stop_rules=())
    assert all(name in refused.value.message for name in ("title", "seed", "stop_rules"))


def changed(path, value):
    """Return a plan's document with one value changed; without the field for ``None``."""
    document = json.loads(json.dumps(a_plan().document()))
    *to, name = path
    place = document
    for step in to:
        place = place[step]
    if value is None:
        del place[name]
    else:
        place[name] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["title"], None, "exactly the fields"),
        (["more"], 1, "exactly the fields"),
        (["title"], 1, "title: expected text"),
        (["objectives"], "a", "objectives: expected a list"),
        (["objectives"], ["a", 1], "objectives: expected texts"),
        (["hypotheses"], ["a"], "hypotheses: expected tables"),
        (["hypotheses", 0, "id"], None, "a hypothesis to have exactly the fields"),
        (
            ["hypotheses", 0, "figure"],
            "success",
            "figure: expected one of false_alerts_per_face_seen",
        ),
        (["hypotheses", 0, "relation"], "about", "relation: expected one of at_most, at_least"),
        (["hypotheses", 0, "value"], "0.001", "value: expected a number"),
        (["hypotheses", 0, "value"], True, "value: expected a number"),
        (["seed"], True, "seed: expected a whole number"),
        (["seed"], 1.5, "seed: expected a whole number"),
    ],
)
def test_a_document_that_is_no_plan_is_refused(path, value, said):
    """What the log holds is not believed without a look."""
    with pytest.raises(TrialPlanInvalidError, match=said):
        plan_from(changed(path, value))


def test_the_lists_of_figures_and_relations_are_closed():
    """A report knows how each of them is worked out."""
    assert {figure.value for figure in HypothesisFigure} == {
        "false_alerts_per_face_seen",
        "false_alerts_per_alert",
        "true_recognition_rate",
        "operator_false_passed_on",
        "officer_false_engaged",
    }
    assert {relation.value for relation in Relation} == {"at_most", "at_least"}
