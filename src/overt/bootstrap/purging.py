"""Joins purge, certificate and proof to this machine's store, files and keys."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.adapters.audit.checkpoints import Ed25519NoteSigner, Ed25519NoteVerifier
from overt.adapters.audit.signing import PUBLIC_SUFFIX, read_signing_key, read_verifier_key
from overt.adapters.clock import SystemClock
from overt.adapters.files.same_file import SameFile
from overt.adapters.ids import TimedIds
from overt.adapters.store.home_scan import HomeEraser, HomeScan
from overt.adapters.store.lease import lease
from overt.bootstrap.audit import signing_key_path
from overt.bootstrap.policies import policies_of
from overt.bootstrap.store import open_initialised
from overt.errors import StoreLeasedError
from overt.services.certify_destruction import VerifiedCertificate, verify_certificate
from overt.services.do_what_is_due import Round, Rounds
from overt.services.purge import PurgeTools, purge
from overt.services.recover_deployment import recover_deployments
from overt.services.verify_privacy import PrivacyProof, verify_privacy
from overt.services.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.adapters.store.unit_of_work import SqlStore
    from overt.bootstrap.purge_worker import PurgeWorker
    from overt.core.certificate import Certificate
    from overt.ports.live import Lease
    from overt.settings import Settings


@dataclass(frozen=True, slots=True)
class _HeldLease:
    """The ``Lease`` port on a lease that is held, of a store whose file stays where it is.

    SQLite would go on writing into a file that somebody moved away or deleted: what was told
    as stored would be gone with the process.
    """

    held: Callable[[], None]
    file: SameFile | None

    def check(self) -> None:
        """Go on only with the lease and with the store's own file.

        Raises:
            StoreLeasedError: Somebody moved, removed or replaced the file.
        """
        self.held()
        if self.file is not None and not self.file.is_there():
            msg = "the store's file was moved, removed or replaced while it was in use"
            raise StoreLeasedError(msg)


@dataclass(frozen=True, slots=True)
class Service:
    """What the one service of a store works with.

    Attributes:
        store: Opened, with its lease held.
        workplace: Store, clock, identifiers, policies.
        tools: For purges.
        lease: Of the store.
    """

    store: SqlStore
    workplace: Workplace
    tools: PurgeTools
    lease: Lease

    def rounds(self) -> Rounds:
        """Return what makes rounds of all that is due."""
        return Rounds(self.workplace, self.store.reading, self.tools)


@dataclass(frozen=True, slots=True)
class Closing:
    """What is done with a deployment that is over, while its service runs.

    Attributes:
        purge: Purges a deployment for a system engineer: identifier and account in.
        certificate: Returns a deployment's certificate, verified against the whole log.
        prove: Returns the proof of what is promised about faces.
    """

    purge: Callable[[str, str], Certificate]
    certificate: Callable[[str], VerifiedCertificate]
    prove: Callable[[str], PrivacyProof]


def closing_of(settings: Settings, service: Service, worker: PurgeWorker) -> Closing:
    """Return what a running service does with deployments that are over.

    Args:
        settings: Of this machine.
        service: The one that runs.
        worker: Its worker, which purges nothing meanwhile.
    """

    def purge_now(deployment_id: str, actor_id: str) -> Certificate:
        with worker.between_rounds():
            return purge(
                service.workplace,
                service.store.reading,
                service.tools,
                deployment_id,
                actor_id=actor_id,
            )

    return Closing(
        purge=purge_now,
        certificate=lambda deployment_id: certificate_of(deployment_id, settings),
        prove=lambda deployment_id: prove_privacy(deployment_id, settings),
    )


@contextmanager
def open_service(settings: Settings) -> Iterator[Service]:
    """Open the store as its one service; what an earlier one left behind is put right first.

    Args:
        settings: Of this machine.

    Yields:
        Store, tools and lease.

    Raises:
        StoreMissingError: `overt init` has not been run.
        StoreLeasedError: Another service runs on this store.
        SigningKeyMissingError: There is no key to sign certificates with.
    """
    with open_initialised(settings) as store, lease(store.database) as check:
        workplace = Workplace(store.unit_of_work, SystemClock(), TimedIds(), policies_of(settings))
        signer = Ed25519NoteSigner(read_signing_key(signing_key_path(settings)))
        tools = PurgeTools(
            HomeEraser(settings.home, store.database),
            HomeScan(settings.home, store.database),
            signer,
        )
        recover_deployments(workplace, store.reading)
        path = store.database.path
        held = _HeldLease(check, None if path is None else SameFile(path))
        yield Service(store, workplace, tools, held)


def purge_all_due(settings: Settings) -> Round:
    """Return what one round of all that is due did: stops, retentions, purges.

    Args:
        settings: Of this machine.

    Raises:
        TrialError: Something was not done, with its code; the rest was.
    """
    with open_service(settings) as service:
        return service.rounds().make()


def purge_one(deployment_id: str, actor_id: str, settings: Settings) -> Certificate:
    """Return the certificate of a deployment that is purged now.

    Args:
        deployment_id: Ended, or cancelled with something built.
        actor_id: A system engineer.
        settings: Of this machine.

    Raises:
        TrialError: It was not purged, with its code.
    """
    with open_service(settings) as service:
        return purge(
            service.workplace,
            service.store.reading,
            service.tools,
            deployment_id,
            actor_id=actor_id,
        )


def certificate_of(deployment_id: str, settings: Settings) -> VerifiedCertificate:
    """Return a purged deployment's certificate, verified against the whole log.

    Args:
        deployment_id: Which deployment.
        settings: Of this machine.

    Raises:
        RecordNotFoundError: There is none.
        IntegrityError: It is not the one that was issued, or the log is not what it speaks of.
    """
    with open_initialised(settings) as store:
        return verify_certificate(store.reading, _verifier(settings), deployment_id)


def prove_privacy(deployment_id: str, settings: Settings) -> PrivacyProof:
    """Return the proof for a deployment; a service may run on the store meanwhile.

    Args:
        deployment_id: Which deployment.
        settings: Of this machine.

    Raises:
        TrialError: It cannot be looked at, with its code.
    """
    with open_initialised(settings) as store:
        scan = HomeScan(settings.home, store.database)
        return verify_privacy(store.reading, scan, _verifier(settings), deployment_id)


def _verifier(settings: Settings) -> Ed25519NoteVerifier:
    public = signing_key_path(settings).with_suffix(PUBLIC_SUFFIX)
    return Ed25519NoteVerifier(read_verifier_key(public))
