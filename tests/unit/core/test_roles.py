from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from tests.unit.core.governed import OFFICER, OPERATOR, an_actor

from overt.core.audit import SYSTEM_ACTOR
from overt.core.roles import (
    Rank,
    Role,
    conflicting_roles,
    rank_named,
    require,
    require_any,
    require_other_person,
    require_rank,
    require_reason,
)
from overt.errors import (
    RankTooLowError,
    ReasonMissingError,
    RoleForbiddenError,
    RolesConflictError,
    SeparationOfDutiesError,
    SettingInvalidError,
)

GO_TOGETHER = {
    frozenset(pair)
    for pair in (
        (Role.APPLICANT, Role.AUTHORISING_OFFICER),
        (Role.APPLICANT, Role.OPERATOR),
        (Role.APPLICANT, Role.ENGAGEMENT_OFFICER),
        (Role.APPLICANT, Role.SYSTEM_ENGINEER),
        (Role.APPLICANT, Role.EVALUATOR),
        (Role.AUTHORISING_OFFICER, Role.OPERATOR),
        (Role.AUTHORISING_OFFICER, Role.ENGAGEMENT_OFFICER),
        (Role.AUTHORISING_OFFICER, Role.SYSTEM_ENGINEER),
        (Role.AUTHORISING_OFFICER, Role.EVALUATOR),
        (Role.OPERATOR, Role.ENGAGEMENT_OFFICER),
        (Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    )
}


@pytest.mark.parametrize("pair", list(itertools.combinations(Role, 2)), ids="+".join)
def test_roles_that_go_together(pair):
    """R-04: who watches does nothing else, who sets thresholds or evaluates decides no alert."""
    roles = frozenset(pair)

    assert (conflicting_roles(roles) == ()) == (roles in GO_TOGETHER)


@pytest.mark.parametrize("roles", [(), *((role,) for role in Role)])
def test_one_role_or_none_is_no_conflict(roles):
    """A role goes with itself."""
    assert conflicting_roles(frozenset(roles)) == ()


def test_an_actor_cannot_hold_roles_that_exclude_each_other():
    """R-04: an engineer may not adjudicate; the message names both roles, not the third."""
    with pytest.raises(RolesConflictError, match="operator and system_engineer") as refused:
        an_actor("someone", Role.SYSTEM_ENGINEER, Role.OPERATOR, Role.APPLICANT)

    assert "applicant" not in refused.value.message


@pytest.mark.parametrize("actor_id", ["", " ", SYSTEM_ACTOR])
def test_an_actor_has_an_id_of_its_own(actor_id):
    """R-04: nobody acts under the software's name or under none."""
    with pytest.raises(RolesConflictError, match="id must not be"):
        an_actor(actor_id, Role.OPERATOR)


def test_a_role_that_is_there_lets_pass():
    """R-04: no error, no value."""
    require(OPERATOR, Role.OPERATOR, "review an alert")
    require_any(OPERATOR, frozenset({Role.OPERATOR, Role.AUDITOR}), "read")


def test_a_role_that_is_missing_does_not():
    """R-04: the message says what is needed and what is there."""
    with pytest.raises(RoleForbiddenError, match=r"to engage, .*auditor or observer.*: operator"):
        require_any(OPERATOR, frozenset({Role.OBSERVER, Role.AUDITOR}), "engage")


def test_no_role_at_all_is_said():
    """R-04: nobody has a role by default."""
    with pytest.raises(RoleForbiddenError, match="has: none"):
        require(an_actor("new"), Role.OPERATOR, "engage")


def test_somebody_who_has_left_may_do_nothing():
    """R-36: an inactive account has its roles and cannot use them."""
    with pytest.raises(RoleForbiddenError, match="not active"):
        require(replace(OPERATOR, is_active=False), Role.OPERATOR, "engage")


@pytest.mark.parametrize(
    ("rank", "found"),
    [(None, "no rank"), (Rank.CHIEF_INSPECTOR, "chief inspector"), (Rank.CONSTABLE, "constable")],
)
def test_a_rank_below_the_one_needed(rank, found):
    """R-03: superintendent or above."""
    with pytest.raises(RankTooLowError, match=f"superintendent or above is needed, found {found}"):
        require_rank(an_actor("x", rank=rank), Rank.SUPERINTENDENT, "grant the authority")


@pytest.mark.parametrize("rank", [Rank.SUPERINTENDENT, Rank.CHIEF_SUPERINTENDENT])
def test_a_rank_that_is_high_enough_is_returned(rank):
    """R-03: it is kept with the authority."""
    assert require_rank(an_actor("x", rank=rank), Rank.SUPERINTENDENT, "grant") is rank


def test_ranks_are_ordered():
    """R-03: from constable to chief superintendent."""
    assert [rank.title for rank in sorted(Rank)] == [
        "constable",
        "sergeant",
        "inspector",
        "chief inspector",
        "superintendent",
        "chief superintendent",
    ]


@pytest.mark.parametrize("name", ["chief_inspector", "Chief Inspector", " CHIEF_INSPECTOR "])
def test_a_rank_by_its_name(name):
    """R-03: as the policy spells it."""
    assert rank_named(name) is Rank.CHIEF_INSPECTOR


def test_a_rank_that_does_not_exist():
    """R-03: the message lists those that do."""
    with pytest.raises(SettingInvalidError, match="constable, sergeant"):
        rank_named("major")


def test_who_did_the_earlier_step_cannot_do_the_later_one():
    """R-04, R-16: the message names every earlier step of that person."""
    earlier = {"applied": OFFICER.actor_id, "composed": "other", "drafted": OFFICER.actor_id}

    with pytest.raises(SeparationOfDutiesError, match="who applied and drafted cannot grant"):
        require_other_person(OFFICER, earlier, "grant the authority")


def test_another_person_can():
    """R-04: and a step that nobody has done yet bars nobody."""
    require_other_person(OFFICER, {"applied": "other", "composed": None}, "grant")


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_a_reason_is_not_blank(reason):
    """R-07: blanks are no reason."""
    with pytest.raises(ReasonMissingError, match="to withdraw, a reason"):
        require_reason(reason, "withdraw")


def test_a_reason_is_kept_without_blanks_around_it():
    """R-07: as it was given otherwise."""
    assert require_reason("  Rain and wind \n", "suspend") == "Rain and wind"
