"""Whether faces may be processed here and now (R-01, R-03, R-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.authority import AuthorityStatus
from overt.core.deployment import DeploymentKind
from overt.core.unmet import Unmet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.authority import Application, Authority
    from overt.core.deployment import Deployment


def authority_in_force(deployment: Deployment, site_id: str, camera_id: str, now: datetime) -> bool:
    """Return whether a camera may see faces at this place and moment.

    In a rehearsal the volunteers' consent stands for the authority, at any place.

    Args:
        deployment: As it stands.
        site_id: Where the camera is.
        camera_id: Which camera.
        now: Aware UTC.
    """
    if deployment.kind is DeploymentKind.REHEARSAL:
        return deployment.consent is not None and now < deployment.consent.valid_until
    if any(unmet_authority(deployment.authority, now)):
        return False
    if any(unmet_place(deployment.application, site_id, now)):
        return False
    site = deployment.application.site(site_id) if deployment.application else None
    return site is not None and any(camera.camera_id == camera_id for camera in site.cameras)


def unmet_authority(authority: Authority | None, now: datetime) -> Iterator[Unmet]:
    """Yield why an authority does not hold at a moment; nothing if it does.

    Args:
        authority: As granted, or None.
        now: Aware UTC.
    """
    if authority is None:
        yield Unmet("R-01", "a written authority", "none")
        return
    if authority.status is not AuthorityStatus.IN_FORCE:
        yield Unmet("R-01", "an authority in force", f"{authority.status}")
    if authority.is_ratification_overdue(now):
        yield Unmet("R-03", "an oral authority ratified in time", "not ratified by its deadline")


def unmet_place(application: Application | None, site_id: str, now: datetime) -> Iterator[Unmet]:
    """Yield why a site is not covered at a moment; nothing if one of its windows is open.

    Args:
        application: What the authority allows, or None.
        site_id: Which site.
        now: Aware UTC.
    """
    site = application.site(site_id) if application else None
    if site is None:
        yield Unmet("R-01", "a site of the authority", f"{site_id} is none")
    elif site.open_window(now) is None:
        yield Unmet("R-01", f"an open window at site {site_id}", f"none at {now.isoformat()}")
