"""Cameras and model packs as the engineer's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.frame import FrameCounts
from overt.evaluation.rates import rate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from overt.adapters.models.manifest import ThresholdPart
    from overt.adapters.models.packs import InstalledPack
    from overt.core.live_counts import MinuteCounts
    from overt.services.live_status import LiveStatus
    from overt.services.view_cameras import CameraView
    from overt.web.tasks import Task

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CameraRow:
    """A camera with its health.

    Attributes:
        camera: As the application names it; None for a rehearsal's, which no paper names.
        camera_id: What it is called.
        is_running: Whether it runs now.
        lost_code: Why it gives nothing at present, or None.
        frames: What became of its frames in this run; None where it does not run.
        analysed_fps: Frames analysed a second in the last whole minute, or None.
    """

    camera: CameraView | None
    camera_id: str
    is_running: bool
    lost_code: str | None
    frames: FrameCounts | None
    analysed_fps: float | None


@dataclass(frozen=True, slots=True)
class PackRow:
    """A model pack with what the last verification found.

    Attributes:
        pack: With its manifest.
        problems: What is wrong, by file; None where a file is right.
        is_verified: Whether a verification has looked at its files.
        evidence: How its threshold was measured, in words.
    """

    pack: InstalledPack
    problems: dict[str, str | None]
    is_verified: bool
    evidence: str

    @property
    def is_right(self) -> bool:
        """Return whether every file is the one that the manifest names."""
        return self.is_verified and not any(self.problems.values())


def camera_rows(
    known: Iterable[CameraView],
    running: Collection[str],
    status: LiveStatus | None,
    minutes: Iterable[MinuteCounts],
    now: datetime,
) -> list[CameraRow]:
    """Return a row for each camera that is written down, and for each other one that runs.

    Args:
        known: From the draft or the application.
        running: Identifiers of those that run.
        status: Figures of the run, or None.
        minutes: What was counted.
        now: Aware UTC.
    """
    last = now.replace(second=0, microsecond=0) - _MINUTE
    analysed = {m.camera_id: m.counts.frames_analysed / 60 for m in minutes if m.minute == last}

    def row(camera: CameraView | None, camera_id: str) -> CameraRow:
        is_running = camera_id in running
        frames = status.frames_of.get(camera_id) if status is not None else None
        return CameraRow(
            camera=camera,
            camera_id=camera_id,
            is_running=is_running,
            lost_code=status.lost.get(camera_id) if status is not None else None,
            frames=frames if is_running else None,
            analysed_fps=analysed.get(camera_id) if is_running else None,
        )

    rows = [row(camera, camera.camera_id) for camera in known]
    named = {one.camera_id for one in rows}
    return rows + [row(None, camera_id) for camera_id in running if camera_id not in named]


def pack_rows(packs: Iterable[InstalledPack], task: Task | None) -> list[PackRow]:
    """Return a row for each pack.

    Args:
        packs: As known by their manifests.
        task: The last verification, or None.
    """
    result = task.result if task is not None else None
    found: dict[tuple[str, str], str | None] = result if isinstance(result, dict) else {}
    return [
        PackRow(
            pack=pack,
            problems={
                file.name: found.get((pack.manifest.name, file.name))
                for file in pack.manifest.files
            },
            is_verified=all((pack.manifest.name, f.name) in found for f in pack.manifest.files),
            evidence=_evidence(pack.manifest.threshold),
        )
        for pack in packs
    ]


def _evidence(threshold: ThresholdPart) -> str:
    if threshold.n_nonmated == 0:
        return "taken over, not measured here"
    false = rate(threshold.n_false, threshold.n_nonmated, "non-mated comparisons").text()
    if threshold.n_mated == 0:
        return f"false: {false}"
    missed = rate(threshold.n_missed, threshold.n_mated, "mated comparisons").text()
    return f"false: {false}; missed: {missed}"
