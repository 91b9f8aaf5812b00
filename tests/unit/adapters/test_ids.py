from __future__ import annotations

import re
import time

from overt.adapters.ids import TimedIds


def test_identifiers_grow_and_never_repeat():
    """Ten thousand within a few milliseconds; they sort as they were made."""
    ids = TimedIds()
    made = [ids.new("alert") for _ in range(10_000)]

    assert made == sorted(set(made))


def test_an_identifier_names_its_kind_and_nobody():
    """Kind, dash, 26 digits without letters that look like others."""
    assert re.fullmatch(r"entry-[0-9a-hjkmnp-tv-z]{26}", TimedIds().new("entry"))


def test_a_clock_put_back_does_not_matter(monkeypatch):
    """The next identifier is still larger."""
    ids = TimedIds()
    before = ids.new("alert")
    monkeypatch.setattr(time, "time_ns", lambda: 0)

    assert ids.new("alert") > before


def test_two_processes_do_not_meet():
    """80 bits of chance in each."""
    assert TimedIds().new("alert") != TimedIds().new("alert")


def test_a_token_cannot_be_guessed():
    """256 bits of chance in each, and nothing of the time: two have no beginning in common."""
    made = [TimedIds().token() for _ in range(100)]

    assert all(re.fullmatch(r"[\w-]{43}", token) for token in made)
    assert len({token[:8] for token in made}) == 100
