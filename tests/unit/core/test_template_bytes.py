import numpy as np
import pytest

from overt.core.template_bytes import template_bytes, template_header, template_vector
from overt.errors import TemplateMismatchError

VECTOR = np.arange(4, dtype=np.float32) / 7


def test_a_template_comes_back_as_it_was():
    """Single precision, bit for bit."""
    data = template_bytes(VECTOR, "pack")

    assert len(data) == 32 + 16
    assert template_vector(data, template_header("pack")).tolist() == VECTOR.tolist()


@pytest.mark.parametrize("data", [template_bytes(VECTOR, "other"), b"", b"x" * 48])
def test_a_template_of_another_pack_is_refused(data):
    """Vectors of two packs have no meaning beside each other."""
    with pytest.raises(TemplateMismatchError):
        template_vector(data, template_header("pack"))


def test_a_cut_template_is_refused():
    """Its length is no whole number of values."""
    with pytest.raises(TemplateMismatchError):
        template_vector(template_bytes(VECTOR, "pack")[:-1], template_header("pack"))
