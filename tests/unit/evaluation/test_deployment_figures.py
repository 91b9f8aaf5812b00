from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.decided import ARREST, DISMISS, ENGAGE, FALSE, PASS, TRUE, after, an_alert
from tests.unit.core.governed import HOUR, OPENS

from overt.core.adjudication import DisposalVerdict, OfficerVerdict
from overt.core.outcome import AlertCounts
from overt.core.watchlist import ListKind
from overt.evaluation.deployment_figures import (
    BlueCounts,
    DeploymentFigures,
    EngagementCounts,
    LiveSpan,
    WalksOfOne,
    count_alerts_of,
)
from overt.evaluation.equality import EqualityTable, EqualityTables

BLUE = an_alert(list_kind=ListKind.BLUE)


def test_alerts_and_what_followed_are_counted():
    """Section 5, columns 10 to 24, by hand; the volunteer's alert is in none of them."""
    alerts = [
        after(DISMISS),
        after(PASS, OfficerVerdict.NOT_LOCATED),
        after(PASS, ENGAGE),
        after(PASS, ENGAGE, FALSE, DisposalVerdict.NO_FURTHER_ACTION),
        after(PASS, ENGAGE, TRUE, DisposalVerdict.OTHER),
        after(
            PASS,
            ENGAGE,
            TRUE,
            ARREST,
            reason_codes=("wanted_by_courts", "reasonable_grounds"),
        ),
        after(PASS, ENGAGE, TRUE, alert=BLUE),
    ]

    outcomes, engagements = count_alerts_of(alerts)

    assert outcomes == AlertCounts(
        confirmed_true=2,
        unconfirmed_true=1,
        confirmed_false=1,
        unconfirmed_false=1,
        unresolved=1,
    )
    assert engagements == EngagementCounts(
        engaged=4,
        false_engaged=1,
        arrests=1,
        arrest_reasons={"reasonable_grounds": 1, "wanted_by_courts": 1},
        other_disposals=1,
        no_further_action=1,
    )


def test_hours_and_size_come_from_the_spans():
    """One hour and a half; the largest list counts."""
    spans = (
        LiveSpan(OPENS, OPENS + HOUR, 40),
        LiveSpan(OPENS + 2 * HOUR, OPENS + 2.5 * HOUR, 38),
    )
    figures = DeploymentFigures(spans=spans)

    assert (figures.live_hours(), figures.watchlist_size()) == (1.5, 40)
    assert DeploymentFigures().watchlist_size() == 0


TABLES = EqualityTables(3, *[EqualityTable({"a": 2, "b": None}, {})] * 3)
SOUND = DeploymentFigures(
    alerts=AlertCounts(confirmed_true=2, confirmed_false=1),
    engagements=EngagementCounts(
        engaged=3, arrests=2, arrest_reasons={"a": 2, "b": 1}, no_further_action=1
    ),
    equality=TABLES,
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ()),
        ({"alerts": AlertCounts()}, ("3 engagements, 0 alerts",)),
        (
            {"engagements": EngagementCounts(engaged=2)},
            ("3 alerts confirmed, 2 engagements",),
        ),
        (
            {"engagements": replace(SOUND.engagements, other_disposals=2)},
            ("5 engagements ended, 3 begun",),
        ),
        (
            {"engagements": replace(SOUND.engagements, arrest_reasons={"a": 1})},
            ("1 reasons, 2 arrests",),
        ),
        (
            {"equality": replace(TABLES, age_band=EqualityTable({"from_65": 4, "x": None}, {}))},
            ("more people by age band than engagements",),
        ),
        (
            {"blue": BlueCounts(walks=(WalksOfOne(2, 1),))},
            ("2 passes recognised, 1 walked",),
        ),
    ],
)
def test_contradictions_are_named(changes, words):
    """Section 5, invariants; several reasons for one arrest are none."""
    assert replace(SOUND, **changes).contradictions() == words
