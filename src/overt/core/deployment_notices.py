"""Steps that tell people: the public notice, signs put up and taken down (R-60 to R-62)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.deployment import Change, DeploymentKind
from overt.core.deployment_steps import require_kind, require_state, settled
from overt.core.notice import PublicNotice
from overt.core.notice_plan import require_plan
from overt.core.roles import Role, require_any, require_reason
from overt.errors import NoticeInvalidError, WrongStateError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.core.notice import NoticePlacement, PlannedSign
    from overt.core.policy import Policy
    from overt.core.roles import Actor

_ANNOUNCERS = frozenset({Role.APPLICANT, Role.AUTHORISING_OFFICER})
_PLANNERS = frozenset({Role.APPLICANT, Role.SYSTEM_ENGINEER, Role.EVALUATOR})
_PLACERS = frozenset(
    {Role.APPLICANT, Role.OPERATOR, Role.ENGAGEMENT_OFFICER, Role.SYSTEM_ENGINEER, Role.EVALUATOR}
)


def announce(deployment: Deployment, actor: Actor, now: datetime, *, where: str) -> Change:
    """Return the deployment with its public notice given (R-60).

    Args:
        deployment: Authorised, operational.
        actor: An applicant or authorising officer.
        now: Aware UTC.
        where: Address or publication.

    Raises:
        WrongKindError: It is a rehearsal.
        WrongStateError: It is not authorised, or has been announced.
        RoleForbiddenError: The actor may not announce it.
        ReasonMissingError: The place is blank.
    """
    require_kind(deployment, DeploymentKind.OPERATIONAL, "give public notice")
    require_state(deployment, "announce")
    require_any(actor, _ANNOUNCERS, "give public notice")
    if deployment.public_notice is not None:
        msg = "public notice was given before; the first one counts"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    where = require_reason(where, "say where public notice is given")
    notice = PublicNotice(now, actor.actor_id, where)
    after = replace(deployment, public_notice=notice)
    return Change(after, EventKind.PUBLIC_NOTICE_GIVEN, {"where": where})


def plan_signs(
    deployment: Deployment,
    actor: Actor,
    signs: tuple[PlannedSign, ...],
    policy: Policy,
    *,
    reason: str,
) -> Change:
    """Return the deployment with a plan of where its signs shall stand (R-61).

    It takes the place of an earlier one. Each position has to be filled before the cameras run.

    Args:
        deployment: Authorised, not live.
        actor: An applicant, system engineer or evaluator.
        signs: The whole plan.
        policy: How many signs a site needs, how far out, how far from one another.
        reason: Why there; or why no longer where an earlier plan had them.

    Raises:
        WrongStateError: It is not authorised, or live or over.
        RoleForbiddenError: The actor may not plan signs.
        ReasonMissingError: There is no reason.
        NoticeInvalidError: The plan is less than the policy asks for, or contradicts itself.
    """
    require_state(deployment, "plan_signs")
    require_any(actor, _PLANNERS, "plan signs")
    reason = require_reason(reason, "plan signs")
    require_plan(deployment, signs, policy)
    places = tuple(_place(sign) for sign in signs)
    details: dict[str, JsonValue] = {
        "n_signs": len(signs),
        "plan_sha256": hashlib.sha256("\n".join(places).encode()).hexdigest(),
        "places": places,
        "reason": reason,
    }
    after = settled(replace(deployment, sign_plan=signs), policy)
    return Change(after, EventKind.SIGNS_PLANNED, details)


def place_notice(
    deployment: Deployment, actor: Actor, notice: NoticePlacement, policy: Policy, now: datetime
) -> Change:
    """Return the deployment with one more sign logged (R-61, R-62).

    Args:
        deployment: Authorised; may be live.
        actor: Whoever put it up.
        notice: Where, when, how far out, with its photograph's digest.
        policy: Decides the state that is reached.
        now: Aware UTC.

    Raises:
        WrongStateError: It is not authorised, or the notice's id is taken.
        RoleForbiddenError: The actor may not place notices.
        NoticeInvalidError: The time lies ahead, or the site is none of the application's.
    """
    require_state(deployment, "place_notice")
    require_any(actor, _PLACERS, "place a notice")
    if any(other.notice_id == notice.notice_id for other in deployment.notices):
        msg = f"notice {notice.notice_id} is logged already"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    if notice.placed_at > now:
        msg = f"a notice is logged once it stands, found {notice.placed_at.isoformat()}"
        raise NoticeInvalidError(msg)
    if deployment.application and deployment.application.site(notice.site_id) is None:
        msg = f"expected a site of the application, found {notice.site_id!r}"
        raise NoticeInvalidError(msg)
    notice = replace(notice, placed_by=actor.actor_id, removed_at=None)
    after = replace(deployment, notices=(*deployment.notices, notice))
    details: dict[str, JsonValue] = {
        "notice_id": notice.notice_id,
        "site_id": notice.site_id,
        "placed_at": notice.placed_at.isoformat(),
        "latitude_deg": notice.latitude_deg,
        "longitude_deg": notice.longitude_deg,
        "distance_m": notice.distance_m,
        "photo_sha256": notice.photo_sha256,
    }
    return Change(settled(after, policy), EventKind.NOTICE_PLACED, details)


def remove_notice(
    deployment: Deployment, actor: Actor, notice_id: str, policy: Policy, now: datetime
) -> Change:
    """Return the deployment with a sign logged as taken down or gone (R-62).

    Args:
        deployment: With that sign.
        actor: Whoever took it down or missed it.
        notice_id: Which sign.
        policy: Decides the state that is left.
        now: Aware UTC.

    Raises:
        WrongStateError: No sign of that id stands.
        RoleForbiddenError: The actor may not log notices.
    """
    require_state(deployment, "remove_notice")
    require_any(actor, _PLACERS, "remove a notice")
    gone = {n.notice_id: n for n in deployment.notices if n.removed_at is None}.get(notice_id)
    if gone is None:
        msg = f"expected a notice that stands, found none called {notice_id}"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    notices = tuple(replace(n, removed_at=now) if n is gone else n for n in deployment.notices)
    after = settled(replace(deployment, notices=notices), policy)
    details: dict[str, JsonValue] = {"notice_id": notice_id, "site_id": gone.site_id}
    return Change(after, EventKind.NOTICE_REMOVED, details)


def _place(sign: PlannedSign) -> str:
    return f"{sign.plan_id} {sign.site_id} {sign.position.text()} {sign.distance_m:g} m"
