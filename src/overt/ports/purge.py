"""What a purge needs from the outside: files that forget, and a scan that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.core.destruction import ScanReport


class StoreEraser(Protocol):
    """Leaves nothing of deleted rows in the store's files."""

    def erase(self) -> None:
        """Rewrite the store without what was deleted; may be repeated at any time."""
        ...

    def delete_files_of(self, deployment_id: str) -> int:
        """Overwrite and delete a deployment's own files; return how many there were.

        Args:
            deployment_id: Whose.
        """
        ...


class DiskScan(Protocol):
    """Searches every file in which remains could be: store, its logs, temporary files.

    Bytes in the clear are searched by windows that never leave the memory. Encrypted bytes
    are searched by marks, numbers that say nothing of them; marks are kept, so that the
    same search can be made at any later time, and after a crash.
    """

    def windows_of(self, secrets: Iterable[bytes]) -> frozenset[bytes]:
        """Return windows of bytes in the clear.

        Args:
            secrets: Templates, pictures.
        """
        ...

    def search(self, windows: frozenset[bytes]) -> ScanReport:
        """Return where windows are found.

        Args:
            windows: From ``windows_of``; may be empty.
        """
        ...

    def mark(self, deployment_id: str, ciphertexts: Iterable[bytes]) -> int:
        """Keep marks of encrypted bytes, beside those kept before; return how many there are.

        Args:
            deployment_id: Whose.
            ciphertexts: As they lie on the disk.
        """
        ...

    def search_marked(self, deployment_id: str) -> ScanReport | None:
        """Return where a deployment's marks are found; None where no marks are kept.

        Args:
            deployment_id: Whose.
        """
        ...
