"""The plan of a trial in a file: the template, and everything that is wrong, at once."""

from __future__ import annotations

import os

import pytest
from tests.integration.trial_plans import filled_in

from overt.adapters.files.trial_plan_file import TEMPLATE, parse_trial_plan, read_trial_plan
from overt.core.trial_plan import Hypothesis
from overt.errors import TrialPlanInvalidError


def plan_file(folder, text):
    """Return a file with a text."""
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_template_is_a_plan_once_it_is_filled_in(tmp_path):
    """Every field of it is read."""
    plan = read_trial_plan(plan_file(tmp_path, filled_in()))
    assert (plan.title, plan.aim, plan.objectives) == ("A text", "A text", ("A text",))
    assert (plan.n_deployments, plan.faces_planned, plan.passes_planned) == (10, 3000, 0)
    assert (plan.stop_rules, plan.seed, plan.equality_margin) == (("A text",), 1, 0.05)
    assert plan.hypotheses == (
        Hypothesis("H1", "A text", "false_alerts_per_face_seen", "at_most", 0.001),
    )


def test_the_empty_template_says_what_is_missing():
    """Blank texts and a size of 0, all named at once."""
    with pytest.raises(TrialPlanInvalidError) as refused:
        parse_trial_plan(TEMPLATE.encode())
    for place in ("title: blank", "aim: blank", "objectives[1]: blank", "faces_planned"):
        assert place in refused.value.message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed = 1", "seed = 1.5", "seed: expected a whole number, found a number"),
        ("seed = 1", "", "seed: missing"),
        ("seed = 1", "seed = 1\nmore = 2", "more: unknown"),
        ("at_most", "about", "expected at_most, at_least, found 'about'"),
        ('"false_alerts_per_face_seen"', '"success"', "figure: expected false_alerts_per_face"),
        ('figure = "false_alerts_per_face_seen"', "", r"hypotheses\[1\].figure: missing"),
        ('id = "H1"', 'id = "H1"\nname = 1', r"hypotheses\[1\].name: unknown"),
        ("value = 0.001", "value = nan", r"hypotheses\[1\].value: expected a share"),
        ("[[hypotheses]]", "[hypotheses]", "hypotheses: expected a list, found a table"),
        ("seed = 1", "seed", "not TOML"),
        ("seed = 1", f"seed = {'9' * 5000}", "not TOML that can be used"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(old, new, said):
    """A missing, unknown or impossible field; a text that is no TOML."""
    text = filled_in()
    assert old in text
    with pytest.raises(TrialPlanInvalidError, match=said):
        parse_trial_plan(text.replace(old, new).encode())


def test_what_cannot_be_read_is_refused(tmp_path):
    """No file, a pipe, other bytes, too many of them."""
    with pytest.raises(TrialPlanInvalidError, match=r"there is no file plan\.toml"):
        read_trial_plan(tmp_path / "plan.toml")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TrialPlanInvalidError, match="there is no file pipe"):
        read_trial_plan(tmp_path / "pipe")
    with pytest.raises(TrialPlanInvalidError, match="not UTF-8"):
        parse_trial_plan(b"title = '\xff'")
    with pytest.raises(TrialPlanInvalidError, match="larger than 65536 bytes"):
        read_trial_plan(plan_file(tmp_path, "#" * 65_537))


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    """The message names the file and no path."""
    path = plan_file(tmp_path, filled_in())

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(TrialPlanInvalidError, match=r"plan\.toml cannot be read \(PermissionErr"):
        read_trial_plan(path)
