from __future__ import annotations

import pytest

from overt.errors import EvaluationDataInvalidError
from overt.evaluation.trial_numbers import (
    PROBABILITY,
    Amount,
    NumberBook,
    Query,
    Share,
    SharePerPerson,
    generator_of,
    number_entry,
    parse_query,
)

ALERTS = Query("alerts", "all")


@pytest.mark.parametrize(
    "query",
    [
        ALERTS,
        Query("missed", "d-1", "compared"),
        Query("true_recognition_rate", "all", "camera North (2), left"),
    ],
)
def test_a_query_is_read_as_it_is_written(query):
    """Whatever a camera is called."""
    assert parse_query(query.text()) == query


@pytest.mark.parametrize("written", ["", "alerts", "alerts(", "alerts(all", "a b(all)", "(all)"])
def test_what_is_no_query(written):
    """A coded error."""
    with pytest.raises(EvaluationDataInvalidError):
        parse_query(written)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Amount(12345, "faces seen"), "12,345"),
        (Amount(1.25, "hours", digits=1), "1.2"),
        (Amount(None, "seconds", digits=1, of="1 decisions with a time"), "not defined (1 "),
        (Amount(0.0001, PROBABILITY, digits=3), "under 0.001"),
        (Amount(0.0014, PROBABILITY, digits=3), "0.001"),
        (Amount(0.0, "hours", digits=2), "0.00"),
    ],
)
def test_amounts_are_printed(amount, text):
    """With thousands set apart; too few of something is said."""
    assert number_entry(ALERTS, amount, 1)["text"].startswith(text)


def test_a_share_keeps_everything_beside_its_text():
    """2 of 1,000: 0.0242 % to 0.7206 % (requirements, section 8)."""
    entry = number_entry(ALERTS, Share(2, 1000, "faces seen"), 1)

    assert entry["text"] == "2 of 1,000 faces seen (0.20 %, 95 % interval 0.02 % to 0.72 %)"
    assert (entry["count"], entry["total"], entry["unit"]) == (2, 1000, "faces seen")
    assert (entry["low"], entry["high"]) == pytest.approx((2.423e-4, 7.206e-3), rel=1e-3)
    assert (entry["level"], entry["query"]) == (0.95, "alerts(all)")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Share(0, 0, "alerts"), "not defined (0 of 0)"),
        (Share(3, 2, "faces seen"), "not defined (3 of 2)"),
        (Share(3, 0, "faces seen"), "not defined (3 of 0)"),
        (
            SharePerPerson(["a"] * 4, [True, False, False, True], "alerts"),
            "2 of 4 alerts (no interval: all are of one person)",
        ),
    ],
)
def test_a_share_without_an_interval_says_why(share, text):
    """Nothing counted, more than there can be, or one person only."""
    entry = number_entry(ALERTS, share, 1)

    assert entry["text"] == text
    assert [entry[end] for end in ("low", "high", "level")] == [None] * 3


def test_draws_depend_on_seed_and_query_alone():
    """Numbers can be worked out in any order."""
    once, again = generator_of(ALERTS, 1).random(), generator_of(ALERTS, 1).random()
    others = generator_of(ALERTS, 2).random(), generator_of(Query("alerts", "d-1"), 1).random()

    assert once == again
    assert once not in others


def test_a_number_stands_in_the_book_once():
    """Whoever mentions it first puts it in."""
    book = NumberBook(1)

    assert book.add(ALERTS, Amount(1, "alerts")) == book.add(ALERTS, Amount(2, "alerts"))
    assert {name: entry["value"] for name, entry in book.entries.items()} == {"alerts.all": 1}
