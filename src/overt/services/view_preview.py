"""Look at a camera's coarse picture: who may, and each spell of looking in the log (R-32, R-70)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from overt.services.workplace import Workplace

SPELL_ENDS_AFTER = timedelta(minutes=1)
"""Whoever has not looked for this long begins a new spell, with a line of its own."""

_MOST_SPELLS = 1000


class PreviewLooks:
    """Knows who is looking, so that a picture four times a second is one line in the log."""

    def __init__(self, workplace: Workplace) -> None:
        """Nobody looks yet.

        Args:
            workplace: Store and time.
        """
        self._workplace = workplace
        self._last: dict[tuple[str, str, str], datetime] = {}
        self._lock = threading.Lock()

    def note(self, actor_id: str, deployment_id: str, camera_id: str) -> None:
        """Log that somebody begins to look at a camera; nothing while they go on.

        Args:
            actor_id: Who looks.
            deployment_id: At which deployment.
            camera_id: At which of its cameras.

        Raises:
            TrialError: The store did not take the line: then nothing may be shown.
        """
        now, spell = self._workplace.clock.now(), (actor_id, deployment_id, camera_id)
        with self._lock:
            last = self._last.get(spell)
            if last is None or not last <= now < last + SPELL_ENDS_AFTER:
                self._log(actor_id, deployment_id, camera_id, now)
            self._last[spell] = now
            while len(self._last) > _MOST_SPELLS:
                del self._last[min(self._last, key=self._last.__getitem__)]

    def _log(self, actor_id: str, deployment_id: str, camera_id: str, now: datetime) -> None:
        details, kind = {"camera_id": camera_id}, EventKind.PREVIEW_VIEWED
        with self._workplace.open() as uow:
            uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
            uow.commit()
