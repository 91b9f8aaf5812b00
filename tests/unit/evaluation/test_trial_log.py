from __future__ import annotations

import pytest
from tests.unit.core.planned import a_plan
from tests.unit.evaluation.trial_logs import TrialLogs, a_rehearsal

from overt.core.audit_events import EventKind as K
from overt.core.transparency import CompactRange
from overt.core.watchlist import ListKind
from overt.errors import AuditChainBrokenError, FiguresDifferError, RecordNotFoundError
from overt.evaluation.trial_log import trial_log


def test_a_trial_is_read_with_its_deployments_and_the_root_over_all():
    """Events of no deployment and of others count in the root only."""
    logs = a_rehearsal()
    logs.add(K.DEPLOYMENT_DRAFTED, "d-9", deployment_kind="rehearsal", policy_hash="p")
    log = logs.log()
    tree = CompactRange()
    for each in logs.logged:
        tree = tree.appended(each.hash)

    assert tuple(log.events) == ("d-1", "d-2", "d-3")
    assert (log.size, log.root) == (len(logs.logged), tree.root())
    assert log.last_at == logs.logged[-1].event.occurred_at
    assert log.own_list_kind is ListKind.BLUE
    assert log.trial.plan == a_plan()


def test_in_a_deployment_alerts_about_the_watchlist_count():
    """R-22: volunteers' never."""
    assert TrialLogs(kind="operational").log().own_list_kind is ListKind.OPERATIONAL


@pytest.mark.parametrize("place", [0, 1, 7, -2])
def test_a_log_with_a_gap_is_refused(place):
    """One event is missing, wherever it is: no number comes of it."""
    logged = a_rehearsal().logged
    del logged[place]
    with pytest.raises(AuditChainBrokenError):
        trial_log(logged, "t-1")


def test_an_event_of_another_log_is_refused():
    """The number fits; the hash of the event before does not."""
    logged, other = a_rehearsal().logged, a_rehearsal(a_plan(title="Another")).logged
    logged[5] = other[5]
    with pytest.raises(AuditChainBrokenError) as caught:
        trial_log(logged, "t-1")

    assert caught.value.fields["seq"] == 5


@pytest.mark.parametrize("logged", [[], TrialLogs().logged])
def test_a_trial_that_the_log_does_not_have(logged):
    """An empty log, another trial."""
    with pytest.raises(RecordNotFoundError):
        trial_log(logged, "t-2")


def test_a_plan_beside_anothers_digest_is_refused():
    """A plan could be changed after the fact otherwise."""
    logs = TrialLogs()
    logs.add(K.TRIAL_REGISTERED, None, **_registered("t-2", a_plan(), a_plan(seed=8)))
    with pytest.raises(FiguresDifferError):
        trial_log(logs.logged, "t-2")

    assert trial_log(logs.logged, "t-1").trial.plan == a_plan()


def _registered(trial_id, plan, other):
    return {
        "trial_id": trial_id,
        "plan_sha256": other.sha256(),
        "plan": plan.document(),
        "deployment_kind": "rehearsal",
    }
