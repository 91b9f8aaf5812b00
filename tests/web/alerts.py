"""Builders: a console with alerts of a live deployment, and what people send about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.unit.core import governed as g
from tests.unit.services.alerted import BOTH, OTHER_OPERATOR, add_alert, an_entry, decide_all
from tests.web.consoles import a_desk

from overt.core.roles import Role

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient
    from tests.web.consoles import Desk

    from overt.core.deployment import Deployment
    from overt.core.roles import Actor

PORTRAIT = b"a portrait"
SECOND_ENGAGER = g.an_actor("engager-2", Role.ENGAGEMENT_OFFICER)
DISMISSED, PASSED_ON = "dismissed:different_person", "passed_on:looks_alike"


def an_alert_desk(folder: Path, deployment: Deployment | None = None, **changes: object) -> Desk:
    """Return a console a minute after an alert was raised at a live deployment.

    Args:
        folder: For whatever lies in files.
        deployment: Another than the live one.
        **changes: Of the alert.
    """
    desk = a_desk(folder, deployment or g.live())
    desk.clock.at = g.OPENS + g.MINUTE
    workplace = desk.console.workplace
    with workplace.open() as uow:
        secret_id = uow.secrets.put("d-1", "image", "e-1", PORTRAIT)
        uow.entries.add_many([an_entry(image_secret_id=secret_id)])
        for actor in (BOTH, OTHER_OPERATOR, SECOND_ENGAGER):
            uow.actors.save(replace(actor, trained_on=g.APPLIED_AT.date()))
        uow.commit()
    add_alert(workplace, **changes)
    return desk


def change_entry(desk: Desk, **changes: object) -> None:
    """Change the entry that the alerts suggest."""
    with desk.console.workplace.open() as uow:
        uow.entries.save(replace(uow.entries.get("e-1"), **changes))
        uow.commit()


def add(desk: Desk, alert_id: str, **changes: object) -> None:
    """Store one more alert, a moment after those before."""
    with desk.store.reading() as uow:
        n = len(uow.alerts.of_deployment("d-1"))
    captured_at = g.OPENS + n * g.MINUTE / 60
    add_alert(desk.console.workplace, alert_id=alert_id, **{"captured_at": captured_at, **changes})


def take(desk: Desk, *verdicts, alert_id: str = "a-1") -> None:
    """Take an alert through some steps by the services, each by whoever's it is."""
    decide_all(desk.console.workplace, *verdicts, alert_id=alert_id)


def sign_in_as(desk: Desk, browser: TestClient, actor: Actor) -> None:
    """Sign a browser in as somebody whose role others have too."""
    token, csrf = desk.session(actor)
    browser.cookies.set("overt", token)
    browser.headers["X-CSRF-Token"] = csrf


def alert_of(desk: Desk, alert_id: str = "a-1"):
    """Return an alert as it is stored."""
    with desk.store.reading() as uow:
        return uow.alerts.get(alert_id)


def decisions_of(desk: Desk, alert_id: str = "a-1"):
    """Return what was decided about an alert."""
    with desk.store.reading() as uow:
        return uow.decisions.of_alert(alert_id)


def engagements_of(desk: Desk):
    """Return the deployment's engagements."""
    with desk.store.reading() as uow:
        return uow.engagements.of_deployment("d-1")


def erase(desk: Desk, alert_id: str = "a-1") -> None:
    """Delete an alert, as a purge or its age does."""
    with desk.console.workplace.open() as uow:
        uow.alerts.delete_one(alert_id)
        uow.commit()
