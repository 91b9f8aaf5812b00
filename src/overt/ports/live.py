"""What a live run needs from the outside: cameras, somebody to tell, the feed, a lease."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from overt.core.adjudication import AlertRecord
    from overt.core.analysis import AnalysedFrame
    from overt.core.frame import Frame, FrameCounts, FrameFailed


@dataclass(frozen=True, slots=True)
class LostCamera:
    """A camera that stopped and did not come back within its limit.

    Attributes:
        camera_id: Which camera.
        code: Why: the code of the error.
    """

    camera_id: str
    code: str


@dataclass(frozen=True, slots=True, eq=False)
class CameraNews:
    """What the cameras have to say since the last question.

    Attributes:
        frames: At most one a camera: the newest of a live one, the next of a recording.
        failed: Frames that could not be decoded.
        lost: Cameras that were lost since; each stands here once until it returns.
        returned: Cameras that were lost before and are back.
        is_over: Whether no camera will ever give a frame again: every recording has ended.
    """

    frames: tuple[Frame, ...] = ()
    failed: tuple[FrameFailed, ...] = ()
    lost: tuple[LostCamera, ...] = ()
    returned: tuple[str, ...] = ()
    is_over: bool = False


class CameraGroup(Protocol):
    """All cameras of a run; one that fails leaves the others going.

    Use as a context manager: leaving it stops threads and closes devices.
    """

    def __enter__(self) -> CameraGroup:
        """Begin to open the cameras; one that does not open counts as lost."""
        ...

    def __exit__(self, *exc: object) -> None:
        """Close every camera; safe to call twice."""
        ...

    def news(self, within_s: float) -> CameraNews:
        """Return what there is, as soon as there is something.

        Args:
            within_s: Longest time to wait; then the news is empty.
        """
        ...

    def close(self, camera_ids: frozenset[str]) -> None:
        """Close some cameras for good; nothing of them comes any more.

        Args:
            camera_ids: Which cameras.
        """
        ...

    def counts(self) -> FrameCounts:
        """Return what has become of the frames of all cameras so far."""
        ...

    def camera_counts(self) -> Mapping[str, FrameCounts]:
        """Return the same for each camera, closed ones too."""
        ...


class AlertChannel(Protocol):
    """Whoever waits for alerts; told only what stands in the store already."""

    def tell(self, alert: AlertRecord) -> None:
        """Tell of an alert; its pictures are to be fetched from the store.

        Args:
            alert: As committed.
        """
        ...


class FrameViewer(Protocol):
    """Whoever looks at a camera's picture; nobody without an alert can be known in it (R-32)."""

    def show(self, analysed: AnalysedFrame) -> None:
        """Take a frame, quickly: it is called between two frames of the run.

        Args:
            analysed: A frame and what it gave; its pixels may not be kept.
        """
        ...


class Stills(Protocol):
    """Still pictures of cameras, in which nobody at all can be known (R-32)."""

    def of_run(self, camera_id: str) -> bytes | None:
        """Return a JPEG file's bytes of a camera that runs; None where it gives none at present.

        Args:
            camera_id: Which camera.
        """
        ...

    def of_camera(self, location: str) -> bytes:
        """Return a JPEG file's bytes of a camera that is opened once, within a time limit.

        CameraUnreachableError, SettingInvalidError where it is no camera.

        Args:
            location: Its address, with credentials.
        """
        ...


class CropEncoder(Protocol):
    """Makes a picture file of pixels, in memory."""

    def __call__(self, pixels_rgb: NDArray[np.uint8], /) -> bytes:
        """Return the file's bytes.

        Args:
            pixels_rgb: (h, w, 3) uint8 picture.
        """
        ...


class StopRequests(Protocol):
    """Somebody outside who asks the run to stop: a key, a signal."""

    def requested(self) -> str | None:
        """Return who asks, as the reason to record, or None."""
        ...

    def is_by_person(self) -> bool:
        """Return whether it was the person who runs it; else the machine stops it."""
        ...


class Lease(Protocol):
    """The right to run cameras and purge on this store."""

    def check(self) -> None:
        """Do nothing while the right is held; StoreLeasedError once it is lost."""
        ...
