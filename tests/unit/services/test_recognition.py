from dataclasses import replace

import numpy as np
import pytest

from overt.core.erasure import TemplateLedger
from overt.core.gallery import freeze_gallery
from overt.core.matching import search
from overt.core.zone import Zone
from overt.errors import TemplateMismatchError
from overt.services import recognition
from overt.services.recognition import Recogniser
from overt.services.recognition_counts import RecognitionCounts
from overt.testing import (
    ANNA,
    BERTA,
    CLARA,
    FAKE_PACK,
    FakeFace,
    FakeModels,
    a_frame,
    a_gallery,
    a_search_result,
    an_operating_point,
)

POINT = an_operating_point()
LEFT_HALF = Zone(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
# Lower left of the diagonal from the upper left to the lower right corner.
BELOW_DIAGONAL = Zone(((0.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


def a_walk(*faces, n_frames=20, first=0, step_px=2, **frame):
    """Return frames in which the faces walk to the right."""
    return [
        a_frame(*(replace(f, left=f.left + step_px * i) for f in faces), index=first + i, **frame)
        for i in range(n_frames)
    ]


def a_growing_face(who, n_frames=40):
    """Return frames in which one face comes nearer, so that its quality rises."""
    return [a_frame(FakeFace(200, 80, who, side_px=48 + 2 * i), index=i) for i in range(n_frames)]


def a_recogniser(models=None, gallery=None, point=POINT, **zones):
    """Return a fresh recogniser of fakes."""
    gallery = a_gallery() if gallery is None else gallery
    return Recogniser(models or FakeModels(), gallery, point, zones=zones)


def run(recogniser, frames, *, at_once=1):
    """Return the alerts of some frames, every track ended."""
    alerts = []
    for start in range(0, len(frames), at_once):
        for analysed in recogniser.analyse(frames[start : start + at_once]):
            alerts.extend(analysed.alerts)
    recogniser.finish()
    return alerts


def summaries(alerts):
    """Return what identifies each alert."""
    return [(a.camera_id, a.track_id, a.frame_index, a.entry_id, a.score) for a in alerts]


class TestWhoRaisesAnAlert:
    def test_a_listed_person_who_crosses_raises_one_alert(self):
        """Twenty frames of Anna, who is on the list, make one alert that names her (R-50)."""
        (alert,) = run(a_recogniser(), a_walk(FakeFace(100, 100, ANNA)))
        assert alert.entry_id == "anna"
        assert alert.score == pytest.approx(1.0, abs=1e-6)
        assert alert.threshold == 0.6
        assert alert.operating_point_digest == POINT.digest()
        assert alert.gallery_fingerprint == a_gallery().fingerprint

    def test_the_alert_comes_with_the_second_shot(self):
        """Confirmed at the third frame (0.08 s), second shot 0.12 s later: frame 5."""
        (alert,) = run(a_recogniser(), a_walk(FakeFace(100, 100, ANNA)))
        assert (alert.frame_index, alert.elapsed_s, alert.n_shots) == (5, 0.2, 2)
        np.testing.assert_array_equal(alert.box_xyxy, [110, 100, 174, 164])

    def test_an_unlisted_person_leaves_counters_only(self):
        """Berta raises nothing; one face and one search of a low score are counted (R-31)."""
        recogniser = a_recogniser()
        assert run(recogniser, a_walk(FakeFace(100, 100, BERTA))) == []
        assert recogniser.counts.faces_seen == 1
        assert recogniser.counts.searches == 1
        ((bin_, count),) = recogniser.counts.score_histogram.items()
        assert (bin_ < 50, count) == (True, 1)

    def test_a_frame_tells_which_tracks_were_searched_with_it(self):
        """An unlisted person's too, with the second shot in frame 5; only a rehearsal looks."""
        searched = [
            (each.frame.index, each.searched)
            for each in a_recogniser().analyse(a_walk(FakeFace(100, 100, BERTA)))
            if each.searched
        ]
        ((index, (track_id,)),) = searched
        assert (index, track_id) == (5, 1)

    def test_of_two_people_the_listed_one(self):
        """With both in the picture, only Anna's track raises an alert."""
        faces = FakeFace(100, 100, BERTA), FakeFace(300, 100, ANNA)
        (alert,) = run(a_recogniser(), a_walk(*faces))
        np.testing.assert_array_equal(alert.box_xyxy, [310, 100, 374, 164])

    def test_a_track_that_goes_over_to_a_listed_person_starts_afresh(self):
        """Berta's shots are erased, not fused, when the track shows Anna: full score, own shots."""
        berta = [a_frame(FakeFace(100 + 2 * i, 100, BERTA, side_px=48), index=i) for i in range(10)]
        anna = [
            a_frame(FakeFace(100 + 2 * i, 100, ANNA, side_px=48 + 2 * (i - 10)), index=i)
            for i in range(10, 40)
        ]
        models = FakeModels()
        recogniser = a_recogniser(models)
        (alert,) = run(recogniser, berta + anna)
        assert recogniser.counts.faces_seen == 1  # the tracker went over
        assert (alert.entry_id, alert.n_shots) == ("anna", 2)
        assert alert.score == pytest.approx(1.0, abs=1e-6)
        assert not any(rows.any() for rows in models.embedder.made)

    def test_an_empty_gallery_raises_nothing(self):
        """Faces are counted and erased as ever; there is no score to count."""
        recogniser = a_recogniser(gallery=a_gallery({}))
        assert run(recogniser, a_walk(FakeFace(100, 100, ANNA))) == []
        assert (recogniser.counts.faces_seen, recogniser.counts.searches) == (1, 1)
        assert not recogniser.counts.score_histogram

    def test_the_margin_to_the_second_entry_is_told(self):
        """With a gallery of two the alert says how far the other entry is behind."""
        gallery = a_gallery({"anna": ANNA, "clara": CLARA})
        (alert,) = run(a_recogniser(gallery=gallery), a_walk(FakeFace(100, 100, ANNA)))
        vectors = dict(zip(gallery.entry_ids, gallery.matrix, strict=True))
        other = float(vectors["anna"] @ vectors["clara"])
        assert alert.runner_up_margin == pytest.approx(1 - other, abs=1e-6)

    def test_the_picture_shows_the_face_with_its_surroundings(self):
        """The box of 64 px and 35 % of it on every side: 64 + 2 x 22.4, cut to whole pixels."""
        (alert,) = run(a_recogniser(), a_walk(FakeFace(100, 100, ANNA), step_px=0))
        # 100 - 22.4 = 77.6 -> 77; 164 + 22.4 = 186.4 -> 186.
        assert alert.crop_rgb.shape == (109, 109, 3)
        assert (alert.crop_rgb[50, 50, 2], alert.crop_rgb[0, 0].tolist()) == (90, [0, 0, 0])

    def test_within_the_cool_down_a_second_track_is_silent(self):
        """Anna comes back after 2 s and after 12 s: the first and the third track raise alerts."""
        face = FakeFace(100, 100, ANNA)
        frames = [*a_walk(face), *a_walk(face, first=70), *a_walk(face, first=320)]
        recogniser = a_recogniser()
        alerts = run(recogniser, frames)
        assert [alert.track_id for alert in alerts] == [1, 3]
        assert (recogniser.counts.faces_seen, recogniser.templates.in_alerts) == (3, 2)


class TestWhoIsNeverLookedAt:
    def test_only_the_zones_crop_is_given_to_the_detector(self):
        """The left half of 640 x 360 pixels is 320 x 360."""
        models = FakeModels()
        run(a_recogniser(models, c1=LEFT_HALF), a_walk(FakeFace(100, 100), n_frames=3))
        assert models.detector.sizes_wh == [(320, 360)] * 3

    def test_a_camera_without_a_zone_is_looked_at_whole(self):
        """Another camera's zone does not count."""
        models = FakeModels()
        run(a_recogniser(models, c2=LEFT_HALF), a_walk(FakeFace(100, 100), n_frames=1))
        assert models.detector.sizes_wh == [(640, 360)]

    def test_faces_come_back_in_the_pixels_of_the_picture(self):
        """A zone that starts at x = 320 does not move boxes."""
        right_half = Zone(((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))
        recogniser = a_recogniser(c1=right_half)
        (alert,) = run(recogniser, a_walk(FakeFace(400, 100, ANNA), step_px=0))
        np.testing.assert_array_equal(alert.box_xyxy, [400, 100, 464, 164])

    def test_a_face_outside_the_zone_is_never_embedded(self):
        """Inside the crop but outside the polygon: not tracked, not counted, not embedded."""
        models = FakeModels()
        recogniser = a_recogniser(models, c1=BELOW_DIAGONAL)
        assert run(recogniser, a_walk(FakeFace(500, 50, ANNA), step_px=0)) == []
        assert (models.embedder.chips, recogniser.counts.faces_seen) == ([], 0)
        assert recogniser.templates == TemplateLedger()

    def test_a_face_outside_the_zone_is_still_reported_as_found(self):
        """So that whoever draws the picture can hide it (R-32)."""
        recogniser = a_recogniser(c1=BELOW_DIAGONAL)
        (analysed,) = recogniser.analyse(a_walk(FakeFace(500, 50, ANNA), n_frames=1))
        assert (len(analysed.found), analysed.seen) == (1, ())

    def test_a_small_face_is_never_tracked(self):
        """31 pixels are below the detection limit of 32."""
        models = FakeModels()
        recogniser = a_recogniser(models)
        run(recogniser, a_walk(FakeFace(100, 100, ANNA, side_px=31)))
        assert (models.embedder.chips, recogniser.counts.faces_seen) == ([], 0)

    def test_a_face_below_the_quality_limit_is_counted_with_its_reason(self):
        """39 pixels are seen, and too few to be embedded."""
        models = FakeModels()
        recogniser = a_recogniser(models)
        run(recogniser, a_walk(FakeFace(100, 100, ANNA, side_px=39)))
        assert (models.embedder.chips, recogniser.counts.faces_seen) == ([], 1)
        # Twenty frames, of which the first two are tentative.
        assert recogniser.counts.rejected == {"too_small": 18}

    def test_a_tentative_track_is_never_searched(self):
        """Two detections do not make a face seen, so they cost no template."""
        models = FakeModels()
        recogniser = a_recogniser(models)
        run(recogniser, [*a_walk(FakeFace(100, 100, ANNA), n_frames=2), *a_walk(first=2)])
        assert (models.embedder.chips, recogniser.counts.searches) == ([], 0)

    def test_one_shot_is_not_searched(self):
        """Three frames confirm the track and give one shot; a search needs two."""
        recogniser = a_recogniser()
        run(recogniser, a_walk(FakeFace(100, 100, ANNA), n_frames=3))
        assert recogniser.counts.searches == 0
        assert recogniser.templates == TemplateLedger(made=1, erased=1)

    def test_a_level_quality_costs_two_shots(self):
        """A face that gets no better is embedded twice in fifty frames."""
        models = FakeModels()
        run(a_recogniser(models), a_walk(FakeFace(100, 100, BERTA), n_frames=50))
        assert sum(len(chips) for chips in models.embedder.chips) == 2

    def test_a_face_that_gets_better_is_embedded_again_up_to_the_limit(self):
        """A face that grows costs more than two shots and at most six; each is searched."""
        models = FakeModels()
        recogniser = a_recogniser(models)
        run(recogniser, a_growing_face(BERTA))
        n_shots = sum(len(chips) for chips in models.embedder.chips)
        assert 2 < n_shots <= 6
        assert recogniser.counts.searches == n_shots - 1


class TestErasure:
    def test_nothing_is_left_of_a_face_without_an_alert(self, monkeypatch):
        """Vectors, chips, probes and pictures are zeros after the track (R-30)."""
        models, shots, probes = FakeModels(), [], []

        def searched(given, *args, **kwargs):
            probes.extend(given)
            return search(given, *args, **kwargs)

        monkeypatch.setattr(recognition, "search", searched)
        recogniser = a_recogniser(models)
        for frame in a_walk(FakeFace(100, 100, BERTA)):
            list(recogniser.analyse([frame]))
            for lane in recogniser._lanes.values():
                shots += [shot for held in lane.shots.values() for shot in held.shots]
        assert any(shot.picture_rgb.any() for shot in shots)
        recogniser.finish()
        assert len(models.embedder.made) == 2
        assert not any(rows.any() for rows in models.embedder.made)
        assert not any(chips.any() for chips in models.embedder.chips)
        assert not any(shot.picture_rgb.any() or shot.vector.any() for shot in shots)
        assert len(probes) == 1
        assert not probes[0].vector.any()

    def test_a_track_is_erased_when_it_is_lost_not_at_the_end(self):
        """One second without the face, and its vectors are zeros while the run goes on (R-30)."""
        models = FakeModels()
        recogniser = a_recogniser(models)
        for frame in [*a_walk(FakeFace(100, 100, BERTA)), *a_walk(first=20, n_frames=27)]:
            list(recogniser.analyse([frame]))
        assert not any(rows.any() for rows in models.embedder.made)
        assert recogniser.templates.balance() == 0

    def test_an_alert_keeps_its_probe_and_picture_alone(self):
        """The shots of a track with an alert are erased as well; the alert has copies."""
        models = FakeModels()
        (alert,) = run(a_recogniser(models), a_walk(FakeFace(100, 100, ANNA)))
        assert not any(rows.any() for rows in models.embedder.made)
        assert np.linalg.norm(alert.probe.vector) == pytest.approx(1)
        assert alert.crop_rgb.any()

    def test_the_frames_themselves_stay_as_they_are(self):
        """Erasing works on copies: whoever shows the frame finds it whole."""
        frames = a_walk(FakeFace(100, 100, BERTA))
        before = [frame.pixels_rgb.copy() for frame in frames]
        run(a_recogniser(), frames)
        for frame, pixels in zip(frames, before, strict=True):
            np.testing.assert_array_equal(frame.pixels_rgb, pixels)

    def test_made_is_erased_plus_alerts_plus_live_at_every_moment(self):
        """After each frame the balance is the shots held by live tracks; at the end 0 (R-31)."""
        recogniser = a_recogniser()
        faces = FakeFace(50, 100, ANNA), FakeFace(250, 100, BERTA), FakeFace(450, 100, CLARA)
        for frame in [*a_walk(*faces), *a_walk(faces[1], first=50), *a_walk(first=90)]:
            list(recogniser.analyse([frame]))
            held = [h for lane in recogniser._lanes.values() for h in lane.shots.values()]
            assert recogniser.templates.balance() == sum(len(h.shots) for h in held)
        recogniser.finish()
        # Four tracks of two shots and one probe; Anna's probe is in the alert.
        assert recogniser.templates == TemplateLedger(made=12, erased=11, in_alerts=1)

    def test_a_track_that_ended_is_forgotten_by_the_policy(self):
        """Of a track with an alert nothing but the alert is kept, however long the run."""
        recogniser = a_recogniser()
        run(recogniser, a_walk(FakeFace(100, 100, ANNA)))
        assert recogniser._policy._raised == set()

    def test_no_counter_can_hold_a_person(self):
        """What is kept without an alert is numbers, by reason and by score (R-31)."""
        recogniser = a_recogniser()
        run(recogniser, [*a_growing_face(BERTA), *a_walk(FakeFace(9, 9, CLARA, side_px=35))])
        kept = {name: getattr(recogniser.counts, name) for name in RecognitionCounts.__slots__}
        assert set(kept) == {"analysed", "faces_seen", "searches", "rejected", "score_histogram"}
        assert {type(kept[name]) for name in ("analysed", "faces_seen", "searches")} == {int}
        assert set(map(type, kept["rejected"])) == {str}
        assert set(kept["rejected"]) <= {"too_small", "cut_off", "blurred"}
        assert {type(n) for pair in kept["score_histogram"].items() for n in pair} == {int}
        assert {type(n) for n in kept["rejected"].values()} == {int}


class TestSeveralCameras:
    def test_two_cameras_are_searched_together(self, monkeypatch):
        """Probes of the same instant go through one search, chips through one run."""
        models, sizes = FakeModels(), []

        def searched(probes, *args, **kwargs):
            sizes.append(len(probes))
            return search(probes, *args, **kwargs)

        monkeypatch.setattr(recognition, "search", searched)
        recogniser = a_recogniser(models)
        pairs = zip(
            a_walk(FakeFace(100, 100, ANNA), camera_id="c1"),
            a_walk(FakeFace(100, 100, BERTA), camera_id="c2"),
            strict=True,
        )
        for pair in pairs:
            list(recogniser.analyse(pair))
        recogniser.finish()
        assert [len(chips) for chips in models.embedder.chips] == [2, 2]
        assert max(sizes) == 2
        assert sum(sizes) == 2

    def test_two_cameras_do_not_mix(self):
        """The same place and time on two cameras are two tracks; each has its own alert."""
        frames = [
            frame
            for pair in zip(
                a_walk(FakeFace(100, 100, ANNA), camera_id="c1"),
                a_walk(FakeFace(100, 100, BERTA), camera_id="c2"),
                strict=True,
            )
            for frame in pair
        ]
        gallery = a_gallery({"anna": ANNA, "berta": BERTA})
        recogniser = a_recogniser(gallery=gallery)
        alerts = run(recogniser, frames, at_once=2)
        assert [(a.camera_id, a.entry_id) for a in alerts] == [("c1", "anna"), ("c2", "berta")]
        assert recogniser.counts.faces_seen == 2

    def test_an_alert_stands_with_its_own_cameras_frame(self):
        """Whoever is told of a frame is told of that frame's alerts only."""
        recogniser = a_recogniser()
        for first, second in zip(
            a_walk(FakeFace(100, 100, ANNA), camera_id="c1"),
            a_walk(camera_id="c2"),
            strict=True,
        ):
            one, two = recogniser.analyse([first, second])
            assert all(alert.camera_id == "c1" for alert in one.alerts)
            assert two.alerts == ()

    def test_a_zone_belongs_to_its_camera(self):
        """The same face is outside the zone of one camera and inside that of the other."""
        recogniser = a_recogniser(c1=BELOW_DIAGONAL)
        face = FakeFace(500, 50, ANNA)
        frames = [f for c in ("c1", "c2") for f in a_walk(face, step_px=0, camera_id=c)]
        (alert,) = run(recogniser, frames)
        assert alert.camera_id == "c2"

    def test_frames_of_one_camera_keep_their_order(self):
        """Four frames at once come back in order and give the same tracks as one at a time."""
        frames = a_walk(FakeFace(100, 100, ANNA), n_frames=4)
        analysed = list(a_recogniser().analyse(frames))
        assert [item.frame.index for item in analysed] == [0, 1, 2, 3]
        assert [item.seen[0].track.n_hits for item in analysed] == [1, 2, 3, 4]

    def test_no_frames_give_nothing(self):
        """An empty list is not an error."""
        assert list(a_recogniser().analyse([])) == []


class TestEachCamera:
    def test_has_its_own_counts_and_ledger(self):
        """Two people before one camera, one before the other; the sums are the run's."""
        recogniser = a_recogniser()
        both = a_walk(FakeFace(100, 100, ANNA), FakeFace(400, 100, BERTA), camera_id="c1")
        run(recogniser, [*both, *a_walk(FakeFace(100, 100, CLARA), camera_id="c2")])
        (one, made_of_one), (other, made_of_other) = map(recogniser.of_camera, ("c1", "c2"))
        assert (one.faces_seen, other.faces_seen) == (2, 1)
        assert (one.analysed, other.analysed) == (20, 20)
        assert (one.searches, other.searches) == (2, 1)
        # Two shots and one probe a person; Anna's probe is in the alert.
        assert made_of_one == TemplateLedger(made=6, erased=5, in_alerts=1)
        assert made_of_other == TemplateLedger(made=3, erased=3)
        assert recogniser.counts.faces_seen == 3
        assert recogniser.templates == TemplateLedger(made=9, erased=8, in_alerts=1)

    def test_that_is_closed_leaves_no_template(self):
        """Its tracks end at once and are erased; the other camera goes on (R-30)."""
        recogniser = a_recogniser()
        for one, other in zip(
            a_walk(FakeFace(100, 100, BERTA), camera_id="c1"),
            a_walk(FakeFace(100, 100, CLARA), camera_id="c2"),
            strict=True,
        ):
            list(recogniser.analyse([one, other]))
        recogniser.end_camera("c1")
        assert recogniser.of_camera("c1")[1].balance() == 0
        assert recogniser.of_camera("c2")[1].balance() > 0


class TestAGalleryThatIsReplaced:
    def test_is_searched_from_the_next_frame_on(self):
        """Somebody who left the list raises no alert any more (R-14)."""
        recogniser = a_recogniser()
        recogniser.replace_gallery(a_gallery({"clara": CLARA}))
        (alert,) = run(
            recogniser, a_walk(FakeFace(100, 100, ANNA), FakeFace(400, 100, CLARA), n_frames=20)
        )
        assert alert.entry_id == "clara"

    def test_comes_from_the_same_pack(self):
        """Templates of different packs cannot be compared."""
        with pytest.raises(TemplateMismatchError):
            a_recogniser().replace_gallery(freeze_gallery({}, pack_digest="another"))


def test_an_alert_that_is_taken_back_leaves_nothing():
    """What could not be recorded is erased, and the ledger balances (R-31)."""
    recogniser = a_recogniser()
    (alert,) = run(recogniser, a_walk(FakeFace(100, 100, ANNA)))
    recogniser.take_back(alert)
    assert not alert.probe.vector.any()
    assert not alert.crop_rgb.any()
    assert recogniser.templates == TemplateLedger(made=3, erased=3, in_alerts=0)


@pytest.mark.parametrize("at_once", [1, 4, 20])
def test_a_replay_gives_the_same_alerts(at_once):
    """Whatever the number of frames detected together, alerts and counters are equal."""
    faces = FakeFace(50, 100, ANNA), FakeFace(250, 60, BERTA), FakeFace(450, 200, CLARA)
    gallery = a_gallery({"anna": ANNA, "clara": CLARA})
    first, again = a_recogniser(gallery=gallery), a_recogniser(gallery=gallery)
    one = run(first, a_walk(*faces))
    other = run(again, a_walk(*faces), at_once=at_once)
    assert summaries(one) == summaries(other)
    assert len(one) == 2
    assert (first.counts, first.templates) == (again.counts, again.templates)


def test_a_gallery_of_another_pack_is_refused_before_the_first_frame():
    """Templates of different packs cannot be compared, so the run does not start."""
    with pytest.raises(TemplateMismatchError) as caught:
        a_recogniser(gallery=freeze_gallery({}, pack_digest="another"))
    assert caught.value.fields == {"expected": FAKE_PACK, "found": "another"}


@pytest.mark.parametrize(
    ("score", "bin_"), [(0.29, 29), (0.57, 57), (0.2999, 29), (-0.001, -1), (0.0, 0), (1.0, 100)]
)
def test_a_score_is_counted_in_its_hundredth(score, bin_):
    """Rounded down; 0.29 x 100 is 28.999... in floating point and still belongs to 29."""
    counts = RecognitionCounts()
    counts.count_search(a_search_result({"anna": score}))
    assert counts.score_histogram == {bin_: 1}
