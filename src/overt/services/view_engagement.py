"""An officer's own contacts, to go on recording them; each look in the log (R-56)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require
from overt.errors import RecordNotFoundError, RoleForbiddenError, RuleError
from overt.services.engage import engagement_of_alert
from overt.services.take_step import acting, log_refusal
from overt.services.view_alert import view_alert

if TYPE_CHECKING:
    from overt.core.engagement import Engagement
    from overt.core.roles import Actor
    from overt.services.view_alert import AlertView
    from overt.services.workplace import Workplace

ENGAGEMENT = "engagement"
"""What a look was at, as the log says it."""

_ACTION = "see an engagement"


@dataclass(frozen=True, slots=True)
class StreetView:
    """An alert as an officer on the street looks at it.

    Attributes:
        view: The alert with its entry and decisions.
        engagement: The contact that began with it, or None.
    """

    view: AlertView
    engagement: Engagement | None


def view_street_alert(workplace: Workplace, actor_id: str, alert_id: str) -> StreetView:
    """Return an alert with the contact that began with it; logged: from now on it was shown.

    Args:
        workplace: Store, time.
        actor_id: Who looks.
        alert_id: An alert that was passed on.

    Raises:
        RoleForbiddenError: The role may not; the refusal has been logged.
        RecordNotFoundError: There is no such alert or actor.
    """
    view = view_alert(workplace, actor_id, alert_id)
    with workplace.open() as uow:
        try:
            engagement = engagement_of_alert(uow, alert_id)
        except RecordNotFoundError:
            engagement = None
    return StreetView(view, engagement)


def view_engagement(workplace: Workplace, actor_id: str, engagement_id: str) -> Engagement:
    """Return an officer's own contact; logged.

    Args:
        workplace: Store, time.
        actor_id: The officer who engaged.
        engagement_id: Which contact.

    Raises:
        RuleError: It is another officer's, or the actor is none; logged.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        engagement = uow.engagements.get(engagement_id)
        actor = acting(uow, actor_id, _ACTION, engagement.deployment_id, now)
        try:
            _require_own(engagement, actor)
        except RuleError as error:
            log_refusal(uow, error, _ACTION, actor_id, engagement.deployment_id, now)
            raise
        details = {"what": ENGAGEMENT, "row_id": engagement_id}
        kind, deployment_id = EventKind.PERSONAL_DATA_VIEWED, engagement.deployment_id
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return engagement


def _require_own(engagement: Engagement, actor: Actor) -> None:
    require(actor, Role.ENGAGEMENT_OFFICER, _ACTION)
    if engagement.engaged_by != actor.actor_id:
        msg = "an engagement is seen and recorded by the officer who engaged"
        raise RoleForbiddenError(msg, engagement_id=engagement.engagement_id)
