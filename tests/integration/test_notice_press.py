from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ContentStream
from tests.unit.core.maps import AROUND, a_map, at
from tests.unit.core.noticed import some_details

from overt.adapters.files.policy_file import read_policy
from overt.adapters.publish.notice_catalogues import Catalogues
from overt.adapters.publish.notice_press import PAGES, TypstPress
from overt.core.notice_map import AlternativeRoute, NoticeMap
from overt.core.notice_sheets import notice_sheet
from overt.core.notice_words import SheetKind
from overt.errors import NoticeTextUnfitError
from overt.services.check_notices import SAMPLE_DETAILS, sample_facts

NOW = datetime(2026, 6, 1, 12, 30, 15, 5, tzinfo=UTC)
LANGUAGES = Catalogues().codes()
URL = "https://police.example/lfr/deployment-01"
SIZES_MM = {
    SheetKind.POSTER_A2: (420, 594),
    SheetKind.POSTER_A4: (210, 297),
    SheetKind.LEAFLET: (297, 210),
    SheetKind.CARD: (105, 148),
    SheetKind.LARGE_PRINT: (210, 297),
}
FRAME_MM = {
    SheetKind.POSTER_A2: 20,
    SheetKind.POSTER_A4: 10,
    SheetKind.LEAFLET: 10,
    SheetKind.CARD: 6,
    SheetKind.LARGE_PRINT: 14,
}
ALL = [pytest.param(code, kind, id=f"{code}-{kind}") for code in LANGUAGES for kind in SheetKind]


@cache
def printed(
    code="en",
    kind=SheetKind.POSTER_A4,
    *,
    is_reviewed=False,
    details=SAMPLE_DETAILS,
    street=None,
    **changes,
):
    """Return a notice that uses all that the shipped policy knows."""
    facts = replace(sample_facts(read_policy(), NOW), **changes)
    sheet = notice_sheet(kind, facts, details, street or a_map())
    language = Catalogues().get(code)
    return TypstPress().print_sheet(sheet, language, is_reviewed=is_reviewed, now=NOW)


def pictures(notice):
    """Return the pages in grey, 0 to 255."""
    return [np.asarray(Image.open(BytesIO(page)).convert("L")) for page in notice.pages_png]


def text_of(notice):
    """Return everything that can be read in the document, on one line."""
    pages = PdfReader(BytesIO(notice.pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def glyphs(page):
    """Yield the number of every glyph that a page of the document draws."""
    stream = ContentStream(page["/Contents"], page.pdf, "bytes")
    for operands, operator in stream.operations:
        if operator in {b"Tj", b"TJ"}:
            shown = operands[0] if operator == b"TJ" else operands
            for part in shown:
                if not isinstance(part, int | float):
                    codes = part.original_bytes if hasattr(part, "original_bytes") else bytes(part)
                    yield from (codes[n : n + 2] for n in range(0, len(codes), 2))


def fonts(pdf):
    """Yield the descriptor of every font of a document."""
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            for inner in font.get_object()["/DescendantFonts"]:
                yield inner.get_object()["/FontDescriptor"].get_object()


@pytest.mark.slow
@pytest.mark.parametrize(("code", "kind"), ALL)
def test_everything_stays_inside_the_page(code, kind):
    """The frame of every page is blank paper, and the pages are as many as were planned."""
    pages = pictures(printed(code, kind))
    width_mm, height_mm = SIZES_MM[kind]

    assert len(pages) == (PAGES[kind] or len(pages))
    for page in pages:
        height, width = page.shape
        assert width / height == pytest.approx(width_mm / height_mm, rel=2e-3)
        edge = int(FRAME_MM[kind] * width / width_mm)
        bottom = page[-edge:] if kind is not SheetKind.LARGE_PRINT else page[-edge // 3 :]
        for part in (page[:edge], bottom, page[:, :edge], page[:, -edge:]):
            assert part.min() == 255
        assert (page < 128).mean() > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", [SheetKind.POSTER_A4, SheetKind.POSTER_A2, SheetKind.CARD])
def test_all_of_a_long_address_is_on_the_page(code, kind):
    """An identifier of the longest kind is broken, not cut off at the edge of the paper."""
    url = "https://police.example/register/deployments/{deployment}.html"
    details, name = some_details(page_url=url), "deployment-01m8c03mxyp1hqhv7e5w2k9d4t"
    notice = printed.__wrapped__(code, kind, details=details, deployment_id=name)

    for page in pictures(notice):
        edge = int(FRAME_MM[kind] * page.shape[1] / SIZES_MM[kind][0])
        assert page[:, :edge].min() == page[:, -edge:].min() == 255
    joined = re.sub(r"[\s\u200b]", "", text_of(notice))
    assert details.url_of(name) in joined or code == "ar"  # whose lines are read out of order


def test_a_large_poster_has_the_pixels_of_one():
    """A2 at 150 to the inch; twice as many each way as A4."""
    small, large = (printed(kind=kind) for kind in (SheetKind.POSTER_A4, SheetKind.POSTER_A2))

    assert [page.shape for page in pictures(small)] == [(1754, 1240)]
    assert [page.shape for page in pictures(large)] == [(3508, 2480)]


@pytest.mark.slow
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_fold_of_the_leaflet_is_blank(code):
    """Nothing runs over it, on either side."""
    for page in pictures(printed(code, SheetKind.LEAFLET)):
        middle, away = page.shape[1] // 2, int(page.shape[1] * 10 / 297)

        assert page[:, middle - away : middle + away].min() == 255


@pytest.mark.slow
@pytest.mark.parametrize(("code", "kind"), ALL)
def test_no_letter_is_an_empty_box(code, kind):
    """Glyph 0 stands for a letter that a font lacks; it is never drawn. Fonts are embedded."""
    notice = printed(code, kind)
    reader = PdfReader(BytesIO(notice.pdf))
    drawn = [glyph for page in reader.pages for glyph in glyphs(page)]

    assert len(drawn) > 200
    assert b"\x00\x00" not in drawn
    found = list(fonts(notice.pdf))
    assert found
    assert all("/FontFile2" in font or "/FontFile3" in font for font in found)
    assert all("NotoSans" in font["/FontName"] for font in found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SheetKind)
def test_the_qr_code_leads_to_the_public_page(kind):
    """Read back from the printed picture, on every notice."""
    zxingcpp = pytest.importorskip("zxingcpp")
    pages = [Image.open(BytesIO(page)).convert("L") for page in printed("en", kind).pages_png]

    found = [code.text for page in pages for code in zxingcpp.read_barcodes(page)]

    assert found == [URL]


@pytest.mark.system
def test_another_reader_agrees():
    """OpenCV reads the same address."""
    cv2 = pytest.importorskip("cv2")
    page = pictures(printed("en", SheetKind.CARD))[1]

    assert cv2.QRCodeDetector().detectAndDecode(page)[0] == URL


def test_an_address_of_the_longest_kind():
    """300 characters still make a code that a telephone reads from the poster."""
    zxingcpp = pytest.importorskip("zxingcpp")
    details = some_details(page_url="https://police.example/" + "a" * 277)
    (page,) = pictures(printed.__wrapped__(details=details))

    (found,) = zxingcpp.read_barcodes(page)

    assert found.text == details.page_url


def test_what_a_poster_says():
    """R-60, R-61, R-63: where, when, why, who, how long, another way, complaints, the address."""
    text = text_of(printed(is_reviewed=True))

    for part in (
        "Live facial recognition ahead",
        "High Street, from the railway station",
        "Monday, 1 June 2026, 13:30 to 19:30",  # British summer time
        "12,345 at most",
        "People the courts want to find",
        "within 24 hours",
        "31 days",
        "not suspicious by itself",
        "Professional Standards",
        "ico.org.uk",
    ):
        assert part in text
    assert "reviewed" not in text


@pytest.mark.slow
@pytest.mark.parametrize("kind", SheetKind)
def test_a_translation_to_be_reviewed_says_so(kind):
    """In its own language and in English, on every notice; once it is reviewed, no longer."""
    assert "Traduction à vérifier" in text_of(printed("fr", kind))
    assert "Translation to be reviewed" in text_of(printed("fr", kind))
    assert "to be reviewed" not in text_of(printed("fr", kind, is_reviewed=True))


def test_an_aim_that_nobody_translated_is_left_out():
    """A sentence in English would stand alone on a French notice; the reasons are translated."""
    assert "Our aim: Find people" in text_of(printed())
    assert "Find people" not in text_of(printed("fr"))
    assert "crimes graves" in text_of(printed("fr"))


def test_arabic_runs_from_right_to_left():
    """Its columns too: the blue box of the way round stands on the other side."""
    (english,), (arabic,) = pictures(printed("en")), pictures(printed("ar"))
    top, bottom = (int(share * english.shape[0]) for share in (0.80, 0.95))
    dark = [(page[top:bottom] < 60).mean(axis=0) for page in (english, arabic)]
    middle = english.shape[1] // 2

    # The QR code is the darkest part of the foot: on the right in English, else on the left.
    assert dark[0][middle:].sum() > dark[0][:middle].sum()
    assert dark[1][:middle].sum() > dark[1][middle:].sum()


@pytest.mark.parametrize(("code", "is_left"), [("en", True), ("ar", False)])
def test_the_front_of_a_leaflet_begins_where_its_script_does(code, is_left):
    """English on the right half from its left edge, Arabic on the left half from its right."""
    page = pictures(printed(code, SheetKind.LEAFLET))[0]
    a_mm = page.shape[1] / 297
    heading = page[int(58 * a_mm) : int(64 * a_mm)]  # between the banner and the first place
    dark = np.flatnonzero((heading < 128).any(axis=0)) / a_mm
    front = dark[dark > 148.5] if is_left else dark[dark < 148.5]

    edge_mm = front.min() - 148.5 if is_left else 148.5 - front.max()
    assert 10.5 < edge_mm < 12.5


@pytest.mark.slow
@pytest.mark.parametrize(("code", "kind"), ALL)
def test_a_demonstration_says_so_on_every_page(code, kind):
    """In words of the language and in English; nothing else is pushed off the page by it."""
    notice = printed.__wrapped__(code, kind, is_demonstration=True, is_rehearsal=True)
    words = "DEMONSTRATION: nothing of this is real"

    assert len(notice.pages_png) == (PAGES[kind] or len(notice.pages_png))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(notice.pdf)).pages]
    assert all(words in page for page in pages)
    assert pages[0].count(words) == 2  # at the edge, and in the banner that is read aloud
    assert "DEMONSTRATION" not in text_of(printed(code, kind))


@pytest.mark.parametrize("kind", SheetKind)
def test_a_document_can_be_read_aloud(kind):
    """PDF/UA-1: tagged, titled, in its language, the title as the first heading."""
    root = PdfReader(BytesIO(printed("ar", kind).pdf)).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "ar"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"pdfuaid" in root["/Metadata"].get_data()


def places(place, n_windows=1):
    """Return one site of that name."""
    site = sample_facts(read_policy(), NOW).sites[0]
    return (replace(site, place=place, windows=site.windows[:n_windows]),)


@pytest.mark.parametrize(
    "place",
    [
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
        "ميدان المحطة، أمام المدخل الشرقي",  # in an English notice
        "כיכר התחנה 12 (East side)",
        "স্টেশন চত্বর, পূর্ব দিক",
        "A" * 120,
        "Market square, " * 12,
    ],
)
def test_places_with_long_or_foreign_names(place):
    """They are broken, shaped and kept inside the page."""
    notice = printed(sites=places(place))
    (page,) = pictures(notice)
    edge = int(10 * page.shape[1] / 210)

    assert page[:, :edge].min() == page[:, -edge:].min() == 255
    assert b"\x00\x00" not in list(glyphs(PdfReader(BytesIO(notice.pdf)).pages[0]))


@pytest.mark.parametrize(
    ("place", "part"),
    [("A street " * 200, "too long"), ("車站廣場", "U\\+5834"), ("x\x07", "U\\+0007")],
)
def test_places_that_cannot_be_printed(place, part):
    """A novel, a script without a font here, a bell: refused, never cut or boxed."""
    with pytest.raises(NoticeTextUnfitError, match=part):
        printed(sites=places(place))


def test_words_are_never_markup():
    """What looks like code of the typesetter or of a page is printed as it is."""
    place = '#panic("x") *bold* $1^2$ <script>alert(1)</script> \\ @ref'

    assert '#panic("x") *bold* $1^2$ <script>' in text_of(printed(sites=places(place)))


@pytest.mark.parametrize(("wide", "high"), [(1, 1), (1, 12), (12, 1)])
def test_maps_of_every_shape(wide, high):
    """As wide as high, a long street north, a long street east: all inside the page."""
    route = AlternativeRoute(tuple(at(wide * x, high * y) for x, y in AROUND))
    (page,) = pictures(printed(street=NoticeMap(a_map().zone, route)))
    edge = int(10 * page.shape[1] / 210)

    assert page[:, -edge:].min() == 255


def test_the_same_notice_is_the_same_file():
    """What was printed can be printed again, byte for byte, if the moment is the same."""
    sheet = notice_sheet(SheetKind.CARD, sample_facts(read_policy(), NOW), SAMPLE_DETAILS, None)
    language = Catalogues().get("en")
    first, again, later = (
        TypstPress().print_sheet(sheet, language, is_reviewed=True, now=NOW + timedelta(seconds=s))
        for s in (0, 0, 60)
    )

    assert first == again
    assert first.pdf != later.pdf
