"""What an application lacks, all at once (R-01, R-02, R-06, R-10, R-17, R-60)."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from overt.core.local_window import zone_named
from overt.core.notice import is_sha256
from overt.core.unmet import Unmet
from overt.errors import TimeZoneUnknownError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime, timedelta

    from overt.core.authority import Application, Site
    from overt.core.policy import Policy

_TEXTS = (
    "aim",
    "legal_basis",
    "necessity",
    "less_intrusive_options",
    "proportionality",
    "threshold_evidence",
    "notice_plan",
)
_SITE_TEXTS = ("site_id", "place", "reason_evidence", "presence_grounds")


def missing_fields(application: Application, policy: Policy, now: datetime) -> tuple[Unmet, ...]:
    """Return everything that an application lacks or may not ask for; empty if it can be decided.

    Args:
        application: As written.
        policy: Closed lists and limits.
        now: Aware UTC; windows must lie ahead, reviews must not be overdue.
    """
    return (
        *unmet_content(application, policy),
        *_past_windows(application, now),
        *unmet_documents(application, policy, now.date()),
        *_shared_files(application),
    )


def unmet_content(application: Application, policy: Policy) -> tuple[Unmet, ...]:
    """Return what an application lacks whatever the time.

    Args:
        application: As written.
        policy: Closed lists and limits.
    """
    return (
        *_blank_texts(application),
        *_sites(application, policy),
        *_windows(application, policy),
        *_list_and_threshold(application, policy),
        *_public_notice(application, policy),
    )


def unmet_documents(application: Application, policy: Policy, today: date) -> Iterator[Unmet]:
    """Yield every governing document that is missing or past its review date (R-06).

    Args:
        application: With its documents.
        policy: Says which kinds are needed.
        today: Day of the question, in UTC.
    """
    for kind in policy.documents.required.enabled:
        named = [document for document in application.documents if document.kind == kind]
        condition = f"one current {kind.upper()} named by its SHA-256"
        if len(named) != 1:
            yield Unmet("R-06", condition, f"{len(named)} named")
        elif not is_sha256(named[0].sha256):
            yield Unmet("R-06", condition, "no SHA-256")
        elif named[0].review_by < today:
            yield Unmet("R-06", condition, f"review was due by {named[0].review_by.isoformat()}")


def _shared_files(application: Application) -> Iterator[Unmet]:
    """Yield every governing document whose file is that of another one (R-06)."""
    first: dict[str, str] = {}
    for document in application.documents:
        kind = first.setdefault(document.sha256, document.kind)
        if kind != document.kind:
            condition = f"one current {document.kind.upper()} in a file of its own"
            yield Unmet("R-06", condition, f"the file of the {kind.upper()}")


def _blank_texts(application: Application) -> Iterator[Unmet]:
    for name in _TEXTS:
        if not getattr(application, name).strip():
            yield Unmet("R-02", name.replace("_", " "), "blank")


def _sites(application: Application, policy: Policy) -> Iterator[Unmet]:
    count, most = len(application.sites), policy.authority.max_sites
    if not 1 <= count <= most:
        yield Unmet("R-01", f"1 to {most} sites", f"{count}")
    if len({site.site_id for site in application.sites}) < count:
        yield Unmet("R-01", "a different identifier for each site", "one twice")
    for site in application.sites:
        yield from _site(site, policy)


def _site(site: Site, policy: Policy) -> Iterator[Unmet]:
    where = f"site {site.site_id}"
    for name in _SITE_TEXTS:
        if not getattr(site, name).strip():
            yield Unmet("R-02", f"{where}: {name.replace('_', ' ')}", "blank")
    if site.reason_code not in policy.location.reasons:
        yield Unmet("R-02", f"{where}: a reason of the policy's list", repr(site.reason_code))
    findings = {place.kind for place in site.sensitive_places if place.finding.strip()}
    for kind in policy.location.sensitive_places.enabled:
        if kind not in findings:
            yield Unmet("R-02", f"{where}: whether there is nearby: {kind}", "not said")
    camera_ids = {camera.camera_id for camera in site.cameras if camera.camera_id.strip()}
    if not site.cameras or len(camera_ids) < len(site.cameras):
        yield Unmet("R-02", f"{where}: cameras with different identifiers", f"{len(camera_ids)}")
    try:
        zone_named(site.time_zone)
    except TimeZoneUnknownError:
        yield Unmet("R-01", f"{where}: a time zone of the IANA database", repr(site.time_zone))


def _past_windows(application: Application, now: datetime) -> Iterator[Unmet]:
    for site in application.sites:
        for window in sorted(site.windows):
            if window.starts_at < now:
                found = f"one from {window.starts_at.isoformat()}"
                yield Unmet("R-01", f"site {site.site_id}: windows that lie ahead", found)


def _windows(application: Application, policy: Policy) -> Iterator[Unmet]:
    rules, windows = policy.authority, application.windows()
    for site in application.sites:
        yield from _windows_of_site(site, rules.max_window)
    for one, other in itertools.combinations(application.sites, 2):
        yield from _shared_cameras(one, other)
    if len(windows) > rules.max_windows:
        yield Unmet("R-01", f"at most {rules.max_windows} windows", f"{len(windows)}")
    if windows:
        span = max(window.ends_at for window in windows) - windows[0].starts_at
        if span > rules.max_span:
            yield Unmet("R-01", f"at most {rules.max_span} from first to last window", f"{span}")


def _windows_of_site(site: Site, longest: timedelta) -> Iterator[Unmet]:
    where = f"site {site.site_id}"
    if not site.windows:
        yield Unmet("R-01", f"{where}: at least one window", "none")
    for window in sorted(site.windows):
        if window.duration > longest:
            found = f"{window.duration} from {window.starts_at.isoformat()}"
            yield Unmet("R-01", f"{where}: windows of at most {longest}", found)
    for first, second in itertools.combinations(sorted(site.windows), 2):
        if first.meets(second):
            found = f"{first.starts_at.isoformat()} and {second.starts_at.isoformat()}"
            yield Unmet("R-01", f"{where}: a break between windows", found)


def _shared_cameras(one: Site, other: Site) -> Iterator[Unmet]:
    shared = {c.camera_id for c in one.cameras} & {c.camera_id for c in other.cameras}
    pairs = itertools.product(one.windows, other.windows)
    if shared and any(first.meets(second) for first, second in pairs):
        condition = f"a camera at one place at a time, sites {one.site_id} and {other.site_id}"
        yield Unmet("R-01", condition, f"both have {', '.join(sorted(shared))}")


def _list_and_threshold(application: Application, policy: Policy) -> Iterator[Unmet]:
    if not application.categories:
        yield Unmet("R-10", "at least one watchlist category", "none")
    for category in application.categories:
        if category not in policy.watchlist.categories:
            yield Unmet("R-10", "categories of the policy's list", repr(category))
    cap = policy.watchlist.size_cap
    if not 1 <= application.size_cap <= cap:
        yield Unmet("R-17", f"a size cap from 1 to {cap}", f"{application.size_cap}")
    if not (math.isfinite(application.threshold) and -1 <= application.threshold <= 1):
        yield Unmet("R-40", "a threshold in [-1, 1]", f"{application.threshold}")


def _public_notice(application: Application, policy: Policy) -> Iterator[Unmet]:
    code, reason = application.no_public_notice_code, application.no_public_notice_reason.strip()
    if code is None:
        return
    if code not in policy.notices.exceptions:
        yield Unmet("R-60", "an exception of the policy's list", repr(code))
    if not reason:
        yield Unmet("R-60", "a reason for telling nobody in advance", "blank")
