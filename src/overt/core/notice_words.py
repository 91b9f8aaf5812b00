"""What stands on a notice before it is said in a language: sentences with values, sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time, timedelta

    from overt.core.notice_map import NoticeMap
    from overt.core.notice_texts import NoticeText

Value: TypeAlias = "str | int | timedelta | date | time"


class SheetKind(StrEnum):
    """What is printed; the value names its files."""

    POSTER_A2 = "poster-a2"
    POSTER_A4 = "poster-a4"
    LEAFLET = "leaflet"
    CARD = "card"
    LARGE_PRINT = "large-print"


class SectionKey(StrEnum):
    """What a section is about; a page places it by that."""

    WHAT = "what"
    WHY = "why"
    WHO = "who"
    KEPT = "kept"
    WAY = "way"
    RIGHTS = "rights"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence to be said in some language.

    Attributes:
        text: In English, with names of values in braces.
        values: What stands for the names: a text as it was written, a number, a span of time,
            a day or a time on the wall.
        is_free: Whether its texts are whole sentences of the record: it is left out in a
            language in which nobody has said them.
    """

    text: NoticeText
    values: Mapping[str, Value] = field(default_factory=dict)
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a notice under a heading.

    Attributes:
        key: What it is about.
        heading: Its heading.
        paragraphs: In order; may be empty.
        points: A list after them; may be empty.
    """

    key: SectionKey
    heading: Words
    paragraphs: tuple[Words, ...]
    points: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceAndTimes:
    """A place, and when cameras run there.

    Attributes:
        place: As it was applied for.
        times: One sentence a window.
    """

    place: str
    times: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class NoticeSheet:
    """Everything on one printed notice.

    Attributes:
        kind: Poster, leaflet, card, large print.
        force: Who gives notice.
        title: In large letters.
        lead: The sentence below it, or None.
        where_when: Heading over places and times.
        places: Places with times; empty on a card.
        more: That there are more places or times than are shown, or None.
        sections: In the order in which they are read.
        blanks: What an officer fills in by hand.
        page: What the address leads to.
        page_url: Address of the public page, also in the QR code.
        street: Map of the place, or None.
        legend: Words for zone, way round and signs, in that order.
        record: Which deployment and which policy.
        demonstration: That nothing of it is real, or None where it is.
    """

    kind: SheetKind
    force: str
    title: Words
    lead: Words | None
    where_when: Words
    places: tuple[PlaceAndTimes, ...]
    more: Words | None
    sections: tuple[Section, ...]
    blanks: tuple[Words, ...]
    page: Words
    page_url: str
    street: NoticeMap | None
    legend: tuple[Words, Words, Words]
    record: Words
    demonstration: Words | None = None
