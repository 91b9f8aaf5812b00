"""The plan of a trial as a form: lists one text a line, hypotheses row by row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from overt.core.trial_plan import HypothesisFigure, Relation, TrialPlan, plan_from, plan_refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.core.canonical_json import JsonValue
    from overt.errors import TrialPlanInvalidError
    from overt.web.sent_form import SentForm

N_ROWS = 5
"""Hypotheses that the form has room for; a file has room for more."""

FIGURES: tuple[tuple[str, str], ...] = (
    (HypothesisFigure.FALSE_ALERTS_PER_FACE_SEEN.value, "False alerts of all faces seen"),
    (HypothesisFigure.FALSE_ALERTS_PER_ALERT.value, "False alerts of all alerts"),
    (HypothesisFigure.TRUE_RECOGNITION_RATE.value, "True recognition rate"),
    (HypothesisFigure.OPERATOR_FALSE_PASSED_ON.value, "False alerts that operators pass on"),
    (HypothesisFigure.OFFICER_FALSE_ENGAGED.value, "False alerts that officers engage"),
)
"""Code and words of each figure that a hypothesis may be about."""

RELATIONS: tuple[tuple[str, str], ...] = (
    (Relation.AT_MOST.value, "at most"),
    (Relation.AT_LEAST.value, "at least"),
)

_NUMBERS = ("n_deployments", "faces_planned", "passes_planned", "seed")
_LABELS = {
    "title": "Title",
    "aim": "Aim",
    "objectives": "Objectives",
    "n_deployments": "Deployments planned",
    "faces_planned": "Faces planned, in all",
    "passes_planned": "Volunteers' walks planned, in all",
    "hypotheses": "What it sets out to show",
    "stop_rules": "Stop rules",
    "equality_margin": "Difference between groups that does not matter",
    "seed": "Seed",
}
_LABELS_OF_A_ROW = {"id": "identifier", "text": "in words", "value": "value, as a share"}
_PROBLEM = re.compile(r"(?:hypotheses\[(\d+)\]\.)?(\w+)(?:\[(\d+)\])?: (.+)")
_OF_A_ROW = ("id", "text", "figure", "relation", "value")


def plan_of_form(form: SentForm) -> TrialPlan:
    """Return the plan that somebody has typed.

    Args:
        form: As sent. Rows of hypotheses without words are left out.

    Raises:
        TrialPlanInvalidError: Something is missing or cannot be; all of it is named.
    """
    problems: list[str] = []
    document: dict[str, JsonValue] = {
        "title": form.text("title").strip(),
        "aim": form.text("aim").strip(),
        "objectives": _lines(form.text("objectives")),
        "stop_rules": _lines(form.text("stop_rules")),
        "hypotheses": list(_hypotheses(form, problems)),
        "equality_margin": _share(form.text("equality_margin"), "equality_margin", problems),
    }
    document |= {name: _whole(form.text(name), name, problems) for name in _NUMBERS}
    if problems:
        raise plan_refused(problems)
    return plan_from(document)


def rows_of(form: SentForm) -> list[dict[str, str]]:
    """Return the rows of hypotheses as typed, and blank ones up to the form's end.

    Args:
        form: As sent; without any, the first row is numbered.
    """
    typed = [form.texts(f"hypothesis_{name}") for name in _OF_A_ROW]
    rows = [dict(zip(_OF_A_ROW, row, strict=True)) for row in zip(*typed, strict=False)]
    blank = [_blank(number) for number in range(len(rows) + 1, N_ROWS + 1)]
    return rows + blank


def problems_of(form: SentForm, error: TrialPlanInvalidError) -> dict[str, tuple[str, str]]:
    """Return the label and the problem of every field that has to be mended, by its id on the page.

    Empty where the error is about something else than fields of the form.

    Args:
        form: As sent, with rows of hypotheses.
        error: That names every problem of the plan.
    """
    rows = [number for number, row in enumerate(rows_of(form), start=1) if _is_used(row)]
    told: dict[str, tuple[str, str]] = {}
    for each in error.message.partition(": ")[2].split("; "):
        found = _PROBLEM.fullmatch(each)
        if found is None or found[2] not in _LABELS | _LABELS_OF_A_ROW:
            return {}
        place, label, words = found[2], _LABELS.get(found[2], ""), found[4]
        if found[1]:
            row = rows[int(found[1]) - 1]
            place, label = (
                f"hypothesis-{place}-{row}",
                f"Hypothesis {row}, {_LABELS_OF_A_ROW[place]}",
            )
        elif found[3]:
            label = f"{label}, line {found[3]}"
        told.setdefault(place, (label, words))
    return told


def in_words(told: Mapping[str, tuple[str, str]]) -> str:
    """Return one sentence on every field that has to be mended.

    Args:
        told: From ``problems_of``.
    """
    return "; ".join(f"{label}: {words}" for label, words in told.values())


def _is_used(row: Mapping[str, str]) -> bool:
    return bool(row["text"].strip() or row["value"].strip())


def _blank(number: int) -> dict[str, str]:
    return dict.fromkeys(_OF_A_ROW, "") | {"id": f"H{number}"}


def _hypotheses(form: SentForm, problems: list[str]) -> Iterator[dict[str, JsonValue]]:
    for number, row in enumerate(filter(_is_used, rows_of(form)), start=1):
        yield {
            "id": row["id"].strip(),
            "text": row["text"].strip(),
            "figure": row["figure"],
            "relation": row["relation"],
            "value": _share(row["value"], f"hypotheses[{number}].value", problems),
        }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _whole(typed: str, name: str, problems: list[str]) -> int:
    digits = typed.strip().replace(",", "")
    if not (digits.isascii() and digits.isdigit()):
        problems.append(f"{name}: expected a whole number")
        return 0
    return int(digits[:18])  # a longer one is refused as too large


def _share(typed: str, name: str, problems: list[str]) -> float:
    try:
        return float(typed)
    except ValueError:
        problems.append(f"{name}: expected a share such as 0.001")
        return 0.0
