"""All cameras of a run at once: a thread each; one that fails leaves the others going."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from functools import reduce
from threading import Condition, Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Self

from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.errors import CameraLostError, TrialError
from overt.ports.live import CameraNews, LostCamera

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from overt.ports import FrameSource

_STOP_GRACE_S = 3.0
_DEPTH = 2  # frames of a recording that wait; the reader is held back, none is dropped


@dataclass(frozen=True, slots=True)
class GroupedCamera:
    """A camera of the group.

    Attributes:
        camera_id: Which camera.
        open_source: Makes its frame source, anew for each try.
        is_live: Whether only its newest frame counts, and it is tried again once lost; of
            a recording every frame is given, in order, once.
    """

    camera_id: str
    open_source: Callable[[], FrameSource]
    is_live: bool


@dataclass(slots=True, eq=False)
class _Lane:
    camera: GroupedCamera
    stop: Event = field(default_factory=Event)
    waiting: deque[Frame] = field(default_factory=deque)
    failed: list[FrameFailed] = field(default_factory=list)
    lost_code: str | None = None
    is_lost: bool = False
    has_returned: bool = False
    has_ended: bool = False
    n_replaced: int = 0
    source: FrameSource | None = None
    earlier: FrameCounts = field(default_factory=FrameCounts)
    thread: Thread | None = None

    def has_news(self) -> bool:
        return bool(self.waiting or self.failed or self.lost_code or self.has_returned)


class CameraThreads:
    """The ``CameraGroup`` port."""

    def __init__(self, cameras: Sequence[GroupedCamera], *, retry_after_s: float = 10.0) -> None:
        """Open nothing yet.

        Args:
            cameras: With different identifiers.
            retry_after_s: Time after which a live camera that was lost is tried again.
        """
        self._lanes = {camera.camera_id: _Lane(camera) for camera in cameras}
        self._retry_after_s = retry_after_s
        self._changed = Condition()
        self._started_s = 0.0
        self._mistake: BaseException | None = None

    def __enter__(self) -> Self:
        """Begin to open the cameras, each in its thread."""
        self._started_s = monotonic()
        for camera_id, lane in self._lanes.items():
            name = f"camera group {camera_id}"
            lane.thread = Thread(target=self._run, args=[lane], name=name, daemon=True)
            lane.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Close every camera; a thread that waits for a silent one ends by itself."""
        self.close(frozenset(self._lanes))
        give_up_s = monotonic() + _STOP_GRACE_S
        for lane in self._lanes.values():
            if lane.thread is not None:
                lane.thread.join(max(give_up_s - monotonic(), 0))

    def news(self, within_s: float) -> CameraNews:
        """Return what there is, as soon as there is something.

        Args:
            within_s: Longest time to wait.

        Raises:
            BaseException: What is a mistake of this program in a camera's thread.
        """
        with self._changed:
            self._changed.wait_for(self._is_worth_telling, within_s)
            if self._mistake is not None:
                raise self._mistake
            lanes = [lane for lane in self._lanes.values() if not lane.stop.is_set()]
            news = CameraNews(
                frames=tuple(lane.waiting.popleft() for lane in lanes if lane.waiting),
                failed=tuple(frame for lane in lanes for frame in lane.failed),
                lost=tuple(
                    LostCamera(lane.camera.camera_id, lane.lost_code)
                    for lane in lanes
                    if lane.lost_code is not None
                ),
                returned=tuple(lane.camera.camera_id for lane in lanes if lane.has_returned),
                is_over=self._is_over(),
            )
            for lane in lanes:
                lane.failed, lane.lost_code, lane.has_returned = [], None, False
            self._changed.notify_all()
        return news

    def close(self, camera_ids: frozenset[str]) -> None:
        """Close some cameras for good; nothing of them comes any more.

        Args:
            camera_ids: Which cameras.
        """
        for camera_id in camera_ids:
            lane = self._lanes[camera_id]
            with self._changed:
                if lane.stop.is_set():
                    continue
                lane.stop.set()
                lane.waiting.clear()
                source = lane.source
                self._changed.notify_all()
            if source is not None and lane.camera.is_live:
                source.__exit__(None, None, None)  # wakes its thread

    def counts(self) -> FrameCounts:
        """Return what has become of the frames of all cameras so far."""
        return reduce(_sum, self.camera_counts().values(), FrameCounts())

    def camera_counts(self) -> dict[str, FrameCounts]:
        """Return what has become of the frames of each camera so far."""
        with self._changed:
            return {camera_id: _counts_of(lane) for camera_id, lane in self._lanes.items()}

    def _is_worth_telling(self) -> bool:
        lanes = self._lanes.values()
        has_news = any(lane.has_news() for lane in lanes if not lane.stop.is_set())
        return has_news or self._mistake is not None or self._is_over()

    def _is_over(self) -> bool:
        return all(
            lane.stop.is_set() or (lane.has_ended and not lane.waiting)
            for lane in self._lanes.values()
        )

    def _run(self, lane: _Lane) -> None:
        try:
            while not lane.stop.is_set():
                self._read_once(lane)
                if not lane.camera.is_live or lane.stop.wait(self._retry_after_s):
                    return
        except BaseException as error:  # noqa: BLE001 - raised again in the run
            with self._changed:
                self._mistake = error
                self._changed.notify_all()
        finally:
            with self._changed:
                lane.has_ended = True
                self._changed.notify_all()

    def _read_once(self, lane: _Lane) -> None:
        try:
            with lane.camera.open_source() as source:
                lane.source = source
                self._read(lane, source)
            if lane.camera.is_live and not lane.stop.is_set():
                self._lose(lane, CameraLostError.code)
        except TrialError as error:
            if not lane.stop.is_set():
                self._lose(lane, error.code)
        finally:
            with self._changed:
                if lane.source is not None:
                    lane.earlier = _sum(lane.earlier, lane.source.counts())
                lane.source = None

    def _read(self, lane: _Lane, source: FrameSource) -> None:
        # A camera that was opened again counts its media time from 0; ours goes on.
        offset_s = monotonic() - self._started_s if lane.is_lost else 0.0
        for item in source:
            if lane.stop.is_set():
                return
            if isinstance(item, FrameFailed):
                with self._changed:
                    lane.failed.append(item)
                    self._changed.notify_all()
                continue
            frame = replace(item, elapsed_s=item.elapsed_s + offset_s) if offset_s else item
            self._put(lane, frame)

    def _put(self, lane: _Lane, frame: Frame) -> None:
        with self._changed:
            if lane.is_lost:
                lane.is_lost, lane.has_returned = False, True
            if lane.camera.is_live:
                lane.n_replaced += len(lane.waiting)
                lane.waiting.clear()
            else:
                self._changed.wait_for(lambda: len(lane.waiting) < _DEPTH or lane.stop.is_set())
            if not lane.stop.is_set():
                lane.waiting.append(frame)
            self._changed.notify_all()

    def _lose(self, lane: _Lane, code: str) -> None:
        with self._changed:
            if not lane.is_lost:
                lane.is_lost, lane.lost_code = True, code
            self._changed.notify_all()


def _counts_of(lane: _Lane) -> FrameCounts:
    now = lane.source.counts() if lane.source is not None else FrameCounts()
    return _sum(_sum(lane.earlier, now), FrameCounts(dropped=lane.n_replaced))


def _sum(one: FrameCounts, other: FrameCounts) -> FrameCounts:
    return FrameCounts(
        decoded=one.decoded + other.decoded,
        analysed=one.analysed + other.analysed,
        dropped=one.dropped + other.dropped,
        failed=one.failed + other.failed,
    )
