"""Read what the public may know of deployments, and go on from there as the log grows (R-60, R-64).

Lists are read once; after that, only deployments of which the log has something new.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR
from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.deployment import Deployment, DeploymentKind, DeploymentState
from overt.core.destruction import KIND as DESTRUCTION
from overt.core.register import (
    EntryFigures,
    Register,
    RegisterDetail,
    RegisterEntry,
    RegisterSite,
    RegisterStatus,
    RegisterTrial,
    last_moment,
    one_line,
    public_status,
    sum_of,
)
from overt.errors import RecordNotFoundError
from overt.evaluation.deployment_count import count_passes, count_rehearsal
from overt.evaluation.published_record import RecordProof, published_record
from overt.evaluation.register_cells import value_at
from overt.evaluation.register_totals import trial_totals
from overt.services.count_requests import RequestCounts
from overt.services.find_events import events_of_deployment
from overt.services.publish_record import KIND
from overt.services.view_trials import has_news_of_trials, trials_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from overt.core.certificate import Certificate
    from overt.core.policy import Policy
    from overt.core.trial import Trial
    from overt.evaluation.deployment_figures import WalksOfOne
    from overt.evaluation.register_totals import TrialTotals
    from overt.ports.engine import Clock
    from overt.ports.policies import Policies
    from overt.ports.register import PackEvidences
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory

_K = EventKind
_QUIET = frozenset(
    {
        *(_K.MINUTE_COUNTED, _K.TEMPLATES_COUNTED, _K.ALERT_RAISED, _K.ALERT_DECIDED),
        *(_K.ENGAGEMENT_RECORDED, _K.OUTCOME_RECORDED, _K.PREVIEW_VIEWED, _K.BLUE_PASS_LOGGED),
        *(_K.ENTRY_REFUSED, _K.ENTRY_APPROVED, _K.PERSONAL_DATA_VIEWED, _K.SIGNED_IN),
        *(_K.SIGNED_OUT, _K.SIGN_IN_FAILED, _K.ACCESS_DENIED, _K.CHECKPOINT_SIGNED),
    }
)
_TELLING = frozenset(EventKind) - _QUIET
"""Kinds of events that may change what the register says."""

_READ_AT_ONCE = 1000
_OVER = frozenset({DeploymentState.ENDED, DeploymentState.PURGED, DeploymentState.PUBLISHED})
_RETENTION = (
    ("retention.nonmatch", "Face data without an alert"),
    ("retention.alert", "Picture and face data of an alert"),
    ("retention.watchlist", "Watchlist, after the end"),
)


class RegisterView:
    """Follows the store; what it returns is never older than the call."""

    def __init__(
        self,
        reading: UnitOfWorkFactory,
        policies: Policies,
        clock: Clock,
        packs: PackEvidences,
        *,
        log_name: str = "this log",
        is_demonstration: bool = False,
    ) -> None:
        """Read nothing yet.

        Args:
            reading: Opens a unit of work that only looks.
            policies: The rules.
            clock: The time.
            packs: What is known of model packs.
            log_name: Of the audit log.
            is_demonstration: Whether a demonstration made this store: rehearsals are shown then.
        """
        self._reading, self._policies, self._clock, self._packs = reading, policies, clock, packs
        self._log_name, self._is_demonstration = log_name, is_demonstration
        self._lock = threading.Lock()
        self._entries: dict[str, RegisterEntry] = {}
        self._n_read = 0
        self._changes_at: datetime | None = None
        self._trials: tuple[Trial, ...] = ()
        self._rules: dict[str, Policy] = {}
        self._register: Register | None = None
        self._request_counts = RequestCounts(reading, policies, clock)

    def register(self) -> Register:
        """Return the lists as they stand now."""
        with self._lock, self._reading() as uow:
            now = self._clock.now()
            size = uow.audit.size()
            if self._register is None:
                self._register = self._began(uow)
                self._trials = trials_of(uow)
                self._take(uow, uow.deployments.list(), now)
            elif size != self._n_read:
                touched = _touched(uow, self._n_read, size)
                if has_trials := has_news_of_trials(uow, self._n_read):
                    self._trials = trials_of(uow)
                if touched or has_trials:
                    self._take(uow, _known(uow, touched), now)
            self._n_read = size
            if self._changes_at is not None and self._changes_at <= now:
                self._take(uow, list(self._passed(uow, now)), now)
            return self._register

    def detail(self, entry: RegisterEntry) -> RegisterDetail:
        """Return everything that the public may know of a deployment.

        Args:
            entry: Of the lists.

        Raises:
            RecordNotFoundError: Its policy was not kept here.
        """
        deployment_id = entry.deployment_id
        with self._reading() as uow:
            deployment = uow.deployments.get(deployment_id)
            policy = self._policy(deployment.policy_hash)
            kept = uow.certificates.of_deployment(deployment_id)
            text = _record_text(kept)
            record = json.loads(text) if text is not None else None
            if entry.is_rehearsal and deployment.state in _OVER:
                record = _of_rehearsal(uow, deployment, policy)
            destroyed = next((one for one in kept if one.kind == DESTRUCTION), None)
        return _detail(
            entry,
            deployment,
            policy,
            (record, text),
            _without_people(destroyed) if record else None,
            self._packs,
        )

    def record_text(self, deployment_id: str) -> str:
        """Return a published record exactly as it was published.

        Args:
            deployment_id: Which deployment.

        Raises:
            RecordNotFoundError: None was published.
        """
        with self._reading() as uow:
            text = _record_text(uow.certificates.of_deployment(deployment_id))
        if text is None:
            msg = f"no record of {deployment_id} was published"
            raise RecordNotFoundError(msg, key=deployment_id)
        return text

    def trial_totals(self, told: RegisterTrial) -> TrialTotals | None:
        """Return the sums of those deployments of a trial that have figures; None without any.

        Args:
            told: Of the lists.

        Raises:
            RecordNotFoundError: The policy of one was not kept here.
        """
        shown: list[EntryFigures] = []
        walks: list[WalksOfOne] = []
        for entry in told.entries:
            record = self.detail(entry).record
            if record is None:
                continue
            shown.append(_figures(record))
            with self._reading() as uow:
                events = events_of_deployment(uow, entry.deployment_id)
                walks += count_passes(events)[0].walks
        figures = sum_of(shown)
        if figures is None:
            return None
        return trial_totals(len(shown), figures, walks, told.trial.plan.seed)

    def requests(self) -> tuple[Mapping[str, int | None], int]:
        """Return what people asked in numbers by name, and below which they are withheld."""
        figures = self._request_counts.told()
        counts = {"received": figures.received, **figures.by_outcome, **figures.by_kind}
        return counts, figures.withheld_below

    def _policy(self, policy_hash: str) -> Policy:
        """Return a policy by its digest; none ever changes, and reading one takes long."""
        if policy_hash not in self._rules:
            self._rules[policy_hash] = self._policies.get(policy_hash)
        return self._rules[policy_hash]

    def _began(self, uow: UnitOfWork) -> Register:
        first = uow.audit.read(0, 1)[0].event
        return Register((), self._log_name, first.occurred_at, self._is_demonstration, version=0)

    def _passed(self, uow: UnitOfWork, now: datetime) -> Iterator[Deployment]:
        """Yield deployments whose time has passed since they were read."""
        for entry in list(self._entries.values()):
            is_late = entry.ends_at is not None and entry.ends_at <= now
            if entry.status is RegisterStatus.UPCOMING and is_late:
                yield uow.deployments.get(entry.deployment_id)

    def _take(self, uow: UnitOfWork, deployments: Iterable[Deployment], now: datetime) -> None:
        if self._register is None:
            return
        before = self._register
        for deployment in deployments:
            entry = self._entry(uow, deployment, now)
            if entry is None:
                self._entries.pop(deployment.deployment_id, None)
            else:
                self._entries[deployment.deployment_id] = entry
        upcoming = (e for e in self._entries.values() if e.status is RegisterStatus.UPCOMING)
        self._changes_at = min((e.ends_at for e in upcoming if e.ends_at), default=None)
        entries, trials = self._newest(), self._told_trials()
        if (entries, trials) != (before.entries, before.trials):
            version = before.version + 1
            self._register = replace(before, entries=entries, trials=trials, version=version)

    def _newest(self) -> tuple[RegisterEntry, ...]:
        return tuple(
            sorted(
                self._entries.values(), key=lambda e: (e.starts_at, e.deployment_id), reverse=True
            )
        )

    def _told_trials(self) -> tuple[RegisterTrial, ...]:
        """Return the trials of which the public is told a deployment."""
        told = (
            RegisterTrial(
                trial, tuple(self._entries[i] for i in trial.deployment_ids if i in self._entries)
            )
            for trial in reversed(self._trials)
        )
        return tuple(each for each in told if each.entries)

    def _entry(
        self, uow: UnitOfWork, deployment: Deployment, now: datetime
    ) -> RegisterEntry | None:
        status = public_status(deployment, now, shows_rehearsals=self._is_demonstration)
        if status is None:
            return None
        text = None
        if status is RegisterStatus.PUBLISHED:
            text = _record_text(uow.certificates.of_deployment(deployment.deployment_id))
        sites = deployment.application.sites if deployment.application else ()
        windows = deployment.application.windows() if deployment.application else ()
        places = dict.fromkeys(one_line(site.place) for site in sites)
        return RegisterEntry(
            deployment_id=deployment.deployment_id,
            is_rehearsal=deployment.kind is DeploymentKind.REHEARSAL,
            status=status,
            places=tuple(places) or (one_line(deployment.name),),
            time_zone=sites[0].time_zone if sites else "UTC",
            starts_at=windows[0].starts_at if windows else deployment.created_at,
            ends_at=last_moment(deployment),
            changed_at=_changed_at(deployment, status),
            record_sha256=hashlib.sha256(text.encode()).hexdigest() if text else None,
            figures=_figures(json.loads(text)) if text else None,
        )


def _known(uow: UnitOfWork, deployment_ids: Iterable[str]) -> Iterator[Deployment]:
    """Yield deployments; an event may name one that there never was."""
    for deployment_id in sorted(deployment_ids):
        try:
            yield uow.deployments.get(deployment_id)
        except RecordNotFoundError:
            continue


def _touched(uow: UnitOfWork, after: int, size: int) -> set[str]:
    """Return the deployments of which the log has something new."""
    wanted, touched, last = AuditSearch(kinds=frozenset(_TELLING)), set[str](), after - 1
    while found := uow.audit.search(wanted, after=last, before=size, limit=_READ_AT_ONCE):
        touched |= {e.event.deployment_id for e in found if e.event.deployment_id is not None}
        last = found[0].seq
    return touched


def _without_people(certificate: Certificate | None) -> str | None:
    """Return a certificate that names nobody, as the purge came by itself; none is ever cut."""
    if certificate is None or f"asked by: {SYSTEM_ACTOR}" not in certificate.text.splitlines():
        return None
    return certificate.text


def _record_text(kept: Iterable[Certificate]) -> str | None:
    texts = [one.text for one in kept if one.kind == KIND]
    return texts[-1] if texts else None


def _changed_at(deployment: Deployment, status: RegisterStatus) -> datetime:
    """Return when the public was last told something new, never a moment before it was told."""
    announced = deployment.public_notice.announced_at if deployment.public_notice else None
    if status is RegisterStatus.NOT_HELD:
        return last_moment(deployment) or deployment.created_at
    moments = (deployment.published_at, deployment.ended_at, deployment.live_since, announced)
    return max((at for at in moments if at is not None), default=deployment.created_at)


def _figures(record: Mapping[str, object]) -> EntryFigures:
    counts = {
        name: value if isinstance(value, int) else 0
        for name in (
            *("faces_seen.count", "alerts.total", "engagements.arrests"),
            *("alerts.true_confirmed", "alerts.true_unconfirmed"),
            *("alerts.false_confirmed", "alerts.false_unconfirmed"),
        )
        for value in [value_at(record, name)]
    }
    return EntryFigures(
        faces_seen=counts["faces_seen.count"],
        alerts=counts["alerts.total"],
        true_alerts=counts["alerts.true_confirmed"] + counts["alerts.true_unconfirmed"],
        false_alerts=counts["alerts.false_confirmed"] + counts["alerts.false_unconfirmed"],
        arrests=counts["engagements.arrests"],
    )


def _of_rehearsal(
    uow: UnitOfWork, deployment: Deployment, policy: Policy
) -> dict[str, object] | None:
    """Return a rehearsal's figures in the form of a record; nobody publishes them as one."""
    figures = count_rehearsal(events_of_deployment(uow, deployment.deployment_id))
    proof = RecordProof(0, "", None)
    at = deployment.ended_at or deployment.created_at
    return published_record(deployment, figures, policy, proof, at)


def _detail(
    entry: RegisterEntry,
    deployment: Deployment,
    policy: Policy,
    record: tuple[Mapping[str, object] | None, str | None],
    certificate: str | None,
    packs: PackEvidences,
) -> RegisterDetail:
    application, notice = deployment.application, deployment.public_notice
    calibration = deployment.calibration if record[0] is not None else None
    exception = application.no_public_notice_code if application else None
    labels = dict(policy.watchlist.categories.labels)
    return RegisterDetail(
        entry=entry,
        sites=_sites(deployment, policy),
        aim=application.aim if application else "",
        categories=tuple(labels.get(c, c) for c in application.categories) if application else (),
        size_cap=application.size_cap if application else None,
        announced_at=notice.announced_at if notice else None,
        announced_where=notice.where if notice else None,
        exception=dict(policy.notices.exceptions.labels).get(exception) if exception else None,
        is_withdrawn=deployment.authority is not None
        and deployment.authority.status.value == "withdrawn",
        ended_at=deployment.ended_at,
        policy_hash=deployment.policy_hash,
        policy_name=f"{policy.name}, version {policy.version}",
        retention=tuple((title, _length(policy, name)) for name, title in _RETENTION),
        record=record[0],
        record_text=record[1],
        record_sha256=entry.record_sha256,
        certificate=certificate,
        pack=packs.of(calibration.pack_name, calibration.pack_digest) if calibration else None,
    )


def _sites(deployment: Deployment, policy: Policy) -> tuple[RegisterSite, ...]:
    sites = deployment.application.sites if deployment.application else ()
    labels = dict(policy.location.reasons.labels)
    return tuple(
        RegisterSite(
            one_line(site.place),
            labels.get(site.reason_code, site.reason_code),
            site.time_zone,
            tuple(sorted(site.windows)),
        )
        for site in sites
    )


def _length(policy: Policy, name: str) -> str:
    number = policy.number(name)
    return f"at most {number.text()}" if number.value else "erased at once"
