"""Notices set by Typst: PDF that can be read aloud (PDF/UA-1), and its pages as pictures."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import typst

from overt.adapters.publish.notice_catalogues import SOURCE
from overt.adapters.publish.notice_fonts import FAMILIES, require_letters, typst_fonts
from overt.adapters.publish.notice_map_svg import draw_map
from overt.adapters.publish.notice_qr import qr_svg
from overt.core.notice_texts import NoticeText
from overt.core.notice_words import SheetKind, Words
from overt.errors import NoticeTextUnfitError, TypesettingFailedError
from overt.ports.notices import PrintedSheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from overt.core.notice_words import NoticeSheet, Section
    from overt.ports.notices import NoticeLanguage

PAGES = {
    SheetKind.POSTER_A2: 1,
    SheetKind.POSTER_A4: 1,
    SheetKind.LEAFLET: 2,
    SheetKind.CARD: 2,
    SheetKind.LARGE_PRINT: None,
}
"""How many pages each has; None where it takes as many as it needs."""

_TEMPLATE = {
    SheetKind.POSTER_A2: "poster.typ",
    SheetKind.POSTER_A4: "poster.typ",
    SheetKind.LEAFLET: "leaflet.typ",
    SheetKind.CARD: "card.typ",
    SheetKind.LARGE_PRINT: "large-print.typ",
}
_PPI = {
    SheetKind.POSTER_A2: 150.0,
    SheetKind.POSTER_A4: 150.0,
    SheetKind.LEAFLET: 130.0,
    SheetKind.CARD: 200.0,
    SheetKind.LARGE_PRINT: 110.0,
}
_OVERFULL = "the text does not fit"  # as sheet.typ says it
_BREAK = "\u200b"
_UNBROKEN = 20
_UNBROKEN_IN_URL = 12  # letters between two places where an address breaks anyway
_PIECE_OF_URL = 6
_N_LONG_WORDS = 8
_LONG = re.compile(rf"[^\s{_BREAK}]{{{_UNBROKEN + 1},}}")
_LONG_IN_URL = re.compile(rf"[^/.?&=_\-]{{{_UNBROKEN_IN_URL + 1},}}")


class TypstPress:
    """Sets notices on their pages."""

    def print_sheet(
        self, sheet: NoticeSheet, language: NoticeLanguage, *, is_reviewed: bool, now: datetime
    ) -> PrintedSheet:
        """Return a notice.

        Args:
            sheet: What stands on it.
            language: In which it is said.
            is_reviewed: Whether the translation was; else that is printed on it.
            now: When it is made, aware UTC; the document says so.

        Raises:
            NoticeTextUnfitError: A text does not fit its page at the smallest size, or no font
                here has one of its letters.
            TypesettingFailedError: The typesetter refused the page.
        """
        data = _data(sheet, language, is_reviewed=is_reviewed)
        require_letters(_texts(data))
        folder = files("overt.adapters.publish").joinpath("notices", "pages")
        with as_file(folder) as root:
            compiler = typst.Compiler(
                str(root / _TEMPLATE[sheet.kind]),
                root=str(root),
                font_paths=typst_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
            )
            (pdf,) = _compiled(compiler, sheet.kind, "pdf", now)
            pages = _compiled(compiler, sheet.kind, "png", now)
        if PAGES[sheet.kind] not in {None, len(pages)}:
            msg = f"{sheet.kind}: expected {PAGES[sheet.kind]} pages, found {len(pages)}"
            raise NoticeTextUnfitError(msg)
        return PrintedSheet(pdf, tuple(pages))


def _compiled(
    compiler: typst.Compiler, kind: SheetKind, form: str, now: datetime
) -> Sequence[bytes]:
    try:
        made, warnings = compiler.compile_with_warnings(
            format="pdf" if form == "pdf" else "png",
            pdf_standards=["ua-1"] if form == "pdf" else [],
            ppi=_PPI[kind],
            timestamp=now.replace(microsecond=0),
        )
    except typst.TypstError as error:
        if _OVERFULL in error.message:
            msg = f"{kind}: a text is too long for its place, also at the smallest size"
            raise NoticeTextUnfitError(msg) from error
        msg = f"{kind}: the typesetter says: {error.message}"
        raise TypesettingFailedError(msg) from error
    if warnings:
        msg = f"{kind}: the typesetter warns: {warnings[0].message}"
        raise TypesettingFailedError(msg)
    return made if isinstance(made, list) else [made or b""]


def _data(sheet: NoticeSheet, language: NoticeLanguage, *, is_reviewed: bool) -> dict[str, object]:
    """Return a sheet as the pages read it: every word said, long ones with places to break."""
    say = language.say
    said: dict[str, object] = {
        "kind": sheet.kind.value,
        "lang": language.code,
        "rtl": language.is_rtl,
        "tall": not _is_latin(say(sheet.title)),
        "fonts": list(FAMILIES),
        "force": sheet.force,
        "title": say(sheet.title),
        "lead": say(sheet.lead) if sheet.lead else None,
        "where_when": say(sheet.where_when),
        "places": [
            {
                "place": language.written(site.place) or site.place,
                "times": [say(time) for time in site.times],
            }
            for site in sheet.places
        ],
        "more": say(sheet.more) if sheet.more else None,
        "sections": {part.key.value: _section(part, language) for part in sheet.sections},
        "order": [part.key.value for part in sheet.sections],
        "blanks": [say(label) for label in sheet.blanks],
        "page": say(sheet.page),
        "record": say(sheet.record),
        "review": None if is_reviewed else _mark(NoticeText.TO_BE_REVIEWED, language),
        "demonstration": _mark(NoticeText.DEMONSTRATION, language) if sheet.demonstration else None,
    }
    broken = _broken(said)
    if not isinstance(broken, dict):  # it is what it was
        raise TypeError
    return broken | {
        "map": _map(sheet, language),
        "url": sheet.page_url,
        "url_to_break": (url := _url_to_break(sheet.page_url)),
        "url_pieces": _long_words(url),
        "qr": qr_svg(sheet.page_url),
        "long_words": _long_words(broken),
    }


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


def _section(part: Section, language: NoticeLanguage) -> dict[str, object]:
    return {
        "heading": language.say(part.heading),
        "paragraphs": [language.say(w) for w in part.paragraphs if _can_be_said(w, language)],
        "points": [language.say(w) for w in part.points if _can_be_said(w, language)],
    }


def _can_be_said(words: Words, language: NoticeLanguage) -> bool:
    texts = [value for value in words.values.values() if isinstance(value, str)]
    return not words.is_free or all(language.written(text) is not None for text in texts)


def _map(sheet: NoticeSheet, language: NoticeLanguage) -> dict[str, object] | None:
    if sheet.street is None:
        return None
    drawn = draw_map(sheet.street)
    zone, route, signs = (language.say(words) for words in sheet.legend)
    legend = [{"kind": "zone", "text": zone}]
    if drawn.has_route:
        legend.append({"kind": "route", "text": route})
    if drawn.has_signs:
        legend.append({"kind": "sign", "text": signs})
    return {
        "svg": drawn.svg,
        "aspect": drawn.aspect,
        "scale": f"|——| {language.metres(drawn.scale_m)}",
        "legend": legend,
        "alt": "; ".join(entry["text"] for entry in legend),
    }


def _mark(text: NoticeText, language: NoticeLanguage) -> str:
    """Return a mark in the notice's language and in English, for whoever puts it up."""
    mark = language.say(Words(text))
    return mark if language.code == SOURCE else f"{mark} · {text.value}"


def _broken(value: object) -> object:
    """Return texts in which no run of letters is too long for a narrow column."""
    if isinstance(value, str):
        return _LONG.sub(lambda found: _with_breaks(found[0]), value)
    if isinstance(value, list):
        return [_broken(item) for item in value]
    if isinstance(value, dict):
        return {key: _broken(item) for key, item in value.items()}
    return value


def _with_breaks(run: str, length: int = _UNBROKEN) -> str:
    parts = [run[at : at + length] for at in range(0, len(run), length)]
    return _BREAK.join(parts)


def _url_to_break(url: str) -> str:
    """Return an address that breaks after its marks, and inside an identifier that has none."""
    broken = _LONG_IN_URL.sub(lambda found: _with_breaks(found[0], _PIECE_OF_URL), url)
    return re.sub(r"([/.?&=_-])", rf"\1{_BREAK}", broken)


def _long_words(data: object) -> list[str]:
    words = {word for text in _texts(data) for word in re.split(rf"[\s{_BREAK}]+", text)}
    return sorted(words, key=lambda word: (-len(word), word))[:_N_LONG_WORDS]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in {"svg", "qr", "fonts"}:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
