"""What the services need to know the rules that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from overt.core.policy import Policy


class Policies(Protocol):
    """The policy in force now, and every one that a deployment runs under (R-72)."""

    def current(self) -> Policy:
        """Return the policy that new deployments run under."""
        ...

    def get(self, policy_hash: str) -> Policy:
        """Return the policy of that digest; RecordNotFoundError where it was not kept.

        Args:
            policy_hash: As the deployment names it.
        """
        ...
