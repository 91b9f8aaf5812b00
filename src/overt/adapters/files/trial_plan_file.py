"""The plan of a trial as a TOML file; and that file, to be filled in."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from overt.adapters.files.table_fields import TableFields
from overt.core.trial_plan import (
    Hypothesis,
    HypothesisFigure,
    Relation,
    TrialPlan,
    plan_refused,
)

if TYPE_CHECKING:
    from pathlib import Path

Word = TypeVar("Word", HypothesisFigure, Relation)

MAX_BYTES = 64 * 1024

TEMPLATE = f"""\
# The plan of a trial. `overt trial register` puts it into the audit log as a whole, before any
# of the trial's deployments goes live; nobody changes it afterwards. It is published as it
# stands: write no name of a person into it.

title = ""
aim = ""                    # what the trial is for
objectives = [
    "",                     # what it shall find out, one text each
]

n_deployments = 10          # how many deployments
faces_planned = 0           # faces seen, in all; `overt plan-trial` says how many it takes
passes_planned = 0          # passes of volunteers, in all; 0 without volunteers

stop_rules = [
    "",                     # when the trial is ended early, one text each
]

seed = 1                    # of every random draw of the evaluation
equality_margin = 0.05      # difference of rates of two groups that does not matter

# What the trial sets out to show; repeat for each.
# figure is one of: {", ".join(HypothesisFigure)}
# relation is one of: {", ".join(Relation)}
[[hypotheses]]
id = "H1"
text = ""
figure = "false_alerts_per_face_seen"
relation = "at_most"
value = 0.001               # a share between 0 and 1
"""


def read_trial_plan(path: Path) -> TrialPlan:
    """Return the plan that a file holds.

    Args:
        path: A TOML file; `overt trial template` prints one.

    Raises:
        TrialPlanInvalidError: It cannot be read, or fields are missing, unknown or wrong; the
            message lists them all.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise plan_refused([f"there is no file {path.name}"])
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise plan_refused([f"{path.name} cannot be read ({type(error).__name__})"]) from error
    return parse_trial_plan(data)


def parse_trial_plan(data: bytes) -> TrialPlan:
    """Return the plan of a TOML text.

    Args:
        data: UTF-8, at most 64 KiB.

    Raises:
        TrialPlanInvalidError: It is no TOML, or fields are missing, unknown or wrong; the
            message lists them all.
    """
    problems: list[str] = []
    fields = TableFields(_tables(data), "", problems)
    make = partial(
        TrialPlan,
        title=fields.text("title"),
        aim=fields.text("aim"),
        objectives=fields.texts("objectives"),
        n_deployments=fields.whole_number("n_deployments"),
        faces_planned=fields.whole_number("faces_planned"),
        passes_planned=fields.whole_number("passes_planned"),
        stop_rules=fields.texts("stop_rules"),
        seed=fields.whole_number("seed"),
        equality_margin=fields.number("equality_margin"),
        hypotheses=_hypotheses(fields),
    )
    fields.refuse_others()
    if problems:
        raise plan_refused(problems)
    return make()


def _hypotheses(fields: TableFields) -> tuple[Hypothesis, ...]:
    found = []
    for table in fields.tables("hypotheses"):
        hypothesis_id, text, value = table.text("id"), table.text("text"), table.number("value")
        figure = _one_of(table, "figure", HypothesisFigure)
        relation = _one_of(table, "relation", Relation)
        table.refuse_others()
        if figure is not None and relation is not None:
            found.append(Hypothesis(hypothesis_id, text, figure, relation, value))
    return tuple(found)


def _one_of(table: TableFields, name: str, kind: type[Word]) -> Word | None:
    found = table.value(name, str)
    if found is not None and found not in frozenset(kind):
        table.wrong(name, f"expected {', '.join(kind)}, found {found!r}")
        return None
    return None if found is None else kind(found)


def _tables(data: bytes) -> dict[str, object]:
    if len(data) > MAX_BYTES:
        raise plan_refused([f"larger than {MAX_BYTES} bytes"])
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise plan_refused(["not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise plan_refused([f"not TOML: {error}"]) from error
    except (ValueError, RecursionError) as error:
        raise plan_refused(["not TOML that can be used"]) from error
