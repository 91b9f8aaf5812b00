"""A still of a camera: for engineers, logged before anything is opened (R-32)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.unit.core import governed as g
from tests.unit.services.listing import a_workplace, events_of
from tests.unit.services.zones import ADDRESS, with_draft

from overt.core.audit_events import EventKind
from overt.errors import (
    CameraUnreachableError,
    RecordNotFoundError,
    RoleForbiddenError,
    WrongStateError,
)
from overt.services.take_still import take_still


@dataclass
class Stills:
    """The ``Stills`` port: remembers what was opened."""

    content: bytes | None = b"coarse"
    opened: list[str] = field(default_factory=list)

    def of_run(self, camera_id):
        self.opened.append(f"running {camera_id}")
        return self.content

    def of_camera(self, location):
        self.opened.append(location)
        return self.content


def take(workplace, stills=None, key="row-1", actor_id="engineer-1", *, is_running=False):
    """Take a still."""
    return take_still(workplace, stills or Stills(), actor_id, "d-1", key, is_running=is_running)


@pytest.fixture
def drafted():
    """Return a workplace with a draft that has cameras."""
    return with_draft(a_workplace(g.drafted()))


def test_a_camera_is_opened_once_and_the_look_is_logged(drafted):
    """By its identifier: the address with its password stays out of the log."""
    stills = Stills()

    assert take(drafted, stills) == b"coarse"
    assert stills.opened == [ADDRESS]
    event = events_of(drafted)[-1]
    assert (event.kind, event.details) == (EventKind.PREVIEW_VIEWED, {"camera_id": "north-1"})
    assert "secret" not in str(events_of(drafted))


def test_a_running_camera_is_not_opened_a_second_time(drafted):
    """The picture is what the run shows; without one the engineer is told to try again."""
    stills = Stills()

    assert take(drafted, stills, is_running=True) == b"coarse"
    assert stills.opened == ["running north-1"]
    with pytest.raises(CameraUnreachableError, match="try again"):
        take(drafted, Stills(None), is_running=True)


def test_a_camera_without_an_address_says_who_types_it(drafted):
    """Nothing is opened or logged as seen."""
    with pytest.raises(CameraUnreachableError, match="applicant"):
        take(drafted, key="row-2")
    assert events_of(drafted)[-1].kind != EventKind.PREVIEW_VIEWED


@pytest.mark.parametrize("actor_id", ["applicant-1", "operator-1", "observer-1", "evaluator-1"])
def test_nobody_else_takes_stills(drafted, actor_id):
    """The refusal is logged, and no camera was opened."""
    stills = Stills()
    with pytest.raises(RoleForbiddenError):
        take(drafted, stills, actor_id=actor_id)
    assert stills.opened == []
    assert events_of(drafted)[-1].kind == EventKind.ACCESS_DENIED


@pytest.mark.parametrize("deployment", [g.ended_early, g.purged_in_time])
def test_after_the_end_no_camera_is_looked_through(deployment):
    """There is no purpose any more."""
    workplace = a_workplace(deployment())
    with pytest.raises(WrongStateError):
        take(workplace, key="north/north-camera")
    assert events_of(workplace)[-1].details["code"] == "deployment.wrong_state"


def test_a_camera_that_is_none_is_not_found(drafted):
    """Such as one that was removed from the draft."""
    with pytest.raises(RecordNotFoundError):
        take(drafted, key="row-9")
