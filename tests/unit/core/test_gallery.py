import numpy as np
import pytest

from overt.core.gallery import Gallery, freeze_gallery
from overt.core.template import Template, TemplateRole, unit_rows
from overt.errors import TemplateMismatchError


def a_reference(*vector, pack_digest="p"):
    """Return a reference template of some numbers."""
    return Template(np.array(vector, np.float32), TemplateRole.REFERENCE, pack_digest)


def test_rows_are_in_the_order_of_their_entries():
    """The order of enrolment decides nothing: neither rows nor fingerprint."""
    a, b = a_reference(1, 0), a_reference(0, 1)
    one = freeze_gallery({"b": b, "a": a}, pack_digest="p")
    other = freeze_gallery({"a": a, "b": b}, pack_digest="p")
    assert one.entry_ids == ("a", "b")
    np.testing.assert_array_equal(one.matrix, [[1, 0], [0, 1]])
    assert one.fingerprint == other.fingerprint
    assert len(one) == 2


def test_a_gallery_cannot_be_changed():
    """Its rows are read-only, and not those of the templates."""
    template = a_reference(1, 0)
    gallery = freeze_gallery({"a": template}, pack_digest="p")
    with pytest.raises(ValueError, match="read-only"):
        gallery.matrix[0, 0] = 5
    template.erase()
    np.testing.assert_array_equal(gallery.matrix, [[1, 0]])


@pytest.mark.parametrize(
    ("references", "pack_digest"),
    [
        ({"a": a_reference(0, 1)}, "p"),
        ({"b": a_reference(1, 0)}, "p"),
        ({"a": a_reference(1, 0), "b": a_reference(1, 0)}, "p"),
        ({"a": a_reference(1, 0, pack_digest="q")}, "q"),
        ({}, "p"),
    ],
)
def test_the_fingerprint_tells_galleries_apart(references, pack_digest):
    """Another row, entry, number of entries or pack is another fingerprint."""
    known = freeze_gallery({"a": a_reference(1, 0)}, pack_digest="p")
    assert freeze_gallery(references, pack_digest=pack_digest).fingerprint != known.fingerprint


def test_the_fingerprint_tells_where_an_identifier_ends():
    """Entries ab and c are not entries a and bc; nor are rows exchanged between entries."""
    rows = np.eye(2, dtype=np.float32)
    known = Gallery(rows, ("ab", "c"), "p").fingerprint
    assert Gallery(rows, ("a", "bc"), "p").fingerprint != known
    assert Gallery(rows[::-1].copy(), ("ab", "c"), "p").fingerprint != known


def test_an_empty_gallery_has_no_rows():
    """A watchlist may be empty."""
    gallery = freeze_gallery({}, pack_digest="p")
    assert (len(gallery), gallery.matrix.shape, gallery.entry_ids) == (0, (0, 0), ())


def test_a_template_of_another_pack_is_refused():
    """Vectors of different networks cannot be compared."""
    with pytest.raises(TemplateMismatchError) as caught:
        freeze_gallery({"a": a_reference(1, 0, pack_digest="q")}, pack_digest="p")
    assert caught.value.fields == {"expected": "p"}


def test_templates_of_different_lengths_are_refused():
    """A gallery is one matrix."""
    with pytest.raises(TemplateMismatchError, match="length"):
        freeze_gallery({"a": a_reference(1, 0), "b": a_reference(1, 0, 0)}, pack_digest="p")


def test_an_erased_template_is_zeros_in_place():
    """The array itself, not a copy (R-30)."""
    vector = np.array([0.6, 0.8], np.float32)
    Template(vector, TemplateRole.PROBE, "p").erase()
    assert not vector.any()


def test_unit_rows():
    """(3, 4) becomes (0.6, 0.8); a row of zeros stays; single precision, contiguous."""
    rows = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0]], atol=1e-7)
    assert rows.dtype == np.float32
    assert rows.flags.c_contiguous
    assert unit_rows(np.empty((0, 2), np.float32)).shape == (0, 2)
