"""Builder: audit logs of trials, event by event, as the services write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.unit.core.planned import a_plan

from overt.core.audit import FIRST_PREVIOUS_HASH, AuditEvent, log_line, parse_line
from overt.core.audit_events import EventKind as K
from overt.evaluation.trial_log import TrialLog, trial_log
from overt.evaluation.trial_numbers import parse_query
from overt.evaluation.trial_queries import answer

DAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DIGEST = "ab" * 32
OPERATOR, OFFICER = "operator-1", "officer-1"


class TrialLogs:
    """A log that grows event by event; time goes on by itself."""

    def __init__(self, *, kind="rehearsal", plan=None):
        self.kind, self.now, self.logged = kind, DAY - timedelta(days=1), []
        self.plan = plan or a_plan()
        self.list_kind = "blue" if kind == "rehearsal" else "operational"
        self.add(K.LOG_STARTED, None, software_version="1", schema_version=1)
        self.add(
            K.TRIAL_REGISTERED,
            None,
            trial_id="t-1",
            plan_sha256=self.plan.sha256(),
            plan=self.plan.document(),
            deployment_kind=kind,
        )

    def add(self, kind, deployment_id, actor_id="system", **details):
        """Append an event."""
        previous = self.logged[-1].hash if self.logged else FIRST_PREVIOUS_HASH
        event = AuditEvent(kind, self.now, actor_id, deployment_id, details)
        seq = len(self.logged)
        self.logged.append(parse_line(log_line(seq, event, previous), seq))
        self.now += timedelta(seconds=1)

    def join(self, deployment_id, *, day=0, n_entries=5, limit=0.001, volunteers=2):
        """Draft a deployment, put it into the trial, let it go live with volunteers."""
        self.now = max(self.now, DAY + timedelta(days=day))
        self.add(K.DEPLOYMENT_DRAFTED, deployment_id, deployment_kind=self.kind, policy_hash="p")
        self.add(K.TRIAL_DEPLOYMENT_ADDED, deployment_id, trial_id="t-1")
        for number in range(1, volunteers + 1):
            self.add(
                K.VOLUNTEER_CONSENTED,
                deployment_id,
                volunteer_id=f"v-{number}",
                entry_id=f"blue-{number}",
                consent_sha256=DIGEST,
            )
        self.add(K.NOTICE_PLACED, deployment_id, notice_id="n-1", site_id="north")
        self.live(deployment_id, n_entries=n_entries, limit=limit)

    def live(self, deployment_id, kind=K.DEPLOYMENT_WENT_LIVE, *, n_entries=5, limit=0.001):
        """Let cameras run."""
        stated = {} if limit is None else {"false_alert_limit": limit, "small_number": 5}
        self.add(
            kind,
            deployment_id,
            operating_point_digest="o",
            pack_digest="p",
            policy_hash="p",
            n_entries=n_entries,
            reason="on",
            **stated,
        )

    def count(self, deployment_id, faces, searches=None, camera="north"):
        """Count faces of a minute, which passes by."""
        minute = self.now.replace(second=0, microsecond=0)
        self.add(
            K.MINUTE_COUNTED,
            deployment_id,
            camera_id=camera,
            minute=minute.isoformat(),
            faces_seen=faces,
            searches=faces if searches is None else searches,
        )
        self.now = minute + MINUTE

    def walk(self, deployment_id, number, pass_id, *, camera="north", sees=True, **details):
        """Log a volunteer's pass, with an alert about them in the middle of it or without."""
        started_at = self.now
        self.now += timedelta(seconds=5)
        alert_id = f"a-{pass_id}"
        if sees:
            self.alert(deployment_id, alert_id, f"blue-{number}", camera=camera, kind="blue")
        self.now += timedelta(seconds=5)
        self.add(
            K.BLUE_PASS_LOGGED,
            deployment_id,
            pass_id=pass_id,
            volunteer_id=f"v-{number}",
            camera_id=camera,
            started_at=started_at.isoformat(),
            stopped_at=self.now.isoformat(),
            **details,
        )
        return alert_id

    def alert(
        self, deployment_id, alert_id, entry_id, *, camera="north", kind=None, score=0.95, **more
    ):
        """Raise an alert."""
        self.add(
            K.ALERT_RAISED,
            deployment_id,
            alert_id=alert_id,
            entry_id=entry_id,
            camera_id=camera,
            list_kind=kind or self.list_kind,
            score=score,
            threshold=0.93,
            captured_at=self.now.isoformat(),
            **more,
        )
        return alert_id

    def decide(
        self, deployment_id, alert_id, *verdicts, seconds=6.0, outcome=None, codes=None, quick=False
    ):
        """Record decisions step by step, and the outcome that the services would log."""
        steps = ("operator", "officer", "identity", "disposal")
        kind = self._kind_of(alert_id)
        for step, verdict in zip(steps, verdicts, strict=False):
            actor = OPERATOR if step == "operator" else OFFICER
            self.add(
                K.ALERT_DECIDED,
                deployment_id,
                actor,
                alert_id=alert_id,
                decision_id=f"{alert_id}-{step}",
                step=step,
                verdict=verdict,
                list_kind=kind,
                reason_codes=(codes or {}).get(step, (_REASONS.get(verdict, "other"),)),
                latency_s=seconds if step in {"operator", "officer"} else None,
                is_quick=quick,
            )
            if step == "officer":
                self.add(
                    K.ENGAGEMENT_RECORDED,
                    deployment_id,
                    actor,
                    alert_id=alert_id,
                    verdict=verdict,
                    list_kind=kind,
                    engagement_id=f"g-{alert_id}" if verdict == "engaged" else None,
                )
            stated = outcome or _OUTCOMES.get(verdict)
            if stated and verdict == verdicts[min(len(verdicts), 3) - 1]:
                self.add(
                    K.OUTCOME_RECORDED, deployment_id, actor, alert_id=alert_id, outcome=stated
                )

    def end(self, deployment_id, reason="everybody has walked"):
        """End a deployment."""
        self.now += MINUTE
        self.add(K.DEPLOYMENT_ENDED, deployment_id, OPERATOR, reason=reason)

    def finish(self, **details):
        """End the trial."""
        stated = {"reason": "all planned deployments are done", "ended_by": "all_done"}
        self.add(K.TRIAL_ENDED, None, trial_id="t-1", **{**stated, **details})

    def log(self) -> TrialLog:
        """Return the trial as the log holds it."""
        return trial_log(self.logged, "t-1")

    def _kind_of(self, alert_id):
        return next(
            each.event.details["list_kind"]
            for each in reversed(self.logged)
            if each.event.kind == K.ALERT_RAISED and each.event.details["alert_id"] == alert_id
        )


_REASONS = {"dismissed": "different_person", "not_located": "lost_in_crowd"}
_OUTCOMES = {
    "dismissed": "unconfirmed_false",
    "no_engagement": "unconfirmed_true",
    "not_located": "unconfirmed_true",
    "confirmed_true": "confirmed_true",
    "confirmed_false": "confirmed_false",
    "inconclusive": "unresolved",
}
TRUE = ("passed_on", "engaged", "confirmed_true", "no_further_action")
FALSE = ("passed_on", "engaged", "confirmed_false", "no_further_action")


def a_rehearsal(plan=None):
    """Return a log of three rehearsals: 3,000 faces, 8 alerts that count, one seeded.

    d-1: two walks, both seen and confirmed; one alert dismissed (false).
    d-2: two walks, one missed and why; one false alert engaged for; suspended in between.
    d-3: two walks, one missed; a true alert dismissed; one alert that nobody could judge; a seeded
    pair passed on; one alert that waits.
    """
    logs = TrialLogs(plan=plan)
    logs.join("d-1")
    logs.count("d-1", 400)
    for number in (1, 2):
        logs.decide("d-1", logs.walk("d-1", number, f"p{number}"), *TRUE, seconds=4.0)
    logs.decide("d-1", logs.alert("d-1", "x-1", "blue-1"), "dismissed", seconds=10.0)
    logs.count("d-1", 600)
    logs.end("d-1")
    logs.join("d-2", day=1)
    logs.count("d-2", 500)
    seen = logs.walk("d-2", 1, "p3", factors=("crowd",), camera="south")
    logs.decide("d-2", seen, *TRUE, seconds=6.0, quick=True)
    logs.walk("d-2", 2, "p4", sees=False, factors=("crowd", "glasses"), result="compared")
    logs.add(K.DEPLOYMENT_SUSPENDED, "d-2", OPERATOR, reason="A mast was loose.")
    logs.now += MINUTE
    logs.live("d-2", K.DEPLOYMENT_RESUMED, n_entries=7)
    logs.decide("d-2", logs.alert("d-2", "x-2", "blue-2", score=0.96), *FALSE)
    logs.count("d-2", 500)
    logs.end("d-2")
    logs.join("d-3", day=2, limit=None)
    logs.count("d-3", 1000, camera="south")
    logs.decide("d-3", logs.walk("d-3", 1, "p5", camera="south"), "dismissed")
    logs.walk("d-3", 2, "p6", sees=False)
    codes = {"operator": ("picture_unusable",)}
    unusable = logs.alert("d-3", "x-3", "blue-2")
    logs.decide("d-3", unusable, "dismissed", codes=codes, outcome="unresolved")
    seeded = logs.alert("d-3", "s-1", "blue-1", is_seeded=True)
    logs.decide(
        "d-3", seeded, "passed_on", "no_engagement", codes={"officer": ("different_person",)}
    )
    logs.alert("d-3", "x-4", "blue-1")
    logs.end("d-3")
    logs.finish()
    return logs


def an_empty_trial():
    """Return a log of a trial without any deployment."""
    return TrialLogs()


EQUALITY = {
    "ethnicity": (
        {"asian": 20, "black": 30, "white": 40, "mixed": None},
        {"black": 12, "white": 2},
    ),
    "age_band": ({"18-24": 50, "25-34": 44}, {"18-24": None, "25-34": None}),
    "sex": ({}, {}),
}


def count_equality(logs, deployment_id, tables=None):
    """Log people by group, small numbers withheld as ``None``."""
    stated = {
        name: {"engaged": engaged, "after_false_alert": false}
        for name, (engaged, false) in (tables or EQUALITY).items()
    }
    logs.add(K.EQUALITY_COUNTED, deployment_id, withheld_below=5, tables=stated)


ARREST = ("passed_on", "engaged", "confirmed_true", "arrest")


def a_deployment_of_the_street(plan=None):
    """Return a log of an operational trial of one deployment, as on 27 February 2020.

    8,600 faces; 8 alerts: 1 true that led to an arrest for two reasons, 7 false, 5 of them engaged
    for. Volunteers: 3 passes, 2 recognised, one of them dismissed.
    """
    logs = TrialLogs(kind="operational", plan=plan)
    logs.join("d-1", n_entries=7292)
    for _ in range(86):
        logs.count("d-1", 100)
    codes = {"disposal": ("wanted_by_courts", "offence_now")}
    logs.decide("d-1", logs.alert("d-1", "t-1", "e-1"), *ARREST, codes=codes)
    for number in range(5):
        logs.decide("d-1", logs.alert("d-1", f"f-{number}", f"e-{number}", score=0.94), *FALSE)
    for number in (5, 6):
        logs.decide("d-1", logs.alert("d-1", f"f-{number}", "e-7", score=0.93), "dismissed")
    logs.decide("d-1", logs.walk("d-1", 1, "p1"), "passed_on", "not_located")
    logs.decide("d-1", logs.walk("d-1", 2, "p2"), "dismissed")
    logs.walk("d-1", 2, "p3", sees=False)
    logs.add(
        K.ENGAGEMENT_RECORDED, "d-1", OFFICER, alert_id=None, verdict="engaged", engagement_id="g-9"
    )
    logs.end("d-1", reason="the window is over")
    count_equality(logs, "d-1")
    logs.add(
        K.SCORES_COUNTED, "d-1", searches_by_score={"0.41": 900, "0.43": 7692, "0.93": 2, "0.95": 6}
    )
    logs.finish(reason="Rain", ended_by="other")
    return logs


def an_odd_rehearsal():
    """Return a log of what seldom happens.

    One volunteer walks twice and is always seen, once with an identity check that says otherwise,
    once with an alert whose capture nobody logged; one pass has no end; there are more false alerts
    than faces; the deployment is ended twice.
    """
    logs = TrialLogs()
    logs.join("d-1", volunteers=1)
    logs.decide("d-1", logs.walk("d-1", 1, "p1", result="recognised"), *FALSE)
    started_at = logs.now
    logs.add(
        K.ALERT_RAISED,
        "d-1",
        alert_id="a-2",
        entry_id="blue-1",
        camera_id="north",
        list_kind="blue",
        score=0.95,
        threshold=0.95,
    )
    logs.add(
        K.BLUE_PASS_LOGGED,
        "d-1",
        pass_id="p2",
        volunteer_id="v-1",
        camera_id="north",
        started_at=started_at.isoformat(),
        stopped_at=logs.now.isoformat(),
    )
    logs.add(
        K.BLUE_PASS_LOGGED,
        "d-1",
        pass_id="p3",
        volunteer_id="v-1",
        camera_id="north",
        started_at=started_at.isoformat(),
        stopped_at=None,
    )
    for number in range(2):
        logs.decide("d-1", logs.alert("d-1", f"x-{number}", "blue-1"), "dismissed")
    logs.count("d-1", 2)
    logs.end("d-1")
    logs.end("d-1", reason="again")
    return logs


def numbers_that_differ(report, log):
    """Return the numbers of a report that the log does not give so, each by its own query."""
    return [
        number_id
        for number_id, printed in sorted(report["numbers"].items())
        if parse_query(printed["query"]).number_id() != number_id
        or answer(printed["query"], log) != printed
    ]
