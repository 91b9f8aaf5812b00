from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.unit.core.governed import (
    APPLICANT,
    EVALUATOR,
    EVERYONE,
    HOUR,
    MINUTE,
    OFFICER,
    OPENS,
    POLICY,
    SECOND_APPLICANT,
    an_actor,
)
from tests.unit.core.policy_tables import force_policy

from overt.core.roles import Rank, Role
from overt.core.template import unit_rows
from overt.core.watchlist import (
    EntryStatus,
    ListKind,
    Under18Exception,
    Urgency,
    WatchlistEntry,
    approve_entry,
    grant_under_18_exception,
    no_longer_wanted,
    on_both_lists,
    remove_entry,
)
from overt.core.watchlist_refusals import (
    EntryRow,
    RefusalReason,
    list_refusals,
    photograph_refusals,
    refusals,
    same_face_pairs,
)
from overt.errors import (
    EntryWrongStatusError,
    RankTooLowError,
    ReasonMissingError,
    RoleForbiddenError,
    SeparationOfDutiesError,
)

CATEGORIES = ("wanted_by_courts",)


def an_entry(**changes):
    """Return an entry that was composed."""
    entry = WatchlistEntry(
        entry_id="e-1",
        deployment_id="d-1",
        list_kind=ListKind.OPERATIONAL,
        reference="N-1001",
        category="wanted_by_courts",
        justification="Warrant 12",
        image_source="Custody",
        image_date=date(2025, 6, 1),
        urgency=Urgency.AMBER,
        is_under_18=False,
        composed_by=APPLICANT.actor_id,
        composed_at=OPENS - HOUR,
    )
    return replace(entry, **changes)


def a_row(**changes):
    """Return a row that may be listed."""
    row = EntryRow(
        reference="N-1001",
        category="wanted_by_courts",
        justification="Warrant 12",
        image_source="Custody",
        image_date=date(2025, 6, 1),
        urgency="amber",
        is_under_18=False,
        under_18_exception=None,
        expires_at=None,
    )
    return replace(row, **changes)


# --- rows ---------------------------------------------------------------------------------


def test_a_row_that_may_be_listed():
    """R-10, R-11: nothing against it."""
    assert refusals(a_row(), POLICY, CATEGORIES, OPENS) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reference": " "}, RefusalReason.REFERENCE_MISSING),
        ({"category": "of_interest"}, RefusalReason.CATEGORY_NOT_ALLOWED),
        ({"category": "missing_or_at_risk"}, RefusalReason.CATEGORY_NOT_ALLOWED),
        ({"category": "wanted_by_police"}, RefusalReason.CATEGORY_NOT_ALLOWED),
        ({"justification": ""}, RefusalReason.JUSTIFICATION_MISSING),
        ({"image_source": "\t"}, RefusalReason.IMAGE_SOURCE_MISSING),
        ({"image_date": None}, RefusalReason.IMAGE_DATE_MISSING),
        ({"image_date": date(2026, 3, 4)}, RefusalReason.IMAGE_DATE_AHEAD),
        ({"image_date": date(2016, 3, 4)}, RefusalReason.IMAGE_TOO_OLD),
        ({"urgency": "blue"}, RefusalReason.URGENCY_NOT_ALLOWED),
        ({"is_under_18": True}, RefusalReason.UNDER_18_WITHOUT_EXCEPTION),
        ({"expires_at": OPENS}, RefusalReason.EXPIRED),
    ],
)
def test_each_reason_against_a_row(changes, expected):
    """R-10, R-11, R-15, R-18, R-21: alone; a category of the policy must also be authorised."""
    assert refusals(a_row(**changes), POLICY, CATEGORIES, OPENS) == (expected,)


def test_every_reason_is_given_at_once():
    """R-10 to R-18: whoever composes sees all that is wrong with a row."""
    row = EntryRow(
        "", "", "", "", None, "", is_under_18=True, under_18_exception=None, expires_at=OPENS
    )

    assert len(refusals(row, POLICY, CATEGORIES, OPENS)) == 8


@pytest.mark.parametrize(
    "changes",
    [
        {"image_date": date(2016, 3, 5)},
        {"image_date": date(2026, 3, 3)},
        {"is_under_18": True, "under_18_exception": Under18Exception("authority-1", "At risk")},
        {"expires_at": OPENS + MINUTE},
    ],
)
def test_rows_at_the_edge_of_what_may_be_listed(changes):
    """R-15, R-18: ten years old to the day, of today, with an exception, not yet expired."""
    assert refusals(a_row(**changes), POLICY, CATEGORIES, OPENS) == ()


def test_a_category_that_a_force_does_not_enable():
    """R-10: authorised under another policy, it is refused under this one."""
    policy = force_policy("watchlist.categories", enabled=["wanted_by_police"])

    assert refusals(a_row(), policy, CATEGORIES, OPENS) == (RefusalReason.CATEGORY_NOT_ALLOWED,)


def test_a_reference_twice_is_refused_twice():
    """R-16: nobody guesses which row was meant; the cap counts the others."""
    assert list_refusals(["a", "b", "a", "c", "d"], 2) == {
        0: RefusalReason.REFERENCE_TWICE,
        2: RefusalReason.REFERENCE_TWICE,
        4: RefusalReason.CAP_EXCEEDED,
    }
    assert list_refusals(["a", "b"], 2) == {}
    assert list_refusals([], 1) == {}


@given(st.lists(st.sampled_from("abcdefgh")), st.integers(1, 5))
def test_never_more_than_the_cap(references, cap):
    """R-17: what is left of any list is without doubles and within the cap."""
    refused = list_refusals(references, cap)
    left = [reference for i, reference in enumerate(references) if i not in refused]

    assert len(left) == len(set(left)) <= cap


@pytest.mark.parametrize(
    ("n_faces", "quality", "expected"),
    [
        (None, (), (RefusalReason.IMAGE_UNREADABLE,)),
        (0, (), (RefusalReason.NO_FACE,)),
        (2, (), (RefusalReason.SEVERAL_FACES,)),
        (1, ("too_small",), (RefusalReason.POOR_QUALITY,)),
        (1, (), ()),
    ],
)
def test_a_photograph_shows_one_usable_face(n_faces, quality, expected):
    """R-15: none, several, unreadable or poor are different reasons."""
    assert photograph_refusals(n_faces, quality) == expected


# --- the same face under two references ---------------------------------------------------


def test_pairs_that_are_too_alike():
    """R-16: each once, with its score; the threshold is inclusive."""
    matrix = np.array([[1, 0], [0, 1], [1, 0], [0.6, 0.8]], np.float32)

    assert same_face_pairs(matrix, ["a", "b", "c", "d"], 1.0) == (("a", "c", 1.0),)
    pairs = same_face_pairs(matrix, ["a", "b", "c", "d"], 0.8)
    assert [pair[:2] for pair in pairs] == [("a", "c"), ("b", "d")]


@pytest.mark.parametrize("n", [0, 1])
def test_a_list_without_pairs(n):
    """R-16: nobody is alike."""
    assert same_face_pairs(np.ones((n, 3), np.float32), ["a"][:n], 0.5) == ()


def test_pairs_across_the_blocks_of_a_long_list():
    """R-16: in 1,300 rows, the two that are equal, first and last, are found."""
    rows = unit_rows(np.random.default_rng(5).normal(size=(1300, 64)).astype(np.float32))
    rows[1299] = rows[3]
    rows[700] = rows[600]
    ids = [f"e-{n}" for n in range(1300)]

    pairs = same_face_pairs(rows, ids, 0.99)
    assert [pair[:2] for pair in pairs] == [("e-3", "e-1299"), ("e-600", "e-700")]


# --- entries ------------------------------------------------------------------------------


def test_only_approved_entries_are_searched():
    """R-16: composed ones wait, removed ones are gone, expired ones too."""
    approved = approve_entry(an_entry(expires_at=OPENS + HOUR), SECOND_APPLICANT, OPENS)

    assert not an_entry().is_searchable(OPENS)
    assert approved.is_searchable(OPENS)
    assert not approved.is_searchable(OPENS + HOUR)
    assert approve_entry(an_entry(), OFFICER, OPENS).is_searchable(OPENS + 100 * HOUR)
    assert not remove_entry(approved, OPENS, reason="x").is_searchable(OPENS)


def test_the_composer_does_not_approve_an_entry():
    """R-16: a second person sees that the photograph shows the intended one."""
    with pytest.raises(SeparationOfDutiesError, match="who composed the entry"):
        approve_entry(an_entry(), APPLICANT, OPENS)


@pytest.mark.parametrize("actor", EVERYONE, ids=lambda a: a.actor_id)
@pytest.mark.parametrize("kind", ListKind)
def test_who_approves_entries(kind, actor):
    """R-16: applicants and authorising officers; evaluators for the blue list."""
    entry = an_entry(list_kind=kind, composed_by="somebody")
    may = {Role.APPLICANT, Role.AUTHORISING_OFFICER}
    may |= {Role.EVALUATOR} if kind is ListKind.BLUE else set()

    if actor.roles & may:
        assert approve_entry(entry, actor, OPENS).approved_by == actor.actor_id
    else:
        with pytest.raises(RoleForbiddenError):
            approve_entry(entry, actor, OPENS)


def test_an_entry_is_approved_once_and_removed_once():
    """R-14, R-16: what is removed never comes back."""
    approved = approve_entry(an_entry(), SECOND_APPLICANT, OPENS)
    removed = remove_entry(approved, OPENS, reason="No longer wanted")

    assert (removed.status, removed.removed_at) == (EntryStatus.REMOVED, OPENS)
    assert removed.removed_reason == "No longer wanted"
    for entry in (approved, removed):
        with pytest.raises(EntryWrongStatusError, match="expected composed"):
            approve_entry(entry, SECOND_APPLICANT, OPENS)
    with pytest.raises(EntryWrongStatusError, match="already"):
        remove_entry(removed, OPENS, reason="x")
    with pytest.raises(ReasonMissingError):
        remove_entry(approved, OPENS, reason=" ")


def test_a_feed_takes_entries_off():
    """R-14: those that still stand, by reference."""
    entries = [
        an_entry(entry_id="e-1", reference="a"),
        an_entry(entry_id="e-2", reference="b"),
        remove_entry(an_entry(entry_id="e-3", reference="c"), OPENS, reason="x"),
    ]

    found = no_longer_wanted(entries, {"a", "c", "z"})
    assert [entry.entry_id for entry in found] == ["e-1"]


def test_a_reference_on_both_lists():
    """R-22: the lists are apart; removed entries do not count."""
    blue = an_entry(list_kind=ListKind.BLUE)

    assert on_both_lists([an_entry(), blue]) == {"N-1001"}
    assert on_both_lists([an_entry(), replace(blue, reference="V-1")]) == frozenset()
    assert on_both_lists([an_entry(), remove_entry(blue, OPENS, reason="x")]) == frozenset()


def test_an_exception_for_somebody_under_18():
    """R-18: by an authorising officer of the full rank, with a reason."""
    exception = grant_under_18_exception(OFFICER, POLICY, reason=" Missing, at risk ")

    assert exception == Under18Exception(OFFICER.actor_id, "Missing, at risk")
    with pytest.raises(RoleForbiddenError):
        grant_under_18_exception(EVALUATOR, POLICY, reason="x")
    with pytest.raises(ReasonMissingError):
        grant_under_18_exception(OFFICER, POLICY, reason="")
    with pytest.raises(RankTooLowError):
        grant_under_18_exception(
            an_actor("x", Role.AUTHORISING_OFFICER, rank=Rank.CHIEF_INSPECTOR), POLICY, reason="x"
        )


def test_an_entry_belongs_to_one_deployment_and_is_kept_by_reference():
    """R-12, R-20: there is no field for a name, and none for a second deployment."""
    names = set(WatchlistEntry.__dataclass_fields__)

    assert not {name for name in names if "name" in name}
    assert {name for name in names if "deployment" in name} == {"deployment_id"}
