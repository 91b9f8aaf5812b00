from dataclasses import replace

import numpy as np
import pytest

from overt.core.operating_point import QualityLimits
from overt.core.photograph import Photograph
from overt.core.template import TemplateRole
from overt.errors import NothingEnrolledError
from overt.services import enrol_watchlist
from overt.services.enrol_watchlist import EnrolledFace, Refusal, enrol, find_portraits
from overt.testing import (
    ANNA,
    BERTA,
    CLARA,
    FAKE_PACK,
    FakeFace,
    FakeModels,
    a_picture,
    a_template,
    an_operating_point,
)

POINT = an_operating_point()
GOOD = FakeFace(60, 40, ANNA, side_px=120)


def a_photograph(*faces, entry_id="anna", name="anna.jpg", size_wh=(240, 200)):
    """Return a photograph of an entry; faces must keep away from its edge."""
    return Photograph(entry_id, name, a_picture(*faces, size_wh=size_wh))


def unreadable(entry_id="anna", name="broken.jpg"):
    """Return a photograph that could not be decoded."""
    return Photograph(entry_id, name, None)


REFUSED = {
    "unreadable": (unreadable(), ("unreadable",)),
    "no face": (a_photograph(), ("no_face",)),
    "a face that is no more than a guess": (
        a_photograph(replace(GOOD, score=0.45)),
        ("no_face",),
    ),
    "two people": (
        a_photograph(FakeFace(20, 40, ANNA), FakeFace(120, 40, BERTA)),
        ("several_faces",),
    ),
    # 45 x 45 is 0.2025 of 100 x 100.
    "somebody behind": (
        a_photograph(FakeFace(10, 40, side_px=100), FakeFace(150, 40, BERTA, side_px=45)),
        ("several_faces",),
    ),
    "too small": (a_photograph(FakeFace(60, 40, side_px=49)), ("too_small",)),
    "too small and blurred": (
        a_photograph(FakeFace(60, 40, side_px=40, is_sharp=False)),
        ("too_small", "blurred"),
    ),
    "blurred": (a_photograph(replace(GOOD, is_sharp=False)), ("blurred",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_photograph_is_refused_with_its_reasons(case):
    """Whoever offered it is told which photograph and why; Berta is enrolled (R-15)."""
    photograph, reasons = REFUSED[case]
    good = a_photograph(replace(GOOD, who=BERTA), entry_id="berta", name="berta.jpg")
    enrolment = enrol([photograph, good], FakeModels(), POINT)
    assert enrolment.refusals == (Refusal("anna", photograph.name, reasons),)
    assert list(enrolment.references) == ["berta"]
    assert enrolment.entries_refused() == ("anna",)
    assert enrolment.n_photographs == 2


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (QualityLimits(min_brightness=200), "too_dark"),
        (QualityLimits(max_brightness=20), "too_bright"),
        (QualityLimits(max_turn=-0.1), "turned_away"),
        (QualityLimits(min_inside=1.1), "cut_off"),
    ],
)
def test_every_limit_of_the_operating_point_counts(limits, reason):
    """Each measure of the gate can refuse a photograph (R-15)."""
    (found,) = find_portraits(
        [a_photograph(GOOD)], FakeModels(), replace(POINT, photographs=limits)
    )
    assert found == (reason,)


def test_a_far_smaller_second_face_is_not_a_second_person():
    """A face of 44 x 44 beside one of 100 x 100 is 0.19 of its area: a poster, a passer-by."""
    faces = FakeFace(10, 40, side_px=100), FakeFace(150, 40, BERTA, side_px=44)
    enrolment = enrol([a_photograph(*faces)], FakeModels(), POINT)
    np.testing.assert_array_equal(enrolment.references["anna"].vector, a_template(ANNA).vector)


def test_the_template_is_that_of_the_face():
    """One photograph: the reference is the embedder's vector, with role and pack."""
    reference = enrol([a_photograph(GOOD)], FakeModels(), POINT).references["anna"]
    np.testing.assert_allclose(reference.vector, a_template(ANNA).vector, atol=1e-6)
    assert (reference.role, reference.pack_digest) == (TemplateRole.REFERENCE, FAKE_PACK)


def test_the_box_is_in_the_photographs_own_pixels():
    """The border that helps the detector does not move what comes back."""
    (face,) = find_portraits([a_photograph(GOOD)], FakeModels(), POINT)
    assert isinstance(face, EnrolledFace)
    np.testing.assert_array_equal(face.box_xyxy, [60, 40, 180, 160])
    assert face.entry_id == "anna"
    assert 0 < face.quality <= 1


def test_the_detector_sees_the_photograph_with_its_border_continued():
    """40 % of the longer side, 240, on every side: 96 px."""
    models = FakeModels()
    find_portraits([a_photograph(GOOD)], models, POINT)
    assert models.detector.sizes_wh == [(240 + 192, 200 + 192)]


def test_several_photographs_of_an_entry_become_one_template():
    """Equal vectors stay, different ones are averaged by quality and brought to length 1."""
    photographs = [
        a_photograph(GOOD, name="1.jpg"),
        a_photograph(replace(GOOD, who=CLARA, score=0.6), name="2.jpg"),
    ]
    enrolment = enrol(photographs, FakeModels(), POINT)
    # Quality is the product of size, sharpness (both full here) and detection score.
    mean = 0.9 * a_template(ANNA).vector + 0.6 * a_template(CLARA).vector
    expected = mean / np.linalg.norm(mean)
    (reference,) = enrolment.references.values()
    np.testing.assert_allclose(reference.vector, expected, atol=1e-6)


def test_a_bad_photograph_does_not_refuse_the_entrys_others():
    """Anna's second photograph enrols her; the first is reported all the same."""
    enrolment = enrol([unreadable(), a_photograph(GOOD)], FakeModels(), POINT)
    assert list(enrolment.references) == ["anna"]
    assert enrolment.entries_refused() == ()
    assert [r.photograph for r in enrolment.refusals] == ["broken.jpg"]


def test_refusals_keep_the_order_of_the_photographs():
    """Also across the small groups in which photographs are held in memory."""
    names = [f"{number:02}.jpg" for number in range(20)]
    photographs = [unreadable(name=name) for name in names]
    photographs.insert(10, a_photograph(GOOD))
    enrolment = enrol(photographs, FakeModels(), POINT)
    assert [refusal.photograph for refusal in enrolment.refusals] == names
    assert enrolment.n_photographs == 21


def test_photographs_are_read_a_few_at_a_time():
    """A long list is never in memory at once: the first are embedded before the last is read."""
    models, n_read = FakeModels(), 0
    embedded_when_read = []

    def photographs():
        nonlocal n_read
        for number in range(30):
            n_read += 1
            embedded_when_read.append(sum(len(chips) for chips in models.embedder.chips))
            yield a_photograph(GOOD, entry_id=f"e{number:02}")

    assert len(enrol(photographs(), models, POINT).references) == 30
    waiting = [number - done for number, done in enumerate(embedded_when_read)]
    assert max(waiting) < 10


def test_large_photographs_are_held_one_by_one(monkeypatch):
    """A photograph that has the limit's number of pixels is never in memory with another."""
    monkeypatch.setattr(enrol_watchlist, "_BATCH_PIXELS", 240 * 200)
    models = FakeModels()
    embedded_when_read = []

    def photographs():
        for number in range(3):
            embedded_when_read.append(sum(len(chips) for chips in models.embedder.chips))
            yield a_photograph(GOOD, entry_id=f"e{number}")

    assert len(enrol(photographs(), models, POINT).references) == 3
    assert embedded_when_read == [0, 1, 2]


def test_progress_is_told_of_every_photograph():
    """Refused ones as well."""
    told = []
    photographs = [unreadable(), a_photograph(GOOD)]
    enrol(photographs, FakeModels(), POINT, on_photograph=lambda: told.append(1))
    assert len(told) == 2


def test_entries_are_in_order_of_their_id():
    """The order in which photographs came decides nothing."""
    photographs = [a_photograph(GOOD, entry_id=name) for name in ("b", "a", "c")]
    assert list(enrol(photographs, FakeModels(), POINT).references) == ["a", "b", "c"]


def test_nothing_enrolled_is_an_error_with_the_counts_of_its_reasons():
    """An empty watchlist is never run by accident; the message names nobody."""
    photographs = [unreadable(), a_photograph(), a_photograph(entry_id="berta")]
    with pytest.raises(NothingEnrolledError) as caught:
        enrol(photographs, FakeModels(), POINT)
    assert caught.value.fields == {"unreadable": 1, "no_face": 2}
    assert caught.value.message == "none of 3 photographs could be enrolled"
    assert "berta" not in str(caught.value)


def test_no_photographs_at_all():
    """Nothing offered is nothing enrolled."""
    with pytest.raises(NothingEnrolledError, match="none of 0"):
        enrol([], FakeModels(), POINT)
