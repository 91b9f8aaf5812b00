"""Apply for an authority: the application, and the cameras' addresses into the vault (R-02)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.deployment_authority import apply_
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from overt.core.authority import Application, CameraPlan
    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

LOCATION = "location"
"""Kind of the secret that holds a camera's address; its row is ``SITE/CAMERA``."""

_ACTION = "apply for an authority"


def apply_with_cameras(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    application: Application,
    locations: Mapping[tuple[str, str], str],
) -> Deployment:
    """Return the deployment with its application, ready to be decided.

    The addresses carry credentials: they are encrypted with the same commit, and no
    document holds them. Where the application is refused, nothing of them is stored.

    Args:
        workplace: Store, time, rules.
        actor_id: An applicant.
        deployment_id: A draft.
        application: All mandatory fields; what is missing is named, all at once.
        locations: (site, camera) -> address, one for every camera.

    Raises:
        RuleError: Not allowed now, or incomplete; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, _ACTION, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        try:
            apply_(deployment, actor, application, policy, now)
        except RuleError as error:
            log_refusal(uow, error, _ACTION, actor_id, deployment_id, now)
            raise
        kept = _with_secrets(uow, deployment_id, application, locations)
        saved = record(uow, apply_(deployment, actor, kept, policy, now), actor_id, now)
        uow.commit()
    return saved


def _with_secrets(
    uow: UnitOfWork,
    deployment_id: str,
    application: Application,
    locations: Mapping[tuple[str, str], str],
) -> Application:
    def kept(site_id: str, camera: CameraPlan) -> CameraPlan:
        address = locations[site_id, camera.camera_id].encode()
        row = f"{site_id}/{camera.camera_id}"
        secret_id = uow.secrets.put(deployment_id, LOCATION, row, address)
        return replace(camera, location_secret_id=secret_id)

    sites = (
        replace(site, cameras=tuple(kept(site.site_id, camera) for camera in site.cameras))
        for site in application.sites
    )
    return replace(application, sites=tuple(sites))
