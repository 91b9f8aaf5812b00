"""The written authority: who allowed what, where, when and why (R-01 to R-07)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.errors import WindowInvalidError

if TYPE_CHECKING:
    from datetime import date, datetime

    from overt.core.roles import Rank
    from overt.core.zone import Zone


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of time in which faces may be processed at one site (R-01).

    The start belongs to it, the end does not: at ``ends_at`` it is over.

    Attributes:
        starts_at: Aware UTC.
        ends_at: Aware UTC, after ``starts_at``.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Refuse times that are not UTC or not in order.

        Raises:
            WindowInvalidError: A naive or local time, or an end not after the start.
        """
        for moment in (self.starts_at, self.ends_at):
            if moment.utcoffset() != timedelta(0):
                msg = f"a window's times are aware and UTC, found {moment.isoformat()}"
                raise WindowInvalidError(msg)
        if self.ends_at <= self.starts_at:
            msg = (
                f"a window ends after it starts, found {self.starts_at.isoformat()} "
                f"to {self.ends_at.isoformat()}"
            )
            raise WindowInvalidError(msg)

    @property
    def duration(self) -> timedelta:
        """Return its length."""
        return self.ends_at - self.starts_at

    def contains(self, moment: datetime) -> bool:
        """Return whether a moment lies in the window.

        Args:
            moment: Aware.
        """
        return self.starts_at <= moment < self.ends_at

    def meets(self, other: Window) -> bool:
        """Return whether two windows overlap, or one begins as the other ends.

        Args:
            other: Another window.
        """
        return self.starts_at <= other.ends_at and other.starts_at <= self.ends_at


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One camera as it is applied for.

    Attributes:
        camera_id: Identifier, unique within a site.
        location_secret_id: Secret that holds its address; addresses carry credentials
            and stay out of every document.
        zone: The only part of its picture that is looked at.
    """

    camera_id: str
    location_secret_id: str
    zone: Zone


@dataclass(frozen=True, slots=True)
class SensitivePlace:
    """What the application says about one kind of sensitive place near a site (R-02).

    Attributes:
        kind: From the policy's closed list: hospital, school, place of worship.
        finding: What is there; that there is none has to be written too.
    """

    kind: str
    finding: str


@dataclass(frozen=True, slots=True)
class Site:
    """One place under the authority; a mobile unit has several (R-01, R-02).

    Attributes:
        site_id: Identifier, unique within the application.
        place: Where, in words for the public.
        time_zone: IANA name in which the windows are read and shown.
        reason_code: Why here, from the policy's closed list.
        reason_evidence: Reference of the evidence behind the reason.
        presence_grounds: Why the listed people may be here.
        sensitive_places: A finding for every kind of the policy's list.
        windows: When, at least one.
        cameras: Which cameras with which zones, at least one.
    """

    site_id: str
    place: str
    time_zone: str
    reason_code: str
    reason_evidence: str
    presence_grounds: str
    sensitive_places: tuple[SensitivePlace, ...]
    windows: tuple[Window, ...]
    cameras: tuple[CameraPlan, ...]

    def open_window(self, now: datetime) -> Window | None:
        """Return the window that is open, or None.

        Args:
            now: Aware UTC.
        """
        return next((window for window in self.windows if window.contains(now)), None)


class DocumentKind(StrEnum):
    """What must be in force and referred to by digest (R-06); named as in the policy's list."""

    DPIA = "DPIA"
    EIA = "EIA"
    APD = "APD"
    POLICY = "POLICY"
    SOP = "SOP"


@dataclass(frozen=True, slots=True)
class GoverningDocument:
    """One assessment or policy document that the application rests on (R-06).

    Attributes:
        kind: Which document.
        sha256: Digest of its file, 64 hexadecimal digits.
        review_by: Last day on which it counts as reviewed.
    """

    kind: DocumentKind
    sha256: str
    review_by: date


@dataclass(frozen=True, slots=True)
class Application:
    """All that the authorising officer is asked to decide on (R-02, R-05).

    A field may be blank while somebody writes it; ``missing_fields`` finds what is.

    Attributes:
        aim: Legitimate aim.
        legal_basis: Legal basis.
        necessity: Why it is necessary.
        less_intrusive_options: What else was considered, and why it does not do.
        proportionality: Why it is proportionate.
        sites: Where and when, with which cameras; at least one.
        categories: Watchlist categories asked for, from the policy's closed list.
        size_cap: Most entries of the watchlist.
        threshold: Threshold asked for.
        threshold_evidence: Reference of the test that it comes from.
        notice_plan: Which notices, where.
        no_public_notice_code: Why the public is not told in advance, from the policy's
            closed list; None where it is told (R-60).
        no_public_notice_reason: The same in words; blank where the public is told.
        documents: The governing documents, one of each kind.
    """

    aim: str
    legal_basis: str
    necessity: str
    less_intrusive_options: str
    proportionality: str
    sites: tuple[Site, ...]
    categories: tuple[str, ...]
    size_cap: int
    threshold: float
    threshold_evidence: str
    notice_plan: str
    no_public_notice_code: str | None
    no_public_notice_reason: str
    documents: tuple[GoverningDocument, ...]

    def site(self, site_id: str) -> Site | None:
        """Return a site by its identifier, or None.

        Args:
            site_id: Which.
        """
        return next((site for site in self.sites if site.site_id == site_id), None)

    def windows(self) -> tuple[Window, ...]:
        """Return the windows of all sites by start."""
        return tuple(sorted(window for site in self.sites for window in site.windows))

    def digest(self) -> str:
        """Return the SHA-256 of everything that was asked for, as the log names it (R-02)."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), default=_iso)
        return hashlib.sha256(text.encode()).hexdigest()


class AuthorityStatus(StrEnum):
    """Whether an authority that was granted still holds (R-07)."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Authority:
    """A grant by an authorising officer, written or oral in urgency (R-03).

    Attributes:
        granted_by: Who granted it.
        rank: Their rank at that time.
        granted_at: Aware UTC.
        is_oral: Granted by word of mouth in urgency: it must be ratified.
        reason: Why it was granted; for an oral one, also why it could not wait.
        conditions: What the officer asks for beyond the application; may be blank.
        ratify_by: Until when an oral authority must be ratified; None for a written one.
        ratified_by: Who ratified it, or None.
        ratified_at: When, or None.
        status: Whether it still holds.
        status_reason: Why it no longer does, or None.
    """

    granted_by: str
    rank: Rank
    granted_at: datetime
    is_oral: bool
    reason: str
    conditions: str = ""
    ratify_by: datetime | None = None
    ratified_by: str | None = None
    ratified_at: datetime | None = None
    status: AuthorityStatus = AuthorityStatus.IN_FORCE
    status_reason: str | None = None

    def is_ratification_overdue(self, now: datetime) -> bool:
        """Return whether an oral authority has passed its deadline without being ratified (R-03).

        Args:
            now: Aware UTC.
        """
        return self.ratify_by is not None and self.ratified_at is None and now >= self.ratify_by


def _iso(moment: date) -> str:
    return moment.isoformat()
