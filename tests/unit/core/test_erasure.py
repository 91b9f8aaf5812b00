import pytest
from hypothesis import given, strategies as st

from overt.core.erasure import TemplateLedger
from overt.errors import ErasureMismatchError


def ledger(made: int, erased: int, in_alerts: int) -> TemplateLedger:
    """Return a ledger after one count of each kind."""
    counts = TemplateLedger()
    counts.count_made(made)
    counts.count_erased(erased)
    counts.count_in_alerts(in_alerts)
    return counts


def test_the_balance_is_what_live_tracks_still_hold():
    """12 made, 7 erased, 2 in alerts: 3 are still in memory (R-31)."""
    assert ledger(12, 7, 2).balance() == 3


def test_a_settled_ledger_passes():
    """Made equals erased plus in alerts, and nothing is said (R-30, R-31)."""
    ledger(12, 10, 2).verify_settled()
    TemplateLedger().verify_settled()


@pytest.mark.parametrize(("made", "erased"), [(12, 9), (12, 11)])
def test_a_template_left_or_erased_twice_stops_the_run(made, erased):
    """Any difference is an integrity error, with the counts and nothing else (R-31)."""
    with pytest.raises(ErasureMismatchError) as caught:
        ledger(made, erased, 2).verify_settled()
    assert caught.value.fields == {"made": made, "erased": erased, "in_alerts": 2}
    assert caught.value.exit_status == 3


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans())))
def test_counting_in_pieces_gives_the_same_balance(steps):
    """Templates that are made and then erased or alerted always settle (R-31)."""
    counts = TemplateLedger()
    for n_templates, is_alert in steps:
        counts.count_made(n_templates)
        (counts.count_in_alerts if is_alert else counts.count_erased)(n_templates)
    counts.verify_settled()
