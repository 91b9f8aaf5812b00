"""Signs as the pages of the desk show them: what is planned, what stands, what each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.notice_plan import PlannedPosition, plan_positions, signs_now
from overt.core.notice_signs import SignStanding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.notice_signs import JudgedSign
    from overt.core.policy import Policy
    from overt.web.sent_form import SentForm

REHEARSAL_SITE = "rehearsal"
EXTRA_ROWS = 3
"""Empty rows under a plan: saved with some of them filled, there are new ones."""

_TEXTS = ("name", "latitude", "longitude", "distance")
_MOST_ROWS = 120


@dataclass(frozen=True, slots=True)
class SitePlan:
    """The plan of one site.

    Attributes:
        site_id: Which site.
        positions: What is planned, each with what stands there.
        n_counting: Signs that count there.
    """

    site_id: str
    positions: tuple[PlannedPosition, ...]
    n_counting: int

    @property
    def n_missing(self) -> int:
        """Return how many positions have no sign."""
        return sum(position.filled_by is None for position in self.positions)


def site_ids_of(deployment: Deployment) -> tuple[str, ...]:
    """Return the sites of a deployment; a rehearsal, which has none, is one.

    Args:
        deployment: As it stands.
    """
    if deployment.application is None:
        return (REHEARSAL_SITE,)
    return tuple(site.site_id for site in deployment.application.sites)


def plans_of(deployment: Deployment, policy: Policy, now: datetime) -> tuple[SitePlan, ...]:
    """Return the plan of each site, with what stands.

    Args:
        deployment: As it stands.
        policy: How far out, how near to a position.
        now: Aware UTC.
    """
    plans = []
    for site_id in site_ids_of(deployment):
        signs = signs_now(deployment, site_id, policy, now)
        positions = plan_positions(deployment, site_id, signs, policy)
        plans.append(SitePlan(site_id, positions, sum(sign.counts for sign in signs)))
    return tuple(plans)


def standings_of(deployment: Deployment, policy: Policy, now: datetime) -> dict[str, str]:
    """Return what each sign of a deployment is worth, in words; blank where it counts.

    Args:
        deployment: As it stands.
        policy: How far out a sign stands.
        now: Aware UTC.
    """
    sites = {*site_ids_of(deployment), *(notice.site_id for notice in deployment.notices)}
    told = {notice.notice_id: "of an earlier window: log it again" for notice in deployment.notices}
    for site_id in sites:
        for sign in signs_now(deployment, site_id, policy, now):
            told[sign.notice.notice_id] = _words(sign, policy.notices.sign_distance_m)
    return told


def plan_rows(deployment: Deployment, form: SentForm) -> list[dict[str, str]]:
    """Return the rows of the plan's form: as typed, else as planned, and some empty ones.

    Args:
        deployment: As it stands.
        form: As sent; empty at first.
    """
    typed = sent_rows(form)
    planned = [
        {
            "name": sign.plan_id,
            "site": sign.site_id,
            "latitude": f"{sign.latitude_deg:.6f}",
            "longitude": f"{sign.longitude_deg:.6f}",
            "distance": f"{sign.distance_m:g}",
        }
        for sign in deployment.sign_plan
    ]
    empty = {"site": site_ids_of(deployment)[0], **dict.fromkeys(_TEXTS, "")}
    return [*(typed or planned), *(dict(empty) for _ in range(EXTRA_ROWS))]


def sent_rows(form: SentForm) -> list[dict[str, str]]:
    """Return the rows of a plan that are not empty.

    Args:
        form: As sent.
    """
    columns = [form.texts(f"plan.{name}")[:_MOST_ROWS] for name in ("site", *_TEXTS)]
    rows = [
        dict(zip(("site", *_TEXTS), (cell.strip() for cell in cells), strict=True))
        for cells in zip(*columns, strict=False)
    ]
    return [row for row in rows if any(row[name] for name in _TEXTS)]


def geojson_of_rows(rows: Sequence[dict[str, str]]) -> object:
    """Return what rows say as GeoJSON; a cell that is no number stays a text, and is refused.

    Args:
        rows: Not empty ones.
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [_number(row["longitude"]), _number(row["latitude"])],
                },
                "properties": {"name": row["name"], "site": row["site"]}
                | ({"distance_m": _number(row["distance"])} if row["distance"] else {}),
            }
            for row in rows
        ],
    }


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _words(sign: JudgedSign, metres: float) -> str:
    other = "" if sign.other is None else f"{sign.other.distance_m:g} m"
    return {
        SignStanding.COUNTS: "",
        SignStanding.GONE: "",
        SignStanding.TOO_NEAR: (
            f"too near: {sign.notice.distance_m:g} m, and {metres:g} m or more are needed"
        ),
        SignStanding.SAME_PHOTOGRAPH: f"same photograph as the sign at {other}: counts once",
        SignStanding.SAME_POSITION: f"same position as the sign at {other}: counts once",
    }[sign.standing]
