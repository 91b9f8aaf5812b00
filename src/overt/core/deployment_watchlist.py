"""Steps of the watchlist: built, approved by a second person, checked for freshness."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.deployment import Change, DeploymentKind, WatchlistStatus
from overt.core.deployment_steps import require_state, settled
from overt.core.roles import Role, require_any, require_other_person
from overt.core.watchlist_gates import list_kind_of
from overt.errors import WrongKindError, WrongStateError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.core.watchlist import ListKind

_APPROVERS = frozenset({Role.APPLICANT, Role.AUTHORISING_OFFICER})
_CHECKERS = frozenset({Role.APPLICANT, Role.OPERATOR, Role.SYSTEM_ENGINEER})


@dataclass(frozen=True, slots=True)
class WatchlistBuild:
    """What composing a watchlist gave.

    Attributes:
        list_kind: Which list was built; a rehearsal never has an operational one (R-22).
        n_entries: People listed.
        n_templates: Templates made.
        n_refused: Rows that were refused (R-15).
    """

    list_kind: ListKind
    n_entries: int
    n_templates: int
    n_refused: int


def watchlist_built(
    deployment: Deployment, actor: Actor, build: WatchlistBuild, policy: Policy, now: datetime
) -> Change:
    """Return the deployment with a watchlist that waits for approval (R-12, R-13).

    A later build replaces an earlier one and has to be approved and checked again.

    Args:
        deployment: Authorised; suspended for a new day.
        actor: An applicant who is not the authorising officer of this deployment; in a
            rehearsal also an evaluator.
        build: What was built.
        policy: Decides the state that is reached.
        now: Aware UTC.

    Raises:
        WrongStateError: There is no authority yet, or it is over.
        WrongKindError: The list is not of the kind of the deployment.
        RoleForbiddenError: The actor may not compose a watchlist.
        SeparationOfDutiesError: The actor granted or ratified the authority.
    """
    require_state(deployment, "watchlist_built")
    is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
    may = {Role.APPLICANT, Role.EVALUATOR} if is_rehearsal else {Role.APPLICANT}
    require_any(actor, frozenset(may), "compose a watchlist")
    require_other_person(actor, _granting(deployment), "compose the watchlist")
    if build.list_kind is not list_kind_of(deployment.kind):
        msg = f"a deployment of kind {deployment.kind} cannot search the {build.list_kind} list"
        raise WrongKindError(msg, deployment_id=deployment.deployment_id)
    version = deployment.watchlist.version + 1 if deployment.watchlist else 1
    watchlist = WatchlistStatus(
        list_kind=build.list_kind,
        version=version,
        built_at=now,
        built_by=actor.actor_id,
        n_entries=build.n_entries,
        n_templates=build.n_templates,
    )
    after = settled(replace(deployment, watchlist=watchlist), policy)
    details: dict[str, JsonValue] = {"watchlist_version": version, **asdict(build)}
    return Change(after, EventKind.WATCHLIST_COMPOSED, details)


def approve_watchlist(
    deployment: Deployment, actor: Actor, policy: Policy, now: datetime
) -> Change:
    """Return the deployment with its watchlist approved by a second person (R-16).

    Args:
        deployment: With a watchlist.
        actor: An applicant or authorising officer who did not compose it; in a rehearsal
            also an evaluator.
        policy: Decides the state that is reached.
        now: Aware UTC.

    Raises:
        WrongStateError: There is no watchlist to approve.
        RoleForbiddenError: The actor may not approve a watchlist.
        SeparationOfDutiesError: The actor composed it.
    """
    watchlist = _watchlist(deployment, "approve_watchlist")
    is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
    may = _APPROVERS | {Role.EVALUATOR} if is_rehearsal else _APPROVERS
    require_any(actor, may, "approve a watchlist")
    require_other_person(actor, {"composed the watchlist": watchlist.built_by}, "approve it")
    if watchlist.approved_by is not None:
        msg = f"version {watchlist.version} of the watchlist is already approved"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    watchlist = replace(watchlist, approved_at=now, approved_by=actor.actor_id)
    after = settled(replace(deployment, watchlist=watchlist), policy)
    details: dict[str, JsonValue] = {
        "watchlist_version": watchlist.version,
        "n_entries": watchlist.n_entries,
    }
    return Change(after, EventKind.WATCHLIST_APPROVED, details)


def check_freshness(
    deployment: Deployment,
    actor: Actor | None,
    now: datetime,
    *,
    feed_sha256: str,
    n_rows: int,
    n_removed: int,
) -> Change:
    """Return the deployment after a check against the "no longer wanted" feed (R-14).

    Args:
        deployment: With a watchlist; may be live.
        actor: An applicant, operator or engineer; None where the software saw a new feed.
        now: Aware UTC.
        feed_sha256: Digest of the feed.
        n_rows: Its rows.
        n_removed: Entries with one template each that left the list for it.

    Raises:
        WrongStateError: There is no watchlist.
        RoleForbiddenError: The actor may not check the watchlist.
    """
    watchlist = _watchlist(deployment, "check_freshness")
    if actor is not None:
        require_any(actor, _CHECKERS, "check the watchlist against the feed")
    watchlist = replace(
        watchlist,
        n_entries=watchlist.n_entries - n_removed,
        n_templates=watchlist.n_templates - n_removed,
        freshness_checked_at=now,
        freshness_feed_sha256=feed_sha256,
    )
    details: dict[str, JsonValue] = {
        "feed_sha256": feed_sha256,
        "n_rows": n_rows,
        "n_removed": n_removed,
    }
    after = replace(deployment, watchlist=watchlist)
    return Change(after, EventKind.NO_LONGER_WANTED_FEED_READ, details)


def _granting(deployment: Deployment) -> dict[str, str | None]:
    authority = deployment.authority
    if authority is None:
        return {}
    return {
        "granted the authority": authority.granted_by,
        "ratified it": authority.ratified_by,
    }


def _watchlist(deployment: Deployment, step: str) -> WatchlistStatus:
    require_state(deployment, step)
    if deployment.watchlist is None:
        msg = f"to {step.replace('_', ' ')}, expected a watchlist; none has been built"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    return deployment.watchlist
