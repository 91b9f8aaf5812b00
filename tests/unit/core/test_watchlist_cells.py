from datetime import UTC, date, datetime

import pytest

from overt.core.watchlist import Under18Exception
from overt.core.watchlist_cells import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, read_cells

CELLS = {
    "reference": " n-1 ",
    "category": "wanted_by_courts",
    "justification": "Warrant",
    "image": "a.jpg",
    "image_source": "Custody",
    "image_date": "2025-06-01",
    "urgency": "amber",
    "is_under_18": "No",
}


def test_a_whole_row_is_read():
    """Every cell in its kind; the reference in its one spelling; what is optional is empty."""
    row, problems = read_cells(CELLS)

    assert problems == ()
    assert (row.reference, row.category, row.urgency) == ("N-1", "wanted_by_courts", "amber")
    assert (row.justification, row.image_source) == ("Warrant", "Custody")
    assert row.image_date == date(2025, 6, 1)
    assert (row.is_under_18, row.under_18_exception, row.expires_at) == (False, None, None)


def test_the_columns_are_those_of_the_rules():
    """R-10, R-11, R-15, R-18, R-21: what must be there; no column has room for a name."""
    assert set(REQUIRED_COLUMNS) == set(CELLS)
    assert not [name for name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS) if "name" in name]


def test_an_exception_needs_officer_and_reason():
    """R-18: half an exception is none."""
    whole = {"under_18_exception_by": "officer-1", "under_18_exception_reason": "At risk"}
    row, _ = read_cells({**CELLS, "is_under_18": "yes", **whole})
    half, _ = read_cells({**CELLS, "is_under_18": "yes", "under_18_exception_by": "officer-1"})

    assert row.under_18_exception == Under18Exception("officer-1", "At risk")
    assert half.is_under_18
    assert half.under_18_exception is None


def test_an_expiry_is_a_moment_with_its_offset():
    """It is kept in UTC."""
    row, problems = read_cells({**CELLS, "expires_at": "2026-03-31T10:00:00+01:00"})

    assert row.expires_at == datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert problems == ()


@pytest.mark.parametrize(
    "text", ["2026-03-31T10:00", "2026-03-31", "soon", "0001-01-01T00:00+14:00"]
)
def test_an_expiry_without_a_place_in_time_is_refused(text):
    """A local time of nowhere would be guessed."""
    _, problems = read_cells({**CELLS, "expires_at": text})

    assert problems == ("expiry_unreadable",)


@pytest.mark.parametrize("text", ["", "1.6.2025", "2025-13-01"])
def test_a_date_that_is_none_is_missing(text):
    """R-15: the rules then refuse the row."""
    assert read_cells({**CELLS, "image_date": text})[0].image_date is None


@pytest.mark.parametrize("text", ["", "maybe", "0"])
def test_under_18_has_to_be_said(text):
    """R-18: nobody is taken for an adult by default."""
    assert read_cells({**CELLS, "is_under_18": text})[1] == ("under_18_not_said",)


def test_a_cell_that_looks_like_a_formula_is_text():
    """It is kept as it was written."""
    row, problems = read_cells({**CELLS, "justification": '=HYPERLINK("x")', "reference": "=1+1"})

    assert (row.justification, row.reference, problems) == ('=HYPERLINK("x")', "=1+1", ())


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("justification", "a\x07b", "text_unusable"),
        ("image_source", "x" * 2001, "text_unusable"),
        ("reference", "x" * 65, "reference_unusable"),
        ("reference", "a\x00b", "reference_unusable"),
    ],
)
def test_a_text_that_cannot_be_shown_or_kept_is_refused(column, text, reason):
    """Before the store sees it."""
    assert read_cells({**CELLS, column: text})[1] == (reason,)


def test_a_justification_may_have_several_lines():
    """A line break is no control character here."""
    assert read_cells({**CELLS, "justification": "one\r\ntwo\tthree"})[1] == ()
