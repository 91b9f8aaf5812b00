"""A deployment: one governed run of cameras from the draft to the published record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from overt.core.audit_events import EventKind
    from overt.core.authority import Application, Authority
    from overt.core.canonical_json import JsonValue
    from overt.core.notice import NoticePlacement, PlannedSign, PublicNotice
    from overt.core.watchlist import ListKind


class DeploymentKind(StrEnum):
    """Real, or a rehearsal with consenting volunteers; never mixed (R-22)."""

    OPERATIONAL = "operational"
    REHEARSAL = "rehearsal"


class DeploymentState(StrEnum):
    """Where a deployment stands, in the order in which it is gone through."""

    DRAFT = "draft"
    APPLIED = "applied"
    AUTHORISED = "authorised"
    WATCHLIST_APPROVED = "watchlist_approved"
    NOTIFIED = "notified"
    CALIBRATED = "calibrated"
    LIVE = "live"
    SUSPENDED = "suspended"
    ENDED = "ended"
    PURGED = "purged"
    PUBLISHED = "published"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class PackUse(StrEnum):
    """What a model pack's licence allows."""

    OPERATIONAL = "operational"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """The volunteers' consent: what a rehearsal has instead of an authority.

    Attributes:
        document_sha256: Digest of the consent forms, 64 hexadecimal digits.
        n_volunteers: How many people consented; 0 for a generated scene.
        recorded_by: Who recorded it.
        recorded_at: Aware UTC.
        valid_until: The rehearsal ends by itself at this moment, aware UTC.
        uses_live_cameras: Whether cameras look at a real place, so that signs are needed.
    """

    document_sha256: str
    n_volunteers: int
    recorded_by: str
    recorded_at: datetime
    valid_until: datetime
    uses_live_cameras: bool


@dataclass(frozen=True, slots=True)
class WatchlistStatus:
    """What the deployment knows of its watchlist, without any entry (R-12 to R-17).

    Attributes:
        list_kind: Operational, or blue for a rehearsal.
        version: 1 for the first build, one more for each later one.
        built_at: Aware UTC.
        built_by: Who composed it.
        n_entries: People listed.
        n_templates: Templates made from their photographs.
        approved_at: When a second person approved it, or None.
        approved_by: Who did, or None.
        freshness_checked_at: Last check against the "no longer wanted" feed, or None (R-14).
        freshness_feed_sha256: Digest of the feed that was checked, or None.
    """

    list_kind: ListKind
    version: int
    built_at: datetime
    built_by: str
    n_entries: int
    n_templates: int
    approved_at: datetime | None = None
    approved_by: str | None = None
    freshness_checked_at: datetime | None = None
    freshness_feed_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The operating point that was fixed before going live, and what it rests on (R-40).

    Attributes:
        operating_point_digest: Digest of every number that decides.
        threshold: Its threshold.
        evidence: Reference of the calibration that it came from.
        fixed_at: Aware UTC.
        fixed_by: Who fixed it.
        pack_name: Model pack.
        pack_digest: Its digest.
        pack_use: What its licence allows.
    """

    operating_point_digest: str
    threshold: float
    evidence: str
    fixed_at: datetime
    fixed_by: str
    pack_name: str
    pack_digest: str
    pack_use: PackUse


@dataclass(frozen=True, slots=True)
class LiveSite:
    """A site at which cameras run, and until when (R-01).

    Attributes:
        site_id: Which site.
        closes_at: End of the window in which it went live, aware UTC.
    """

    site_id: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment as it stands; every step returns a new one.

    Attributes:
        deployment_id: Identifier, made at the edge.
        name: For people.
        kind: Operational or rehearsal.
        state: Where it stands.
        created_by: Who drafted it.
        created_at: Aware UTC.
        policy_hash: The policy that it runs under (R-72).
        application: What was asked for; None before, and for a rehearsal.
        applied_by: Who submitted it, or None.
        applied_at: When, or None.
        authority: What was granted; None before, and for a rehearsal.
        consent: The volunteers' consent; only for a rehearsal.
        watchlist: Status of its watchlist, or None.
        public_notice: Announcement ahead of the day, or None (R-60).
        notices: Signs put up so far (R-62).
        sign_plan: Where signs shall stand; empty where nobody has planned it (R-61).
        calibration: Operating point fixed, or None.
        live_since: Since when it has been live without a break; None where it is not.
        live_sites: Sites at which it is live; empty where it is not.
        suspended_by: Who suspended it, or the software itself; None where it is not suspended.
        suspended_reason: Why, or None.
        ended_at: When it ended, was refused or cancelled, or None.
        end_reason: Why, or None.
        purge_due_at: Until when every biometric must be gone, or None.
        purged_at: When it was, or None.
        published_at: When the record was published, or None.
        version: Counts saves; the store keeps it.
    """

    deployment_id: str
    name: str
    kind: DeploymentKind
    state: DeploymentState
    created_by: str
    created_at: datetime
    policy_hash: str
    application: Application | None = None
    applied_by: str | None = None
    applied_at: datetime | None = None
    authority: Authority | None = None
    consent: ConsentRecord | None = None
    watchlist: WatchlistStatus | None = None
    public_notice: PublicNotice | None = None
    notices: tuple[NoticePlacement, ...] = ()
    sign_plan: tuple[PlannedSign, ...] = ()
    calibration: Calibration | None = None
    live_since: datetime | None = None
    live_sites: tuple[LiveSite, ...] = ()
    suspended_by: str | None = None
    suspended_reason: str | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    purge_due_at: datetime | None = None
    purged_at: datetime | None = None
    published_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a step made: the deployment after it, and what the log says of it.

    The service adds time and actor, appends the event and saves the deployment in
    one unit of work.

    Attributes:
        deployment: After the step.
        event_kind: From the log's closed list.
        details: Plain values behind the event; no name, picture or template.
    """

    deployment: Deployment
    event_kind: EventKind
    details: Mapping[str, JsonValue]
