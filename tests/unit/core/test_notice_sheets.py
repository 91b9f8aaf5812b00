from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.core.maps import a_map
from tests.unit.core.noticed import some_details, some_facts
from tests.unit.core.policy_tables import SHIPPED

from overt.core.authority import Window
from overt.core.notice_facts import SiteTimes
from overt.core.notice_sheets import notice_sheet, window_words
from overt.core.notice_texts import WHO_BY_CATEGORY, WHY_BY_REASON, NoticeText as T
from overt.core.notice_words import SectionKey, SheetKind, Words

POSTER, LEAFLET, CARD = SheetKind.POSTER_A4, SheetKind.LEAFLET, SheetKind.CARD
LARGE = SheetKind.LARGE_PRINT


def sheet(kind=POSTER, street=None, details=None, **changes):
    """Return a notice of a deployment with some facts changed."""
    facts = replace(some_facts(), **changes)
    return notice_sheet(kind, facts, details or some_details(), street)


def said(printed, key):
    """Return the sentences of one section."""
    (section,) = [part for part in printed.sections if part.key is key]
    return [words.text for words in (*section.paragraphs, *section.points)]


def printed_texts(printed):
    """Return every sentence of a notice's sections, and what its address leads to."""
    parts = [words for part in printed.sections for words in (*part.paragraphs, *part.points)]
    return {words.text for words in (*parts, printed.page)}


def test_every_sheet_but_the_card_has_every_section():
    """R-61: what, way round, why, who, kept, rights, whom to ask."""
    for kind in (SheetKind.POSTER_A2, POSTER, LEAFLET, LARGE):
        assert {part.key for part in sheet(kind).sections} == set(SectionKey)


def test_walking_another_way_is_said_on_every_sheet_but_the_card():
    """R-63: fine, not suspicious by itself, no reason to stop anybody."""
    for kind in (SheetKind.POSTER_A2, POSTER, LEAFLET, LARGE):
        assert T.WAY_FINE in said(sheet(kind), SectionKey.WAY)
    assert "not suspicious by itself" in T.WAY_FINE


@pytest.mark.parametrize(
    ("street", "text"),
    [(None, T.WAY_ASK), (a_map(), T.WAY_ON_MAP), (a_map(route=None), T.WAY_ASK)],
)
def test_the_map_is_named_where_it_shows_a_way(street, text):
    """R-63: without a map of a way round, somebody is there to ask."""
    assert said(sheet(street=street), SectionKey.WAY)[1] == text


def test_why_here():
    """R-02: every reason of the policy's list in plain words, and the aim as it was written."""
    printed = sheet(reasons=("protective_security", "an_older_code"))
    section = next(part for part in printed.sections if part.key is SectionKey.WHY)

    assert section.paragraphs == (
        Words(T.WHY_PROTECTIVE_SECURITY),
        Words(T.WHY_AIM, {"aim": "Find people wanted by the courts"}, is_free=True),
    )
    assert said(sheet(aim=" "), SectionKey.WHY) == [T.WHY_SERIOUS_CRIME_HERE]


def test_who_is_on_the_list():
    """R-10: how many, and which categories; nobody else."""
    assert said(sheet(), SectionKey.WHO) == [
        T.WHO_COUNT,
        T.WHO_WANTED_BY_COURTS,
        T.WHO_NOBODY_ELSE,
    ]
    assert said(sheet(is_counted=False, categories=("gone",)), SectionKey.WHO) == [
        T.WHO_AT_MOST,
        T.WHO_NOBODY_ELSE,
    ]


def test_every_code_of_the_policy_has_plain_words():
    """A closed list is for officers; a sentence of its own is for everybody."""
    assert WHY_BY_REASON.keys() == set(SHIPPED.location.reasons.keys)
    assert WHO_BY_CATEGORY.keys() == set(SHIPPED.watchlist.categories.keys)


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        (
            {},
            [T.KEPT_NO_ALERT_AT_ONCE, T.KEPT_ALERT, T.KEPT_LIST, T.KEPT_NO_VIDEO],
        ),
        (
            {
                "nonmatch": timedelta(seconds=1),
                "alert": timedelta(0),
                "watchlist": timedelta(0),
                "footage": timedelta(days=31),
            },
            [T.KEPT_NO_ALERT, T.KEPT_ALERT_AT_ONCE, T.KEPT_LIST_AT_ONCE, T.KEPT_VIDEO],
        ),
    ],
)
def test_how_long_anything_is_kept(changes, texts):
    """R-30, R-33: from the policy; no time at all is said as "at once"."""
    assert said(sheet(**changes), SectionKey.KEPT) == texts


def test_rights_and_complaints():
    """R-61: a regulator is named where the force names one."""
    with_regulator = some_details(regulator="Information Commissioner")

    assert said(sheet(), SectionKey.RIGHTS) == [T.RIGHTS_ASK, T.RIGHTS_COMPLAIN]
    assert said(sheet(details=with_regulator), SectionKey.RIGHTS)[2] == T.RIGHTS_REGULATOR


def test_the_card():
    """R-57: why an officer spoke to them, no map, lines to fill in by hand."""
    card = sheet(CARD, street=a_map())

    assert card.title == Words(T.CARD_TITLE)
    assert [part.key for part in card.sections] == [
        SectionKey.WHAT,
        SectionKey.KEPT,
        SectionKey.RIGHTS,
        SectionKey.ASK,
    ]
    assert [words.text for words in card.blanks] == [
        T.CARD_DAY,
        T.CARD_OFFICER,
        T.CARD_REFERENCE,
    ]
    assert (card.lead, card.places, card.more, card.street) == (None, (), None, None)
    assert said(card, SectionKey.KEPT) == [T.CARD_KEPT]
    assert said(sheet(CARD, alert=timedelta(0)), SectionKey.KEPT) == [T.CARD_KEPT_AT_ONCE]


def test_titles():
    """A sign stands ahead of the cameras; a leaflet may be read anywhere."""
    assert sheet().title == Words(T.TITLE_AHEAD)
    assert sheet(LEAFLET).title == Words(T.TITLE)
    assert sheet().blanks == ()


def test_a_rehearsal_says_that_it_is_one():
    """R-22: nobody who passes by is sought."""
    site = SiteTimes("Yard", "Europe/London", (), g.CLOSES)
    printed = sheet(is_rehearsal=True, sites=(site,), categories=(), n_listed=4)

    assert (printed.title.text, printed.lead.text) == (T.TITLE_REHEARSAL, T.LEAD_REHEARSAL)
    assert printed.places[0].times == (Words(T.UNTIL, {"day": date(2026, 3, 3), "end": time(16)}),)
    assert said(printed, SectionKey.WHY) == [T.WHY_REHEARSAL]
    assert said(printed, SectionKey.WHO) == [T.WHO_VOLUNTEERS, T.WHO_NOBODY_ELSE]


def test_a_rehearsal_promises_no_results():
    """It is never published: neither its sheets nor its card say that results will be."""
    for kind in SheetKind:
        texts = printed_texts(sheet(kind, is_rehearsal=True))

        assert {T.ASK_US, T.PAGE_REHEARSAL} < texts
        assert not texts & {T.RESULTS, T.PAGE, T.CARD_WRONG}
    assert {T.RESULTS, T.PAGE, T.CARD_WRONG} < printed_texts(sheet(SheetKind.CARD))


def test_times_are_those_on_the_wall():
    """R-01: 10:00 UTC in June is 11:00 in London; past midnight the last day is named."""
    opens = g.OPENS.replace(month=6)
    late = Window(opens + timedelta(hours=12), opens + timedelta(hours=16))

    assert window_words(Window(opens, opens + timedelta(hours=6)), "Europe/London") == Words(
        T.WINDOW, {"day": date(2026, 6, 3), "start": time(11), "end": time(17)}
    )
    assert window_words(late, "Europe/London") == Words(
        T.WINDOW_OVER_NIGHT,
        {
            "day": date(2026, 6, 3),
            "start": time(23),
            "end": time(3),
            "last_day": date(2026, 6, 4),
        },
    )


def some_sites(*n_windows):
    """Return sites with so many windows each."""
    return tuple(
        SiteTimes(
            f"place {n}",
            "UTC",
            tuple(
                Window(g.OPENS + timedelta(days=day), g.CLOSES + timedelta(days=day))
                for day in range(count)
            ),
        )
        for n, count in enumerate(n_windows)
    )


@pytest.mark.parametrize(
    ("kind", "n_windows", "shown"),
    [
        (POSTER, (4,), [4]),
        (POSTER, (5,), [4]),
        (POSTER, (5, 1), [3, 1]),
        (POSTER, (2, 2), [2, 2]),
        (POSTER, (2, 5, 1), [2, 1, 1]),
        (POSTER, (1, 1, 1, 1, 1), [1, 1, 1, 1]),
        (LEAFLET, (20,), [6]),
        (LARGE, (20, 20), [20, 20]),
    ],
)
def test_more_times_than_fit(kind, n_windows, shown):
    """R-60: every place keeps its first days, and that there are more is said."""
    printed = sheet(kind, sites=some_sites(*n_windows))

    assert [len(place.times) for place in printed.places] == shown
    assert (printed.more is None) == (sum(shown) == sum(n_windows))


def test_the_small_print_names_deployment_and_policy():
    """R-72: whoever holds a notice can find the rules that it came from."""
    facts = some_facts()

    assert sheet().record == Words(
        T.RECORD, {"deployment": "d-1", "policy": facts.policy_hash[:12]}
    )
    assert sheet().page_url == "https://police.example/lfr/d-1"
