"""Notices in the street: where, when, how far ahead of the zone, with photograph (R-61, R-62)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.ground import Position
from overt.errors import NoticeInvalidError

if TYPE_CHECKING:
    from datetime import datetime


MAX_PLAN_ID = 60
"""Characters of a planned sign's name."""


@dataclass(frozen=True, slots=True)
class NoticePlacement:
    """One sign that was put up, so that "I saw no sign" can be answered (R-62).

    Attributes:
        notice_id: Identifier, made at the edge.
        site_id: At which site.
        placed_at: Aware UTC.
        latitude_deg: WGS 84, in [-90, 90].
        longitude_deg: WGS 84, in [-180, 180].
        distance_m: Metres of walking before a camera's zone is reached, 0 or more (R-61).
        photo_sha256: Digest of the photograph that shows it standing, 64 hexadecimal digits.
        placed_by: Who put it up.
        removed_at: When it was taken down, or None while it stands.
    """

    notice_id: str
    site_id: str
    placed_at: datetime
    latitude_deg: float
    longitude_deg: float
    distance_m: float
    photo_sha256: str
    placed_by: str
    removed_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a position, distance or digest that cannot be true.

        Raises:
            NoticeInvalidError: A value outside its range, or no SHA-256.
        """
        for name, value, low, high in (
            ("latitude_deg", self.latitude_deg, -90, 90),
            ("longitude_deg", self.longitude_deg, -180, 180),
            ("distance_m", self.distance_m, 0, math.inf),
        ):
            if not (math.isfinite(value) and low <= value <= high):
                msg = f"{name} must lie in [{low}, {high}], found {value}"
                raise NoticeInvalidError(msg)
        if not is_sha256(self.photo_sha256):
            msg = "a notice's photograph is named by its SHA-256, 64 hexadecimal digits"
            raise NoticeInvalidError(msg)

    @property
    def position(self) -> Position:
        """Return where it stands."""
        return Position(self.latitude_deg, self.longitude_deg)


@dataclass(frozen=True, slots=True)
class PlannedSign:
    """Where a sign shall stand, decided before anybody goes out (R-61).

    Attributes:
        plan_id: What people call the position; unique within the plan.
        site_id: At which site.
        latitude_deg: WGS 84, in [-90, 90].
        longitude_deg: WGS 84, in [-180, 180].
        distance_m: Metres of walking from there to the zone, 0 or more.
    """

    plan_id: str
    site_id: str
    latitude_deg: float
    longitude_deg: float
    distance_m: float

    def __post_init__(self) -> None:
        """Refuse a name or a distance that says nothing.

        Raises:
            NoticeInvalidError: A name that is blank, unprintable or long, or no distance.
            NoticeMapInvalidError: A position that is none.
        """
        is_name = self.plan_id.strip() and self.plan_id.isprintable()
        if not is_name or len(self.plan_id) > MAX_PLAN_ID:
            msg = f"a planned sign has a name of one line and at most {MAX_PLAN_ID} characters"
            raise NoticeInvalidError(msg)
        if not (math.isfinite(self.distance_m) and self.distance_m >= 0):
            msg = f"distance_m must be 0 or more, found {self.distance_m}"
            raise NoticeInvalidError(msg)
        Position(self.latitude_deg, self.longitude_deg)

    @property
    def position(self) -> Position:
        """Return where it shall stand."""
        return Position(self.latitude_deg, self.longitude_deg)


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """The announcement ahead of the day (R-60).

    Attributes:
        announced_at: Aware UTC.
        announced_by: Who published it.
        where: Address or publication.
    """

    announced_at: datetime
    announced_by: str
    where: str


def is_sha256(text: str) -> bool:
    """Return whether a text is a SHA-256 in small hexadecimal digits.

    Args:
        text: Anything.
    """
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None
