"""Compose a watchlist: rows and photographs in, entries that wait for a second person out.

Every row is looked at, every reason against it is named, and nothing is stored before all
are known: the whole list comes in with one commit, or nothing of it does (R-10 to R-18).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment_watchlist import WatchlistBuild, watchlist_built
from overt.core.template_bytes import template_bytes
from overt.core.watchlist import ListKind, Urgency, WatchlistEntry
from overt.errors import (
    NothingEnrolledError,
    PackNotOperationalError,
    RuleError,
    WatchlistTooLargeError,
)
from overt.services.judge_rows import counted, judge_faces, judge_photographs, judge_words
from overt.services.take_off_list import RemovalReason, take_off
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from overt.core.deployment import Change, Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.enrol_portraits import Enroller
    from overt.services.judge_rows import JudgedRow, OfferedRow, RefusedRow
    from overt.services.workplace import Workplace

ACTION = "compose a watchlist"
IMAGE, TEMPLATE = "image", "template"
"""Kinds of the secrets that belong to an entry."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What came of a list.

    Attributes:
        deployment: With the status of its new watchlist.
        n_entries: Entries that wait for approval.
        refused: Rows that were refused, in order.
        n_replaced: Entries of an earlier build that were taken off.
    """

    deployment: Deployment
    n_entries: int
    refused: tuple[RefusedRow, ...]
    n_replaced: int


@dataclass(frozen=True, slots=True)
class ComposeProgress:
    """Who follows a composition.

    Attributes:
        on_total: Called with the number of rows.
        on_row: Called after each row, for a progress bar.
        on_refused: Called with each refused row, before anything is stored.
    """

    on_total: Callable[[int], None] = lambda _: None
    on_row: Callable[[], None] = lambda: None
    on_refused: Callable[[RefusedRow], None] = lambda _: None


def compose_watchlist(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    offers: Iterable[OfferedRow],
    enroller: Enroller,
    progress: ComposeProgress | None = None,
) -> Composition:
    """Return the deployment with a watchlist that a second person has to approve.

    An earlier build is replaced: its faces are deleted with the same commit.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An applicant who has no part in the authority.
        deployment_id: Authorised, not live.
        offers: Rows; no photograph is read before all rows were.
        enroller: Model pack, its limits, and how a portrait is kept.
        progress: Who wants to follow.

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        WatchlistTooLargeError: There are more rows than any list may have; this is logged too.
        NothingEnrolledError: Every row was refused; nothing is stored.
        RecordNotFoundError: There is no such deployment or actor.
        ModelRunError: The inference run time failed; nothing is stored.
    """
    progress = progress or ComposeProgress()
    deployment, policy = _allowed(workplace, actor_id, deployment_id, enroller)
    try:
        rows = counted(offers, policy)
    except WatchlistTooLargeError as error:
        with workplace.open() as uow:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, workplace.clock.now())
        raise
    progress.on_total(len(rows))
    judge_words(rows, deployment, policy, _officers(workplace), workplace.clock.now())
    judge_photographs(rows, enroller, progress.on_row)
    judge_faces(rows, policy.threshold.same_face[enroller.pack_name])
    refused = tuple(row.refused() for row in rows if row.reasons)
    for one in refused:
        progress.on_refused(one)
    accepted = [row for row in rows if not row.reasons]
    if not accepted:
        msg, counts = _why_nothing(refused)
        raise NothingEnrolledError(msg, **counts)
    return _stored(workplace, actor_id, deployment_id, accepted, refused, enroller)


def _allowed(
    workplace: Workplace, actor_id: str, deployment_id: str, enroller: Enroller
) -> tuple[Deployment, Policy]:
    """Return deployment and policy, if a list may be composed at all; else log and raise."""
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        try:
            _decide(deployment, actor, policy, now, n_entries=0, n_refused=0)
            require_known_pack(enroller, policy)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise
    return deployment, policy


def require_known_pack(enroller: Enroller, policy: Policy) -> None:
    """Let pass only a pack for which the policy says when two faces are one.

    Args:
        enroller: With the pack's name.
        policy: With thresholds by pack.

    Raises:
        PackNotOperationalError: The policy does not know the pack.
    """
    known = policy.threshold.same_face
    if enroller.pack_name not in known:
        names = ", ".join(sorted(known))
        msg = f"expected a model pack that the policy knows ({names}), found {enroller.pack_name}"
        raise PackNotOperationalError(msg, pack=enroller.pack_name)


def _decide(
    deployment: Deployment,
    actor: Actor,
    policy: Policy,
    now: datetime,
    *,
    n_entries: int,
    n_refused: int,
) -> Change:
    build = WatchlistBuild(ListKind.OPERATIONAL, n_entries, n_entries, n_refused)
    return watchlist_built(deployment, actor, build, policy, now)


def _officers(workplace: Workplace) -> dict[str, Actor]:
    with workplace.open() as uow:
        return {actor.actor_id: actor for actor in uow.actors.list()}


def _why_nothing(refused: Sequence[RefusedRow]) -> tuple[str, dict[str, int]]:
    counts = Counter(reason.value for one in refused for reason in one.reasons)
    words = ", ".join(f"{reason} {n}" for reason, n in sorted(counts.items())) or "no rows"
    return f"none of {len(refused)} rows can be listed: {words}", dict(counts)


def _stored(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    accepted: Sequence[JudgedRow],
    refused: tuple[RefusedRow, ...],
    enroller: Enroller,
) -> Composition:
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        numbers = {"n_entries": len(accepted), "n_refused": len(refused)}
        try:
            change = _decide(deployment, actor, policy, now, **numbers)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise
        n_replaced = _replace_earlier(uow, deployment_id, now)
        uow.entries.add_many(
            [_entry(workplace, uow, row, deployment, actor, enroller, now) for row in accepted]
        )
        details = {**change.details, "n_replaced": n_replaced}
        saved = record(uow, replace(change, details=details), actor_id, now)
        for one in refused:
            details = {"row": one.row, "reason_codes": [reason.value for reason in one.reasons]}
            event = AuditEvent(EventKind.ENTRY_REFUSED, now, actor_id, deployment_id, details)
            uow.audit.append(event)
        uow.commit()
    return Composition(saved, len(accepted), refused, n_replaced)


def _replace_earlier(uow: UnitOfWork, deployment_id: str, now: datetime) -> int:
    earlier = uow.entries.of_deployment(
        deployment_id, list_kind=ListKind.OPERATIONAL, statuses=("composed", "approved")
    )
    for entry in earlier:
        take_off(uow, entry, now, RemovalReason.REPLACED)
    return len(earlier)


def _entry(
    workplace: Workplace,
    uow: UnitOfWork,
    row: JudgedRow,
    deployment: Deployment,
    actor: Actor,
    enroller: Enroller,
    now: datetime,
) -> WatchlistEntry:
    said, portrait = row.offer.entry, row.portrait
    assert portrait is not None and said.image_date is not None  # noqa: S101, PT018  accepted
    entry_id, deployment_id = workplace.ids.new("entry"), deployment.deployment_id
    vector = template_bytes(portrait.vector, enroller.models.embedder.pack_digest)
    return WatchlistEntry(
        entry_id=entry_id,
        deployment_id=deployment_id,
        list_kind=ListKind.OPERATIONAL,
        reference=said.reference,
        category=said.category,
        justification=said.justification,
        image_source=said.image_source,
        image_date=said.image_date,
        urgency=Urgency(said.urgency),
        is_under_18=said.is_under_18,
        composed_by=actor.actor_id,
        composed_at=now,
        under_18_exception=said.under_18_exception if said.is_under_18 else None,
        expires_at=said.expires_at,
        image_secret_id=uow.secrets.put(deployment_id, IMAGE, entry_id, portrait.picture),
        template_secret_id=uow.secrets.put(deployment_id, TEMPLATE, entry_id, vector),
    )
