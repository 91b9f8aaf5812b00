"""The report as one page for a browser: no script, nothing loaded, readable in print."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from overt.adapters.reports.content import (
    VERDICT_MARKS,
    number_in,
    numbers_of,
    numeric_columns,
    text_of,
)
from overt.adapters.reports.figures import for_page
from overt.adapters.reports.printed_words import (
    checking,
    kind_text,
    moment_text,
    planned,
    progress_text,
    proof,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from overt.adapters.reports.content import Part


def report_html(document: Part, figures: Mapping[str, str]) -> bytes:
    """Return the page, UTF-8.

    Args:
        document: Of a report.
        figures: Each figure's SVG by its identifier.
    """
    environment = Environment(
        loader=PackageLoader("overt.adapters.reports"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["moment"] = moment_text
    environment.tests["numeric"] = lambda column, table: numeric_columns(table, document)[column]
    inside, shared = for_page(figures)
    page = environment.get_template("report.html").render(
        report=document,
        style=Markup(_style() + shared),  # noqa: S704 - of this package
        numbers=numbers_of(document),
        figures={  # drawn by this package, every text in it escaped
            name: Markup(svg)  # noqa: S704
            for name, svg in inside.items()
        },
        marks=VERDICT_MARKS,
        kind=kind_text(document),
        progress=progress_text(document),
        planned=planned(document),
        checking=checking(document),
        proof=proof(document),
        text_of=lambda cell: text_of(cell, document),
        number_in=number_in,
    )
    return page.encode()


def _style() -> str:
    style = files("overt.adapters.reports").joinpath("templates", "report.css")
    return style.read_text(encoding="utf-8")
