"""Model packs on this machine: list, verify, load."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from overt.adapters.models.centerface import CenterFace
from overt.adapters.models.descriptor_cache import cached_descriptor
from overt.adapters.models.dlib_alignment import DlibAligner
from overt.adapters.models.embedders import ChipEmbedder
from overt.adapters.models.five_point_alignment import FivePointAligner
from overt.adapters.models.manifest import MANIFEST_NAME, PACK_NAME, Manifest, read_manifest
from overt.adapters.models.onnx_inputs import accept_pictures
from overt.adapters.models.pack_files import locate, read_verified
from overt.adapters.models.session import ModelSession
from overt.adapters.models.yunet import YuNet
from overt.errors import ManifestInvalidError, PackUnknownError

if TYPE_CHECKING:
    from overt.ports import Embedder, FaceAligner, FaceDetector

DEFAULT_PACK = "overt-default"


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A manifest and the folder for those of its files that no package carries."""

    manifest: Manifest
    folder: Path


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack's networks, verified and ready.

    Attributes:
        manifest: What was loaded.
        detector: Finds faces.
        aligner: Cuts chips.
        embedder: Makes vectors.
    """

    manifest: Manifest
    detector: FaceDetector
    aligner: FaceAligner
    embedder: Embedder

    def busy_s(self) -> float:
        """Return the seconds that the pack's networks have run so far."""
        sessions = (getattr(part, "session", None) for part in (self.detector, self.embedder))
        return sum(s.busy_s for s in sessions if isinstance(s, ModelSession))


def shipped_packs(models_home: Path) -> tuple[InstalledPack, ...]:
    """Return the packs whose manifests come with this package, the bundled one first.

    Args:
        models_home: Folder of pulled and imported packs; may be missing.

    Raises:
        ManifestInvalidError: A manifest is broken.
    """
    shipped = resources.files("overt.adapters.models") / "manifests"
    manifests = [read_manifest(Path(str(entry))) for entry in shipped.iterdir()]
    manifests.sort(key=lambda m: (m.name != DEFAULT_PACK, m.name))
    return tuple(InstalledPack(m, models_home / m.name) for m in manifests)


def installed_packs(models_home: Path) -> tuple[InstalledPack, ...]:
    """Return the packs that this machine knows, shipped ones first.

    Args:
        models_home: Folder of pulled and imported packs; may be missing.

    Raises:
        ManifestInvalidError: A manifest is broken.
    """
    shipped = shipped_packs(models_home)
    known = {pack.manifest.name for pack in shipped}
    imported = [name for name in _imported_names(models_home) if name not in known]
    return (*shipped, *(_imported(name, models_home) for name in imported))


def find_pack(name: str, models_home: Path) -> InstalledPack:
    """Return one pack; a shipped manifest goes before an imported one of the same name.

    Other packs' manifests are not read: a broken one does not stop this one.

    Args:
        name: Its name.
        models_home: Folder of pulled and imported packs.

    Raises:
        PackUnknownError: No pack has that name.
        ManifestInvalidError: Its manifest is broken.
    """
    shipped = {pack.manifest.name: pack for pack in shipped_packs(models_home)}
    if name in shipped:
        return shipped[name]
    imported = _imported_names(models_home)
    if name in imported:
        return _imported(name, models_home)
    known = [*shipped, *(other for other in imported if other not in shipped)]
    msg = f"no model pack is called {name!r}; there are: {', '.join(known)}"
    raise PackUnknownError(msg, pack=name)


def _imported_names(models_home: Path) -> list[str]:
    """Return the names of the folders that hold a manifest; half-copied ones start with a dot."""
    folders = (path.parent for path in models_home.glob(f"*/{MANIFEST_NAME}"))
    return sorted(folder.name for folder in folders if re.fullmatch(PACK_NAME, folder.name))


def _imported(name: str, models_home: Path) -> InstalledPack:
    folder = models_home / name
    manifest = read_manifest(folder / MANIFEST_NAME)
    if manifest.name != name:
        msg = f"{name}/{MANIFEST_NAME}: name: expected the folder's, found {manifest.name!r}"
        raise ManifestInvalidError(msg, file=f"{name}/{MANIFEST_NAME}", field="name")
    return InstalledPack(manifest, folder)


def load_pack(pack: InstalledPack, *, cache_home: Path, n_threads: int) -> LoadedPack:
    """Return a pack's networks, every file verified first.

    Args:
        pack: Which pack.
        cache_home: Folder for networks derived from files of other formats.
        n_threads: Threads inside one run; 0 lets the run time choose.

    Raises:
        ModelFileMissingError: A file is not on this machine.
        DigestMismatchError: A file is not the one that the manifest names.
        ManifestInvalidError: A file is of another kind than the manifest says.
        ModelRunError: The run time refuses a network.
    """
    manifest = pack.manifest
    data = {file.name: read_verified(file, pack.folder) for file in manifest.files}
    detector_kind = CenterFace if manifest.detector.kind == "centerface" else YuNet
    return LoadedPack(
        manifest,
        detector_kind(data[manifest.detector.file], n_threads=n_threads),
        _aligner(pack),
        _embedder(manifest, data[manifest.embedder.file], cache_home, n_threads),
    )


def _aligner(pack: InstalledPack) -> FaceAligner:
    part = pack.manifest.aligner
    if part.kind == "five-point":
        return FivePointAligner(side_px=part.side_px)
    return DlibAligner(
        locate(pack.manifest.file(part.file), pack.folder),
        side_px=part.side_px,
        padding=part.padding,
        box_scale=part.box_scale,
        box_drop=part.box_drop,
    )


def _embedder(manifest: Manifest, data: bytes, cache_home: Path, n_threads: int) -> Embedder:
    part = manifest.embedder
    if part.kind == "dlib-resnet":
        network = cached_descriptor(data, hashlib.sha256(data).hexdigest(), cache_home)
    else:
        reverse = part.colour_order == "bgr"
        network = accept_pictures(data, reverse_channels=reverse, mean=part.mean, scale=part.scale)
    return ChipEmbedder(
        network,
        dimension=part.dimension,
        pack_digest=manifest.digest(),
        n_threads=n_threads,
    )
