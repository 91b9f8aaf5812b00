"""Whether people are told before a camera sees them (R-60, R-61, R-62)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.unmet import Unmet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from overt.core.authority import Site
    from overt.core.deployment import Deployment
    from overt.core.notice import NoticePlacement
    from overt.core.policy import Policy


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
    site = deployment.application.site(site_id) if deployment.application else None
    since = _end_of_previous_window(site, now) if site else None
    here = [
        notice
        for notice in deployment.notices
        if notice.site_id == site_id and (since is None or notice.placed_at >= since)
    ]
    yield from unmet_signs(here, policy, f" at site {site_id}")


def unmet_signs(
    notices: Sequence[NoticePlacement], policy: Policy, where: str = ""
) -> Iterator[Unmet]:
    """Yield what is missing of some signs: their logging (R-62) or their distance (R-61).

    Args:
        notices: Signs at one place; those taken down do not count.
        policy: How many signs, how far out.
        where: Follows the condition's words.
    """
    least, metres = policy.notices.min_signs, policy.notices.sign_distance_m
    standing = [notice for notice in notices if notice.removed_at is None]
    far_enough = [notice for notice in standing if notice.distance_m >= metres]
    if len(standing) < least:
        yield Unmet("R-62", f"at least {least} signs logged{where}", f"{len(standing)}")
    elif len(far_enough) < least:
        condition = f"at least {least} signs {metres:g} m or more before the zone{where}"
        yield Unmet("R-61", condition, f"{len(far_enough)} of {len(standing)}")


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
