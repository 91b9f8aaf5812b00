from hypothesis import given, strategies as st

from overt.core.live_counts import LiveCounts

counts = st.builds(LiveCounts, *(st.integers(0, 10**6) for _ in range(7)))


@given(counts, counts)
def test_counts_add_up_in_any_order(a, b):
    """And nothing is the empty count."""
    assert a + b == b + a
    assert a + LiveCounts() == a
    assert (a + b).faces_seen == a.faces_seen + b.faces_seen


def test_every_count_is_added():
    """Each field by itself."""
    one = LiveCounts(1, 2, 3, 4, 5, 6, 7)

    assert one + one == LiveCounts(2, 4, 6, 8, 10, 12, 14)
