"""A deployment that is over, while the service of its store runs."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from tests.unit.core.governed import ENGINEER, OPERATOR

from integration.purging import an_ended
from overt.bootstrap.purge_worker import PurgeWorker
from overt.bootstrap.purging import closing_of
from overt.core.deployment import DeploymentState
from overt.errors import RoleForbiddenError
from overt.settings import Settings


class CountedRounds:
    """Rounds that do nothing but count."""

    def __init__(self) -> None:
        self.n_made = 0

    def make(self) -> None:
        self.n_made += 1


@pytest.fixture
def service(new_sqlite, tmp_path):
    """Return an ended deployment, what closes it, and the worker beside it."""
    home = tmp_path / "home"
    ended = an_ended(new_sqlite, home)
    stage, rounds = ended.stage, CountedRounds()
    lease = SimpleNamespace(check=lambda: None)
    worker = PurgeWorker(rounds, stage.clock, lease)
    parts = SimpleNamespace(
        workplace=stage.workplace, store=SimpleNamespace(reading=stage.reading), tools=ended.tools
    )
    return SimpleNamespace(
        stage=stage, rounds=rounds, worker=worker,
        closing=closing_of(Settings(home=home), parts, worker),
    )  # fmt: skip


def test_an_engineer_purges_while_the_service_runs(service):
    """R-19: the certificate is the same when it is asked for again."""
    first = service.closing.purge("d-1", ENGINEER.actor_id)
    again = service.closing.purge("d-1", ENGINEER.actor_id)

    assert service.stage.deployment().state is DeploymentState.PURGED
    assert first == again


def test_nobody_else_purges(service):
    """Nothing is deleted."""
    with pytest.raises(RoleForbiddenError):
        service.closing.purge("d-1", OPERATOR.actor_id)

    assert service.stage.deployment().state is DeploymentState.ENDED


def test_a_round_that_is_due_waits_for_a_purge(service):
    """Two never delete at once."""
    with service.worker.between_rounds():
        thread = threading.Thread(target=service.worker.tick)
        thread.start()
        thread.join(0.2)
        n_meanwhile = service.rounds.n_made
    thread.join()

    assert (n_meanwhile, service.rounds.n_made) == (0, 1)
