"""A progress bar on standard error, where somebody is looking."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.analysis import AnalysedFrame


class FrameProgress:
    """Counts analysed frames and alerts for the bar."""

    def __init__(self, progress: Progress, what: str) -> None:
        """Start at no frames.

        Args:
            progress: The bar's owner.
            what: What is going on.
        """
        self._progress = progress
        self._task = progress.add_task(what, total=None, alerts=0)
        self._n_alerts = 0

    def set_total(self, n_frames: int | None) -> None:
        """Say how many frames will come.

        Args:
            n_frames: How many; None if unknown.
        """
        self._progress.update(self._task, total=n_frames)

    def advance(self, analysed: AnalysedFrame) -> None:
        """Count one frame.

        Args:
            analysed: What it gave.
        """
        self._n_alerts += len(analysed.alerts)
        self._progress.update(self._task, advance=1, alerts=self._n_alerts)


@contextmanager
def frame_progress(what: str, *, quiet: bool) -> Iterator[FrameProgress]:
    """Show a bar of frames while the body runs; nothing where nobody looks.

    Args:
        what: What is going on.
        quiet: Never show it.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("frames, {task.fields[alerts]} alerts"),
        TimeRemainingColumn(),
    )
    disabled = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disabled) as progress:
        yield FrameProgress(progress, what)


class StepProgress:
    """Counts steps for the bar."""

    def __init__(self, progress: Progress, what: str) -> None:
        """Start at no steps.

        Args:
            progress: The bar's owner.
            what: What is going on.
        """
        self._progress, self._task = progress, progress.add_task(what, total=None)

    def set_total(self, n_steps: int | None) -> None:
        """Say how many steps will come.

        Args:
            n_steps: How many; None if unknown.
        """
        self._progress.update(self._task, total=n_steps)

    def advance(self) -> None:
        """Count one step."""
        self._progress.update(self._task, advance=1)


@contextmanager
def step_progress(what: str, *, quiet: bool) -> Iterator[StepProgress]:
    """Show a bar of steps while the body runs; nothing where nobody looks.

    Args:
        what: What is going on.
        quiet: Never show it.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    disabled = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disabled) as progress:
        yield StepProgress(progress, what)
