"""Whether a live run may go on: authority, windows, other people's decisions, the list.

Looked at between two frames. The authority's times are compared with the clock every time;
the store, the feed and the lease are asked every second, so that whoever suspends a
deployment anywhere stops its cameras within five seconds (R-07, R-14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.authority_in_force import authority_in_force
from overt.core.deployment import DeploymentState
from overt.errors import (
    ListFileInvalidError,
    StoreFullError,
    StoreUnavailableError,
    WrongStateError,
)
from overt.services.take_due_steps import next_due_at, take_due_steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.frame import Frame
    from overt.core.gallery import Gallery
    from overt.ports.live import Lease
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.check_freshness import FeedWatch
    from overt.services.load_gallery import GalleryWatch
    from overt.services.workplace import Workplace

LOOK_EVERY = timedelta(seconds=1)
BLIND_AT_MOST = timedelta(seconds=3)
"""Whoever cannot ask whether a run may go on, stops it after this time."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run ends.

    Attributes:
        reason: In words, as it is recorded.
        is_recorded: Whether the store says so already.
        is_by_person: Whether the person who runs it stopped it; else the software did.
        code: Code of the error behind it, or None.
    """

    reason: str
    is_recorded: bool = False
    is_by_person: bool = False
    code: str | None = None


class LiveWatch:
    """Keeps the deployment as it stands.

    Attributes:
        deployment: As it was last read.
        feed_problem: Code of the error for which the feed could not be read, or None.
    """

    def __init__(
        self,
        workplace: Workplace,
        reading: UnitOfWorkFactory,
        deployment: Deployment,
        gallery: GalleryWatch,
        feed: FeedWatch | None,
        lease: Lease,
    ) -> None:
        """Start with a deployment that has just gone live.

        Args:
            workplace: Store, time, rules.
            reading: Opens a unit of work that only looks.
            deployment: Live.
            gallery: What may be searched.
            feed: Of those no longer wanted; None where there is none, as in a rehearsal.
            lease: Of the store.
        """
        self.deployment = deployment
        self.feed_problem: str | None = None
        self._workplace, self._reading = workplace, reading
        self._gallery, self._feed, self._lease = gallery, feed, lease
        self._next_due = next_due_at(deployment)
        self._has_asked, self._asked_at = False, workplace.clock.now()
        self._smaller: Gallery | None = None

    def look(self, now: datetime) -> Stop | None:
        """Return why the run ends now, or None; called between two frames.

        Args:
            now: Aware UTC.

        Raises:
            StoreLeasedError: Another service has taken over.
        """
        try:
            if self._next_due is not None and now >= self._next_due:
                self._take(take_due_steps_of(self._workplace, self.deployment.deployment_id))
            if not self._has_asked or now - self._asked_at >= LOOK_EVERY:
                self._ask()
                self._has_asked, self._asked_at = True, now
        except (StoreUnavailableError, StoreFullError) as error:
            return self._blind(now, error)
        return self._stopped()

    def smaller_gallery(self) -> Gallery | None:
        """Return the gallery without those who have left the list; None if nobody has."""
        smaller, self._smaller = self._smaller, None
        return smaller

    def allowed(
        self, frames: Iterable[Frame], site_of: Mapping[str, str], now: datetime
    ) -> tuple[Frame, ...]:
        """Return the frames that may be looked at: inside an authority in force (R-01).

        Args:
            frames: Of any cameras.
            site_of: Site by camera.
            now: Aware UTC.
        """
        return tuple(f for f in frames if self._is_allowed(f, site_of[f.camera_id], now))

    @property
    def open_sites(self) -> frozenset[str]:
        """Return the sites at which it is live."""
        return frozenset(site.site_id for site in self.deployment.live_sites)

    def _is_allowed(self, frame: Frame, site_id: str, now: datetime) -> bool:
        deployment, camera_id = self.deployment, frame.camera_id
        if deployment.application is not None and site_id not in self.open_sites:
            return False
        moments = (now, frame.captured_at)
        return all(authority_in_force(deployment, site_id, camera_id, at) for at in moments)

    def _ask(self) -> None:
        """Ask lease, feed and store.

        Raises:
            TrialError: One of them does not answer.
        """
        self._lease.check()
        self._look_at_feed()
        with self._reading() as uow:
            found = uow.deployments.get(self.deployment.deployment_id)
        if found.version != self.deployment.version:
            self._take(found)
        loaded = self._gallery.look()
        if loaded is not None:
            self._smaller = loaded.gallery

    def _look_at_feed(self) -> None:
        """Check the list where the feed has changed; a feed that cannot be read is noted."""
        if self._feed is None or self.deployment.state is not DeploymentState.LIVE:
            return
        try:
            self._feed.look()
        except (ListFileInvalidError, WrongStateError) as error:
            self.feed_problem = error.code
        else:
            self.feed_problem = None

    def _take(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._next_due = next_due_at(deployment)

    def _stopped(self) -> Stop | None:
        deployment = self.deployment
        if deployment.state is DeploymentState.LIVE:
            return None
        reason = deployment.suspended_reason or deployment.end_reason or deployment.state.value
        return Stop(reason, is_recorded=True)

    def _blind(self, now: datetime, error: StoreUnavailableError | StoreFullError) -> Stop | None:
        """Return the stop of a run that cannot reach its store, or None for a short while."""
        is_past_due = self._next_due is not None and now >= self._next_due
        if isinstance(error, StoreFullError) or is_past_due or now - self._asked_at > BLIND_AT_MOST:
            return Stop(error.message, code=error.code)
        return None
