"""Builders: a workplace with accounts and passwords, and what an attacker would look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tests.unit.core.governed import EVERYONE, OFFICER, OPERATOR
from tests.unit.services.listing import OnePolicy, SetClock

from overt.core.audit import AuditEvent
from overt.services.open_session import NewSession
from overt.services.passwords import make_sign_in_link, replace_password
from overt.services.sign_in import SignedIn, session_of, sign_in_with_password
from overt.services.workplace import Workplace
from overt.testing import FakeHasher, FakeIds, FakeStore

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PASSWORD = "correct horse battery"
NEW_PASSWORD = "staple of another kind"
OPERATOR_ID, OFFICER_ID = OPERATOR.actor_id, OFFICER.actor_id


@dataclass
class Desk:
    """A workplace with everybody in it, where an operator has a password."""

    store: FakeStore = field(default_factory=FakeStore)
    clock: SetClock = field(default_factory=SetClock)
    hasher: FakeHasher = field(default_factory=FakeHasher)

    def __post_init__(self) -> None:
        self.workplace = Workplace(self.store.unit_of_work, self.clock, FakeIds(), OnePolicy())
        with self.workplace.open() as uow:
            for actor in EVERYONE:
                uow.actors.save(actor)
            uow.commit()
        replace_password(self.workplace, self.hasher, OPERATOR_ID, PASSWORD)
        self.wait(SECOND)

    def wait(self, span: timedelta) -> None:
        """Put the clock on, or back."""
        self.clock.at += span

    def link(self, actor_id: str = OPERATOR_ID, lifetime: timedelta = HOUR) -> str:
        """Return the token of a link that an officer makes."""
        return make_sign_in_link(self.workplace, OFFICER_ID, actor_id, lifetime)

    def sign_in(self, password: str = PASSWORD, actor_id: str = OPERATOR_ID) -> NewSession:
        """Sign in with a password."""
        return sign_in_with_password(self.workplace, self.hasher, actor_id, password)

    def who(self, token: str, **named: bool) -> SignedIn | None:
        """Return who has a session."""
        return session_of(self.workplace, self.store.reading, token, **named)

    def events(self, *kinds: str) -> list[AuditEvent]:
        """Return the events of these kinds, oldest first."""
        with self.store.reading() as uow:
            return [line.event for line in uow.audit.read() if line.event.kind in kinds]
