"""What people did and what became of them, a second time, straight from the events."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import fisher_exact

from overt.core.audit_events import EventKind as K
from overt.evaluation.trial_answers import (
    counted_in,
    decisions_in,
    outcomes_in,
    own_walks_in,
    pass_key,
    reasons_in,
    seeded_in,
    walks_in,
)
from overt.evaluation.trial_numbers import PROBABILITY, Amount, Share, SharePerPerson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from overt.core.audit import AuditEvent
    from overt.evaluation.trial_answers import Answer, Key
    from overt.evaluation.trial_log import TrialLog
    from overt.evaluation.trial_numbers import Measure

_PASSES = "recognition opportunities"
_ENGAGED = "people engaged after an alert"
_CAUSES = ("not_captured", "rejected", "compared")
_FEWEST = 2
_FEWEST_ALIKE = 10


def recognition(log: TrialLog, scope: str, argument: str) -> Measure:
    """Return passes that raised an alert about the right person, over all of some kind.

    Args:
        log: Of the trial.
        scope: Which deployments.
        argument: Of a camera, of an hour, with or without a factor; blank for all.
    """
    recognised = _recognised(log, scope)
    chosen = [walk for walk in walks_in(log, scope) if _is_chosen(walk, argument)]
    events = [pass_key(walk) in recognised for walk in chosen]
    return SharePerPerson([_person(walk) for walk in chosen], events, _PASSES)


def missed(log: TrialLog, scope: str, argument: str) -> Measure:
    """Return passes that were missed for one cause, over all passes.

    Args:
        log: Of the trial.
        scope: Which deployments.
        argument: The cause.
    """
    recognised, walks = _recognised(log, scope), walks_in(log, scope)

    def cause(walk: AuditEvent) -> str:
        stated = str(walk.details.get("result"))
        return stated if stated in _CAUSES else "not_recorded"

    events = [pass_key(walk) not in recognised and cause(walk) == argument for walk in walks]
    return SharePerPerson([_person(walk) for walk in walks], events, _PASSES)


def design_effect(log: TrialLog, scope: str, _: str) -> Measure:
    """Return by how much passes of one person are alike.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    recognised, walks = _recognised(log, scope), walks_in(log, scope)
    people: dict[str, list[bool]] = {}
    for walk in walks:
        people.setdefault(_person(walk), []).append(pass_key(walk) in recognised)
    total = len(walks)
    count = sum(each.count(True) for each in people.values())
    if len(people) < _FEWEST_ALIKE:
        return Amount(None, "times", digits=2, of=f"fewer than {_FEWEST_ALIKE} people")
    if not 0 < count < total:
        return Amount(None, "times", digits=2, of=f"{count:,} of {total:,}")
    share = count / total
    of_people = sum((each.count(True) - share * len(each)) ** 2 for each in people.values())
    by_person = of_people * len(people) / (len(people) - 1)
    return Amount(by_person / (total * share * (1 - share)), "times", digits=2)


def reviewed(step: str, unit: str, verdict: str, truth: str) -> Answer:
    """Return the answer: how often reviewers decided in one way about alerts of a known truth.

    Args:
        step: Operator or officer.
        unit: What the total counts.
        verdict: What is counted: the decision's name, or ``not`` and it.
        truth: False, true, seeded, counted (whatever it is), or any, seeded ones among them.
    """
    chosen = _TRUTHS[truth]

    def answer(log: TrialLog, scope: str, _: str) -> Measure:
        decided = decisions_in(log, scope, step)
        keys = [key for key in chosen(log, scope) if key in decided]
        keys = [key for key in keys if decided[key].details["verdict"] != "not_located"]
        wanted = verdict.removeprefix("not ")
        events = [
            (decided[key].details["verdict"] == wanted) is not verdict.startswith("not ")
            for key in keys
        ]
        return SharePerPerson([decided[key].actor_id for key in keys], events, unit)

    return answer


def seconds(step: str) -> Answer:
    """Return the answer: quartiles of how long a step took.

    Args:
        step: Operator or officer.
    """

    def answer(log: TrialLog, scope: str, argument: str) -> Measure:
        times = sorted(times_in(log, scope, step))
        if len(times) < _FEWEST:
            return Amount(None, "seconds", digits=1, of=f"{len(times)} decisions with a time")
        if argument == "median":
            return Amount(median(times), "seconds", digits=1)
        quartile = 0.25 if argument == "first quartile" else 0.75
        return Amount(_between(times, quartile), "seconds", digits=1)

    return answer


def times_in(log: TrialLog, scope: str, step: str) -> list[float]:
    """Return how long a step took, of alerts that count and of seeded ones.

    Args:
        log: Of the trial.
        scope: Which deployments.
        step: Operator or officer.
    """
    wanted = {*counted_in(log, scope), *seeded_in(log, scope)}
    found = (
        event.details.get("latency_s")
        for key, event in decisions_in(log, scope, step).items()
        if key in wanted
    )
    return [float(each) for each in found if isinstance(each, int | float)]


def arrest_reason(log: TrialLog, scope: str, argument: str) -> Measure:
    """Return arrests that had a reason among theirs.

    Args:
        log: Of the trial.
        scope: Which deployments.
        argument: The reason.
    """
    return Amount(reasons_in(log, scope)[argument], "arrests")


def after_false_alert(log: TrialLog, scope: str, argument: str) -> Measure:
    """Return people of a group engaged after a false alert, over all of the group engaged.

    Args:
        log: Of the trial.
        scope: Which deployments.
        argument: ``ethnicity: code``, and so on.
    """
    name, _, group = argument.partition(": ")
    count, total = _groups(log, scope, name)[group]
    return Share(count, total, _ENGAGED)


def p_of_groups(*, is_adjusted: bool) -> Answer:
    """Return the answer: how often groups without a difference would differ by as much.

    Args:
        is_adjusted: For the number of pairs that are compared (Holm).
    """

    def answer(log: TrialLog, scope: str, argument: str) -> Measure:
        name, _, pair = argument.partition(": ")
        groups = _groups(log, scope, name)
        names = sorted(groups)
        found = {
            f"{one} / {other}": _fisher(groups[one], groups[other])
            for place, one in enumerate(names)
            for other in names[place + 1 :]
        }
        value = _holm(found)[pair] if is_adjusted else found[pair]
        return Amount(value, PROBABILITY, digits=3)

    return answer


def _recognised(log: TrialLog, scope: str) -> set[str]:
    return {name for walks in own_walks_in(log, scope).values() for name in walks}


def _person(walk: AuditEvent) -> str:
    return f"{walk.deployment_id}/{walk.details['volunteer_id']}"


def _is_chosen(walk: AuditEvent, argument: str) -> bool:
    kind, _, which = argument.partition(" ")
    if kind == "camera":
        return walk.details["camera_id"] == which
    if kind == "hour":
        started_at = datetime.fromisoformat(str(walk.details["started_at"])).astimezone(UTC)
        return f"{started_at.hour:02}:00" == which
    named = walk.details.get("factors")
    has_factor = isinstance(named, tuple) and which in named
    return {"with": has_factor, "without": not has_factor}.get(kind, True)


def _false(log: TrialLog, scope: str) -> list[Key]:
    outcomes = outcomes_in(log, scope)
    false = [k for k in counted_in(log, scope) if outcomes[k].endswith("_false")]
    return [*false, *seeded_in(log, scope)]


def _true(log: TrialLog, scope: str) -> list[Key]:
    """Return true alerts, volunteers' among them: in a deployment only theirs are known."""
    outcomes, seeded = outcomes_in(log, scope), set(seeded_in(log, scope))
    return [k for k, found in outcomes.items() if found == "confirmed_true" and k not in seeded]


def _any(log: TrialLog, scope: str) -> list[Key]:
    return [*counted_in(log, scope), *seeded_in(log, scope)]


_TRUTHS: dict[str, Callable[[TrialLog, str], Sequence[Key]]] = {
    "false": _false,
    "true": _true,
    "seeded": seeded_in,
    "any": _any,
    "counted": counted_in,
}


def _between(times: Sequence[float], quartile: float) -> float:
    place = quartile * (len(times) - 1)
    below = int(place)
    return times[below] + (place - below) * (times[min(below + 1, len(times) - 1)] - times[below])


def _groups(log: TrialLog, scope: str, name: str) -> dict[str, tuple[int, int]]:
    """Return those engaged after a false alert and all engaged, of groups stated everywhere."""
    tables = _last_tables(log, scope, name)
    found: dict[str, tuple[int, int]] = {}
    for group in {group for engaged, _ in tables for group in engaged}:
        total = _sum_if_stated([engaged.get(group, 0) for engaged, _ in tables])
        count = _sum_if_stated([false.get(group, 0) for _, false in tables])
        if total and count is not None:
            found[group] = count, total
    return found


def _sum_if_stated(numbers: Sequence[object]) -> int | None:
    total = 0
    for each in numbers:
        if not isinstance(each, int):
            return None
        total += each
    return total


def _last_tables(
    log: TrialLog, scope: str, name: str
) -> list[tuple[Mapping[str, object], Mapping[str, object]]]:
    last = {event.deployment_id: event for event in log.of(scope, K.EQUALITY_COUNTED)}
    stated = [_mapping(_mapping(e.details["tables"]).get(name)) for e in last.values()]
    return [
        (_mapping(each.get("engaged")), _mapping(each.get("after_false_alert"))) for each in stated
    ]


def _mapping(found: object) -> Mapping[str, object]:
    return found if isinstance(found, dict) else {}


def _fisher(one: tuple[int, int], other: tuple[int, int]) -> float:
    table = [[count, total - count] for count, total in (one, other)]
    return float(fisher_exact(np.array(table)).pvalue)


def _holm(found: Mapping[str, float]) -> dict[str, float]:
    ordered = sorted(found.items(), key=lambda item: item[1])
    adjusted: dict[str, float] = {}
    least = 0.0
    for left, (pair, p) in zip(range(len(ordered), 0, -1), ordered, strict=True):
        least = max(least, min(1.0, left * p))
        adjusted[pair] = least
    return adjusted
