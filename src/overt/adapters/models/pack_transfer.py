"""Bring a model pack onto this machine: from the network, or from a folder.

A file appears under its name only when it is whole and its digest is right; a
pack from a folder appears only when all of its files are.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from overt.adapters.models.manifest import MANIFEST_NAME, parse_manifest
from overt.adapters.models.pack_files import check_digest, read_verified
from overt.adapters.models.packs import InstalledPack, shipped_packs
from overt.adapters.models.whole_file import write_whole
from overt.errors import (
    DigestMismatchError,
    DownloadFailedError,
    FolderUnusableError,
    ManifestInvalidError,
    ModelFileMissingError,
    OutputUnwritableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.adapters.models.manifest import Manifest, PackFile

_CHUNK_BYTES = 1 << 18
_TIMEOUT_S = 30
_SCHEMES = ("https", "http")


def pull_pack(pack: InstalledPack, progress: Callable[[str, int, int], None]) -> tuple[str, ...]:
    """Fetch the files of a pack that are not here yet; return their names.

    Args:
        pack: Which pack.
        progress: Called with file name, bytes so far and bytes in all.

    Raises:
        DownloadFailedError: An address did not answer, or gave too much.
        DigestMismatchError: What came is not the file that the manifest names, or
            a Python package carries another one.
        ModelFileMissingError: A file is missing and has no address.
        OutputUnwritableError: The folder cannot be written.
    """
    fetched = []
    for file in pack.manifest.files:
        if file.package:
            read_verified(file, pack.folder)
        elif not _is_here(file, pack.folder):
            data = _download(file, progress)
            check_digest(file, data)
            with _writing():
                write_whole(pack.folder / file.name, data)
            fetched.append(file.name)
    return tuple(fetched)


def import_pack(source: Path, models_home: Path) -> InstalledPack:
    """Copy a pack from a folder that holds ``pack.toml`` and its files.

    Args:
        source: The folder, for example on a memory stick.
        models_home: Folder of pulled and imported packs; made if missing.

    Raises:
        FolderUnusableError: There is no manifest in the folder.
        ManifestInvalidError: The manifest is broken, or takes a shipped pack's name.
        ModelFileMissingError: A file is missing.
        DigestMismatchError: A file is not the one that the manifest names.
        OutputUnwritableError: The target cannot be written.
    """
    try:
        text = (source / MANIFEST_NAME).read_bytes()
    except OSError as error:
        msg = f"the folder holds no {MANIFEST_NAME} that can be read ({type(error).__name__})"
        raise FolderUnusableError(msg) from error
    manifest = parse_manifest(text, MANIFEST_NAME)
    _refuse_taken_name(manifest, models_home)
    contents = {f.name: read_verified(f, source) for f in manifest.files if not f.package}
    target = models_home / manifest.name
    with _writing():
        models_home.mkdir(parents=True, exist_ok=True)
        # The dot keeps whatever a power cut leaves here from being taken for a pack.
        staged = Path(tempfile.mkdtemp(dir=models_home, prefix=".import-"))
        try:
            for name, data in {**contents, MANIFEST_NAME: text}.items():
                write_whole(staged / "new" / name, data)
            _swap(staged / "new", target, aside=staged / "old")
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return InstalledPack(manifest, target)


def _refuse_taken_name(manifest: Manifest, models_home: Path) -> None:
    shipped = {pack.manifest.name: pack.manifest for pack in shipped_packs(models_home)}
    if shipped.get(manifest.name, manifest) != manifest:
        msg = f"{MANIFEST_NAME}: name: {manifest.name!r} is a shipped pack, and not this one"
        raise ManifestInvalidError(msg, file=MANIFEST_NAME, field="name")


def _swap(staged: Path, target: Path, *, aside: Path) -> None:
    """Put a folder in another's place; that one is back where this fails."""
    if not target.exists():
        staged.rename(target)
        return
    target.rename(aside)
    try:
        staged.rename(target)
    except OSError:
        aside.rename(target)
        raise


def _is_here(file: PackFile, folder: Path) -> bool:
    try:
        read_verified(file, folder)
    except (ModelFileMissingError, DigestMismatchError):
        return False
    return True


def _download(file: PackFile, progress: Callable[[str, int, int], None]) -> bytes:
    received = bytearray()
    try:
        if urlsplit(file.url).scheme not in _SCHEMES:
            msg = f"{file.name} is missing and the manifest gives no http address for it"
            raise ModelFileMissingError(msg, file=file.name)
        with urlopen(file.url, timeout=_TIMEOUT_S) as answer:  # noqa: S310  scheme checked
            while len(received) <= file.size_bytes and (chunk := answer.read(_CHUNK_BYTES)):
                received += chunk
                progress(file.name, min(len(received), file.size_bytes), file.size_bytes)
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()  # it holds the connection
        msg = f"{file.name} could not be fetched ({type(error).__name__})"
        raise DownloadFailedError(msg, file=file.name) from error
    if len(received) != file.size_bytes:
        found = "more" if len(received) > file.size_bytes else str(len(received))
        msg = f"{file.name}: expected {file.size_bytes} bytes, found {found}"
        raise DownloadFailedError(msg, file=file.name)
    return bytes(received)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"the models' folder cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
