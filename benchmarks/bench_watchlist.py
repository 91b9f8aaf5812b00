"""Large watchlists in the store: how long they hold the writer, load, and take to be purged.

The networks are left out: each row has a template made up. Prints JSON; the table goes to
standard error.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from large_lists import (
    APPROVER,
    COMPOSER,
    LIST,
    NOW,
    PICTURE_BYTES,
    StandingClock,
    a_deployment,
    a_policy,
    an_enroller,
    offers,
    people,
)
from measuring import Report, bar, spread
from stores import KINDS, new_store

from overt.adapters.audit.checkpoints import Ed25519NoteSigner
from overt.adapters.audit.signing import create_signing_key
from overt.adapters.ids import TimedIds
from overt.adapters.secrets.envelope import MasterKey
from overt.adapters.store.home_scan import HomeEraser, HomeScan
from overt.adapters.store.unit_of_work import SqlStore
from overt.services.approve_watchlist import approve_watchlist
from overt.services.compose_watchlist import compose_watchlist
from overt.services.decide_authority import cancel
from overt.services.load_gallery import load_gallery
from overt.services.purge import PurgeTools, purge
from overt.services.workplace import Workplace
from overt.testing import FAKE_PACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from stores import TimedTurn

    from overt.adapters.store.engine import Database

LARGE = 20_000
MAX_LOAD_S = 10.0
MAX_HELD_S = 2.0


@dataclass(frozen=True)
class Lived:
    """What one list cost, from its composition to its purge.

    Attributes:
        storing_s: For how long the writer was held in all, faces and list together.
        stored_s: How long the writer was held, at most, when it was stored.
        replaced_s: The same when it was stored again in place of the first.
        approved_s: The same when it was approved.
        loaded_s: Time until its gallery was loaded.
        purged_s: Time of the whole purge.
        erasing_s: How long the writer was held, at most, by the purge.
        scanned_s: Time of the two scans in it.
        scanned_mib: What the second one read.
        n_remains: What it found.
    """

    storing_s: float
    stored_s: float
    replaced_s: float
    approved_s: float
    loaded_s: float
    purged_s: float
    erasing_s: float
    scanned_s: float
    scanned_mib: float
    n_remains: int


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, LARGE])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(), help="on the disk to be measured")
    options = parser.parse_args(arguments)

    lived: dict[tuple[str, int], list[Lived]] = {}
    for _ in range(options.turns):
        for size in options.sizes:
            for kind in KINDS:
                lived.setdefault((kind, size), []).append(live(kind, size, options.folder))
    report = Report(
        "watchlist",
        "Large watchlists",
        "seconds for which a list holds the only writer when it is stored, stored again in place "
        "of the first, approved and purged; seconds until its gallery is loaded and until it is "
        "purged, with the two scans of the disk in it",
        (
            *("store", "entries", "storing in all, s", "held: stored, s", "held: stored anew, s"),
            *("held: approved, s", "held: purge, s", "loaded, s", "purged, s", "scans in it, s"),
            "scanned, MiB",
        ),
        rows=[row(kind, size, turns) for (kind, size), turns in lived.items()],
        bars=[one for (kind, size), turns in lived.items() for one in bars(kind, size, turns)],
        notes=[
            "2,000 entries are the default cap of the policy, 20,000 its ceiling.",
            (
                f"Each entry has a template of 128 numbers and a picture of {PICTURE_BYTES} bytes "
                "of noise; photographs, networks and the comparison within the list come before "
                "the writer is asked for, and are left out."
            ),
            (
                "Held: for how long at a stretch nobody else could write, at most. Storing in all: "
                "the sum of all stretches; faces come first, 200 with each commit."
            ),
            "Others who write wait 5 s before they are refused (BUSY_S).",
            (
                "PostgreSQL waits for the disk at every commit; its own files are out of reach of "
                "the scan, which reads the home folder and temporary files."
            ),
        ],
        arguments=arguments,
    )
    report.figures = {
        f"{kind} {size}": [vars(one) for one in turns] for (kind, size), turns in lived.items()
    }
    report.publish()


def row(kind: str, size: int, turns: list[Lived]) -> tuple[str, ...]:
    """Return a line of the table."""
    names = (
        *("storing_s", "stored_s", "replaced_s", "approved_s", "erasing_s", "loaded_s"),
        *("purged_s", "scanned_s", "scanned_mib"),
    )
    found = (spread([getattr(one, name) for one in turns]).text() for name in names)
    return (kind, str(size), *found)


def bars(kind: str, size: int, turns: list[Lived]):
    """Yield what was promised of a list of this size."""
    held = spread([max(one.stored_s, one.replaced_s, one.approved_s) for one in turns])
    yield bar(
        f"Writer held by a list of {size}, {kind}",
        f"at most {MAX_HELD_S:g} s",
        held.text(unit="s"),
        is_met=held.median <= MAX_HELD_S,
    )
    if size == LARGE:
        loaded = spread([one.loaded_s for one in turns])
        yield bar(
            f"Gallery of {size} loaded, {kind}",
            f"less than {MAX_LOAD_S:g} s",
            loaded.text(unit="s"),
            is_met=loaded.median < MAX_LOAD_S,
        )
    n_remains = sum(one.n_remains for one in turns)
    yield bar(
        f"Remains after the purge of {size}, {kind}", "0", str(n_remains), is_met=not n_remains
    )


def live(kind: str, size: int, folder: Path) -> Lived:
    """Return what one list cost."""
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix="watchlist-") as name,
        new_store(kind, Path(name)) as (database, turn),
    ):
        (home := Path(name) / "home").mkdir()
        return _lived(database, turn, home, size)


def _lived(database: Database, turn: TimedTurn, home: Path, size: int) -> Lived:
    store = SqlStore(database, lambda: MasterKey(bytes(32)), TimedIds())
    workplace = Workplace(store.unit_of_work, StandingClock(), TimedIds(), a_policy(size))
    with workplace.open() as uow:
        for actor in people():
            uow.actors.save(actor)
        uow.deployments.add(a_deployment(size))
        uow.commit()
    enroller = an_enroller(np.random.default_rng(1))

    def compose() -> None:
        done = compose_watchlist(workplace, COMPOSER, LIST, offers(size), enroller)
        assert (done.n_entries, done.refused) == (size, ())

    def approve() -> None:
        assert approve_watchlist(workplace, APPROVER, LIST).n_approved == size

    stored_s, storing_s = _held(turn, compose), sum(turn.held_s)
    replaced_s, approved_s = _held(turn, compose), _held(turn, approve)
    started = perf_counter()
    loaded = load_gallery(store.reading, LIST, FAKE_PACK, NOW)
    loaded_s = perf_counter() - started
    assert len(loaded.gallery) == size

    cancel(workplace, COMPOSER, LIST, reason="Measured")
    scan = _TimedScan(HomeScan(home, database))
    signer = Ed25519NoteSigner(create_signing_key(home / "keys" / "audit.key", "force.example/lfr"))
    tools = PurgeTools(HomeEraser(home, database), scan, signer)
    started = perf_counter()
    erasing_s = _held(turn, lambda: purge(workplace, store.reading, tools, LIST))
    purged_s = perf_counter() - started
    return Lived(
        *(storing_s, stored_s, replaced_s, approved_s, loaded_s, purged_s, erasing_s),
        *(scan.seconds, scan.last.n_bytes / 2**20, len(scan.last.remains)),
    )


def _held(turn: TimedTurn, work: Callable[[], object]) -> float:
    """Return how long the writer was held at a stretch, at most, during a piece of work."""
    turn.held_s.clear()
    work()
    return max(turn.held_s)


class _TimedScan:
    """The scan of the home folder, with a watch."""

    def __init__(self, scan: HomeScan) -> None:
        self._scan = scan
        self.seconds = 0.0
        self.windows_of, self.mark = scan.windows_of, scan.mark

    def search(self, windows):
        return self._timed(lambda: self._scan.search(windows))

    def search_marked(self, deployment_id):
        return self._timed(lambda: self._scan.search_marked(deployment_id))

    def _timed(self, search):
        started = perf_counter()
        self.last = search()
        self.seconds += perf_counter() - started
        return self.last


if __name__ == "__main__":
    main(sys.argv[1:])
