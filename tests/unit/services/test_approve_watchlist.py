import json
from dataclasses import replace

import pytest
from tests.unit.core.governed import BUILT_AT, DAY, HOUR
from tests.unit.services.listing import (
    a_workplace,
    an_offer,
    approved,
    composed,
    deployment_of,
    entries_of,
    entry_of,
    events_of,
    kinds_of,
    secrets_of,
    three_offers,
)

from overt.core.watchlist import Under18Exception
from overt.errors import (
    EntryWrongStatusError,
    ExceptionUnconfirmedError,
    ReasonMissingError,
    RecordNotFoundError,
    RoleForbiddenError,
    SeparationOfDutiesError,
    WrongStateError,
)
from overt.services.approve_watchlist import approve_one_entry, approve_watchlist
from overt.testing import CLARA

GRANTED = Under18Exception("authority-1", "At risk of harm")


def with_a_minor():
    """Return a workplace whose list holds one entry under 18."""
    young = an_offer(CLARA, reference="N-3", is_under_18=True, under_18_exception=GRANTED)
    return composed(offers=[*three_offers()[:2], young])


def listed_of(workplace, reference, day=BUILT_AT):
    """Return the listed periods of a reference."""
    with workplace.open() as uow:
        return uow.listed.was_listed(reference, day.date(), BUILT_AT.tzinfo)


def test_a_second_person_approves_the_whole_list():
    """R-16, R-20: entries, status and listed periods; the log holds the count."""
    workplace = composed()
    workplace.clock.at += HOUR
    done = approve_watchlist(workplace, "applicant-2", "d-1")

    assert (done.n_approved, done.n_refused) == (3, 0)
    assert {(e.status, e.approved_by) for e in entries_of(workplace)} == {
        ("approved", "applicant-2")
    }
    assert deployment_of(workplace).watchlist.approved_by == "applicant-2"
    (period,) = listed_of(workplace, "N-1")
    assert (period.listed_from, period.listed_until) == (BUILT_AT + HOUR, None)
    assert events_of(workplace)[-1].details["n_entries"] == 3


@pytest.mark.parametrize(
    ("actor", "error"),
    [("applicant-1", SeparationOfDutiesError), ("operator-1", RoleForbiddenError)],
)
def test_nobody_else_approves(actor, error):
    """R-16: not who composed it, not an operator; the refusal is logged, nothing changes."""
    workplace = composed()
    for attempt in (
        lambda: approve_watchlist(workplace, actor, "d-1"),
        lambda: approve_one_entry(workplace, actor, entry_of(workplace, "N-1").entry_id),
    ):
        with pytest.raises(error):
            attempt()
    assert {e.status for e in entries_of(workplace)} == {"composed"}
    assert kinds_of(workplace)[-2:] == ["AccessDenied", "AccessDenied"]
    assert listed_of(workplace, "N-1") == ()


def test_entries_can_be_refused():
    """R-16: they leave with the reason, their faces at once; the reason is not logged."""
    workplace = composed()
    wrong = entry_of(workplace, "N-2").entry_id
    done = approve_watchlist(workplace, "applicant-2", "d-1", {wrong: "This is his brother"})

    assert (done.n_approved, done.n_refused) == (2, 1)
    entry = entry_of(workplace, "N-2")
    assert (entry.status, entry.removed_reason) == ("removed", "This is his brother")
    assert (entry.image_secret_id, entry.template_secret_id) == (None, None)
    assert wrong not in secrets_of(workplace, "image")
    assert wrong not in secrets_of(workplace, "template")
    assert deployment_of(workplace).watchlist.n_entries == 2
    assert listed_of(workplace, "N-2") == ()
    said = json.dumps([dict(event.details) for event in events_of(workplace)])
    assert "brother" not in said
    assert '"reason": "not_approved"' in said


def test_a_refusal_needs_a_reason_and_an_entry_that_waits():
    """R-16: nothing changes."""
    workplace = composed()
    waiting = entry_of(workplace, "N-2").entry_id
    with pytest.raises(ReasonMissingError):
        approve_watchlist(workplace, "applicant-2", "d-1", {waiting: " "})
    with pytest.raises(RecordNotFoundError, match="entry-99"):
        approve_watchlist(workplace, "applicant-2", "d-1", {"entry-99": "Who?"})
    assert {e.status for e in entries_of(workplace)} == {"composed"}


def test_entries_are_approved_one_by_one():
    """R-16: each is logged; the list as a whole still waits."""
    workplace = composed()
    entry = approve_one_entry(workplace, "authority-2", entry_of(workplace, "N-1").entry_id)

    assert (entry.status, entry.approved_by) == ("approved", "authority-2")
    assert deployment_of(workplace).watchlist.approved_by is None
    assert events_of(workplace)[-1].details == {"entry_id": entry.entry_id}
    assert kinds_of(workplace)[-1] == "EntryApproved"
    assert approve_watchlist(workplace, "applicant-2", "d-1").n_approved == 2
    with pytest.raises(EntryWrongStatusError):
        approve_one_entry(workplace, "authority-2", entry.entry_id)


def test_an_exception_is_confirmed_by_the_officer_who_granted_it():
    """R-18: a list that names an officer does not speak for that officer."""
    workplace = with_a_minor()
    young = entry_of(workplace, "N-3").entry_id
    with pytest.raises(ExceptionUnconfirmedError, match="1 wait"):
        approve_watchlist(workplace, "applicant-2", "d-1")
    with pytest.raises(ExceptionUnconfirmedError):
        approve_one_entry(workplace, "authority-2", young)
    approve_one_entry(workplace, "authority-1", young)

    assert approve_watchlist(workplace, "applicant-2", "d-1").n_approved == 2


def test_an_exception_that_nobody_confirms_can_be_refused():
    """R-18: the rest of the list goes on without it."""
    workplace = with_a_minor()
    young = entry_of(workplace, "N-3").entry_id
    done = approve_watchlist(workplace, "applicant-2", "d-1", {young: "Not granted"})

    assert (done.n_approved, done.n_refused) == (2, 1)


def test_there_must_be_a_list():
    """R-12."""
    with pytest.raises(WrongStateError):
        approve_watchlist(a_workplace(), "applicant-2", "d-1")


def test_a_list_is_approved_once():
    """R-16: a second approval would change nothing and is refused."""
    with pytest.raises(WrongStateError):
        approve_watchlist(approved(), "authority-2", "d-1")


def test_a_list_built_anew_ends_the_earlier_listing():
    """R-20: listed until the moment at which the new list came."""
    workplace = approved()
    workplace.clock.at = BUILT_AT + 2 * HOUR
    composed(workplace)
    (period,) = listed_of(workplace, "N-1")

    assert period.listed_until == BUILT_AT + 2 * HOUR
    assert listed_of(workplace, "N-1", BUILT_AT + DAY) == ()


def test_nothing_is_half_approved():
    """The store fails at the second entry: none is approved, nothing is logged."""
    workplace = composed()
    before = entries_of(workplace), kinds_of(workplace)
    open_ = workplace.open

    def failing():
        uow = open_()
        save, saved = uow.entries.save, []

        def once(entry):
            saved.append(entry)
            if len(saved) == 2:
                raise RecordNotFoundError("gone")
            save(entry)

        uow.entries.save = once
        return uow

    with pytest.raises(RecordNotFoundError):
        approve_watchlist(replace(workplace, open=failing), "applicant-2", "d-1")
    assert (entries_of(workplace), kinds_of(workplace)) == before
