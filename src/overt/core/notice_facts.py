"""What a deployment's own record says to those who pass by (R-57, R-60, R-61, R-63)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_steps import PREPARING, RUNNING
from overt.errors import NoticeInvalidError, WrongStateError

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from overt.core.authority import Application, Window
    from overt.core.deployment import Deployment
    from overt.core.policy import Policy

_S = DeploymentState
ANNOUNCED = PREPARING | RUNNING | {_S.ENDED, _S.PURGED, _S.PUBLISHED}
"""States in which notices may be made: authorised or later, and not called off."""

_RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class SiteTimes:
    """A place, and when cameras run there.

    Attributes:
        place: For the public, as it was applied for.
        time_zone: IANA name in which the times are told.
        windows: In order; empty where only the end is known.
        until: End of a rehearsal, aware UTC; None where there are windows.
    """

    place: str
    time_zone: str
    windows: tuple[Window, ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a notice tells; every field comes from the deployment or its policy.

    Attributes:
        deployment_id: Which deployment.
        policy_hash: The policy that it runs under.
        is_rehearsal: Whether only volunteers are on the list.
        sites: Where and when.
        reasons: Why there, by the policy's codes; each once.
        aim: Legitimate aim in the application's own words; blank for a rehearsal.
        categories: Who is on the list, by the policy's codes; empty for a rehearsal.
        n_listed: People on the list, or at most that many.
        is_counted: Whether the list has been approved, so that the number is exact.
        nonmatch: Until face data without an alert is erased.
        alert: Until everything about an alert is deleted.
        watchlist: From the end to the deletion of the list.
        footage: How long video is kept, or None where none is recorded.
        is_demonstration: Whether a demonstration made all of it.
    """

    deployment_id: str
    policy_hash: str
    is_rehearsal: bool
    sites: tuple[SiteTimes, ...]
    reasons: tuple[str, ...]
    aim: str
    categories: tuple[str, ...]
    n_listed: int
    is_counted: bool
    nonmatch: timedelta
    alert: timedelta
    watchlist: timedelta
    footage: timedelta | None
    is_demonstration: bool = False


def notice_facts(
    deployment: Deployment, policy: Policy, *, time_zone: str, site_id: str | None = None
) -> NoticeFacts:
    """Return what the notices of a deployment tell.

    Args:
        deployment: Authorised, and not called off.
        policy: The one that it runs under.
        time_zone: IANA name for the end of a rehearsal, which has no sites.
        site_id: Only this site, or None for all of them.

    Raises:
        WrongStateError: It is not authorised yet, or was refused or cancelled.
        NoticeInvalidError: The site is none of the application's.
    """
    if deployment.state not in ANNOUNCED:
        msg = "notices are made of a deployment that is authorised and not called off"
        msg = f"{msg}; this one is {deployment.state}"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id, state=deployment.state)
    application, watchlist = deployment.application, deployment.watchlist
    is_counted = watchlist is not None and watchlist.approved_by is not None
    asked_for = application.size_cap if application else 0
    consented = deployment.consent.n_volunteers if deployment.consent else asked_for
    rules = policy.retention
    return NoticeFacts(
        deployment_id=deployment.deployment_id,
        policy_hash=deployment.policy_hash,
        is_rehearsal=deployment.kind is DeploymentKind.REHEARSAL,
        sites=_sites(deployment, site_id, time_zone),
        reasons=_reasons(application, site_id),
        aim=application.aim if application else "",
        categories=application.categories if application else (),
        n_listed=watchlist.n_entries if watchlist and is_counted else consented,
        is_counted=is_counted,
        nonmatch=rules.nonmatch,
        alert=rules.alert,
        watchlist=min(rules.watchlist, rules.alert),
        footage=rules.footage if rules.footage_recording == _RECORDED else None,
    )


def _sites(deployment: Deployment, site_id: str | None, time_zone: str) -> tuple[SiteTimes, ...]:
    if deployment.application is None:
        until = deployment.consent.valid_until if deployment.consent else None
        return (SiteTimes(deployment.name, time_zone, (), until),)
    if site_id is not None and deployment.application.site(site_id) is None:
        msg = f"expected a site of the application, found {site_id!r}"
        raise NoticeInvalidError(msg)
    return tuple(
        SiteTimes(site.place, site.time_zone, tuple(sorted(site.windows)))
        for site in deployment.application.sites
        if site_id in {None, site.site_id}
    )


def _reasons(application: Application | None, site_id: str | None) -> tuple[str, ...]:
    sites = application.sites if application else ()
    codes = [site.reason_code for site in sites if site_id in {None, site.site_id}]
    return tuple(dict.fromkeys(codes))
