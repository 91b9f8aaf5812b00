"""One round of what the time asks for: stops, lapses, alerts' retention, purges, requests.

Whoever holds the lease of the store makes a round each minute. Every part is tried, whatever
becomes of the others, and may be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.errors import TrialError
from overt.services.close_request import (
    close_answered,
    erase_closed,
    forget_erased,
    is_erased_left,
)
from overt.services.erase_alerts import erase_old_alerts, have_alerts_been_erased
from overt.services.purge import purge_due
from overt.services.take_due_steps import take_due_steps

if TYPE_CHECKING:
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.purge import PurgeTools
    from overt.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did.

    Attributes:
        n_steps: Deployments that a due step changed.
        n_alerts: Alerts that were erased at the end of their own retention.
        purged: Deployments that were purged.
        n_requests: Requests whose words were erased at the end of their retention.
    """

    n_steps: int
    n_alerts: int
    purged: tuple[str, ...]
    n_requests: int = 0


class Rounds:
    """Makes rounds; remembers whether the store's files still hold what was erased from them."""

    def __init__(self, workplace: Workplace, reading: UnitOfWorkFactory, tools: PurgeTools) -> None:
        """Start as after a crash: the files may hold something, if the log says so.

        Args:
            workplace: Store, time, rules.
            reading: Opens a unit of work that only looks.
            tools: Eraser, scan, key.
        """
        self._workplace, self._reading, self._tools = workplace, reading, tools
        self._may_hold_erased: bool | None = None
        self._may_hold_requests: bool | None = None

    def make(self) -> Round:
        """Return what was due and is done now.

        Raises:
            TrialError: A part failed; the first one that did. The others were done.
        """
        problems: list[TrialError] = []
        n_steps = n_alerts = n_requests = 0
        purged: tuple[str, ...] = ()
        try:
            n_steps = len(take_due_steps(self._workplace, self._reading))
        except TrialError as error:
            problems.append(error)
        try:
            n_alerts = self._erase_alerts()
        except TrialError as error:
            problems.append(error)
        try:
            purged = tuple(purge_due(self._workplace, self._reading, self._tools))
        except TrialError as error:
            problems.append(error)
        try:
            n_requests = self._erase_requests()
        except TrialError as error:
            problems.append(error)
        if problems:
            raise problems[0]
        return Round(n_steps, n_alerts, purged, n_requests)

    def _erase_alerts(self) -> int:
        if self._may_hold_erased is None:
            self._may_hold_erased = have_alerts_been_erased(self._reading)
        n_alerts = erase_old_alerts(self._workplace, self._reading)
        if n_alerts or self._may_hold_erased:
            self._may_hold_erased = True
            self._tools.eraser.erase()
            self._may_hold_erased = False
        return n_alerts

    def _erase_requests(self) -> int:
        close_answered(self._workplace, self._reading)
        if self._may_hold_requests is None:
            self._may_hold_requests = is_erased_left(self._tools.scan)
        n_requests = erase_closed(self._workplace, self._reading, self._tools.scan)
        if n_requests or self._may_hold_requests:
            self._may_hold_requests = True
            forget_erased(self._tools.eraser, self._tools.scan)
            self._may_hold_requests = False
        return n_requests
