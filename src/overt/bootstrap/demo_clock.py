"""The clock of a generated rehearsal: its time is that of the scene, not of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from overt.core.frame import FrameCounts
    from overt.ports.live import CameraGroup, CameraNews


class SceneClock:
    """The ``Clock`` port on a time that only goes on when it is told to."""

    def __init__(self, now: datetime) -> None:
        """Stand still at a moment.

        Args:
            now: Aware UTC.
        """
        self._now = now

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        return self._now

    def go_on(self, by: timedelta) -> datetime:
        """Return the time after it went on.

        Args:
            by: How far; not negative.
        """
        self._now += by
        return self._now

    def reach(self, moment: datetime) -> None:
        """Go on to a moment; one that is past changes nothing.

        Args:
            moment: Aware UTC.
        """
        self._now = max(self._now, moment)


class SceneCameras:
    """The ``CameraGroup`` port on recordings: each frame takes the clock along."""

    def __init__(self, cameras: CameraGroup, clock: SceneClock) -> None:
        """Begin with no frame.

        Args:
            cameras: Recordings, which begin at the clock's time.
            clock: The clock of everything that works with them.
        """
        self._cameras, self._clock = cameras, clock

    def __enter__(self) -> Self:
        """Open the recordings."""
        self._cameras.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        """Close them."""
        self._cameras.__exit__(*exc)

    def news(self, within_s: float) -> CameraNews:
        """Return what there is, at the time of its frames.

        Args:
            within_s: Longest time to wait, of the machine's.
        """
        news = self._cameras.news(within_s)
        for frame in news.frames:
            self._clock.reach(frame.captured_at)
        return news

    def close(self, camera_ids: frozenset[str]) -> None:
        """Close some of them.

        Args:
            camera_ids: Which.
        """
        self._cameras.close(camera_ids)

    def counts(self) -> FrameCounts:
        """Return what has become of their frames."""
        return self._cameras.counts()

    def camera_counts(self) -> Mapping[str, FrameCounts]:
        """Return the same for each."""
        return self._cameras.camera_counts()
