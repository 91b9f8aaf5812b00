"""Sets a machine up once: home folder, keys, store, first line of the log; and checks it."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt import __version__
from overt.adapters.clock import SystemClock
from overt.bootstrap.audit import signing_key_path
from overt.bootstrap.policies import policies_of
from overt.bootstrap.store import (
    master_key_of,
    open_initialised,
    open_store,
    own_master_key,
    store_is_there,
)
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.errors import (
    InstallationPresentError,
    MasterKeyMissingError,
    OutputUnwritableError,
    SettingInvalidError,
    SigningKeyMissingError,
)

if TYPE_CHECKING:
    from datetime import datetime

    from overt.adapters.secrets.envelope import MasterKey
    from overt.ports.engine import Clock
    from overt.settings import Settings

DEFAULT_LOG_NAME = "overt/audit"
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Installation:
    """A machine that is set up.

    Attributes:
        public_key: Verifier key of the audit log, one line, to be published.
        policy_hash: Policy in force.
        schema_version: Version of the store's tables.
        master_key_id: Tells two master keys apart and does not give one away.
    """

    public_key: str
    policy_hash: str
    schema_version: str
    master_key_id: str


def set_up(
    settings: Settings, log_name: str = DEFAULT_LOG_NAME, clock: Clock | None = None
) -> Installation:
    """Make what a governed deployment needs on this machine, and begin its log.

    What is there already is never replaced; an attempt that was cut short is finished.

    Args:
        settings: Of this machine.
        log_name: What the log and its key are called, such as ``force.example/lfr``.
        clock: When its log begins; the machine's without it.

    Raises:
        InstallationPresentError: The log has begun: this machine is set up.
        TrialError: The folder, a key or the store cannot be made, each with its code.
    """
    if store_is_there(settings):
        msg = "this machine is set up already; `overt init --check` says whether it is sound"
        raise InstallationPresentError(msg)
    _make_home(settings)
    policy = policies_of(settings).current()
    master_key = _master_key(settings)
    _make_signing_key(settings, log_name)
    now = (clock or SystemClock()).now()
    _begin_log(settings, master_key, (policy.version, policy.digest()), now)
    return check(settings)


def check(settings: Settings) -> Installation:
    """Return what is set up on this machine, after looking at every part; nothing is changed.

    Args:
        settings: Of this machine.

    Raises:
        StoreMissingError: It is not set up.
        SettingInvalidError: Others may look into the home folder.
        MasterKeyInvalidError: The master key is not the one that the store began with.
        TrialError: Another part is missing or unsafe, each with its code.
    """
    from overt.adapters.audit.signing import read_signing_key
    from overt.adapters.store.migrate import head_version

    with open_initialised(settings) as store, store.reading() as uow:
        first = uow.audit.read(0, 1)[0].event
    mode = stat.S_IMODE(settings.home.stat().st_mode)
    if mode & _OTHERS_MAY:
        msg = f"OVERT_HOME must be open to its owner only (0700), found {mode:04o}"
        raise SettingInvalidError(msg, setting="OVERT_HOME")
    master_key = own_master_key(settings, first.details.get("master_key_id"))
    return Installation(
        public_key=read_signing_key(signing_key_path(settings)).verifier.text(),
        policy_hash=policies_of(settings).current().digest(),
        schema_version=head_version(),
        master_key_id=master_key.key_id,
    )


def _make_home(settings: Settings) -> None:
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.home.chmod(0o700)
    except OSError as error:
        msg = f"OVERT_HOME cannot be made ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error


def _master_key(settings: Settings) -> MasterKey:
    from overt.adapters.secrets.master_key import create_master_key

    try:
        return master_key_of(settings)
    except MasterKeyMissingError:
        return create_master_key(settings.master_key_file)


def _make_signing_key(settings: Settings, log_name: str) -> None:
    from overt.adapters.audit.signing import create_signing_key, read_signing_key

    try:
        read_signing_key(signing_key_path(settings))
    except SigningKeyMissingError:
        create_signing_key(signing_key_path(settings), log_name)


def _begin_log(
    settings: Settings, master_key: MasterKey, policy: tuple[str, str], now: datetime
) -> None:
    from overt.adapters.store.migrate import head_version

    version, policy_hash = policy
    started = {
        "software_version": __version__,
        "schema_version": head_version(),
        "master_key_id": master_key.key_id,
    }
    loaded = {"policy_hash": policy_hash, "policy_version": version}
    store = open_store(settings)
    try:
        with store.unit_of_work() as uow:
            uow.audit.append(AuditEvent(EventKind.LOG_STARTED, now, SYSTEM_ACTOR, details=started))
            uow.audit.append(AuditEvent(EventKind.POLICY_LOADED, now, SYSTEM_ACTOR, details=loaded))
            uow.commit()
    finally:
        store.database.close()
