"""Where the master key comes from: a file, an environment variable, or a command that prints it."""

from __future__ import annotations

import base64
import binascii
import os
import shlex
import stat
import subprocess
from typing import TYPE_CHECKING

from overt.adapters.secrets.envelope import KEY_BYTES, MasterKey, new_key
from overt.errors import (
    MasterKeyInvalidError,
    MasterKeyMissingError,
    MasterKeyPresentError,
    OutputUnwritableError,
)

if TYPE_CHECKING:
    from pathlib import Path

_COMMAND_S = 30
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def load_master_key(
    file: Path, *, text: str | None = None, command: str | None = None
) -> MasterKey:
    """Return the master key of this machine.

    Args:
        file: Where it lies, unless one of the others is given.
        text: The key itself in base64, from OVERT_MASTER_KEY.
        command: A command that prints it in base64, from OVERT_MASTER_KEY_COMMAND; no shell.

    Raises:
        MasterKeyMissingError: There is none.
        MasterKeyInvalidError: It is no key of 32 bytes, others may read the file, the command
            failed, or both a key and a command are given.
    """
    if text and command:
        msg = "OVERT_MASTER_KEY and OVERT_MASTER_KEY_COMMAND are both set; keep one"
        raise MasterKeyInvalidError(msg)
    if text:
        return _decoded(text, "OVERT_MASTER_KEY")
    if command:
        return _decoded(_printed_by(command), "what OVERT_MASTER_KEY_COMMAND prints")
    return _decoded(_read(file), f"the file {file.name}")


def create_master_key(file: Path) -> MasterKey:
    """Make a new master key in a file that only its owner may read, and return it.

    Args:
        file: Where; its folder is made if missing.

    Raises:
        MasterKeyPresentError: There is a file already.
        OutputUnwritableError: It cannot be written.
    """
    key = MasterKey(new_key())
    if file.exists():
        msg = f"{file.name} is there already; it stays as it is"
        raise MasterKeyPresentError(msg)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(base64.b64encode(key.key) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        msg = f"{file.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
    return key


def _read(file: Path) -> str:
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if mode & _FOR_OTHERS:
                found = f"{stat.S_IMODE(mode):04o}"
                msg = f"{file.name} must be readable by its owner only (0600), found {found}"
                raise MasterKeyInvalidError(msg)
            return stream.read(1024).decode("ascii", errors="replace")
    except FileNotFoundError as error:
        msg = (
            f"there is no {file.name} here; `overt init` makes one on a new machine, a machine "
            "that was set up needs its own back"
        )
        raise MasterKeyMissingError(msg) from error
    except OSError as error:
        msg = f"{file.name} cannot be read ({type(error).__name__})"
        raise MasterKeyInvalidError(msg) from error


def _printed_by(command: str) -> str:
    try:
        words = shlex.split(command)
        done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_COMMAND_S,
            check=True,
        )
    except (ValueError, IndexError, OSError, subprocess.SubprocessError) as error:
        msg = f"OVERT_MASTER_KEY_COMMAND failed ({type(error).__name__})"
        raise MasterKeyInvalidError(msg) from None
    return done.stdout[:1024].decode("ascii", errors="replace")


def _decoded(text: str, where: str) -> MasterKey:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        msg = f"{where} must be {KEY_BYTES} bytes in base64, found something else"
        raise MasterKeyInvalidError(msg)
    return MasterKey(key)
