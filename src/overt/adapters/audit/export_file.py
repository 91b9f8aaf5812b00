"""The audit log in a file that anybody can read: its lines, an empty line, a checkpoint.

Each event is one line of canonical JSON (RFC 8785), ended by a line break, exactly as
the database holds it. The first empty line ends the events; the rest of the file is a
signed note (c2sp.org/tlog-checkpoint). Everything is UTF-8.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from overt.core.audit import MAX_LINE_BYTES
from overt.core.signed_note import MAX_NOTE_BYTES
from overt.errors import AuditFileUnreadableError, AuditTruncatedError, OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class ExportFile:
    """The ``ExportedLog`` port on a file."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is opened when its lines are read.

        Args:
            path: From ``overt audit export``.
        """
        self._path = path
        self._note: bytes | None = None

    def lines(self) -> Iterator[bytes]:
        """Yield the lines without their line breaks.

        Raises:
            AuditFileUnreadableError: The file cannot be read.
            AuditTruncatedError: The file ends inside a line.
        """
        self._note = None
        n_lines = 0
        with _reading(self._path), self._path.open("rb") as file:
            # One byte more than a line may have, so that a longer one is seen to be wrong.
            while line := file.readline(MAX_LINE_BYTES + 2):
                if line == b"\n":
                    self._note = file.read(MAX_NOTE_BYTES + 1)
                    return
                if not line.endswith(b"\n") and not line.endswith(b"}"):
                    _refuse_cut(n_lines, is_end=not file.read(1))
                yield line.removesuffix(b"\n")
                n_lines += 1

    def note(self) -> bytes | None:
        """Return what stands behind the empty line; None where the file ends without one."""
        return self._note


def read_note(path: Path) -> bytes:
    """Return the bytes of a checkpoint's file.

    Args:
        path: From ``overt audit checkpoint``.

    Raises:
        AuditFileUnreadableError: The file cannot be read.
    """
    with _reading(path), path.open("rb") as file:
        return file.read(MAX_NOTE_BYTES + 1)


def write_export(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file whole or not at all; a file of that name is replaced.

    Args:
        path: What to make; readable by its owner only.
        parts: Lines with their line breaks, then the rest; made while they are written.

    Raises:
        OutputUnwritableError: The file cannot be written; nothing is left half-written.
    """
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in parts:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        Path(part).unlink(missing_ok=True)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"{path.name} cannot be read ({type(error).__name__})"
        raise AuditFileUnreadableError(msg) from error


def _refuse_cut(n_lines: int, *, is_end: bool) -> None:
    """Refuse a file that ends inside a line; a line that is too long is refused by who reads it."""
    if is_end:
        msg = f"the file ends inside event {n_lines}"
        raise AuditTruncatedError(msg, seq=n_lines)


def _unwritable(path: Path, error: OSError) -> OutputUnwritableError:
    return OutputUnwritableError(f"{path.name} cannot be written ({type(error).__name__})")
