"""How this machine is: store, disk, memory; numbers only."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overt.errors import TrialError

if TYPE_CHECKING:
    from overt.ports.store import UnitOfWorkFactory
    from overt.settings import Settings

_OWN_MEMORY = Path("/proc/self/status")
_RESIDENT = "VmRSS:"
_KIB = 1024


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """What an engineer looks at first.

    Attributes:
        store_kind: ``SQLite`` or ``PostgreSQL``.
        store_problem: Code of the error for which it cannot be read, or None.
        n_events: Events of the log; None where the store cannot be read.
        store_bytes: Its files on this machine; None where it is elsewhere.
        disk_free_bytes: Room on the disk of the home folder.
        disk_bytes: All of that disk.
        memory_bytes: What this process holds; None where the system does not say.
    """

    store_kind: str
    store_problem: str | None
    n_events: int | None
    store_bytes: int | None
    disk_free_bytes: int
    disk_bytes: int
    memory_bytes: int | None

    @property
    def free_share(self) -> float:
        """Return the share of the disk that is free, in [0, 1]."""
        return self.disk_free_bytes / self.disk_bytes if self.disk_bytes else 0.0


def machine_health(settings: Settings, reading: UnitOfWorkFactory) -> MachineHealth:
    """Return how the machine is now.

    Args:
        settings: Of this machine.
        reading: Opens a unit of work that only looks.
    """
    n_events, problem = _log_size(reading)
    url = settings.store_url.get_secret_value() if settings.store_url else ""
    disk = shutil.disk_usage(settings.home)
    return MachineHealth(
        store_kind="PostgreSQL" if url.startswith("postgresql") else "SQLite",
        store_problem=problem,
        n_events=n_events,
        store_bytes=None if url else _store_bytes(settings.home),
        disk_free_bytes=disk.free,
        disk_bytes=disk.total,
        memory_bytes=_memory_bytes(),
    )


def _log_size(reading: UnitOfWorkFactory) -> tuple[int | None, str | None]:
    try:
        with reading() as uow:
            return uow.audit.size(), None
    except TrialError as error:
        return None, error.code


def _store_bytes(home: Path) -> int:
    return sum(file.stat().st_size for file in home.glob("overt.db*"))


def _memory_bytes() -> int | None:
    """Return the resident memory of this process, or None outside Linux."""
    try:
        lines = _OWN_MEMORY.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = next((line.split() for line in lines if line.startswith(_RESIDENT)), None)
    return int(found[1]) * _KIB if found else None
