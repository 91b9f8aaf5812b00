"""One rehearsal of the demonstration, from its first frame to its purge.

Everything that a rehearsal goes through is gone through: cameras, alerts, two decisions, passes,
end, purge. Only the time is the scene's, and those who decide are a program that knows who
walked: its decisions show nothing of people, and its accounts are called what they are.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.adapters.observers_page import ObserversPage
from overt.bootstrap.demo_clock import SceneCameras, SceneClock
from overt.bootstrap.demo_people import EVALUATOR, OFFICER_PROGRAM, OPERATOR, OPERATOR_PROGRAM
from overt.bootstrap.demo_street import clip_of, scene_of
from overt.bootstrap.live_request import RunRequest
from overt.bootstrap.live_rig import take_live
from overt.bootstrap.purge_worker import PurgeWorker
from overt.core.adjudication import (
    DisposalVerdict,
    IdentityVerdict,
    OfficerVerdict,
    OperatorVerdict,
)
from overt.core.retention import alert_due_at
from overt.evaluation.ground_truth import PassageWatch
from overt.services.adjudicate import adjudicate
from overt.services.blue_passes import Walk, log_walk
from overt.services.engage import end_engagement, engage, engagement_of_alert
from overt.services.go_live import end
from overt.services.record_outcome import record_disposal, record_identity
from overt.services.run_deployment import run_deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from overt.bootstrap.demo_rehearsals import GeneratedRehearsal
    from overt.bootstrap.purging import Service
    from overt.core.adjudication import AlertRecord
    from overt.core.alerting import Alert
    from overt.core.analysis import AnalysedFrame
    from overt.core.passage import GroundTruth, Passage
    from overt.settings import Settings

DECIDED_AFTER = timedelta(seconds=5)
"""The program's time for each decision: fixed, as nobody looks."""

_MARGIN = timedelta(seconds=1)  # a walk is logged a little longer than its face is in the picture
_ROUND = timedelta(minutes=1)


@dataclass(slots=True)
class _Told:
    """What a run tells: alerts as they stand in the store, and what raised them."""

    on_frame: Callable[[], None]
    truth: GroundTruth
    watch: PassageWatch
    records: deque[AlertRecord] = field(default_factory=deque)
    truths: dict[str, bool] = field(default_factory=dict)
    subject_of: Mapping[str, str] = field(default_factory=dict)

    def show(self, analysed: AnalysedFrame) -> None:
        """Hold the alerts of a frame against who walked there (the ``FrameViewer`` port)."""
        self.watch.see(analysed)
        for alert in analysed.alerts:
            self._take(alert)
        self.on_frame()

    def _take(self, alert: Alert) -> None:
        waiting = list(self.records)
        found = next((r for r in waiting if r.entry_id == alert.entry_id), None)
        if found is None:
            return
        self.records.remove(found)
        passage = self.truth.passage_of(alert.box_xyxy, alert.frame_index)
        named = self.subject_of[alert.entry_id]
        self.truths[found.alert_id] = passage is not None and passage.subject_id == named


class GeneratedRun:
    """One rehearsal from its first frame to its end."""

    def __init__(
        self,
        settings: Settings,
        service: Service,
        clock: SceneClock,
        rehearsal: GeneratedRehearsal,
        deployment_id: str,
    ) -> None:
        """Run nothing yet.

        Args:
            settings: Of the demonstration.
            service: Its store, on the scene's clock.
            clock: The same clock.
            rehearsal: Which of them.
            deployment_id: As it was prepared.
        """
        self._settings, self._service, self._clock = settings, service, clock
        self._rehearsal, self._deployment_id = rehearsal, deployment_id
        self._workplace = service.workplace

    def go(self, on_frame: Callable[[], None]) -> None:
        """Run its cameras, decide its alerts, log its passes, end it.

        Args:
            on_frame: Called after each analysed frame.
        """
        scene = scene_of(self._settings, self._rehearsal.scene)
        truth = scene.ground_truth()
        told = _Told(on_frame, truth, PassageWatch(truth))
        told.subject_of = self._subject_of_entry()
        started_at = self._clock.now()
        self._run(clip_of(self._settings, self._rehearsal.scene), told)
        for alert_id, is_true in told.truths.items():
            self._decide(alert_id, is_true=is_true)
        self._log_passes(told, started_at)
        self._clock.go_on(_ROUND)
        end(self._workplace, OPERATOR, self._deployment_id, reason="everybody has walked")

    def _run(self, clip: Path, told: _Told) -> None:
        service, clock = self._service, self._clock
        cameras = ((self._rehearsal.scene.camera_id, str(clip)),)
        request = RunRequest(self._deployment_id, OPERATOR, cameras=cameras)
        worker = PurgeWorker(service.rounds(), clock, service.lease)
        page = ObserversPage(lambda: {"deployment_id": self._deployment_id})
        with worker, page:
            rig = take_live(
                request,
                self._settings,
                service,
                (worker, page),
                _NobodyStops(),
                told.records.append,
                viewer=told,
            )
            rig = replace(rig, cameras=SceneCameras(rig.cameras, clock))
            ended = run_deployment(self._workplace, service.store.reading, rig)
        if ended.problem is not None:
            raise ended.problem

    def _decide(self, alert_id: str, *, is_true: bool) -> None:
        workplace, shown_at = self._workplace, self._clock.now()
        self._clock.go_on(DECIDED_AFTER)
        adjudicate(
            workplace,
            OPERATOR_PROGRAM,
            alert_id,
            OperatorVerdict.PASSED_ON if is_true else OperatorVerdict.DISMISSED,
            reason_code="looks_alike" if is_true else "different_person",
            shown_at=shown_at,
            key=f"operator-{alert_id}",
        )
        if not is_true:
            return
        shown_at = self._clock.now()
        self._clock.go_on(DECIDED_AFTER)
        engage(
            workplace,
            OFFICER_PROGRAM,
            alert_id,
            OfficerVerdict.ENGAGED,
            reason_codes=("own_assessment",),
            shown_at=shown_at,
            key=f"officer-{alert_id}",
        )
        self._end_engagement(alert_id)

    def _end_engagement(self, alert_id: str) -> None:
        workplace = self._workplace
        record_identity(
            workplace,
            OFFICER_PROGRAM,
            alert_id,
            IdentityVerdict.CONFIRMED_TRUE,
            method_code="said_by_person",
            key=f"identity-{alert_id}",
        )
        record_disposal(
            workplace,
            OFFICER_PROGRAM,
            alert_id,
            DisposalVerdict.NO_FURTHER_ACTION,
            reason_codes=("no_ground",),
            key=f"disposal-{alert_id}",
        )
        with workplace.open() as uow:
            engagement_id = engagement_of_alert(uow, alert_id).engagement_id
        end_engagement(workplace, OFFICER_PROGRAM, engagement_id, is_leaflet_given=True)

    def _log_passes(self, told: _Told, started_at: datetime) -> None:
        volunteers = self._volunteer_of_subject()
        notes = f"factors: {', '.join(self._rehearsal.factors)}" if self._rehearsal.factors else ""
        for passage in told.truth.of_subjects(frozenset(volunteers)):
            walk = self._walk(passage, started_at, notes)
            walk = replace(walk, result=told.watch.result_of(passage.passage_id))
            log_walk(self._workplace, EVALUATOR, volunteers[passage.subject_id], walk)

    def _walk(self, passage: Passage, started_at: datetime, notes: str) -> Walk:
        fps = self._rehearsal.scene.fps
        first, last = (
            timedelta(seconds=n / fps) for n in (passage.first_frame, passage.last_frame)
        )
        begins = max(started_at, started_at + first - _MARGIN)
        return Walk(passage.camera_id, begins, started_at + last + _MARGIN, notes)

    def _volunteer_of_subject(self) -> dict[str, str]:
        with self._service.store.reading() as uow:
            volunteers = uow.passes.volunteers(self._deployment_id)
            entries = uow.entries.of_deployment(self._deployment_id)
        reference_of = {entry.entry_id: entry.reference for entry in entries}
        subject_of = {f"VOL-{n}": name for n, name in enumerate(self._rehearsal.listed, 1)}
        return {subject_of[reference_of[v.entry_id]]: v.volunteer_id for v in volunteers}

    def _subject_of_entry(self) -> dict[str, str]:
        with self._service.store.reading() as uow:
            entries = uow.entries.of_deployment(self._deployment_id)
        subject_of = {f"VOL-{n}": name for n, name in enumerate(self._rehearsal.listed, 1)}
        return {entry.entry_id: subject_of[entry.reference] for entry in entries}


class _NobodyStops:
    """The ``StopRequests`` port: the scene goes on to its end."""

    def requested(self) -> str | None:
        return None

    def is_by_person(self) -> bool:
        return False


def purge_when_due(service: Service, clock: SceneClock, deployment_id: str) -> None:
    """Let the time go on to each deadline, alerts' first, and make the worker's round at it.

    Args:
        service: On that clock.
        clock: Which goes on.
        deployment_id: Ended.
    """
    with service.store.reading() as uow:
        deployment = uow.deployments.get(deployment_id)
        alerts = uow.alerts.of_deployment(deployment_id)
    policy = service.workplace.policies.get(deployment.policy_hash)
    due = {alert_due_at(alert.captured_at, deployment, policy) for alert in alerts}
    if deployment.purge_due_at is not None:
        due.add(deployment.purge_due_at)
    for moment in sorted(due):
        clock.reach(moment)
        service.rounds().make()
