from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.cli.deploying import set_up
from tests.unit.core import governed as g

from overt.bootstrap.store import open_workplace
from overt.settings import read_settings

SHOWN = [
    (g.drafted, "draft (operational)"),
    (g.orally_authorised, "to be ratified before 2026-03-03"),
    (g.ready, "checked against the feed: 2026-03-03 09:50:00Z"),
    (g.ready, "2 standing of 2 logged"),
    (g.live, "since 2026-03-03 10:00:00Z at north"),
    (g.suspended_at_once, "by operator-1: Rain"),
    (g.ended_early, "2026-03-04 11:00:00Z"),
    (g.purged_in_time, "2026-03-03 12:00:00Z"),
    (g.published_at_last, "2026-03-04 10:00:00Z"),
    (g.refused_at_once, "Not necessary"),
    (g.cancelled_early, "No officers"),
    (g.a_ready_rehearsal, "4 volunteers, until 2026-03-03 16:00:00Z"),
]


@pytest.fixture
def show(overt):
    """Return a way to put a deployment into the store and show it."""
    set_up(overt)

    def shown(deployment, *options):
        with open_workplace(read_settings()) as workplace, workplace.open() as uow:
            uow.deployments.add(deployment)
            uow.commit()
        return overt("deployment", "show", deployment.deployment_id, *options)

    return shown


@pytest.mark.parametrize(("deployment", "words"), SHOWN)
def test_a_deployment_is_shown_in_every_state(show, deployment, words):
    """What its gates look at, within 80 columns, times in UTC."""
    shown = show(deployment())

    assert words in " ".join(shown.out.split())
    assert max(map(len, shown.out.splitlines())) <= 80


def test_everything_that_an_officer_decides_on_is_shown(show):
    """R-02: each mandatory text of the application."""
    shown = " ".join(show(g.applied()).out.split())

    for words in (
        "Common law; Data Protection Act 2018, Part 3",
        "Arrests at home have failed",
        "Patrols with photographs were tried",
        "One square, six hours, a small list",
        "why here: serious_crime_here (INT-2026-11)",
        "why they may be here: Arrests of listed people were made here",
        "nearby, school: none within 300 m",
    ):
        assert words in shown


def test_no_text_steers_the_terminal(show, overt):
    """Whoever wrote a name or an aim cannot forge what an officer reads."""
    forged = replace(g.applied(g.an_application(aim="\x1b[2JGranted")), name="Square\x1b[31m\u202e")
    shown = show(forged)

    assert shown.status == 0
    for out in (shown.out, overt("deployment", "list").out):
        assert all(letter.isprintable() or letter == "\n" for letter in out)


def test_windows_are_shown_on_the_wall(show):
    """In the zone of their site, over midnight too."""
    night = g.a_site(windows=(g.Window(g.OPENS + 12 * g.HOUR, g.OPENS + 16 * g.HOUR),))
    shown = show(g.applied(g.an_application(sites=(night,))))

    assert "2026-03-03 22:00 to 2026-03-04 02:00 Europe/London" in shown.out


def test_a_document_is_json(show):
    """Ranks in words, times in ISO 8601, sets as lists."""
    document = show(g.live(), "--json").document

    assert document["authority"]["rank"] == "superintendent"
    assert document["live_since"] == "2026-03-03T10:00:00+00:00"
    assert document["state"] == "live"


def test_a_record_is_published_and_printed_again(show, overt, tmp_path):
    """R-64: also of a run without any alert; the file is new, and the store keeps the same."""
    show(g.purged_in_time())
    out = tmp_path / "record.json"

    done = overt("deployment", "publish", "d-1", "--as", "ev-1", "--out", out)
    again = overt.fails("deployment", "publish", "d-1", "--as", "ev-1", "--out", out)

    assert done.status == 0, done.err
    assert again == (1, "deployment.wrong_state")
    assert overt("deployment", "record", "d-1").out == out.read_text(encoding="utf-8")
    assert json.loads(out.read_text(encoding="utf-8"))["alerts"]["total"] == 0


def test_a_record_is_not_written_over_a_file(show, overt, tmp_path):
    """And then it is not published."""
    show(g.purged_in_time())
    out = tmp_path / "record.json"
    out.write_text("older")

    failed = overt.fails("deployment", "publish", "d-1", "--as", "ev-1", "--out", out)

    assert failed == (1, "output.unwritable")
    assert out.read_text() == "older"
    assert overt("deployment", "show", "d-1", "--json").document["state"] == "purged"
