"""The blue list: volunteers whose passages are known, kept apart from everybody sought (R-22)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.notice import is_sha256
from overt.core.roles import Role, require
from overt.core.watchlist import ListKind
from overt.errors import ConsentMissingError, PassWrongStateError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from overt.core.adjudication import AlertRecord
    from overt.core.roles import Actor


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who agreed to walk past the cameras.

    Attributes:
        volunteer_id: Identifier; never a name.
        deployment_id: For which deployment they agreed.
        entry_id: Their entry on the blue list.
        consent_sha256: Digest of the signed consent, 64 hexadecimal digits.
        consented_at: Aware UTC.
        withdrawn_at: When they withdrew, or None.
    """

    volunteer_id: str
    deployment_id: str
    entry_id: str
    consent_sha256: str
    consented_at: datetime
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a volunteer whose consent is not named by its digest.

        Raises:
            ConsentMissingError: It is no SHA-256.
        """
        if not is_sha256(self.consent_sha256):
            msg = "a volunteer's consent is named by its SHA-256, 64 hexadecimal digits"
            raise ConsentMissingError(msg, volunteer_id=self.volunteer_id)


@dataclass(frozen=True, slots=True)
class BluePass:
    """One walk of a volunteer past one camera: one recognition opportunity (R-44).

    Attributes:
        pass_id: Identifier, made at the edge.
        deployment_id: Of which deployment.
        volunteer_id: Who walked.
        camera_id: Past which camera.
        started_at: Aware UTC.
        stopped_at: Aware UTC, or None while they walk.
        logged_by: The evaluator who logged it.
        notes: Subject, system and environment factors (R-46); may be blank.
    """

    pass_id: str
    deployment_id: str
    volunteer_id: str
    camera_id: str
    started_at: datetime
    stopped_at: datetime | None
    logged_by: str
    notes: str = ""

    def covers(self, alert: AlertRecord) -> bool:
        """Return whether an alert was raised at this camera during this walk.

        Args:
            alert: Of the same deployment.
        """
        if self.stopped_at is None or alert.camera_id != self.camera_id:
            return False
        return self.started_at <= alert.captured_at <= self.stopped_at


def start_pass(
    blue_pass: BluePass, volunteer: Volunteer, earlier: Iterable[BluePass], actor: Actor
) -> BluePass:
    """Return the pass that starts now, if the volunteer may walk.

    Args:
        blue_pass: With its start and without an end; signed by the actor.
        volunteer: Who walks.
        earlier: The deployment's passes so far.
        actor: An evaluator.

    Raises:
        RoleForbiddenError: The actor is no evaluator.
        ConsentMissingError: The volunteer agreed for another deployment, later, or no longer.
        PassWrongStateError: The volunteer is walking already, or the pass has an end.
    """
    require(actor, Role.EVALUATOR, "log a pass")
    is_theirs = (volunteer.volunteer_id, volunteer.deployment_id) == (
        blue_pass.volunteer_id,
        blue_pass.deployment_id,
    )
    is_over = volunteer.withdrawn_at is not None
    if not is_theirs or is_over or volunteer.consented_at > blue_pass.started_at:
        msg = "a pass needs the consent of its own volunteer, given before and not withdrawn"
        raise ConsentMissingError(msg, volunteer_id=blue_pass.volunteer_id)
    is_walking = any(
        other.volunteer_id == blue_pass.volunteer_id and other.stopped_at is None
        for other in earlier
    )
    if is_walking or blue_pass.stopped_at is not None:
        msg = "a pass starts open, and one volunteer walks one pass at a time"
        raise PassWrongStateError(msg, pass_id=blue_pass.pass_id)
    return replace(blue_pass, logged_by=actor.actor_id)


def stop_pass(blue_pass: BluePass, actor: Actor, now: datetime, *, notes: str = "") -> BluePass:
    """Return the pass with its end.

    Args:
        blue_pass: One that is being walked.
        actor: An evaluator.
        now: Aware UTC, after its start.
        notes: Subject, system and environment factors (R-46).

    Raises:
        RoleForbiddenError: The actor is no evaluator.
        PassWrongStateError: It has ended before, or would end before its start.
    """
    require(actor, Role.EVALUATOR, "log a pass")
    if blue_pass.stopped_at is not None or now <= blue_pass.started_at:
        msg = "a pass stops once, after its start"
        raise PassWrongStateError(msg, pass_id=blue_pass.pass_id)
    return replace(blue_pass, stopped_at=now, notes=notes or blue_pass.notes)


def recognised_passes(
    passes: Iterable[BluePass], volunteers: Iterable[Volunteer], alerts: Iterable[AlertRecord]
) -> tuple[int, int]:
    """Return passes that raised a correct alert, and all passes that were walked to the end (R-44).

    A pass without any alert counts among all passes: it was missed.

    Args:
        passes: Of one deployment; open ones do not count.
        volunteers: Of the same deployment.
        alerts: Of the same deployment; only blue ones are looked at (R-22).
    """
    entry_ids = {volunteer.volunteer_id: volunteer.entry_id for volunteer in volunteers}
    blue = [alert for alert in alerts if alert.list_kind is ListKind.BLUE]
    walked = [blue_pass for blue_pass in passes if blue_pass.stopped_at is not None]
    recognised = [
        any(p.covers(alert) and alert.entry_id == entry_ids[p.volunteer_id] for alert in blue)
        for p in walked
    ]
    return sum(recognised), len(walked)
