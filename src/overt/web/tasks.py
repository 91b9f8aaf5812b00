"""Work that takes longer than a page may: it goes on in a thread, and pages ask how it goes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from fastapi import Request

from overt.errors import TrialError, WrongStateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from overt.ports.engine import Clock

_CLOSE_WITHIN_S = 30.0


class TaskKind(StrEnum):
    """What goes on; one of a kind at a time."""

    COMPOSE = "compose a watchlist"
    GO_LIVE = "start the cameras"
    PURGE = "purge"
    PROVE = "search the disk"
    VERIFY_LOG = "verify the log"
    VERIFY_PACKS = "verify the model packs"
    MAKE_NOTICES = "make notices"
    MAKE_REPORT = "report on a trial"


@dataclass(slots=True)
class Task:
    """Work that goes on, or has.

    Attributes:
        kind: What it is.
        deployment_id: For which deployment; a word of its own where it is for none.
        started_by: Who asked for it.
        started_at: When, aware UTC.
        n_total: Steps that it has; None where they cannot be counted.
        n_done: Steps that are done.
        is_over: Whether it has ended, one way or the other.
        result: What it gave; None before, and where it failed.
        problem: Why it failed, or None.
    """

    kind: TaskKind
    deployment_id: str
    started_by: str
    started_at: datetime
    n_total: int | None = None
    n_done: int = 0
    is_over: bool = False
    result: object = None
    problem: TrialError | None = None
    thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def has_failed(self) -> bool:
        """Return whether it has ended without a result."""
        return self.is_over and self.result is None


class Tasks:
    """The tasks of one console; what a task gave is kept until the next one of its kind."""

    def __init__(self, clock: Clock) -> None:
        """Do nothing yet.

        Args:
            clock: The time.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._tasks: dict[TaskKind, Task] = {}

    def start(
        self, kind: TaskKind, deployment_id: str, actor_id: str, work: Callable[[Task], object]
    ) -> Task:
        """Return a task that has begun.

        Args:
            kind: What it is.
            deployment_id: For which deployment.
            actor_id: Who asks.
            work: Does it and returns what it gave, never None; may count steps in the task.

        Raises:
            WrongStateError: Another one of the kind goes on.
        """
        task = Task(kind, deployment_id, actor_id, self._clock.now())
        task.thread = threading.Thread(target=_do, args=(task, work), name=kind.value, daemon=True)
        with self._lock:
            other = self._tasks.get(kind)
            if other is not None and not other.is_over:
                msg = (
                    f"to {kind}, expected that nobody else does; {other.started_by} began it "
                    f"at {other.started_at:%H:%M:%SZ}, and it goes on"
                )
                raise WrongStateError(msg, deployment_id=other.deployment_id)
            self._tasks[kind] = task
            task.thread.start()
        return task

    def find(self, kind: TaskKind, deployment_id: str) -> Task | None:
        """Return how a deployment's task of a kind is now; None where there is none.

        What is returned stays as it is while a page is made of it. Its fields are copied in their
        order, ``is_over`` before what the task gave: a task that is over has its result.

        Args:
            kind: Which kind.
            deployment_id: Whose.
        """
        task = self._tasks.get(kind)
        return replace(task) if task is not None and task.deployment_id == deployment_id else None

    def forget(self, deployment_id: str) -> None:
        """Let go of what a deployment's tasks gave, references of people among it.

        Args:
            deployment_id: Whose.
        """
        with self._lock:
            over = [
                kind
                for kind, task in self._tasks.items()
                if task.deployment_id == deployment_id and task.is_over
            ]
            for kind in over:
                del self._tasks[kind]

    def close(self) -> None:
        """Wait for what goes on: a list is stored whole, or not at all."""
        for task in list(self._tasks.values()):
            if task.thread is not None:
                task.thread.join(_CLOSE_WITHIN_S)


def _do(task: Task, work: Callable[[Task], object]) -> None:
    try:
        task.result = work(task)
    except TrialError as error:
        task.problem = error
    finally:
        task.is_over = True


def tasks_of(request: Request) -> Tasks:
    """Return the tasks of the console.

    Args:
        request: Any.
    """
    tasks: Tasks = request.app.state.tasks
    return tasks


def progress_of(task: Task | None) -> dict[str, object]:
    """Return how far a task is, for the page's script.

    Args:
        task: The task, or None where there is none.
    """
    if task is None:
        return {"is_over": True, "n_done": 0, "n_total": None}
    return {"is_over": task.is_over, "n_done": task.n_done, "n_total": task.n_total}
