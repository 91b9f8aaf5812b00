"""What each query of a trial counts, of the deployments of its scope; intervals come later."""

from __future__ import annotations

from statistics import quantiles
from typing import TYPE_CHECKING

import numpy as np

from overt.core.adjudication import DisposalVerdict, OperatorVerdict, Step
from overt.core.outcome import Outcome
from overt.evaluation.by_subject import counts_by_subject
from overt.evaluation.recognition_figures import UNIT, PassResult
from overt.evaluation.trial_figures import (
    Scope,
    arrest_reasons_of,
    decision_times,
    disposed,
    hour_of,
)
from overt.evaluation.trial_numbers import Amount, Share, SharePerPerson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from overt.evaluation.recognition_figures import Opportunity
    from overt.evaluation.trial_facts import AlertFacts
    from overt.evaluation.trial_numbers import Measure, Query

_FEWEST_TIMES = 2
_FEWEST_ALIKE = 10  # people from whom it can be told how alike passes of one are
_QUARTILES = {"first quartile": 0, "median": 1, "third quartile": 2}


def measure(scope: Scope, query: Query) -> Measure:
    """Return what a query counts.

    Args:
        scope: The deployments of the query.
        query: One of the closed table.
    """
    if query.argument is None:
        return _PLAIN[query.name](scope)
    return _WITH_ARGUMENT[query.name](scope, query.argument)


def _counted(unit: str, count: Callable[[Scope], int]) -> Callable[[Scope], Measure]:
    return lambda scope: Amount(count(scope), unit)


def _live_hours(scope: Scope) -> Measure:
    spans = [span for each in scope.deployments for span in each.read.spans]
    seconds = sum((span.ended_at - span.started_at).total_seconds() for span in spans)
    return Amount(seconds / 3600, "hours", digits=2)


def _watchlist_size(scope: Scope) -> int:
    sizes = [span.n_entries for each in scope.deployments for span in each.read.spans]
    running = [each.read.live_from[1] for each in scope.deployments if each.read.live_from]
    return max(sizes + running, default=0)


def _n_disposed(verdict: DisposalVerdict) -> Callable[[Scope], int]:
    return lambda scope: len(disposed(scope, verdict))


def _engaged(scope: Scope) -> list[AlertFacts]:
    return [each for each in scope.alerts() if each.is_engaged]


def _per_face(scope: Scope) -> Measure:
    return Share(scope.n_false(), scope.faces_seen(), "faces seen")


def _per_face_at_most(scope: Scope) -> Measure:
    n_false = scope.n_false() + scope.count(Outcome.UNRESOLVED)
    return Share(n_false, scope.faces_seen(), "faces seen")


def _per_other_face(scope: Scope) -> Measure:
    n_others = max(0, scope.faces_seen() - len(scope.opportunities()))
    return Share(scope.n_false(), n_others, "faces seen less passes of volunteers")


def _per_alert(scope: Scope) -> Measure:
    return Share(scope.n_false(), len(scope.alerts()), "alerts")


def _per_alert_at_most(scope: Scope) -> Measure:
    n_false = scope.n_false() + scope.count(Outcome.UNRESOLVED)
    return Share(n_false, len(scope.alerts()), "alerts")


def _only_confirmed(scope: Scope) -> Measure:
    return Share(scope.count(Outcome.CONFIRMED_FALSE), len(scope.alerts()), "alerts")


def _not_confirmed_true(scope: Scope) -> Measure:
    alerts = scope.alerts()
    return Share(len(alerts) - scope.count(Outcome.CONFIRMED_TRUE), len(alerts), "alerts")


def _recognised(scope: Scope, chosen: Callable[[Opportunity], bool]) -> Measure:
    return _passes_with(
        [each for each in scope.opportunities() if chosen(each)], PassResult.RECOGNISED
    )


def _passes_with(passes: list[Opportunity], result: PassResult) -> SharePerPerson:
    return SharePerPerson(
        [each.subject_id for each in passes], [each.result is result for each in passes], UNIT
    )


def _recognised_where(scope: Scope, argument: str) -> Measure:
    """Return passes that were recognised, of one camera, one hour, with or without a factor."""
    kind, _, which = argument.partition(" ")
    return _recognised(scope, lambda each: _BELONGS[kind](each, which))


_BELONGS: dict[str, Callable[[Opportunity, str], bool]] = {
    "camera": lambda each, which: each.camera_id == which,
    "hour": lambda each, which: hour_of(each) == which,
    "with": lambda each, which: which in each.factors,
    "without": lambda each, which: which not in each.factors,
}


def _missed(scope: Scope, argument: str) -> Measure:
    return _passes_with(scope.opportunities(), PassResult(argument))


def _design_effect(scope: Scope) -> Measure:
    passes = scope.opportunities()
    if len({each.subject_id for each in passes}) < _FEWEST_ALIKE:
        return Amount(None, "times", digits=2, of=f"fewer than {_FEWEST_ALIKE} people")
    events = np.array([each.result is PassResult.RECOGNISED for each in passes], bool)
    found = counts_by_subject([each.subject_id for each in passes], events).design_effect()
    return Amount(found, "times", digits=2, of=f"{int(events.sum()):,} of {len(passes):,}")


def _by_operator(
    alerts: Iterable[AlertFacts], unit: str, is_event: Callable[[AlertFacts], bool]
) -> Measure:
    decided = [(each, each.operator) for each in alerts]
    known = [(each, operator.decided_by) for each, operator in decided if operator is not None]
    return SharePerPerson([who for _, who in known], [is_event(each) for each, _ in known], unit)


def _by_officer(
    alerts: Iterable[AlertFacts], unit: str, is_event: Callable[[AlertFacts], bool]
) -> Measure:
    decided = [(each, each.officer) for each in alerts if each.is_engaged is not None]
    known = [(each, officer.decided_by) for each, officer in decided if officer is not None]
    return SharePerPerson([who for _, who in known], [is_event(each) for each, _ in known], unit)


def _is_passed_on(each: AlertFacts) -> bool:
    return each.operator is not None and each.operator.verdict is OperatorVerdict.PASSED_ON


def _false_passed_on(scope: Scope) -> Measure:
    false = [each for each in scope.reviewed() if each.is_true is False]
    return _by_operator(false, "false alerts", _is_passed_on)


def _true_dismissed(scope: Scope) -> Measure:
    true = [each for each in scope.every_alert() if each.is_true]
    return _by_operator(true, "true alerts", lambda each: not _is_passed_on(each))


def _seeded_passed_on(scope: Scope) -> Measure:
    seeded = [each for each in scope.reviewed() if each.is_seeded]
    return _by_operator(seeded, "seeded alerts", _is_passed_on)


def _false_engaged(scope: Scope) -> Measure:
    false = [each for each in scope.reviewed() if each.is_true is False]
    return _by_officer(false, "false alerts passed on", lambda each: bool(each.is_engaged))


def _true_not_engaged(scope: Scope) -> Measure:
    true = [each for each in scope.every_alert() if each.is_true]
    return _by_officer(true, "true alerts passed on", lambda each: not each.is_engaged)


def _officer_agrees(scope: Scope) -> Measure:
    return _by_officer(scope.reviewed(), "alerts passed on", lambda each: bool(each.is_engaged))


def _dismissed(scope: Scope) -> Measure:
    return _by_operator(scope.alerts(), "alerts decided", lambda each: not _is_passed_on(each))


def _quick(scope: Scope) -> Measure:
    made = [
        (decision.decided_by, step in each.quick)
        for each in scope.alerts()
        for step, decision in ((Step.OPERATOR, each.operator), (Step.OFFICER, each.officer))
        if decision is not None
    ]
    return SharePerPerson([who for who, _ in made], [quick for _, quick in made], "decisions")


def _time(step: Step) -> Callable[[Scope, str], Measure]:
    def found(scope: Scope, argument: str) -> Measure:
        times = decision_times(scope.reviewed(), step)
        if len(times) < _FEWEST_TIMES:
            return Amount(None, "seconds", digits=1, of=f"{len(times)} decisions with a time")
        quartile = quantiles(times, n=4, method="inclusive")[_QUARTILES[argument]]
        return Amount(quartile, "seconds", digits=1)

    return found


_PLAIN: dict[str, Callable[[Scope], Measure]] = {
    "live_hours": _live_hours,
    "watchlist_size": _counted("people listed", _watchlist_size),
    "faces_seen": _counted("faces seen", Scope.faces_seen),
    "searches": _counted("searches", lambda scope: scope.sum_of("searches")),
    "signs_placed": _counted("signs", lambda scope: scope.sum_of("signs")),
    "alerts": _counted("alerts", lambda scope: len(scope.alerts())),
    "seeded_alerts": _counted(
        "seeded alerts", lambda scope: sum(each.is_seeded for each in scope.reviewed())
    ),
    "volunteers": _counted(
        "volunteers", lambda scope: sum(len(each.read.volunteers) for each in scope.deployments)
    ),
    "passes": _counted("recognition opportunities", lambda scope: len(scope.opportunities())),
    "engagements": _counted("engagements", lambda scope: len(_engaged(scope))),
    "engaged_without_alert": _counted("engagements", lambda scope: scope.sum_of("without_alert")),
    "arrests": _counted("arrests", _n_disposed(DisposalVerdict.ARREST)),
    "arrest_reasons": _counted("reasons", lambda scope: arrest_reasons_of(scope).total()),
    "other_disposals": _counted("engagements", _n_disposed(DisposalVerdict.OTHER)),
    "no_further_action": _counted("engagements", _n_disposed(DisposalVerdict.NO_FURTHER_ACTION)),
    "operator_decisions": _counted(
        "decisions with a time",
        lambda scope: len(decision_times(scope.reviewed(), Step.OPERATOR)),
    ),
    "officer_decisions": _counted(
        "decisions with a time", lambda scope: len(decision_times(scope.reviewed(), Step.OFFICER))
    ),
    "design_effect": _design_effect,
    "false_alerts_per_face_seen": _per_face,
    "false_alerts_per_face_seen_at_most": _per_face_at_most,
    "false_alerts_per_face_less_passes": _per_other_face,
    "false_alerts_per_alert": _per_alert,
    "false_alerts_per_alert_at_most": _per_alert_at_most,
    "false_alerts_per_alert_if_only_confirmed": _only_confirmed,
    "false_alerts_per_alert_if_not_confirmed_true": _not_confirmed_true,
    "operator_dismissed": _dismissed,
    "engagements_per_alert": lambda scope: Share(
        len(_engaged(scope)), len(scope.alerts()), "alerts"
    ),
    "false_per_engagement": lambda scope: Share(
        sum(each.outcome is Outcome.CONFIRMED_FALSE for each in _engaged(scope)),
        len(_engaged(scope)),
        "engagements",
    ),
    "arrests_per_engagement": lambda scope: Share(
        len(disposed(scope, DisposalVerdict.ARREST)), len(_engaged(scope)), "engagements"
    ),
    "quick_decisions": _quick,
    "true_recognition_rate": lambda scope: _recognised(scope, lambda _: True),
    "operator_false_passed_on": _false_passed_on,
    "operator_true_dismissed": _true_dismissed,
    "seeded_passed_on": _seeded_passed_on,
    "officer_false_engaged": _false_engaged,
    "officer_true_not_engaged": _true_not_engaged,
    "officer_agrees": _officer_agrees,
}

_WITH_ARGUMENT: dict[str, Callable[[Scope, str], Measure]] = {
    "outcome": lambda scope, which: Amount(scope.count(Outcome(which)), "alerts"),
    "arrest_reason": lambda scope, which: Amount(arrest_reasons_of(scope)[which], "arrests"),
    "true_recognition_rate": _recognised_where,
    "missed": _missed,
    "operator_seconds": _time(Step.OPERATOR),
    "officer_seconds": _time(Step.OFFICER),
}
