"""Bring a model pack onto this machine: from the network, or from a folder.

A file appears under its name only when it is whole and its digest is right; a
pack from a folder appears only when all of its files are.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from overt.adapters.models.manifest import MANIFEST_NAME, read_manifest
from overt.adapters.models.pack_files import check_digest, locate, read_verified
from overt.adapters.models.packs import InstalledPack
from overt.errors import (
    DownloadFailedError,
    FolderUnusableError,
    ModelFileMissingError,
    OutputUnwritableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.adapters.models.manifest import PackFile

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
        DigestMismatchError: What came is not the file that the manifest names.
        ModelFileMissingError: A file is missing and has no address.
        OutputUnwritableError: The folder cannot be written.
    """
    fetched = []
    for file in pack.manifest.files:
        if _is_here(file, pack.folder):
            continue
        data = _download(file, progress)
        check_digest(file, data)
        with _writing():
            pack.folder.mkdir(parents=True, exist_ok=True)
            part = pack.folder / f".{file.name}.part"
            part.write_bytes(data)
            part.replace(pack.folder / file.name)
        fetched.append(file.name)
    return tuple(fetched)


def import_pack(source: Path, models_home: Path) -> InstalledPack:
    """Copy a pack from a folder that holds ``pack.toml`` and its files.

    Args:
        source: The folder, for example on a memory stick.
        models_home: Folder of pulled and imported packs; made if missing.

    Raises:
        FolderUnusableError: There is no manifest in the folder.
        ManifestInvalidError: The manifest is broken.
        ModelFileMissingError: A file is missing.
        DigestMismatchError: A file is not the one that the manifest names.
        OutputUnwritableError: The target cannot be written.
    """
    if not (source / MANIFEST_NAME).is_file():
        msg = f"the folder holds no {MANIFEST_NAME}"
        raise FolderUnusableError(msg)
    manifest = read_manifest(source / MANIFEST_NAME)
    verified = {f.name: read_verified(f, source) for f in manifest.files if not f.package}
    with _writing():
        models_home.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=models_home, prefix=".import-"))
        try:
            shutil.copyfile(source / MANIFEST_NAME, staged / MANIFEST_NAME)
            for name, data in verified.items():
                (staged / name).write_bytes(data)
            target = models_home / manifest.name
            _swap(staged, target)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return InstalledPack(manifest, target)


def _swap(staged: Path, target: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    staged.rename(target)


def _is_here(file: PackFile, folder: Path) -> bool:
    try:
        data = locate(file, folder).read_bytes()
    except ModelFileMissingError:
        return False
    return hashlib.sha256(data).hexdigest() == file.sha256


def _download(file: PackFile, progress: Callable[[str, int, int], None]) -> bytes:
    if urlsplit(file.url).scheme not in _SCHEMES:
        msg = f"{file.name} is missing and the manifest gives no address for it"
        raise ModelFileMissingError(msg, file=file.name)
    received = bytearray()
    try:
        with urlopen(file.url, timeout=_TIMEOUT_S) as answer:  # noqa: S310  scheme checked
            while chunk := answer.read(_CHUNK_BYTES):
                received += chunk
                if len(received) > file.size_bytes:
                    break
                progress(file.name, len(received), file.size_bytes)
    except (URLError, OSError) as error:
        msg = f"{file.name} could not be fetched ({type(error).__name__})"
        raise DownloadFailedError(msg, file=file.name) from error
    if len(received) != file.size_bytes:
        msg = f"{file.name}: expected {file.size_bytes} bytes, found {len(received)} or more"
        raise DownloadFailedError(msg, file=file.name)
    return bytes(received)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"the models' folder cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
