"""Verify what is promised about faces: made is erased or in alerts, and nothing lies about (R-31).

Every number is taken from two places, the store and the audit log; then the disk is searched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.live_counts import LiveCounts
from overt.errors import CertificateWrongError, IntegrityError, RecordNotFoundError
from overt.services.certify_destruction import erased_so_far, verify_certificate
from overt.services.find_events import events_of
from overt.services.live_recording import CROP, PROBE
from overt.services.purge import secrets_in_clear
from overt.services.seed_pair import seeded_alerts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.core.adjudication import AlertRecord
    from overt.core.destruction import ScanReport
    from overt.ports.audit import NoteVerifier
    from overt.ports.purge import DiskScan
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.certify_destruction import Erased


@dataclass(frozen=True, slots=True)
class AlertSecrets:
    """What the store keeps of alerts.

    Attributes:
        n_alerts: Alerts.
        n_crops: Their pictures.
        n_probes: Their templates.
        n_astray: Pictures and templates of alerts that no alert names.
        n_seeded: Alerts that were put in on purpose, in a rehearsal: they have no template.
    """

    n_alerts: int
    n_crops: int
    n_probes: int
    n_astray: int
    n_seeded: int = 0


@dataclass(frozen=True, slots=True)
class PrivacyProof:
    """What was found, and what is wrong with it.

    Attributes:
        deployment_id: Of which deployment.
        state: Where it stands.
        stored: Templates and faces as the store counts them.
        logged: The same as the audit log counts them.
        kept: What the store keeps of alerts.
        erased: What the log says was erased later: at the end of a retention, at the purge.
        in_clear: Search of the disk for unencrypted bytes of every picture and template; None
            once the key is destroyed.
        marked: Search for the encrypted bytes that were purged; None before a purge.
        certificate_id: The certificate that was verified, or None.
        findings: What does not hold, in words; empty where all does.
    """

    deployment_id: str
    state: DeploymentState
    stored: LiveCounts
    logged: LiveCounts
    kept: AlertSecrets
    erased: Erased
    in_clear: ScanReport | None
    marked: ScanReport | None
    certificate_id: str | None
    findings: tuple[str, ...]

    @property
    def n_in_memory(self) -> int:
        """Return templates neither erased nor in alerts: of people before a camera now."""
        return self.stored.made - self.stored.erased - self.stored.in_alerts


def verify_privacy(
    reading: UnitOfWorkFactory, scan: DiskScan, verifier: NoteVerifier, deployment_id: str
) -> PrivacyProof:
    """Return the proof for one deployment, with everything that does not hold.

    Args:
        reading: Opens a unit of work that only looks.
        scan: Searches the disk.
        verifier: The log's key, for the certificate.
        deployment_id: Which deployment.

    Raises:
        RecordNotFoundError: There is no such deployment.
        SecretUnopenableError: A picture or template does not open with this master key.
        AuditChainBrokenError: An event of the log was changed.
    """
    with reading() as uow:
        deployment = uow.deployments.get(deployment_id)
        is_purged = deployment.purged_at is not None
        stored = uow.counts.totals(deployment_id)
        logged, n_raised = _logged(uow, deployment_id)
        erased = erased_so_far(uow, deployment_id)
        kept = AlertSecrets(0, 0, 0, 0) if is_purged else _alert_secrets(uow, deployment_id)
        windows = None
        if not is_purged:
            windows = scan.windows_of(secrets_in_clear(uow, deployment_id))
        findings = list(_unequal(stored, logged, deployment.state))
        findings += _unequal_alerts(stored, kept, erased, n_raised)
        if is_purged:
            findings += _left_behind(uow, deployment_id)
    in_clear = None if windows is None else scan.search(windows)
    marked = scan.search_marked(deployment_id) if is_purged else None
    certificate_id, problem = _certificate(reading, verifier, deployment_id, is_purged=is_purged)
    findings += problem
    findings += _remains(in_clear, marked, erased, is_purged=is_purged)
    return PrivacyProof(
        deployment_id=deployment_id,
        state=deployment.state,
        stored=stored,
        logged=logged,
        kept=kept,
        erased=erased,
        in_clear=in_clear,
        marked=marked,
        certificate_id=certificate_id,
        findings=tuple(findings),
    )


def _logged(uow: UnitOfWork, deployment_id: str) -> tuple[LiveCounts, int]:
    """Return the sums of the log's own counts, and how many alerts it says were raised."""
    sums: Counter[str] = Counter()
    n_raised = 0
    kinds = EventKind.MINUTE_COUNTED, EventKind.TEMPLATES_COUNTED, EventKind.ALERT_RAISED
    for logged in events_of(uow, deployment_id, *kinds):
        n_raised += logged.event.kind == EventKind.ALERT_RAISED
        sums.update(_numbers(logged.event.details))
    names = ("faces_seen", "searches", "made", "erased", "in_alerts")
    frames = ("frames_analysed", "frames_failed")
    return LiveCounts(**{name: sums[name] for name in (*names, *frames)}), n_raised


def _numbers(details: Mapping[str, object]) -> dict[str, int]:
    return {name: n for name, n in details.items() if isinstance(n, int)}


def _alert_secrets(uow: UnitOfWork, deployment_id: str) -> AlertSecrets:
    alerts: tuple[AlertRecord, ...] = uow.alerts.of_deployment(deployment_id)
    ids = {alert.alert_id for alert in alerts}
    crops = [row_id for row_id, _ in uow.secrets.read_all(deployment_id, CROP)]
    probes = [row_id for row_id, _ in uow.secrets.read_all(deployment_id, PROBE)]
    n_astray = sum(row_id not in ids for row_id in (*crops, *probes))
    n_seeded = len(ids & seeded_alerts(uow, deployment_id))
    return AlertSecrets(len(alerts), len(crops), len(probes), n_astray, n_seeded)


def _unequal(stored: LiveCounts, logged: LiveCounts, state: DeploymentState) -> Iterator[str]:
    if stored != logged:
        yield f"the store counts {stored}, the log {logged}"
    n_open = stored.made - stored.erased - stored.in_alerts
    if n_open and not (state is DeploymentState.LIVE and n_open > 0):
        yield f"{n_open} templates were made that are neither erased nor in alerts"


def _unequal_alerts(
    stored: LiveCounts, kept: AlertSecrets, erased: Erased, n_raised: int
) -> Iterator[str]:
    gone = erased.by_purge + erased.by_retention
    if stored.in_alerts != kept.n_probes + gone.n_probes:
        yield (
            f"{stored.in_alerts} templates went into alerts; {kept.n_probes} are kept and "
            f"{gone.n_probes} erased"
        )
    if n_raised != kept.n_alerts + gone.n_alerts:
        yield f"{n_raised} alerts were raised; {kept.n_alerts} kept, {gone.n_alerts} erased"
    if not kept.n_alerts == kept.n_crops == kept.n_probes + kept.n_seeded:
        seeded = f", {kept.n_seeded} of them seeded," if kept.n_seeded else ""
        yield (
            f"{kept.n_alerts} alerts{seeded} have {kept.n_crops} pictures, "
            f"{kept.n_probes} templates"
        )
    if kept.n_astray:
        yield f"{kept.n_astray} pictures or templates belong to no alert"


def _left_behind(uow: UnitOfWork, deployment_id: str) -> Iterator[str]:
    left = {
        "entries": len(uow.entries.of_deployment(deployment_id)),
        "alerts": len(uow.alerts.of_deployment(deployment_id)),
        "passes": len(uow.passes.of_deployment(deployment_id)),
        "volunteers": len(uow.passes.volunteers(deployment_id)),
        "secrets or keys": sum(1 for _ in uow.secrets.ciphertexts(deployment_id)),
    }
    for what, n_left in left.items():
        if n_left:
            yield f"{n_left} {what} are left after the purge"


def _certificate(
    reading: UnitOfWorkFactory, verifier: NoteVerifier, deployment_id: str, *, is_purged: bool
) -> tuple[str | None, list[str]]:
    if not is_purged:
        return None, []
    try:
        verified = verify_certificate(reading, verifier, deployment_id)
    except (RecordNotFoundError, CertificateWrongError, IntegrityError) as error:
        return None, [error.message]
    return verified.certificate.certificate_id, []


def _remains(
    in_clear: ScanReport | None,
    marked: ScanReport | None,
    erased: Erased,
    *,
    is_purged: bool,
) -> Iterator[str]:
    for report, what in ((in_clear, "unencrypted"), (marked, "purged")):
        if report is not None and report.remains:
            files = ", ".join(sorted({one.file for one in report.remains}))
            yield f"{what} bytes of faces in {files}, {len(report.remains)} places"
    if is_purged and marked is None:
        yield "the marks of what was purged are missing, so that it cannot be searched for"
    if is_purged and erased.in_clear is not None and erased.in_clear.n_remains:
        yield f"{erased.in_clear.n_remains} places held unencrypted bytes when it was purged"
