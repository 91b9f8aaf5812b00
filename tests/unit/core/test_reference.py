import pytest

from overt.core.reference import canonical_reference, is_reference


@pytest.mark.parametrize("text", ["N/12 a", "  n/12  A ", "n/12\tA", "N/12 A"])
def test_one_reference_has_one_spelling(text):
    """R-14, R-20: whatever a system writes, the same person is found."""
    assert canonical_reference(text) == "N/12 A"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("N-1", True), ("", False), ("A" * 64, True), ("A" * 65, False), ("A\x00B", False)],
)
def test_a_reference_is_short_and_printable(text, is_one):
    """Anything else is a description, or no text at all."""
    assert is_reference(text) is is_one
