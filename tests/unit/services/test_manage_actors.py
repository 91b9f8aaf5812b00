from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.unit.core.governed import OFFICER, OPERATOR, an_actor
from tests.unit.services.listing import OnePolicy, SetClock, a_workplace

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.errors import RecordNotFoundError, RolesConflictError, RuleError
from overt.services.manage_actors import (
    add_actor,
    add_first_actor,
    change_roles,
    deactivate_actor,
    record_training,
)
from overt.services.workplace import Workplace
from overt.testing import FakeIds, FakeStore

NEW = an_actor("new-1", Role.OPERATOR)


def an_empty_workplace():
    """Return a workplace without any account."""
    return Workplace(FakeStore().unit_of_work, SetClock(), FakeIds(), OnePolicy())


def state_of(workplace):
    """Return the accounts, and the last event of the log."""
    with workplace.open() as uow:
        return uow.actors.list(), uow.audit.read()[-1].event


def test_the_first_account_comes_from_the_installation():
    """Logged as the software's own act, as nobody is there yet."""
    workplace = an_empty_workplace()

    add_first_actor(workplace, OFFICER)

    actors, event = state_of(workplace)
    assert actors == (OFFICER,)
    assert (event.kind, event.actor_id) == (EventKind.ACTOR_ADDED, "system")


def test_a_second_first_account_is_refused_and_logged():
    """The way in is open once."""
    workplace = a_workplace()

    with pytest.raises(RuleError):
        add_first_actor(workplace, an_actor("new-1", *OFFICER.roles, rank=OFFICER.rank))

    actors, event = state_of(workplace)
    assert "new-1" not in {actor.actor_id for actor in actors}
    assert event.kind == EventKind.ACCESS_DENIED


@pytest.mark.parametrize("name", ["Jane Smith", "jané", "a\x1b[31m", "-x", "n" * 65, "a@b.example"])
def test_a_name_is_no_account(name):
    """R-04: it would stand in the log for ever; nothing is added or logged."""
    workplace = a_workplace()
    with pytest.raises(RolesConflictError, match="never a name"):
        add_actor(workplace, OFFICER.actor_id, an_actor(name, Role.OPERATOR))
    with pytest.raises(RolesConflictError):
        add_first_actor(an_empty_workplace(), replace(OFFICER, actor_id=name))

    with workplace.open() as uow:
        assert name not in {actor.actor_id for actor in uow.actors.list()}
        assert uow.audit.size() == 0


def test_an_account_is_added_changed_and_closed():
    """Each with its line: whose account, which roles, by whom."""
    workplace = a_workplace()

    add_actor(workplace, OFFICER.actor_id, NEW)
    _, added = state_of(workplace)
    change_roles(workplace, OFFICER.actor_id, an_actor("new-1", Role.APPLICANT))
    _, changed = state_of(workplace)
    deactivate_actor(workplace, OFFICER.actor_id, "new-1", reason=" Moved ")
    actors, closed = state_of(workplace)

    assert added.details["roles"] == ("operator",)
    assert changed.details["roles"] == ("applicant",)
    assert closed.details == {"subject_id": "new-1", "reason": "Moved"}
    assert {e.actor_id for e in (added, changed, closed)} == {OFFICER.actor_id}
    assert [a.is_active for a in actors if a.actor_id == "new-1"] == [False]


def test_a_refusal_changes_no_account():
    """An operator adds nobody; that they tried is in the log."""
    workplace = a_workplace()
    with workplace.open() as uow:
        before = uow.actors.list()

    with pytest.raises(RuleError) as refused:
        add_actor(workplace, OPERATOR.actor_id, NEW)

    actors, event = state_of(workplace)
    assert actors == before
    assert event.details == {"action": "add an account", "code": refused.value.code}


def test_an_unknown_account_cannot_be_changed():
    """Neither by somebody unknown."""
    workplace = a_workplace()

    with pytest.raises(RecordNotFoundError):
        change_roles(workplace, OFFICER.actor_id, NEW)
    with pytest.raises(RecordNotFoundError):
        add_actor(workplace, "nobody", NEW)


def test_a_training_is_recorded():
    """R-36: with its line, which says the day."""
    workplace = a_workplace()

    record_training(workplace, OFFICER.actor_id, OPERATOR.actor_id, date(2026, 3, 1))

    actors, event = state_of(workplace)
    assert {a.trained_on for a in actors if a.actor_id == OPERATOR.actor_id} == {date(2026, 3, 1)}
    assert event.kind == EventKind.ACTOR_CHANGED
    assert event.details["trained_on"] == "2026-03-01"


def test_changing_roles_keeps_the_training():
    """It was held all the same."""
    workplace = a_workplace()
    record_training(workplace, OFFICER.actor_id, OPERATOR.actor_id, date(2026, 3, 1))

    changed = change_roles(workplace, OFFICER.actor_id, an_actor("operator-1", Role.APPLICANT))

    assert changed.trained_on == date(2026, 3, 1)
