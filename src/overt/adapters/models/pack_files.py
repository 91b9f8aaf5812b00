"""Find a pack's files and verify them before use."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from overt.errors import DigestMismatchError, ModelFileMissingError

if TYPE_CHECKING:
    from overt.adapters.models.manifest import PackFile


def locate(file: PackFile, folder: Path) -> Path:
    """Return where a pack's file is.

    A package's folder is found without importing it: importing may run code or
    need modules that are not installed.

    Args:
        file: The manifest's entry.
        folder: The pack's own folder, for files of no package.

    Raises:
        ModelFileMissingError: It is not on this machine.
    """
    path = folder / file.name
    if file.package:
        package, _, inside = file.package.partition("/")
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin).parent / inside
    if not path.is_file():
        msg = f"{file.name} is not on this machine; {_advice(file)}"
        raise ModelFileMissingError(msg, file=file.name)
    return path


def _advice(file: PackFile) -> str:
    if file.package:
        return f"it comes with the Python package {file.package.partition('/')[0]}"
    return f"fetch it with `overt models {'pull' if file.url else 'import'}`"


def read_verified(file: PackFile, folder: Path) -> bytes:
    """Return a pack's file after checking its length and its SHA-256.

    Args:
        file: The manifest's entry.
        folder: The pack's own folder.

    Raises:
        ModelFileMissingError: It is not on this machine, or cannot be read.
        DigestMismatchError: It is not the file that the manifest names.
    """
    path = locate(file, folder)
    try:
        with path.open("rb") as stream:
            data = stream.read(file.size_bytes + 1)  # never more than a manifest may name
    except OSError as error:
        msg = f"{file.name} cannot be read ({error.__class__.__name__})"
        raise ModelFileMissingError(msg, file=file.name) from error
    check_digest(file, data)
    return data


def check_digest(file: PackFile, data: bytes) -> None:
    """Refuse bytes that are not the manifest's.

    Args:
        file: The manifest's entry.
        data: The whole file, or its first ``size_bytes + 1`` bytes.

    Raises:
        DigestMismatchError: The length or the SHA-256 differs.
    """
    if len(data) > file.size_bytes:
        msg = f"{file.name}: expected {file.size_bytes} bytes, found more"
        raise DigestMismatchError(msg, file=file.name, expected=file.size_bytes)
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        msg = f"{file.name}: expected SHA-256 {file.sha256}, found {found}"
        raise DigestMismatchError(msg, file=file.name, expected=file.sha256, found=found)
