"""Answer "was this reference listed on that day?" after everything else is gone (R-20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.local_window import YEARS
from overt.core.reference import MAX_LENGTH, canonical_reference, is_reference
from overt.core.roles import Role, require
from overt.errors import RuleError, SettingInvalidError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from overt.core.canonical_json import JsonValue
    from overt.core.listed_period import ListedPeriod
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "look up a listing"


@dataclass(frozen=True, slots=True)
class Listing:
    """What the record says of a reference.

    Attributes:
        periods: Those that touch the day, oldest first; often none.
        is_known: Whether the reference was ever listed. One that was not may be misspelt, and
            nothing here can tell.
    """

    periods: tuple[ListedPeriod, ...]
    is_known: bool


def was_listed(
    workplace: Workplace, actor_id: str, reference: str, on: date, zone: tzinfo
) -> Listing:
    """Return the periods of a reference that touch a local day, and whether it was ever used.

    Volunteers of a rehearsal stand on a blue list, and in no period. The log keeps that somebody
    asked, for which day, and how many periods were found; the reference stays out of it.

    Args:
        workplace: Store, time.
        actor_id: An auditor.
        reference: The force's own reference; in small letters or capitals.
        on: The day.
        zone: The time zone in which the question is asked.

    Raises:
        SettingInvalidError: What was asked for can be nobody's reference, or nobody's day.
        RuleError: The actor is no auditor; the refusal has been logged.
        RecordNotFoundError: There is no such actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        actor = acting(uow, actor_id, ACTION, None, now)
        try:
            require(actor, Role.AUDITOR, ACTION)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, None, now)
            raise
        periods = look_up(uow, actor_id, reference, on, zone, now)
        is_known = bool(periods) or uow.listed.is_known(canonical_reference(reference))
        uow.commit()
    return Listing(periods, is_known)


def look_up(
    uow: UnitOfWork, actor_id: str, reference: str, on: date, zone: tzinfo, now: datetime
) -> tuple[ListedPeriod, ...]:
    """Return the periods of a reference that touch a local day, and log the look; caller commits.

    Args:
        uow: An open unit of work.
        actor_id: Somebody who may ask.
        reference: The force's own reference.
        on: The day.
        zone: The time zone in which the question is asked.
        now: Aware UTC.

    Raises:
        SettingInvalidError: What was asked for can be nobody's reference, or nobody's day.
    """
    asked = canonical_reference(reference)
    if not is_reference(asked):  # "not listed" would be an answer to another question
        msg = f"a reference has 1 to {MAX_LENGTH} printable characters"
        raise SettingInvalidError(msg, setting="reference")
    if on > now.astimezone(zone).date():  # who is listed today may not be by then
        msg = f"{on.isoformat()} has not come; expected today or an earlier day"
        raise SettingInvalidError(msg, setting="on")
    if on.year not in YEARS:
        msg = f"expected a day from {YEARS.start} on, found {on.isoformat()}"
        raise SettingInvalidError(msg, setting="on")
    found = uow.listed.was_listed(asked, on, zone)
    details: dict[str, JsonValue] = {"on": on.isoformat(), "n_found": len(found)}
    uow.audit.append(AuditEvent(EventKind.LISTING_LOOKED_UP, now, actor_id, None, details))
    return found
