import weakref
from dataclasses import replace

import numpy as np
import pytest

from overt.core.frame import FrameCounts, FrameFailed
from overt.core.passage import GroundTruth, Passage
from overt.errors import (
    CameraLostError,
    ConsentMissingError,
    OutputUnwritableError,
    TooManyFramesFailedError,
    VideoUnreadableError,
)
from overt.evaluation.counts import RehearsalCounts
from overt.services.recognition import Recogniser
from overt.services.rehearse import RehearsalPlan, check_consent, rehearse
from overt.testing import (
    ANNA,
    BERTA,
    CLARA,
    FakeClock,
    FakeFace,
    FakeModels,
    FakeSource,
    a_frame,
    a_gallery,
    an_operating_point,
)

PLAN = RehearsalPlan("signed by all, 1 January", frozenset({"anna"}))
FACE = FakeFace(100, 100, ANNA)


def failed(index):
    """Return a frame that could not be decoded."""
    return FrameFailed(index, "c1", "video.corrupt_frame")


def standing(*faces, n_frames=20):
    """Return frames in which nobody moves."""
    return [a_frame(*faces, index=index) for index in range(n_frames)]


def a_passage(subject_id, face, *, n_frames=20):
    """Return the truth of a face that stands."""
    boxes = np.tile(face.box_xyxy, (n_frames, 1))
    visible = np.ones(n_frames, np.float32)
    return Passage(f"p-{subject_id}", subject_id, "c1", 0, boxes, visible)


def a_recogniser(models=None, people=None):
    """Return a fresh recogniser; Anna is on the list."""
    return Recogniser(models or FakeModels(), a_gallery(people), an_operating_point())


def run(source, plan=PLAN, *, recogniser=None, clock=None, **rest):
    """Rehearse with fakes."""
    return rehearse(source, recogniser or a_recogniser(), plan, clock=clock or FakeClock(), **rest)


@pytest.mark.parametrize("consent", ["", "   ", "\n\t", "ok", " x "])
def test_a_rehearsal_without_consent_is_refused(consent):
    """A blank or two-letter consent is none; the plan cannot even be made."""
    with pytest.raises(ConsentMissingError):
        check_consent(consent)
    with pytest.raises(ConsentMissingError):
        replace(PLAN, consent=consent)


def test_consent_is_kept_with_the_result():
    """Word for word."""
    assert run(FakeSource(standing())).consent == "signed by all, 1 January"


class TestScoring:
    def test_a_listed_person_who_is_recognised(self):
        """One opportunity, one true alert: flawless, 1 of 1."""
        truth = GroundTruth((a_passage("anna", FACE),))
        result = run(FakeSource(standing(FACE)), truth=truth)
        assert result.scored == RehearsalCounts(1, 1, 0, 0, 1)
        assert (result.is_true, result.passages) == ((True,), 1)
        assert result.is_flawless()
        rate = result.true_recognition_rate()
        assert (rate.count, rate.total) == (1, 1)

    def test_a_passer_by_is_no_opportunity(self):
        """Berta is not on the list: a passage, a face seen, no opportunity, no alert."""
        other = FakeFace(300, 100, BERTA)
        truth = GroundTruth((a_passage("anna", FACE), a_passage("berta", other)))
        result = run(FakeSource(standing(FACE, other)), truth=truth)
        assert result.scored == RehearsalCounts(1, 1, 0, 0, 2)
        assert result.passages == 2

    def test_a_listed_person_whom_nobody_saw_is_missed(self):
        """The truth says that she passed; no detection counts against the rate (R-44)."""
        truth = GroundTruth((a_passage("anna", FACE),))
        result = run(FakeSource(standing()), truth=truth)
        assert result.scored == RehearsalCounts(1, 0, 1, 0, 0)
        assert not result.is_flawless()
        assert result.true_recognition_rate().value == 0

    def test_an_alert_that_names_somebody_else_is_false(self):
        """Clara walks, and looks to the machine like the entry of Anna."""
        truth = GroundTruth((a_passage("clara", FACE),))
        recogniser = a_recogniser(people={"anna": CLARA})
        source = FakeSource(standing(replace(FACE, who=CLARA)))
        result = run(source, recogniser=recogniser, truth=truth)
        assert result.scored == RehearsalCounts(0, 0, 0, 1, 1)
        assert result.is_true == (False,)
        assert not result.is_flawless()
        rate = result.false_alerts_per_face_seen()
        assert (rate.count, rate.total) == (1, 1)

    def test_without_ground_truth_nothing_is_claimed(self):
        """A clip of unknown people gives alerts and counts, no rate."""
        result = run(FakeSource(standing(FACE)))
        assert len(result.alerts) == 1
        assert (result.scored, result.passages, result.is_true) == (None, None, ())
        assert result.true_recognition_rate() is None
        assert result.false_alerts_per_face_seen() is None
        assert not result.is_flawless()

    def test_more_false_alerts_than_faces_are_no_share(self):
        """One face may raise two false alerts, for two entries; 2 of 1 has no interval."""
        result = run(FakeSource(standing(FACE)), truth=GroundTruth(()))
        crowded = replace(result, scored=replace(result.scored, false_alerts=2))
        assert crowded.false_alerts_per_face_seen() is None


class TestFrames:
    def test_failed_frames_are_counted_not_skipped(self):
        """Three of 23 items could not be decoded; the others are analysed."""
        items = standing(FACE)
        for place in (3, 9, 9):
            items.insert(place, failed(place))
        result = run(FakeSource(items))
        assert result.frames == FrameCounts(decoded=20, analysed=20, dropped=0, failed=3)
        assert len(result.alerts) == 1

    def test_too_many_failed_frames_in_a_row_stop_it(self):
        """Five may fail in a row; the sixth stops the rehearsal and names its code."""
        plan = replace(PLAN, max_failed_in_a_row=5)
        source = FakeSource([*standing(n_frames=8), *map(failed, range(8, 14)), *standing()])
        with pytest.raises(TooManyFramesFailedError) as caught:
            run(source, plan)
        assert caught.value.fields == {"code": "video.corrupt_frame"}
        assert (source.n_taken, source.is_open) == (14, False)

    def test_failed_frames_that_are_not_in_a_row_do_not(self):
        """A frame in between starts the count anew."""
        plan = replace(PLAN, max_failed_in_a_row=5)
        items = [*map(failed, range(5)), a_frame(index=5), *map(failed, range(6, 11))]
        assert run(FakeSource(items), plan).frames == FrameCounts(1, 1, 0, 10)

    @pytest.mark.parametrize("items", [[], [failed(0), failed(1)]])
    def test_a_recording_without_one_frame_is_unreadable(self, items):
        """Nothing to look at is an error, not a rehearsal in which nobody came."""
        source = FakeSource(items)
        with pytest.raises(VideoUnreadableError) as caught:
            run(source)
        assert caught.value.fields == {"failed": len(items)}
        assert not source.is_open

    @pytest.mark.parametrize(("at_once", "n_taken"), [(1, [1, 2, 3]), (2, [2, 2, 3])])
    def test_frames_are_detected_together(self, at_once, n_taken):
        """As many as planned are taken before the first is analysed; the last group is shorter."""
        source, taken = FakeSource(standing(n_frames=3)), []
        plan = replace(PLAN, frames_at_once=at_once)
        run(source, plan, on_frame=lambda _: taken.append(source.n_taken))
        assert taken == n_taken

    def test_every_analysed_frame_is_told_in_order(self):
        """Once each, with its alerts."""
        told = []
        result = run(FakeSource(standing(FACE)), on_frame=told.append)
        assert [analysed.frame.index for analysed in told] == list(range(20))
        assert tuple(a for analysed in told for a in analysed.alerts) == result.alerts

    def test_frames_are_not_kept(self):
        """A long rehearsal needs no more memory than a short one."""
        pictures = []

        def frames():
            for index in range(40):
                frame = a_frame(FakeFace(100, 100, BERTA), index=index)
                pictures.append(weakref.ref(frame.pixels_rgb))
                yield frame

        most = 0

        def look(_):
            nonlocal most
            most = max(most, sum(picture() is not None for picture in pictures))

        run(FakeSource(frames()), on_frame=look)
        assert most <= 2 * PLAN.frames_at_once + 1


class TestEnd:
    def test_the_source_is_closed_at_the_end(self):
        """Opened and closed by the rehearsal."""
        source = FakeSource(standing())
        run(source, on_frame=lambda _: source.is_open or pytest.fail("closed too early"))
        assert not source.is_open

    def test_the_ledger_is_settled(self):
        """Made equals erased plus in alerts (R-31)."""
        templates = run(FakeSource(standing(FACE, FakeFace(300, 100, BERTA)))).templates
        assert templates.made == templates.erased + templates.in_alerts == 6
        assert templates.in_alerts == 1

    def test_wall_time_is_the_clocks(self):
        """Two looks at a clock that steps by 4 s; 20 frames in 4 s are 5 a second."""
        result = run(FakeSource(standing()), clock=FakeClock(step_s=4))
        assert (result.wall_s, result.analysed_fps) == (4, 5)

    def test_no_speed_without_time(self):
        """A clock that stands still gives no frames per second, not infinity."""
        assert run(FakeSource(standing())).analysed_fps is None

    @pytest.mark.parametrize("where", ["source", "sink"])
    def test_a_failure_closes_the_source_and_erases_what_was_made(self, where):
        """Whoever fails, no vector and no chip outlives the run (R-30)."""
        models = FakeModels()
        recogniser = a_recogniser(models)
        error = CameraLostError("gone") if where == "source" else None
        source = FakeSource(standing(FACE, FakeFace(300, 100, BERTA), n_frames=12), error=error)

        def sink(analysed):
            if where == "sink" and analysed.frame.index == 10:
                raise OutputUnwritableError("full")

        with pytest.raises((CameraLostError, OutputUnwritableError)):
            run(source, recogniser=recogniser, on_frame=sink)
        assert not source.is_open
        assert len(models.embedder.made) == 2
        assert not any(rows.any() for rows in models.embedder.made)
        assert recogniser.templates.balance() == 0
