from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.services.listing import SetClock, a_workplace

from overt.core.audit_events import EventKind
from overt.errors import ApplicationIncompleteError, RecordNotFoundError, RoleForbiddenError
from overt.services.apply_for_authority import apply_with_cameras

ADDRESS = "rtsp://admin:hunter2@10.0.0.1/one"
LOCATIONS = {("north", "north-camera"): ADDRESS}


def a_draft():
    """Return a workplace with a draft."""
    return a_workplace(g.drafted(), clock=SetClock(g.APPLIED_AT))


def test_addresses_go_into_the_vault():
    """The application names the secret; neither it nor the log holds the address."""
    workplace = a_draft()

    applied = apply_with_cameras(workplace, "applicant-1", "d-1", g.an_application(), LOCATIONS)

    (camera,) = applied.application.sites[0].cameras
    with workplace.open() as uow:
        assert uow.secrets.get(camera.location_secret_id) == ADDRESS.encode()
        assert "hunter2" not in repr(uow.deployments.get("d-1"))
        lines = b"".join(uow.audit.lines())
    assert b"hunter2" not in lines
    assert applied.application.digest().encode() in lines


@pytest.mark.parametrize(
    ("actor_id", "changes", "error"),
    [
        ("officer", {}, RecordNotFoundError),
        ("authority-1", {}, RoleForbiddenError),
        ("applicant-1", {"aim": " "}, ApplicationIncompleteError),
    ],
)
def test_a_refused_application_leaves_no_secret(actor_id, changes, error):
    """No address is kept of a camera that nobody may use."""
    workplace = a_draft()
    with workplace.open() as uow:
        before = uow.deployments.get("d-1")

    with pytest.raises(error):
        apply_with_cameras(
            workplace, actor_id, "d-1", replace(g.an_application(), **changes), LOCATIONS
        )

    with workplace.open() as uow:
        assert uow.deployments.get("d-1") == before
        assert list(uow.secrets.ciphertexts("d-1")) == []
        kinds = [logged.event.kind for logged in uow.audit.read()]
    assert kinds == [EventKind.ACCESS_DENIED]
