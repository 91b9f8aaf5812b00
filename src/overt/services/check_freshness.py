"""Check the watchlist against the "no longer wanted" feed, before LIVE and while it is (R-14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR
from overt.core.deployment_watchlist import check_freshness as checked
from overt.core.watchlist import ListKind, no_longer_wanted
from overt.errors import RuleError
from overt.services.take_off_list import (
    RemovalReason,
    expired_entries,
    fewer,
    log_removals,
    take_off,
)
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from overt.core.deployment import Change, Deployment
    from overt.core.freshness_feed import FreshnessFeed
    from overt.core.roles import Actor
    from overt.core.watchlist import WatchlistEntry
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "check the watchlist against the feed"


@dataclass(frozen=True, slots=True)
class FreshnessCheck:
    """What a check did.

    Attributes:
        deployment: After it.
        no_longer_wanted: Entries that left for the feed.
        expired: Entries that left as their time was over.
    """

    deployment: Deployment
    no_longer_wanted: tuple[str, ...]
    expired: tuple[str, ...]


def check_freshness(
    workplace: Workplace, actor_id: str | None, deployment_id: str, feed: FreshnessFeed
) -> FreshnessCheck:
    """Return the deployment after its list was compared with the feed.

    An entry on the feed leaves at once: its face is deleted, its listed period closed. A
    running gallery takes it out with its next look (``watch_gallery``).

    Args:
        workplace: Store, time.
        actor_id: Who asks; None where the software saw that the feed had changed.
        deployment_id: With a watchlist; may be live.
        feed: As read.

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, ACTION, deployment_id, now) if actor_id else None
        expired = expired_entries(uow, deployment, now)
        gone = _named(uow, deployment_id, feed, without=expired)
        try:
            change = _decided(fewer(deployment, expired), actor, feed, len(gone), now)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id or SYSTEM_ACTOR, deployment_id, now)
            raise
        _take_off(uow, expired, RemovalReason.EXPIRED, None, now)
        _take_off(uow, gone, RemovalReason.NO_LONGER_WANTED, actor_id, now)
        saved = record(uow, change, actor_id, now)
        uow.commit()
    return FreshnessCheck(saved, _ids(gone), _ids(expired))


def expire_entries(workplace: Workplace, deployment_id: str) -> tuple[str, ...]:
    """Return the entries whose time is over, taken off the list; nothing is written without any.

    Args:
        workplace: Store, time.
        deployment_id: May be live.

    Raises:
        RecordNotFoundError: There is no such deployment.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        expired = expired_entries(uow, deployment, now)
        if expired:
            _take_off(uow, expired, RemovalReason.EXPIRED, None, now)
            uow.deployments.save(fewer(deployment, expired))
            uow.commit()
    return _ids(expired)


class FeedWatch:
    """Looks again and again whether the feed has changed, and checks the list if so."""

    def __init__(
        self,
        workplace: Workplace,
        deployment_id: str,
        read_if_changed: Callable[[], FreshnessFeed | None],
    ) -> None:
        """Compare with the feed that was checked last.

        Args:
            workplace: Store, time.
            deployment_id: With a watchlist.
            read_if_changed: Returns the feed, or None where it is as it was at the last call;
                raises where it cannot be read.
        """
        self._workplace = workplace
        self._deployment_id = deployment_id
        self._read_if_changed = read_if_changed
        self._unchecked: FreshnessFeed | None = None

    def look(self) -> FreshnessCheck | None:
        """Return what a changed feed did to the list, or None; called every second or two.

        A feed that the store did not take is offered again with the next call.

        Raises:
            RuleError: The deployment is over.
            ListFileInvalidError: The feed cannot be read.
            StoreUnavailableError: The store did not answer.
        """
        feed = self._read_if_changed() or self._unchecked
        if feed is None:
            return None
        self._unchecked = feed
        try:
            done = check_freshness(self._workplace, None, self._deployment_id, feed)
        except RuleError:
            self._unchecked = None  # nothing to check any more; the refusal is logged once
            raise
        self._unchecked = None
        return done


def _named(
    uow: UnitOfWork,
    deployment_id: str,
    feed: FreshnessFeed,
    *,
    without: Iterable[WatchlistEntry],
) -> tuple[WatchlistEntry, ...]:
    entries = uow.entries.of_deployment(deployment_id, list_kind=ListKind.OPERATIONAL)
    others = {entry.entry_id for entry in without}
    named = no_longer_wanted(entries, feed.references)
    return tuple(entry for entry in named if entry.entry_id not in others)


def _decided(
    deployment: Deployment, actor: Actor | None, feed: FreshnessFeed, n_removed: int, now: datetime
) -> Change:
    return checked(
        deployment, actor, now, feed_sha256=feed.sha256, n_rows=feed.n_rows, n_removed=n_removed
    )


def _take_off(
    uow: UnitOfWork,
    entries: Iterable[WatchlistEntry],
    reason: RemovalReason,
    actor_id: str | None,
    now: datetime,
) -> None:
    gone = tuple(entries)
    for entry in gone:
        take_off(uow, entry, now, reason)
    log_removals(uow, gone, reason, actor_id, now)


def _ids(entries: Iterable[WatchlistEntry]) -> tuple[str, ...]:
    return tuple(entry.entry_id for entry in entries)
