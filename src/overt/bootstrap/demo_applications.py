"""Two real deployments on the desk of the demonstration: a draft, and one that waits."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from overt.bootstrap.demo_people import APPLICANT, APPROVER
from overt.core.authority import (
    Application,
    CameraPlan,
    DocumentKind,
    GoverningDocument,
    SensitivePlace,
    Site,
)
from overt.core.deployment import DeploymentKind
from overt.core.local_window import window_in_zone
from overt.core.zone import whole_frame
from overt.services.apply_for_authority import apply_with_cameras
from overt.services.draft_deployment import draft_deployment

if TYPE_CHECKING:
    from overt.core.authority import Window
    from overt.core.policy import Policy
    from overt.services.workplace import Workplace

_SITE, _CAMERA, _ZONE = "square", "square-east", "Europe/London"
_NOWHERE = "rtsp://192.0.2.7/east"  # RFC 5737: an address for documents
_SATURDAY, _DAYS_AHEAD, _OPENS, _HOURS = 5, 3, 10, timedelta(hours=5)
_REVIEWED_FOR = timedelta(days=180)
_IN_DEMO = "made up for the demonstration"


def add_applications(workplace: Workplace) -> None:
    """Draft two deployments, and apply for one of them, which then waits for its authority.

    Args:
        workplace: With the people of the demonstration.
    """
    kind = DeploymentKind.OPERATIONAL
    draft_deployment(workplace, APPROVER, name="Station forecourt (not applied for)", kind=kind)
    waiting = draft_deployment(workplace, APPLICANT, name="Market square, Saturday", kind=kind)
    application = _application(workplace.policies.current(), workplace.clock.now())
    addresses = {(_SITE, _CAMERA): _NOWHERE}
    apply_with_cameras(workplace, APPLICANT, waiting.deployment_id, application, addresses)


def _application(policy: Policy, now: datetime) -> Application:
    return Application(
        aim="To find people whom the courts want, in a square where they have been seen.",
        legal_basis="Common law powers, for the prevention and detection of crime.",
        necessity="Officers with printed pictures searched the square three times in vain.",
        less_intrusive_options="Foot patrols and appeals to the public were tried for six weeks.",
        proportionality="Five hours at one place; faces without an alert are erased at once.",
        sites=(_site(policy, now),),
        categories=policy.watchlist.categories.enabled[:1],
        size_cap=200,
        threshold=0.93,
        threshold_evidence=f"Trial report 4, table 2 ({_IN_DEMO})",
        notice_plan="Signs at the four ways into the square, leaflets at the van, the website.",
        no_public_notice_code=None,
        no_public_notice_reason="",
        documents=tuple(_documents(policy, now)),
    )


def _documents(policy: Policy, now: datetime) -> list[GoverningDocument]:
    review_by = (now + _REVIEWED_FOR).date()
    return [
        GoverningDocument(
            DocumentKind(kind),
            hashlib.sha256(f"{kind}, {_IN_DEMO}".encode()).hexdigest(),
            review_by,
        )
        for kind in policy.documents.required.enabled
    ]


def _site(policy: Policy, now: datetime) -> Site:
    nearby = policy.location.sensitive_places.enabled
    return Site(
        site_id=_SITE,
        place="Market square, the side of the town hall",
        time_zone=_ZONE,
        reason_code=policy.location.reasons.enabled[0],
        reason_evidence=f"Analysis 17 of the last six months ({_IN_DEMO})",
        presence_grounds="Each of them was seen here within the last month.",
        sensitive_places=tuple(SensitivePlace(kind, "None within 500 m.") for kind in nearby),
        windows=(_window(now),),
        cameras=(CameraPlan(_CAMERA, "", whole_frame()),),
    )


def _window(now: datetime) -> Window:
    earliest = (now + timedelta(days=_DAYS_AHEAD)).date()
    day = earliest + timedelta(days=(_SATURDAY - earliest.weekday()) % 7)
    opens = datetime(day.year, day.month, day.day, _OPENS)  # noqa: DTZ001 - on the wall, there
    return window_in_zone(opens, opens + _HOURS, _ZONE)
