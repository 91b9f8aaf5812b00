from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.register import (
    Register,
    RegisterEntry,
    RegisterStatus,
    found_by,
    last_moment,
    one_line,
    public_status,
)

BEFORE = g.OPENS - g.HOUR
SILENT = {"no_public_notice_code": "critical_threat", "no_public_notice_reason": "No time"}


def silent(deployment):
    """Return a deployment of which the public was not told in advance."""
    application = replace(deployment.application, **SILENT)
    return replace(deployment, application=application, public_notice=None)


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        (g.drafted(), None),
        (g.applied(), None),
        (replace(g.authorised(), public_notice=None), None),
        (g.refused_at_once(), None),
        (g.authorised(), RegisterStatus.UPCOMING),
        (g.ready(), RegisterStatus.UPCOMING),
        (g.live(), RegisterStatus.RUNNING),
        (g.suspended_at_once(), RegisterStatus.SUSPENDED),
        (g.ended_early(), RegisterStatus.ENDED),
        (g.purged_in_time(), RegisterStatus.ENDED),
        (g.published_at_last(), RegisterStatus.PUBLISHED),
        (g.cancelled_early(), RegisterStatus.CANCELLED),
        (replace(g.cancelled_early(), public_notice=None), None),
        (g.a_ready_rehearsal(), None),
    ],
)
def test_the_public_is_told_from_the_public_notice_on(deployment, expected):
    """R-60: nothing before it; nothing ever of what was refused or called off in silence."""
    assert public_status(deployment, BEFORE) is expected


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        (silent(g.ready()), None),
        (silent(g.live()), None),
        (silent(g.suspended_at_once()), None),
        (silent(g.cancelled_early()), None),
        (silent(g.ended_early()), RegisterStatus.ENDED),
        (silent(g.published_at_last()), RegisterStatus.PUBLISHED),
    ],
)
def test_an_exception_keeps_it_secret_until_it_is_over(deployment, expected):
    """R-60: where the policy allows no advance notice, the register tells it afterwards."""
    assert public_status(deployment, g.OPENS) is expected


def test_what_was_announced_and_never_held_says_so():
    """From the last moment of its last window on."""
    assert public_status(g.ready(), g.CLOSES - g.MINUTE) is RegisterStatus.UPCOMING
    assert public_status(g.ready(), g.CLOSES) is RegisterStatus.NOT_HELD
    assert last_moment(g.ready()) == g.CLOSES
    assert last_moment(g.drafted()) is None


def test_rehearsals_are_shown_where_a_demonstration_asks_for_it():
    """From the operating point on; never where nobody asks."""
    ready = g.a_ready_rehearsal()
    over = replace(ready, state=DeploymentState.PURGED)

    assert public_status(ready, BEFORE, shows_rehearsals=True) is RegisterStatus.UPCOMING
    assert public_status(over, BEFORE, shows_rehearsals=True) is RegisterStatus.ENDED
    assert public_status(over, BEFORE) is None
    assert public_status(g.a_rehearsal(), BEFORE, shows_rehearsals=True) is None
    assert over.kind is DeploymentKind.REHEARSAL


def test_a_text_becomes_one_line_of_letters():
    """Line breaks and controls become blanks; what turns the direction by force goes."""
    assert one_line("High\r\nStreet\x00 \u202eeerF\u202c ") == "High Street eerF"
    assert one_line("شارع الملك") == "شارع الملك"


def an_entry(title="The Square; Königsallee", **changes) -> RegisterEntry:
    """Return an entry."""
    entry = RegisterEntry(
        deployment_id="deployment-1",
        is_rehearsal=False,
        status=RegisterStatus.UPCOMING,
        places=tuple(title.split("; ")),
        time_zone="Europe/London",
        starts_at=g.OPENS,
        ends_at=g.CLOSES,
        changed_at=g.APPLIED_AT,
        record_sha256=None,
        figures=None,
    )
    return replace(entry, **changes)


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        ("square", True),
        ("KÖNIGSALLEE", True),
        ("königsallee", True),
        ("the königs", True),
        ("deployment-1", True),
        ("deployment", False),
        ("square north", False),
        ("  ", False),
    ],
)
def test_a_place_is_found_by_all_of_its_words(wanted, is_found):
    """Whatever their capitals and however an accent is written."""
    assert found_by(an_entry(), wanted) is is_found


def test_a_register_knows_when_there_was_something_new():
    """Without any deployment, when its log began."""
    empty = Register((), "log", g.APPLIED_AT, is_demonstration=False, version=0)
    full = replace(empty, entries=(an_entry(changed_at=g.OPENS), an_entry()))

    assert empty.changed_at == g.APPLIED_AT
    assert full.changed_at == g.OPENS
    assert full.by_id["deployment-1"].title == "The Square; Königsallee"
