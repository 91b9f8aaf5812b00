"""The people of the demonstration: one account a role, so that nobody decides alone."""

from __future__ import annotations

from dataclasses import dataclass

from overt.core.roles import Actor, Rank, Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody whom a newcomer can be.

    Attributes:
        actor_id: Account.
        role: What they are.
        does: What there is to do for them, in a line.
        rank: Police rank, where the role needs one.
    """

    actor_id: str
    role: Role
    does: str
    rank: Rank | None = None

    @property
    def title(self) -> str:
        """Return the role in words: ``engagement officer``."""
        return self.role.value.replace("_", " ")

    def actor(self) -> Actor:
        """Return their account."""
        return Actor(self.actor_id, frozenset({self.role}), self.rank)


KEEPER, APPLICANT, APPROVER = "ao-1", "ap-1", "ap-2"
OPERATOR, OFFICER, ENGINEER, EVALUATOR = "op-1", "eo-1", "se-1", "ev-1"
OBSERVER = "ob-1"

OPERATOR_PROGRAM, OFFICER_PROGRAM = "op-program", "eo-program"
PROGRAM = (
    Actor(OPERATOR_PROGRAM, frozenset({Role.OPERATOR})),
    Actor(OFFICER_PROGRAM, frozenset({Role.ENGAGEMENT_OFFICER})),
)
"""Accounts of the program that decides the finished rehearsals' alerts: nobody signs in as them."""

PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(OPERATOR, Role.OPERATOR, "compares the two faces of an alert, and decides first"),
    DemoPerson(OFFICER, Role.ENGAGEMENT_OFFICER, "decides again on the street, engages, records"),
    DemoPerson(
        KEEPER,
        Role.AUTHORISING_OFFICER,
        "grants or refuses a deployment that waits for it",
        Rank.SUPERINTENDENT,
    ),
    DemoPerson(APPLICANT, Role.APPLICANT, "drafts a deployment and composes its watchlist"),
    DemoPerson(APPROVER, Role.APPLICANT, "approves the watchlist that another one composed"),
    DemoPerson(ENGINEER, Role.SYSTEM_ENGINEER, "looks after cameras, zones and model packs"),
    DemoPerson(EVALUATOR, Role.EVALUATOR, "sends volunteers past the camera and counts"),
    DemoPerson("au-1", Role.AUDITOR, "reads the log and verifies it"),
    DemoPerson(OBSERVER, Role.OBSERVER, "sees counts, settings and notices, and no face"),
)
"""Who can be signed in as, in the order in which a newcomer meets them."""
