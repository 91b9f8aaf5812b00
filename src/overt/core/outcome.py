"""Outcomes: what an alert turned out to be, and the record of an engagement (R-51 to R-57)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Outcome(StrEnum):
    """What an alert turned out to be; confirmed only by an engagement (R-55)."""

    CONFIRMED_TRUE = "confirmed_true"
    UNCONFIRMED_TRUE = "unconfirmed_true"
    CONFIRMED_FALSE = "confirmed_false"
    UNCONFIRMED_FALSE = "unconfirmed_false"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Engagement:
    """An officer's contact with a person at a deployment (R-56, R-57).

    Attributes:
        engagement_id: Identifier, made at the edge.
        deployment_id: At which deployment.
        alert_id: The alert that an operator passed on and this officer engaged for,
            or None: then there are grounds.
        grounds_code: Why there was contact without an alert, from the policy's closed
            list, or None (R-63: not having passed the zone is no ground).
        engaged_by: The engagement officer.
        started_at: Aware UTC.
        ended_at: Aware UTC, or None while it lasts.
        is_leaflet_given: Whether the person was given the leaflet (R-57).
        ethnicity_code: As the person said, or as the officer perceived it; None
            where neither was recorded. Never taken from a picture.
        is_ethnicity_self_defined: Whether the person said it.
    """

    engagement_id: str
    deployment_id: str
    alert_id: str | None
    grounds_code: str | None
    engaged_by: str
    started_at: datetime
    ended_at: datetime | None = None
    is_leaflet_given: bool = False
    ethnicity_code: str | None = None
    is_ethnicity_self_defined: bool = False
