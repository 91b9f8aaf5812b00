"""What a trial sets out to show and how large it will be, fixed before it begins (R-40, R-44).

A plan is registered in the audit log as a whole, with its digest, before any of the trial's
deployments goes live: what a trial was to show can then not be chosen by what it showed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from overt.core.canonical_json import MAX_INTEGER, canonical_json
from overt.errors import TrialPlanInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.canonical_json import JsonValue

MOST_BYTES = 24_576
"""Of a plan's canonical JSON: it stands in one line of the audit log."""

MOST_CHARACTERS = 1_000
"""Of one text."""

_LONGEST_WORD = 128  # the log takes a longer one for encoded data
_LAYOUT = "\n\t"


class HypothesisFigure(StrEnum):
    """The figures that a hypothesis may be about: a closed list, so that each is reported."""

    FALSE_ALERTS_PER_FACE_SEEN = "false_alerts_per_face_seen"
    FALSE_ALERTS_PER_ALERT = "false_alerts_per_alert"
    TRUE_RECOGNITION_RATE = "true_recognition_rate"
    OPERATOR_FALSE_PASSED_ON = "operator_false_passed_on"
    OFFICER_FALSE_ENGAGED = "officer_false_engaged"


class Relation(StrEnum):
    """On which side of the value the figure is said to lie; the value itself belongs to it."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


Word = TypeVar("Word", HypothesisFigure, Relation)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One thing that a trial sets out to show.

    Attributes:
        hypothesis_id: Short, such as ``H1``; unique within the plan.
        text: In words, for the public.
        figure: What is measured.
        relation: Whether it is to be at most or at least the value.
        value: A share between 0 and 1, without them.
    """

    hypothesis_id: str
    text: str
    figure: HypothesisFigure
    relation: Relation
    value: float

    def document(self) -> dict[str, JsonValue]:
        """Return the hypothesis as plain JSON."""
        return {
            "id": self.hypothesis_id,
            "text": self.text,
            "figure": self.figure.value,
            "relation": self.relation.value,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """The plan of a trial.

    Attributes:
        title: Of the trial, for the public.
        aim: What the trial is for.
        objectives: What it shall find out, one text each; at least one.
        hypotheses: What it sets out to show; at least one, each with its own identifier.
        n_deployments: How many deployments are planned.
        faces_planned: How many faces are to be seen in all.
        passes_planned: How many passes of volunteers are to be walked in all; 0 for none.
        stop_rules: When it is ended early, one text each; at least one.
        seed: Of every random draw of the evaluation, such as a bootstrap's.
        equality_margin: Difference of rates of two groups that does not matter.
    """

    title: str
    aim: str
    objectives: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    n_deployments: int
    faces_planned: int
    passes_planned: int
    stop_rules: tuple[str, ...]
    seed: int
    equality_margin: float

    def __post_init__(self) -> None:
        """Refuse a plan with anything missing or impossible; all of it is named at once.

        Raises:
            TrialPlanInvalidError: A text is blank, too long or no text, a number is out of its
                range, an identifier stands twice, or the plan is too long for the log.
        """
        problems = [*_text_problems(self), *_number_problems(self)]
        if not problems and len(canonical_json(self.document())) > MOST_BYTES:
            problems = [f"the whole plan has at most {MOST_BYTES:,} bytes, found more"]
        if problems:
            raise plan_refused(problems)

    def document(self) -> dict[str, JsonValue]:
        """Return the plan as plain JSON, which :func:`plan_from` reads."""
        return {
            "title": self.title,
            "aim": self.aim,
            "objectives": list(self.objectives),
            "hypotheses": [each.document() for each in self.hypotheses],
            "n_deployments": self.n_deployments,
            "faces_planned": self.faces_planned,
            "passes_planned": self.passes_planned,
            "stop_rules": list(self.stop_rules),
            "seed": self.seed,
            "equality_margin": self.equality_margin,
        }

    def sha256(self) -> str:
        """Return the digest of the plan's canonical JSON, 64 hexadecimal digits."""
        return hashlib.sha256(canonical_json(self.document())).hexdigest()


def plan_from(document: Mapping[str, object]) -> TrialPlan:
    """Return the plan of a document that :meth:`TrialPlan.document` wrote.

    Args:
        document: As it stands in the audit log, or in a report.

    Raises:
        TrialPlanInvalidError: A field is missing, unknown, or of a wrong kind or value.
    """
    _require_fields(document, TrialPlan.__slots__, "the plan")
    return TrialPlan(
        title=_text(document, "title"),
        aim=_text(document, "aim"),
        objectives=_texts(document, "objectives"),
        hypotheses=tuple(_hypothesis(each) for each in _items(document, "hypotheses")),
        n_deployments=_whole(document, "n_deployments"),
        faces_planned=_whole(document, "faces_planned"),
        passes_planned=_whole(document, "passes_planned"),
        stop_rules=_texts(document, "stop_rules"),
        seed=_whole(document, "seed"),
        equality_margin=_number(document, "equality_margin"),
    )


def plan_refused(problems: Sequence[str]) -> TrialPlanInvalidError:
    """Return the error that names everything that is wrong with a plan.

    Args:
        problems: One line each; at least one.
    """
    return TrialPlanInvalidError(f"the plan of a trial: {'; '.join(problems)}")


def _text_problems(plan: TrialPlan) -> Iterator[str]:
    for name in ("objectives", "hypotheses", "stop_rules"):
        if not getattr(plan, name):
            yield f"{name}: expected at least one"
    for place, text in _all_texts(plan):
        if problem := _problem_of(text):
            yield f"{place}: {problem}"
    ids = [each.hypothesis_id for each in plan.hypotheses]
    if len(set(ids)) < len(ids):
        yield "hypotheses: an identifier stands twice"


def _all_texts(plan: TrialPlan) -> Iterator[tuple[str, str]]:
    yield from (("title", plan.title), ("aim", plan.aim))
    for name, texts in (("objectives", plan.objectives), ("stop_rules", plan.stop_rules)):
        yield from ((f"{name}[{number}]", text) for number, text in enumerate(texts, start=1))
    for number, each in enumerate(plan.hypotheses, start=1):
        yield f"hypotheses[{number}].id", each.hypothesis_id
        yield f"hypotheses[{number}].text", each.text


def _problem_of(text: str) -> str | None:
    if not text.strip():
        return "blank"
    if len(text) > MOST_CHARACTERS:
        return f"expected at most {MOST_CHARACTERS:,} characters, found {len(text):,}"
    if not all(letter.isprintable() or letter in _LAYOUT for letter in text):
        return "control characters, or others that no screen shows"
    if max(map(len, text.split())) > _LONGEST_WORD:
        return f"a word of more than {_LONGEST_WORD} characters"
    return None


def _number_problems(plan: TrialPlan) -> Iterator[str]:
    least = {"n_deployments": 1, "faces_planned": 1, "passes_planned": 0, "seed": 0}
    for name, low in least.items():
        if not low <= getattr(plan, name) <= MAX_INTEGER:
            yield f"{name}: expected a whole number of at least {low}"
    for number, each in enumerate(plan.hypotheses, start=1):
        if not 0 < each.value < 1:
            yield f"hypotheses[{number}].value: expected a share between 0 and 1, such as 0.001"
    if not 0 < plan.equality_margin < 1:
        yield "equality_margin: expected a share between 0 and 1, such as 0.05"


_HYPOTHESIS_FIELDS = ("id", "text", "figure", "relation", "value")


def _hypothesis(found: object) -> Hypothesis:
    if not isinstance(found, Mapping):
        raise plan_refused(["hypotheses: expected tables"])
    _require_fields(found, _HYPOTHESIS_FIELDS, "a hypothesis")
    return Hypothesis(
        _text(found, "id"),
        _text(found, "text"),
        _word(found, "figure", HypothesisFigure),
        _word(found, "relation", Relation),
        _number(found, "value"),
    )


def _require_fields(found: Mapping[str, object], names: Sequence[str], what: str) -> None:
    if found.keys() != set(names):
        raise plan_refused([f"expected {what} to have exactly the fields {', '.join(names)}"])


def _text(document: Mapping[str, object], name: str) -> str:
    found = document[name]
    if not isinstance(found, str):
        raise plan_refused([f"{name}: expected text"])
    return found


def _word(document: Mapping[str, object], name: str, kind: type[Word]) -> Word:
    found = _text(document, name)
    if found not in frozenset(kind):
        raise plan_refused([f"{name}: expected one of {', '.join(kind)}"])
    return kind(found)


def _items(document: Mapping[str, object], name: str) -> Sequence[object]:
    found = document[name]
    if not isinstance(found, list | tuple):
        raise plan_refused([f"{name}: expected a list"])
    return found


def _texts(document: Mapping[str, object], name: str) -> tuple[str, ...]:
    texts = [found for found in _items(document, name) if isinstance(found, str)]
    if len(texts) < len(_items(document, name)):
        raise plan_refused([f"{name}: expected texts"])
    return tuple(texts)


def _whole(document: Mapping[str, object], name: str) -> int:
    found = document[name]
    if not isinstance(found, int) or isinstance(found, bool):
        raise plan_refused([f"{name}: expected a whole number"])
    return found


def _number(document: Mapping[str, object], name: str) -> float:
    found = document[name]
    if not isinstance(found, int | float) or isinstance(found, bool):
        raise plan_refused([f"{name}: expected a number"])
    return found
