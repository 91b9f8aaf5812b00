from dataclasses import dataclass, field, replace
from datetime import timedelta

from tests.unit.core.governed import CLOSES, HOUR, OPENS, ready
from tests.unit.services.live_runs import HeldLease, a_run, a_stage, anna_walks

from overt.bootstrap.purge_worker import HEALTHY_WITHIN, PurgeWorker
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.destruction import ScanReport
from overt.errors import StoreFullError
from overt.services.do_what_is_due import Rounds
from overt.services.purge import PurgeTools

NOTHING_FOUND = ScanReport(1, 1, 1, ())


@dataclass
class CountingEraser:
    """The ``StoreEraser`` port: counts, and fails as often as asked."""

    n_erased: int = 0
    n_failures: int = 0

    def erase(self):
        if self.n_failures:
            self.n_failures -= 1
            raise StoreFullError("no room to write the store anew")
        self.n_erased += 1

    def delete_files_of(self, deployment_id):
        return 0


class BlindScan:
    """The ``DiskScan`` port: finds nothing."""

    def windows_of(self, secrets):
        return frozenset(list(secrets)[:0])

    def search(self, windows):
        return NOTHING_FOUND

    def mark(self, deployment_id, ciphertexts):
        return sum(1 for _ in ciphertexts)

    def search_marked(self, deployment_id):
        return NOTHING_FOUND


@dataclass
class Worker:
    """A worker on a store in memory, with what it works with."""

    stage: object
    eraser: CountingEraser = field(default_factory=CountingEraser)
    lease: HeldLease = field(default_factory=HeldLease)

    def __post_init__(self):
        tools = PurgeTools(self.eraser, BlindScan(), None)
        rounds = Rounds(self.stage.workplace, self.stage.reading, tools)
        self.worker = PurgeWorker(rounds, self.stage.clock, self.lease)


def with_an_alert():
    """Return a suspended deployment with one alert, a day later less a minute."""
    stage = a_stage()
    a_run(stage, anna_walks(stage)).go()
    stage.clock.at = stage.alerts()[0].captured_at + 24 * HOUR
    stage.save(replace(stage.deployment(), application=None))  # its windows are of no interest
    return stage


class TestARound:
    def test_ends_what_nobody_ran(self):
        """R-01: no process was there at the window's end; it ended then all the same."""
        stage = a_stage(deployment=ready(), at=CLOSES)
        made = Worker(stage).worker.tick()
        assert made.n_steps == 1
        assert stage.deployment().state is DeploymentState.CANCELLED
        assert stage.deployment().ended_at == CLOSES

    def test_that_fails_in_one_part_does_the_others(self):
        """Erasing the files fails: the row is deleted, the failure seen, the next round erases."""
        stage = with_an_alert()
        parts = Worker(stage, CountingEraser(n_failures=1))
        assert parts.worker.tick() is None
        assert parts.worker.health.code == "store.full"
        assert stage.alerts() == ()
        assert parts.worker.tick() is not None
        assert parts.eraser.n_erased == 1

    def test_erases_files_only_where_something_was_deleted(self):
        """Rewriting a store costs time; a round without a deletion leaves it alone."""
        stage = a_stage()
        parts = Worker(stage)
        parts.worker.tick()
        parts.worker.tick()
        assert parts.eraser.n_erased == 0

    def test_erases_after_a_crash_between_deletion_and_erasing(self):
        """The log says that alerts were erased: a new process rewrites the files once."""
        stage = with_an_alert()
        Worker(stage, CountingEraser(n_failures=1)).worker.tick()
        assert stage.events(EventKind.BIOMETRICS_ERASED)
        after = Worker(stage)
        after.worker.tick()
        after.worker.tick()
        assert after.eraser.n_erased == 1


class TestTheWorker:
    def test_is_not_healthy_before_its_first_round(self):
        """R-33: what has never worked is not trusted."""
        worker = Worker(a_stage()).worker
        assert not worker.health.is_healthy(OPENS)

    def test_is_healthy_for_two_minutes_after_a_good_round(self):
        """Then it has missed one."""
        worker = Worker(a_stage()).worker
        worker.tick()
        assert worker.health.is_healthy(OPENS + HEALTHY_WITHIN)
        assert not worker.health.is_healthy(OPENS + HEALTHY_WITHIN + timedelta(seconds=1))

    def test_is_not_healthy_after_a_failure_until_the_next_good_round(self):
        """Failures in a row are counted, with the code of the last."""
        stage = with_an_alert()
        worker = Worker(stage, CountingEraser(n_failures=2)).worker
        worker.tick()
        worker.tick()
        assert (worker.health.n_failures, worker.health.code) == (2, "store.full")
        assert not worker.health.is_healthy(stage.clock.at)
        worker.tick()
        assert worker.health.is_healthy(stage.clock.at)

    def test_does_nothing_without_the_lease(self):
        """Another service runs on the store: that one purges."""
        stage = a_stage(deployment=ready(), at=CLOSES)
        parts = Worker(stage, lease=HeldLease(is_held=False))
        assert parts.worker.tick() is None
        assert stage.deployment().state is DeploymentState.CALIBRATED

    def test_makes_its_first_round_as_it_starts_and_ends_when_left(self):
        """A thread of its own; leaving waits for it."""
        stage = a_stage(deployment=ready(), at=CLOSES)
        with Worker(stage).worker as worker:
            assert worker.health.last_good_at == CLOSES
        assert stage.deployment().state is DeploymentState.CANCELLED
