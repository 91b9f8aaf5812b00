"""Fakes of the engine's ports: frames, networks, the time.

A fake face is a striped square on a black picture. Its red and green say who it is, its
blue holds the detection score in percent, so that detector, aligner and embedder need
nothing but pixels: a planted face goes through every stage as a real one does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import ndimage

from overt.core.alerting import Alert
from overt.core.detection import Detections
from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.core.gallery import Gallery, freeze_gallery
from overt.core.matching import Candidate, SearchResult
from overt.core.operating_point import OperatingPoint
from overt.core.template import Template, TemplateRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from overt.core.operating_point import DetectionLimits

FAKE_PACK = "fake-pack"
"""The pack digest of every fake template."""

STARTED_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""When every fake source starts."""

ANNA, BERTA, CLARA = (192, 64), (64, 192), (128, 128)
"""Three people, by their red and green."""

_DIMENSION = 128
_CHIP_PX = 16
_FPS = 25
_STRIPES = 16  # a face; wide enough for the gate to see them, so that the face is sharp
_STRIPE_LEVELS = 40  # each stripe is brighter or darker than the face by this
_IDENTITY_STEP = 16  # levels between two people; a chip's mean varies by less
# Right eye, left eye, nose, mouth corners in a face box of side 1: frontal.
_LANDMARKS = np.array([(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)], np.float32)


@dataclass(frozen=True, slots=True)
class FakeFace:
    """A face to be planted in a picture.

    Attributes:
        left: Left edge in pixels; may lie outside the picture.
        top: Upper edge in pixels; may lie outside the picture.
        who: Red and green, in [40, 208], multiples of 16: whose face it is.
        side_px: Side of the square.
        score: Detection score, in hundredths, above 0.
        is_sharp: Whether it has stripes; without, the quality gate finds it blurred.
    """

    left: int
    top: int
    who: tuple[int, int] = ANNA
    side_px: int = 64
    score: float = 0.9
    is_sharp: bool = True

    @property
    def box_xyxy(self) -> NDArray[np.float32]:
        """Return the (4,) face box in pixels."""
        right, bottom = self.left + self.side_px, self.top + self.side_px
        return np.array([self.left, self.top, right, bottom], np.float32)


def a_picture(*faces: FakeFace, size_wh: tuple[int, int] = (640, 360)) -> NDArray[np.uint8]:
    """Return a (h, w, 3) uint8 picture, black but for the faces.

    Args:
        *faces: Apart from each other: faces that touch are found as one.
        size_wh: Width and height in pixels.
    """
    width, height = size_wh
    picture = np.zeros((height, width, 3), np.uint8)
    for face in faces:
        stripe = np.arange(face.side_px) * _STRIPES // face.side_px
        levels = np.where(stripe % 2, _STRIPE_LEVELS, -_STRIPE_LEVELS) * face.is_sharp
        row = np.full((face.side_px, 3), round(face.score * 100), np.uint8)
        row[:, :2] = np.array(face.who) + levels[:, None]
        left, top = max(face.left, 0), max(face.top, 0)
        right, bottom = max(face.left + face.side_px, 0), max(face.top + face.side_px, 0)
        picture[top:bottom, left:right] = row[left - face.left :][: max(width - left, 0)]
    return picture


def a_frame(
    *faces: FakeFace,
    index: int = 0,
    camera_id: str = "c1",
    size_wh: tuple[int, int] = (640, 360),
) -> Frame:
    """Return a frame of a camera of 25 frames a second.

    Args:
        *faces: Whom it shows.
        index: Which frame; it gives the times.
        camera_id: Which camera.
        size_wh: Width and height in pixels.
    """
    elapsed_s = index / _FPS
    captured_at = STARTED_AT + timedelta(seconds=elapsed_s)
    return Frame(a_picture(*faces, size_wh=size_wh), index, captured_at, elapsed_s, camera_id)


class FakeDetector:
    """Finds planted faces.

    Attributes:
        sizes_wh: Width and height of every picture it was shown.
    """

    def __init__(self) -> None:
        """Start with no picture shown."""
        self.sizes_wh: list[tuple[int, int]] = []

    def detect(
        self, images_rgb: Sequence[NDArray[np.uint8]], limits: DetectionLimits
    ) -> list[Detections]:
        """Return the planted faces of each picture.

        Args:
            images_rgb: (h, w, 3) uint8 pictures.
            limits: Faces below its smallest score are not found.
        """
        self.sizes_wh += [(image.shape[1], image.shape[0]) for image in images_rgb]
        return [_planted(image, limits.min_score) for image in images_rgb]


def _planted(image_rgb: NDArray[np.uint8], min_score: float) -> Detections:
    places = ndimage.find_objects(ndimage.label(image_rgb.any(axis=2))[0])
    boxes = np.array([(x.start, y.start, x.stop, y.stop) for y, x in places], np.float32)
    boxes = boxes.reshape(-1, 4)
    scores = np.array([image_rgb[y.start, x.start, 2] / 100 for y, x in places], np.float32)
    sides = boxes[:, 2:] - boxes[:, :2]
    landmarks = boxes[:, None, :2] + sides[:, None] * _LANDMARKS
    return Detections(boxes, scores, landmarks)[scores >= np.float32(min_score)]


class FakeAligner:
    """Takes the face box as the chip."""

    def align(
        self,
        image_rgb: NDArray[np.uint8],
        box_xyxy: NDArray[np.float32],
        landmarks_xy: NDArray[np.float32],  # noqa: ARG002  part of the port
    ) -> NDArray[np.uint8]:
        """Return the (16, 16, 3) uint8 chip of one face.

        Args:
            image_rgb: (h, w, 3) uint8 picture.
            box_xyxy: (4,) face box in its pixels.
            landmarks_xy: Not looked at.
        """
        left, top, right, bottom = box_xyxy.tolist()
        steps = (np.arange(_CHIP_PX) + 0.5) / _CHIP_PX
        rows = np.clip(top + steps * (bottom - top), 0, len(image_rgb) - 1).astype(int)
        columns = np.clip(left + steps * (right - left), 0, image_rgb.shape[1] - 1).astype(int)
        chip: NDArray[np.uint8] = image_rgb[np.ix_(rows, columns)]
        return chip


class FakeEmbedder:
    """Makes a vector of a chip's mean red and green: the same for the same person.

    Attributes:
        dimension: 128; two people's vectors are nearly orthogonal.
        pack_digest: That of every fake template.
        made: The very arrays that it returned, for a test to see them erased.
        chips: The very chips that it was shown.
    """

    def __init__(self) -> None:
        """Start with nothing made."""
        self.dimension = _DIMENSION
        self.pack_digest = FAKE_PACK
        self.made: list[NDArray[np.float32]] = []
        self.chips: list[NDArray[np.uint8]] = []

    def embed(self, chips_rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (n, 128) float32 unit rows.

        Args:
            chips_rgb: (n, side, side, 3) uint8 chips; n may be 0.
        """
        means = chips_rgb[..., :2].mean(axis=(1, 2))
        rows = np.array([_vector((red, green)) for red, green in means.tolist()], np.float32)
        rows = rows.reshape(-1, self.dimension)
        self.made.append(rows)
        self.chips.append(chips_rgb)
        return rows


def _vector(who: tuple[float, float]) -> NDArray[np.float32]:
    """Return the (128,) unit vector of one person, the same on every machine."""
    name = ",".join(str(round(level / _IDENTITY_STEP)) for level in who)
    drawn = np.frombuffer(hashlib.shake_256(name.encode()).digest(_DIMENSION), np.uint8)
    centred = drawn - drawn.mean()
    unit: NDArray[np.float32] = (centred / np.linalg.norm(centred)).astype(np.float32)
    return unit


@dataclass(frozen=True, slots=True)
class FakeModels:
    """A pack of fakes.

    Attributes:
        detector: Finds planted faces.
        aligner: Takes the box as the chip.
        embedder: Tells people by their colour.
    """

    detector: FakeDetector = field(default_factory=FakeDetector)
    aligner: FakeAligner = field(default_factory=FakeAligner)
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)


class FakeClock:
    """A clock that goes on by a fixed step whenever it is looked at."""

    def __init__(self, *, step_s: float = 0.0) -> None:
        """Start at ``STARTED_AT``.

        Args:
            step_s: Seconds from one look to the next.
        """
        self._now = STARTED_AT
        self._step = timedelta(seconds=step_s)

    def now(self) -> datetime:
        """Return the present time, then go on."""
        now = self._now
        self._now += self._step
        return now


class FakeSource:
    """A recording that is a list.

    Attributes:
        camera_id: Which camera.
        is_open: Whether it was entered and not left.
        n_taken: Items taken so far.
    """

    def __init__(
        self,
        items: Iterable[Frame | FrameFailed],
        *,
        camera_id: str = "c1",
        error: BaseException | None = None,
    ) -> None:
        """Say what it yields.

        Args:
            items: Frames, and those that could not be decoded, in order.
            camera_id: Which camera.
            error: What is raised after the last item; nothing without it.
        """
        self.camera_id = camera_id
        self.is_open = False
        self.n_taken = 0
        self._items = items
        self._error = error
        self._counts = FrameCounts()

    def __enter__(self) -> Self:
        """Open the source."""
        self.is_open = True
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the source."""
        self.is_open = False

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield the items, then raise the error.

        Raises:
            BaseException: The one that was given.
        """
        for item in self._items:
            self.n_taken += 1
            counts = self._counts
            if isinstance(item, Frame):
                self._counts = replace(counts, decoded=counts.decoded + 1)
            else:
                self._counts = replace(counts, failed=counts.failed + 1)
            yield item
        if self._error is not None:
            raise self._error

    def counts(self) -> FrameCounts:
        """Return how many items of each kind were taken."""
        return self._counts


def a_template(
    who: tuple[int, int] = ANNA,
    *,
    role: TemplateRole = TemplateRole.REFERENCE,
    pack_digest: str = FAKE_PACK,
) -> Template:
    """Return the template that the fake embedder makes of a person.

    Args:
        who: Red and green.
        role: What it is for.
        pack_digest: Of which pack.
    """
    return Template(_vector(who), role, pack_digest)


def a_gallery(people: Mapping[str, tuple[int, int]] | None = None) -> Gallery:
    """Return a gallery with one template an entry.

    Args:
        people: Red and green by entry id; Anna alone, as ``anna``, without it.
    """
    listed = {"anna": ANNA} if people is None else people
    references = {entry_id: a_template(who) for entry_id, who in listed.items()}
    return freeze_gallery(references, pack_digest=FAKE_PACK)


def an_operating_point(threshold: float = 0.6) -> OperatingPoint:
    """Return the default operating point with a threshold that fits the fakes.

    Args:
        threshold: Two fake people score far below 0.6, one person scores 1.
    """
    return OperatingPoint(threshold)


def a_search_result(
    scores: Mapping[str, float] | None = None, *, threshold: float = 0.6
) -> SearchResult:
    """Return what a search gives.

    Args:
        scores: Score by entry id, of the whole gallery; ``anna`` 0.9 without it.
        threshold: Entries below it are no candidates.
    """
    by_entry = {"anna": 0.9} if scores is None else scores
    best = sorted(by_entry.items(), key=lambda entry: (-entry[1], entry[0]))
    candidates = tuple(
        Candidate(entry_id, score, rank)
        for rank, (entry_id, score) in enumerate(best, start=1)
        if score >= threshold
    )
    margin = best[0][1] - best[1][1] if len(best) > 1 else None
    return SearchResult(candidates, best[0][1] if best else None, margin)


def an_alert(
    *,
    entry_id: str = "anna",
    score: float = 0.9,
    runner_up_margin: float | None = None,
    track_id: int = 1,
    frame_index: int = 0,
    box_xyxy: tuple[float, float, float, float] = (100, 100, 164, 164),
) -> Alert:
    """Return an alert of camera ``c1``.

    Args:
        entry_id: The entry of rank 1, and the only candidate.
        score: Its score.
        runner_up_margin: As a search gave it.
        track_id: Which track.
        frame_index: Which frame of 25 a second; it gives the times.
        box_xyxy: Face box in pixels.
    """
    frame = a_frame(index=frame_index)
    return Alert(
        entry_id=entry_id,
        candidates=(Candidate(entry_id, score, 1),),
        runner_up_margin=runner_up_margin,
        threshold=0.6,
        camera_id=frame.camera_id,
        track_id=track_id,
        frame_index=frame_index,
        captured_at=frame.captured_at,
        elapsed_s=frame.elapsed_s,
        box_xyxy=np.array(box_xyxy, np.float32),
        n_shots=2,
        quality=0.5,
        crop_rgb=np.full((8, 8, 3), 128, np.uint8),
        probe=a_template(role=TemplateRole.PROBE),
        operating_point_digest=an_operating_point().digest(),
        gallery_fingerprint=a_gallery().fingerprint,
    )
