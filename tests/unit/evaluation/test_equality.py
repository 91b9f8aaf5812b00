from __future__ import annotations

import json

import pytest
from tests.unit.core.governed import MINUTE, OPENS

from overt.core.audit import AuditEvent, check_event
from overt.core.audit_events import EventKind
from overt.core.engagement import Engagement
from overt.errors import FiguresDifferError
from overt.evaluation.equality import EqualityTable, equality_from, equality_tables


def an_engagement(number: int, **details: str) -> Engagement:
    """Return somebody engaged for the alert of that number."""
    return Engagement(
        f"n-{number}", "d-1", f"a-{number}", None, "eo-1", OPENS, OPENS + MINUTE, **details
    )


def people(n: int, start: int = 0, **details: str) -> list[Engagement]:
    """Return some people alike."""
    return [an_engagement(number, **details) for number in range(start, start + n)]


def test_what_somebody_said_counts_before_what_was_perceived():
    """R-56: the officer's impression stands where nothing was said."""
    engagements = [
        *people(3, perceived_ethnicity_code="white"),
        *people(3, 3, perceived_ethnicity_code="white", self_defined_ethnicity_code="mixed"),
    ]

    tables = equality_tables(engagements, (), 3)

    assert tables.ethnicity == EqualityTable({"mixed": 3, "white": 3}, {})
    assert tables.age_band == tables.sex == EqualityTable({}, {})


def test_small_groups_do_not_leave():
    """R-47: below five nothing is stated, nor what would give it away."""
    engagements = [
        *people(6, sex_code="male", age_band_code="from_18_to_24"),
        *people(2, 6, sex_code="female", age_band_code="from_18_to_24"),
        *people(7, 8, sex_code="other"),
    ]
    false = {f"a-{number}" for number in range(4)}

    tables = equality_tables(engagements, false, 5)

    # Two women alone could be worked out from the total: the next smallest group goes too.
    assert tables.sex.engaged == {"female": None, "male": None, "other": 7}
    assert tables.sex.after_false_alert == {"male": None}
    assert tables.age_band == EqualityTable({"from_18_to_24": 8}, {"from_18_to_24": None})


def test_the_log_takes_them_and_gives_them_back():
    """R-71: an event of their kind, also with every group of the policy."""
    engagements = [
        *people(5, sex_code="male", perceived_ethnicity_code="asian", age_band_code="from_65"),
        *people(5, 5, sex_code="female", perceived_ethnicity_code="black"),
    ]
    tables = equality_tables(engagements, {"a-1"}, 5)
    event = AuditEvent(EventKind.EQUALITY_COUNTED, OPENS, "system", "d-1", tables.details())

    check_event(event)
    assert equality_from(event.details) == tables
    assert equality_from(json.loads(json.dumps(tables.details()))) == tables


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"withheld_below": "5", "tables": {}},
        {"withheld_below": 5, "tables": {}},
        {"withheld_below": 5, "tables": {"ethnicity": {"engaged": {}}}},
    ],
)
def test_an_event_written_otherwise_is_refused(details):
    """No figure is guessed."""
    with pytest.raises(FiguresDifferError, match="not written as this release does"):
        equality_from(details)
