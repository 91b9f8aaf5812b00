"""The "no longer wanted" feed as a CSV file that another system replaces whenever it likes."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING

from overt.adapters.files.csv_rows import open_list, read_csv
from overt.core.freshness_feed import FreshnessFeed
from overt.core.reference import canonical_reference, is_reference
from overt.errors import ListFileInvalidError

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED, OPTIONAL = ("reference",), ("reason",)
MAX_ROWS = 1_000_000


def read_feed(path: Path) -> FreshnessFeed:
    """Return the feed of a file; one row that cannot be read refuses all of it.

    A feed that is half understood would leave somebody on the list who is no longer wanted.

    Args:
        path: CSV with the column ``reference`` and, if wanted, ``reason``.

    Raises:
        ListFileInvalidError: It is no such file, or a row has no reference.
    """
    with open_list(path) as file:
        return read_feed_from(file, path.name)


def read_feed_from(file: IO[bytes], name: str) -> FreshnessFeed:
    """Return the feed that is open already, as ``read_feed`` does.

    Args:
        file: At its beginning, seekable.
        name: What it is called, for messages.

    Raises:
        ListFileInvalidError: It is no such feed, or a row has no reference.
    """
    digest = hashlib.sha256()
    references: set[str] = set()
    n_rows = 0
    for row in read_csv(file, name, required=REQUIRED, optional=OPTIONAL, on_bytes=digest.update):
        n_rows += 1
        reference = canonical_reference((row.cells or {}).get("reference", ""))
        if not is_reference(reference) or n_rows > MAX_ROWS:
            what = "has no reference" if n_rows <= MAX_ROWS else f"is past the {MAX_ROWS}th"
            msg = f"list {name}: row {row.number} {what}; nothing of it is used"
            raise ListFileInvalidError(msg, file=name, row=row.number)
        references.add(reference)
    return FreshnessFeed(frozenset(references), n_rows, digest.hexdigest())


class FeedFile:
    """A feed's file, read again only once it has changed."""

    def __init__(self, path: Path, *, known_sha256: str | None = None) -> None:
        """Remember what was read last.

        Args:
            path: The file.
            known_sha256: Digest of the feed that was checked before, or None.
        """
        self._path = path
        self._known_sha256 = known_sha256
        self._stamp: tuple[int, int, int] | None = None

    def read_if_changed(self) -> FreshnessFeed | None:
        """Return the feed, or None where it is what it was.

        A file that cannot be read is tried again with the next call.

        Raises:
            ListFileInvalidError: It cannot be read; it may be in the middle of being written.
        """
        stamp = self._stamp_now()
        if stamp is not None and stamp == self._stamp:
            return None
        feed = read_feed(self._path)
        self._stamp = stamp
        if feed.sha256 == self._known_sha256:
            return None
        self._known_sha256 = feed.sha256
        return feed

    def _stamp_now(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
