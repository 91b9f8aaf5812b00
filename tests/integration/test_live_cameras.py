"""Which cameras a run may have: those of the authority, live; a rehearsal's as they are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cli.deploying import ADDRESS, prepare, write_application
from tests.integration.clips import make_clip

from overt.adapters.files.application_file import read_application
from overt.bootstrap.live_cameras import (
    REHEARSAL_SITE,
    LiveCamera,
    cameras_of,
    grouped,
    require_elsewhere,
)
from overt.bootstrap.live_request import RunRequest
from overt.bootstrap.purging import open_service
from overt.core.deployment import ConsentRecord, DeploymentKind
from overt.errors import CameraForbiddenError, SettingInvalidError
from overt.services.apply_for_authority import apply_with_cameras
from overt.services.draft_deployment import draft_deployment, record_consent
from overt.settings import Settings

SITE = "site-1"


@pytest.fixture
def service(tmp_path):
    """Yield the service of a machine with people on it."""
    prepare(tmp_path / "home")
    with open_service(Settings(home=tmp_path / "home")) as opened:
        yield opened


def applied(service, folder, location):
    """Return a real deployment whose one camera has an address."""
    workplace = service.workplace
    draft = draft_deployment(workplace, "ap-1", name="Square", kind=DeploymentKind.OPERATIONAL)
    path = write_application(folder, **{'location = ""': f'location = "{location}"'})
    read = read_application(path)
    return apply_with_cameras(
        workplace, "ap-1", draft.deployment_id, read.application, read.locations
    )


def cameras(service, deployment, *named):
    """Return the cameras of a run."""
    request = RunRequest(deployment.deployment_id, "op-1", cameras=named)
    return list(cameras_of(request, service, deployment, (SITE,)))


def test_a_real_deployment_has_the_authoritys_camera(service, tmp_path):
    """Its address comes out of the vault."""
    (camera,) = cameras(service, applied(service, tmp_path, ADDRESS))

    assert (camera.site_id, camera.location) == (SITE, ADDRESS)
    assert grouped(camera, service.workplace.clock).is_live


@pytest.mark.parametrize("scheme", ["", "loop:"])
def test_a_real_deployment_refuses_every_recording(service, tmp_path, scheme):
    """Footage is not searched afterwards, played once or for ever (R-34)."""
    clip = make_clip(tmp_path / "clip.mp4", n_frames=5)
    deployment = applied(service, tmp_path, f"{scheme}{clip}")

    with pytest.raises(SettingInvalidError, match="must be live") as refused:
        cameras(service, deployment)
    assert "R-34" in refused.value.message


def test_a_loop_is_a_camera_for_a_rehearsal(service, tmp_path):
    """Only its newest frame counts, as of a camera."""
    workplace, clip = service.workplace, make_clip(tmp_path / "clip.mp4", n_frames=5)
    draft = draft_deployment(workplace, "ap-1", name="Street", kind=DeploymentKind.REHEARSAL)
    now = workplace.clock.now()
    consent = ConsentRecord("a" * 64, 0, "ap-1", now, now + timedelta(days=1), False)
    rehearsal = record_consent(workplace, "ap-1", draft.deployment_id, consent)

    (camera,) = cameras(service, rehearsal, ("street", f"loop:{clip}"))

    assert grouped(camera, workplace.clock).is_live


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/x", "rtsp://localhost/x"])
def test_a_camera_of_this_machine_needs_the_settings_word(service, address):
    """Typed in the console it is refused, which is logged; the machine's own commands may."""
    asked = RunRequest("d-9", "op-1", cameras=(("front", address),))
    camera = LiveCamera("front", REHEARSAL_SITE, address, None)

    require_elsewhere(asked, service, [camera])
    with pytest.raises(CameraForbiddenError, match="camera front leads to this machine"):
        require_elsewhere(replace(asked, may_use_this_machine=False), service, [camera])
    with service.store.reading() as uow:
        (last,) = uow.audit.read(uow.audit.size() - 1, 1)

    assert (last.event.actor_id, last.event.details["code"]) == ("op-1", "camera.forbidden")
    assert "127.0.0.1" not in str(last.event.details)
