"""Compose a watchlist: rows and photographs in, entries that wait for a second person out.

Every row is looked at, every reason against it is named, and nothing is stored before all
are known: the whole list comes in with one commit, or nothing of it does (R-10 to R-18). Its
faces are stored before, so that this commit is short: see ``list_faces``.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
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
    TrialError,
    WatchlistTooLargeError,
)
from overt.services.judge_rows import counted, judge_faces, judge_photographs, judge_words
from overt.services.list_faces import Face, delete_astray_faces, keep_faces, require_kept
from overt.services.take_off_list import RemovalReason
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from overt.core.deployment import Change, Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.enrol_portraits import Enroller
    from overt.services.judge_rows import JudgedRow, OfferedRow, RefusedRow
    from overt.services.list_faces import KeptFaces
    from overt.services.workplace import Workplace

ACTION = "compose a watchlist"


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

    An earlier build is replaced, and its faces are deleted.

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
        StoreUnavailableError: The store failed; nothing is listed, or, where only faces of the
            earlier build could not be deleted, the next list or the purge does that.
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
    """Store the faces, then the list that names them; delete what no list names."""
    rows = {workplace.ids.new("entry"): row for row in accepted}
    digest = enroller.models.embedder.pack_digest
    faces = {entry_id: _face(row, digest) for entry_id, row in rows.items()}
    delete_astray_faces(workplace.open, deployment_id)
    try:
        kept = keep_faces(workplace.open, deployment_id, faces)
        composition = _listed(workplace, actor_id, deployment_id, rows, refused, kept)
    except BaseException:
        with suppress(TrialError):  # the store itself may have failed: then the next list does it
            delete_astray_faces(workplace.open, deployment_id)
        raise
    delete_astray_faces(workplace.open, deployment_id)
    return composition


def _listed(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    rows: Mapping[str, JudgedRow],
    refused: tuple[RefusedRow, ...],
    kept: KeptFaces,
) -> Composition:
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        numbers = {"n_entries": len(rows), "n_refused": len(refused)}
        try:
            change = _decide(deployment, actor, policy, now, **numbers)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise
        require_kept(uow, deployment_id, kept)
        n_replaced = _replace_earlier(uow, deployment_id, now)
        uow.entries.add_many(
            _entry(entry_id, row, deployment_id, actor_id, now, kept)
            for entry_id, row in rows.items()
        )
        details = {**change.details, "n_replaced": n_replaced}
        saved = record(uow, replace(change, details=details), actor_id, now)
        for one in refused:
            details = {"row": one.row, "reason_codes": [reason.value for reason in one.reasons]}
            event = AuditEvent(EventKind.ENTRY_REFUSED, now, actor_id, deployment_id, details)
            uow.audit.append(event)
        uow.commit()
    return Composition(saved, len(rows), refused, n_replaced)


def _replace_earlier(uow: UnitOfWork, deployment_id: str, now: datetime) -> int:
    """Take the earlier list off; every open period of the deployment is of one of its entries."""
    uow.listed.close(deployment_id, now)
    return uow.entries.take_off_all(
        deployment_id, ListKind.OPERATIONAL, now, reason=RemovalReason.REPLACED
    )


def _face(row: JudgedRow, pack_digest: str) -> Face:
    portrait = row.portrait
    assert portrait is not None  # noqa: S101  accepted
    return Face(portrait.picture, template_bytes(portrait.vector, pack_digest))


def _entry(
    entry_id: str,
    row: JudgedRow,
    deployment_id: str,
    actor_id: str,
    now: datetime,
    kept: KeptFaces,
) -> WatchlistEntry:
    said = row.offer.entry
    assert said.image_date is not None  # noqa: S101  accepted
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
        composed_by=actor_id,
        composed_at=now,
        under_18_exception=said.under_18_exception if said.is_under_18 else None,
        expires_at=said.expires_at,
        image_secret_id=kept.images[entry_id],
        template_secret_id=kept.templates[entry_id],
    )
