"""Every number of a trial report by its query: what it is, from which events, worked out anew.

The table is closed. A number of a report that has no query here cannot be verified, and is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind as K
from overt.errors import EvaluationDataInvalidError
from overt.evaluation import trial_answers as a, trial_answers_of_people as p
from overt.evaluation.trial_log import written_as_known
from overt.evaluation.trial_numbers import Amount, number_entry, parse_query

if TYPE_CHECKING:
    from overt.evaluation.trial_answers import Answer
    from overt.evaluation.trial_log import TrialLog
    from overt.evaluation.trial_numbers import Entry


@dataclass(frozen=True, slots=True)
class TrialQuery:
    """One figure of the closed table.

    Attributes:
        definition: What it counts, in words.
        kinds: Events it is worked out from.
        answer: What it counts, of a log, a scope and an argument.
    """

    definition: str
    kinds: tuple[K, ...]
    answer: Answer


_ALERTS = (K.ALERT_RAISED,)
_LIVE = (K.DEPLOYMENT_WENT_LIVE, K.DEPLOYMENT_RESUMED)
_STOPS = (K.DEPLOYMENT_SUSPENDED, K.DEPLOYMENT_ENDED, K.AUTHORITY_SUSPENDED)
_WALKS = (K.ALERT_RAISED, K.VOLUNTEER_CONSENTED, K.BLUE_PASS_LOGGED)
_OUTCOMES = (*_WALKS, K.OUTCOME_RECORDED)
_FACES = (*_OUTCOMES, K.MINUTE_COUNTED)
_ENGAGED = (K.ALERT_RAISED, K.ENGAGEMENT_RECORDED)
_DISPOSED = (K.ALERT_RAISED, K.ALERT_DECIDED)
_REVIEWED = (*_OUTCOMES, K.ALERT_DECIDED)
_FALSE = ("confirmed_false", "unconfirmed_false")

QUERIES: dict[str, TrialQuery] = {
    "live_hours": TrialQuery(
        "Hours in which cameras ran, from going live or on to suspension or end.",
        (*_LIVE, *_STOPS, K.AUTHORITY_WITHDRAWN, K.AUTHORITY_LAPSED),
        a.live_hours,
    ),
    "watchlist_size": TrialQuery(
        "Most people listed when cameras began to run.", _LIVE, a.watchlist_size
    ),
    "faces_seen": TrialQuery(
        "Faces followed through the zones, added up minute by minute.",
        (K.MINUTE_COUNTED,),
        a.of_minutes("faces_seen", "faces seen"),
    ),
    "searches": TrialQuery(
        "Searches of the watchlist, added up minute by minute.",
        (K.MINUTE_COUNTED,),
        a.of_minutes("searches", "searches"),
    ),
    "signs_placed": TrialQuery(
        "Signs that were logged as placed.",
        (K.NOTICE_PLACED,),
        a.of_events(K.NOTICE_PLACED, "signs"),
    ),
    "alerts": TrialQuery(
        "Alerts raised: about people on the watchlist, in a rehearsal about volunteers; seeded "
        "ones left out.",
        _ALERTS,
        a.number_of("alerts", a.counted_in),
    ),
    "seeded_alerts": TrialQuery(
        "Pairs of different people put among the alerts of a rehearsal on purpose.",
        _ALERTS,
        a.number_of("seeded alerts", a.seeded_in),
    ),
    "outcome": TrialQuery(
        "Alerts of one outcome, as the log states it; a volunteer's alert within their own walk "
        "is confirmed true unless an identity check showed otherwise.",
        _OUTCOMES,
        lambda log, scope, which: Amount(a.with_outcome(log, scope, which), "alerts"),
    ),
    "volunteers": TrialQuery(
        "Volunteers who consented.",
        (K.VOLUNTEER_CONSENTED,),
        a.of_events(K.VOLUNTEER_CONSENTED, "volunteers"),
    ),
    "passes": TrialQuery(
        "Passes of volunteers that were logged to their end: recognition opportunities.",
        (K.BLUE_PASS_LOGGED,),
        a.number_of("recognition opportunities", a.walks_in),
    ),
    "engagements": TrialQuery(
        "Alerts for which an officer engaged somebody.",
        _ENGAGED,
        a.number_of("engagements", a.engaged_in),
    ),
    "engaged_without_alert": TrialQuery(
        "Engagements on other grounds than an alert.",
        (K.ENGAGEMENT_RECORDED,),
        a.number_of("engagements", a.engaged_without_alert),
    ),
    "arrests": TrialQuery(
        "Engagements that ended in an arrest.",
        _DISPOSED,
        a.number_of("arrests", lambda log, scope: a.disposals_in(log, scope, "arrest")),
    ),
    "arrest_reasons": TrialQuery(
        "Reasons of arrests; one arrest may have several.",
        _DISPOSED,
        lambda log, scope, _: Amount(a.reasons_in(log, scope).total(), "reasons"),
    ),
    "arrest_reason": TrialQuery(
        "Arrests that have one reason among theirs.", _DISPOSED, p.arrest_reason
    ),
    "other_disposals": TrialQuery(
        "Engagements that ended otherwise than in an arrest or in nothing.",
        _DISPOSED,
        a.number_of("engagements", lambda log, scope: a.disposals_in(log, scope, "other")),
    ),
    "no_further_action": TrialQuery(
        "Engagements after which nothing followed.",
        _DISPOSED,
        a.number_of(
            "engagements", lambda log, scope: a.disposals_in(log, scope, "no_further_action")
        ),
    ),
    "false_alerts_per_face_seen": TrialQuery(
        "False alerts, confirmed or not, over faces seen.", _FACES, a.per_face(*_FALSE)
    ),
    "false_alerts_per_face_seen_at_most": TrialQuery(
        "False and unresolved alerts over faces seen.", _FACES, a.per_face(*_FALSE, "unresolved")
    ),
    "false_alerts_per_face_less_passes": TrialQuery(
        "False alerts, confirmed or not, over faces seen less as many as volunteers' passes: one "
        "face a pass.",
        _FACES,
        a.per_other_face,
    ),
    "false_alerts_per_alert": TrialQuery(
        "False alerts, confirmed or not, over alerts.", _OUTCOMES, a.per_alert(*_FALSE)
    ),
    "false_alerts_per_alert_at_most": TrialQuery(
        "False and unresolved alerts over alerts.", _OUTCOMES, a.per_alert(*_FALSE, "unresolved")
    ),
    "false_alerts_per_alert_if_only_confirmed": TrialQuery(
        "Confirmed false alerts over alerts.", _OUTCOMES, a.per_alert("confirmed_false")
    ),
    "false_alerts_per_alert_if_not_confirmed_true": TrialQuery(
        "Alerts that are not confirmed true, over alerts.",
        _OUTCOMES,
        a.per_alert(*_FALSE, "unresolved", "unconfirmed_true"),
    ),
    "operator_dismissed": TrialQuery(
        "Alerts that operators dismissed, over those that they decided. Interval by operator.",
        _DISPOSED,
        p.reviewed("operator", "alerts decided", "dismissed", "counted"),
    ),
    "engagements_per_alert": TrialQuery(
        "Alerts for which an officer engaged somebody, over alerts.", _ENGAGED, a.engaged_per_alert
    ),
    "false_per_engagement": TrialQuery(
        "Engagements that an identity check showed to be of somebody else, over engagements.",
        (*_OUTCOMES, K.ENGAGEMENT_RECORDED),
        a.false_per_engagement,
    ),
    "arrests_per_engagement": TrialQuery(
        "Engagements that ended in an arrest, over engagements.",
        (*_DISPOSED, K.ENGAGEMENT_RECORDED),
        a.arrests_per_engagement,
    ),
    "quick_decisions": TrialQuery(
        "Decisions of operators and officers sooner than the policy's span after the alert was "
        "shown. Interval by reviewer.",
        _DISPOSED,
        a.quick_decisions,
    ),
    "true_recognition_rate": TrialQuery(
        "Passes that raised an alert about the volunteer who walked, over passes: of all, of one "
        "camera, of one hour, with or without a factor. Interval by person.",
        _WALKS,
        p.recognition,
    ),
    "missed": TrialQuery(
        "Passes that raised no such alert, for one cause, over all passes.", _WALKS, p.missed
    ),
    "design_effect": TrialQuery(
        "Variance of the true recognition rate by person, over that of independent passes; not "
        "defined of fewer than 10 people.",
        _WALKS,
        p.design_effect,
    ),
    "operator_false_passed_on": TrialQuery(
        "False alerts, seeded ones among them, that operators passed on. Interval by operator.",
        _REVIEWED,
        p.reviewed("operator", "false alerts", "passed_on", "false"),
    ),
    "operator_true_dismissed": TrialQuery(
        "Confirmed true alerts, volunteers' among them, that operators dismissed. Interval by "
        "operator.",
        _REVIEWED,
        p.reviewed("operator", "true alerts", "not passed_on", "true"),
    ),
    "seeded_passed_on": TrialQuery(
        "Seeded pairs of different people that operators passed on. Interval by operator.",
        _DISPOSED,
        p.reviewed("operator", "seeded alerts", "passed_on", "seeded"),
    ),
    "officer_false_engaged": TrialQuery(
        "False alerts passed on for which officers engaged somebody. Interval by officer.",
        _REVIEWED,
        p.reviewed("officer", "false alerts passed on", "engaged", "false"),
    ),
    "officer_true_not_engaged": TrialQuery(
        "Confirmed true alerts passed on for which officers engaged nobody. Interval by officer.",
        _REVIEWED,
        p.reviewed("officer", "true alerts passed on", "not engaged", "true"),
    ),
    "officer_agrees": TrialQuery(
        "Alerts passed on for which officers engaged somebody. Interval by officer.",
        _DISPOSED,
        p.reviewed("officer", "alerts passed on", "engaged", "any"),
    ),
    "operator_decisions": TrialQuery(
        "Decisions of operators of which the time is known.",
        _DISPOSED,
        a.number_of("decisions with a time", lambda log, scope: p.times_in(log, scope, "operator")),
    ),
    "officer_decisions": TrialQuery(
        "Decisions of officers of which the time is known.",
        _DISPOSED,
        a.number_of("decisions with a time", lambda log, scope: p.times_in(log, scope, "officer")),
    ),
    "operator_seconds": TrialQuery(
        "A quartile of the seconds from showing an alert to the operator's decision.",
        _DISPOSED,
        p.seconds("operator"),
    ),
    "officer_seconds": TrialQuery(
        "A quartile of the seconds from showing an alert to the officer's decision.",
        _DISPOSED,
        p.seconds("officer"),
    ),
    "engaged_after_false_alert": TrialQuery(
        "People of one group engaged after a false alert, over people of the group engaged after "
        "any alert; only of groups that every deployment states.",
        (K.EQUALITY_COUNTED,),
        p.after_false_alert,
    ),
    "equality_p": TrialQuery(
        "Fisher's exact test of two groups: how often groups without a difference would differ "
        "by as much.",
        (K.EQUALITY_COUNTED,),
        p.p_of_groups(is_adjusted=False),
    ),
    "equality_p_adjusted": TrialQuery(
        "The same, adjusted for the number of pairs (Holm).",
        (K.EQUALITY_COUNTED,),
        p.p_of_groups(is_adjusted=True),
    ),
}
"""Name -> what it is, from which events, and the answer."""


def answer(query: str, log: TrialLog) -> Entry:
    """Return a number of a report, worked out from the events alone.

    Args:
        query: As the report writes it.
        log: Of the trial.

    Raises:
        EvaluationDataInvalidError: It is no query of the table, it asks for what the log does not
            have, or an event is not written as expected.
        RecordNotFoundError: The trial has no such deployment.
    """
    asked = parse_query(query)
    if asked.name not in QUERIES:
        msg = f"expected a query of the table, found {asked.name}"
        raise EvaluationDataInvalidError(msg)
    work, scope, argument = QUERIES[asked.name].answer, asked.scope, asked.argument or ""
    found = written_as_known(query, lambda: work(log, scope, argument))
    return number_entry(asked, found, log.trial.plan.seed)
