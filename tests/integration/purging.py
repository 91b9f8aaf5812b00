"""Builders: a deployment on a real store, ended, with what a purge needs; and interruptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tests.unit.core.governed import ENGINEER, OPENS, OPERATOR
from tests.unit.services.live_runs import Stage, a_run, a_stage, anna_walks

from contract.databases import sql_store
from overt.adapters.audit.checkpoints import Ed25519NoteSigner, Ed25519NoteVerifier
from overt.adapters.audit.signing import SigningKey, create_signing_key
from overt.adapters.ids import TimedIds
from overt.adapters.store.home_scan import HomeEraser, HomeScan
from overt.services.go_live import end
from overt.services.purge import PurgeTools

CROP = np.random.default_rng(5).bytes(3_000)
PHOTOGRAPH = np.random.default_rng(6).bytes(40_000)


@dataclass
class Ended:
    """A deployment that has ended, with Anna's alert in it.

    Attributes:
        stage: Store, clock, deployment.
        tools: For its purge.
        home: The folder of everything that lasts.
        key: Of the audit log.
    """

    stage: Stage
    tools: PurgeTools
    home: Path
    key: SigningKey

    @property
    def verifier(self):
        return Ed25519NoteVerifier(self.key.verifier)


def tools_for(database, home: Path) -> tuple[PurgeTools, SigningKey]:
    """Return what a purge needs, with a new key."""
    key = create_signing_key(home / "keys" / "audit.key", "force.example/lfr")
    scan, eraser = HomeScan(home, database), HomeEraser(home, database)
    return PurgeTools(eraser, scan, Ed25519NoteSigner(key)), key


def an_ended(new_database, home: Path, **changes) -> Ended:
    """Return a deployment that was live, raised one alert and has ended."""
    database = new_database()
    home.mkdir(exist_ok=True)
    stage = a_stage(
        sql_store(database), ids=TimedIds(), picture=changes.pop("picture", PHOTOGRAPH), **changes
    )
    a_run(stage, anna_walks(stage), encode=lambda pixels: CROP).go()
    end(stage.workplace, OPERATOR.actor_id, "d-1", reason="Done")
    tools, key = tools_for(database, home)
    return Ended(stage, tools, home, key)


class Killed(BaseException):
    """The process is gone."""


class Interruption:
    """Ends the process at the n-th statement that others can see: before it, or right after."""

    def __init__(self, at: int) -> None:
        self.at, self.n_steps = at, 0

    def step(self) -> None:
        self.n_steps += 1
        if self.n_steps == self.at:
            raise Killed

    def around(self, work):
        def guarded(*args, **kwargs):
            self.step()
            result = work(*args, **kwargs)
            self.step()
            return result

        return guarded

    def tools(self, tools: PurgeTools) -> PurgeTools:
        """Return the tools, each of whose methods may be the last."""
        return replace(
            tools,
            eraser=_Guarded(tools.eraser, self, ("erase", "delete_files_of")),
            scan=_Guarded(tools.scan, self, ("mark", "search", "search_marked")),
        )

    def workplace(self, workplace):
        """Return a workplace, each of whose commits may be the last."""

        def opened():
            uow = workplace.open()
            uow.commit = self.around(uow.commit)
            return uow

        return replace(workplace, open=opened)


class _Guarded:
    def __init__(self, port, interruption: Interruption, names) -> None:
        self._port, self._interruption, self._names = port, interruption, names

    def __getattr__(self, name):
        found = getattr(self._port, name)
        return self._interruption.around(found) if name in self._names else found


ASKED_BY = ENGINEER.actor_id
STARTED = OPENS
