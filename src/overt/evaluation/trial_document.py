"""What the sections of a trial report are made of: tables and figures, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from overt.evaluation.trial_measures import measure
from overt.evaluation.trial_numbers import Query, Share, SharePerPerson, measured_rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from overt.core.canonical_json import JsonValue
    from overt.evaluation.rates import Rate
    from overt.evaluation.trial_figures import Scope, TrialFigures
    from overt.evaluation.trial_numbers import NumberBook

    Document = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Sources:
    """What every part of a report is written from.

    Attributes:
        figures: What was counted.
        book: The numbers of the report; whoever mentions one puts it in.
    """

    figures: TrialFigures
    book: NumberBook

    def number(self, name: str, scope: Scope, argument: str | None = None) -> str:
        """Return the identifier of a number of the report.

        Args:
            name: Of the figure.
            scope: Which deployments.
            argument: Which part of it; None for all of it.
        """
        query = Query(name, scope.name, argument)
        return self.book.add(query, measure(scope, query))

    def cell(self, name: str, scope: Scope, argument: str | None = None) -> JsonValue:
        """Return the cell of a table that shows a number.

        Args:
            name: Of the figure.
            scope: Which deployments.
            argument: Which part of it; None for all of it.
        """
        return {"number": self.number(name, scope, argument)}

    def said(self, name: str, scope: Scope, argument: str | None = None) -> str:
        """Return a number as it is printed.

        Args:
            name: Of the figure.
            scope: Which deployments.
            argument: Which part of it; None for all of it.
        """
        return str(self.book.entries[self.number(name, scope, argument)]["text"])

    def rate(self, name: str, scope: Scope, argument: str | None = None) -> Rate:
        """Return a share with its interval.

        Args:
            name: Of the figure; a share.
            scope: Which deployments.
            argument: Which part of it; None for all of it.
        """
        query = Query(name, scope.name, argument)
        found = cast("Share | SharePerPerson", measure(scope, query))
        return measured_rate(found, query, self.book.seed)

    def whole(self) -> Scope:
        """Return all deployments together."""
        return self.figures.whole

    def label(self, scope: Scope) -> str:
        """Return what a table or figure calls a deployment, or all of them.

        Args:
            scope: Which.
        """
        if scope is self.figures.whole:
            return "All"
        facts = scope.deployments[0]
        started = [span.started_at for span in facts.read.spans]
        started += [facts.read.live_from[0]] if facts.read.live_from else []
        day = f" ({min(started):%d %b %Y})" if started else " (not live)"
        return f"{facts.number}{day}"


def table(
    table_id: str, caption: str, columns: Sequence[str], rows: Sequence[Sequence[JsonValue]]
) -> Document:
    """Return a table.

    Args:
        table_id: Unique in the report; also the name of its file.
        caption: What stands in it.
        columns: Their headings.
        rows: Texts, and cells that show numbers.
    """
    return {
        "id": table_id,
        "caption": caption,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
    }


def figure(
    figure_id: str,
    kind: str,
    title: str,
    alt: str,
    axes: Mapping[str, JsonValue],
    **marks: JsonValue,
) -> Document:
    """Return a figure; drawing it is somebody else's.

    Args:
        figure_id: Unique in the report; also the name of its file.
        kind: Forest, lines, steps, bars or timeline.
        title: What it shows, in a few words.
        alt: What it shows, in sentences with its numbers.
        axes: What is not left as it is: labels, unit, reference line, logarithmic axes, marks.
        **marks: Its rows or its series.
    """
    empty: Document = {
        "x": "",
        "y": "",
        "reference": None,
        "log_x": False,
        "log_y": False,
        "unit": "",
    }
    return {"id": figure_id, "kind": kind, "title": title, "alt": alt, **empty, **axes, **marks}


def forest_row(label: str, found: Rate, said: str) -> Document | None:
    """Return a row of a forest; None where there is no interval to draw.

    Args:
        label: Of the row.
        found: A share.
        said: The same as it is printed.
    """
    if found.interval is None:
        return None
    return {
        "label": label,
        "value": found.value,
        "low": found.interval.low,
        "high": found.interval.high,
        "text": said,
    }


def section(
    section_id: str,
    title: str,
    text: Sequence[str],
    tables: Sequence[Document] = (),
    figures: Sequence[Document] = (),
) -> Document:
    """Return a section of the report.

    Args:
        section_id: Unique in the report.
        title: Its heading.
        text: Paragraphs.
        tables: In order.
        figures: In order.
    """
    return {
        "id": section_id,
        "title": title,
        "text": list(text),
        "tables": list(tables),
        "figures": list(figures),
    }
