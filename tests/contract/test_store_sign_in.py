"""Accounts, sessions, drafts and statements, kept by every store alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from contract.databases import BUSY_S, sql_store
from contract.records import NOW, a_deployment, values_of
from overt.core.application_draft import ApplicationDraft
from overt.core.roles import Actor, Role
from overt.core.sign_in import Credential, Identity, Session, SignInLink, SignInMethod
from overt.core.statement import Statement
from overt.errors import RecordConflictError, RecordNotFoundError, ValueRefusedError
from overt.testing import FakeStore

ONE_STORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
HOUR = timedelta(hours=1)
ISSUER = "https://sign-in.force.example"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ready(request):
    """Return a store with two accounts and two deployments."""
    if request.param == "memory":
        store = FakeStore(busy_s=BUSY_S)
    else:
        store = sql_store(request.getfixturevalue(f"new_{request.param}")())
    with store.unit_of_work() as unit:
        for number in (1, 2):
            unit.actors.save(Actor(f"actor-{number}", frozenset({Role.OPERATOR})))
            unit.deployments.add(a_deployment(f"deployment-{number}"))
        unit.commit()
    return store


def a_session(digest: str = "0a" * 32, **changes) -> Session:
    """Return a session that begins now and ends in an hour."""
    values = {
        "actor_id": "actor-1",
        "created_at": NOW,
        "last_seen_at": NOW,
        "expires_at": NOW + HOUR,
        "csrf_token": "token",
        "authenticated_by": SignInMethod.PASSWORD,
    }
    return Session(digest, **(values | changes))


def test_a_credential_is_added_and_replaced(ready):
    """One an account; none is an answer, not an error."""
    first = Credential("actor-1", password_hash="$argon2id$first", password_changed_at=NOW)
    locked = replace(first, failed_attempts=5, locked_until=NOW + HOUR)
    with ready.unit_of_work() as unit:
        assert unit.credentials.get_or_none("actor-1") is None
        unit.credentials.save(first)
        unit.credentials.save(locked)
        unit.credentials.save(Credential("actor-2", must_change=True))
        unit.commit()

        assert unit.credentials.get_or_none("actor-1") == locked
        assert unit.credentials.get_or_none("actor-2") == Credential("actor-2", must_change=True)
        assert unit.credentials.get_or_none("nobody-1") is None


def test_sessions_are_seen_and_end(ready):
    """At their end they are deleted; before it, all of one account may be revoked."""
    sessions = [
        a_session("0a" * 32, expires_at=NOW + HOUR),
        a_session("0b" * 32, expires_at=NOW + 2 * HOUR, authenticated_by=SignInMethod.OIDC),
        a_session("0c" * 32, expires_at=NOW + 2 * HOUR, actor_id="actor-2"),
    ]
    with ready.unit_of_work() as unit:
        for session in sessions:
            unit.sessions.add(session)
        seen = replace(sessions[1], last_seen_at=NOW + timedelta(minutes=5))
        unit.sessions.save(seen)
        unit.commit()

        assert unit.sessions.get_or_none("0b" * 32) == seen
        assert unit.sessions.delete_expired(NOW + HOUR) == 1  # the end is exclusive
        assert unit.sessions.get_or_none("0a" * 32) is None
        assert unit.sessions.revoke_of("actor-1", NOW + HOUR) == 1
        assert unit.sessions.revoke_of("actor-1", NOW + 2 * HOUR) == 0
        assert unit.sessions.get_or_none("0b" * 32) == replace(seen, revoked_at=NOW + HOUR)
        assert unit.sessions.get_or_none("0c" * 32) == sessions[2]
        with pytest.raises(RecordNotFoundError):
            unit.sessions.save(sessions[0])


def test_a_link_is_used_and_ends(ready):
    """The row tells that it was used, until its end deletes it."""
    link = SignInLink("0d" * 32, "actor-1", NOW, NOW + HOUR)
    with ready.unit_of_work() as unit:
        unit.links.add(link)
        unit.links.add(SignInLink("0e" * 32, "actor-2", NOW, NOW + 2 * HOUR))
        unit.links.save(replace(link, used_at=NOW))
        unit.commit()

        assert unit.links.get_or_none("0d" * 32) == replace(link, used_at=NOW)
        assert unit.links.get_or_none("0f" * 32) is None
        assert unit.links.delete_expired(NOW + HOUR) == 1
        assert unit.links.get_or_none("0d" * 32) is None
        with pytest.raises(RecordNotFoundError):
            unit.links.save(link)


def test_an_identity_is_tied_once(ready):
    """The same subject at another issuer is somebody else."""
    first, other = Identity(ISSUER, "s-2", "actor-1"), Identity(f"{ISSUER}/b", "s-2", "actor-2")
    second = Identity(ISSUER, "s-1", "actor-1")
    with ready.unit_of_work() as unit:
        for identity in (first, other, second):
            unit.identities.add(identity)
        unit.commit()

        assert unit.identities.find(ISSUER, "s-2") == first
        assert unit.identities.find(f"{ISSUER}/b", "s-2") == other
        assert unit.identities.find(ISSUER, "s-3") is None
        assert unit.identities.of_actor("actor-1") == (second, first)
        assert unit.identities.of_actor("nobody-1") == ()
    with ready.unit_of_work() as unit, pytest.raises(RecordConflictError):
        unit.identities.add(replace(first, actor_id="actor-2"))


def test_an_identity_is_untied(ready):
    """That one only; a second time does no harm."""
    first, other = Identity(ISSUER, "s-2", "actor-1"), Identity(f"{ISSUER}/b", "s-2", "actor-1")
    with ready.unit_of_work() as unit:
        for identity in (first, other):
            unit.identities.add(identity)
        for _ in range(2):
            unit.identities.delete(ISSUER, "s-2")

        assert unit.identities.of_actor("actor-1") == (other,)


@pytest.mark.parametrize(
    "add",
    [
        lambda unit: unit.credentials.save(Credential("nobody-1")),
        lambda unit: unit.sessions.add(a_session(actor_id="nobody-1")),
        lambda unit: unit.links.add(SignInLink("0d" * 32, "nobody-1", NOW, NOW)),
        lambda unit: unit.identities.add(Identity(ISSUER, "s-1", "nobody-1")),
        lambda unit: unit.statements.add(Statement("s-1", "nowhere", "actor-1", NOW, "text")),
        lambda unit: unit.drafts.save(ApplicationDraft("nowhere", "actor-1", NOW, "{}")),
        lambda unit: [unit.sessions.add(a_session()) for _ in range(2)],
        lambda unit: [unit.links.add(SignInLink("0d" * 32, "actor-1", NOW, NOW)) for _ in "12"],
    ],
)
def test_a_row_needs_its_account_or_deployment(ready, add):
    """And is there once."""
    with ready.unit_of_work() as unit, pytest.raises(RecordConflictError):
        add(unit)


def test_values_that_a_database_cannot_keep_are_refused(ready):
    """A zero byte, a naive time."""
    for add in (
        lambda unit: unit.identities.add(Identity(ISSUER, "s\0", "actor-1")),
        lambda unit: unit.credentials.save(
            Credential("actor-1", locked_until=NOW.replace(tzinfo=None))
        ),
    ):
        with ready.unit_of_work() as unit, pytest.raises(ValueRefusedError):
            add(unit)


def test_the_last_training_is_a_day(ready):
    """R-36: kept with the account."""
    actor = Actor("actor-1", frozenset({Role.OPERATOR}), trained_on=date(2026, 1, 31))
    with ready.unit_of_work() as unit:
        unit.actors.save(actor)

        assert unit.actors.get("actor-1") == actor


def test_statements_stay_in_order(ready):
    """Oldest first, the withdrawn among them."""
    late = Statement("s-1", "deployment-1", "actor-1", NOW + HOUR, "late\n— é\n")
    early = Statement("s-2", "deployment-1", "actor-2", NOW, "early")
    with ready.unit_of_work() as unit:
        for statement in (late, early, replace(early, statement_id="s-3")):
            unit.statements.add(statement)
        withdrawn = replace(unit.statements.get("s-3"), withdrawn_at=NOW + HOUR)
        unit.statements.save(withdrawn)
        unit.commit()

        assert unit.statements.of_deployment("deployment-1") == (early, withdrawn, late)
        assert unit.statements.of_deployment("deployment-2") == ()
        with pytest.raises(RecordNotFoundError):
            unit.statements.get("s-4")
        with pytest.raises(RecordNotFoundError):
            unit.statements.save(replace(late, statement_id="s-4"))


def test_a_deployment_has_one_draft(ready):
    """Saving replaces it; deleting leaves the others'."""
    draft = ApplicationDraft("deployment-1", "actor-1", NOW, '{"aim":""}')
    again = replace(draft, saved_by="actor-2", saved_at=NOW + HOUR, document='{"aim":"é"}')
    with ready.unit_of_work() as unit:
        unit.drafts.save(draft)
        unit.drafts.save(again)
        unit.drafts.save(replace(draft, deployment_id="deployment-2"))
        unit.commit()

        assert unit.drafts.get_or_none("deployment-1") == again
        assert unit.drafts.delete("deployment-1") == 1
        assert unit.drafts.delete("deployment-1") == 0
        assert unit.drafts.get_or_none("deployment-1") is None
        assert unit.drafts.get_or_none("deployment-2") is not None


@ONE_STORE
@given(data=st.data())
def test_every_record_comes_back_as_it_was(ready, data):
    """Whatever the core can make, the store returns."""
    credential = replace(data.draw(values_of(Credential)), actor_id="actor-1")
    session = replace(data.draw(values_of(Session)), actor_id="actor-1", csrf_token="t")
    link = replace(data.draw(values_of(SignInLink)), actor_id="actor-1")
    identity = replace(data.draw(values_of(Identity)), actor_id="actor-1")
    statement = replace(data.draw(values_of(Statement)), deployment_id="deployment-1")
    draft = replace(data.draw(values_of(ApplicationDraft)), deployment_id="deployment-1")
    with ready.unit_of_work() as unit:
        unit.credentials.save(credential)
        unit.sessions.add(session)
        unit.links.add(link)
        unit.identities.add(identity)
        unit.statements.add(statement)
        unit.drafts.save(draft)

        assert unit.credentials.get_or_none("actor-1") == credential
        assert unit.sessions.get_or_none(session.session_id_sha256) == session
        assert unit.links.get_or_none(link.link_sha256) == link
        assert unit.identities.find(identity.issuer, identity.subject) == identity
        assert unit.statements.get(statement.statement_id) == statement
        assert unit.drafts.get_or_none("deployment-1") == draft
