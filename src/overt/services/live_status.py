"""The figures of a run as they stand: numbers only, nobody behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from overt.services.take_due_steps import next_due_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from overt.core.deployment import Deployment
    from overt.core.frame import FrameCounts
    from overt.services.live_rate import LimitLook


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """What whoever watches a run sees.

    Attributes:
        deployment: As it was last read.
        now: When these figures stood, aware UTC.
        faces_seen: Confirmed tracks through the zones, of this run.
        n_alerts: Alerts of this run.
        look: The false alert rate of the whole deployment, looked at each minute; None
            before the first look.
        frames: Decoded, dropped, failed.
        frames_analysed: Frames that went through detection.
        templates_in_memory: Templates of people before the cameras at this moment.
        lost: Code by camera, of those lost at present.
        n_cameras: Cameras of this run.
        feed_problem: Code of the error for which the "no longer wanted" feed cannot be
            read, or None.
        camera_ids: Cameras of this run, lost ones too.
        frames_of: Decoded, dropped, failed, by camera.
    """

    deployment: Deployment
    now: datetime
    faces_seen: int
    n_alerts: int
    look: LimitLook | None
    frames: FrameCounts
    frames_analysed: int
    templates_in_memory: int
    lost: Mapping[str, str]
    n_cameras: int
    feed_problem: str | None
    camera_ids: tuple[str, ...] = ()
    frames_of: Mapping[str, FrameCounts] = field(default_factory=dict)

    @property
    def time_left(self) -> timedelta | None:
        """Return how long it may still run, until the next step that the time asks for."""
        due = next_due_at(self.deployment)
        return None if due is None else max(due - self.now, self.now - self.now)
