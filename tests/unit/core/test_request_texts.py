"""What somebody writes, and what they are answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from overt.core.listed_period import ListedPeriod
from overt.core.public_request import AnswerCode
from overt.core.request_answers import AnswerFacts, ListedLine, answer_text
from overt.core.request_words import checked_answer, checked_words, read_words, require_day
from overt.errors import PublicRequestInvalidError

LONDON = ZoneInfo("Europe/London")
RTL = "هل كنت في القائمة؟ \u202eabc\u202c"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", RTL, "a\n\tb", "x" * 4000])
def test_words_are_kept_as_they_were_written(text):
    """Markup, other scripts with their direction marks, and as much as there is room for."""
    words = checked_words(text, "me@example.org", "", "AAAAA")
    assert words.text == text
    assert read_words(words.to_bytes()) == words


def test_line_breaks_are_made_the_same_and_blanks_around_go():
    """Of every system."""
    assert checked_words(" a\r\nb\rc \n", "d", "", "A").text == "a\nb\nc"


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        (("", "c", ""), "words"),
        ((" \n ", "c", ""), "words"),
        (("x" * 4001, "c", ""), "words"),
        (("a\x1b[31mb", "c", ""), "words"),
        (("a\0b", "c", ""), "words"),
        (("a\ud800", "c", ""), "words"),
        (("a", "", ""), "contact"),
        (("a", "c" * 501, ""), "contact"),
        (("a", "c", "p" * 201), "place"),
        (("a", "c", "\x07"), "place"),
    ],
)
def test_what_is_missing_too_long_or_no_text_is_refused(texts, field):
    """The field is named, and nothing of what was typed."""
    with pytest.raises(PublicRequestInvalidError) as caught:
        checked_words(*texts, "A")
    assert caught.value.fields["field"] == field
    assert "xxx" not in caught.value.message


@pytest.mark.parametrize("on", [date(2026, 3, 3), date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_has_come_and_is_of_our_time(on):
    """Tomorrow, the year 1, the last day there is."""
    with pytest.raises(PublicRequestInvalidError):
        require_day(on, date(2026, 3, 2))


def test_today_and_no_day_will_do():
    """Somebody may not know the day."""
    require_day(date(2026, 3, 2), date(2026, 3, 2))
    require_day(None, date(2026, 3, 2))


# --- answers

ASKED_AT = datetime(2026, 7, 2, 23, 30, tzinfo=UTC)  # the third, by the clocks of London


def facts(code, **more) -> AnswerFacts:
    """Return what an answer is made of."""
    return AnswerFacts(code, "AAAAA-BBBBB", ASKED_AT, LONDON, **more)


def test_who_was_listed_reads_where_when_and_why():
    """R-20: in local time, with a way to go on."""
    since, until = (datetime(2026, 7, 1, hour, 0, tzinfo=UTC) for hour in (9, 15))
    period = ListedPeriod("N-1", "d-1", "wanted_by_courts", since, until)
    line = ListedLine(period, "High Street", "Wanted by the courts")
    day = date(2026, 7, 1)
    text = answer_text(facts(AnswerCode.LISTED, on=day, asked_on=day, listed=(line,)))

    assert text == (
        "Receipt AAAAA-BBBBB: what you asked us on 3 July 2026\n\n"
        "You asked whether you were on a watchlist on 1 July 2026.\n\n"
        "Yes. On that day you were on a watchlist:\n"
        "- High Street: from 1 July 2026, 10:00 BST, until 1 July 2026, 16:00 BST. "
        "Why: Wanted by the courts.\n\n"
        "Photographs and face templates of a watchlist are erased after each deployment. We keep "
        "your reference, the reason and these times, so that this question can be answered.\n\n"
        "This answer does not cover rehearsals, in which volunteers let the cameras look for "
        "them. Whoever took part in one knows it from their own consent.\n\n"
        "If you think that this answer is wrong, tell us and name your receipt. You may also "
        "complain to the Information Commissioner, or go to court.\n"
    )
    assert "N-1" not in text


@pytest.mark.parametrize(
    ("has_reference", "sentence"),
    [(True, "We looked for the reference"), (False, "This force has no reference for you")],
)
def test_who_was_not_listed_reads_how_that_is_known(has_reference, sentence):
    """By a reference, or because there is none."""
    day = ASKED_AT.date()
    text = answer_text(
        facts(AnswerCode.NOT_LISTED, on=day, asked_on=day, has_reference=has_reference)
    )
    assert "No. You were on no watchlist on that day." in text
    assert sentence in text
    assert "does not cover rehearsals" in text


@pytest.mark.parametrize(
    ("asked_on", "asked"),
    [
        (date(2026, 7, 1), "You asked whether you were on a watchlist on 1 July 2026."),
        (None, "You asked whether you were on a watchlist, and we noted no day."),
    ],
)
def test_an_answer_about_another_day_names_both(asked_on, asked):
    """With the reason, and with no "that day" that could be either."""
    other, reason = date(2026, 7, 2), "You corrected the day by telephone."
    text = answer_text(facts(AnswerCode.NOT_LISTED, on=other, asked_on=asked_on, day_reason=reason))
    assert f"{asked} This answer is about 2 July 2026. Why: {reason}\n\n" in text
    assert "No. You were on no watchlist on 2 July 2026." in text
    assert "that day" not in text


@pytest.mark.parametrize("code", sorted(set(AnswerCode) - {"listed", "not_listed"}))
def test_any_other_answer_needs_its_reasons(code):
    """A sentence of ours cannot know them."""
    with pytest.raises(PublicRequestInvalidError, match="reasons in words"):
        answer_text(facts(code))
    assert "\n\nAs you say.\n\n" in answer_text(facts(code, note="As you say."))


def test_an_answer_of_an_auditor_is_text_too():
    """Nothing else goes into it."""
    assert checked_answer("  ") == ""
    with pytest.raises(PublicRequestInvalidError):
        checked_answer("\x00")
