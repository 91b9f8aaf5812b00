"""Model packs for the command line: list, verify, pull, import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.adapters.models.pack_files import read_verified
from overt.adapters.models.pack_transfer import import_pack, pull_pack
from overt.adapters.models.packs import InstalledPack, find_pack, installed_packs
from overt.errors import DigestMismatchError, ModelFileMissingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from overt.settings import Settings


@dataclass(frozen=True, slots=True)
class PackState:
    """A pack and whether it can be used here.

    Attributes:
        pack: The pack.
        problem: None if every file is here and right; else what is the matter.
    """

    pack: InstalledPack
    problem: DigestMismatchError | ModelFileMissingError | None


def pack_states(settings: Settings) -> tuple[PackState, ...]:
    """Return every pack that this machine knows, its files verified.

    Args:
        settings: Of this machine.

    Raises:
        ManifestInvalidError: A manifest is broken.
    """
    return tuple(PackState(p, _problem(p)) for p in installed_packs(settings.models_home))


def known_packs(settings: Settings) -> tuple[InstalledPack, ...]:
    """Return every pack that this machine knows; no file is looked at.

    Args:
        settings: Of this machine.

    Raises:
        ManifestInvalidError: A manifest is broken.
    """
    return installed_packs(settings.models_home)


def verify_pack(name: str, settings: Settings) -> InstalledPack:
    """Return a pack after verifying every file.

    Args:
        name: Which pack.
        settings: Of this machine.

    Raises:
        PackUnknownError: No pack has that name.
        ModelFileMissingError: A file is not on this machine.
        DigestMismatchError: A file is not the one that the manifest names.
    """
    pack = find_pack(name, settings.models_home)
    for file in pack.manifest.files:
        read_verified(file, pack.folder)
    return pack


def pull(
    name: str, settings: Settings, progress: Callable[[str, int, int], None]
) -> tuple[str, ...]:
    """Fetch the files of a pack that are missing; return their names.

    Args:
        name: Which pack.
        settings: Of this machine.
        progress: Called with file name, bytes so far and bytes in all.

    Raises:
        PackUnknownError: No pack has that name.
        DownloadFailedError: An address did not answer as it should.
        DigestMismatchError: What came is not the file that the manifest names.
    """
    return pull_pack(find_pack(name, settings.models_home), progress)


def import_folder(folder: Path, settings: Settings) -> InstalledPack:
    """Copy a pack from a folder onto this machine.

    Args:
        folder: Where ``pack.toml`` and the files lie.
        settings: Of this machine.

    Raises:
        FolderUnusableError: There is no manifest in the folder.
        ManifestInvalidError: The manifest is broken.
        ModelFileMissingError: A file is missing.
        DigestMismatchError: A file is not the one that the manifest names.
    """
    return import_pack(folder, settings.models_home)


def verify_files(
    settings: Settings, progress: Callable[[int, int], None]
) -> dict[tuple[str, str], str | None]:
    """Return for each file of each pack what is wrong with it; None where it is right.

    Args:
        settings: Of this machine.
        progress: Called with files verified and files in all, before each one.

    Raises:
        ManifestInvalidError: A manifest is broken.
    """
    files = [(pack, file) for pack in known_packs(settings) for file in pack.manifest.files]
    found: dict[tuple[str, str], str | None] = {}
    for n_done, (pack, file) in enumerate(files):
        progress(n_done, len(files))
        try:
            read_verified(file, pack.folder)
        except (DigestMismatchError, ModelFileMissingError) as error:
            found[pack.manifest.name, file.name] = error.message
        else:
            found[pack.manifest.name, file.name] = None
    progress(len(files), len(files))
    return found


def _problem(pack: InstalledPack) -> DigestMismatchError | ModelFileMissingError | None:
    try:
        for file in pack.manifest.files:
            read_verified(file, pack.folder)
    except (DigestMismatchError, ModelFileMissingError) as error:
        return error
    return None
