"""The kinds of figures: intervals in a row, lines, steps, bars, and what happened when."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from matplotlib.dates import AutoDateLocator, DateFormatter, date2num

from overt.adapters.reports.figure_style import (
    INK,
    LIMIT,
    PAPER,
    RULE,
    SERIES,
    SMALL_PT,
    finish,
    hold_axes,
    new_axes,
    new_figure,
    number_text,
    scale_axis,
    text_font,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from overt.adapters.reports.content import Part
    from overt.adapters.reports.figure_style import Stroke

_ROW_PT = 40.0
_LINE_PT = 14.0
_AXIS_PT = 46.0  # numbers and name of the horizontal axis
_TALL_PT = 250.0
_NARROW_PT = 20.0
_SHORT = 8  # letters of a label that has room beside its bar
_LETTERS = 56  # of a row's label in one line
_BLUE = SERIES[0][0]


def draw(figure: Part) -> Figure:
    """Return a figure, drawn.

    Args:
        figure: Of a report.
    """
    return _DRAWN[figure["kind"]](figure)


def _forest(figure: Part) -> Figure:
    rows: Sequence[Part] = figure["rows"]
    drawn = new_figure(_AXIS_PT + _ROW_PT * len(rows) + 22)
    axes = new_axes(drawn, left=12, right=16, bottom=_AXIS_PT, top=22)
    _x_by_rows(axes, figure, [row[key] for row in rows for key in ("low", "value", "high")])
    for at, row in enumerate(rows):
        _label(axes, at, row["label"], row["text"])
        if row["low"] is not None and row["high"] is not None:
            ends = [_inside(axes, row["low"]), _inside(axes, row["high"])]
            axes.plot(ends, [at, at], color=_BLUE, linewidth=2, marker="|", markersize=7)
        if row["value"] is not None:
            value = _inside(axes, row["value"])
            axes.plot([value], [at], color=_BLUE, marker="s", markersize=6, linestyle="none")
    _reference(axes, figure["reference"], is_upright=True)
    finish(axes, figure["x"], "")
    return drawn


def _bars(figure: Part) -> Figure:
    rows: Sequence[Part] = figure["rows"]
    is_narrow = all(len(row["label"]) <= _SHORT for row in rows)
    row_pt = _NARROW_PT if is_narrow else _ROW_PT
    drawn = new_figure(_AXIS_PT + row_pt * len(rows) + 22)
    axes = new_axes(drawn, left=62 if is_narrow else 12, right=48, bottom=_AXIS_PT, top=22)
    _x_by_rows(axes, figure, [0, *(row["value"] for row in rows)])
    for at, row in enumerate(rows):
        axes.barh([at], [row["value"] or 0], height=0.7 if is_narrow else 0.3, color=_BLUE)
        _amount(axes, at, row["value"], is_share=_is_share(figure))
        if not is_narrow:
            _label(axes, at, row["label"], "")
    if is_narrow:
        axes.set_yticks(range(len(rows)), [row["label"] for row in rows])
    _reference(axes, figure["reference"], is_upright=True)
    finish(axes, figure["x"], figure["y"] if is_narrow else "")
    return drawn


def _timeline(figure: Part) -> Figure:
    rows: Sequence[Part] = figure["rows"]
    drawn = new_figure(_AXIS_PT + _ROW_PT * len(rows) + 22)
    axes = new_axes(drawn, left=12, right=24, bottom=_AXIS_PT, top=22)
    spans = [(_day(row["from"]), _day(row["to"])) for row in rows]
    _rows_down(axes, len(rows))
    first = min((start for start, _ in spans), default=0.0)
    last = max((end for _, end in spans), default=first)
    room = max(last - first, 0.1) * 0.03
    axes.set_xlim(first - room, last + room)
    for at, (row, (start, end)) in enumerate(zip(rows, spans, strict=True)):
        _label(axes, at, row["label"], row["note"])
        axes.plot([start, max(end, start + room / 6)], [at, at], color=_BLUE, linewidth=8)
        axes.lines[-1].set_solid_capstyle("butt")
    locator = AutoDateLocator(minticks=2, maxticks=5)  # type: ignore[no-untyped-call] # matplotlib ships no types for its dates
    axes.xaxis.set_major_locator(locator)
    is_of_days = last - first > 2  # noqa: PLR2004 - days; within two of them hours tell more
    written = "%Y-%m-%d" if is_of_days else "%d %H:%M"
    axes.xaxis.set_major_formatter(DateFormatter(written))  # type: ignore[no-untyped-call] # matplotlib ships no types for its dates
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.6, clip_on=False)
    finish(axes, figure["x"], "")
    return drawn


def _curves(figure: Part, drawstyle: str) -> Figure:
    series: Sequence[Part] = figure["series"]
    marks: Sequence[Part] = figure.get("marks", ())
    n_entries = len(series) + (figure["reference"] is not None) + bool(marks)
    top = 8 + _LINE_PT * ((n_entries + 1) // 2)
    drawn = new_figure(_TALL_PT + top)
    axes = new_axes(drawn, left=62, right=16, bottom=_AXIS_PT, top=top)
    is_share = _is_share(figure)
    scale_axis(axes, "x", is_log=figure["log_x"], is_share=is_share and figure["log_x"])
    scale_axis(axes, "y", is_log=figure["log_y"], is_share=is_share, is_whole=not is_share)
    for at, line in enumerate(series):
        _curve(axes, line, drawstyle, SERIES[at % len(SERIES)])
    _reference(axes, figure["reference"], is_upright=False)
    if not figure["log_y"]:
        tallest = _tallest(figure)
        axes.set_ylim(-0.02 * tallest, tallest)  # a line at nothing is seen too
    if marks:
        _add_marks(axes, marks)
    _legend(axes)
    finish(axes, figure["x"], figure["y"])
    return drawn


def _curve(axes: Axes, line: Part, drawstyle: str, look: tuple[str, Stroke]) -> None:
    color, stroke = look
    low, high = line["low"], line["high"]
    if low is not None and high is not None:
        step: Literal["post"] | None = "post" if drawstyle == "steps-post" else None
        axes.fill_between(line["x"], low, high, color=color, alpha=0.18, linewidth=0, step=step)
    axes.plot(
        line["x"],
        line["y"],
        color=color,
        linestyle=stroke,
        linewidth=1.8,
        drawstyle=drawstyle,
        label=line["label"],
        marker="o" if len(line["x"]) == 1 else None,
    )


def _add_marks(axes: Axes, marks: Sequence[Part]) -> None:
    """Add marks to axes that reach as far as every one of them that has a place there."""
    for mark in marks:
        if mark["y"] is not None:
            x, y = mark["x"], mark["y"]
            axes.update_datalim([(x, y)], updatex=x > 0, updatey=y > 0)
    axes.autoscale_view()
    hold_axes(axes)
    for at, mark in enumerate(marks):
        _mark(axes, mark, is_named=at == 0)


def _mark(axes: Axes, mark: Part, *, is_named: bool) -> None:
    """Mark a point of a series, or where all of them are cut; all marks of a figure mean one."""
    label = mark["label"] if is_named else None
    if mark["y"] is None:
        axes.axvline(mark["x"], color=INK, linewidth=1.2, linestyle=(0, (2, 2)), label=label)
        return
    axes.plot(
        [_inside(axes, mark["x"])],
        [_inside(axes, mark["y"], "y")],
        color=SERIES[mark["series"] % len(SERIES)][0],
        linestyle="none",
        marker="D",
        markersize=7,
        markeredgecolor=PAPER,
        clip_on=False,
        zorder=3,
        label=label,
    )


def _tallest(figure: Part) -> float:
    """Return where the vertical axis ends: first intervals may leave it, as they dwarf the rest."""
    lines = [max(line["y"], default=0.0) for line in figure["series"]]
    ends = [line["high"][-1] for line in figure["series"] if line["high"]]
    return 1.15 * max([*lines, *ends, 3 * (figure["reference"] or 0.0)], default=1.0) or 1.0


def _legend(axes: Axes) -> None:
    if axes.get_legend_handles_labels()[1]:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=2,
            frameon=False,
            prop=text_font(SMALL_PT),
            labelcolor=INK,
            borderaxespad=0,
            handlelength=2.4,
        )


def _reference(axes: Axes, value: float | None, *, is_upright: bool) -> None:
    if value is None:
        return
    line = axes.axvline if is_upright else axes.axhline
    label = None if is_upright else "limit"
    line(value, color=LIMIT, linewidth=1.4, linestyle=(0, (5, 2)), label=label, zorder=0.8)
    if is_upright:
        axes.annotate(
            "limit",
            (value, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            color=LIMIT,
            fontproperties=text_font(SMALL_PT),
        )


def _label(axes: Axes, at: int, label: str, note: str) -> None:
    """Write a row's words above it, so that they need no column of a narrow page."""
    words = f"{label}: {note.partition(' (')[0]}" if note else label
    axes.annotate(
        textwrap.shorten(words, _LETTERS, placeholder=" \u2026"),
        (0, at),
        xycoords=("axes fraction", "data"),
        xytext=(4, 9),
        textcoords="offset points",
        color=INK,
        zorder=0.9,  # over the grid, under what is drawn
        fontproperties=text_font(),
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5},
    )


def _amount(axes: Axes, at: int, value: float | None, *, is_share: bool) -> None:
    """Write a bar's value at its end."""
    axes.annotate(
        "not defined" if value is None else number_text(value, is_share=is_share),
        (value or 0, at),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        fontproperties=text_font(SMALL_PT),
    )


def _x_by_rows(axes: Axes, figure: Part, values: Sequence[float | None]) -> None:
    """Set the horizontal axis so that every value and the limit lie on it."""
    known = [value for value in [*values, figure["reference"]] if value is not None]
    is_whole = not _is_share(figure) and all(value == int(value) for value in known)
    scale_axis(axes, "x", is_log=figure["log_x"], is_share=_is_share(figure), is_whole=is_whole)
    if figure["log_x"]:
        above = [value for value in known if value > 0] or [1.0]
        axes.set_xlim(min(above) / 2, max(above) * 2)
    else:
        most = max(known, default=1.0) or 1.0
        axes.set_xlim(min(0.0, *known) if known else 0.0, most * 1.08)
    _rows_down(axes, len(figure["rows"]))


def _rows_down(axes: Axes, n_rows: int) -> None:
    axes.set_ylim(n_rows - 0.6, -0.75)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _inside(axes: Axes, value: float, which: Literal["x", "y"] = "x") -> float:
    """Return a value, or the end of the axis where a logarithm has no place for it."""
    return max(value, (axes.get_xlim() if which == "x" else axes.get_ylim())[0])


def _is_share(figure: Part) -> bool:
    return bool(figure["unit"] == "share")


def _day(moment: str) -> float:
    return float(date2num(datetime.fromisoformat(moment)))  # type: ignore[no-untyped-call] # matplotlib ships no types for its dates


def _lines(figure: Part) -> Figure:
    return _curves(figure, "default")


def _steps(figure: Part) -> Figure:
    return _curves(figure, "steps-post")


_DRAWN: dict[str, Callable[[Part], Figure]] = {
    "forest": _forest,
    "lines": _lines,
    "steps": _steps,
    "bars": _bars,
    "timeline": _timeline,
}
