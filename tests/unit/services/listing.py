"""Builders: a governed workplace in memory, rows of a watchlist, photographs of planted faces."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from tests.unit.core.governed import BUILT_AT, EVERYONE, POLICY, authorised

from overt.core.watchlist_refusals import EntryRow, RefusalReason
from overt.services.approve_watchlist import approve_watchlist
from overt.services.compose_watchlist import compose_watchlist
from overt.services.enrol_portraits import Enroller
from overt.services.judge_rows import OfferedRow
from overt.services.workplace import Workplace
from overt.testing import (
    ANNA,
    BERTA,
    CLARA,
    FakeFace,
    FakeIds,
    FakeModels,
    FakeStore,
    a_picture,
    an_operating_point,
)

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.policy import Policy

DORA = (64, 64)
"""A fourth person."""

_NUMBERS = count(2)


@dataclass
class SetClock:
    """A clock that stands until a test puts it on."""

    at: datetime = BUILT_AT

    def now(self) -> datetime:
        return self.at


@dataclass
class OnePolicy:
    """The shipped policy, or another, whatever is asked for."""

    policy: Policy = field(default_factory=lambda: POLICY)

    def current(self) -> Policy:
        return self.policy

    def get(self, policy_hash: str) -> Policy:
        return self.policy


def a_workplace(deployment: Deployment | None = None, **changes: object) -> Workplace:
    """Return a workplace with everybody in it, and a deployment that is authorised."""
    workplace = Workplace(FakeStore().unit_of_work, SetClock(), FakeIds(), OnePolicy())
    workplace = replace(workplace, **changes)
    with workplace.open() as uow:
        for actor in EVERYONE:
            uow.actors.save(actor)
        uow.deployments.add(deployment or authorised())
        uow.commit()
    return workplace


def a_portrait(who=ANNA, *, side_px=120, n_faces=1, **changes: object):
    """Return a photograph with faces far enough from its edge."""
    faces = [FakeFace(60 + 200 * i, 40, who, side_px=side_px, **changes) for i in range(n_faces)]
    return a_picture(*faces, size_wh=(240 + 200 * (n_faces - 1), 200))


def an_enroller(**changes: object) -> Enroller:
    """Return an enroller on fakes; a portrait's bytes say nothing of the face."""
    enroller = Enroller(
        FakeModels(), "overt-default", an_operating_point(), lambda pixels, box: b"a portrait"
    )
    return replace(enroller, **changes)


def a_row(**changes: object) -> EntryRow:
    """Return what a row says against which nothing speaks."""
    row = EntryRow(
        reference="N-1",
        category="wanted_by_courts",
        justification="Warrant of 3 January",
        image_source="Custody",
        image_date=date(2025, 6, 1),
        urgency="amber",
        is_under_18=False,
        under_18_exception=None,
        expires_at=None,
    )
    return replace(row, **changes)


def an_offer(who=ANNA, *, pixels="a portrait", number=None, problems=(), **changes) -> OfferedRow:
    """Return a row with its photograph.

    Args:
        who: Whom the photograph shows.
        pixels: The photograph itself, or None where it cannot be read.
        number: Of the row; the next one without it.
        problems: Reasons that are known already.
        **changes: What the row says.
    """
    shown = a_portrait(who) if isinstance(pixels, str) else pixels
    row = next(_NUMBERS) if number is None else number
    reasons = tuple(RefusalReason(problem) for problem in problems)
    return OfferedRow(row, a_row(**changes), lambda side_px: shown, reasons)


def three_offers() -> list[OfferedRow]:
    """Return three people under three references."""
    return [
        an_offer(who, reference=f"N-{i}", number=i + 1)
        for i, who in enumerate((ANNA, BERTA, CLARA), start=1)
    ]


def composed(workplace=None, offers=None, **changes: object):
    """Return a workplace in which a list waits for approval."""
    workplace = workplace or a_workplace(**changes)
    compose_watchlist(workplace, "applicant-1", "d-1", offers or three_offers(), an_enroller())
    return workplace


def approved(workplace=None, offers=None):
    """Return a workplace in which a list is approved."""
    workplace = composed(workplace, offers)
    approve_watchlist(workplace, "applicant-2", "d-1")
    return workplace


def entries_of(workplace, **wanted):
    """Return the deployment's entries."""
    with workplace.open() as uow:
        return uow.entries.of_deployment("d-1", **wanted)


def entry_of(workplace, reference):
    """Return the standing entry of a reference."""
    found = [e for e in entries_of(workplace) if e.reference == reference]
    return found[-1]


def deployment_of(workplace):
    """Return the deployment as it is stored."""
    with workplace.open() as uow:
        return uow.deployments.get("d-1")


def events_of(workplace):
    """Return every event of the log."""
    with workplace.open() as uow:
        return [logged.event for logged in uow.audit.read()]


def kinds_of(workplace):
    """Return the kind of every event of the log."""
    return [str(event.kind) for event in events_of(workplace)]


def secrets_of(workplace, kind):
    """Return row and bytes of the secrets of a kind."""
    with workplace.open() as uow:
        return dict(uow.secrets.read_all("d-1", kind))
