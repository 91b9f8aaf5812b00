"""A seeded pair: two different people, shown to reviewers in a rehearsal as the machine would.

How often such a pair is passed on measures whether reviewers look, or follow the machine. Nobody
who decides can tell it from another alert: it has the same fields, and the log alone marks it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.adjudication import AlertState
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.roles import Role, require
from overt.core.watchlist import ListKind
from overt.errors import PairUnsuitableError, WrongKindError, WrongStateError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from overt.core.adjudication import AlertRecord
    from overt.core.blue_list import BluePass, Volunteer
    from overt.core.deployment import Deployment
    from overt.core.roles import Actor
    from overt.core.watchlist import WatchlistEntry

ACTION = "put in a seeded pair"

IS_SEEDED = "is_seeded"
"""Field of the event of an alert: whether it was put in on purpose."""


def require_may_seed(actor: Actor, deployment: Deployment) -> None:
    """Let pass only an evaluator, and only in a rehearsal while it is live.

    Args:
        actor: Who asks.
        deployment: In which the pair would be shown.

    Raises:
        RoleForbiddenError: The actor is no evaluator.
        WrongKindError: It is no rehearsal.
        WrongStateError: It is not live.
    """
    require(actor, Role.EVALUATOR, ACTION)
    if deployment.kind is not DeploymentKind.REHEARSAL:
        msg = f"to {ACTION}, a rehearsal is needed: nobody sought is ever shown for a test"
        raise WrongKindError(msg, deployment_id=deployment.deployment_id)
    if deployment.state is not DeploymentState.LIVE:
        msg = f"to {ACTION}, it has to be live; the rehearsal is {deployment.state}"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)


def known_person(
    alert: AlertRecord, volunteers: Iterable[Volunteer], passes: Iterable[BluePass]
) -> Volunteer | None:
    """Return who is in an alert's picture, where a logged walk vouches for it; None otherwise.

    An alert about a volunteer that was raised during their own walk past that camera, and during
    nobody else's, shows them.

    Args:
        alert: Raised by the machine.
        volunteers: Of its deployment, with their consent.
        passes: Of its deployment; open ones vouch for nothing.
    """
    if alert.list_kind is not ListKind.BLUE or alert.crop_secret_id is None:
        return None
    walking = {walk.volunteer_id for walk in passes if walk.covers(alert)}
    found = [one for one in volunteers if one.volunteer_id in walking]
    if len(walking) != 1 or not found or found[0].withdrawn_at is not None:
        return None
    return found[0] if found[0].entry_id == alert.entry_id else None


def seeded(
    shown: AlertRecord, person: Volunteer | None, entry: WatchlistEntry, now: datetime
) -> AlertRecord:
    """Return the alert that suggests an entry for the picture of somebody else.

    It has the score and quality of the alert that its picture comes from, and no template.

    Args:
        shown: The alert whose picture is shown; not a seeded one itself.
        person: Who is in that picture.
        entry: Whom the new alert suggests.
        now: Aware UTC: when the picture seems to be taken.

    Raises:
        PairUnsuitableError: Nobody knows who is in the picture, it is the suggested person, or
            that person cannot be suggested now.
    """
    if person is None:
        msg = "a seeded pair needs a picture of a known volunteer, alone on a logged walk"
        raise PairUnsuitableError(msg, alert_id=shown.alert_id)
    if entry.entry_id == person.entry_id:
        msg = "a seeded pair is two different people; found one"
        raise PairUnsuitableError(msg, alert_id=shown.alert_id)
    is_own = (entry.deployment_id, entry.list_kind) == (shown.deployment_id, ListKind.BLUE)
    if not is_own or not entry.is_searchable(now):
        msg = "a seeded pair suggests a volunteer of this rehearsal, approved and not withdrawn"
        raise PairUnsuitableError(msg, alert_id=shown.alert_id)
    return replace(
        shown,
        entry_id=entry.entry_id,
        captured_at=now,
        state=AlertState.RAISED,
        crop_secret_id=None,
        probe_secret_id=None,
    )
