"""Purge a deployment: pictures, templates, alerts, passes and the key go, and it is shown (R-19).

Each phase can be repeated, so that a purge that was cut off anywhere goes on where it was:

1. the bytes in the clear are searched for on the disk, where they must never be, and marks
   are kept of the encrypted ones;
2. rows and key are deleted in one transaction, with an event that counts them;
3. the store's files are rewritten without them;
4. the marks are searched for: nothing may be found;
5. what officers recorded for equality monitoring, and searches by score, are counted into the
   log, the deployment is purged, its certificate signed and kept, in one transaction.

What stays: who was listed when, by reference; counts, histogram, the audit log.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_closing import purged
from overt.core.destruction import Destroyed, Destruction, Searched
from overt.core.retention import is_purge_due
from overt.errors import (
    KeyDestroyedError,
    MasterKeyInvalidError,
    MasterKeyMissingError,
    RemainsFoundError,
    RuleError,
    SecretUnopenableError,
    TrialError,
)
from overt.evaluation.deployment_count import alert_ids_of
from overt.services.certify_destruction import (
    PURGE,
    destruction_certificate,
    erased_so_far,
    issue_certificate,
)
from overt.services.count_equality import log_equality
from overt.services.count_scores import log_scores
from overt.services.find_events import events_of_deployment
from overt.services.list_faces import IMAGE, TEMPLATE
from overt.services.live_rate import OUTCOMES, alert_outcomes, outcome_details
from overt.services.live_recording import CROP, PROBE
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.certificate import Certificate
    from overt.core.deployment import Deployment
    from overt.core.destruction import ScanReport
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.evaluation.deployment_count import AlertIds
    from overt.ports.audit import NoteSigner
    from overt.ports.purge import DiskScan, StoreEraser
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

BIOMETRIC_KINDS = (IMAGE, TEMPLATE, CROP, PROBE)
"""Kinds of secrets that show or describe a face."""

_ACTION = "purge a deployment"
_NO_KEY = (
    KeyDestroyedError,
    MasterKeyInvalidError,
    MasterKeyMissingError,
    SecretUnopenableError,
)
_HEADER_SHARE = 2  # the first half of a picture file may hold tables that many files share
_MOST_HEADER_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class PurgeTools:
    """What a purge works with besides the store.

    Attributes:
        eraser: Makes the store's files forget.
        scan: Searches the disk.
        signer: The key of the audit log.
    """

    eraser: StoreEraser
    scan: DiskScan
    signer: NoteSigner


def purge_due(workplace: Workplace, reading: UnitOfWorkFactory, tools: PurgeTools) -> list[str]:
    """Return the deployments that were purged as their deadline had come.

    Args:
        workplace: Store, time, rules.
        reading: Opens a unit of work that only looks.
        tools: Eraser, scan, key.

    Raises:
        TrialError: One could not be purged; the failure is logged, and the others were tried.
    """
    now, done = workplace.clock.now(), []
    with reading() as uow:
        due = [d.deployment_id for d in uow.deployments.list() if is_purge_due(d, now)]
    problem: TrialError | None = None
    for deployment_id in due:
        try:
            purge(workplace, reading, tools, deployment_id)
            done.append(deployment_id)
        except TrialError as error:
            problem = error
    if problem is not None:
        raise problem
    return done


def purge(
    workplace: Workplace,
    reading: UnitOfWorkFactory,
    tools: PurgeTools,
    deployment_id: str,
    *,
    actor_id: str | None = None,
) -> Certificate:
    """Return the certificate of a deployment's destruction; the same one where it is purged.

    Args:
        workplace: Store, time, identifiers, rules.
        reading: Opens a unit of work that only looks.
        tools: Eraser, scan, key.
        deployment_id: Ended, or cancelled with something built.
        actor_id: A system engineer; None for the worker.

    Raises:
        RuleError: Not allowed; nothing was deleted, and the refusal has been logged.
        RemainsFoundError: Bytes that should be gone are in a file; it is tried again.
        TrialError: A phase failed; what was done stands, and the next try goes on from there.
    """
    try:
        if (certificate := _issued(reading, deployment_id)) is not None:
            return certificate
        _refuse_what_is_forbidden(workplace, deployment_id, actor_id)
        return _purge(workplace, reading, tools, deployment_id, actor_id)
    except RuleError:
        raise
    except TrialError as error:
        _log_failure(workplace, deployment_id, error)
        raise


def _purge(
    workplace: Workplace,
    reading: UnitOfWorkFactory,
    tools: PurgeTools,
    deployment_id: str,
    actor_id: str | None,
) -> Certificate:
    in_clear = _searched_in_clear(reading, tools.scan, deployment_id)
    with reading() as uow:
        tools.scan.mark(deployment_id, uow.secrets.ciphertexts(deployment_id))
    _delete(workplace, deployment_id, in_clear)
    n_files = tools.eraser.delete_files_of(deployment_id)
    tools.eraser.erase()
    scan = _searched_encrypted(tools.scan, deployment_id)
    with reading() as uow:
        deployment = uow.deployments.get(deployment_id)
        erased = erased_so_far(uow, deployment_id)
        to_count = _to_be_counted(workplace, uow, deployment)
    destruction = Destruction(
        deployment_id=deployment_id,
        purged_at=workplace.clock.now(),
        due_at=deployment.purge_due_at or workplace.clock.now(),
        asked_by=actor_id or SYSTEM_ACTOR,
        destroyed=erased.by_purge,
        n_alerts_before=erased.by_retention.n_alerts,
        n_files=n_files,
        scan=scan,
        in_clear=erased.in_clear,
    )
    return _certify(workplace, tools.signer, destruction, actor_id, to_count)


def _to_be_counted(
    workplace: Workplace, uow: UnitOfWork, deployment: Deployment
) -> tuple[AlertIds, Policy] | None:
    """Return by which alerts and rules equality is counted; None where nothing is published.

    A purge does not wait for that: what goes wrong here is left to the publication to name.
    """
    is_operational = deployment.kind is DeploymentKind.OPERATIONAL
    if not is_operational or deployment.state is not DeploymentState.ENDED:
        return None
    try:
        policy = workplace.policies.get(deployment.policy_hash)
        return alert_ids_of(events_of_deployment(uow, deployment.deployment_id)), policy
    except TrialError:
        return None


def _issued(reading: UnitOfWorkFactory, deployment_id: str) -> Certificate | None:
    with reading() as uow:
        if uow.deployments.get(deployment_id).purged_at is None:
            return None
        return destruction_certificate(uow, deployment_id)


def _refuse_what_is_forbidden(
    workplace: Workplace, deployment_id: str, actor_id: str | None
) -> None:
    """Ask for the last step before anything is deleted.

    Args:
        workplace: Store and time.
        deployment_id: Which deployment.
        actor_id: Who asks; None for the worker.

    Raises:
        RuleError: It would not be allowed.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = _actor(uow, actor_id, deployment_id, now)
        try:
            purged(deployment, actor, now, n_rows=0, n_files=0)
        except RuleError as error:
            asked_by = actor_id or SYSTEM_ACTOR
            log_refusal(uow, error, _ACTION, asked_by, deployment_id, now)
            raise


def _searched_in_clear(
    reading: UnitOfWorkFactory, scan: DiskScan, deployment_id: str
) -> Searched | None:
    """Return what a search for unencrypted bytes found, or None without the key to make it."""
    try:
        with reading() as uow:
            windows = scan.windows_of(secrets_in_clear(uow, deployment_id))
    except _NO_KEY:
        return None
    return Searched(len(windows), len(scan.search(windows).remains))


def _searched_encrypted(scan: DiskScan, deployment_id: str) -> ScanReport:
    """Return what a search for the marks of encrypted bytes looked at: it found nothing.

    Args:
        scan: Looks through the files.
        deployment_id: Whose bytes.

    Raises:
        RemainsFoundError: It found something, or the marks are gone.
    """
    report = scan.search_marked(deployment_id)
    if report is None:
        msg = f"the marks of {deployment_id} are missing, so that nothing can be searched for"
        raise RemainsFoundError(msg, deployment_id=deployment_id)
    if report.remains:
        places = ", ".join(sorted({remains.file for remains in report.remains}))
        msg = f"after a purge, expected no remains; found {len(report.remains)} in {places}"
        raise RemainsFoundError(msg, deployment_id=deployment_id)
    return report


def secrets_in_clear(uow: UnitOfWork, deployment_id: str) -> Iterator[bytes]:
    """Yield what of each picture and template no other file should hold.

    The head of a picture file is left out: its tables are the same in many files.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.

    Raises:
        KeyDestroyedError: The deployment was purged.
        SecretUnopenableError: Another master key, another row's bytes, or changed bytes.
    """
    for kind in BIOMETRIC_KINDS:
        for _, secret in uow.secrets.read_all(deployment_id, kind):
            n_head = min(len(secret) // _HEADER_SHARE, _MOST_HEADER_BYTES)
            yield secret if kind in {TEMPLATE, PROBE} else secret[n_head:]


def _delete(workplace: Workplace, deployment_id: str, in_clear: Searched | None) -> None:
    """Delete rows and key at once, with an event that counts them; nothing where they are gone."""
    now = workplace.clock.now()
    with workplace.open() as uow:
        ended_at = uow.deployments.get(deployment_id).ended_at or now
        outcomes = alert_outcomes(uow, deployment_id)
        secrets = uow.secrets.delete_of(deployment_id)
        n_biometric = sum(secrets.get(kind, 0) for kind in BIOMETRIC_KINDS)
        destroyed = Destroyed(
            n_alerts=uow.alerts.delete_of(deployment_id),
            n_volunteers_and_passes=uow.passes.delete_of(deployment_id),
            n_entries=uow.entries.delete_of(deployment_id),
            n_images=secrets.get(IMAGE, 0),
            n_templates=secrets.get(TEMPLATE, 0),
            n_crops=secrets.get(CROP, 0),
            n_probes=secrets.get(PROBE, 0),
            n_other_secrets=sum(secrets.values()) - n_biometric,
            n_drafts=uow.drafts.delete(deployment_id),
            n_keys=int(uow.secrets.destroy_key(deployment_id)),
        )
        uow.listed.close(deployment_id, ended_at)
        if destroyed != Destroyed():
            details: dict[str, JsonValue] = {
                "reason": PURGE,
                **asdict(destroyed),
                "n_windows_in_clear": in_clear.n_windows if in_clear else None,
                "n_remains_in_clear": in_clear.n_remains if in_clear else None,
                OUTCOMES: outcome_details(outcomes),
            }
            kind = EventKind.BIOMETRICS_ERASED
            uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, deployment_id, details))
        uow.commit()


def _certify(
    workplace: Workplace,
    signer: NoteSigner,
    destruction: Destruction,
    actor_id: str | None,
    to_count: tuple[AlertIds, Policy] | None,
) -> Certificate:
    """Take the last step and issue the certificate, in one unit of work."""
    deployment_id, now = destruction.deployment_id, destruction.purged_at
    n_rows, n_files = destruction.destroyed.n_rows, destruction.n_files
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = _actor(uow, actor_id, deployment_id, now)
        step = purged(deployment, actor, now, n_rows=n_rows, n_files=n_files)
        if to_count is not None:
            log_equality(uow, deployment_id, *to_count, now)
        log_scores(uow, deployment_id, now)
        record(uow, step, actor_id, now)
        certificate = issue_certificate(uow, signer, workplace.ids, destruction)
        uow.commit()
    return certificate


def _actor(
    uow: UnitOfWork, actor_id: str | None, deployment_id: str, now: datetime
) -> Actor | None:
    if actor_id is None:
        return None
    return acting(uow, actor_id, _ACTION, deployment_id, now)


def _log_failure(workplace: Workplace, deployment_id: str, error: TrialError) -> None:
    """Log that a purge failed; a store that takes nothing is seen by who asked."""
    details: dict[str, JsonValue] = {"code": error.code}
    now: datetime = workplace.clock.now()
    try:
        with workplace.open() as uow:
            kind = EventKind.PURGE_FAILED
            uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, deployment_id, details))
            uow.commit()
    except TrialError:
        return
