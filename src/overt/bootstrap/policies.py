"""Policies for the command line and the services: which one applies on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.files.kept_policies import KeptPolicies
from overt.adapters.files.policy_file import read_policy

if TYPE_CHECKING:
    from pathlib import Path

    from overt.core.policy import Policy
    from overt.ports.policies import Policies
    from overt.settings import Settings


def load_policy(path: Path | None = None) -> Policy:
    """Return the policy of a file, or the shipped one.

    Args:
        path: A force's policy, or None for the policy that comes with overt.

    Raises:
        PolicyInvalidError: The file does not hold a policy.
    """
    return read_policy(path)


def policies_of(settings: Settings) -> Policies:
    """Return the policies of this machine: the one in force and those kept by digest.

    Args:
        settings: Of this machine; a force's policy is ``policy.toml`` in its home folder.
    """
    return KeptPolicies(settings.home)
