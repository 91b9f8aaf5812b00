"""Whether people are told before a camera sees them (R-60, R-61, R-62)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.ground import distance_m
from overt.core.notice_signs import JudgedSign, SignStanding, judged_signs
from overt.core.unmet import Unmet
from overt.errors import NoticeInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from overt.core.authority import Site
    from overt.core.deployment import Deployment
    from overt.core.notice import NoticePlacement, PlannedSign
    from overt.core.policy import Policy

MAX_SIGNS = 100
"""Of one plan."""

_REQUIRED = "required"
_DOUBLE = frozenset({SignStanding.SAME_PHOTOGRAPH, SignStanding.SAME_POSITION})


@dataclass(frozen=True, slots=True)
class PlannedPosition:
    """A planned sign, and what stands there.

    Attributes:
        planned: Where a sign shall stand.
        filled_by: The sign that stands there, or None.
        nearest_m: Metres to the nearest sign that stands, or None where none does.
    """

    planned: PlannedSign
    filled_by: NoticePlacement | None
    nearest_m: float | None


def signs_now(
    deployment: Deployment, site_id: str, policy: Policy, now: datetime
) -> tuple[JudgedSign, ...]:
    """Return the signs of a site that were logged for its window, each with what it is worth.

    Args:
        deployment: With its application and the signs so far.
        site_id: Which site.
        policy: How far out a sign stands, how well a position is known.
        now: Aware UTC; signs of earlier windows are left out.
    """
    site = deployment.application.site(site_id) if deployment.application else None
    since = _end_of_previous_window(site, now) if site else None
    return judged_signs(
        (n for n in _at(deployment, site_id) if since is None or n.placed_at >= since),
        policy.notices,
    )


def plan_positions(
    deployment: Deployment, site_id: str, signs: Sequence[JudgedSign], policy: Policy
) -> tuple[PlannedPosition, ...]:
    """Return the planned positions of a site, each with the sign that fills it.

    Args:
        deployment: With the plan.
        site_id: Which site.
        signs: Those of the site, judged.
        policy: How near to its position a sign has to stand.
    """
    return tuple(
        _position(planned, signs, policy)
        for planned in deployment.sign_plan
        if planned.site_id == site_id
    )


def unmet_notices(
    deployment: Deployment, site_id: str, policy: Policy, now: datetime
) -> Iterator[Unmet]:
    """Yield what is missing of the signs at a site; nothing if the plan is met.

    A sign counts for one window: it is logged again after the site's previous window.

    Args:
        deployment: With its application and the signs so far.
        site_id: Which site.
        policy: How many signs, how far out.
        now: Aware UTC.
    """
    signs = signs_now(deployment, site_id, policy, now)
    yield from _unmet_of_judged(signs, policy, f" at site {site_id}")
    yield from _unmet_plan(deployment, site_id, signs, policy)


def unmet_signs(
    notices: Sequence[NoticePlacement], policy: Policy, where: str = ""
) -> Iterator[Unmet]:
    """Yield what is missing of some signs: their logging (R-62) or their distance (R-61).

    Args:
        notices: Signs at one place; those taken down do not count, and doubles count once.
        policy: How many signs, how far out.
        where: Follows the condition's words.
    """
    yield from _unmet_of_judged(judged_signs(notices, policy.notices), policy, where)


def unmet_positions(
    deployment: Deployment, site_id: str, notices: Sequence[NoticePlacement], policy: Policy
) -> Iterator[Unmet]:
    """Yield every planned position of a site that no sign fills (R-61).

    Args:
        deployment: With the plan.
        site_id: Which site.
        notices: Signs that count there; those taken down do not.
        policy: Whether there must be a plan, how far out, how near to its position.
    """
    yield from _unmet_plan(deployment, site_id, judged_signs(notices, policy.notices), policy)


def _unmet_of_judged(signs: Sequence[JudgedSign], policy: Policy, where: str) -> Iterator[Unmet]:
    least, metres = policy.notices.min_signs, policy.notices.sign_distance_m
    n_far = sum(sign.counts for sign in signs)
    n_near = sum(sign.standing is SignStanding.TOO_NEAR for sign in signs)
    n_double = sum(sign.standing in _DOUBLE for sign in signs)
    double = f", and {n_double} with the photograph or at the position of another"
    if n_far + n_near < least:
        found = f"{n_far + n_near}{double if n_double else ''}"
        yield Unmet("R-62", f"at least {least} signs logged{where}", found)
    elif n_far < least:
        condition = f"at least {least} signs {metres:g} m or more before the zone{where}"
        yield Unmet("R-61", condition, f"{n_far} of {n_far + n_near}")


def _unmet_plan(
    deployment: Deployment, site_id: str, signs: Sequence[JudgedSign], policy: Policy
) -> Iterator[Unmet]:
    positions = plan_positions(deployment, site_id, signs, policy)
    if not positions and policy.notices.sign_plan == _REQUIRED:
        yield Unmet("R-61", f"a plan of the signs at site {site_id}", "none")
    for position in positions:
        if position.filled_by is None:
            sign, tolerance = position.planned, policy.notices.sign_tolerance_m
            condition = f"a sign within {tolerance:g} m of {sign.plan_id} at site {site_id}"
            condition = f"{condition}, {sign.position.text()}"
            away = position.nearest_m
            found = "none" if away is None else f"the nearest one is {away:.0f} m away"
            yield Unmet("R-61", condition, found)


def require_plan(deployment: Deployment, signs: Sequence[PlannedSign], policy: Policy) -> None:
    """Let pass only a plan that, once it is filled, is enough (R-61).

    Args:
        deployment: With its sites.
        signs: The whole plan.
        policy: How many signs a site needs, how far out, how far from one another.

    Raises:
        NoticeInvalidError: It is empty or too long, a name comes twice, a site is none of the
            application's or has too few signs, or one stands too near to the zone or to
            another: one sign would fill two positions.
    """
    if not 1 <= len(signs) <= MAX_SIGNS:
        msg = f"a plan has 1 to {MAX_SIGNS} signs, found {len(signs)}"
        raise NoticeInvalidError(msg)
    if len({sign.plan_id for sign in signs}) < len(signs):
        msg = "each planned sign has a name of its own; one comes twice"
        raise NoticeInvalidError(msg)
    for site_id in dict.fromkeys(sign.site_id for sign in signs):
        if deployment.application and deployment.application.site(site_id) is None:
            msg = f"expected a site of the application, found {site_id!r}"
            raise NoticeInvalidError(msg)
        _require_enough(site_id, [sign for sign in signs if sign.site_id == site_id], policy)


def _require_enough(site_id: str, signs: Sequence[PlannedSign], policy: Policy) -> None:
    rules = policy.notices
    if len(signs) < rules.min_signs:
        msg = f"site {site_id} needs {rules.min_signs} planned signs or more, found {len(signs)}"
        raise NoticeInvalidError(msg)
    for sign in signs:
        if sign.distance_m < rules.sign_distance_m:
            msg = f"{sign.plan_id}: a sign stands {rules.sign_distance_m:g} m or more before the"
            msg = f"{msg} zone, found {sign.distance_m:g}"
            raise NoticeInvalidError(msg)
    apart = 2 * rules.sign_tolerance_m
    for one, other in itertools.combinations(signs, 2):
        if distance_m(one.position, other.position) <= apart:
            msg = f"{one.plan_id} and {other.plan_id} must be more than {apart:g} m apart"
            raise NoticeInvalidError(msg)


def is_plan_met(deployment: Deployment, policy: Policy) -> bool:
    """Return whether some site with a plan has a sign at each planned position, or there is none.

    Args:
        deployment: With its plan and the signs so far.
        policy: How far out, how near to its position.
    """
    site_ids = {sign.site_id for sign in deployment.sign_plan}
    return not site_ids or any(
        not any(unmet_positions(deployment, site_id, _at(deployment, site_id), policy))
        for site_id in site_ids
    )


def _at(deployment: Deployment, site_id: str) -> tuple[NoticePlacement, ...]:
    return tuple(notice for notice in deployment.notices if notice.site_id == site_id)


def _position(planned: PlannedSign, signs: Sequence[JudgedSign], policy: Policy) -> PlannedPosition:
    standing = [sign for sign in signs if sign.standing is not SignStanding.GONE]
    away = {id(sign): distance_m(sign.notice.position, planned.position) for sign in standing}
    tolerance = policy.notices.sign_tolerance_m
    filling = (sign.notice for sign in standing if sign.may_fill and away[id(sign)] <= tolerance)
    return PlannedPosition(planned, next(filling, None), min(away.values(), default=None))


def unmet_public_notice(
    deployment: Deployment, site_id: str, policy: Policy, now: datetime
) -> Iterator[Unmet]:
    """Yield what is missing of the advance notice; nothing if given in time or excepted.

    Args:
        deployment: With its application and public notice.
        site_id: Which site.
        policy: How long in advance.
        now: Aware UTC.
    """
    application, notice = deployment.application, deployment.public_notice
    if application is None or application.no_public_notice_code is not None:
        return
    if notice is None:
        yield Unmet("R-60", "a public notice in advance", "none")
        return
    site = application.site(site_id)
    window = site.open_window(now) if site else None
    if window and window.starts_at - notice.announced_at < policy.notices.advance_notice:
        condition = f"a public notice {policy.notices.advance_notice} before the window"
        yield Unmet("R-60", condition, f"{window.starts_at - notice.announced_at} before")


def _end_of_previous_window(site: Site, now: datetime) -> datetime | None:
    ended = [window.ends_at for window in site.windows if window.ends_at <= now]
    return max(ended, default=None)
