"""What trial reports need from the outside: a press, and a folder that somebody handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.core.canonical_json import JsonValue
    from overt.ports.audit import ExportedLog


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file of a report.

    Attributes:
        name: Its path within the report's folder, with ``/``.
        content: Its bytes.
    """

    name: str
    content: bytes


class ReportPress(Protocol):
    """Makes the files that people and programs read."""

    @property
    def software_version(self) -> str:
        """Return everything whose version the files' bytes depend on, in one line."""
        ...

    def print_report(self, document: Mapping[str, JsonValue]) -> Iterator[ReportFile]:
        """Yield the files; the same document and versions give the same bytes, everywhere.

        Args:
            document: The whole report, as the evaluation gives it.
        """
        ...


class ReportFolder(Protocol):
    """A report's folder, as it came."""

    def names(self) -> tuple[str, ...]:
        """Return the paths of all files in it, with ``/``, sorted."""
        ...

    def stray_folders(self) -> tuple[str, ...]:
        """Return the paths of folders that hold no file, and of links to folders, sorted."""
        ...

    def read(self, name: str) -> bytes:
        """Return a file's bytes; ReportUnreadableError where it is none that can be read.

        Args:
            name: One of :meth:`names`.
        """
        ...

    def log(self, name: str) -> ExportedLog:
        """Return the exported log that lies in the folder.

        Args:
            name: Of its file.
        """
        ...
