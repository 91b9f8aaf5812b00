"""What an evaluator sees: volunteers, walks and the running rate, and nobody who is sought."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.services.alerted import add_alert
from tests.unit.services.test_volunteers import DORA, EMIL, add, approved, gone_live

from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError, RoleForbiddenError
from overt.services.blue_passes import start_pass, stop_pass
from overt.services.view_passes import view_passes
from overt.services.volunteers import withdraw_consent

SECOND = timedelta(seconds=1)
CAMERA = "north-camera"


@pytest.fixture
def workplace():
    """Return a live workplace with two volunteers."""
    workplace = approved()
    add(workplace, DORA, "v-1")
    add(workplace, EMIL, "v-2")
    return gone_live(workplace)


def seen(workplace, actor_id="evaluator-1"):
    """Return what is seen; on fakes, whoever writes may read."""
    return view_passes(workplace, workplace.open, actor_id, "d-1")


def walk(workplace, reference, *, alert_of=None, kind=ListKind.BLUE):
    """Let a volunteer walk for ten seconds; halfway, an alert may be raised."""
    by_reference = {one.entry.reference: one for one in seen(workplace).volunteers}
    clock = workplace.clock
    volunteer_id = by_reference[reference].volunteer.volunteer_id
    walking = start_pass(workplace, "evaluator-1", volunteer_id, CAMERA)
    clock.at += 5 * SECOND
    if alert_of is not None:
        entry_id = by_reference[alert_of].entry.entry_id
        alert_id = f"a-{clock.at:%H%M%S}"
        more = {"entry_id": entry_id, "captured_at": clock.at, "list_kind": kind}
        add_alert(workplace, alert_id=alert_id, camera_id=CAMERA, **more)
    clock.at += 5 * SECOND
    stop_pass(workplace, "evaluator-1", walking.pass_id)
    clock.at += SECOND
    return walking.pass_id


def test_a_walk_with_the_right_alert_is_recognised(workplace):
    """R-44: 1 of 3 walks; one alert was about somebody else, one walk had none."""
    right = walk(workplace, "V-1", alert_of="V-1")
    walk(workplace, "V-2", alert_of="V-1")
    walk(workplace, "V-2")

    view = seen(workplace)
    assert view.recognised == {right}
    assert (view.rate.count, view.rate.total) == (1, 3)
    assert view.rate.unit == "recognition opportunities"


def test_the_rate_outlives_the_alerts(workplace):
    """It is counted from the log: alerts are erased after their retention."""
    walk(workplace, "V-1", alert_of="V-1")
    with workplace.open() as uow:
        uow.alerts.delete_of("d-1")
        uow.commit()

    assert seen(workplace).rate.count == 1


def test_an_alert_about_somebody_sought_recognises_nobody(workplace):
    """R-22: never counted for volunteers."""
    walk(workplace, "V-1", alert_of="V-1", kind=ListKind.OPERATIONAL)

    assert seen(workplace).rate.count == 0


def test_no_rate_before_anybody_has_walked(workplace):
    """Not defined, rather than 0 %."""
    assert seen(workplace).rate.text() == "not defined (0 of 0)"


def test_who_walks_stands_first_and_who_withdrew_last(workplace):
    """The card that needs the next tap is on top."""
    by_reference = {one.entry.reference: one.volunteer for one in seen(workplace).volunteers}
    start_pass(workplace, "evaluator-1", by_reference["V-2"].volunteer_id, CAMERA)
    assert [one.entry.reference for one in seen(workplace).volunteers] == ["V-2", "V-1"]
    assert seen(workplace).volunteers[0].walking is not None

    workplace.clock.at += SECOND
    withdraw_consent(workplace, "evaluator-1", by_reference["V-2"].volunteer_id)
    view = seen(workplace)
    assert [one.entry.reference for one in view.volunteers] == ["V-1", "V-2"]
    assert [one.has_withdrawn for one in view.volunteers] == [False, True]


def test_the_cameras_are_those_of_the_authority(workplace):
    """A walk past another one is none."""
    assert seen(workplace).camera_ids == (CAMERA,)


@pytest.mark.parametrize("actor_id", ["operator-1", "auditor-1", "applicant-1", "observer-1"])
def test_nobody_else_sees_it(workplace, actor_id):
    """The refusal is logged."""
    with pytest.raises(RoleForbiddenError):
        seen(workplace, actor_id)


def test_a_deployment_that_is_none_is_not_found(workplace):
    """Nothing is logged about it."""
    with pytest.raises(RecordNotFoundError):
        view_passes(workplace, workplace.open, "evaluator-1", "d-9")
