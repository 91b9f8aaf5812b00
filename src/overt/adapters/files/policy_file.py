"""Policies in TOML files: the one that comes with overt, and a force's own."""

from __future__ import annotations

import tomllib
from codecs import BOM_UTF8
from importlib.resources import files
from typing import TYPE_CHECKING

from overt.core.policy import policy_from_mapping
from overt.errors import PolicyInvalidError

if TYPE_CHECKING:
    from pathlib import Path

    from overt.core.policy import Policy

MAX_BYTES = 256 * 1024  # ten times the shipped file


def read_policy(path: Path | None = None) -> Policy:
    """Return the policy of a file, or the shipped one.

    Args:
        path: A force's policy in TOML, or None for the policy that comes with overt.

    Raises:
        PolicyInvalidError: The file cannot be read, is too large, is no TOML, or does
            not hold a policy; the message lists everything that is wrong with it.
    """
    default = files("overt").joinpath("policy", "default.toml")
    shipped = policy_from_mapping(_tables(default.read_bytes(), default.name))
    if path is None:
        return shipped
    return policy_from_mapping(_tables(_content(path), path.name), shipped)


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise _refused(path.name, "there is no such file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(path.name, f"cannot be read ({type(error).__name__})") from error
    if len(data) > MAX_BYTES:
        raise _refused(path.name, f"larger than {MAX_BYTES} bytes")
    return data


def _tables(data: bytes, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(data.removeprefix(BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused(name, f"not UTF-8 (at line {line})") from error
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, f"not TOML: {error}") from error
    except (ValueError, RecursionError) as error:
        problem = "not TOML that can be used: a number too long, or tables nested too deep"
        raise _refused(name, problem) from error


def _refused(name: str, problem: str) -> PolicyInvalidError:
    return PolicyInvalidError(f"policy {name}: {problem}", file=name)
