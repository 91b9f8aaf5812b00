"""The files of the public register by name: what is served is what is written (R-64).

A page is made when somebody asks for it, and kept until the register has something new to say.
"""

from __future__ import annotations

import html
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from overt.core.register import found_by, total_of
from overt.errors import RecordNotFoundError
from overt.evaluation.register_cells import rows_at

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from overt.core.register import Register, RegisterDetail, RegisterEntry
    from overt.ports.register import RegisterExtras, RegisterPress, Writing
    from overt.services.view_register import RegisterView

PER_PAGE = 50
MOST_FOUND = 50
MOST_LETTERS = 100
"""Of what somebody looks for."""

_MOST_DIGITS = 6
_MOST_KEPT_BYTES = 64 << 20
_WRITINGS_BYTES = 40_000
"""Of one page: with the rest it stays below 100 kB."""

_FIXED = (
    *("index.html", "search.html", "glossary.html", "check.html", "data.html", "feed.atom"),
    *("requests.html", "trials/index.html", "css/register.css", "schema/records.schema.json"),
)


class RegisterFiles:
    """Every file of the register."""

    def __init__(self, view: RegisterView, press: RegisterPress, extras: RegisterExtras) -> None:
        """Make nothing yet.

        Args:
            view: What the public may know.
            press: Makes pages.
            extras: Key, checkpoint, notices.
        """
        self._view, self._press, self._extras = view, press, extras
        self._kept: OrderedDict[str, tuple[Hashable, bytes]] = OrderedDict()
        self._n_bytes = 0
        self._order: _Order | None = None
        self._lock = threading.Lock()

    def file(self, name: str) -> bytes:
        """Return a file.

        Args:
            name: With folders: ``deployments/ID.html``.

        Raises:
            RecordNotFoundError: There is none of that name.
        """
        return self._file(self._view.register(), name)

    def found(self, wanted: str) -> bytes:
        """Return the page of what somebody looks for.

        Args:
            wanted: Words; the first hundred letters count.
        """
        register = self._view.register()
        wanted = wanted[:MOST_LETTERS].strip()
        found = [entry for entry in register.entries if found_by(entry, wanted)]
        ranges = self._order_of(register).ranges
        return self._press.search(register, ranges, wanted, found[:MOST_FOUND], len(found))

    def all(
        self, progress: Callable[[int, int], None] = lambda *_: None
    ) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of every file, of one moment's lists.

        Args:
            progress: Called with deployments done, and how many there are.
        """
        register = self._view.register()
        for name in self._names_of_lists(register):
            yield name, self._file(register, name)
        texts: list[str] = []
        n_all = len(register.entries)
        for n_done, entry in enumerate(register.entries):
            progress(n_done, n_all)
            detail = self._view.detail(entry)
            if detail.record_text is not None:
                texts.append(detail.record_text)
            yield from self._of_entry(register, detail)
        yield "records.csv", self._press.table(json.loads(text) for text in texts)
        yield "records.json", self._press.records(texts)
        progress(n_all, n_all)

    def own_words(self) -> tuple[str, ...]:
        """Return texts of the register that hold nothing of the store."""
        nobody, press = _emptied(self._view.register()), self._press
        pages = (
            *(press.home(nobody), press.glossary(nobody), press.check(nobody, None, None)),
            *(press.data(nobody), press.search(nobody, (), "", (), 0), press.trials(nobody)),
            *(press.schema(), press.table(())),
        )
        return tuple(page.decode() for page in pages)

    def _order_of(self, register: Register) -> _Order:
        if self._order is None or self._order.version != register.version:
            self._order = _ordered(register)
        return self._order

    def _names_of_lists(self, register: Register) -> Iterator[str]:
        yield from _FIXED
        yield from (name for name in ("checkpoint.txt", "public-key.txt") if self._extra(name))
        for year, entries in self._order_of(register).by_year.items():
            yield from (f"years/{year}-{n}.html" for n in range(1, _n_pages(entries) + 1))
        yield from (f"trials/{told.trial.trial_id}.html" for told in register.trials)
        yield from (f"places/{n}.html" for n in range(1, _n_pages(register.entries) + 1))

    def _of_entry(self, register: Register, detail: RegisterDetail) -> Iterator[tuple[str, bytes]]:
        deployment_id = detail.entry.deployment_id
        writings = writing_pages(detail)
        for number in range(len(writings)):
            suffix = f"-statements-{number}" if number else ""
            page = self._deployment(register, detail, writings, number)
            yield f"deployments/{deployment_id}{suffix}.html", page
        if detail.record_text is not None:
            yield f"records/{deployment_id}.json", detail.record_text.encode()
        for name in self._extras.notices(deployment_id):
            content = self._extras.notice(deployment_id, name)
            yield f"notices/{deployment_id}/{name}", content

    def _file(self, register: Register, name: str) -> bytes:
        if (extra := self._extra(name)) is not None:
            return extra.encode()
        folder, _, rest = name.rpartition("/")
        content = self._list_page(register, name)
        if content is None:
            content = self._of_folder(register, folder, rest)
        if content is None:
            msg = "there is no such page in the register"
            raise RecordNotFoundError(msg, key=name[:MOST_LETTERS])
        return content

    def _extra(self, name: str) -> str | None:
        match name:
            case "checkpoint.txt":
                return self._extras.checkpoint()
            case "public-key.txt":
                key = self._extras.public_key()
                return None if key is None else f"{key}\n"
        return None

    def _list_page(self, register: Register, name: str) -> bytes | None:
        press, extras = self._press, self._extras
        makers: dict[str, Callable[[], bytes]] = {
            "index.html": lambda: press.home(register),
            "search.html": lambda: press.search(
                register, self._order_of(register).ranges, "", (), 0
            ),
            "glossary.html": lambda: press.glossary(register),
            "requests.html": lambda: press.requests(register, *self._view.requests()),
            "trials/index.html": lambda: press.trials(register),
            "data.html": lambda: press.data(register),
            "feed.atom": lambda: press.feed(register),
            "records.csv": lambda: press.table(json.loads(text) for text in self._texts(register)),
            "records.json": lambda: press.records(self._texts(register)),
            "css/register.css": press.style,
            "schema/records.schema.json": press.schema,
        }
        if name == "requests.html":  # deadlines pass without an event
            return makers[name]()
        if name == "check.html":  # a new checkpoint is no news of the lists
            return press.check(register, extras.public_key(), extras.checkpoint())
        maker = makers.get(name)
        return None if maker is None else self._keep(name, register.version, maker)

    def _texts(self, register: Register) -> Iterator[str]:
        for entry in register.entries:
            if entry.record_sha256 is not None and not entry.is_rehearsal:
                yield self._view.record_text(entry.deployment_id)

    def _of_folder(self, register: Register, folder: str, rest: str) -> bytes | None:
        stem, _, suffix = rest.rpartition(".")
        match folder, suffix:
            case "years", "html":
                return self._year(register, stem)
            case "places", "html":
                return self._places(register, stem)
            case "trials", "html":
                return self._trial(register, stem)
            case "deployments", "html":
                deployment_id, further, number = stem.partition("-statements-")
                is_page = not further or _number(number) > 0
                return self._deployment_page(register, deployment_id, number) if is_page else None
            case "records", "json":
                entry = _entry(register, stem)
                is_there = entry is not None and entry.record_sha256 is not None
                return self._view.record_text(stem).encode() if is_there else None
        return self._notice(register, f"{folder}/{rest}")

    def _year(self, register: Register, stem: str) -> bytes | None:
        year, _, number = stem.partition("-")
        entries = self._order_of(register).by_year.get(year, ())
        n_pages, n = _n_pages(entries), _number(number)
        if not 1 <= n <= n_pages:
            return None
        page = _page(entries, n)
        return self._keep(
            f"years/{stem}",
            register.version,
            lambda: self._press.year(register, (int(year), total_of(entries)), page, n, n_pages),
        )

    def _places(self, register: Register, stem: str) -> bytes | None:
        n_pages, n = _n_pages(register.entries), _number(stem)
        if not 1 <= n <= n_pages:
            return None
        return self._keep(
            f"places/{stem}",
            register.version,
            lambda: self._press.places(
                register, _page(self._order_of(register).by_place, n), n, n_pages
            ),
        )

    def _trial(self, register: Register, trial_id: str) -> bytes | None:
        told = next((each for each in register.trials if each.trial.trial_id == trial_id), None)
        if told is None:
            return None
        return self._keep(
            f"trials/{trial_id}",
            register.version,
            lambda: self._press.trial(register, told, self._view.trial_totals(told)),
        )

    def _deployment_page(self, register: Register, deployment_id: str, number: str) -> bytes | None:
        entry = _entry(register, deployment_id)
        if entry is None:
            return None
        notices = self._extras.notices(deployment_id)
        n = _number(number)

        def made() -> bytes:
            detail = self._view.detail(entry)
            return self._deployment(register, detail, writing_pages(detail), n)

        try:
            return self._keep(f"deployments/{deployment_id}-{n}", (entry, notices), made)
        except IndexError:
            return None

    def _deployment(
        self,
        register: Register,
        detail: RegisterDetail,
        writings: Sequence[Sequence[Writing]],
        number: int,
    ) -> bytes:
        if number and number not in range(len(writings)):
            raise IndexError(number)
        notices = self._extras.notices(detail.entry.deployment_id)
        return self._press.deployment(register, detail, notices, writings=writings, number=number)

    def _notice(self, register: Register, name: str) -> bytes | None:
        folder, _, rest = name.partition("/")
        deployment_id, _, notice = rest.partition("/")
        is_there = folder == "notices" and _entry(register, deployment_id) is not None
        if not is_there or notice not in self._extras.notices(deployment_id):
            return None
        return self._extras.notice(deployment_id, notice)

    def _keep(self, name: str, key: Hashable, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and kept[0] == key:
                self._kept.move_to_end(name)
                return kept[1]
        content = make()
        with self._lock:
            if (old := self._kept.pop(name, None)) is not None:
                self._n_bytes -= len(old[1])
            self._kept[name] = key, content
            self._n_bytes += len(content)
            while self._n_bytes > _MOST_KEPT_BYTES:
                _, (_, gone) = self._kept.popitem(last=False)
                self._n_bytes -= len(gone)
        return content


def writing_pages(detail: RegisterDetail) -> list[list[Writing]]:
    """Return what was written about a deployment by page; the first stands on its own page.

    Args:
        detail: Of the deployment.
    """
    pages: list[list[Writing]] = [[]]
    n_bytes = 0
    for writing in _writings(detail.record or {}):
        length = len(html.escape(writing["text"]).encode())
        if n_bytes + length > _WRITINGS_BYTES:
            pages.append([])
            n_bytes = 0
        pages[-1].append(writing)
        n_bytes += length
    return pages


def _writings(record: Mapping[str, object]) -> Iterator[Writing]:
    for row in rows_at(record, "statements"):
        yield _writing("statement", "filed_at", row)
    for row in rows_at(record, "questions"):
        yield _writing("question", "asked_at", row)
        for answer in rows_at(row, "answers"):
            yield _writing("answer", "answered_at", answer)


def _writing(kind: str, moment: str, row: Mapping[str, object]) -> Writing:
    texts = {name: str(row.get(name, "")) for name in ("sha256", "text", "withdrawn_at")}
    return {"kind": kind, "at": str(row[moment]), **texts}


def _emptied(register: Register) -> Register:
    return replace(register, entries=(), trials=(), log_name="-")


def _entry(register: Register, deployment_id: str) -> RegisterEntry | None:
    return register.by_id.get(deployment_id)


@dataclass(frozen=True, slots=True)
class _Order:
    """The entries as lists need them, worked out once.

    Attributes:
        version: Of the register.
        by_year: Year -> its entries, newest first.
        by_place: All of them from A to Z.
        ranges: First and last place of each page.
    """

    version: int
    by_year: Mapping[str, tuple[RegisterEntry, ...]]
    by_place: Sequence[RegisterEntry]
    ranges: Sequence[tuple[str, str]]


def _ordered(register: Register) -> _Order:
    def year(entry: RegisterEntry) -> str:
        return str(entry.starts_at.astimezone(ZoneInfo(entry.time_zone)).year)

    newest = sorted(register.entries, key=year, reverse=True)
    by_year = {each: tuple(entries) for each, entries in groupby(newest, year)}
    by_place = sorted(register.entries, key=lambda entry: entry.title.casefold())
    pages = [_page(by_place, n) for n in range(1, _n_pages(by_place) + 1)]
    ranges = [(page[0].title, page[-1].title) for page in pages]
    return _Order(register.version, by_year, by_place, ranges)


def _n_pages(entries: Sequence[RegisterEntry]) -> int:
    return -(-len(entries) // PER_PAGE)


def _page(entries: Sequence[RegisterEntry], number: int) -> Sequence[RegisterEntry]:
    return entries[(number - 1) * PER_PAGE : number * PER_PAGE]


def _number(text: str) -> int:
    is_number = (
        text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and not text.startswith("0")
    )
    return int(text) if is_number else 0
