"""The figures of a trial, of each deployment and of all: what is counted, before any rate.

``trial_queries`` works every one of them out a second time, from the events alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.adjudication import DisposalVerdict, Step
from overt.core.deployment import DeploymentKind
from overt.core.outcome import Outcome
from overt.evaluation.trial_facts import deployment_facts
from overt.evaluation.trial_log import ALL, written_as_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from overt.core.watchlist import ListKind
    from overt.evaluation.recognition_figures import Opportunity
    from overt.evaluation.trial_facts import AlertFacts, DeploymentFacts
    from overt.evaluation.trial_log import TrialLog


@dataclass(frozen=True, slots=True)
class Scope:
    """Some deployments of a trial, counted together.

    Attributes:
        name: ``all``, or the identifier of the one deployment.
        deployments: Which.
        own: The list whose alerts are counted: the volunteers' in a rehearsal.
    """

    name: str
    deployments: tuple[DeploymentFacts, ...]
    own: ListKind

    def alerts(self) -> list[AlertFacts]:
        """Return the alerts that are counted: neither seeded nor of another list (R-22)."""
        return [a for a in self.every_alert() if not a.is_seeded and self._is_own(a)]

    def reviewed(self) -> list[AlertFacts]:
        """Return the alerts by which reviewers are judged: those counted, and seeded ones."""
        return [a for a in self.every_alert() if a.is_seeded or self._is_own(a)]

    def every_alert(self) -> Iterator[AlertFacts]:
        """Yield all alerts, volunteers' and seeded ones among them."""
        for each in self.deployments:
            yield from each.alerts

    def opportunities(self) -> list[Opportunity]:
        """Return the passes that were walked to their end."""
        return [found for each in self.deployments for found in each.opportunities]

    def count(self, outcome: Outcome) -> int:
        """Return how many alerts had an outcome.

        Args:
            outcome: Which.
        """
        return sum(each.outcome is outcome for each in self.alerts())

    def n_false(self) -> int:
        """Return false alerts, confirmed or not."""
        return self.count(Outcome.CONFIRMED_FALSE) + self.count(Outcome.UNCONFIRMED_FALSE)

    def faces_seen(self) -> int:
        """Return faces seen."""
        return self.sum_of("faces_seen")

    def sum_of(self, name: str) -> int:
        """Return a sum over the deployments.

        Args:
            name: Of a sum that is read from events.
        """
        return sum(each.read.sums[name] for each in self.deployments)

    def _is_own(self, found: AlertFacts) -> bool:
        return found.alert.list_kind is self.own


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """A trial with everything that is counted of it.

    Attributes:
        whole: All deployments together.
        parts: Each deployment, in the order in which they were put in.
        is_rehearsal: Whether those seen were volunteers or generated people.
    """

    whole: Scope
    parts: tuple[Scope, ...]
    is_rehearsal: bool

    def scopes(self) -> tuple[Scope, ...]:
        """Return each deployment, then all of them."""
        return (*self.parts, self.whole)

    def limit(self) -> float | None:
        """Return the strictest limit on false alerts that any deployment was held to, or None."""
        limits = [each.limit for each in self.whole.deployments if each.limit is not None]
        return min(limits, default=None)


def trial_figures(log: TrialLog) -> TrialFigures:
    """Return what the deployments of a trial add up to.

    Args:
        log: The trial's; it may have no deployment yet.

    Raises:
        AlertWrongStepError: Decisions in the log are out of order.
        SamePersonError: One person decided two steps that two must decide.
        FiguresDifferError: The equality tables are written otherwise.
        EvaluationDataInvalidError: An event is not written as expected.
    """
    own = log.own_list_kind
    facts = written_as_known(f"the figures of {log.trial.trial_id}", lambda: _facts(log))
    parts = tuple(Scope(each.deployment_id, (each,), own) for each in facts)
    is_rehearsal = log.trial.deployment_kind is DeploymentKind.REHEARSAL
    return TrialFigures(Scope(ALL, facts, own), parts, is_rehearsal)


def _facts(log: TrialLog) -> tuple[DeploymentFacts, ...]:
    return tuple(
        deployment_facts(name, number, events)
        for number, (name, events) in enumerate(log.events.items(), start=1)
    )


def decision_times(alerts: Iterable[AlertFacts], step: Step) -> list[float]:
    """Return how long a step took, of those alerts of which that is known.

    Args:
        alerts: Reviewed alerts.
        step: The operator's or the officer's.
    """
    return [each.seconds[step] for each in alerts if step in each.seconds]


def cameras_of(scope: Scope) -> list[str]:
    """Return the cameras that volunteers walked past.

    Args:
        scope: Some deployments.
    """
    return sorted({each.camera_id for each in scope.opportunities()})


def hours_of(scope: Scope) -> list[str]:
    """Return the hours of the day, UTC, in which volunteers walked.

    Args:
        scope: Some deployments.
    """
    return sorted({hour_of(each) for each in scope.opportunities()})


def factors_of(scope: Scope) -> list[str]:
    """Return the factors that were noted beside walks.

    Args:
        scope: Some deployments.
    """
    return sorted({factor for each in scope.opportunities() for factor in each.factors})


def arrest_reasons_of(scope: Scope) -> Counter[str]:
    """Return arrests by reason; one arrest may have several.

    Args:
        scope: Some deployments.
    """
    return Counter(
        code
        for each in disposed(scope, DisposalVerdict.ARREST)
        if each.disposal is not None
        for code in each.disposal.reason_codes
    )


def hour_of(opportunity: Opportunity) -> str:
    """Return the hour of the day, UTC, in which somebody walked.

    Args:
        opportunity: Their pass.
    """
    return f"{opportunity.started_at:%H}:00"


def disposed(scope: Scope, verdict: DisposalVerdict) -> list[AlertFacts]:
    """Return the alerts that count whose engagement ended in one way.

    Args:
        scope: Some deployments.
        verdict: Which way.
    """
    return [a for a in scope.alerts() if a.disposal is not None and a.disposal.verdict is verdict]
