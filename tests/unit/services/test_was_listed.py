import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.unit.core.governed import BUILT_AT, EVERYONE, HOUR
from tests.unit.services.listing import approved, events_of, kinds_of

from overt.core.roles import Role
from overt.errors import RoleForbiddenError, SettingInvalidError
from overt.services.was_listed import Listing, was_listed

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("reference", ["N-1", " n-1 "])
def test_an_auditor_learns_when_somebody_was_listed(reference):
    """R-20: by reference and local day, after every face is gone."""
    workplace = approved()
    with workplace.open() as uow:
        uow.listed.close("d-1", BUILT_AT + HOUR)
        uow.entries.delete_of("d-1")
        uow.secrets.delete_of("d-1")
        uow.commit()
    found = was_listed(workplace, "auditor-1", reference, BUILT_AT.date(), LONDON)
    (period,) = found.periods

    assert (period.reference, period.deployment_id) == ("N-1", "d-1")
    assert (period.listed_from, period.listed_until) == (BUILT_AT, BUILT_AT + HOUR)
    workplace.clock.at += timedelta(days=1)
    next_day = BUILT_AT.date() + timedelta(days=1)
    assert was_listed(workplace, "auditor-1", reference, next_day, LONDON) == Listing((), True)


def test_a_reference_that_was_never_used_is_told_apart():
    """A misspelt one has no period either; one that was used on other days is known."""
    workplace, day = approved(), BUILT_AT.date()
    misspelt = was_listed(workplace, "auditor-1", "N-11", day, LONDON)
    earlier = was_listed(workplace, "auditor-1", "n-1", day - timedelta(days=1), LONDON)
    assert (misspelt, earlier) == (Listing((), False), Listing((), True))


def test_a_day_that_has_not_come_is_not_answered():
    """R-20: who is listed today may not be by then."""
    workplace = approved()
    with pytest.raises(SettingInvalidError, match="has not come"):
        was_listed(workplace, "auditor-1", "N-1", BUILT_AT.date() + timedelta(days=1), LONDON)


def test_a_day_of_an_absurd_year_is_not_answered():
    """No zone tells when it began, and nobody can have been listed."""
    with pytest.raises(SettingInvalidError, match="from 2000 on"):
        was_listed(approved(), "auditor-1", "N-1", date(1, 1, 1), ZoneInfo("Asia/Tokyo"))


def test_the_question_is_logged_without_the_reference():
    """R-20, R-31: who asked, for which day, how many periods were found."""
    workplace = approved()
    was_listed(workplace, "auditor-1", "N-1", date(2026, 3, 3), LONDON)
    event = events_of(workplace)[-1]

    assert (event.kind, event.actor_id) == ("ListingLookedUp", "auditor-1")
    assert event.details == {"on": "2026-03-03", "n_found": 1}
    assert "N-1" not in json.dumps([dict(e.details) for e in events_of(workplace)])


@pytest.mark.parametrize("reference", ["", "  ", "N" * 65, "N-\x1b[31m"])
def test_what_is_no_reference_is_not_answered(reference):
    """R-20: "not listed" would be an answer to another question."""
    workplace = approved()
    with pytest.raises(SettingInvalidError):
        was_listed(workplace, "auditor-1", reference, BUILT_AT.date(), LONDON)


@pytest.mark.parametrize("actor", [a.actor_id for a in EVERYONE if Role.AUDITOR not in a.roles])
def test_nobody_else_may_ask(actor):
    """R-20: an answer says something about a person; the attempt is logged."""
    workplace = approved()
    with pytest.raises(RoleForbiddenError):
        was_listed(workplace, actor, "N-1", BUILT_AT.date(), LONDON)
    assert kinds_of(workplace)[-1] == "AccessDenied"
