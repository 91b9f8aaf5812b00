"""Record a live run: alerts before anyone is told, and numbers without a person (R-31, R-50)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from overt.core.adjudication import AlertRecord
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.template_bytes import template_bytes
from overt.errors import RecordNotFoundError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from overt.core.alerting import Alert
    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.core.frame import FrameFailed
    from overt.ports.live import CropEncoder
    from overt.ports.store import UnitOfWork
    from overt.services.recognition import Recogniser
    from overt.services.workplace import Workplace

CROP, PROBE = "crop", "probe"
"""Kinds of the secrets of an alert."""

_TRIES = 6  # each waits some seconds: a purge that rewrites the store may take longer than one


@dataclass(slots=True)
class _Counted:
    """What has been counted, and how much of it the store has."""

    stored: dict[str, LiveCounts] = field(default_factory=dict)
    scores: Counter[int] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


class LiveRecorder:
    """Writes what a run gives; holds numbers only, until they are committed."""

    def __init__(
        self,
        workplace: Workplace,
        deployment: Deployment,
        recogniser: Recogniser,
        encode: CropEncoder,
        *,
        site_of: Mapping[str, str],
    ) -> None:
        """Start with nothing counted.

        Args:
            workplace: Store, time, identifiers.
            deployment: Live.
            recogniser: Where faces, searches and templates are counted.
            encode: Makes a picture file of an alert's crop.
            site_of: Site by camera.
        """
        self._workplace = workplace
        self._deployment_id = deployment.deployment_id
        self._policy_hash = deployment.policy_hash
        self._recogniser = recogniser
        self._encode = encode
        self._site_of = dict(site_of)
        self._counted = _Counted()

    def count_failed(self, frame: FrameFailed) -> None:
        """Count a frame that could not be decoded.

        Args:
            frame: Of one of the cameras.
        """
        self._counted.failed[frame.camera_id] += 1

    def record(self, alert: Alert) -> AlertRecord | None:
        """Commit an alert with its pictures, and return it as it stands in the store.

        It is refused, and nothing of it kept, where the deployment is no longer live at
        the camera's site, or the entry has left the list: the transaction looks again.
        Picture and probe leave the memory either way.

        Args:
            alert: As raised; told to nobody yet.

        Raises:
            BaseException: Whatever kept the store from taking it, as it came; nothing of
                the alert is kept.
        """
        try:
            record, settled = self._committed(alert)
        except BaseException:
            self._recogniser.take_back(alert)
            raise
        if record is None:
            self._recogniser.take_back(alert)
            return None
        self._counted = settled
        alert.probe.erase()
        alert.crop_rgb.fill(0)
        return record

    def flush(self, counted_in: datetime) -> None:
        """Commit what was counted since the last time.

        Args:
            counted_in: The minute to which it belongs, or any moment in it.

        Raises:
            TrialError: The store did not take it; it will be offered again.
        """
        with self._workplace.open() as uow:
            settled = self._add_counts(uow, counted_in)
            uow.commit()
        self._counted = settled

    def _committed(self, alert: Alert) -> tuple[AlertRecord | None, _Counted]:
        """Return the alert as it stands in the store, trying again while the store is busy.

        Args:
            alert: As raised.

        Raises:
            StoreUnavailableError: It was busy each time, or is gone.
        """
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._commit(alert)
            except StoreUnavailableError:
                if not tries_left:
                    raise
        return None, self._counted

    def _commit(self, alert: Alert) -> tuple[AlertRecord | None, _Counted]:
        now = self._workplace.clock.now()
        with self._workplace.open() as uow:
            if not self._may_stand(uow, alert, now):
                return None, self._counted
            record = self._add(uow, alert, now)
            settled = self._add_counts(uow, now)
            uow.commit()
        return record, settled

    def _may_stand(self, uow: UnitOfWork, alert: Alert, now: datetime) -> bool:
        deployment = uow.deployments.get(self._deployment_id)
        if deployment.state is not DeploymentState.LIVE:
            return False
        site_id = self._site_of[alert.camera_id]
        closes_at = {site.site_id: site.closes_at for site in deployment.live_sites}
        if deployment.application is not None and now >= closes_at.get(site_id, now):
            return False
        try:
            return uow.entries.get(alert.entry_id).is_searchable(now)
        except RecordNotFoundError:
            return False

    def _add(self, uow: UnitOfWork, alert: Alert, now: datetime) -> AlertRecord:
        alert_id = self._workplace.ids.new("alert")
        probe = template_bytes(alert.probe.vector, alert.probe.pack_digest)
        crop = self._encode(alert.crop_rgb)
        put = uow.secrets.put
        record = AlertRecord(
            alert_id=alert_id,
            deployment_id=self._deployment_id,
            entry_id=alert.entry_id,
            camera_id=alert.camera_id,
            site_id=self._site_of[alert.camera_id],
            captured_at=alert.captured_at,
            score=alert.score,
            threshold=alert.threshold,
            runner_up_margin=alert.runner_up_margin,
            n_shots=alert.n_shots,
            quality=alert.quality,
            pack_digest=alert.probe.pack_digest,
            operating_point_digest=alert.operating_point_digest,
            policy_hash=self._policy_hash,
            list_kind=uow.entries.get(alert.entry_id).list_kind,
            crop_secret_id=put(self._deployment_id, CROP, alert_id, crop),
            probe_secret_id=put(self._deployment_id, PROBE, alert_id, probe),
        )
        uow.alerts.add(record)
        details: dict[str, JsonValue] = {
            "alert_id": alert_id,
            "entry_id": record.entry_id,
            "camera_id": record.camera_id,
            "site_id": record.site_id,
            "captured_at": record.captured_at.isoformat(),
            "list_kind": record.list_kind.value,
            "score": record.score,
            "threshold": record.threshold,
            "runner_up_margin": record.runner_up_margin,
            "n_shots": record.n_shots,
            "quality": record.quality,
            "pack_digest": record.pack_digest,
            "operating_point_digest": record.operating_point_digest,
            "policy_hash": record.policy_hash,
            "gallery_fingerprint": alert.gallery_fingerprint,
        }
        self._log(uow, EventKind.ALERT_RAISED, details, now)
        return record

    def _add_counts(self, uow: UnitOfWork, counted_in: datetime) -> _Counted:
        """Add what is new to the unit of work; return what the store has once it is committed."""
        minute = counted_in.replace(second=0, microsecond=0)
        now, made = self._workplace.clock.now(), LiveCounts()
        settled = _Counted(dict(self._counted.stored), failed=self._counted.failed)
        for camera_id in self._site_of:
            total = self._total(camera_id)
            new = _difference(total, self._counted.stored.get(camera_id, LiveCounts()))
            if new == LiveCounts():
                continue
            settled.stored[camera_id] = total
            made += new
            uow.counts.add_minute(MinuteCounts(self._deployment_id, camera_id, minute, new))
            details = _plain(camera_id, minute, new)
            self._log(uow, EventKind.MINUTE_COUNTED, details, now)
        settled.scores = self._recogniser.counts.score_histogram
        uow.counts.add_scores(self._deployment_id, settled.scores - self._counted.scores)
        if made.made or made.erased or made.in_alerts:
            templates: dict[str, JsonValue] = {
                "made": made.made,
                "erased": made.erased,
                "in_alerts": made.in_alerts,
                "in_memory": self._recogniser.templates.balance(),
            }
            self._log(uow, EventKind.TEMPLATES_COUNTED, templates, now)
        return settled

    def _total(self, camera_id: str) -> LiveCounts:
        counts, templates = self._recogniser.of_camera(camera_id)
        return LiveCounts(
            faces_seen=counts.faces_seen,
            searches=counts.searches,
            made=templates.made,
            erased=templates.erased,
            in_alerts=templates.in_alerts,
            frames_analysed=counts.analysed,
            frames_failed=self._counted.failed[camera_id],
        )

    def _log(
        self,
        uow: UnitOfWork,
        kind: EventKind,
        details: Mapping[str, JsonValue],
        now: datetime,
    ) -> None:
        uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, self._deployment_id, details))


def _difference(total: LiveCounts, stored: LiveCounts) -> LiveCounts:
    names = (field.name for field in fields(LiveCounts))
    return LiveCounts(**{name: getattr(total, name) - getattr(stored, name) for name in names})


def _plain(camera_id: str, minute: datetime, counts: LiveCounts) -> dict[str, JsonValue]:
    """Return what the log says of a minute; templates are counted in an event of their own."""
    return {
        "camera_id": camera_id,
        "minute": minute.isoformat(),
        "faces_seen": counts.faces_seen,
        "searches": counts.searches,
        "frames_analysed": counts.frames_analysed,
        "frames_failed": counts.frames_failed,
    }
