"""Which sentences stand on which notice (R-57, R-60, R-61, R-63)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from overt.core.notice_texts import WHO_BY_CATEGORY, WHY_BY_REASON, NoticeText as T
from overt.core.notice_words import (
    NoticeSheet,
    PlaceAndTimes,
    Section,
    SectionKey,
    SheetKind,
    Words,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from overt.core.authority import Window
    from overt.core.notice_details import NoticeDetails
    from overt.core.notice_facts import NoticeFacts, SiteTimes
    from overt.core.notice_map import NoticeMap
    from overt.core.notice_words import Value

MAX_TIMES = {
    SheetKind.POSTER_A2: 4,
    SheetKind.POSTER_A4: 4,
    SheetKind.LEAFLET: 6,
    SheetKind.CARD: 0,
    SheetKind.LARGE_PRINT: None,
}
"""Windows that are shown; the large print and the page have them all."""

_POSTERS = frozenset({SheetKind.POSTER_A2, SheetKind.POSTER_A4})
_SHORT_HASH = 12
_LEGEND = (Words(T.MAP_ZONE), Words(T.MAP_ROUTE), Words(T.MAP_SIGNS))


def notice_sheet(
    kind: SheetKind, facts: NoticeFacts, details: NoticeDetails, street: NoticeMap | None
) -> NoticeSheet:
    """Return everything on one notice, before it is said in a language.

    Args:
        kind: Which.
        facts: What the deployment's record tells.
        details: What the force adds.
        street: Map of the place, or None.
    """
    is_card = kind is SheetKind.CARD
    places, more = _places(facts, MAX_TIMES[kind])
    return NoticeSheet(
        kind=kind,
        force=details.force,
        title=Words(T.CARD_TITLE) if is_card else _title(kind, facts),
        lead=None if is_card else Words(T.LEAD_REHEARSAL if facts.is_rehearsal else T.LEAD),
        where_when=Words(T.WHERE_WHEN),
        places=places,
        more=None if is_card else more,
        sections=_card(facts, details) if is_card else _sections(facts, details, street),
        blanks=(Words(T.CARD_DAY), Words(T.CARD_OFFICER), Words(T.CARD_REFERENCE))
        if is_card
        else (),
        page=Words(T.PAGE_REHEARSAL if facts.is_rehearsal else T.PAGE),
        page_url=details.url_of(facts.deployment_id),
        street=None if is_card else street,
        legend=_LEGEND,
        record=Words(
            T.RECORD,
            {"deployment": facts.deployment_id, "policy": facts.policy_hash[:_SHORT_HASH]},
        ),
        demonstration=Words(T.DEMONSTRATION) if facts.is_demonstration else None,
    )


def window_words(window: Window, time_zone: str) -> Words:
    """Return a window as it is told to people: day and times on the wall.

    Args:
        window: In UTC.
        time_zone: IANA name.
    """
    zone = ZoneInfo(time_zone)
    start, end = window.starts_at.astimezone(zone), window.ends_at.astimezone(zone)
    values: dict[str, Value] = {
        "day": start.date(),
        "start": start.time(),
        "end": end.time(),
    }
    if start.date() == end.date():
        return Words(T.WINDOW, values)
    return Words(T.WINDOW_OVER_NIGHT, {**values, "last_day": end.date()})


def _title(kind: SheetKind, facts: NoticeFacts) -> Words:
    if facts.is_rehearsal:
        return Words(T.TITLE_REHEARSAL)
    return Words(T.TITLE_AHEAD if kind in _POSTERS else T.TITLE)


def _places(facts: NoticeFacts, most: int | None) -> tuple[tuple[PlaceAndTimes, ...], Words | None]:
    """Return places with times, and whether some were left out; each place keeps its first."""
    places = [PlaceAndTimes(site.place, _times(site)) for site in facts.sites]
    n_times = sum(len(place.times) for place in places)
    if most is None or n_times <= most:
        return tuple(places), None
    shown: list[PlaceAndTimes] = []
    left = most
    for place in places[:most]:
        n_others = min(len(places), most) - len(shown) - 1
        times = place.times[: max(1, left - n_others)]
        shown.append(PlaceAndTimes(place.place, times))
        left -= len(times)
    return tuple(shown), Words(T.MORE_WINDOWS)


def _times(site: SiteTimes) -> tuple[Words, ...]:
    if site.until is None:
        return tuple(window_words(window, site.time_zone) for window in site.windows)
    until = site.until.astimezone(ZoneInfo(site.time_zone))
    return (Words(T.UNTIL, {"day": until.date(), "end": until.time()}),)


def _sections(
    facts: NoticeFacts, details: NoticeDetails, street: NoticeMap | None
) -> tuple[Section, ...]:
    has_route = street is not None and street.route is not None
    return (
        Section(
            SectionKey.WHAT,
            Words(T.WHAT),
            (Words(T.WHAT_CAMERAS), Words(T.WHAT_ALERT), Words(T.WHAT_PEOPLE)),
        ),
        _way(has_route=has_route),
        _why(facts),
        _who(facts),
        Section(SectionKey.KEPT, Words(T.KEPT), (), _kept(facts)),
        _rights(details),
        _ask(facts, details),
    )


def _way(*, has_route: bool) -> Section:
    second = Words(T.WAY_ON_MAP if has_route else T.WAY_ASK)
    return Section(SectionKey.WAY, Words(T.WAY), (Words(T.WAY_FINE), second))


def _why(facts: NoticeFacts) -> Section:
    if facts.is_rehearsal:
        return Section(SectionKey.WHY, Words(T.WHY), (Words(T.WHY_REHEARSAL),))
    said = [Words(WHY_BY_REASON[code]) for code in facts.reasons if code in WHY_BY_REASON]
    if facts.aim.strip():
        said.append(Words(T.WHY_AIM, {"aim": facts.aim.strip()}, is_free=True))
    return Section(SectionKey.WHY, Words(T.WHY), tuple(said))


def _who(facts: NoticeFacts) -> Section:
    if facts.is_rehearsal:
        count = Words(T.WHO_VOLUNTEERS, {"count": facts.n_listed})
    else:
        text = T.WHO_COUNT if facts.is_counted else T.WHO_AT_MOST
        count = Words(text, {"count": facts.n_listed})
    listed = [Words(WHO_BY_CATEGORY[code]) for code in facts.categories if code in WHO_BY_CATEGORY]
    points = (*listed, Words(T.WHO_NOBODY_ELSE))
    return Section(SectionKey.WHO, Words(T.WHO), (count,), points)


def _kept(facts: NoticeFacts) -> tuple[Words, ...]:
    return (
        _within(facts.nonmatch, T.KEPT_NO_ALERT_AT_ONCE, T.KEPT_NO_ALERT),
        _within(facts.alert, T.KEPT_ALERT_AT_ONCE, T.KEPT_ALERT),
        _within(facts.watchlist, T.KEPT_LIST_AT_ONCE, T.KEPT_LIST),
        _within(facts.footage, T.KEPT_NO_VIDEO, T.KEPT_VIDEO),
    )


def _within(span: timedelta | None, at_once: T, within: T) -> Words:
    return Words(within, {"span": span}) if span else Words(at_once)


def _rights(details: NoticeDetails) -> Section:
    said = [
        Words(T.RIGHTS_ASK),
        Words(T.RIGHTS_COMPLAIN, {"complaints": details.complaints.strip()}),
    ]
    if details.regulator.strip():
        said.append(Words(T.RIGHTS_REGULATOR, {"regulator": details.regulator.strip()}))
    return Section(SectionKey.RIGHTS, Words(T.RIGHTS), tuple(said))


def _ask(facts: NoticeFacts, details: NoticeDetails) -> Section:
    """Return whom to ask; results are not promised of a rehearsal, which is never published."""
    contact = Words(T.ASK_US, {"contact": details.contact.strip()})
    results = () if facts.is_rehearsal else (Words(T.RESULTS),)
    return Section(SectionKey.ASK, Words(T.ASK), (contact, *results))


def _card(facts: NoticeFacts, details: NoticeDetails) -> tuple[Section, ...]:
    """Return what somebody who was spoken to takes along (R-57)."""
    kept = _within(facts.alert, T.CARD_KEPT_AT_ONCE, T.CARD_KEPT)
    wrong = T.CARD_WRONG_REHEARSAL if facts.is_rehearsal else T.CARD_WRONG
    found = (Words(T.CARD_FOUND), Words(T.CARD_PEOPLE), Words(wrong))
    return (
        Section(SectionKey.WHAT, Words(T.CARD_WHAT), found),
        Section(SectionKey.KEPT, Words(T.KEPT), (kept,)),
        _rights(details),
        _ask(facts, details),
    )
