"""What a report's files look like: the same bytes everywhere, every text a text, nothing loaded."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import typst
from pypdf import PdfReader
from tests.integration.trial_documents import ARABIC, HOSTILE, a_document, a_figure

from overt.adapters.reports.figures import figure_svg
from overt.adapters.reports.paper import _compiled
from overt.adapters.reports.press import FolderPress
from overt.errors import TypesettingFailedError

SVG = "{http://www.w3.org/2000/svg}"
PROGRAM = """
import hashlib, json, sys
from overt.adapters.reports.press import FolderPress

for file in FolderPress().print_report(json.load(sys.stdin)):
    print(hashlib.sha256(file.content).hexdigest(), file.name)
"""


def printed(document) -> dict[str, bytes]:
    """Return the files of a document."""
    return {file.name: file.content for file in FolderPress().print_report(document)}


@pytest.fixture(scope="module")
def document():
    """Return a document with statements of every kind."""
    return a_document(
        statements=("Nobody answered.\n\nNot once. 中文 \N{GRINNING FACE}", ARABIC, HOSTILE)
    )


@pytest.fixture(scope="module")
def files(document):
    """Return its files."""
    return printed(document)


def printed_elsewhere(document, **environment: str) -> str:
    """Return digests of the files that another process makes."""
    source = str(Path(__file__).parents[2] / "src")
    made = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        input=json.dumps(document),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": source, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout


@pytest.mark.slow
def test_every_machine_prints_the_same_bytes(document, files, tmp_path):
    """Hash seed, time zone, language, settings of matplotlib and order of keys change nothing."""
    settings = tmp_path / "matplotlibrc"
    settings.write_text("font.size: 30\nfont.family: serif\naxes.facecolor: red\n")
    reversed_keys = dict(reversed(document.items()))
    reversed_keys["numbers"] = dict(reversed(document["numbers"].items()))

    one = printed_elsewhere(
        document, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C", HOME=str(tmp_path / "one")
    )
    two = printed_elsewhere(
        reversed_keys,
        PYTHONHASHSEED="77",
        TZ="Pacific/Auckland",
        LC_ALL="de_DE.UTF-8",
        LANGUAGE="de",
        HOME=str(tmp_path / "two"),
        MATPLOTLIBRC=str(settings),
        SOURCE_DATE_EPOCH="1",
    )

    here = "".join(f"{hashlib.sha256(c).hexdigest()} {name}\n" for name, c in files.items())
    assert one == two == here


def test_every_table_and_figure_has_its_file(files):
    """Beside the three forms of the whole."""
    assert sorted(files) == [
        "figures/days.svg",
        "figures/det.svg",
        "figures/false_alerts.svg",
        "figures/misses.svg",
        "figures/sweep.svg",
        "report.html",
        "report.json",
        "report.pdf",
        "tables/false_alerts.csv",
        "tables/misses.csv",
        "tables/numbers.csv",
    ]


def test_the_versions_that_shape_the_bytes_are_told():
    """They are written so that a reader can install them."""
    told = FolderPress().software_version
    assert told.startswith("overt ")
    assert {each.split(" ")[0] for each in told.split(", ")} >= {"matplotlib", "typst", "scipy"}


def test_json_is_the_document(files, document):
    """Sorted, in UTF-8, as it was given."""
    assert json.loads(files["report.json"]) == document
    assert files["report.json"].startswith(b'{\n "definitions"')


class Page(HTMLParser):
    """Collects what matters of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.links, self.tags, self.loaded = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.loaded += [given[key] for key in ("src", "srcset", "data", "action") if key in given]


@pytest.fixture
def page(files):
    """Return the page, read."""
    return Page(files["report.html"].decode())


def test_the_page_runs_and_loads_nothing(page):
    """No script, no picture, no style from elsewhere; links lead into the page only."""
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(page.tags)
    assert page.loaded == []
    assert all(link.startswith("#") for link in page.links)


def test_links_of_the_page_lead_somewhere(page):
    """Each name stands once."""
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_every_text_is_text(files):
    """Markup and code in a statement are shown as they were written."""
    page = files["report.html"].decode()
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; &lt;b&gt;bold" in page
    assert "{{ 7 * 7 }} #panic(" in page
    assert f'<blockquote dir="auto">{ARABIC}</blockquote>' in page


def test_a_verdict_is_a_word_with_a_sign(files):
    """Colour only repeats it."""
    page = files["report.html"].decode()
    for words in ("✓ shown", "✗ contradicted", "~ not shown", "\N{EN DASH} not defined"):
        assert f">{words}</td>" in page


def test_hostile_texts_in_every_place():
    """Title, table, figure, plan: no markup, no formula, no code of the typesetter."""
    document = a_document()
    document["trial"]["title"] = document["plan"]["aim"] = HOSTILE
    section = document["sections"][0]
    section["title"] = section["text"][0] = section["figures"][0]["title"] = HOSTILE
    section["figures"][0]["alt"] = section["figures"][0]["rows"][0]["label"] = HOSTILE
    section["tables"][0]["caption"] = section["tables"][0]["columns"][0] = HOSTILE
    section["tables"][0]["rows"][0][0] = "=HYPERLINK(A1)"

    made = printed(document)

    assert "<script" not in made["report.html"].decode()
    drawing = ET.fromstring(made["figures/false_alerts.svg"])  # noqa: S314 - of this package
    assert "script" not in "".join(each.tag for each in drawing.iter())
    rows = list(csv.reader(io.StringIO(made["tables/false_alerts.csv"].decode())))
    assert rows[0][0] == HOSTILE
    assert rows[1][0] == "'=HYPERLINK(A1)"


def test_tables_name_their_numbers(files):
    """Beside what is printed stands where the counts are."""
    rows = list(csv.reader(io.StringIO(files["tables/false_alerts.csv"].decode())))
    assert rows[0][:3] == ["Deployment", "Faces seen", "Faces seen: number"]
    assert rows[1][:3] == ["deployment_1", "5,570", "faces_deployment_1"]

    numbers = list(csv.DictReader(io.StringIO(files["tables/numbers.csv"].decode())))
    named = {each["number"]: each for each in numbers}
    assert named["far_all"]["count"] == "6"
    assert named["far_all"]["total"] == "16710"
    assert named["far_all"]["low"] == "0.0001318"
    assert named["far_all"]["query"] == "false_alerts_per_face_seen(all)"
    assert named["faces_deployment_1"]["value"] == "5570"


@pytest.mark.parametrize("name", ["false_alerts", "days", "sweep", "det", "misses"])
def test_a_figure_says_what_it_shows(files, name):
    """It has a role, a title and a description, and nothing of the day it was drawn on."""
    root = ET.fromstring(files[f"figures/{name}.svg"])  # noqa: S314 - of this package
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert description.text.endswith((".", "1,000."))
    assert root.find(f"{SVG}metadata") is None


def texts_of(figure) -> list[str]:
    """Return what is written in a figure."""
    root = ET.fromstring(figure_svg(figure))  # noqa: S314 - of this package
    return [each.text for each in root.iter(f"{SVG}text")]


def test_a_bar_has_its_value_and_its_label():
    """Also where it is empty, and where nothing is defined."""
    rows = [{"label": "a b c d e", "value": 1250}, {"label": "none", "value": None}]
    texts = texts_of(a_figure("bars", "bars", rows=rows, x="passes", unit="passes"))
    assert {"a b c d e", "1,250", "none", "not defined", "passes"} <= set(texts)


def test_short_labels_stand_beside_their_bars():
    """As the scores of a histogram do."""
    rows = [{"label": f"0.{n}", "value": n} for n in range(1, 6)]
    texts = texts_of(a_figure("scores", "bars", rows=rows, x="alerts", y="score", unit="alerts"))
    assert {"0.1", "0.5", "score", "alerts"} <= set(texts)


def test_an_interval_that_is_not_defined_leaves_its_label():
    """No mark is drawn where nothing was counted."""
    rows = [
        {"label": "A", "value": None, "low": None, "high": None, "text": "not defined (0 of 0)"}
    ]
    texts = texts_of(a_figure("f", "forest", rows=rows, x="share", reference=0.001))
    assert {"A: not defined", "limit"} <= set(texts)


@pytest.mark.parametrize("kind", ["forest", "bars", "lines", "steps", "timeline"])
def test_a_figure_of_nothing_is_drawn(kind):
    """A trial in which nothing happened has a report too."""
    assert figure_svg(a_figure("empty", kind)).startswith("<svg")


def test_the_limit_of_a_curve_is_named():
    """In the legend, with the series."""
    line = {"label": "so far", "x": [1, 2], "y": [0.0, 0.1], "low": None, "high": None}
    texts = texts_of(a_figure("c", "lines", series=[line], reference=0.05, x="faces", y="rate"))
    assert {"so far", "limit", "faces", "rate"} <= set(texts)


def test_a_mark_of_a_curve_is_named_once():
    """On logarithmic axes: one of none lies at the edge, one beyond its line within the axes."""
    lines = [
        {"label": label, "x": [0.1, 0.01], "y": [0.01, 0.1], "low": None, "high": None}
        for label in ("10 entries", "20 entries")
    ]
    marks = [
        {"label": "threshold 0.5", "x": x, "y": y, "series": at}
        for at, (x, y) in enumerate([(0.05, 0.4), (0.0, 0.0)])
    ]
    logarithmic = {"log_x": True, "log_y": True, "unit": "share"}
    drawn = a_figure("d", "lines", series=lines, marks=marks, **logarithmic)
    texts = texts_of(drawn)
    assert texts.count("threshold 0.5") == 1
    assert {"10 entries", "20 entries"} <= set(texts)
    drawn_marks = re.findall(r'x="([\d.]+)" y="([\d.]+)" style="fill:#8a5200;', figure_svg(drawn))
    assert drawn_marks == [("62", "240")]  # where the axes meet


def test_numbers_of_a_long_logarithmic_axis_are_powers_of_ten():
    """Others would touch each other; along a shorter one there is room for them."""
    line = {"label": "det", "x": [1e-6, 1], "y": [0.1, 0.01], "low": None, "high": None}
    shorter = {**line, "x": [0.01, 1]}
    mark = {"label": "threshold 0.5", "x": 0.1, "y": 0.05, "series": 0}
    logarithmic = {"log_x": True, "unit": "share", "marks": [mark]}
    texts = texts_of(a_figure("l", "lines", series=[line], **logarithmic))
    assert {"0.1 %", "100 %"} <= set(texts)
    assert "50 %" not in texts
    assert "50 %" in texts_of(a_figure("s", "lines", series=[shorter], **logarithmic))


def test_a_mark_through_all_curves_is_named():
    """A threshold over scores."""
    line = {"label": "mated", "x": [0, 1], "y": [0.0, 0.1], "low": None, "high": None}
    mark = {"label": "threshold 0.5", "x": 0.5, "y": None, "series": None}
    texts = texts_of(a_figure("s", "steps", series=[line], marks=[mark], unit="share"))
    assert {"mated", "threshold 0.5"} <= set(texts)


def test_the_paper_can_be_read_aloud(files):
    """PDF/UA-1 with a title; every page has text, and statements of all scripts are in it."""
    reader = PdfReader(io.BytesIO(files["report.pdf"]))
    text = "\n".join(each.extract_text() for each in reader.pages)

    assert reader.metadata.title == "Three rehearsals on a generated street"
    assert "/MarkInfo" in reader.trailer["/Root"]
    assert "overt report verify FOLDER --key KEY" in text
    assert '#panic("typst")' in text.replace("\u200b", "")
    assert "[U+4E2D]" in text
    assert "code points" in text


def test_the_paper_bears_the_time_of_its_log(files):
    """Not that of the machine."""
    created = PdfReader(io.BytesIO(files["report.pdf"])).metadata.creation_date
    assert created.isoformat() == "2026-03-09T17:00:00+00:00"


class RefusingCompiler:
    """A typesetter that refuses, or warns."""

    def __init__(self, *warnings):
        self.warnings = warnings

    def compile_with_warnings(self, **_):
        if not self.warnings:
            raise typst.TypstError("no such font")
        return b"%PDF", list(self.warnings)


@pytest.mark.parametrize("compiler", [RefusingCompiler(), RefusingCompiler(UserWarning("odd"))])
def test_a_page_with_a_problem_is_not_handed_out(compiler):
    """A warning of the typesetter is one: a letter may be missing."""
    with pytest.raises(TypesettingFailedError, match="the report: the typesetter"):
        _compiled(compiler, datetime(2026, 3, 9, tzinfo=UTC))
