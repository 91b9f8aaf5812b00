"""Where a deployment stands, part by part, for its overview; and where a condition is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.authority import AuthorityStatus
from overt.core.deployment import DeploymentKind, DeploymentState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.core.deployment import Deployment
    from overt.core.unmet import Unmet

_S = DeploymentState
OVER = frozenset({_S.ENDED, _S.PURGED, _S.PUBLISHED, _S.REFUSED, _S.CANCELLED})
"""States of a deployment that is over."""

_CYCLE = (
    (_S.DRAFT, "Draft"),
    (_S.APPLIED, "Applied"),
    (_S.AUTHORISED, "Authorised"),
    (_S.WATCHLIST_APPROVED, "Watchlist approved"),
    (_S.NOTIFIED, "Public told"),
    (_S.CALIBRATED, "Operating point fixed"),
    (_S.LIVE, "Live"),
    (_S.ENDED, "Ended"),
    (_S.PURGED, "Purged"),
    (_S.PUBLISHED, "Published"),
)
_NOT_IN_REHEARSALS = {_S.APPLIED, _S.PUBLISHED}
_MENDED = {
    "R-02": "/application",
    "R-03": "/authority",
    "R-06": "/application",
    "R-19": "/closing",
    "R-40": "/operating-point",
    "R-41": "/operating-point",
    "R-60": "/notices",
    "R-61": "/notices",
    "R-62": "/notices",
}
_WATCHLIST = {"R-10", "R-12", "R-13", "R-14", "R-16", "R-17", "R-22"}


@dataclass(frozen=True, slots=True)
class CycleStep:
    """A state on the way of a deployment.

    Attributes:
        name: In words.
        is_done: Whether it was gone through.
        is_here: Whether the deployment stands there.
    """

    name: str
    is_done: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a deployment that somebody works on.

    Attributes:
        name: In words.
        end: Of its page's address.
        status: Where it stands, in words.
        is_done: Whether it is done.
        n_unmet: Conditions that are not met in it.
    """

    name: str
    end: str
    status: str
    is_done: bool
    n_unmet: int


def life_cycle(deployment: Deployment) -> tuple[CycleStep, ...]:
    """Return the states of a deployment's way, and where it stands; none where it was broken off.

    Args:
        deployment: As it stands.
    """
    if deployment.state in {_S.REFUSED, _S.CANCELLED}:
        return ()
    is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
    here = _S.LIVE if deployment.state is _S.SUSPENDED else deployment.state
    cycle = [(s, name) for s, name in _CYCLE if not (is_rehearsal and s in _NOT_IN_REHEARSALS)]
    place = [state for state, _ in cycle].index(here)
    names = {_S.LIVE: "Suspended"} if deployment.state is _S.SUSPENDED else {}
    if is_rehearsal:
        names = {_S.AUTHORISED: "Consent recorded", **names}
    return tuple(
        CycleStep(names.get(state, name), i < place, i == place)
        for i, (state, name) in enumerate(cycle)
    )


def where_to_mend(unmet: Unmet, deployment: Deployment) -> str:
    """Return the end of the address of the page on which a condition is met.

    Args:
        unmet: The condition.
        deployment: As it stands.
    """
    if unmet.requirement in _WATCHLIST:
        return "/watchlist"
    if unmet.requirement == "R-01":
        is_granted = deployment.authority is not None
        return "/authority" if "authority" in unmet.condition or is_granted else "/application"
    if "consent" in unmet.condition:
        return "/consent"
    if "model pack" in unmet.condition:
        return "/operating-point"
    return _MENDED.get(unmet.requirement, "/running")


def stages_of(deployment: Deployment, unmet: Iterable[Unmet]) -> tuple[Stage, ...]:
    """Return the parts of a deployment with where each stands.

    Args:
        deployment: As it stands.
        unmet: What keeps it from being live.
    """
    ends = [where_to_mend(each, deployment) for each in unmet]
    is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
    parts = (
        *(_OF_REHEARSAL if is_rehearsal else _OF_OPERATION),
        ("Watchlist", "/watchlist", _watchlist),
        ("Notices", "/notices", _notices),
        ("Operating point", "/operating-point", _operating_point),
        ("Running", "/running", _running),
        ("After it", "/closing", _closing),
    )
    return tuple(_stage(name, end, look(deployment), ends.count(end)) for name, end, look in parts)


def _stage(name: str, end: str, found: tuple[str, bool], n_unmet: int) -> Stage:
    status, is_done = found
    return Stage(name, end, status, is_done, n_unmet)


def _application(deployment: Deployment) -> tuple[str, bool]:
    if deployment.applied_by is None:
        return "being written", False
    return f"applied for by {deployment.applied_by}", True


def _authority(deployment: Deployment) -> tuple[str, bool]:
    authority = deployment.authority
    if authority is None:
        is_refused = deployment.state is _S.REFUSED
        return ("refused" if is_refused else "not granted yet"), False
    kind = "oral" if authority.is_oral else "written"
    waits = ", to be ratified" if authority.is_oral and authority.ratified_at is None else ""
    words = f"{authority.status.replace('_', ' ')}, {kind}{waits}, by {authority.granted_by}"
    return words, authority.status is AuthorityStatus.IN_FORCE and not waits


def _consent(deployment: Deployment) -> tuple[str, bool]:
    consent = deployment.consent
    if consent is None:
        return "not recorded yet", False
    return f"{consent.n_volunteers} volunteers, recorded by {consent.recorded_by}", True


def _watchlist(deployment: Deployment) -> tuple[str, bool]:
    watchlist = deployment.watchlist
    if watchlist is None:
        return "not composed yet", False
    waits = watchlist.approved_by is None
    approval = "waits for a second person" if waits else f"approved by {watchlist.approved_by}"
    return f"{watchlist.n_entries:,} entries, {approval}", not waits


def _notices(deployment: Deployment) -> tuple[str, bool]:
    n_standing = sum(notice.removed_at is None for notice in deployment.notices)
    told = "public notice given, " if deployment.public_notice else ""
    return f"{told}{n_standing} signs standing", n_standing > 0


def _operating_point(deployment: Deployment) -> tuple[str, bool]:
    calibration = deployment.calibration
    if calibration is None:
        return "not fixed yet", False
    return f"threshold {calibration.threshold:g}, {calibration.pack_name}", True


def _running(deployment: Deployment) -> tuple[str, bool]:
    if deployment.state is _S.LIVE:
        return "live", True
    if deployment.state is _S.SUSPENDED:
        return f"suspended by {deployment.suspended_by}", False
    return ("over" if deployment.state in OVER else "not live yet"), deployment.state in OVER


def _closing(deployment: Deployment) -> tuple[str, bool]:
    if deployment.published_at is not None:
        return "purged, record published", True
    if deployment.purged_at is not None:
        return "purged", True
    return ("purge is due" if deployment.purge_due_at else "nothing yet"), False


_OF_REHEARSAL = (("Consent", "/consent", _consent),)
_OF_OPERATION = (
    ("Application", "/application", _application),
    ("Authority", "/authority", _authority),
)
