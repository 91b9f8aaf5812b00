from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import ARREST, DISMISS, ENGAGE, FALSE, PASS, TRUE
from tests.unit.services.alerted import (
    OTHER_OPERATOR,
    a_choice,
    an_alerted_workplace,
    decide_all,
    events,
)

from overt.core.adjudication import DisposalVerdict, OfficerVerdict, Step
from overt.core.audit_events import EventKind
from overt.core.engagement import EqualityDetails
from overt.core.watchlist import ListKind
from overt.errors import (
    AlertWrongStepError,
    AlreadyDecidedError,
    RecordConflictError,
    RecordNotFoundError,
    RoleForbiddenError,
    RuleError,
    SamePersonError,
)
from overt.services.adjudicate import adjudicate
from overt.services.decide_step import decide_step, verdict_named
from overt.services.engage import (
    end_engagement,
    engage,
    engage_on_grounds,
    engagement_of_alert,
)
from overt.services.record_outcome import record_disposal, record_identity

DECIDED = (EventKind.ALERT_DECIDED, EventKind.ENGAGEMENT_RECORDED, EventKind.OUTCOME_RECORDED)


def stored(workplace):
    """Return the alert and its decisions."""
    with workplace.open() as uow:
        return uow.alerts.get("a-1"), uow.decisions.of_alert("a-1")


def test_the_way_of_an_alert_to_an_arrest():
    """R-51: two people, then identity by ordinary means, then how it ended; all in the log."""
    workplace = an_alerted_workplace()

    adjudicate(
        workplace,
        "operator-1",
        "a-1",
        PASS,
        reason_code="looks_alike",
        shown_at=g.OPENS + g.MINUTE / 2,
        key="1",
    )
    engage(
        workplace,
        "engager-1",
        "a-1",
        ENGAGE,
        reason_codes=("own_assessment",),
        shown_at=None,
        key="2",
    )
    record_identity(workplace, "engager-1", "a-1", TRUE, method_code="documents", key="3")
    last = record_disposal(
        workplace,
        "engager-1",
        "a-1",
        ARREST,
        reason_codes=("wanted_by_courts", "reasonable_grounds"),
        key="4",
    )

    alert, decisions = stored(workplace)
    assert alert.state == "arrest"
    assert [d.step for d in decisions] == list(Step)
    assert last.outcome == "confirmed_true"
    kinds = [event.kind for event in events(workplace, *DECIDED)]
    decided, engaged, outcome = DECIDED
    assert kinds == [decided, decided, engaged, decided, outcome, decided]
    with workplace.open() as uow:
        assert engagement_of_alert(uow, "a-1").engaged_by == "engager-1"


def test_a_dismissal_ends_an_alert_with_its_outcome():
    """R-55: false, and not confirmed, as nobody was engaged."""
    workplace = an_alerted_workplace()

    decided = decide_all(workplace, DISMISS)

    assert decided.outcome == "unconfirmed_false"
    (outcome,) = events(workplace, EventKind.OUTCOME_RECORDED)
    assert outcome.details["outcome"] == "unconfirmed_false"


def test_the_same_message_twice_decides_once():
    """A telephone without reception asks again."""
    workplace = an_alerted_workplace()
    first = decide_step(workplace, "operator-1", a_choice(PASS))

    again = decide_step(workplace, "operator-1", a_choice(PASS))

    assert again.is_repeated
    assert again.decision == first.decision
    assert len(events(workplace, EventKind.ALERT_DECIDED)) == 1


@pytest.mark.parametrize(
    ("actor_id", "choice"),
    [
        ("operator-1", a_choice(DISMISS, key="a-1-passed_on")),
        ("operator-2", a_choice(PASS)),
    ],
)
def test_a_key_with_another_decision_is_refused(actor_id, choice):
    """It is not the message that was sent before."""
    workplace = an_alerted_workplace()
    decide_step(workplace, "operator-1", a_choice(PASS))

    with pytest.raises(RecordConflictError):
        decide_step(workplace, actor_id, choice)


def test_who_comes_second_is_told_who_was_first():
    """By account and time; the first decision stands."""
    workplace = an_alerted_workplace()
    decide_step(workplace, "operator-1", a_choice(DISMISS))

    with pytest.raises(AlreadyDecidedError) as refused:
        decide_step(workplace, OTHER_OPERATOR.actor_id, a_choice(PASS, key="other"))

    assert "operator-1" in refused.value.message
    assert "dismissed" in refused.value.message
    assert refused.value.fields["decided_by"] == "operator-1"
    assert stored(workplace)[0].state == "dismissed"


REFUSED = [
    pytest.param("engager-1", a_choice(PASS), RoleForbiddenError, id="officer as operator"),
    pytest.param("engineer-1", a_choice(PASS), RoleForbiddenError, id="engineer"),
    pytest.param("evaluator-1", a_choice(PASS), RoleForbiddenError, id="evaluator"),
    pytest.param("engager-1", a_choice(ENGAGE), AlertWrongStepError, id="officer first"),
    pytest.param("engager-1", a_choice(ARREST), AlertWrongStepError, id="arrest at once"),
    pytest.param("operator-1", a_choice(PASS, shown_at=None), AlertWrongStepError, id="unseen"),
    pytest.param("operator-1", a_choice(PASS, reason_codes=()), RuleError, id="no reason"),
    pytest.param(
        "operator-1", a_choice(PASS, reason_codes=("feeling",)), RuleError, id="free text"
    ),
]


@pytest.mark.parametrize(("actor_id", "choice", "error"), REFUSED)
def test_a_refused_decision_leaves_the_alert_as_it_was(actor_id, choice, error):
    """R-51, R-52: logged with its code; no decision, no state, no engagement."""
    workplace = an_alerted_workplace()
    before = stored(workplace)

    with pytest.raises(error) as refused:
        decide_step(workplace, actor_id, choice)

    assert stored(workplace) == before
    (denied,) = events(workplace, EventKind.ACCESS_DENIED)
    assert (denied.actor_id, denied.details["code"]) == (actor_id, refused.value.code)


def test_the_operator_of_an_alert_is_never_its_officer():
    """R-04: also not somebody with both roles."""
    workplace = an_alerted_workplace()
    decide_step(workplace, "both-1", a_choice(PASS))

    with pytest.raises(SamePersonError):
        decide_step(workplace, "both-1", a_choice(ENGAGE))

    with workplace.open() as uow:
        assert uow.engagements.of_deployment("d-1") == ()


def test_a_volunteers_alert_ends_in_no_arrest():
    """R-22."""
    workplace = an_alerted_workplace(list_kind=ListKind.BLUE)
    decide_all(workplace, PASS, ENGAGE, TRUE)

    with pytest.raises(AlertWrongStepError):
        decide_step(workplace, "engager-1", a_choice(ARREST))


@pytest.mark.parametrize(("seconds", "is_quick"), [(1, True), (2, False)])
def test_a_quick_decision_is_marked(seconds, is_quick):
    """R-52: sooner than the policy's two seconds after it was shown."""
    workplace = an_alerted_workplace()
    shown_at = workplace.clock.at - seconds * g.MINUTE / 60

    decided = decide_step(workplace, "operator-1", a_choice(PASS, shown_at=shown_at))

    (event,) = events(workplace, EventKind.ALERT_DECIDED)
    assert decided.is_quick == event.details["is_quick"] == is_quick
    assert event.details["latency_s"] == seconds


def test_a_verdict_has_to_be_one_of_the_step():
    """There is no default, and no other word."""
    assert verdict_named(Step.OFFICER, "not_located") is OfficerVerdict.NOT_LOCATED
    with pytest.raises(AlertWrongStepError, match="dismissed or passed_on"):
        verdict_named(Step.OPERATOR, "match")


def test_an_engagement_ends_with_leaflet_and_details():
    """R-56, R-57: the log says that something was recorded, never what."""
    workplace = an_alerted_workplace()
    decide_all(workplace, PASS, ENGAGE)
    with workplace.open() as uow:
        engagement_id = engagement_of_alert(uow, "a-1").engagement_id
    workplace.clock.at += 4 * g.MINUTE

    ended = end_engagement(
        workplace,
        "engager-1",
        engagement_id,
        is_leaflet_given=True,
        details=EqualityDetails(self_defined_ethnicity_code="mixed", sex_code="female"),
    )

    assert (ended.duration, ended.self_defined_ethnicity_code) == (4 * g.MINUTE, "mixed")
    last = events(workplace, EventKind.ENGAGEMENT_RECORDED)[-1]
    assert last.details["duration_s"] == 240
    assert last.details["has_ethnicity"] is True
    assert last.details["has_age_band"] is False
    assert last.details["has_sex"] is True
    assert "mixed" not in str(last)
    assert "female" not in str(last)


def test_factors_are_kept_with_the_decision_and_logged():
    """R-46: beside the reason; the same message with other factors is another decision."""
    workplace = an_alerted_workplace()
    choice = a_choice(PASS, factor_codes=("light", "old_image"))

    decided = decide_step(workplace, "operator-1", choice)

    assert decided.decision.factor_codes == ("light", "old_image")
    (logged,) = events(workplace, EventKind.ALERT_DECIDED)
    assert logged.details["factor_codes"] == ("light", "old_image")
    assert decide_step(workplace, "operator-1", choice).is_repeated
    with pytest.raises(RecordConflictError):
        decide_step(workplace, "operator-1", replace(choice, factor_codes=("light",)))


@pytest.mark.parametrize(
    ("actor_id", "changes", "code"),
    [
        ("operator-1", {}, "rule.role_forbidden"),
        ("both-1", {}, "alert.wrong_step"),
        ("engager-1", {"details": EqualityDetails(age_band_code="old")}, "alert.reason_unknown"),
    ],
)
def test_an_engagement_is_not_ended(actor_id, changes, code):
    """Only by its own officer, and with a code of the policy's list."""
    workplace = an_alerted_workplace()
    decide_all(workplace, PASS, ENGAGE)
    with workplace.open() as uow:
        engagement = engagement_of_alert(uow, "a-1")

    with pytest.raises(RuleError) as refused:
        end_engagement(
            workplace, actor_id, engagement.engagement_id, is_leaflet_given=True, **changes
        )

    assert refused.value.code == code
    with workplace.open() as uow:
        assert uow.engagements.get(engagement.engagement_id) == engagement


def test_an_engagement_without_an_alert_needs_grounds():
    """R-63: from the closed list, in which where somebody walks is not."""
    workplace = an_alerted_workplace()

    engagement = engage_on_grounds(workplace, "engager-1", "d-1", "offence_seen")

    assert engagement.alert_id is None
    with pytest.raises(RuleError):
        engage_on_grounds(workplace, "engager-1", "d-1", "turned_round")


def test_an_engagement_belongs_to_a_deployment_that_ran():
    """There is none before LIVE."""
    workplace = an_alerted_workplace()
    with workplace.open() as uow:
        uow.deployments.save(replace(uow.deployments.get("d-1"), state="calibrated"))
        uow.commit()

    with pytest.raises(RuleError) as refused:
        engage_on_grounds(workplace, "engager-1", "d-1", "offence_seen")

    assert refused.value.code == "deployment.wrong_state"


def test_nobody_was_engaged_for_a_dismissed_alert():
    """Expected absence with a name."""
    workplace = an_alerted_workplace()
    decide_all(workplace, DISMISS)

    with workplace.open() as uow, pytest.raises(RecordNotFoundError):
        engagement_of_alert(uow, "a-1")


def test_a_false_alert_is_confirmed_by_an_engagement():
    """R-55."""
    decided = decide_all(
        an_alerted_workplace(), PASS, ENGAGE, FALSE, DisposalVerdict.NO_FURTHER_ACTION
    )

    assert decided.outcome == "confirmed_false"
