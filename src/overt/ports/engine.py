"""What the engine needs from the outside: frames, networks, the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from overt.core.detection import Detections
    from overt.core.frame import Frame, FrameCounts, FrameFailed
    from overt.core.operating_point import DetectionLimits


class Clock(Protocol):
    """The time, so that a test or a replay can set it."""

    def now(self) -> datetime:
        """Return the present time, aware, UTC."""
        ...


class FrameSource(Protocol):
    """A camera, a clip, a folder or a generated scene.

    Iterating yields every frame of a recording in order, or the newest frame of
    a live camera. A frame that cannot be decoded is yielded as ``FrameFailed``.
    Use as a context manager: leaving it stops threads and closes devices.
    """

    camera_id: str

    def __enter__(self) -> FrameSource:
        """Open the source."""
        ...

    def __exit__(self, *exc: object) -> None:
        """Close the source; safe to call twice."""
        ...

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield frames until the source ends."""
        ...

    def counts(self) -> FrameCounts:
        """Return what has become of the frames so far (``analysed`` is the caller's)."""
        ...


class FaceDetector(Protocol):
    """Finds faces in pictures."""

    def detect(
        self, images_rgb: Sequence[NDArray[np.uint8]], limits: DetectionLimits
    ) -> list[Detections]:
        """Return the faces of each picture, in that picture's pixels.

        Args:
            images_rgb: (h, w, 3) uint8 pictures; sizes may differ; may be empty.
            limits: Working size, smallest score, overlap at suppression.
        """
        ...


class FaceAligner(Protocol):
    """Brings a face into the geometry that the embedder was trained on."""

    def align(
        self,
        image_rgb: NDArray[np.uint8],
        box_xyxy: NDArray[np.float32],
        landmarks_xy: NDArray[np.float32],
    ) -> NDArray[np.uint8]:
        """Return the (side, side, 3) uint8 chip of one face.

        Args:
            image_rgb: (h, w, 3) uint8 picture.
            box_xyxy: (4,) face box in its pixels.
            landmarks_xy: (5, 2) landmarks of the detector.
        """
        ...


class Embedder(Protocol):
    """Turns aligned chips into templates' vectors.

    Attributes:
        dimension: Length d of a vector.
        pack_digest: Digest of the model pack, kept in every template.
    """

    dimension: int
    pack_digest: str

    def embed(self, chips_rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (n, d) float32 unit rows.

        Args:
            chips_rgb: (n, side, side, 3) uint8 chips; n may be 0.
        """
        ...


class FaceModels(Protocol):
    """The networks of one model pack.

    Attributes:
        detector: Finds faces.
        aligner: Cuts chips.
        embedder: Makes vectors.
    """

    @property
    def detector(self) -> FaceDetector:
        """Return the detector."""
        ...

    @property
    def aligner(self) -> FaceAligner:
        """Return the aligner."""
        ...

    @property
    def embedder(self) -> Embedder:
        """Return the embedder."""
        ...
