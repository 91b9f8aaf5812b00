"""A rehearsal: real models, real or generated frames, a watchlist of volunteers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from overt.adapters.clock import SystemClock
from overt.adapters.files.json_file import write_json
from overt.adapters.models.packs import LoadedPack, find_pack, load_pack
from overt.adapters.video.annotation import Annotator
from overt.adapters.video.clip_writer import ClipWriter
from overt.adapters.video.contact_sheet import check_contact_sheet, write_contact_sheet
from overt.adapters.video.cutout import Cutout, cut_out
from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.open_source import is_endless, open_source
from overt.adapters.video.photographs import photographs_of_people, read_photograph
from overt.adapters.video.read_ahead import ReadAhead
from overt.adapters.video.scene import Scene
from overt.adapters.video.scene_settings import SceneSettings
from overt.adapters.video.time_limit import TimeLimit
from overt.adapters.video.until_interrupted import UntilInterrupted
from overt.core.gallery import freeze_gallery
from overt.core.operating_point import OperatingPoint
from overt.core.photograph import Photograph
from overt.errors import FolderUnusableError, ImageUnreadableError
from overt.services.enrol_watchlist import EnrolledFace, Enrolment, enrol, find_portraits
from overt.services.recognition import Recogniser
from overt.services.rehearsal_record import rehearsal_record
from overt.services.rehearse import RehearsalPlan, RehearsalResult, check_consent, rehearse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from overt.core.analysis import AnalysedFrame
    from overt.core.passage import GroundTruth
    from overt.core.zone import Zone
    from overt.ports import FrameSource
    from overt.settings import Settings

REHEARSAL_CAMERA = "rehearsal"
DEFAULT_LISTED = "grace-hopper"
# A generated scene has no date of its own; a fixed one keeps a seed's result the same.
_SCENE_STARTED_AT = datetime(2020, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RehearsalRequest:
    """What somebody asks of a rehearsal.

    Attributes:
        consent: Reference or text of the volunteers' consent.
        volunteers: Folder of the watchlist's photographs, one file or sub-folder
            a person; without it one of the default cast is on the list.
        cast: Folder of the people who walk through the scene; the default cast
            and the volunteers without it.
        location: A clip, a folder of pictures or a camera, in place of a scene.
        seconds: Media time after which to stop; a camera without it runs until SIGINT.
        pictures_fps: Frames a second of a folder of pictures.
        model_pack: Which pack; the machine's default without it.
        threshold: Operating threshold; the pack's default without it.
        zone: Zone of recognition; the whole picture without it.
        scene: What the scene looks like.
        annotated: Where to write an annotated video; nowhere without it.
        contact_sheet: Where to write a sheet of the frames that raised alerts.
    """

    consent: str
    volunteers: Path | None = None
    cast: Path | None = None
    location: str | None = None
    seconds: float | None = None
    pictures_fps: float = 25.0
    model_pack: str | None = None
    threshold: float | None = None
    zone: Zone | None = None
    scene: SceneSettings = field(default_factory=lambda: SceneSettings(seed=1))
    annotated: Path | None = None
    contact_sheet: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RehearsalRun:
    """A rehearsal that has ended.

    Attributes:
        result: What it showed.
        record: The same as a document.
        enrolment: What came of the watchlist's photographs.
        threshold: Operating threshold used.
        models_s: Seconds that the networks ran.
    """

    result: RehearsalResult
    record: dict[str, object]
    enrolment: Enrolment
    threshold: float
    models_s: float


def open_pack(settings: Settings, name: str | None = None) -> LoadedPack:
    """Return a model pack's networks, every file verified.

    Args:
        settings: Of this machine.
        name: Which pack; the machine's default without it.

    Raises:
        PackUnknownError: No pack has that name.
        ModelFileMissingError: A file is not on this machine.
        DigestMismatchError: A file is not the one that the manifest names.
    """
    pack = find_pack(name or settings.model_pack, settings.models_home)
    return load_pack(pack, cache_home=settings.cache, n_threads=settings.threads)


def run_rehearsal(
    request: RehearsalRequest,
    settings: Settings,
    *,
    on_total: Callable[[int | None], None] = lambda _: None,
    on_frame: Callable[[AnalysedFrame], None] = lambda _: None,
) -> RehearsalRun:
    """Run a rehearsal and keep its record under the home folder.

    Args:
        request: What is asked.
        settings: Of this machine.
        on_total: Called with the number of frames to come, None if unknown.
        on_frame: Called with each analysed frame.

    Raises:
        TrialError: Anything that stops it, each with its code.
    """
    check_consent(request.consent)
    if request.contact_sheet is not None:
        check_contact_sheet(request.contact_sheet)
    pack = open_pack(settings, request.model_pack)
    threshold = request.threshold
    point = OperatingPoint(pack.manifest.threshold.value if threshold is None else threshold)
    listed, walking = _people(request)
    enrolment = enrol(_photographs(listed), pack, point)
    gallery = freeze_gallery(enrolment.references, pack_digest=pack.embedder.pack_digest)
    stage = _stage(request, walking, pack, point)
    on_total(stage.n_frames)
    zones = {stage.source.camera_id: request.zone} if request.zone else {}
    recogniser = Recogniser(pack, gallery, point, zones=zones)
    plan = RehearsalPlan(request.consent, frozenset(listed), stage.frames_at_once)
    before_s = pack.busy_s()
    with ExitStack() as stack:
        sinks = [on_frame, *_sinks(request, stack)]

        def tell(analysed: AnalysedFrame) -> None:
            for sink in sinks:
                sink(analysed)

        result = rehearse(
            stage.source,
            recogniser,
            plan,
            clock=SystemClock(),
            truth=stage.truth,
            on_frame=tell,
        )
    record = rehearsal_record(
        result,
        model_pack=pack.manifest.name,
        pack_digest=pack.embedder.pack_digest,
        operating_point_digest=point.digest(),
        refusals=enrolment.refusals,
        seed=None if request.location else request.scene.seed,
    )
    _keep(record, settings)
    return RehearsalRun(result, record, enrolment, point.threshold, pack.busy_s() - before_s)


def _people(
    request: RehearsalRequest,
) -> tuple[Mapping[str, Sequence[Path]], Mapping[str, Sequence[Path]]]:
    """Return who is on the list and who walks, with their photographs."""
    portraits = default_cast()
    if request.volunteers is None:
        listed: Mapping[str, Sequence[Path]] = {DEFAULT_LISTED: portraits[DEFAULT_LISTED]}
    else:
        listed = _people_in(request.volunteers)
    if request.cast is not None:
        return listed, _people_in(request.cast)
    return listed, {**portraits, **listed}


def _people_in(folder: Path) -> dict[str, Sequence[Path]]:
    return {_printable(name): paths for name, paths in photographs_of_people(folder).items()}


def _printable(name: str) -> str:
    """Return a file's name as text; a byte that is none in UTF-8 becomes its number."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _photographs(people: Mapping[str, Sequence[Path]]) -> Iterator[Photograph]:
    for entry_id, paths in people.items():
        for path in paths:
            pixels: NDArray[np.uint8] | None
            try:
                pixels = read_photograph(path)
            except ImageUnreadableError:
                pixels = None
            yield Photograph(entry_id, _printable(path.name), pixels)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where the frames come from, and what is known of them beforehand."""

    source: FrameSource
    truth: GroundTruth | None = None
    n_frames: int | None = None
    frames_at_once: int = 4


def _stage(
    request: RehearsalRequest,
    walking: Mapping[str, Sequence[Path]],
    pack: LoadedPack,
    point: OperatingPoint,
) -> _Stage:
    if request.location is None:
        cast = cutouts_of(walking, pack, point)
        scene = Scene(cast, request.scene, started_at=_SCENE_STARTED_AT)
        return _Stage(ReadAhead(scene), scene.ground_truth(), scene.n_frames)
    clock = SystemClock()
    source = open_source(
        request.location,
        camera_id=REHEARSAL_CAMERA,
        clock=clock,
        started_at=clock.now(),
        fps=request.pictures_fps,
    )
    is_live = is_endless(source)
    if request.seconds is not None:
        source = TimeLimit(source, seconds=request.seconds)
    if is_live:
        return _Stage(UntilInterrupted(source), frames_at_once=1)
    return _Stage(ReadAhead(source))


def cutouts_of(
    walking: Mapping[str, Sequence[Path]], pack: LoadedPack, point: OperatingPoint
) -> dict[str, list[Cutout]]:
    """Return the heads of those who walk through a generated scene, by subject id.

    Args:
        walking: Photographs by subject id; one that does not show one clear face is left out.
        pack: Finds the faces.
        point: Limits of a usable photograph.

    Raises:
        FolderUnusableError: No photograph can be used.
    """
    cast: dict[str, list[Cutout]] = {}
    for photograph in _photographs(walking):
        (portrait,) = find_portraits([photograph], pack, point)
        if isinstance(portrait, EnrolledFace) and photograph.pixels_rgb is not None:
            cutout = cut_out(photograph.pixels_rgb, portrait.box_xyxy)
            cast.setdefault(photograph.entry_id, []).append(cutout)
    if not cast:
        msg = "none of the cast's photographs shows one clear face"
        raise FolderUnusableError(msg)
    return cast


def _sinks(
    request: RehearsalRequest, stack: ExitStack
) -> Iterator[Callable[[AnalysedFrame], None]]:
    if request.annotated is None and request.contact_sheet is None:
        return
    annotator = Annotator()
    writer = None
    if request.annotated is not None:
        fps = request.scene.fps if request.location is None else request.pictures_fps
        writer = stack.enter_context(ClipWriter(request.annotated, fps=fps))
    sheet: list[tuple[str, NDArray[np.uint8]]] = []

    def write_sheet(failure: type[BaseException] | None, *_: object) -> None:
        if request.contact_sheet is not None and failure is None:
            write_contact_sheet(request.contact_sheet, sheet, n_columns=3, side_px=420)

    stack.push(write_sheet)

    def show(analysed: AnalysedFrame) -> None:
        picture = annotator.picture(analysed)
        if writer is not None:
            writer.write(picture)
        sheet.extend(
            (f"{alert.elapsed_s:.2f} s  {alert.entry_id}  {alert.score:.3f}", picture)
            for alert in analysed.alerts
            if request.contact_sheet is not None
        )

    yield show


def _keep(record: Mapping[str, object], settings: Settings) -> None:
    stamp = SystemClock().now().strftime("%Y%m%dT%H%M%S%fZ")
    write_json(settings.home / "rehearsals" / f"{stamp}.json", record)
