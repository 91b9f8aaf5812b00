"""Invitations, questions and answers, what notices are made of, kept by every store alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from contract.databases import BUSY_S, sql_store
from contract.records import NOW, a_deployment, values_of
from overt.core.invitation import Invitation
from overt.core.notice_papers import NoticePapers, ReviewedTranslation
from overt.core.roles import Actor, Role
from overt.core.thread import Message
from overt.errors import RecordConflictError, RecordNotFoundError
from overt.testing import FakeStore

ONE_STORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
HOUR = timedelta(hours=1)
INVITATION = Invitation(
    "invitation-1", "deployment-1", "guest-1", "actor-1", NOW, "0a" * 32, NOW + HOUR, NOW + HOUR
)
QUESTION = Message("message-1", "deployment-1", None, "guest-1", NOW, "Why here?\n")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ready(request):
    """Return a store with an observer's account and two deployments."""
    if request.param == "memory":
        store = FakeStore(busy_s=BUSY_S)
    else:
        store = sql_store(request.getfixturevalue(f"new_{request.param}")())
    with store.unit_of_work() as unit:
        unit.actors.save(Actor("guest-1", frozenset({Role.OBSERVER})))
        for number in (1, 2):
            unit.deployments.add(a_deployment(f"deployment-{number}"))
        unit.commit()
    return store


def test_invitations_are_found_by_link_deployment_and_account(ready):
    """Oldest first; what becomes of one is saved."""
    later = replace(
        INVITATION, invitation_id="invitation-0", invited_at=NOW + HOUR, link_sha256="0b" * 32
    )
    other = replace(
        INVITATION,
        invitation_id="invitation-2",
        deployment_id="deployment-2",
        link_sha256="0c" * 32,
    )
    with ready.unit_of_work() as unit:
        for invitation in (later, INVITATION, other):
            unit.invitations.add(invitation)
        used = replace(unit.invitations.get("invitation-1"), used_at=NOW + HOUR)
        unit.invitations.save(used)
        unit.commit()

        assert unit.invitations.find("0a" * 32) == used
        assert unit.invitations.find("0d" * 32) is None
        assert unit.invitations.of_deployment("deployment-1") == (used, later)
        assert unit.invitations.of_actor("guest-1") == (used, other, later)
        assert unit.invitations.of_actor("guest-2") == ()
        with pytest.raises(RecordNotFoundError):
            unit.invitations.get("invitation-3")


@pytest.mark.parametrize(
    "add",
    [
        lambda unit: unit.invitations.add(replace(INVITATION, actor_id="nobody-1")),
        lambda unit: unit.invitations.add(replace(INVITATION, deployment_id="nowhere")),
        lambda unit: [
            unit.invitations.add(replace(INVITATION, invitation_id=name)) for name in ("a", "b")
        ],
        lambda unit: unit.messages.add(replace(QUESTION, deployment_id="nowhere")),
        lambda unit: [unit.messages.add(QUESTION) for _ in range(2)],
        lambda unit: unit.papers.save(NoticePapers("nowhere", "actor-1", NOW, "{}")),
    ],
)
def test_a_row_needs_its_account_and_deployment(ready, add):
    """And is there once; so is a link."""
    with ready.unit_of_work() as unit, pytest.raises(RecordConflictError):
        add(unit)


def test_messages_stay_in_order(ready):
    """Oldest first, answers and what is withdrawn among them."""
    answer = replace(
        QUESTION, message_id="message-0", question_id="message-1", written_at=NOW + HOUR
    )
    with ready.unit_of_work() as unit:
        for message in (answer, QUESTION):
            unit.messages.add(message)
        withdrawn = replace(unit.messages.get("message-1"), withdrawn_at=NOW + HOUR)
        unit.messages.save(withdrawn)
        unit.commit()

        assert unit.messages.of_deployment("deployment-1") == (withdrawn, answer)
        assert unit.messages.of_deployment("deployment-2") == ()
        with pytest.raises(RecordNotFoundError):
            unit.messages.get("message-2")


def test_a_deployment_has_one_set_of_papers(ready):
    """Saving replaces it; the latest of all deployments is what the next one begins with."""
    first = NoticePapers("deployment-1", "actor-1", NOW, '{"force":"One"}')
    other = replace(first, deployment_id="deployment-2", saved_at=NOW + HOUR)
    again = replace(first, saved_at=NOW + 2 * HOUR, document='{"force":"Two"}')
    with ready.unit_of_work() as unit:
        assert unit.papers.latest() is None
        assert unit.papers.get_or_none("deployment-1") is None
        unit.papers.save(first)
        unit.papers.save(other)
        assert unit.papers.latest() == other
        unit.papers.save(again)
        unit.commit()

        assert unit.papers.get_or_none("deployment-1") == again
        assert unit.papers.latest() == again


def test_a_catalogue_is_approved_once(ready):
    """A second approval of the same text takes the place of the first."""
    first = ReviewedTranslation("0a" * 32, "cy", "actor-1", NOW)
    newer = replace(first, catalogue_sha256="0b" * 32, approved_at=NOW + HOUR)
    again = replace(first, approved_by="actor-2", approved_at=NOW + 2 * HOUR)
    with ready.unit_of_work() as unit:
        for reviewed in (first, newer, again):
            unit.papers.approve(reviewed)
        unit.commit()

        assert unit.papers.approved() == (newer, again)


@ONE_STORE
@given(data=st.data())
def test_every_record_comes_back_as_it_was(ready, data):
    """Whatever the core can make, the store returns."""
    invitation = replace(
        data.draw(values_of(Invitation)), actor_id="guest-1", deployment_id="deployment-1"
    )
    message = replace(data.draw(values_of(Message)), deployment_id="deployment-1")
    papers = replace(data.draw(values_of(NoticePapers)), deployment_id="deployment-1")
    reviewed = data.draw(values_of(ReviewedTranslation))
    with ready.unit_of_work() as unit:
        unit.invitations.add(invitation)
        unit.messages.add(message)
        unit.papers.save(papers)
        unit.papers.approve(reviewed)

        assert unit.invitations.get(invitation.invitation_id) == invitation
        assert unit.messages.get(message.message_id) == message
        assert unit.papers.get_or_none("deployment-1") == papers
        assert reviewed in unit.papers.approved()
