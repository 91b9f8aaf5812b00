"""Seeded pairs: two volunteers in a live rehearsal, told apart by the log alone (R-52)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import DISMISS, ENGAGE, FALSE, PASS
from tests.unit.core.planned import a_plan
from tests.unit.services.alerted import CROP, add_alert, an_entry, decide_all, events
from tests.unit.services.listing import SetClock, a_workplace

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.blue_list import BluePass, Volunteer
from overt.core.deployment import DeploymentKind
from overt.core.destruction import ScanReport
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.watchlist import EntryStatus, ListKind
from overt.errors import (
    PairUnsuitableError,
    RecordNotFoundError,
    RoleForbiddenError,
    WrongKindError,
    WrongStateError,
)
from overt.evaluation.deployment_count import count_deployment, count_passes
from overt.services.evaluate_trial import evaluate_trial
from overt.services.register_trial import register_trial
from overt.services.seed_pair import pictures_for_pairs, seed_pair, seeded_alerts
from overt.services.verify_privacy import verify_privacy
from overt.services.view_alert import view_alert, view_alerts, view_crop

CAMERA = "north-camera"
LIVE = replace(g.a_ready_rehearsal(), state=g.live().state)


def a_rehearsing_workplace(deployment=LIVE, n_walks=1):
    """Return a rehearsal in which v-1 was recognised on a walk; v-2 and v-3 wait."""
    workplace = a_workplace(deployment, clock=SetClock(g.OPENS + 10 * g.MINUTE))
    with workplace.open() as uow:
        for number in (1, 2, 3):
            entry = an_entry(
                entry_id=f"e-{number}", list_kind=ListKind.BLUE, reference=f"V-{number}"
            )
            uow.entries.add_many([entry])
            volunteer = Volunteer(f"v-{number}", "d-1", f"e-{number}", g.DIGEST, g.APPLIED_AT)
            uow.passes.add_volunteer(volunteer)
        for number in range(1, n_walks + 1):
            who, until = f"v-{number}", g.OPENS + g.MINUTE
            walk = BluePass(f"p-{number}", "d-1", who, CAMERA, g.OPENS, until, "evaluator-1")
            uow.passes.add(walk)
        uow.commit()
    at = g.OPENS + g.MINUTE / 2
    add_alert(workplace, entry_id="e-1", list_kind=ListKind.BLUE, camera_id=CAMERA, captured_at=at)
    return workplace


@pytest.fixture
def workplace():
    """Return a live rehearsal."""
    return a_rehearsing_workplace()


def paired(workplace, alert_id="a-1", volunteer_id="v-2", actor_id="evaluator-1"):
    """Return the alert of a seeded pair."""
    return seed_pair(workplace, actor_id, alert_id, volunteer_id)


def all_events(workplace):
    """Return every event of the log."""
    with workplace.open() as uow:
        return [logged.event for logged in uow.audit.read()]


def test_a_pair_is_an_alert_like_any_other(workplace):
    """The picture of v-1, the suggestion of v-2; the same fields, and no mark."""
    pair = paired(workplace)
    view = view_alert(workplace, "operator-1", pair.alert_id)
    other = view_alert(workplace, "operator-1", "a-1")

    assert view.alert == replace(
        other.alert,
        alert_id=pair.alert_id,
        entry_id="e-2",
        captured_at=workplace.clock.now(),
        crop_secret_id=pair.crop_secret_id,
    )
    assert view_crop(workplace, "operator-1", pair.alert_id) == CROP
    assert len(view_alerts(workplace, "operator-1", "d-1", ListKind.BLUE)) == 2


def test_the_log_marks_it_and_says_whose_picture_it_is(workplace):
    """By whom, and from which alert."""
    pair = paired(workplace)
    event = events(workplace, EventKind.ALERT_RAISED)[-1]

    assert (event.actor_id, event.details["alert_id"]) == ("evaluator-1", pair.alert_id)
    assert (event.details["is_seeded"], event.details["picture_of"]) == (True, "a-1")
    with workplace.open() as uow:
        assert seeded_alerts(uow, "d-1") == {pair.alert_id}
        assert [a.alert_id for a in pictures_for_pairs(uow, "d-1")] == ["a-1"]


def test_reviewers_decide_it_like_any_other(workplace):
    """Dismissed, or passed on, engaged, and found to be somebody else."""
    pair, second = paired(workplace), paired(workplace, volunteer_id="v-3")
    assert decide_all(workplace, DISMISS, alert_id=pair.alert_id).alert.state == "dismissed"
    done = decide_all(workplace, PASS, ENGAGE, FALSE, alert_id=second.alert_id)
    assert done.alert.state == "confirmed_false"


def test_it_counts_in_no_figure_of_volunteers(workplace):
    """Neither as an alert nor as a recognised walk, though v-2 walks past that camera then."""
    consent = {"volunteer_id": "v-2", "entry_id": "e-2", "consent_sha256": g.DIGEST}
    until = g.OPENS + 15 * g.MINUTE
    walk = {"pass_id": "p-9", "volunteer_id": "v-2", "camera_id": CAMERA}
    walk |= {"started_at": g.OPENS.isoformat(), "stopped_at": until.isoformat()}
    logged = (EventKind.VOLUNTEER_CONSENTED, consent), (EventKind.BLUE_PASS_LOGGED, walk)
    with workplace.open() as uow:
        for kind, details in logged:
            uow.audit.append(AuditEvent(kind, g.OPENS, "evaluator-1", "d-1", details))
        uow.commit()
    before = count_deployment(all_events(workplace)).figures
    paired(workplace)
    after = all_events(workplace)

    assert (before.blue.alerts, before.blue.passes, before.blue.recognised) == (1, 1, 0)
    assert count_deployment(after).figures == before
    assert count_passes(after) == (before.blue, frozenset())


@pytest.mark.parametrize(
    ("deployment", "error"),
    [
        (g.live(), WrongKindError),
        (g.a_ready_rehearsal(), WrongStateError),
        (replace(LIVE, state=g.suspended_at_once().state), WrongStateError),
    ],
)
def test_a_pair_is_put_in_only_in_a_live_rehearsal(deployment, error):
    """Nobody who is sought is ever shown for a test; the refusal is logged."""
    workplace = a_rehearsing_workplace(deployment)
    with pytest.raises(error):
        paired(workplace)
    assert all_events(workplace)[-1].kind == "AccessDenied"


@pytest.mark.parametrize("actor", [a for a in g.EVERYONE if a is not g.EVALUATOR])
def test_only_an_evaluator_puts_one_in(workplace, actor):
    """An operator least of all."""
    with pytest.raises(RoleForbiddenError):
        paired(workplace, actor_id=actor.actor_id)


def test_one_person_is_no_pair(workplace):
    """The suggestion would be right."""
    with pytest.raises(PairUnsuitableError, match="two different people"):
        paired(workplace, volunteer_id="v-1")
    assert all_events(workplace)[-1].details["code"] == "alert.pair_unsuitable"


def test_a_pair_is_made_of_no_other_pair(workplace):
    """Its picture stands under the wrong name."""
    pair = paired(workplace)
    with pytest.raises(PairUnsuitableError, match="already"):
        paired(workplace, pair.alert_id, "v-3")


def changed_volunteer(workplace, **changes):
    """Change what is stored of the first volunteer."""
    with workplace.open() as uow:
        uow.passes.save_volunteer(replace(uow.passes.volunteer("v-1"), **changes))
        uow.commit()


def test_a_picture_needs_a_walk_that_vouches_for_it():
    """Without one, with two people on it, and after its person has withdrawn."""
    for workplace in (a_rehearsing_workplace(n_walks=0), a_rehearsing_workplace(n_walks=2)):
        with pytest.raises(PairUnsuitableError, match="alone on a logged walk"):
            paired(workplace, volunteer_id="v-3")
    workplace = a_rehearsing_workplace()
    changed_volunteer(workplace, withdrawn_at=g.OPENS + 2 * g.MINUTE)
    with pytest.raises(PairUnsuitableError, match="alone on a logged walk"):
        paired(workplace)
    with workplace.open() as uow:
        assert pictures_for_pairs(uow, "d-1") == ()


def test_an_alert_about_another_than_who_walked_vouches_for_nobody(workplace):
    """The machine was wrong, or somebody else stood there."""
    add_alert(
        workplace,
        alert_id="a-2",
        entry_id="e-3",
        list_kind=ListKind.BLUE,
        camera_id=CAMERA,
        captured_at=g.OPENS + g.MINUTE / 2,
    )
    with pytest.raises(PairUnsuitableError, match="alone on a logged walk"):
        paired(workplace, "a-2")


def test_an_alert_about_somebody_sought_is_never_shown_for_a_test(workplace):
    """R-22: whatever is stored."""
    add_alert(workplace, alert_id="a-2", camera_id=CAMERA, captured_at=g.OPENS + g.MINUTE / 2)
    with pytest.raises(PairUnsuitableError):
        paired(workplace, "a-2")


def test_who_is_suggested_is_on_the_list(workplace):
    """Approved, and not withdrawn."""
    with workplace.open() as uow:
        uow.entries.save(replace(uow.entries.get("e-2"), status=EntryStatus.COMPOSED))
        uow.commit()
    with pytest.raises(PairUnsuitableError, match="approved and not withdrawn"):
        paired(workplace)


def test_what_is_not_there_is_not_found(workplace):
    """No alert, no volunteer."""
    with pytest.raises(RecordNotFoundError):
        paired(workplace, "a-9")
    with pytest.raises(RecordNotFoundError):
        paired(workplace, volunteer_id="v-9")


class NothingFound:
    """A disk on which nothing lies."""

    def windows_of(self, secrets):
        return frozenset(secrets)

    def search(self, windows):
        return ScanReport(1, 1, len(windows), ())


def test_the_proof_about_faces_knows_that_a_pair_has_no_template(workplace):
    """R-31: two alerts, two pictures, and the one template that was made."""
    with workplace.open() as uow:
        alert = uow.alerts.get("a-1")
        probe = uow.secrets.put("d-1", "probe", "a-1", b"a template")
        uow.alerts.save(replace(alert, probe_secret_id=probe))
        counts = LiveCounts(made=1, in_alerts=1)
        uow.counts.add_minute(MinuteCounts("d-1", CAMERA, g.OPENS, counts))
        details = {"made": 1, "erased": 0, "in_alerts": 1}
        kind = EventKind.TEMPLATES_COUNTED
        uow.audit.append(AuditEvent(kind, g.OPENS, "system", "d-1", details))
        uow.commit()
    paired(workplace)
    proof = verify_privacy(workplace.open, NothingFound(), None, "d-1")

    assert proof.findings == ()
    kept = proof.kept
    assert (kept.n_alerts, kept.n_crops, kept.n_probes, kept.n_seeded) == (2, 2, 1, 1)
    with workplace.open() as uow:
        (secret_id,) = [uow.alerts.get("a-1").probe_secret_id]
        uow.secrets.delete(secret_id)
        uow.commit()
    found = verify_privacy(workplace.open, NothingFound(), None, "d-1").findings
    assert "2 alerts, 1 of them seeded, have 2 pictures, 0 templates" in found


def test_the_report_of_a_trial_tells_how_often_pairs_are_passed_on(workplace):
    """By hand: two pairs, one passed on and one dismissed; one alert about a volunteer."""
    kind = DeploymentKind.REHEARSAL
    trial_id = register_trial(workplace, "evaluator-1", a_plan(), kind).trial_id
    with workplace.open() as uow:  # before it went live, which is not of interest here
        details = {"trial_id": trial_id}
        added = AuditEvent("TrialDeploymentAdded", g.OPENS, "evaluator-1", "d-1", details)
        uow.audit.append(added)
        uow.commit()
    pair, second = paired(workplace), paired(workplace, volunteer_id="v-3")
    decide_all(workplace, DISMISS, alert_id=pair.alert_id)
    decide_all(workplace, PASS, alert_id=second.alert_id)
    with workplace.open() as uow:
        document = evaluate_trial(uow, trial_id, software_version="overt 0")

    by_query = {number["query"]: number for number in document["numbers"].values()}
    passed_on = by_query["seeded_passed_on(all)"]
    assert (passed_on["count"], passed_on["total"]) == (1, 2)
    assert by_query["alerts(all)"]["value"] == 1
