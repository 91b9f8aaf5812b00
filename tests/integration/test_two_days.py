"""Two days of eight hours at three sites in accelerated time: everything on the minute."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.core.governed import (
    OPERATOR,
    POLICY,
    a_notice,
    a_site,
    an_application,
    authorised,
    calibrated,
    checked,
    some_facts,
)
from tests.unit.services.live_runs import Asked, a_run, a_stage, seen

from contract.databases import sql_store
from integration.purging import Ended, tools_for
from overt.adapters.ids import TimedIds
from overt.core.authority import CameraPlan, Window
from overt.core.deployment import DeploymentState, WatchlistStatus
from overt.core.deployment_notices import place_notice
from overt.core.notice import PlannedSign
from overt.core.watchlist import ListKind
from overt.core.zone import whole_frame
from overt.errors import DeploymentNotReadyError
from overt.ports.live import CameraNews
from overt.services.certify_destruction import verify_certificate
from overt.services.do_what_is_due import Rounds
from overt.services.go_live import go_live, resume
from overt.services.verify_privacy import verify_privacy
from overt.testing import ANNA, FakeFace

pytestmark = pytest.mark.slow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(day, hour, minute=0):
    """Return a moment of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


# Eight hours a day in all; the mobile unit's sites close one after the other.
WINDOWS = {
    "north": [(at(3, 10), at(3, 18)), (at(4, 10), at(4, 18))],
    "south": [(at(3, 10), at(3, 14)), (at(4, 12, 30), at(4, 16, 15))],
    "east": [(at(3, 10), at(3, 17, 59)), (at(4, 10), at(4, 12))],
}
CAMERAS = {f"{site}-camera": site for site in WINDOWS}

# What has to happen by itself, minute by minute; worked out by hand from the windows above, from
# the 24 hours of both retentions, and from an alert at 10:05 on either day.
TABLE = [
    (at(3, 14), "SitesClosed", "south"),
    (at(3, 17, 59), "SitesClosed", "east"),
    (at(3, 18), "DeploymentSuspended", "the window is over"),
    (at(4, 10, 5), "BiometricsErased", "alert_retention"),
    (at(4, 12), "SitesClosed", "east"),
    (at(4, 18), "DeploymentEnded", "the last window is over"),
    (at(5, 10, 5), "BiometricsErased", "alert_retention"),
    (at(5, 18), "BiometricsErased", "purge"),
    (at(5, 18), "DeploymentPurged", ""),
    (at(5, 18), "CertificateIssued", ""),
]
BY_ITSELF = {kind for _, kind, _ in TABLE}


def the_application():
    """Return what was authorised: three sites, two days."""
    return an_application(
        sites=tuple(
            a_site(
                site,
                windows=tuple(Window(*window) for window in windows),
                cameras=(CameraPlan(f"{site}-camera", f"secret-{site}", whole_frame()),),
            )
            for site, windows in WINDOWS.items()
        )
    )


def prepared():
    """Return the deployment as it stands on the first morning, its signs up at every site."""
    deployment = replace(authorised(the_application()), watchlist=built_at(at(3, 6)))
    plan = [
        PlannedSign(f"{site} {n}", site, 51.5 + n / 1000, -0.1, 120)
        for site in WINDOWS
        for n in (1, 2)
    ]
    deployment = replace(deployment, sign_plan=tuple(plan))
    return calibrated(with_signs_of(deployment, at(3, 8)))


def with_signs_of(deployment, moment):
    """Return the deployment with two signs put up at every site at a moment."""
    for site in WINDOWS:
        for n in (1, 2):
            name, latitude_deg = f"{site}-{moment.day}-{n}", 51.5 + n / 1000  # 111 m apart
            sign = a_notice(name, site_id=site, placed_at=moment, latitude_deg=latitude_deg)
            deployment = place_notice(deployment, OPERATOR, sign, POLICY, moment).deployment
    return deployment


def built_at(moment):
    """Return the status of a list of three that was built and approved at a moment."""
    return WatchlistStatus(
        ListKind.OPERATIONAL, 1, moment, "applicant-1", 3, 3, moment + MINUTE, "applicant-2"
    )


class Days:
    """Goes through the minutes: the purge worker's rounds, and cameras while it is live."""

    def __init__(self, ended: Ended) -> None:
        self.ended, self.stage = ended, ended.stage
        self.rounds = Rounds(self.stage.workplace, self.stage.reading, ended.tools)

    def pass_minutes(self, until):
        """Let the time go on without cameras; the worker makes its round each minute."""
        while self.stage.clock.at < until:
            self.rounds.make()
            self.stage.clock.at += MINUTE

    def prepare_second_day(self):
        """Let the night pass; people make a new list and put up signs before ten."""
        self.pass_minutes(at(4, 7))
        deployment = replace(self.stage.deployment(), watchlist=built_at(at(4, 7)))
        self.stage.save(with_signs_of(deployment, at(4, 7)))
        self.pass_minutes(at(4, 10))

    def go_live(self, sites):
        """Put it live at some sites, freshly checked, as a person would."""
        clock = self.stage.clock
        deployment = self.stage.deployment()
        self.stage.save(checked(deployment, clock.at))
        facts = some_facts(site_ids=sites)
        steps = {"workplace": self.stage.workplace, "actor_id": OPERATOR.actor_id}
        if deployment.state is DeploymentState.SUSPENDED:
            return resume(**steps, deployment_id="d-1", facts=facts, reason="Next day")
        return go_live(**steps, deployment_id="d-1", facts=facts)

    def run(self, sites, *, until=None):
        """Run the cameras; each minute one piece of news, and the worker's round in between."""
        cameras = {camera: site for camera, site in CAMERAS.items() if site in sites}
        asked = Asked(self.stage.clock, until)
        return a_run(
            self.stage, self.script(cameras), site_of=cameras, asked=asked, step=timedelta(0)
        ).go()

    def script(self, cameras):
        """Yield a minute after the other: at five past ten Anna walks by, at noon nobody listed."""
        for _ in range(9 * 60):
            yield self.minute
            clock = self.stage.clock
            first = (clock.at.day * 24 + clock.at.hour) * 10_000  # media time goes on as well
            if (clock.at.hour, clock.at.minute) == (10, 5):
                yield from seen(
                    clock, FakeFace(100, 100, ANNA), camera_id="north-camera", first=first
                )
            for camera in cameras:
                if (clock.at.hour, clock.at.minute) in {(11, 0), (15, 0)}:
                    face = FakeFace(100, 100, (64, 64))
                    yield from seen(clock, face, camera_id=camera, first=first)

    def minute(self):
        """Let a minute pass; the worker makes its round in it."""
        self.stage.clock.at += MINUTE
        self.rounds.make()
        return CameraNews()


def happened(stage):
    """Return what happened by itself: when, what, which."""
    rows = []
    for event in stage.events():
        if event.kind in BY_ITSELF and event.actor_id == "system":
            details = event.details
            sites = " ".join(details.get("site_ids", ())) if event.kind == "SitesClosed" else ""
            rows.append((event.occurred_at, str(event.kind), sites or details.get("reason", "")))
    return rows


@pytest.fixture
def days(new_database, tmp_path):
    """Return two days that have not begun, on either database."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    database = new_database()
    stage = a_stage(sql_store(database), ids=TimedIds(), deployment=prepared(), at=at(3, 9, 50))
    tools, key = tools_for(database, home)
    return Days(Ended(stage, tools, home, key))


def test_every_stop_purge_and_deadline_is_on_the_minute(days):
    """R-01, R-19, R-33: the table, and nothing else, happens by itself; then nothing is left."""
    stage = days.stage
    days.pass_minutes(at(3, 10))
    days.go_live(("north", "south", "east"))
    end = days.run(("north", "south", "east"))
    assert (stage.clock.at, end.stop.reason) == (at(3, 18), "the window is over")

    days.prepare_second_day()
    days.go_live(("north", "east"))
    end = days.run(("north", "east"))
    assert (stage.clock.at, end.stop.reason) == (at(4, 18), "the last window is over")

    assert stage.deployment().purge_due_at == at(5, 18)
    days.pass_minutes(at(5, 18, 5))
    assert happened(stage) == TABLE

    # Day one: Anna; at 11:00 one at each of three sites, at 15:00 at two. Day two: Anna; 2; 1.
    reading = stage.reading
    proof = verify_privacy(reading, days.ended.tools.scan, days.ended.verifier, "d-1")
    assert proof.findings == ()
    assert proof.stored.faces_seen == (1 + 3 + 2) + (1 + 2 + 1)
    stated = verify_certificate(reading, days.ended.verifier, "d-1").stated
    assert stated["alerts erased earlier, by their retention"] == "2"
    assert (stated["alerts"], stated["keys"]) == ("0", "1")


def test_the_next_day_needs_a_list_of_that_day(days):
    """R-13: yesterday's list is older than 24 hours, so that the second day does not begin."""
    days.pass_minutes(at(3, 10))
    days.go_live(("north", "south", "east"))
    days.run(("north", "south", "east"), until=at(3, 10, 2))
    days.stage.clock.at = at(4, 10)
    with pytest.raises(DeploymentNotReadyError, match="R-13"):
        days.go_live(("north", "east"))


def test_minutes_add_up_to_the_passages(days):
    """Each passage stands in the minute and camera in which it was."""
    stage = days.stage
    days.pass_minutes(at(3, 10))
    days.go_live(("north", "south", "east"))
    days.run(("north", "south", "east"))
    seen_at = defaultdict(int)
    with stage.reading() as uow:
        for minute in uow.counts.minutes("d-1"):
            if minute.counts.faces_seen:
                seen_at[minute.minute, minute.camera_id] += minute.counts.faces_seen
    assert seen_at == {
        (at(3, 10, 5), "north-camera"): 1,
        (at(3, 11), "north-camera"): 1,
        (at(3, 11), "south-camera"): 1,
        (at(3, 11), "east-camera"): 1,
        (at(3, 15), "north-camera"): 1,
        (at(3, 15), "east-camera"): 1,
    }
