"""An invitation to observe one deployment: by a link that is used once, for a time (R-64)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.sign_in_rules import CLOCK_SKEW
from overt.errors import (
    InvitationExpiredError,
    InvitationRevokedError,
    InvitationUsedError,
    SettingInvalidError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MAX_VIEW = timedelta(days=366)
"""Longest time for which one invitation lets somebody look."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """That somebody may observe a deployment.

    Attributes:
        invitation_id: Identifier, made at the edge.
        deployment_id: Which deployment.
        actor_id: The observer's account; made with the first invitation.
        invited_by: Who invited.
        invited_at: When, aware UTC.
        link_sha256: Digest of the token in the link, 64 hexadecimal digits.
        link_expires_at: From when the link opens nothing, aware UTC.
        sees_until: From when nothing of the deployment is shown any more, aware UTC.
        used_at: When the link was used, aware UTC; None before.
        revoked_at: When it was taken back, aware UTC; None where it stands.
    """

    invitation_id: str
    deployment_id: str
    actor_id: str
    invited_by: str
    invited_at: datetime
    link_sha256: str
    link_expires_at: datetime
    sees_until: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether its observer may look now.

        Args:
            now: Aware UTC.
        """
        return self.used_at is not None and self.revoked_at is None and now < self.sees_until


def require_usable(invitation: Invitation, now: datetime) -> None:
    """Let pass only an invitation whose link opens its account now.

    Args:
        invitation: As kept.
        now: Aware UTC.

    Raises:
        InvitationRevokedError: It was taken back.
        InvitationUsedError: The link was used before.
        InvitationExpiredError: The link, or the time to look, is over.
    """
    if invitation.revoked_at is not None:
        msg = "this invitation was taken back; ask whoever sent it for another one"
        raise InvitationRevokedError(msg)
    if invitation.used_at is not None:
        msg = "this link was used before, and it works once; sign in with the account it opened"
        raise InvitationUsedError(msg)
    opens_from = invitation.invited_at - CLOCK_SKEW
    if not opens_from <= now < min(invitation.link_expires_at, invitation.sees_until):
        msg = "this link is too old; ask whoever sent it for another one"
        raise InvitationExpiredError(msg)


def require_view(sees_until: datetime, now: datetime) -> datetime:
    """Return until when an observer shall see, if that may be.

    Args:
        sees_until: As asked for, aware UTC.
        now: Aware UTC.

    Raises:
        SettingInvalidError: It is not to come, or further off than a year.
    """
    if not now < sees_until <= now + MAX_VIEW:
        msg = f"an observer is invited until a time to come, at most {MAX_VIEW.days} days ahead"
        raise SettingInvalidError(msg, setting="sees_until")
    return sees_until


def seen_by_invitation(invitations: Iterable[Invitation], now: datetime) -> frozenset[str] | None:
    """Return which deployments an observer may look at; None where all of them.

    Who was never invited has an account of the force's own observers, which an authorising officer
    gave for every deployment; an invited one sees what the invitations say, and nothing once
    they are over.

    Args:
        invitations: Every one of the account, whatever became of it.
        now: Aware UTC.
    """
    every = tuple(invitations)
    if not every:
        return None
    return frozenset(one.deployment_id for one in every if one.holds(now))
