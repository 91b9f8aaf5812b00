"""The ``PackEvidences`` port: how often a pack is right, as its manifest says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.models.packs import installed_packs
from overt.core.register import PackEvidence

if TYPE_CHECKING:
    from pathlib import Path

    from overt.adapters.models.manifest import Manifest


class ManifestEvidences:
    """Looks a pack up by name and digest: another version of it is another pack."""

    def __init__(self, models_home: Path) -> None:
        """Read no manifest yet.

        Args:
            models_home: Folder of pulled and imported packs; may be missing.
        """
        self._models_home = models_home
        self._known: dict[tuple[str, str], PackEvidence | None] = {}

    def of(self, name: str, digest: str) -> PackEvidence | None:
        """Return the evidence of a pack, or None where this very pack is not known here.

        Args:
            name: Of the pack.
            digest: Of all that decides in it.

        Raises:
            ManifestInvalidError: A manifest is broken.
        """
        key = name, digest
        if key not in self._known:
            manifests = (pack.manifest for pack in installed_packs(self._models_home))
            same = (m for m in manifests if (m.name, m.digest()) == key)
            found = next(same, None)
            self._known[key] = _evidence(found) if found is not None else None
        return self._known[key]


def _evidence(manifest: Manifest) -> PackEvidence:
    measured = manifest.threshold
    return PackEvidence(
        title=manifest.title,
        version=manifest.version,
        data=measured.data,
        threshold=measured.value,
        n_nonmated=measured.n_nonmated,
        n_false=measured.n_false,
        n_mated=measured.n_mated,
        n_missed=measured.n_missed,
    )
