"""The counts of a trial a second time, straight from the events: what a verifier relies on.

Nothing here uses what ``trial_figures`` has worked out, nor the steps of an alert as the rules
walk them: outcomes come from the events that state them, engagements from those of officers.
Whoever changes a digit of a report is found out by what stands here.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind as K
from overt.core.seeded_pair import IS_SEEDED
from overt.evaluation.trial_numbers import Amount, Share, SharePerPerson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from overt.core.audit import AuditEvent
    from overt.evaluation.trial_log import TrialLog
    from overt.evaluation.trial_numbers import Measure

    Key = tuple[str | None, str]
    Answer = Callable[[TrialLog, str, str], Measure]

_FALSE = ("confirmed_false", "unconfirmed_false")
_HOUR_S = 3600


def key_of(event: AuditEvent) -> Key:
    """Return what names an alert: its deployment and its identifier.

    Args:
        event: About an alert.
    """
    return event.deployment_id, str(event.details["alert_id"])


def alerts_in(log: TrialLog, scope: str) -> dict[Key, AuditEvent]:
    """Return every alert that was raised, volunteers' and seeded ones among them.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    return {key_of(event): event for event in log.of(scope, K.ALERT_RAISED)}


def is_seeded(event: AuditEvent) -> bool:
    """Return whether an alert was put in on purpose.

    Args:
        event: That raised it.
    """
    return event.details.get(IS_SEEDED) is True


def counted_in(log: TrialLog, scope: str) -> list[Key]:
    """Return the alerts that count: of the trial's own list, and not seeded.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    own = log.own_list_kind.value
    return [
        key
        for key, event in alerts_in(log, scope).items()
        if event.details["list_kind"] == own and not is_seeded(event)
    ]


def decisions_in(log: TrialLog, scope: str, step: str) -> dict[Key, AuditEvent]:
    """Return the decisions of one step.

    Args:
        log: Of the trial.
        scope: Which deployments.
        step: Operator, officer, identity or disposal.
    """
    decided = log.of(scope, K.ALERT_DECIDED)
    return {key_of(event): event for event in decided if event.details["step"] == step}


def outcomes_in(log: TrialLog, scope: str) -> dict[Key, str]:
    """Return what each alert turned out to be, as the log states it.

    A volunteer's alert within their own walk is confirmed true, unless an identity check showed
    otherwise.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    alerts = alerts_in(log, scope)
    found = dict.fromkeys(alerts, "unresolved")
    for event in log.of(scope, K.OUTCOME_RECORDED):
        found[key_of(event)] = str(event.details["outcome"])
    for key in own_walks_in(log, scope):
        if found[key] != "confirmed_false":
            found[key] = "confirmed_true"
    return found


def own_walks_in(log: TrialLog, scope: str) -> dict[Key, list[str]]:
    """Return the walks during which their own volunteer's alert was raised, by alert.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    entries = {
        (event.deployment_id, event.details["volunteer_id"]): event.details.get("entry_id")
        for event in log.of(scope, K.VOLUNTEER_CONSENTED)
    }
    walks: dict[tuple[object, ...], list[AuditEvent]] = {}
    for walk in walks_in(log, scope):
        entry = entries.get((walk.deployment_id, walk.details["volunteer_id"]))
        place = walk.deployment_id, walk.details["camera_id"], entry
        walks.setdefault(place, []).append(walk)
    found: dict[Key, list[str]] = {}
    for key, alert in alerts_in(log, scope).items():
        if alert.details["list_kind"] != "blue" or is_seeded(alert):
            continue
        place = alert.deployment_id, alert.details["camera_id"], alert.details["entry_id"]
        at = datetime.fromisoformat(str(alert.details.get("captured_at", alert.occurred_at)))
        of_alert = [pass_key(w) for w in walks.get(place, ()) if _begin(w) <= at <= _end(w)]
        if of_alert:
            found[key] = of_alert
    return found


def pass_key(walk: AuditEvent) -> str:
    """Return what names a pass.

    Args:
        walk: The event that logged it.
    """
    return f"{walk.deployment_id}/{walk.details['pass_id']}"


def walks_in(log: TrialLog, scope: str) -> list[AuditEvent]:
    """Return the passes that were walked to their end.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    return [e for e in log.of(scope, K.BLUE_PASS_LOGGED) if e.details.get("stopped_at")]


def _begin(walk: AuditEvent) -> datetime:
    return datetime.fromisoformat(str(walk.details["started_at"]))


def _end(walk: AuditEvent) -> datetime:
    return datetime.fromisoformat(str(walk.details["stopped_at"]))


def with_outcome(log: TrialLog, scope: str, *wanted: str) -> int:
    """Return how many alerts that count had one of some outcomes.

    Args:
        log: Of the trial.
        scope: Which deployments.
        *wanted: Which outcomes.
    """
    outcomes = outcomes_in(log, scope)
    return sum(outcomes[key] in wanted for key in counted_in(log, scope))


def engaged_in(log: TrialLog, scope: str) -> list[Key]:
    """Return the alerts that count for which an officer engaged somebody.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    began = {
        (event.deployment_id, str(event.details["alert_id"]))
        for event in log.of(scope, K.ENGAGEMENT_RECORDED)
        if event.details["verdict"] == "engaged"
    }
    return [key for key in counted_in(log, scope) if key in began]


def disposals_in(log: TrialLog, scope: str, verdict: str) -> list[AuditEvent]:
    """Return how engagements ended, of those that ended in one way.

    Args:
        log: Of the trial.
        scope: Which deployments.
        verdict: Arrest, other or no further action.
    """
    ends, counted = decisions_in(log, scope, "disposal"), set(counted_in(log, scope))
    return [e for key, e in ends.items() if key in counted and e.details["verdict"] == verdict]


def reasons_in(log: TrialLog, scope: str) -> Counter[str]:
    """Return arrests by reason.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    found: Counter[str] = Counter()
    for event in disposals_in(log, scope, "arrest"):
        codes = event.details.get("reason_codes")
        found.update(str(code) for code in (codes if isinstance(codes, tuple) else ()))
    return found


def live_hours(log: TrialLog, scope: str, _: str) -> Measure:
    """Return how long cameras ran, as far as they have stopped.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    starts = K.DEPLOYMENT_WENT_LIVE, K.DEPLOYMENT_RESUMED
    stops = (
        K.DEPLOYMENT_SUSPENDED,
        K.DEPLOYMENT_ENDED,
        K.AUTHORITY_SUSPENDED,
        K.AUTHORITY_WITHDRAWN,
        K.AUTHORITY_LAPSED,
    )
    running: dict[str | None, datetime] = {}
    seconds = 0.0
    for event in log.of(scope, *starts, *stops):
        if event.kind in starts:
            running[event.deployment_id] = event.occurred_at
        elif (since := running.pop(event.deployment_id, None)) is not None:
            due_at = event.details.get("due_at")
            stopped = datetime.fromisoformat(str(due_at)) if due_at else event.occurred_at
            seconds += max((stopped - since).total_seconds(), 0.0)
    return Amount(seconds / _HOUR_S, "hours", digits=2)


def watchlist_size(log: TrialLog, scope: str, _: str) -> Measure:
    """Return the most people that were ever searched for at once.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    sizes = _wholes(log.of(scope, K.DEPLOYMENT_WENT_LIVE, K.DEPLOYMENT_RESUMED), "n_entries")
    return Amount(max(sizes, default=0), "people listed")


def of_minutes(name: str, unit: str) -> Answer:
    """Return the answer that adds up what was counted minute by minute.

    Args:
        name: Of the count.
        unit: What it counts.
    """
    return lambda log, scope, _: Amount(sum(_wholes(log.of(scope, K.MINUTE_COUNTED), name)), unit)


def of_events(kind: K, unit: str) -> Answer:
    """Return the answer that counts events of a kind.

    Args:
        kind: Which.
        unit: What each stands for.
    """
    return lambda log, scope, _: Amount(sum(1 for _each in log.of(scope, kind)), unit)


def number_of(unit: str, found: Callable[[TrialLog, str], Iterable[object]]) -> Answer:
    """Return the answer that counts what a function finds.

    Args:
        unit: What is counted.
        found: Of a log and a scope.
    """
    return lambda log, scope, _: Amount(sum(1 for _each in found(log, scope)), unit)


def seeded_in(log: TrialLog, scope: str) -> list[Key]:
    """Return the alerts that were put in on purpose.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    return [key for key, event in alerts_in(log, scope).items() if is_seeded(event)]


def engaged_without_alert(log: TrialLog, scope: str) -> list[AuditEvent]:
    """Return engagements that began on other grounds than an alert.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    return [
        event
        for event in log.of(scope, K.ENGAGEMENT_RECORDED)
        if event.details["alert_id"] is None and event.details["verdict"] == "engaged"
    ]


def per_face(*outcomes: str) -> Answer:
    """Return the answer: alerts of some outcomes over faces seen.

    Args:
        *outcomes: Which.
    """
    return lambda log, scope, _: Share(
        with_outcome(log, scope, *outcomes),
        sum(_wholes(log.of(scope, K.MINUTE_COUNTED), "faces_seen")),
        "faces seen",
    )


def per_other_face(log: TrialLog, scope: str, _: str) -> Measure:
    """Return false alerts over as many faces as were seen beyond one for each pass.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    faces = sum(_wholes(log.of(scope, K.MINUTE_COUNTED), "faces_seen"))
    n_others = max(0, faces - len(walks_in(log, scope)))
    n_false = with_outcome(log, scope, *_FALSE)
    return Share(n_false, n_others, "faces seen less passes of volunteers")


def per_alert(*outcomes: str) -> Answer:
    """Return the answer: alerts of some outcomes over all alerts.

    Args:
        *outcomes: Which.
    """
    return lambda log, scope, _: Share(
        with_outcome(log, scope, *outcomes), len(counted_in(log, scope)), "alerts"
    )


def engaged_per_alert(log: TrialLog, scope: str, _: str) -> Measure:
    """Return alerts for which somebody was engaged, over all alerts.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    return Share(len(engaged_in(log, scope)), len(counted_in(log, scope)), "alerts")


def false_per_engagement(log: TrialLog, scope: str, _: str) -> Measure:
    """Return engagements that an identity check showed to be of somebody else.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    engaged, outcomes = engaged_in(log, scope), outcomes_in(log, scope)
    n_false = sum(outcomes[key] == "confirmed_false" for key in engaged)
    return Share(n_false, len(engaged), "engagements")


def arrests_per_engagement(log: TrialLog, scope: str, _: str) -> Measure:
    """Return engagements that ended in an arrest.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    n_arrests = len(disposals_in(log, scope, "arrest"))
    return Share(n_arrests, len(engaged_in(log, scope)), "engagements")


def quick_decisions(log: TrialLog, scope: str, _: str) -> Measure:
    """Return decisions of operators and officers that were marked as quick.

    Args:
        log: Of the trial.
        scope: Which deployments.
    """
    counted = set(counted_in(log, scope))
    made = [
        (event.actor_id, event.details.get("is_quick") is True)
        for step in ("operator", "officer")
        for key, event in decisions_in(log, scope, step).items()
        if key in counted
    ]
    return SharePerPerson([who for who, _ in made], [quick for _, quick in made], "decisions")


def _wholes(events: Iterable[AuditEvent], name: str) -> list[int]:
    found = (event.details.get(name) for event in events)
    return [each for each in found if isinstance(each, int)]
