from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.unit.core.governed import (
    APPLICANT,
    INSPECTOR,
    OFFICER,
    OPERATOR,
    POLICY,
    SECOND_OFFICER,
    an_actor,
)

from overt.core.accounts import added, changed, deactivated, first_account, trained
from overt.core.roles import Rank, Role
from overt.errors import RuleError, SettingInvalidError

NEW = an_actor("new-1", Role.OPERATOR)


def code_of(step, *arguments, **named):
    """Return the code with which a step is refused."""
    with pytest.raises(RuleError) as refused:
        step(*arguments, **named)
    return refused.value.code


def test_the_first_account_is_an_officer_who_can_add_others():
    """Otherwise nobody ever could."""
    assert first_account(OFFICER, (), POLICY) == OFFICER


@pytest.mark.parametrize(
    ("actor", "existing", "code"),
    [
        (SECOND_OFFICER, (OFFICER,), "rule.role_forbidden"),
        (OPERATOR, (), "rule.role_forbidden"),
        (INSPECTOR, (), "rule.rank_too_low"),
    ],
)
def test_a_first_account_is_refused(actor, existing, code):
    """Not the first, no officer, or below the rank for written authorities."""
    assert code_of(first_account, actor, existing, POLICY) == code


def test_an_officer_adds_an_account():
    """With the roles that were given."""
    assert added(NEW, OFFICER, (OFFICER,), POLICY) == NEW


@pytest.mark.parametrize(
    ("by", "existing", "code"),
    [
        (APPLICANT, (), "rule.role_forbidden"),
        (INSPECTOR, (), "rule.rank_too_low"),
        (replace(OFFICER, is_active=False), (), "rule.role_forbidden"),
        (OFFICER, (NEW,), "store.conflict"),
        (OFFICER, (replace(NEW, is_active=False),), "store.conflict"),
    ],
)
def test_an_account_is_not_added(by, existing, code):
    """Not by this person, or the identifier was given before, even to somebody who left."""
    assert code_of(added, NEW, by, existing, POLICY) == code


def test_roles_and_rank_are_replaced():
    """What is not named is gone; the account stays open."""
    changes = an_actor("new-1", Role.APPLICANT, rank=Rank.SERGEANT)

    assert changed(NEW, changes, OFFICER, POLICY) == changes


@pytest.mark.parametrize(
    ("actor", "by", "code"),
    [
        (OFFICER, OFFICER, "deployment.separation_of_duties"),
        (NEW, OPERATOR, "rule.role_forbidden"),
        (replace(NEW, is_active=False), OFFICER, "rule.role_forbidden"),
    ],
)
def test_an_account_is_not_changed(actor, by, code):
    """Nobody's own, not by this person, not once it is closed."""
    assert code_of(changed, actor, actor, by, POLICY) == code


def test_an_account_is_closed():
    """It keeps its roles, for the record."""
    closed = deactivated(NEW, OFFICER, POLICY, reason="Moved")

    assert closed == replace(NEW, is_active=False)


@pytest.mark.parametrize(
    ("actor", "by", "reason", "code"),
    [
        (OFFICER, OFFICER, "Moved", "deployment.separation_of_duties"),
        (NEW, OPERATOR, "Moved", "rule.role_forbidden"),
        (NEW, OFFICER, "  ", "rule.reason_missing"),
        (replace(NEW, is_active=False), OFFICER, "Moved", "rule.role_forbidden"),
    ],
)
def test_an_account_is_not_closed(actor, by, reason, code):
    """Nobody's own, so that an officer always stays; not twice; not without a reason."""
    assert code_of(deactivated, actor, by, POLICY, reason=reason) == code


NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("on", [TODAY, date(2020, 1, 1), date(2026, 6, 2)])
def test_an_officer_records_a_training(on):
    """R-36: today, long ago, or tomorrow where the day begins first."""
    assert trained(NEW, OFFICER, POLICY, on, NOW) == replace(NEW, trained_on=on)


@pytest.mark.parametrize(
    ("actor", "by", "code"),
    [
        (NEW, OPERATOR, "rule.role_forbidden"),
        (NEW, INSPECTOR, "rule.rank_too_low"),
        (OFFICER, OFFICER, "deployment.separation_of_duties"),
        (replace(NEW, is_active=False), OFFICER, "rule.role_forbidden"),
    ],
)
def test_a_training_is_not_recorded(actor, by, code):
    """By anybody else, for oneself, or for an account that is closed."""
    assert code_of(trained, actor, by, POLICY, TODAY, NOW) == code


def test_a_training_to_come_is_not_recorded():
    """It has not been held."""
    with pytest.raises(SettingInvalidError):
        trained(NEW, OFFICER, POLICY, date(2026, 6, 3), NOW)
