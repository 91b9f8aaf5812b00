"""Equality in a trial: people engaged, by group, and how often it was somebody else (R-47, R-56).

The log holds tables in which small numbers are withheld. Sums of what is stated are stated;
a group of which any deployment withholds its number is withheld in the sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.by_subject import SubjectCounts
from overt.evaluation.subgroups import compare_groups
from overt.evaluation.trial_document import section, table
from overt.evaluation.trial_numbers import PROBABILITY, Amount, Query, Share, generator_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from overt.core.canonical_json import JsonValue
    from overt.evaluation.equality import EqualityTables
    from overt.evaluation.subgroups import Comparison
    from overt.evaluation.trial_document import Document, Sources
    from overt.evaluation.trial_figures import Scope

    Groups = Mapping[str, int | None]

UNIT = "people engaged after an alert"
NAMES = ("ethnicity", "age_band", "sex")
_WITHHELD = "withheld: few people"


def equality_section(sources: Sources, margin: float) -> Document:
    """Return the section on people by group.

    Args:
        sources: What was counted.
        margin: Difference of two rates that does not matter, from the plan.
    """
    whole = sources.whole()
    text = [
        (
            "Groups are as the person said or the officer perceived it; nothing is taken from a "
            "picture. Counts of few people are withheld, and with them whatever they could be "
            "worked out from."
        ),
    ]
    stated = equality_of(whole)
    if not stated:
        text.append("No deployment of this trial has counted people by group.")
        return section("equality", "People by group", text)
    if len(stated) < len(whole.deployments):
        text.append(
            f"Counted in {len(stated):,} of {len(whole.deployments):,} deployments; the others "
            "have not counted people by group yet."
        )
    text.append(
        "That no difference is shown does not mean that groups are equal: equality is shown only "
        f"where the interval of the difference lies within {100 * margin:g} points, a margin that "
        "the plan fixed beforehand."
    )
    tables = []
    for name in NAMES:
        compared = compare(whole, name, sources.book.seed, margin)
        tables += _tables(sources, name, compared)
        text += [f"By {_words(name)}: {pair.text(margin)}." for pair in compared.pairs]
    return section("equality", "People by group", text, tables)


def equality_of(scope: Scope) -> list[EqualityTables]:
    """Return the tables of the deployments that have counted any.

    Args:
        scope: Some deployments.
    """
    found = [each.read.equality for each in scope.deployments]
    return [tables for tables in found if tables is not None]


def summed(tables: Sequence[Groups]) -> dict[str, int | None]:
    """Return people by group over several tables; None where any of them withholds it.

    Args:
        tables: A group that one does not name has nobody there.
    """
    groups = sorted({group for each in tables for group in each})
    return {group: _sum([each.get(group, 0) for each in tables]) for group in groups}


def engaged_by_group(
    scope: Scope, name: str
) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """Return people engaged after an alert by group, and those among them after a false one.

    Args:
        scope: Some deployments.
        name: By what: ethnicity, age band or sex.
    """
    tables = [each.by_name()[name] for each in equality_of(scope)]
    engaged = summed([each.engaged for each in tables])
    return engaged, summed([each.after_false_alert for each in tables])


def shares(scope: Scope, name: str) -> dict[str, tuple[int, int]]:
    """Return count and total of each group of which both are stated and the total is not 0.

    Args:
        scope: Some deployments.
        name: By what: ethnicity, age band or sex.
    """
    engaged, false = engaged_by_group(scope, name)
    found: dict[str, tuple[int, int]] = {}
    for group, total in engaged.items():
        count = false.get(group, 0)
        if total and count is not None:
            found[group] = (count, total)
    return found


def compare(scope: Scope, name: str, seed: int, margin: float) -> Comparison:
    """Return how groups compare, of those that are stated.

    Args:
        scope: Some deployments.
        name: By what: ethnicity, age band or sex.
        seed: Of the trial's plan.
        margin: Difference of two rates that does not matter.
    """
    groups = {
        group: SubjectCounts((np.arange(total) < count).astype(np.int64), np.ones(total, np.int64))
        for group, (count, total) in shares(scope, name).items()
    }
    least = min((each.withheld_below for each in equality_of(scope)), default=1)
    generator = generator_of(Query("equality", scope.name, name), seed)
    return compare_groups(groups, UNIT, generator, margin=margin, least=least)


def _tables(sources: Sources, name: str, compared: Comparison) -> list[Document]:
    whole, words = sources.whole(), _words(name)
    engaged, _ = engaged_by_group(whole, name)
    if not engaged:
        return []
    stated = shares(whole, name)
    rows: list[list[JsonValue]] = []
    for group, n in engaged.items():
        shown: JsonValue = _WITHHELD if n is None else f"{n:,}"
        rows.append([group.replace("_", " "), shown, _rate_cell(sources, name, group, stated)])
    columns = (words.capitalize(), "Engaged after an alert", "After a false alert, of these")
    made = [table(f"equality-{name}", f"People engaged by {words}", columns, rows)]
    pairs: list[list[JsonValue]] = []
    for pair in compared.pairs:
        argument = f"{name}: {pair.one} / {pair.other}"
        cells: list[JsonValue] = []
        for query_name, value in (
            ("equality_p", pair.p_value),
            ("equality_p_adjusted", pair.adjusted),
        ):
            query = Query(query_name, whole.name, argument)
            number = sources.book.add(query, Amount(value, PROBABILITY, digits=3))
            cells.append({"number": number})
        both = f"{pair.one.replace('_', ' ')} and {pair.other.replace('_', ' ')}"
        pairs.append([both, *cells, "yes" if pair.is_different else "no", _equal(pair.is_equal)])
    if pairs:
        columns_of_pairs = (
            "Groups",
            "p (Fisher)",
            "p, adjusted (Holm)",
            "Difference shown",
            "Equality shown",
        )
        caption = f"Whether groups by {words} differ after chance is allowed for"
        made.append(table(f"equality-{name}-pairs", caption, columns_of_pairs, pairs))
    return made


def _rate_cell(
    sources: Sources, name: str, group: str, stated: Mapping[str, tuple[int, int]]
) -> JsonValue:
    if group not in stated:
        return _WITHHELD
    count, total = stated[group]
    query = Query("engaged_after_false_alert", sources.whole().name, f"{name}: {group}")
    return {"number": sources.book.add(query, Share(count, total, UNIT))}


def _equal(is_equal: bool) -> str:  # noqa: FBT001  a value
    return "yes" if is_equal else "no"


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [each for each in numbers if each is not None]
    return sum(known) if len(known) == len(numbers) else None


def _words(name: str) -> str:
    return name.replace("_", " ")
