from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from tests.unit.core.governed import CLOSES, HOUR, MINUTE, OFFICER, OPENS, OPERATOR, live
from tests.unit.services.live_runs import (
    CAMERA,
    SITE,
    TICK,
    Asked,
    HeldLease,
    a_run,
    a_stage,
    anna_walks,
    seen,
    two_sites,
)

from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState, LiveSite
from overt.core.frame import FrameFailed
from overt.core.freshness_feed import FreshnessFeed
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.watchlist import ListKind
from overt.errors import (
    ErasureMismatchError,
    ModelRunError,
    StoreFullError,
    StoreUnavailableError,
)
from overt.ports.live import CameraNews, LostCamera
from overt.services import go_live as steps
from overt.services.decide_authority import withdraw
from overt.services.recover_deployment import recover_deployments
from overt.testing import ANNA, BERTA, CLARA, FakeFace

DORA = (64, 64)
"""Somebody whom nobody seeks."""

SECOND = timedelta(seconds=1)
BOTH = {"north-camera": "north", "south-camera": "south"}


@dataclass
class BrokenOnce:
    """A store that fails at the n-th commit, and at every later one if it is gone for good."""

    store: object
    error: type[Exception]
    at_commit: int = 1
    for_good: bool = True
    n_commits: int = 0

    def unit_of_work(self):
        broken, uow = self, self.store.unit_of_work()
        commit = uow.commit

        def failing():
            broken.n_commits += 1
            late = broken.n_commits > broken.at_commit and broken.for_good
            if broken.n_commits == broken.at_commit or late:
                raise broken.error("the store did not take it")
            commit()

        uow.commit = failing
        return uow


class TestRecordFirstThenTell:
    def test_an_alert_stands_in_the_store_before_anybody_is_told(self):
        """R-50: whoever is told finds row and picture through another unit of work."""
        stage = a_stage()
        run = a_run(stage, anna_walks(stage))
        run.go()
        (alert,) = stage.alerts()
        assert run.told.alerts == [alert]
        assert run.told.stood_in_store == [True]
        assert (alert.camera_id, alert.site_id, alert.list_kind) == (CAMERA, SITE, "operational")

    def test_the_log_names_the_alert_and_no_face(self):
        """Score, threshold, digests: what decided, in one event (R-50, R-70)."""
        stage = a_stage()
        a_run(stage, anna_walks(stage)).go()
        (event,), (alert,) = stage.events(EventKind.ALERT_RAISED), stage.alerts()
        assert event.details["alert_id"] == alert.alert_id
        assert event.details["score"] == pytest.approx(1.0, abs=1e-6)
        assert event.details["threshold"] == 0.6
        assert event.details["policy_hash"] == stage.deployment().policy_hash

    def test_picture_and_probe_are_kept_encrypted_and_leave_the_memory(self):
        """The secrets hold them; every array that the networks made is zeros."""
        stage = a_stage()
        run = a_run(stage, anna_walks(stage))
        run.go()
        (alert,) = stage.alerts()
        with stage.reading() as uow:
            assert uow.secrets.get(alert.crop_secret_id).startswith(b"a crop of ")
            assert len(uow.secrets.get(alert.probe_secret_id)) == 32 + 4 * 128
        assert not any(rows.any() for rows in run.models.embedder.made)

    def test_nothing_is_told_where_the_commit_fails(self):
        """A full disk: no alert told, none kept, its probe erased and counted as erased."""
        stage = a_stage()
        broken = BrokenOnce(stage.store, StoreFullError, at_commit=2)
        workplace = replace(stage.workplace, open=broken.unit_of_work)
        run = a_run(stage, anna_walks(stage), workplace=workplace)
        end = run.go()
        assert run.told.alerts == []
        assert stage.alerts() == ()
        assert run.rig.recogniser.templates.in_alerts == 0
        assert run.rig.recogniser.templates.balance() == 0
        assert end.problem.code == "store.full"

    def test_a_busy_store_is_asked_again(self):
        """A purge rewrites the store for some seconds: the alert waits, and is not lost."""
        stage = a_stage()
        broken = BrokenOnce(stage.store, StoreUnavailableError, at_commit=2, for_good=False)
        workplace = replace(stage.workplace, open=broken.unit_of_work)
        run = a_run(stage, anna_walks(stage), workplace=workplace)
        run.go()
        assert len(run.told.alerts) == len(stage.alerts()) == 1

    def test_an_alert_about_a_volunteer_is_blue(self):
        """R-22: the entry's own list stands with the alert."""
        stage = a_stage(list_kind=ListKind.BLUE)
        a_run(stage, anna_walks(stage)).go()
        assert [alert.list_kind for alert in stage.alerts()] == [ListKind.BLUE]

    def test_somebody_whose_time_on_the_list_is_over_raises_no_alert(self):
        """The entry expires a moment before she comes; the gallery need not know it yet."""
        stage = a_stage(expires_at=OPENS + 3 * TICK)
        run = a_run(stage, anna_walks(stage))
        run.go()
        assert (stage.alerts(), run.told.alerts) == ((), [])


class TestCounts:
    def test_a_minute_is_stored_by_camera_with_the_histogram(self):
        """Twenty frames of two people in one minute, one of them listed."""
        stage = a_stage()
        faces = FakeFace(100, 100, ANNA), FakeFace(400, 100, DORA)
        a_run(stage, seen(stage.clock, *faces)).go()
        with stage.reading() as uow:
            (minute,) = uow.counts.minutes("d-1")
            histogram = uow.counts.histogram("d-1")
        assert (minute.camera_id, minute.minute) == (CAMERA, OPENS)
        assert minute.counts.faces_seen == 2
        assert minute.counts.frames_analysed == 20
        assert sum(histogram.values()) == minute.counts.searches == 2

    def test_made_is_erased_plus_in_alerts_in_store_and_log(self):
        """R-31: two people, two shots and a probe each; Anna's probe is in the alert."""
        stage = a_stage()
        faces = FakeFace(100, 100, ANNA), FakeFace(400, 100, DORA)
        a_run(stage, seen(stage.clock, *faces)).go()
        totals = stage.totals()
        assert (totals.made, totals.erased, totals.in_alerts) == (6, 5, 1)
        logged = [e.details for e in stage.events(EventKind.TEMPLATES_COUNTED)]
        assert sum(d["made"] for d in logged) == 6
        assert sum(d["erased"] for d in logged) == 5
        assert logged[-1]["in_memory"] == 0

    def test_what_is_counted_belongs_to_its_minute(self):
        """Two minutes with one passage each are two rows."""
        stage = a_stage()
        pause = [CameraNews] * 40
        script = [
            *seen(stage.clock, FakeFace(100, 100, DORA)),
            *pause,
            *seen(stage.clock, FakeFace(100, 100, DORA), first=1000),
        ]
        a_run(stage, script, step=SECOND).go()
        with stage.reading() as uow:
            minutes = uow.counts.minutes("d-1")
        assert [m.minute for m in minutes if m.counts.faces_seen] == [OPENS, OPENS + MINUTE]

    def test_failed_frames_are_counted(self):
        """A frame that cannot be decoded is a number, not a silence."""
        stage = a_stage()
        script = [CameraNews(failed=(FrameFailed(0, CAMERA, "video.corrupt_frame"),))] * 3
        a_run(stage, script).go()
        assert stage.totals() == LiveCounts(frames_failed=3)


class TestTheAuthoritysEnd:
    def test_no_frame_is_looked_at_from_the_last_second_on(self):
        """R-01: the window ends at 16:00:00; the frame of that moment is not analysed."""
        stage = a_stage(at=CLOSES - SECOND)
        run = a_run(stage, anna_walks(stage, n_frames=60))
        end = run.go()
        analysed = run.rig.recogniser.counts.analysed
        assert analysed == SECOND / TICK - 1
        assert end.stop.reason == "the last window is over"
        assert stage.deployment().state is DeploymentState.ENDED
        assert stage.deployment().ended_at == CLOSES

    def test_the_purge_is_due_from_the_end(self):
        """R-19: 24 hours after the window, however late the software looked."""
        stage = a_stage(at=CLOSES - SECOND)
        a_run(stage, anna_walks(stage, n_frames=60)).go()
        assert stage.deployment().purge_due_at == CLOSES + 24 * HOUR

    def test_a_site_whose_window_ends_closes_its_cameras_alone(self):
        """The south closes at 15:00; the north goes on until 16:00."""
        application = two_sites()
        stage = a_stage(deployment=_live_at_both(application), at=CLOSES - HOUR - SECOND)
        script = [
            news
            for pair in zip(
                seen(stage.clock, FakeFace(100, 100, BERTA), n_frames=60),
                seen(stage.clock, FakeFace(100, 100, CLARA), n_frames=60, camera_id="south-camera"),
                strict=True,
            )
            for news in pair
        ]
        run = a_run(stage, script, site_of=BOTH)
        run.go()
        assert run.cameras.closed == {"south-camera"}
        (closed,) = stage.events(EventKind.SITES_CLOSED)
        assert closed.details["site_ids"] == ("south",)
        north, south = (run.rig.recogniser.of_camera(c)[0].analysed for c in BOTH)
        assert (north, south) == (60, 12)
        assert run.rig.recogniser.of_camera("south-camera")[1].balance() == 0


class TestOtherPeoplesDecisions:
    @pytest.mark.parametrize("decide", [steps.suspend, withdraw])
    def test_stop_the_cameras_within_five_seconds(self, decide):
        """R-07: somebody else suspends or withdraws; the run ends and says why."""
        stage = a_stage()
        decided_at = []

        def somebody():
            decide(stage.workplace, OFFICER.actor_id, "d-1", reason="A threat")
            decided_at.append(stage.clock.at)
            return CameraNews()

        run = a_run(stage, [somebody, *anna_walks(stage, n_frames=400)])
        end = run.go()
        assert end.stop.reason == "A threat"
        assert stage.clock.at - decided_at[0] <= 5 * SECOND
        assert stage.deployment().state is not DeploymentState.LIVE
        assert stage.kinds().count("DeploymentSuspended") <= 1

    def test_no_alert_is_recorded_after_a_suspension(self):
        """Between two looks at the store, the alert's own transaction looks again."""
        stage = a_stage()
        script = anna_walks(stage)
        suspend = script[5]

        def suspended_under_its_feet():
            steps.suspend(stage.workplace, OFFICER.actor_id, "d-1", reason="A threat")
            return suspend()

        script[5] = suspended_under_its_feet
        run = a_run(stage, script)
        run.go()
        assert (stage.alerts(), run.told.alerts) == ((), [])
        assert stage.totals().in_alerts == 0

    def test_an_entry_leaves_the_gallery_within_five_seconds_of_a_new_feed(self):
        """R-14: Anna is no longer wanted; she walks on, and raises nothing."""
        stage = a_stage()
        feeds = iter([FreshnessFeed(frozenset({"N-1"}), 1, "e" * 64)])
        idle = [CameraNews] * 125
        script = [*idle, *anna_walks(stage)]
        run = a_run(stage, script, feed=lambda: next(feeds, None))
        run.go()
        assert stage.alerts() == ()
        assert len(run.rig.recogniser._gallery) == 2
        (read,) = stage.events(EventKind.NO_LONGER_WANTED_FEED_READ)
        assert read.details["n_removed"] == 1

    def test_a_lease_that_is_lost_stops_without_touching_the_store(self):
        """Another service has taken over: it finds the run by itself."""
        stage = a_stage()
        lease = HeldLease()

        def lose():
            lease.is_held = False
            return CameraNews()

        run = a_run(stage, [lose, *anna_walks(stage, n_frames=100)], lease=lease)
        end = run.go()
        assert end.problem.code == "store.leased"
        assert stage.deployment().state is DeploymentState.LIVE


class TestStops:
    def test_a_person_who_stops_it_is_named(self):
        """Ctrl-C suspends, with who did it and why (R-07)."""
        stage = a_stage()
        asked = Asked(stage.clock, OPENS + 10 * TICK)
        end = a_run(stage, anna_walks(stage, n_frames=60), asked=asked).go()
        deployment = stage.deployment()
        assert deployment.state is DeploymentState.SUSPENDED
        assert deployment.suspended_by == OPERATOR.actor_id
        assert deployment.suspended_reason == end.stop.reason == "stopped at the keyboard"

    def test_a_machine_that_stops_it_is_the_software(self):
        """SIGTERM suspends too; nobody is blamed."""
        stage = a_stage()
        asked = Asked(stage.clock, OPENS + 10 * TICK, by_person=False)
        a_run(stage, anna_walks(stage, n_frames=60), asked=asked).go()
        assert stage.deployment().suspended_by == "system"

    def test_a_lost_camera_leaves_the_others_going(self):
        """It is logged, its templates are erased, and it may come back."""
        stage = a_stage(deployment=_live_at_both(two_sites()))
        script = [
            *seen(stage.clock, FakeFace(100, 100, DORA), camera_id="south-camera"),
            CameraNews(lost=(LostCamera("south-camera", "camera.lost"),)),
            *anna_walks(stage),
            CameraNews(returned=("south-camera",)),
        ]
        run = a_run(stage, script, site_of=BOTH)
        run.go()
        assert len(stage.alerts()) == 1
        (lost,), (returned,) = (
            stage.events(EventKind.CAMERA_LOST),
            stage.events(EventKind.CAMERA_RETURNED),
        )
        assert lost.details == {"camera_id": "south-camera", "code": "camera.lost"}
        assert returned.details == {"camera_id": "south-camera"}

    def test_the_last_camera_lost_suspends(self):
        """Nothing is seen any more, so it does not go on as if it were."""
        stage = a_stage()
        script = [
            *anna_walks(stage),
            CameraNews(lost=(LostCamera(CAMERA, "camera.lost"),)),
            *anna_walks(stage),
        ]
        end = a_run(stage, script).go()
        assert end.stop.reason == "no camera is left (camera.lost)"
        assert stage.deployment().suspended_reason == end.stop.reason

    def test_too_many_failed_frames_are_a_lost_camera(self):
        """More than 250 in a row: the picture is gone, whatever the connection says."""
        stage = a_stage()
        broken = CameraNews(failed=(FrameFailed(0, CAMERA, "video.corrupt_frame"),))
        end = a_run(stage, [broken] * 300).go()
        assert end.stop.reason == "no camera is left (camera.too_many_failed_frames)"
        assert stage.totals().frames_failed == 251

    def test_networks_that_fail_suspend_with_their_code(self):
        """The run time's error is recorded, returned, and every template erased."""
        stage = a_stage()
        run = a_run(stage, anna_walks(stage))

        def fail(images, limits):
            raise ModelRunError("the run time failed")

        run.models.detector.detect = fail
        end = run.go()
        assert end.problem.code == "models.run_failed"
        assert stage.deployment().suspended_reason == "the run time failed"

    def test_a_mistake_of_the_program_is_recorded_and_raised(self):
        """What nobody foresaw suspends as well, and is not swallowed."""
        stage = a_stage()

        def mistake(pixels):
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            a_run(stage, anna_walks(stage), encode=mistake).go()
        assert stage.deployment().suspended_reason == "failed: ZeroDivisionError"

    def test_an_integrity_error_is_recorded_and_raised(self):
        """Something is not what was recorded: nobody goes on."""
        stage = a_stage()

        def mismatch(pixels):
            raise ErasureMismatchError("templates do not add up")

        with pytest.raises(ErasureMismatchError):
            a_run(stage, anna_walks(stage), encode=mismatch).go()
        assert stage.deployment().state is DeploymentState.SUSPENDED

    def test_a_store_that_is_gone_stops_within_five_seconds(self):
        """Whoever cannot ask whether it may go on, stops; the next start records it."""
        stage = a_stage()
        is_gone = []

        def gone_reading():
            if is_gone:
                raise StoreUnavailableError("the store could not be read")
            return stage.store.reading()

        def lose():
            is_gone.append(stage.clock.at)
            return CameraNews()

        run = a_run(stage, [lose, *[CameraNews] * 400])
        run.rig.watch._reading = gone_reading
        run.rig.watch._gallery._reading = gone_reading
        end = run.go()
        assert end.stop.code == "store.unavailable"
        assert stage.clock.at - is_gone[0] <= 5 * SECOND


class TestTheNextStart:
    def test_suspends_what_a_service_left_live(self):
        """A process that was killed said nothing; the reason is recorded afterwards."""
        stage = a_stage()
        recover_deployments(stage.workplace, stage.reading)
        deployment = stage.deployment()
        assert deployment.state is DeploymentState.SUSPENDED
        assert deployment.suspended_reason == "the service stopped"
        assert stage.kinds()[-1] == "DeploymentSuspended"

    def test_counts_templates_as_erased_that_were_in_the_memory(self):
        """Made 4, erased 1, in alerts 1: two were in a memory that is gone (R-31)."""
        stage = a_stage()
        with stage.workplace.open() as uow:
            counts = LiveCounts(made=4, erased=1, in_alerts=1)
            uow.counts.add_minute(MinuteCounts("d-1", CAMERA, OPENS, counts))
            uow.commit()
        recover_deployments(stage.workplace, stage.reading)
        assert stage.totals() == LiveCounts(made=4, erased=3, in_alerts=1)
        (event,) = stage.events(EventKind.TEMPLATES_COUNTED)
        assert event.details["erased"] == 2

    def test_leaves_alone_what_was_stopped_in_order(self):
        """Nothing is written where nothing is open."""
        stage = a_stage()
        a_run(stage, anna_walks(stage)).go()
        n_events = len(stage.kinds())
        assert recover_deployments(stage.workplace, stage.reading) == ()
        assert len(stage.kinds()) == n_events


class TestTheLimit:
    def test_a_status_is_logged_once_a_change(self):
        """R-43: not demonstrated after a few faces; the same again says nothing new."""
        stage = a_stage()
        script = [
            *seen(stage.clock, FakeFace(100, 100, DORA)),
            *([CameraNews] * 200),
        ]
        run = a_run(stage, script, step=SECOND)
        run.go()
        (event,) = stage.events(EventKind.LIMIT_STATUS_CHANGED)
        assert event.details["status"] == "not demonstrated"
        assert event.details["is_point_above_limit"] is False
        assert (event.details["n_false"], event.details["faces_seen"]) == (0, 1)
        assert run.statuses[-1].look.finding.status == "not demonstrated"

    def test_enough_faces_without_a_false_alert_are_within(self):
        """No false alert in 3,689 faces: the exact interval ends at 0.1 %."""
        stage = a_stage()
        with stage.workplace.open() as uow:
            for camera, faces in ((CAMERA, 3688), ("other", 1)):
                counts = LiveCounts(faces_seen=faces)
                uow.counts.add_minute(MinuteCounts("d-1", camera, OPENS, counts))
            uow.commit()
        a_run(stage, [CameraNews] * 100, step=SECOND).go()
        (event,) = stage.events(EventKind.LIMIT_STATUS_CHANGED)
        assert event.details["status"] == "within"


def _live_at_both(application):
    """Return a deployment that is live at two sites, as its other conditions are met elsewhere."""
    sites = tuple(LiveSite(s.site_id, s.windows[0].ends_at) for s in application.sites)
    return replace(live(), application=application, live_sites=sites)
