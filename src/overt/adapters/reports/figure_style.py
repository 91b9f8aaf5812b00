"""How figures look: few colours, fonts of this package, nothing of the machine that draws them."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from overt.adapters.publish.notice_fonts import font_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

Stroke: TypeAlias = "str | tuple[int, tuple[float, ...]]"  # as matplotlib knows line styles

WIDTH_PT = 420.0
"""Of every figure: letters stay readable on a phone and do not grow too large on a desk."""

INK, FAINT, RULE, PAPER = "#14181c", "#4a545e", "#c3cad1", "#ffffff"
LIMIT = "#a3170c"
SERIES: tuple[tuple[str, Stroke], ...] = (
    ("#0b5394", "-"),
    ("#8a5200", "--"),
    ("#0a6640", "-."),
    ("#5c6873", ":"),
    (INK, (0, (6, 1.5, 1, 1.5, 1, 1.5))),
)
"""Colour and stroke of each series: never the colour alone tells them apart."""

TEXT_PT, SMALL_PT = 11.0, 9.5

_ONE_AT_A_TIME = Lock()  # matplotlib's settings are those of the whole process
_SALT = "overt trial report"
_POINTS_PER_INCH = 72.0
_CROWDED = 5000.0  # times the first number of an axis is the last one
_FAMILY = ["Noto Sans", "sans-serif"]
_NOTHING_ABOUT_THE_MACHINE = {"Date": None, "Creator": None, "Format": None, "Type": None}


def text_font(size_pt: float = TEXT_PT, weight: str = "normal") -> FontProperties:
    """Return the font of a text: the installed one, whatever else this machine has.

    Args:
        size_pt: How large.
        weight: ``normal`` or ``bold``.
    """
    file = font_folder() / "NotoSans[wght].ttf"
    return FontProperties(family=_FAMILY, size=size_pt, weight=weight, fname=str(file))


@contextmanager
def house_style() -> Iterator[None]:
    """Draw by these settings only, whatever the machine's own are."""
    own = {"backend", "backend_fallback"}
    plain: dict[Any, Any] = {
        name: value for name, value in mpl.rcParamsDefault.items() if name not in own
    }
    fixed: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": _SALT,
        "text.parse_math": False,
        "axes.unicode_minus": False,
        "path.simplify": False,
    }
    with _ONE_AT_A_TIME, mpl.rc_context({**plain, **fixed}), warnings.catch_warnings():
        # A letter of another script is drawn by the reader's own fonts; here it is only measured.
        warnings.filterwarnings("ignore", message="Glyph ", category=UserWarning)
        yield


def new_figure(height_pt: float) -> Figure:
    """Return an empty figure.

    Args:
        height_pt: How tall.
    """
    inches = (WIDTH_PT / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH)
    figure = Figure(inches, dpi=_POINTS_PER_INCH, facecolor=PAPER)
    FigureCanvasSVG(figure)
    return figure


def new_axes(figure: Figure, *, left: float, right: float, bottom: float, top: float) -> Axes:
    """Return axes with margins around them.

    Args:
        figure: Where they are put.
        left: Margin in points.
        right: Margin in points.
        bottom: Margin in points.
        top: Margin in points.
    """
    height = figure.get_figheight() * _POINTS_PER_INCH
    axes = figure.add_axes(
        (
            left / WIDTH_PT,
            bottom / height,
            (WIDTH_PT - left - right) / WIDTH_PT,
            (height - bottom - top) / height,
        )
    )
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors=FAINT, labelcolor=INK, length=3, width=0.8)
    axes.set_axisbelow(True)
    return axes


def finish(axes: Axes, x: str, y: str) -> None:
    """Name the axes and give every number beside them the font.

    Args:
        axes: All drawn.
        x: What the horizontal one shows; may be empty.
        y: What the vertical one shows; may be empty.
    """
    axes.set_xlabel(x, fontproperties=text_font(), color=INK)
    axes.set_ylabel(y, fontproperties=text_font(), color=INK)
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(text_font(SMALL_PT))


def scale_axis(
    axes: Axes, which: Literal["x", "y"], *, is_log: bool, is_share: bool, is_whole: bool = False
) -> None:
    """Set how one axis counts, and how its numbers are written.

    Args:
        axes: Where.
        which: ``x`` or ``y``.
        is_log: Each step ten times the one before.
        is_share: Written in per cent.
        is_whole: Whole numbers only, as of a count.
    """
    axis = axes.xaxis if which == "x" else axes.yaxis
    if is_log:
        axes.set(**{f"{which}scale": "log"})
        axis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=8))
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    else:
        axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=is_whole))
    axis.set_major_formatter(
        FuncFormatter(lambda value, _at: number_text(value, is_share=is_share))
    )
    axes.grid(visible=True, axis=which, color=RULE, linewidth=0.6, clip_on=False)


def hold_axes(axes: Axes) -> None:
    """Keep the axes as far as they reach now, whatever is drawn next, with numbers that fit.

    Args:
        axes: With every line drawn.
    """
    first, last = axes.get_xlim()
    axes.set_xlim(first, last)
    axes.set_ylim(axes.get_ylim())
    if axes.get_xscale() == "log" and last > _CROWDED * first:
        axes.xaxis.set_major_locator(LogLocator())  # powers of ten; more would touch each other


def svg_of(figure: Figure) -> str:
    """Return a figure as matplotlib writes it, without anything about the machine.

    Args:
        figure: All drawn.
    """
    written = io.StringIO()
    figure.savefig(written, format="svg", facecolor=PAPER, metadata=_NOTHING_ABOUT_THE_MACHINE)
    return written.getvalue()


def number_text(value: float, *, is_share: bool) -> str:
    """Return a number as a figure writes it.

    Args:
        value: What is written.
        is_share: In per cent.
    """
    return f"{100 * value:.6g} %" if is_share else f"{value:,.6g}"
