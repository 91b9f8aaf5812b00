"""An application from its file: every problem at once, or the step that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.files.application_file import read_application
from overt.adapters.video.camera_address import is_camera_address
from overt.adapters.video.redaction import redacted
from overt.core.application_check import missing_fields
from overt.errors import ApplicationFileInvalidError
from overt.services.apply_for_authority import apply_with_cameras
from overt.services.judge_addresses import wrong_addresses
from overt.services.save_draft import apply_with_draft, read_draft

if TYPE_CHECKING:
    from pathlib import Path

    from overt.core.application_reading import Lacking
    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.workplace import Workplace

_HIDDEN = "***"
_DEVICES = "/dev/video"


def apply_from_file(
    workplace: Workplace, actor_id: str, deployment_id: str, path: Path
) -> Deployment:
    """Return the deployment with the application that a file holds.

    Where fields cannot be read, the rules' own findings are listed beside them, so that
    whoever writes the application mends all of it in one go.

    Args:
        workplace: Store, time, rules.
        actor_id: An applicant.
        deployment_id: A draft.
        path: A TOML file.

    Raises:
        ApplicationFileInvalidError: It cannot be read, or fields are missing, unknown or of a
            wrong kind; the message lists them all, and so does the field ``problems``, one a line.
        RuleError: Not allowed now, or incomplete.
        RecordNotFoundError: There is no such deployment or actor.
    """
    read = read_application(path)
    if read.problems:
        with workplace.open() as uow:
            policy = workplace.policies.get(uow.deployments.get(deployment_id).policy_hash)
        unmet = missing_fields(read.application, policy, workplace.clock.now())
        rules = [f"{each.requirement} {each.condition}: {each.found}" for each in unmet]
        problems = [*read.problems, *rules]
        msg = f"application {path.name} has {len(problems)} problems: {'; '.join(problems)}"
        raise ApplicationFileInvalidError(
            msg, problems="\n".join(problems), n_problems=len(problems)
        )
    return apply_with_cameras(workplace, actor_id, deployment_id, read.application, read.locations)


def apply_from_draft(
    workplace: Workplace, actor_id: str, deployment_id: str, *, seen: str
) -> Deployment:
    """Return the deployment with its draft as the application; see ``apply_with_draft``.

    Args:
        workplace: Store, time, rules.
        actor_id: An applicant.
        deployment_id: A draft.
        seen: Mark of the draft that is meant.

    Raises:
        ApplicationIncompleteError: Fields are missing or wrong, or an address is no camera's.
        RuleError: Not allowed now.
        RecordConflictError: Somebody has saved another draft since.
        RecordNotFoundError: There is no such deployment or actor.
    """
    return apply_with_draft(
        workplace, actor_id, deployment_id, seen=seen, is_address=is_camera_address
    )


def addresses_of_none(reading: UnitOfWorkFactory, deployment_id: str) -> tuple[Lacking, ...]:
    """Return the cameras of a draft whose address is that of no live camera.

    Args:
        reading: Opens a unit of work that only looks.
        deployment_id: A draft.

    Raises:
        RecordNotFoundError: There is no such deployment.
    """
    form, _ = read_draft(reading, deployment_id)
    with reading() as uow:
        return wrong_addresses(uow, form, is_camera_address)


def kept_addresses(reading: UnitOfWorkFactory, deployment_id: str) -> dict[str, str]:
    """Return what may be shown of the cameras' addresses in a draft, by the cameras' keys.

    An address that is no URL may be anything, a password among it: of such only devices show.

    Args:
        reading: Opens a unit of work that only looks.
        deployment_id: A draft.

    Raises:
        RecordNotFoundError: There is no such deployment.
    """
    form, _ = read_draft(reading, deployment_id)
    shown = {}
    with reading() as uow:
        for camera in form.cameras():
            if camera.secret_id:
                address = uow.secrets.get(camera.secret_id).decode()
                is_plain = "://" in address or address.startswith(_DEVICES)
                shown[camera.key] = redacted(address) if is_plain else _HIDDEN
    return shown
