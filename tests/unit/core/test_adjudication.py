from __future__ import annotations

import itertools
from dataclasses import MISSING, fields, replace

import pytest
from tests.unit.core.decided import (
    ARREST,
    DISMISS,
    ENGAGE,
    FALSE,
    PASS,
    REASONS,
    TRUE,
    a_decision,
    after,
    an_alert,
)
from tests.unit.core.governed import (
    ENGAGER,
    ENGINEER,
    EVERYONE,
    MINUTE,
    OPENS,
    OPERATOR,
    POLICY,
    an_actor,
)
from tests.unit.core.policy_tables import force_policy

from overt.core.adjudication import (
    VERDICTS,
    AlertState,
    Decision,
    DisposalVerdict,
    IdentityVerdict,
    OfficerVerdict,
    OperatorVerdict,
    Step,
)
from overt.core.alert_decision import check_factors, check_reasons, decide, decided_alert
from overt.core.alert_progress import (
    Closed,
    Disposed,
    Engaged,
    Identified,
    PassedOn,
    Raised,
)
from overt.core.alert_steps import (
    advance,
    alert_of,
    decisions_of,
    next_step,
    progress_of,
    state_of,
)
from overt.core.roles import Role
from overt.core.watchlist import ListKind
from overt.errors import (
    AlertWrongStepError,
    ReasonUnknownError,
    RoleForbiddenError,
    SamePersonError,
)

BOTH = an_actor("both", Role.OPERATOR, Role.ENGAGEMENT_OFFICER)
ALL_VERDICTS = [verdict for kind in VERDICTS.values() for verdict in kind]

# Every way to the end, with what it ends as.
WAYS = {
    (): Raised,
    (DISMISS,): Closed,
    (PASS,): PassedOn,
    (PASS, OfficerVerdict.NO_ENGAGEMENT): Closed,
    (PASS, OfficerVerdict.NOT_LOCATED): Closed,
    (PASS, ENGAGE): Engaged,
    **{(PASS, ENGAGE, identity): Identified for identity in IdentityVerdict},
    **{
        (PASS, ENGAGE, identity, disposal): Disposed
        for identity, disposal in itertools.product(IdentityVerdict, DisposalVerdict)
    },
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(way) or "raised")
def test_every_way_an_alert_can_go(way):
    """Design 3: the types say how far, the state is the last verdict, nothing is lost."""
    progress = after(*way)

    assert type(progress) is WAYS[way]
    assert tuple(decision.verdict for decision in decisions_of(progress)) == way
    assert state_of(progress) == (way[-1] if way else "raised")
    assert alert_of(progress) == an_alert()
    assert decided_alert(progress) == an_alert(state=state_of(progress))


def test_there_is_no_other_way():
    """Design 3: of all sequences of up to four verdicts, these 18 and no more."""
    possible = set()
    for length in range(5):
        for way in itertools.product(ALL_VERDICTS, repeat=length):
            try:
                after(*way)
            except AlertWrongStepError:
                continue
            possible.add(way)

    assert possible == set(WAYS)


def test_nobody_decides_after_the_end():
    """Design 3: a fifth decision, or one after a dismissal."""
    for way in (w for w, kind in WAYS.items() if kind in {Closed, Disposed}):
        for verdict in ALL_VERDICTS:
            with pytest.raises(AlertWrongStepError, match="no further decision"):
                advance(after(*way), a_decision(verdict))


@pytest.mark.parametrize(
    ("way", "step"),
    [
        ((), Step.OPERATOR),
        ((PASS,), Step.OFFICER),
        ((PASS, ENGAGE), Step.IDENTITY),
        ((PASS, ENGAGE, TRUE), Step.DISPOSAL),
        ((PASS, ENGAGE, TRUE, ARREST), None),
        ((DISMISS,), None),
    ],
)
def test_which_step_waits(way, step):
    """R-52: an alert waits for a person; there is nothing that decides by itself."""
    assert next_step(after(*way)) is step


def test_every_state_is_reached():
    """Design 3: the states of the store are those of the machine."""
    assert {state_of(after(*way)) for way in WAYS} == set(AlertState)


# --- two people ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way",
    [
        (PASS, ENGAGE),
        (PASS, OfficerVerdict.NO_ENGAGEMENT),
        (PASS, OfficerVerdict.NOT_LOCATED),
        (PASS, ENGAGE, TRUE),
        (PASS, ENGAGE, TRUE, ARREST),
    ],
)
def test_the_operator_decides_no_later_step(way):
    """R-04, R-51: two people; the same one is refused at every later step."""
    with pytest.raises(SamePersonError, match="expected another person"):
        after(*way, decided_by=OPERATOR.actor_id)


def test_another_officer_may_check_the_identity():
    """R-54: only the operator may not."""
    assert type(after(PASS, ENGAGE, TRUE, decided_by="engager-2")) is Identified


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (PassedOn, (an_alert(), a_decision(DISMISS))),
        (PassedOn, (an_alert(), a_decision(ENGAGE))),
        (PassedOn, (an_alert(alert_id="a-2"), a_decision(PASS))),
        (Closed, (an_alert(), a_decision(PASS))),
        (Closed, (an_alert(alert_id="a-2"), a_decision(DISMISS))),
        (Closed, (an_alert(), a_decision(ENGAGE), after(PASS))),
        (Closed, (an_alert(), a_decision(DISMISS), after(PASS))),
        (Engaged, (after(PASS), a_decision(OfficerVerdict.NOT_LOCATED))),
        (Engaged, (after(PASS), a_decision(TRUE))),
        (Engaged, (after(PASS), a_decision(ENGAGE, alert_id="a-2"))),
        (Identified, (after(PASS, ENGAGE), a_decision(ARREST))),
        (Disposed, (after(PASS, ENGAGE, TRUE), a_decision(TRUE))),
    ],
)
def test_the_types_cannot_be_made_by_hand_out_of_something_else(kind, values):
    """R-51: an arrest, engagement or passing on is made of the decisions before it."""
    with pytest.raises(AlertWrongStepError):
        kind(*values)


def test_an_arrest_holds_two_peoples_decisions_with_their_times():
    """R-51, acceptance test 4: neither can be left out."""
    arrest = after(PASS, ENGAGE, TRUE, ARREST)
    engaged = arrest.identified.engaged

    assert engaged.passed_on.operator.decided_by == OPERATOR.actor_id
    assert engaged.officer.decided_by == ENGAGER.actor_id
    assert engaged.passed_on.operator.decided_at < engaged.officer.decided_at
    for kind in (PassedOn, Engaged, Identified, Disposed):
        assert all(f.default is MISSING for f in fields(kind))


def test_steps_are_decided_in_the_order_of_time():
    """R-51: an officer who decided before the operator passed it on is refused."""
    early = a_decision(ENGAGE, decided_at=OPENS + MINUTE, shown_at=OPENS)

    with pytest.raises(AlertWrongStepError, match="officer was decided before the step operator"):
        progress_of(an_alert(), [a_decision(PASS), early])


def test_a_volunteer_is_never_arrested():
    """R-22: whatever else happens to a blue alert."""
    blue = an_alert(list_kind=ListKind.BLUE)

    assert type(after(PASS, ENGAGE, TRUE, DisposalVerdict.OTHER, alert=blue)) is Disposed
    with pytest.raises(AlertWrongStepError, match="blue list cannot end in an arrest"):
        after(PASS, ENGAGE, TRUE, ARREST, alert=blue)


# --- decisions ----------------------------------------------------------------------------


def test_a_decision_has_no_default():
    """R-52: verdict, reasons, both times and the person have to be given; factors may be."""
    assert [f.name for f in fields(Decision) if f.default is not MISSING] == ["factor_codes"]


@pytest.mark.parametrize(("step", "verdict"), list(itertools.product(Step, ALL_VERDICTS)))
def test_a_verdict_belongs_to_its_step(step, verdict):
    """Design 3: an operator cannot confirm an identity."""
    if verdict in list(VERDICTS[step]):
        assert a_decision(verdict).step is step
    else:
        with pytest.raises(AlertWrongStepError, match=f"at the step {step}"):
            replace(a_decision(verdict), step=step)


def test_a_decision_follows_what_was_shown():
    """R-52: nobody decides unseen."""
    with pytest.raises(AlertWrongStepError, match="follows the moment"):
        a_decision(PASS, decided_at=OPENS, shown_at=OPENS + MINUTE)


@pytest.mark.parametrize(("seconds", "is_quick"), [(0, True), (1.9, True), (2, False), (10, False)])
def test_the_latency_is_kept_and_marked(seconds, is_quick):
    """R-52: a decision within two seconds is marked as quick."""
    decided_at = OPENS + seconds * MINUTE / 60
    decision = a_decision(DISMISS, shown_at=OPENS, decided_at=decided_at)

    assert decision.latency.total_seconds() == seconds
    assert decision.is_quick(POLICY) is is_quick


@pytest.mark.parametrize("actor", [*EVERYONE, BOTH], ids=lambda a: a.actor_id)
@pytest.mark.parametrize("way", [(PASS,), (PASS, ENGAGE), (PASS, ENGAGE, TRUE)])
def test_who_may_decide_which_step(way, actor):
    """R-04: operators the first, engagement officers the others, nobody else anything."""
    progress, decision = after(*way[:-1]), a_decision(way[-1], decided_by=actor.actor_id)
    role = Role.OPERATOR if len(way) == 1 else Role.ENGAGEMENT_OFFICER

    if role in actor.roles:
        assert state_of(decide(progress, decision, actor, POLICY)) == way[-1]
    else:
        with pytest.raises(RoleForbiddenError):
            decide(progress, decision, actor, POLICY)


def test_an_engineer_may_not_adjudicate():
    """R-04: not even an active one with every patience."""
    with pytest.raises(RoleForbiddenError, match="system_engineer"):
        decide(after(), a_decision(PASS, decided_by=ENGINEER.actor_id), ENGINEER, POLICY)


def test_one_person_with_both_roles_decides_one_step():
    """R-04, R-51: the roles allow it, the alert does not."""
    passed_on = decide(after(), a_decision(PASS, decided_by="both"), BOTH, POLICY)

    with pytest.raises(SamePersonError):
        decide(passed_on, a_decision(ENGAGE, decided_by="both"), BOTH, POLICY)


def test_a_confirmed_person_was_not_somebody_else():
    """R-55: the end may not contradict what the identity check gave; a false alert may say so."""
    no_action = DisposalVerdict.NO_FURTHER_ACTION
    end = replace(a_decision(no_action), reason_codes=("somebody_else",))
    with pytest.raises(ReasonUnknownError, match="it was nobody else"):
        decide(after(PASS, ENGAGE, TRUE), end, ENGAGER, POLICY)

    for identity in (FALSE, IdentityVerdict.INCONCLUSIVE):
        assert isinstance(decide(after(PASS, ENGAGE, identity), end, ENGAGER, POLICY), Disposed)


def test_nobody_signs_for_somebody_else():
    """R-04: the identity in the record is that of who decided."""
    with pytest.raises(AlertWrongStepError, match="signed by whoever makes it"):
        decide(after(), a_decision(PASS, decided_by="other"), OPERATOR, POLICY)


# --- reasons ------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ALL_VERDICTS)
def test_reasons_come_from_the_closed_list(verdict):
    """R-52: what the policy names passes, free text does not."""
    check_reasons(verdict, REASONS[verdict], POLICY)
    with pytest.raises(ReasonUnknownError):
        check_reasons(verdict, ("because",), POLICY)


@pytest.mark.parametrize("verdict", ALL_VERDICTS)
def test_a_reason_is_needed(verdict):
    """R-52: dismissing needs one as passing on does; none explains itself."""
    with pytest.raises(ReasonUnknownError, match="needs a reason, found 0"):
        check_reasons(verdict, (), POLICY)


def test_a_list_that_a_force_has_emptied():
    """R-52: then nothing can be chosen, and nothing is."""
    policy = force_policy("alerts.other_disposals", enabled=[])

    check_reasons(DisposalVerdict.OTHER, (), policy)
    with pytest.raises(ReasonUnknownError, match="needs no reason, found 1"):
        check_reasons(DisposalVerdict.OTHER, ("advice",), policy)


def test_factors_may_be_noted():
    """R-46: none, or several of the list, each once."""
    for codes in ((), ("light",), ("old_image", "glasses", "crowd")):
        check_factors(codes, POLICY)
    for codes in (("light", "light"), ("mood",), ("light", "")):
        with pytest.raises(ReasonUnknownError, match="expected factors out of crowd, light"):
            check_factors(codes, POLICY)


def test_factors_are_checked_with_the_decision():
    """R-46: nobody stores another word."""
    with pytest.raises(ReasonUnknownError, match="found 'mood'"):
        decide(after(), a_decision(PASS, factor_codes=("mood",)), OPERATOR, POLICY)


def test_an_arrest_may_have_several_reasons():
    """R-64: each once; other verdicts have one."""
    check_reasons(ARREST, ("wanted_by_courts", "found_at_engagement"), POLICY)
    with pytest.raises(ReasonUnknownError):
        check_reasons(ARREST, ("wanted_by_courts", "wanted_by_courts"), POLICY)
    with pytest.raises(ReasonUnknownError, match="found 2"):
        check_reasons(DISMISS, ("different_person", "picture_unusable"), POLICY)


def test_a_reason_that_a_force_does_not_enable():
    """R-52: the closed list is that of the policy in force."""
    policy = force_policy(
        "alerts.dismissal_reasons", enabled=["different_person", "picture_unusable"]
    )

    with pytest.raises(ReasonUnknownError, match="'no_longer_wanted'"):
        check_reasons(DISMISS, ("no_longer_wanted",), policy)


@pytest.mark.parametrize("verdict", [TRUE, FALSE])
def test_an_identity_is_not_confirmed_unchecked(verdict):
    """R-54: what could not be checked is inconclusive."""
    with pytest.raises(ReasonUnknownError, match="is inconclusive"):
        check_reasons(verdict, ("not_checked",), POLICY)
    check_reasons(IdentityVerdict.INCONCLUSIVE, ("documents",), POLICY)


def test_both_first_choices_cost_the_same():
    """R-52: two verdicts, each with one reason."""
    assert list(OperatorVerdict) == [DISMISS, PASS]
    assert len(REASONS[DISMISS]) == len(REASONS[PASS]) == 1
