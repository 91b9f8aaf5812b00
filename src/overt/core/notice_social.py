"""What is posted about a deployment: one short text, and one with everything that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.notice_sheets import notice_sheet
from overt.core.notice_texts import NoticeText
from overt.core.notice_words import SectionKey, SheetKind, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.core.notice_details import NoticeDetails
    from overt.core.notice_facts import NoticeFacts

MAX_POST = 280
"""Characters of the short text: as many as the strictest of the usual services takes."""

_CUT = "…"
_SHORTEST_PLACE = 20


def short_post(
    facts: NoticeFacts,
    details: NoticeDetails,
    say: Callable[[Words], str],
    written: Callable[[str], str | None],
) -> str:
    """Return the short text; a place or force too long for it is cut, address and time are not.

    Args:
        facts: What the deployment's record tells.
        details: What the force adds.
        say: Says a sentence in the language.
        written: How a text of the record is said in it, or None.
    """
    sheet = notice_sheet(SheetKind.POSTER_A4, facts, details, None)
    first = sheet.places[0]
    place = ", ".join(written(site.place) or site.place for site in sheet.places)
    when = say(first.times[0]) if first.times else ""
    force, post = details.force, ""
    while True:
        values = {"force": force, "place": place, "when": when, "page": sheet.page_url}
        post = say(Words(NoticeText.SOCIAL, values))
        over = len(post) - MAX_POST
        if over <= 0:
            return post
        if len(place) > _SHORTEST_PLACE:
            place = _cut(place, max(_SHORTEST_PLACE, len(place) - over))
        elif len(force) > _SHORTEST_PLACE:
            force = _cut(force, max(_SHORTEST_PLACE, len(force) - over))
        else:
            return post  # the address alone is too long for such a service


def long_post(
    facts: NoticeFacts,
    details: NoticeDetails,
    say: Callable[[Words], str],
    written: Callable[[str], str | None],
) -> str:
    """Return the text with places, times, the way round, who is listed and what is kept.

    Args:
        facts: What the deployment's record tells.
        details: What the force adds.
        say: Says a sentence in the language.
        written: How a text of the record is said in it, or None.
    """
    sheet = notice_sheet(SheetKind.LARGE_PRINT, facts, details, None)
    lines = [details.force, say(sheet.title), *([say(sheet.lead)] if sheet.lead else [])]
    for site in sheet.places:
        lines += ["", written(site.place) or site.place, *(say(time) for time in site.times)]
    told = {SectionKey.WAY, SectionKey.WHO, SectionKey.KEPT}
    for part in (part for part in sheet.sections if part.key in told):
        lines += ["", say(part.heading), *(say(words) for words in part.paragraphs)]
        lines += [f"- {say(words)}" for words in part.points]
    return "\n".join([*lines, "", f"{say(sheet.page)} {sheet.page_url}", ""])


def _cut(text: str, length: int) -> str:
    return text[: length - len(_CUT)].rstrip() + _CUT
