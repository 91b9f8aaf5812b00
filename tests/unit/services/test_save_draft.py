from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.governed import APPLIED_AT, MINUTE, applied, drafted
from tests.unit.core.typed_forms import a_camera_form, a_form, a_site_form
from tests.unit.services.listing import SetClock, a_workplace, deployment_of, events_of, secrets_of

from overt.core.application_form import ApplicationForm
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.errors import (
    ApplicationIncompleteError,
    RecordConflictError,
    RoleForbiddenError,
    WrongKindError,
    WrongStateError,
)
from overt.services.save_draft import apply_with_draft, draft_mark, read_draft, save_draft

ADDRESS = "rtsp://user:word@10.0.0.5/stream"
ANOTHER = "rtsp://user:word@10.0.0.6/stream"


@pytest.fixture
def workplace():
    """Return a workplace with a draft."""
    return a_workplace(drafted(), clock=SetClock(APPLIED_AT))


def saved(workplace, form=None, addresses=None, seen=""):
    """Return the draft after it was saved by an applicant."""
    addresses = {"c1": ADDRESS} if addresses is None else addresses
    return save_draft(workplace, "applicant-1", "d-1", form or a_form(), addresses, seen=seen)


def applied_with(workplace, actor_id="applicant-1", *, seen):
    """Return the deployment after somebody applied with its draft; addresses begin with rtsp."""
    return apply_with_draft(
        workplace, actor_id, "d-1", seen=seen, is_address=lambda text: text.startswith("rtsp://")
    )


def test_a_draft_is_kept_with_its_addresses_in_the_vault(workplace):
    """The document names the secret, and nothing of the address; the log has a digest."""
    draft = saved(workplace)

    form, stored = read_draft(workplace.open, "d-1")
    assert stored == draft
    assert "10.0.0.5" not in draft.document
    assert secrets_of(workplace, "location") == {"c1": ADDRESS.encode()}
    assert form.cameras()[0].secret_id
    assert events_of(workplace)[-1].kind == EventKind.APPLICATION_DRAFT_SAVED


def test_before_the_first_saving_the_form_is_empty(workplace):
    """Its mark is blank."""
    form, draft = read_draft(workplace.open, "d-1")

    assert form == ApplicationForm()
    assert draft_mark(draft) == ""


def test_nothing_is_written_where_nothing_has_changed(workplace):
    """Saving by itself fills no log."""
    first = saved(workplace)
    n_events = len(events_of(workplace))
    workplace.clock.at += MINUTE

    again = saved(workplace, addresses={}, seen=draft_mark(first))

    assert again == first
    assert len(events_of(workplace)) == n_events


def test_a_camera_keeps_its_address_until_another_is_typed(workplace):
    """Only the last one stays in the vault."""
    first = saved(workplace)
    second = saved(workplace, a_form(aim="Another"), {}, seen=draft_mark(first))
    assert secrets_of(workplace, "location") == {"c1": ADDRESS.encode()}

    saved(workplace, addresses={"c1": ANOTHER}, seen=draft_mark(second))

    assert secrets_of(workplace, "location") == {"c1": ANOTHER.encode()}


def test_a_camera_that_is_taken_out_takes_its_address_along(workplace):
    """Nothing of it stays."""
    first = saved(workplace)

    saved(workplace, a_form(sites=(a_site_form(cameras=()),)), {}, seen=draft_mark(first))

    assert secrets_of(workplace, "location") == {}


def test_a_form_cannot_name_a_secret_of_its_own(workplace):
    """Whatever secret it names, a camera has only the address that was typed for it."""
    stranger = a_camera_form(secret_id="secret-of-somebody")

    saved(workplace, a_form(sites=(a_site_form(cameras=(stranger,)),)), {})

    form, _ = read_draft(workplace.open, "d-1")
    assert form.cameras()[0].secret_id == ""


def test_who_comes_second_is_told(workplace):
    """Nothing of the first is overwritten."""
    save_draft(workplace, "applicant-2", "d-1", a_form(aim="Theirs"), {}, seen="")

    with pytest.raises(RecordConflictError, match="applicant-2 saved this draft at 08:00:00Z"):
        saved(workplace, a_form(aim="Mine"))
    form, _ = read_draft(workplace.open, "d-1")
    assert form.aim == "Theirs"


@pytest.mark.parametrize("actor_id", ["authority-1", "operator-1", "evaluator-1"])
def test_only_an_applicant_writes_a_draft(workplace, actor_id):
    """The attempt is logged."""
    with pytest.raises(RoleForbiddenError):
        save_draft(workplace, actor_id, "d-1", a_form(), {}, seen="")
    assert events_of(workplace)[-1].kind == EventKind.ACCESS_DENIED


@pytest.mark.parametrize(
    ("deployment", "error"),
    [(applied(), WrongStateError), (drafted(DeploymentKind.REHEARSAL), WrongKindError)],
)
def test_only_what_may_be_applied_for_has_a_draft(deployment, error):
    """A rehearsal has consent, and what is applied for is decided as it stands."""
    with pytest.raises(error):
        saved(a_workplace(deployment))


def test_a_whole_draft_becomes_the_application(workplace):
    """The draft is gone; the address stands under site and camera."""
    draft = saved(workplace)

    applied_for = applied_with(workplace, "applicant-1", seen=draft_mark(draft))

    assert applied_for.state is DeploymentState.APPLIED
    assert secrets_of(workplace, "location") == {"north/north-camera": ADDRESS.encode()}
    assert read_draft(workplace.open, "d-1") == (ApplicationForm(), None)
    (camera,) = applied_for.application.sites[0].cameras
    with workplace.open() as uow:
        assert uow.secrets.get(camera.location_secret_id) == ADDRESS.encode()


def test_a_draft_that_lacks_something_is_not_applied_with(workplace):
    """Every field is named; the draft stays."""
    draft = saved(workplace, replace(a_form(aim="", size_cap="many")), {})

    with pytest.raises(ApplicationIncompleteError) as caught:
        applied_with(workplace, "applicant-1", seen=draft_mark(draft))
    assert [field for _, field, _ in caught.value.unmet] == [
        *("aim", "sites.s1.cameras.c1.address", "size_cap")
    ]
    assert deployment_of(workplace).state is DeploymentState.DRAFT
    assert read_draft(workplace.open, "d-1")[1] == draft


def test_an_address_that_is_no_cameras_is_named_without_it(workplace):
    """R-02, R-34: before anybody decides; what was typed may be a password."""
    draft = saved(workplace, addresses={"c1": "ftp://nothing"})

    with pytest.raises(ApplicationIncompleteError) as caught:
        applied_with(workplace, seen=draft_mark(draft))
    (unmet,) = caught.value.unmet
    assert unmet[:2] == ("R-02", "sites.s1.cameras.c1.address")
    assert "ftp" not in str(unmet)


def test_only_an_applicant_applies_with_a_draft(workplace):
    """Also where it is whole."""
    draft = saved(workplace)

    with pytest.raises(RoleForbiddenError):
        applied_with(workplace, "authority-1", seen=draft_mark(draft))


def test_nobody_applies_with_a_draft_that_they_have_not_seen(workplace):
    """Somebody may have changed it meanwhile."""
    saved(workplace)

    with pytest.raises(RecordConflictError):
        applied_with(workplace, "applicant-1", seen="")
