"""Load the gallery: the templates of everybody who may be searched for now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.core.gallery import Gallery
from overt.core.template_bytes import template_header, template_vector
from overt.core.watchlist import EntryStatus, ListKind
from overt.errors import StoreCorruptError, TemplateMismatchError
from overt.services.list_faces import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from numpy.typing import NDArray

    from overt.core.watchlist import WatchlistEntry
    from overt.ports.engine import Clock
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True, slots=True, eq=False)
class LoadedGallery:
    """A gallery with what a live run has to know of its entries.

    Attributes:
        gallery: Approved, current entries of both lists.
        blue_entry_ids: Those of volunteers: an alert for one of them is never operational (R-22).
        next_expiry: When the first of its entries expires, aware UTC, or None.
        version: Of the deployment, as it was read.
    """

    gallery: Gallery
    blue_entry_ids: frozenset[str]
    next_expiry: datetime | None
    version: int

    def list_kind(self, entry_id: str) -> ListKind:
        """Return on which list an entry stands.

        Args:
            entry_id: Of this gallery.
        """
        return ListKind.BLUE if entry_id in self.blue_entry_ids else ListKind.OPERATIONAL


def load_gallery(
    reading: UnitOfWorkFactory, deployment_id: str, pack_digest: str, now: datetime
) -> LoadedGallery:
    """Return the gallery of a deployment: approved, unexpired, not removed.

    Args:
        reading: Opens a unit of work; one that only reads is enough.
        deployment_id: Whose.
        pack_digest: The pack that will make the probes.
        now: Aware UTC.

    Raises:
        TemplateMismatchError: The templates come from another model pack.
        StoreCorruptError: An approved entry has no template.
        KeyDestroyedError: The deployment was purged.
        RecordNotFoundError: There is no such deployment.
    """
    with reading() as uow:
        version = uow.deployments.get(deployment_id).version
        entries = _searchable(uow, deployment_id, now)
        entry_ids = tuple(sorted(entry.entry_id for entry in entries))
        matrix = _templates(uow, deployment_id, entry_ids, pack_digest)
    return _loaded(Gallery(matrix, entry_ids, pack_digest), entries, version)


class GalleryWatch:
    """Looks whether a gallery in use still is what the store says, at the cost of one row."""

    def __init__(
        self, reading: UnitOfWorkFactory, deployment_id: str, pack_digest: str, clock: Clock
    ) -> None:
        """Load the gallery.

        Args:
            reading: Opens a unit of work.
            deployment_id: Whose.
            pack_digest: The pack that makes the probes.
            clock: The time.
        """
        self._reading = reading
        self._deployment_id = deployment_id
        self._clock = clock
        self.loaded = load_gallery(reading, deployment_id, pack_digest, clock.now())

    def look(self) -> LoadedGallery | None:
        """Return the gallery without those who have left it since, or None if nobody has.

        Called every second or two: an entry that was removed, or has expired, is out of the
        gallery within the policy's ``watchlist.removal_within``. Nobody can come in: a list
        is approved while it is not live.
        """
        now = self._clock.now()
        expiry = self.loaded.next_expiry
        with self._reading() as uow:
            version = uow.deployments.get(self._deployment_id).version
            if version == self.loaded.version and (expiry is None or now < expiry):
                return None
            entries = _searchable(uow, self._deployment_id, now)
        before = self.loaded
        self.loaded = _without_others(before, entries, version)
        is_same = len(self.loaded.gallery) == len(before.gallery)
        return None if is_same else self.loaded


def _searchable(uow: UnitOfWork, deployment_id: str, now: datetime) -> tuple[WatchlistEntry, ...]:
    entries = uow.entries.of_deployment(deployment_id, statuses=(EntryStatus.APPROVED,))
    return tuple(entry for entry in entries if entry.is_searchable(now))


def _templates(
    uow: UnitOfWork, deployment_id: str, entry_ids: tuple[str, ...], pack_digest: str
) -> NDArray[np.float32]:
    """Return the (n, d) rows of the entries, each decrypted straight into its place."""
    places = {entry_id: row for row, entry_id in enumerate(entry_ids)}
    header = template_header(pack_digest)
    matrix, n_filled = np.empty((0, 0), np.float32), 0
    for entry_id, data in uow.secrets.read_all(deployment_id, TEMPLATE) if places else ():
        row = places.pop(entry_id, None)
        if row is None:
            continue
        vector = template_vector(data, header)
        if not n_filled:
            matrix = np.empty((len(entry_ids), len(vector)), np.float32)
        if len(vector) != matrix.shape[1]:
            msg = "stored templates of one model pack differ in length"
            raise TemplateMismatchError(msg)
        matrix[row] = vector
        n_filled += 1
    if places:
        msg = f"{len(places)} approved entries have no template"
        raise StoreCorruptError(msg, deployment_id=deployment_id)
    return matrix


def _loaded(gallery: Gallery, entries: Collection[WatchlistEntry], version: int) -> LoadedGallery:
    blue = frozenset(e.entry_id for e in entries if e.list_kind is ListKind.BLUE)
    expiries = [entry.expires_at for entry in entries if entry.expires_at is not None]
    return LoadedGallery(gallery, blue, min(expiries, default=None), version)


def _without_others(
    before: LoadedGallery, entries: Collection[WatchlistEntry], version: int
) -> LoadedGallery:
    standing = {entry.entry_id: entry for entry in entries}
    gallery = before.gallery
    rows = [row for row, entry_id in enumerate(gallery.entry_ids) if entry_id in standing]
    entry_ids = tuple(gallery.entry_ids[row] for row in rows)
    smaller = Gallery(gallery.matrix[rows], entry_ids, gallery.pack_digest)
    kept = [standing[entry_id] for entry_id in entry_ids]
    return _loaded(smaller, kept, version)
