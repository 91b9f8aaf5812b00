"""The blue list: volunteers whose passages are known, kept apart from everybody sought (R-22)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


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
