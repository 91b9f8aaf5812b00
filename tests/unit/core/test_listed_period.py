from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from overt.core.listed_period import ListedPeriod, bounds_of_day, covers

LONDON = ZoneInfo("Europe/London")


def period(start: datetime, end: datetime | None) -> ListedPeriod:
    """Return a period of a reference."""
    return ListedPeriod("NOM/1", "deployment-1", "wanted_by_courts", start, end)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)]
)
def test_a_local_day_has_its_own_length(day, hours):
    """The clocks in London go forward on 29 March and back on 25 October 2026."""
    start, end = bounds_of_day(day, LONDON)

    assert end - start == timedelta(hours=hours)
    assert start.astimezone(LONDON).hour == 0


@pytest.mark.parametrize(
    ("start", "end", "is_covered"),
    [
        (datetime(2026, 6, 1, 22, 59, tzinfo=UTC), None, True),  # a minute before midnight
        (datetime(2026, 6, 1, 23, 0, tzinfo=UTC), None, False),  # the next day begins
        (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 31, 23, 0, tzinfo=UTC), False),
        (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 31, 23, 1, tzinfo=UTC), True),
        (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC), True),
    ],
)
def test_from_is_inclusive_and_until_exclusive(start, end, is_covered):
    """1 June 2026 in London, which is an hour ahead of UTC."""
    assert covers(period(start, end), date(2026, 6, 1), LONDON) is is_covered
