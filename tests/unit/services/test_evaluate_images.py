from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from overt.core.photograph import Photograph
from overt.errors import EvaluationDataInvalidError, NothingEnrolledError
from overt.services.evaluate_images import embed_images
from overt.testing import (
    ANNA,
    BERTA,
    CLARA,
    FakeFace,
    FakeModels,
    a_picture,
    a_template,
    an_operating_point,
)

POINT = an_operating_point()


def photograph(who, person, left=60, **face):
    """Return a photograph of one planted face; ``left`` makes it another photograph."""
    face = FakeFace(left, 40, who, **{"side_px": 120, **face})
    return Photograph(person, f"{person}-{left}.jpg", a_picture(face, size_wh=(300, 200)))


GALLERY = [photograph(ANNA, "anna"), photograph(BERTA, "berta")]
PROBES = [photograph(ANNA, "anna", 61), photograph(CLARA, "clara", 62)]


def embedded(gallery=GALLERY, probes=PROBES, **options):
    """Return the templates of these photographs."""
    return embed_images(gallery, probes, FakeModels(), POINT, **options)


def test_photographs_become_templates_of_people():
    """One a person in the gallery, one a photograph among the probes."""
    steps = []
    found = embedded(on_photograph=lambda: steps.append(1))

    assert found.gallery.subject_ids == ("anna", "berta")
    assert found.probes.subject_ids == ("anna", "clara")
    np.testing.assert_allclose(found.probes.rows[0], a_template(ANNA).vector, atol=1e-6)
    assert found.submissions.lost_ids == ()
    assert len(steps) == 4


def test_probes_without_a_face_fail_to_acquire():
    """Of people offered for the gallery they are lost; of others they only count."""
    blank = a_picture(size_wh=(300, 200))
    probes = [*PROBES, Photograph("anna", "x", blank), Photograph("zoe", "y", None)]
    found = embedded(probes=probes).submissions

    assert found.probe_ids == ("anna", "clara", "anna", "zoe")
    assert found.is_refused == (False, False, True, True)
    assert found.lost_ids == ("anna",)


def test_probes_pass_the_gate_of_faces_in_a_picture():
    """45 px are enough for a probe and not for the gallery (R-15)."""
    small = [photograph(CLARA, "clara", 62, side_px=45)]
    found = embedded([*GALLERY, photograph(CLARA, "clara", 63, side_px=45)], small)

    assert found.submissions.n_gallery_refused == found.submissions.n_people_refused == 1
    assert found.submissions.is_refused == (False,)


def test_who_could_not_be_enrolled_is_missed_and_not_searched():
    """Neither mated nor non-mated: their probe would raise no alert, and nobody else's fault."""
    found = embedded([*GALLERY, Photograph("clara", "broken", None)])

    assert found.probes.subject_ids == ("anna",)
    assert found.submissions.lost_ids == ("clara",)


def test_no_probe_leaves_no_template():
    """Nothing to search."""
    assert embedded(probes=[]).probes.rows.shape == (0, 128)


def test_a_gallery_of_nobody_is_refused():
    """No search would mean anything."""
    with pytest.raises(NothingEnrolledError):
        embedded([Photograph("anna", "broken", None)])


@pytest.mark.parametrize(
    ("again", "both"),
    [
        (replace(GALLERY[0], name="copy"), "gallery and probes"),
        (replace(GALLERY[0], entry_id="zoe"), "two people"),
    ],
)
def test_a_photograph_is_in_one_place_and_of_one_person(again, both):
    """Found by its pixels, whatever it is called; the message names nobody."""
    with pytest.raises(EvaluationDataInvalidError, match=f"stands for {both}") as refused:
        embedded(probes=[*PROBES, again])

    assert "anna" not in refused.value.message


def test_the_digest_is_of_photographs_and_people():
    """The same in another order; another with another person."""
    other = embedded(list(reversed(GALLERY)), list(reversed(PROBES)))
    renamed = embedded(probes=[PROBES[0], replace(PROBES[1], entry_id="zoe")])

    assert other.sha256 == embedded().sha256
    assert renamed.sha256 != embedded().sha256


def test_more_photographs_than_a_batch():
    """Nine probes, in order."""
    probes = [photograph(ANNA, f"p{i}", 10 + i) for i in range(9)]

    assert embedded(probes=probes).probes.subject_ids == tuple(f"p{i}" for i in range(9))


@pytest.mark.parametrize(("n_people", "n_parts"), [(1, 1), (3, 1), (4, 2), (8, 4), (9, 4)])
def test_the_gallery_is_cut_into_a_power_of_two(n_people, n_parts):
    """Of two people at least each."""
    people = [((40 + 16 * (i % 8), 40 + 16 * (i // 8)), f"p{i}") for i in range(n_people)]
    found = embedded([photograph(*who) for who in people], [])

    assert found.n_parts() == n_parts
