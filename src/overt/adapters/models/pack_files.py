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
        advice = "overt models pull" if file.url else "overt models import"
        msg = f"{file.name} is not on this machine; fetch it with `{advice}`"
        raise ModelFileMissingError(msg, file=file.name)
    return path


def read_verified(file: PackFile, folder: Path) -> bytes:
    """Return a pack's file after checking its SHA-256.

    Args:
        file: The manifest's entry.
        folder: The pack's own folder.

    Raises:
        ModelFileMissingError: It is not on this machine, or cannot be read.
        DigestMismatchError: It is not the file that the manifest names.
    """
    path = locate(file, folder)
    try:
        data = path.read_bytes()
    except OSError as error:
        msg = f"{file.name} cannot be read ({error.__class__.__name__})"
        raise ModelFileMissingError(msg, file=file.name) from error
    check_digest(file, data)
    return data


def check_digest(file: PackFile, data: bytes) -> None:
    """Refuse bytes that are not the manifest's.

    Args:
        file: The manifest's entry.
        data: The whole file.

    Raises:
        DigestMismatchError: The SHA-256 differs.
    """
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        msg = f"{file.name}: expected SHA-256 {file.sha256}, found {found}"
        raise DigestMismatchError(msg, file=file.name, expected=file.sha256, found=found)
