"""Which of the promised pictures never came."""

from __future__ import annotations

from hypothesis import given, strategies as st

from overt.adapters.video.frame_ledger import FrameLedger


def test_pictures_that_a_later_one_overtook_are_lost():
    """Of 0 1 2 3 4, decoded in another order, 1 and 2 are lost when 3 comes out after 0."""
    ledger = FrameLedger()
    for pts in (0, 4, 2, 1, 3):
        ledger.promise(pts)

    assert [ledger.settle(0), ledger.settle(3), ledger.settle(4), ledger.close()] == [0, 2, 0, 0]


def test_pictures_left_at_the_end_are_lost():
    """Whatever has not come when the decoder is empty never comes."""
    ledger = FrameLedger()
    for pts in (10, 20, 30):
        ledger.promise(pts)
    ledger.settle(10)

    assert ledger.close() == 2


def test_two_packets_of_one_time_make_two_pictures():
    """A timestamp that a file gives twice is settled twice."""
    ledger = FrameLedger()
    for pts in (5, 5):
        ledger.promise(pts)

    assert [ledger.settle(5), ledger.settle(5), ledger.close()] == [0, 0, 0]


@given(st.sets(st.integers(-1000, 1000)), st.data())
def test_lost_and_settled_make_up_the_promised(promised, data):
    """However many pictures are lost, lost plus settled are those promised."""
    came = data.draw(st.sets(st.sampled_from(sorted(promised)))) if promised else set()
    ledger = FrameLedger()
    for pts in promised:
        ledger.promise(pts)

    n_lost = sum(ledger.settle(pts) for pts in sorted(came)) + ledger.close()

    assert n_lost + len(came) == len(promised)
