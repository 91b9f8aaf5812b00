"""The ``RegisterPress`` port: pages from templates, the same values the same bytes."""

from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from overt.adapters.publish.register_feed import register_feed
from overt.adapters.publish.register_tables import records_csv, records_json
from overt.adapters.publish.register_words import (
    ENDED_WORDS,
    RECOUNT,
    REQUEST_WORDS,
    TERMS,
    WRITING_WORDS,
    status_of,
    story_of,
)
from overt.core.notice_texts import NoticeText
from overt.core.register import NOW_OR_LATER, RegisterStatus, one_line
from overt.evaluation.rates import rate
from overt.evaluation.register_cells import count_text
from overt.evaluation.register_columns import COLUMNS, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from overt.core.authority import Window
    from overt.core.register import (
        EntryFigures,
        Register,
        RegisterDetail,
        RegisterEntry,
        RegisterTrial,
    )
    from overt.evaluation.register_cells import Cell, Document
    from overt.evaluation.register_totals import TrialTotals
    from overt.ports.register import Writing

_FOLDER = "register"
_MOST_UPCOMING, _MOST_PAST = 25, 10
_SHORT = 120
_GROUPS = tuple((group, tuple(rows)) for group, rows in groupby(COLUMNS, lambda c: c.group))
_ON_PAGE = tuple(
    (group, tuple(c for c in rows if c.is_on_page))
    for group, rows in _GROUPS
    if group.value != "False alerts"  # they stand side by side above
)
_REHEARSED = frozenset(
    {
        *("deployment_id", "kind", "started", "ended", "duration_h", "note", "watchlist_size"),
        *("threshold", "model_pack", "model_pack_digest", "operating_point_digest", "policy_hash"),
        *("faces_seen", "faces_seen_method", "searches", "alerts", "true_confirmed"),
        *("true_unconfirmed", "false_confirmed", "false_unconfirmed", "unresolved"),
        *("volunteers", "blue_passes", "blue_alerts", "true_recognition_rate", "engagements"),
        *("decisions", "decisions_marked_quick", "purged_at"),
    }
)
"""What a rehearsal has figures of: it has no authority, no notice, and arrests nobody."""

_OF_REHEARSAL = tuple(
    (group, shown)
    for group, rows in _ON_PAGE
    if (shown := tuple(column for column in rows if column.name in _REHEARSED))
)


class HtmlRegisterPress:
    """Makes the register's pages, feed and tables."""

    def __init__(self) -> None:
        """Load no template yet."""
        self._templates = Environment(
            loader=PackageLoader("overt.adapters.publish", _FOLDER),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            bare=_bare,
            cell=_cell,
            count=_count,
            day=_day,
            line=one_line,
            moment=_moment,
            of=_of,
            people=count_text,
            short=_short,
            title_first=lambda text: text[:1].upper() + text[1:],
            window=_window,
        )
        self._templates.globals.update(
            status_of=status_of,
            ended_words=ENDED_WORDS,
            writing_words=WRITING_WORDS,
            alerts=NoticeText.WHAT_ALERT.value,
            lead=NoticeText.LEAD.value,
            nobody_else=NoticeText.WHO_NOBODY_ELSE.value,
            people=NoticeText.WHAT_PEOPLE.value,
            rights=NoticeText.RIGHTS_ASK.value,
            way=NoticeText.WAY_FINE.value,
        )

    def home(self, register: Register) -> bytes:
        """Return the first page.

        Args:
            register: All of it.
        """
        entries = register.entries
        soonest = [e for e in reversed(entries) if e.status is RegisterStatus.UPCOMING]
        running = [e for e in entries if e.status in NOW_OR_LATER - {RegisterStatus.UPCOMING}]
        past = (e for e in entries if e.status not in NOW_OR_LATER)
        by_year = groupby(entries, year_of)
        return self._page(
            "home.html",
            register,
            running=running,
            upcoming=soonest[:_MOST_UPCOMING],
            n_more=max(0, len(soonest) - _MOST_UPCOMING),
            past=[entry for _, entry in zip(range(_MOST_PAST), past, strict=False)],
            years=[(year, sum(1 for _ in of_year)) for year, of_year in by_year],
        )

    def year(
        self,
        register: Register,
        year: tuple[int, EntryFigures | None],
        entries: Sequence[RegisterEntry],
        number: int,
        n_pages: int,
    ) -> bytes:
        """Return one page of a year's deployments.

        Args:
            register: All of it.
            year: Which, and the sum of its published records.
            entries: Of this page.
            number: Of this page, from 1.
            n_pages: Of the year.
        """
        return self._page(
            "year.html",
            register,
            root="../",
            year=year[0],
            total=year[1],
            entries=entries,
            number=number,
            n_pages=n_pages,
        )

    def places(
        self, register: Register, entries: Sequence[RegisterEntry], number: int, n_pages: int
    ) -> bytes:
        """Return one page of the deployments by place.

        Args:
            register: All of it.
            entries: Of this page, by place.
            number: Of this page, from 1.
            n_pages: Of all places.
        """
        return self._page(
            "places.html", register, root="../", entries=entries, number=number, n_pages=n_pages
        )

    def search(
        self,
        register: Register,
        ranges: Sequence[tuple[str, str]],
        wanted: str,
        found: Sequence[RegisterEntry],
        n_found: int,
    ) -> bytes:
        """Return the page on which places are looked for.

        Args:
            register: All of it.
            ranges: First and last place of each page by place.
            wanted: What somebody looks for; blank before.
            found: The first of what was found.
            n_found: How many there are.
        """
        numbered = [(number, *ends) for number, ends in enumerate(ranges, start=1)]
        return self._page(
            "search.html", register, wanted=wanted, found=found, n_found=n_found, ranges=numbered
        )

    def deployment(
        self,
        register: Register,
        detail: RegisterDetail,
        notices: Iterable[str],
        *,
        writings: Sequence[Sequence[Writing]],
        number: int = 0,
    ) -> bytes:
        """Return a deployment's page, or a further page of what was written about it.

        Args:
            register: All of it.
            detail: The deployment.
            notices: Names of its notices.
            writings: What observers and the force wrote, by page.
            number: 0 for the page itself; else that page of writings.
        """
        record = detail.record or {}
        return self._page(
            "deployment.html",
            register,
            root="../",
            detail=detail,
            notices=tuple(notices),
            writings=writings,
            number=number,
            story=story_of(detail),
            cells=cells_of(record) if record else {},
            columns={column.name: column for column in COLUMNS},
            groups=_OF_REHEARSAL if detail.entry.is_rehearsal else _ON_PAGE,
            equality=record.get("equality"),
        )

    def trials(self, register: Register) -> bytes:
        """Return the list of trials.

        Args:
            register: All of it.
        """
        return self._page("trials.html", register, root="../", here="trials/index.html")

    def trial(self, register: Register, told: RegisterTrial, totals: TrialTotals | None) -> bytes:
        """Return a trial's page.

        Args:
            register: All of it.
            told: The trial with its deployments.
            totals: Sums of those that have figures, or None while none has.
        """
        return self._page("trial.html", register, root="../", told=told, totals=totals)

    def requests(
        self, register: Register, counts: Mapping[str, int | None], withheld_below: int
    ) -> bytes:
        """Return what people asked and complained about, in numbers.

        Args:
            register: All of it.
            counts: By name: ``received``, what became of them, of which kind; None is withheld.
            withheld_below: The policy's smallest number.
        """
        rows = [(REQUEST_WORDS[name], count) for name, count in counts.items()]
        return self._page("requests.html", register, rows=rows, withheld_below=withheld_below)

    def glossary(self, register: Register) -> bytes:
        """Return the terms and the columns with their meanings.

        Args:
            register: All of it.
        """
        return self._page("glossary.html", register, terms=TERMS, all_groups=_GROUPS)

    def check(self, register: Register, public_key: str | None, checkpoint: str | None) -> bytes:
        """Return how somebody checks a figure.

        Args:
            register: All of it.
            public_key: Of the log.
            checkpoint: The signed one that was published last.
        """
        return self._page(
            "check.html", register, public_key=public_key, checkpoint=checkpoint, program=RECOUNT
        )

    def data(self, register: Register) -> bytes:
        """Return what files of data there are.

        Args:
            register: All of it.
        """
        return self._page("data.html", register)

    def feed(self, register: Register) -> bytes:
        """Return the Atom feed.

        Args:
            register: All of it.
        """
        return register_feed(register)

    def table(self, records: Iterable[Document]) -> bytes:
        """Return published records as CSV, one a line.

        Args:
            records: In order.
        """
        return records_csv(records)

    def records(self, texts: Iterable[str]) -> bytes:
        """Return published records as one JSON document.

        Args:
            texts: As they were published, in order.
        """
        return records_json(texts)

    def style(self) -> bytes:
        """Return the style sheet."""
        return _shipped("register.css")

    def schema(self) -> bytes:
        """Return the JSON schema of the records."""
        return _shipped("records.schema.json")

    def _page(
        self, name: str, register: Register, *, root: str = "", here: str = "", **values: object
    ) -> bytes:
        template = self._templates.get_template(name)
        return template.render(register=register, root=root, here=here or name, **values).encode()


def year_of(entry: RegisterEntry) -> int:
    """Return the year in which a deployment begins, on the calendar there.

    Args:
        entry: Of the register.
    """
    return entry.starts_at.astimezone(ZoneInfo(entry.time_zone)).year


def _shipped(name: str) -> bytes:
    return files("overt.adapters.publish").joinpath(_FOLDER, name).read_bytes()


def _short(text: str, most: int = _SHORT) -> str:
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _cell(value: Cell) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:g}"
        case _:
            return one_line(str(value))


def _bare(value: Cell) -> str:
    """Return a cell for programs: nothing is rounded, grouped or said in words."""
    return "" if value is None else one_line(str(value))


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _of(count: int, total: int) -> str:
    return rate(count, total, "comparisons").text()


def _day(moment: datetime, zone: str) -> Markup:
    local = moment.astimezone(ZoneInfo(zone))
    return _time(local.date().isoformat(), f"{local.day} {local:%B %Y}")


def _moment(moment: datetime, zone: str) -> Markup:
    local = moment.astimezone(ZoneInfo(zone))
    return _time(moment.isoformat(timespec="seconds"), f"{local.day} {local:%B %Y, %H:%M %Z}")


def _window(window: Window, zone: str) -> Markup:
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (window.starts_at, window.ends_at))
    is_one_day = start.date() == end.date()
    last = f"{end:%H:%M %Z}" if is_one_day else f"{end.day} {end:%B %Y, %H:%M %Z}"
    return Markup("{} to {}").format(
        _time(start.isoformat(timespec="minutes"), f"{start.day} {start:%B %Y, %H:%M}"),
        _time(end.isoformat(timespec="minutes"), last),
    )


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)
