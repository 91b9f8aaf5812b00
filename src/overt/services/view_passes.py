"""Look at a deployment's volunteers and their walks, with the running true recognition rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.roles import Role, require
from overt.core.watchlist import ListKind
from overt.errors import RuleError
from overt.evaluation.deployment_count import count_passes
from overt.evaluation.rates import Rate, true_recognition_rate
from overt.services.take_step import acting, log_refusal
from overt.services.view_watchlist import view_watchlist

if TYPE_CHECKING:
    from overt.core.audit import AuditEvent
    from overt.core.blue_list import BluePass, Volunteer
    from overt.core.deployment import Deployment
    from overt.core.watchlist import WatchlistEntry
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

ACTION = "see volunteers and their walks"
_KINDS = frozenset(
    {EventKind.VOLUNTEER_CONSENTED, EventKind.BLUE_PASS_LOGGED, EventKind.ALERT_RAISED}
)
_READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class VolunteerView:
    """A volunteer as an evaluator sees them; never a name.

    Attributes:
        volunteer: With the record of consent.
        entry: Their entry on the blue list.
        walking: The walk that they are on, or None.
        n_walked: Walks that have ended.
    """

    volunteer: Volunteer
    entry: WatchlistEntry
    walking: BluePass | None
    n_walked: int

    @property
    def has_withdrawn(self) -> bool:
        """Return whether they no longer take part."""
        return self.volunteer.withdrawn_at is not None


@dataclass(frozen=True, slots=True)
class BlueView:
    """The blue list of a deployment, with nothing about anybody who is sought (R-22).

    Attributes:
        deployment: As it stands.
        volunteers: Those who walk first, then by reference.
        passes: Walks, the latest first; open ones too.
        recognised: Identifiers of the walks that raised an alert about the right volunteer.
        rate: True recognition rate so far, per recognition opportunity; from the log.
        camera_ids: Cameras past which may be walked; for a rehearsal those known so far.
    """

    deployment: Deployment
    volunteers: tuple[VolunteerView, ...]
    passes: tuple[BluePass, ...]
    recognised: frozenset[str]
    rate: Rate
    camera_ids: tuple[str, ...]


def view_passes(
    workplace: Workplace, reading: UnitOfWorkFactory, actor_id: str, deployment_id: str
) -> BlueView:
    """Return volunteers, walks and the rate; that the list was seen is logged.

    Args:
        workplace: Store, time.
        reading: Opens a unit of work that only looks.
        actor_id: An evaluator.
        deployment_id: Which deployment.

    Raises:
        RoleForbiddenError: The actor is no evaluator; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    _require_evaluator(workplace, actor_id, deployment_id)
    entries = view_watchlist(workplace, actor_id, deployment_id, ListKind.BLUE)
    with reading() as uow:
        deployment = uow.deployments.get(deployment_id)
        passes = uow.passes.of_deployment(deployment_id)
        volunteers = uow.passes.volunteers(deployment_id)
        counts, recognised = count_passes(_blue_events(uow, deployment_id))
        camera_ids = _camera_ids(uow, deployment, passes)
    by_id = {entry.entry_id: entry for entry in entries}
    seen = (_seen(one, by_id[one.entry_id], passes) for one in volunteers if one.entry_id in by_id)
    return BlueView(
        deployment=deployment,
        volunteers=tuple(sorted(seen, key=_order)),
        passes=passes[::-1],
        recognised=recognised,
        rate=true_recognition_rate(
            recognised=counts.recognised, recognition_opportunities=counts.passes
        ),
        camera_ids=camera_ids,
    )


def _require_evaluator(workplace: Workplace, actor_id: str, deployment_id: str) -> None:
    now = workplace.clock.now()
    with workplace.open() as uow:
        uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        try:
            require(actor, Role.EVALUATOR, ACTION)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise


def _blue_events(uow: UnitOfWork, deployment_id: str) -> list[AuditEvent]:
    """Return what the rate is counted from: rows of alerts may be erased, the log stays."""
    wanted = AuditSearch(kinds=_KINDS, deployment_id=deployment_id)
    events: list[AuditEvent] = []
    after = -1
    while found := uow.audit.search(wanted, after=after, limit=_READ_AT_ONCE):
        events += [logged.event for logged in reversed(found)]
        after = found[0].seq
    return events


def _camera_ids(
    uow: UnitOfWork, deployment: Deployment, passes: tuple[BluePass, ...]
) -> tuple[str, ...]:
    if deployment.application is not None:
        sites = deployment.application.sites
        return tuple(camera.camera_id for site in sites for camera in site.cameras)
    counted = {minute.camera_id for minute in uow.counts.minutes(deployment.deployment_id)}
    return tuple(sorted(counted | {blue_pass.camera_id for blue_pass in passes}))


def _seen(
    volunteer: Volunteer, entry: WatchlistEntry, passes: tuple[BluePass, ...]
) -> VolunteerView:
    own = [p for p in passes if p.volunteer_id == volunteer.volunteer_id]
    walking = next((p for p in own if p.stopped_at is None), None)
    return VolunteerView(volunteer, entry, walking, sum(p.stopped_at is not None for p in own))


def _order(seen: VolunteerView) -> tuple[bool, bool, str]:
    return seen.has_withdrawn, seen.walking is None, seen.entry.reference
