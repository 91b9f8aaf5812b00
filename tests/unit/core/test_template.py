"""A template: a unit vector that knows its pack and can be erased."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from overt.core.template import Template, TemplateRole, unit_rows

ROWS = hnp.arrays(
    np.float32,
    st.tuples(st.integers(0, 5), st.integers(1, 9)),
    elements=st.floats(-100, 100, width=32),
)


def test_rows_are_scaled_to_unit_length():
    """(3, 4) has length 5, (0, -2) has length 2."""
    scaled = unit_rows(np.array([[3, 4], [0, -2]], np.float32))

    assert scaled.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, -1]]


def test_a_row_of_zeros_stays_zero():
    """It has no direction; there is no division by zero, which would be an error here."""
    assert unit_rows(np.zeros((1, 3), np.float32)).tolist() == [[0, 0, 0]]


def test_scaled_rows_can_be_multiplied_at_once():
    """float32 and contiguous, whatever the input's layout; no rows give no rows."""
    scaled = unit_rows(np.asfortranarray(np.ones((4, 3), np.float64)))

    assert (scaled.dtype, scaled.flags.c_contiguous) == (np.float32, True)
    assert unit_rows(np.empty((0, 128), np.float32)).shape == (0, 128)


@given(rows=ROWS)
def test_every_other_row_has_length_one(rows):
    """For rows that are not tiny, whose squares would vanish."""
    lengths = np.linalg.norm(unit_rows(rows).astype(np.float64), axis=1)
    tall = np.abs(rows).max(axis=1) > 1e-3

    assert np.allclose(lengths[tall], 1, atol=1e-6)


def test_erasing_overwrites_the_very_memory():
    """R-30: whoever still holds the array, or the batch it was cut from, sees zeros."""
    batch = np.ones((3, 4), np.float32)
    template = Template(batch[1], TemplateRole.PROBE, "p")
    template.erase()

    assert template.vector.tolist() == [0, 0, 0, 0]
    assert batch.tolist() == [[1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]


def test_a_template_keeps_its_pack():
    """The pack cannot be put right afterwards."""
    template = Template(np.ones(2, np.float32), TemplateRole.REFERENCE, "p")

    with pytest.raises(FrozenInstanceError):
        template.pack_digest = "q"
