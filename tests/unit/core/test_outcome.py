from __future__ import annotations

import pytest
from tests.unit.core.decided import ARREST, DISMISS, ENGAGE, FALSE, PASS, TRUE, after, an_alert

from overt.core.adjudication import DisposalVerdict, IdentityVerdict, OfficerVerdict
from overt.core.outcome import AlertCounts, Outcome, count_alerts, outcome_of
from overt.core.watchlist import ListKind

NO_ENGAGEMENT = OfficerVerdict.NO_ENGAGEMENT


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (after(), Outcome.UNRESOLVED),
        (after(PASS), Outcome.UNRESOLVED),
        (after(PASS, ENGAGE), Outcome.UNRESOLVED),
        (after(PASS, OfficerVerdict.NOT_LOCATED), Outcome.UNCONFIRMED_TRUE),
        (after(PASS, ENGAGE, TRUE), Outcome.CONFIRMED_TRUE),
        (after(PASS, ENGAGE, FALSE), Outcome.CONFIRMED_FALSE),
        (after(PASS, ENGAGE, IdentityVerdict.INCONCLUSIVE), Outcome.UNRESOLVED),
        (after(PASS, ENGAGE, TRUE, ARREST), Outcome.CONFIRMED_TRUE),
        (after(PASS, ENGAGE, FALSE, DisposalVerdict.NO_FURTHER_ACTION), Outcome.CONFIRMED_FALSE),
        (after(PASS, ENGAGE, FALSE, ARREST), Outcome.CONFIRMED_FALSE),
    ],
)
def test_what_an_alert_turned_out_to_be(progress, expected):
    """R-55: confirmed only by an engagement; an arrest makes no alert true."""
    assert outcome_of(progress) is expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("different_person", Outcome.UNCONFIRMED_FALSE),
        ("camera_picture_of_no_person", Outcome.UNCONFIRMED_FALSE),
        ("picture_unusable", Outcome.UNRESOLVED),
        ("same_person_alerted_before", Outcome.UNRESOLVED),
        ("no_longer_wanted", Outcome.UNCONFIRMED_TRUE),
        ("a_reason_of_a_later_policy", Outcome.UNCONFIRMED_FALSE),
    ],
)
def test_a_dismissal_by_its_reason(reason, expected):
    """R-55: what cannot be told is unresolved, what is unknown counts against the system."""
    assert outcome_of(after(DISMISS, reason_codes=(reason,))) is expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("different_person", Outcome.UNCONFIRMED_FALSE),
        ("unsafe", Outcome.UNCONFIRMED_TRUE),
        ("not_proportionate", Outcome.UNCONFIRMED_TRUE),
        ("child_or_vulnerable", Outcome.UNCONFIRMED_TRUE),
        ("operator_withdrew", Outcome.UNRESOLVED),
    ],
)
def test_no_engagement_by_its_reason(reason, expected):
    """R-55: the operator's passing on stands unless somebody contradicts it."""
    assert outcome_of(after(PASS, NO_ENGAGEMENT, reason_codes=(reason,))) is expected


def test_7_july_2022():
    """R-55, row 13 of the published figures: three confirmed true, one not located."""
    alerts = [after(PASS, ENGAGE, TRUE, ARREST)] * 3 + [after(PASS, OfficerVerdict.NOT_LOCATED)]
    counts = count_alerts(alerts)

    assert counts == AlertCounts(confirmed_true=3, unconfirmed_true=1)
    assert (counts.n_true, counts.n_false, counts.n_alerts) == (4, 0, 4)


def test_counts_close():
    """R-64: the five outcomes sum to all alerts; T and X are sums of two."""
    counts = count_alerts(
        [
            after(PASS, ENGAGE, TRUE),
            after(PASS, OfficerVerdict.NOT_LOCATED),
            after(PASS, ENGAGE, FALSE),
            after(DISMISS),
            after(DISMISS),
            after(),
        ]
    )

    assert counts == AlertCounts(1, 1, 1, 2, 1)
    assert (counts.n_true, counts.n_false, counts.n_alerts) == (2, 3, 6)


def test_volunteers_alerts_are_never_counted():
    """R-22, acceptance test 8: blue passes change neither X nor A."""
    blue = an_alert(list_kind=ListKind.BLUE)
    operational = [after(PASS, ENGAGE, TRUE), after(DISMISS)]
    walked = [after(PASS, ENGAGE, FALSE, alert=blue), after(DISMISS, alert=blue)]

    assert count_alerts(operational + walked) == count_alerts(operational)
    assert count_alerts(walked) == AlertCounts()
