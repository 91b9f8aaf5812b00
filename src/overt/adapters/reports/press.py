"""Prints a trial report: JSON, page, PDF, tables, figures."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING

from overt import __version__
from overt.adapters.reports.content import figures_of, tables_of
from overt.adapters.reports.figures import figure_svg
from overt.adapters.reports.page import report_html
from overt.adapters.reports.paper import report_pdf
from overt.adapters.reports.tables import NUMBERS, numbers_csv, table_csv
from overt.ports.reports import ReportFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.core.canonical_json import JsonValue

_SHAPES_THE_BYTES = ("jinja2", "manimgx-fonts", "matplotlib", "numpy", "scipy", "typst")


class FolderPress:
    """The ``ReportPress`` port."""

    @property
    def software_version(self) -> str:
        """Return everything whose version the files' bytes depend on, in one line."""
        others = [f"{name} {version(name)}" for name in _SHAPES_THE_BYTES]
        return ", ".join([f"overt {__version__}", *others])

    def print_report(self, document: Mapping[str, JsonValue]) -> Iterator[ReportFile]:
        """Yield the files; the same document and versions give the same bytes, everywhere.

        Args:
            document: The whole report, as the evaluation gives it.

        Raises:
            TypesettingFailedError: The typesetter refused the PDF.
        """
        yield ReportFile("report.json", _pretty(document))
        figures = {}
        for figure in figures_of(document):
            figures[figure["id"]] = figure_svg(figure)
            yield ReportFile(f"figures/{figure['id']}.svg", figures[figure["id"]].encode())
        for table in tables_of(document):
            yield ReportFile(f"tables/{table['id']}.csv", table_csv(table, document))
        yield ReportFile(f"tables/{NUMBERS}.csv", numbers_csv(document))
        yield ReportFile("report.html", report_html(document, figures))
        yield ReportFile("report.pdf", report_pdf(document, figures))


def _pretty(document: Mapping[str, JsonValue]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()
