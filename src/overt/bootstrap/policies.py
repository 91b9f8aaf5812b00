"""Policies for the command line and the services: which one applies on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.files.policy_file import read_policy

if TYPE_CHECKING:
    from pathlib import Path

    from overt.core.policy import Policy
    from overt.settings import Settings

POLICY_NAME = "policy.toml"


def load_policy(path: Path | None = None) -> Policy:
    """Return the policy of a file, or the shipped one.

    Args:
        path: A force's policy, or None for the policy that comes with overt.

    Raises:
        PolicyInvalidError: The file does not hold a policy.
    """
    return read_policy(path)


def policy_in_use(settings: Settings) -> Policy:
    """Return the policy that new deployments run under: the force's own where it has one.

    Args:
        settings: Of this machine; a force's policy is ``policy.toml`` in its home folder.

    Raises:
        PolicyInvalidError: There is such a file and it does not hold a policy; the
            shipped one does not step in.
    """
    own = settings.home / POLICY_NAME
    return load_policy(own if own.exists() or own.is_symlink() else None)
