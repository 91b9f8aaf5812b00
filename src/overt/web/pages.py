"""Pages: templates with what every page knows, times on the wall's clock, rates with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from overt import __version__
from overt.core.roles import Role

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from fastapi import Request

    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.services.sign_in import SignedIn

_PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    (
        "/deployments",
        "Deployments",
        frozenset(set(Role) - {Role.OBSERVER, Role.ENGAGEMENT_OFFICER}),
    ),
    ("/live", "Live", frozenset({Role.OPERATOR})),
    ("/street", "Alerts passed on", frozenset({Role.ENGAGEMENT_OFFICER})),
    ("/cameras", "Cameras", frozenset({Role.SYSTEM_ENGINEER})),
    ("/blue", "Blue list", frozenset({Role.EVALUATOR})),
    (
        "/trials",
        "Trials",
        frozenset({Role.EVALUATOR, Role.AUDITOR, Role.AUTHORISING_OFFICER, Role.OBSERVER}),
    ),
    ("/requests", "Requests", frozenset({Role.AUDITOR})),
    ("/log", "Log", frozenset({Role.AUDITOR})),
    ("/observe", "Observe", frozenset({Role.OBSERVER})),
)
"""Address, name and roles of each place in the navigation."""


class Pages:
    """Makes pages from templates."""

    def __init__(self, console: Console) -> None:
        """Load no template yet.

        Args:
            console: Whose settings say the time zone of what has no site.
        """
        self._zone = ZoneInfo(console.settings.time_zone)
        self._templates = Environment(
            loader=PackageLoader("overt.web"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            clock=self._clock, day=self._day, span=span, words=words, moment=self._moment
        )

    def show(
        self, request: Request, template: str, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Return a page.

        Args:
            request: For whom.
            template: Name of its file under ``templates``.
            status: HTTP status.
            **values: What the template shows.
        """
        return HTMLResponse(self.text(request, template, **values), status_code=status)

    def text(self, request: Request, template: str, **values: object) -> str:
        """Return a page's or a fragment's text.

        Args:
            request: For whom.
            template: Name of its file under ``templates``.
            **values: What the template shows.
        """
        signed_in: SignedIn | None = getattr(request.state, "signed_in", None)
        return self._templates.get_template(template).render(
            signed_in=signed_in,
            csrf_token=signed_in.session.csrf_token if signed_in else "",
            places=_places_of(signed_in, request.url.path),
            path=request.url.path,
            version=__version__,
            **values,
        )

    def _clock(self, moment: datetime, zone: str | None = None, *, seconds: bool = True) -> Markup:
        """Return a time of day with its zone, as a ``time`` element."""
        local = moment.astimezone(ZoneInfo(zone) if zone else self._zone)
        text = local.strftime("%H:%M:%S %Z" if seconds else "%H:%M %Z")
        return _time(moment, text)

    def _moment(
        self, moment: datetime, zone: str | None = None, *, seconds: bool = False
    ) -> Markup:
        """Return a day and time with its zone, as a ``time`` element."""
        local = moment.astimezone(ZoneInfo(zone) if zone else self._zone)
        clock = local.strftime("%H:%M:%S %Z" if seconds else "%H:%M %Z")
        return _time(moment, f"{local.day} {local:%B %Y}, {clock}")

    def _day(self, day: date) -> Markup:
        """Return a day, as a ``time`` element."""
        return Markup('<time datetime="{}">{}</time>').format(
            day.isoformat(), f"{day.day} {day:%B %Y}"
        )


def pages_of(request: Request) -> Pages:
    """Return what makes the pages.

    Args:
        request: Any.
    """
    pages: Pages = request.app.state.pages
    return pages


def zone_of(deployment: Deployment, site_id: str | None = None) -> str | None:
    """Return the time zone of a deployment's site, or of its first one; None where it has none.

    Args:
        deployment: Whose.
        site_id: Which site.
    """
    application = deployment.application
    if application is None or not application.sites:
        return None
    site = application.site(site_id) if site_id else None
    return (site or application.sites[0]).time_zone


def span(length: timedelta) -> str:
    """Return a length of time in words that fit beside a number: ``1 h 20 min``, ``45 s``.

    Args:
        length: Not negative.
    """
    seconds = int(length.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def words(code: str) -> str:
    """Return a code as words: ``not_located`` becomes ``not located``.

    Args:
        code: Of a closed list.
    """
    return code.replace("_", " ")


def _time(moment: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), escape(text))


def _places_of(signed_in: SignedIn | None, path: str) -> list[dict[str, object]]:
    if signed_in is None:
        return []
    roles = signed_in.actor.roles
    return [
        {"href": href, "name": name, "is_here": path.startswith(href)}
        for href, name, whose in _PLACES
        if roles & whose
    ]
