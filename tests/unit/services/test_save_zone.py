"""A zone is drawn into the draft of an application, and nowhere else."""

from __future__ import annotations

import pytest
from tests.unit.core import governed as g
from tests.unit.services.listing import a_workplace, events_of
from tests.unit.services.zones import WHOLE, with_draft

from overt.core.application_form import form_of_document
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.errors import (
    RecordConflictError,
    RecordNotFoundError,
    RoleForbiddenError,
    WrongKindError,
    WrongStateError,
    ZoneInvalidError,
)
from overt.services.save_zone import save_zone
from overt.services.view_cameras import camera_of, cameras_of

TRIANGLE = "0.1,0.1 0.9,0.1 0.5,0.9"


@pytest.fixture
def workplace():
    """Return a workplace with a draft that has cameras."""
    return with_draft(a_workplace(g.drafted()))


def save(workplace, text=TRIANGLE, *, actor_id="engineer-1", key="row-1", seen=WHOLE):
    """Save a zone."""
    return save_zone(workplace, actor_id, "d-1", key, text, seen=seen)


def cameras(workplace):
    """Return the cameras as an engineer sees them."""
    with workplace.open() as uow:
        return cameras_of(uow, uow.deployments.get("d-1"))


def test_one_zone_changes_and_all_else_stays(workplace):
    """Text, other cameras and the secret of the address."""
    with workplace.open() as uow:
        before = form_of_document(uow.drafts.get_or_none("d-1").document)
    form = form_of_document(save(workplace).document)

    one, other = form.cameras()
    assert (one.zone, other.zone) == (TRIANGLE, WHOLE)
    assert one.secret_id == before.cameras()[0].secret_id != ""
    assert form.aim == "Find people"
    event = events_of(workplace)[-1]
    assert (event.kind, event.actor_id) == (EventKind.APPLICATION_DRAFT_SAVED, "engineer-1")


@pytest.mark.parametrize("text", ["0,0 1,1 1,0 0,1", "0,0 1,1", "0,0 2,0 1,1", "nothing"])
def test_what_is_no_zone_is_not_saved(workplace, text):
    """The draft stays as it was."""
    with pytest.raises(ZoneInvalidError):
        save(workplace, text)
    assert cameras(workplace)[0].zone == WHOLE


def test_two_engineers_do_not_draw_over_each_other(workplace):
    """The second one is told, and opens it again."""
    save(workplace)
    with pytest.raises(RecordConflictError):
        save(workplace, "0,0 1,0 1,1")
    save(workplace, "0,0 1,0 1,1", seen=TRIANGLE)


@pytest.mark.parametrize("actor_id", ["applicant-1", "operator-1", "authority-1", "auditor-1"])
def test_only_engineers_draw(workplace, actor_id):
    """The refusal is logged."""
    with pytest.raises(RoleForbiddenError):
        save(workplace, actor_id=actor_id)
    assert events_of(workplace)[-1].kind == EventKind.ACCESS_DENIED


@pytest.mark.parametrize("deployment", [g.applied, g.authorised, g.live, g.ended_early])
def test_what_was_applied_for_is_not_drawn_any_more(deployment):
    """What was authorised is what runs; the attempt is logged."""
    workplace = a_workplace(deployment())
    with pytest.raises(WrongStateError):
        save(workplace, key="north/north-camera")
    assert events_of(workplace)[-1].details["code"] == "deployment.wrong_state"


def test_a_rehearsal_has_no_application_to_draw_in():
    """Its cameras are named when it starts."""
    with pytest.raises(WrongKindError):
        save(a_workplace(g.drafted(DeploymentKind.REHEARSAL)))


@pytest.mark.parametrize("key", ["row-9", ""])
def test_a_camera_that_is_none_is_not_found(workplace, key):
    """Somebody has removed it from the draft."""
    with pytest.raises(RecordNotFoundError):
        save(workplace, key=key)


def test_before_anything_was_written_there_is_no_camera():
    """A draft without a form."""
    workplace = a_workplace(g.drafted())
    assert cameras(workplace) == ()
    with pytest.raises(RecordNotFoundError):
        save(workplace)


def test_a_zone_that_was_typed_wrongly_is_shown_with_what_is_wrong():
    """An applicant may type anything."""
    workplace = with_draft(a_workplace(g.drafted()), zone="0,0 1,1")

    assert "at least 3 corners" in cameras(workplace)[0].zone_problem


def test_a_camera_without_a_name_is_called_so(workplace):
    """A blank on a page would be nothing to click on."""
    assert [camera.name for camera in cameras(workplace)] == [
        "north-1",
        "a camera without a name",
    ]


def test_an_authorised_camera_is_named_by_site_and_camera():
    """Its zone is read only."""
    workplace = a_workplace(g.authorised())
    with workplace.open() as uow:
        camera = camera_of(uow, uow.deployments.get("d-1"), "north/north-camera")

    assert (camera.zone, camera.is_editable) == (WHOLE, False)
