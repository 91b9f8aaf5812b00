"""What somebody asks of a live run, and who follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from overt.core.adjudication import AlertRecord
    from overt.core.unmet import Unmet
    from overt.services.live_status import LiveStatus


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What somebody asks of a live run.

    Attributes:
        deployment_id: Which deployment.
        actor_id: Who runs it.
        site_ids: Where; every site whose window is open without any.
        feed: File of those no longer wanted; checked before and whenever it changes.
        minutes: Time after which to stop; until the authority's end without it.
        cameras: Identifier -> address or file; of a rehearsal only, whose cameras stand in
            no authority.
        observers_port: Port of the observers' page on this machine; 0 takes a free one.
        reason: Why a suspended deployment goes on.
        waits: Whether to wait for the next window where none is open.
        may_use_this_machine: Whether a camera's address may lead to this machine itself.
    """

    deployment_id: str
    actor_id: str
    site_ids: tuple[str, ...] = ()
    feed: Path | None = None
    minutes: float | None = None
    cameras: tuple[tuple[str, str], ...] = ()
    observers_port: int = 0
    reason: str = "run again"
    waits: bool = False
    may_use_this_machine: bool = True


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows a run.

    Attributes:
        on_page: Called with the address of the observers' page.
        on_alert: Called with each alert, once it stands in the store.
        on_status: Called with the figures, several times a second.
        on_wait: Called once with the opening that is waited for, and with what would keep the
            deployment from being live then.
    """

    on_page: Callable[[str], None] = lambda _: None
    on_alert: Callable[[AlertRecord], None] = lambda _: None
    on_status: Callable[[LiveStatus], None] = lambda _: None
    on_wait: Callable[[datetime, tuple[Unmet, ...]], None] = lambda *_: None
