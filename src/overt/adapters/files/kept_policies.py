"""Policies in the home folder: the force's own, and every one that a deployment ran under."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from overt.adapters.files.json_file import write_json
from overt.adapters.files.policy_file import MAX_BYTES, read_policy
from overt.core.policy import policy_from_mapping
from overt.errors import PolicyInvalidError, RecordNotFoundError, StoreCorruptError

if TYPE_CHECKING:
    from pathlib import Path

    from overt.core.policy import Policy

OWN_NAME = "policy.toml"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class KeptPolicies:
    """The policy in force, and those of earlier deployments by digest (port ``Policies``).

    A policy that was given out once is kept whole, under its digest, so that an old
    deployment is judged by the rules that it ran under.
    """

    def __init__(self, home: Path) -> None:
        """Name the folder; nothing is read yet.

        Args:
            home: Where ``policy.toml`` lies if the force has one, and ``policies/`` is made.
        """
        self._own = home / OWN_NAME
        self._folder = home / "policies"
        self._read: tuple[tuple[int, ...], Policy, Path] | None = None

    def current(self) -> Policy:
        """Return the policy that new deployments run under: the force's own if it has one.

        The file is read again once it has changed, so that asking costs next to nothing.

        Raises:
            PolicyInvalidError: There is a file of its own and it holds no policy; the
                shipped one does not step in.
            OutputUnwritableError: The policy cannot be kept.
        """
        state = self._state()
        if self._read is None or self._read[0] != state:
            policy = read_policy(self._own if state else None)
            self._read = state, policy, self._path(policy.digest())
        _, policy, path = self._read
        if not path.exists():
            write_json(path, policy.tables())
        return policy

    def get(self, policy_hash: str) -> Policy:
        """Return the policy of a digest.

        Args:
            policy_hash: As the deployment names it.

        Raises:
            RecordNotFoundError: No policy of that digest was kept here.
            StoreCorruptError: What was kept is not what it is named after.
        """
        if not _DIGEST.fullmatch(policy_hash):
            msg = "a policy is named by its SHA-256, 64 hexadecimal digits"
            raise RecordNotFoundError(msg)
        try:
            with self._path(policy_hash).open("rb") as file:
                document = json.loads(file.read(2 * MAX_BYTES))
            policy = policy_from_mapping(document if isinstance(document, dict) else {})
        except FileNotFoundError as error:
            msg = f"no policy {policy_hash} was kept on this machine"
            raise RecordNotFoundError(msg, policy_hash=policy_hash) from error
        except (OSError, ValueError, RecursionError, PolicyInvalidError) as error:
            msg = f"policy {policy_hash}: what was kept is no policy ({type(error).__name__})"
            raise StoreCorruptError(msg, policy_hash=policy_hash) from error
        if policy.digest() != policy_hash:
            msg = f"policy {policy_hash}: what was kept has the digest {policy.digest()}"
            raise StoreCorruptError(msg, policy_hash=policy_hash)
        return policy

    def _state(self) -> tuple[int, ...]:
        """Return what changes whenever the force's own file does; empty where there is none."""
        try:
            found = self._own.stat()
        except OSError:
            return (0,) if self._own.is_symlink() else ()
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def _path(self, policy_hash: str) -> Path:
        return self._folder / f"{policy_hash}.json"
