"""Makes the web application; nothing of it exists before."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from overt import __version__
from overt.bootstrap.register import register_of
from overt.core.audit_events import EventKind
from overt.services.live_figures import LiveFigures
from overt.services.observed_figures import ObservedFigures
from overt.services.trial_progress import CountedEvents
from overt.services.view_preview import PreviewLooks
from overt.web.access import guard
from overt.web.api.router import router as api_router
from overt.web.body_limit import add_body_limit
from overt.web.error_handlers import add_error_handlers
from overt.web.headers import add_headers
from overt.web.listeners import Listeners
from overt.web.live_events import LiveEvent, LogFollower
from overt.web.meters import Meters
from overt.web.once import Once
from overt.web.pages import Pages
from overt.web.pending_sign_ins import PendingSignIns
from overt.web.rate_limit import Buckets, RateLimit
from overt.web.request_log import RequestLog
from overt.web.routes import (
    account,
    alert_pictures,
    application,
    approving,
    asking,
    auditor,
    authority,
    closing,
    composing,
    consent,
    deployments,
    engagements,
    engineer,
    evaluator,
    events,
    health,
    help_page,
    home,
    invitation,
    metrics,
    notice_making,
    notice_papers,
    notices,
    observer,
    observers,
    officer,
    operating_point,
    operator,
    public,
    requests,
    running,
    sign_in,
    sign_in_provider,
    sign_plan,
    trial_reports,
    trials,
    watchlist,
)
from overt.web.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.routing import BaseRoute

    from overt.bootstrap.console import Console

_ROUTERS = (
    api_router,
    health.router,
    help_page.router,
    home.router,
    sign_in.router,
    sign_in_provider.router,
    metrics.router,
    account.router,
    events.router,
    observer.router,
    invitation.router,
    observers.router,
    deployments.router,
    application.router,
    authority.router,
    consent.router,
    composing.router,
    approving.router,
    watchlist.router,
    notices.router,
    sign_plan.router,
    notice_papers.router,
    notice_making.router,
    operating_point.router,
    asking.router,  # before the register, which has every other address under /public
    requests.router,
    public.router,
    running.router,
    closing.router,
    auditor.router,
    evaluator.router,
    trials.router,
    trial_reports.router,
    engineer.router,
    operator.router,
    officer.router,
    engagements.router,
    alert_pictures.router,
)


@cache
def _guarded_routes() -> list[BaseRoute]:
    """Return every route behind the guard; what it takes is worked out once in a process."""
    guarded = APIRouter(dependencies=[Depends(guard)])
    for router in _ROUTERS:
        guarded.include_router(router)
    return guarded.routes


def create_app(console: Console) -> FastAPI:
    """Return the application, on a console that is open.

    Args:
        console: What routes may use; the caller closes it after the application has ended.
    """
    tasks = Tasks(console.workplace.clock)

    def forget_the_purged(event: LiveEvent) -> None:
        if event.kind is EventKind.DEPLOYMENT_PURGED and event.deployment_id is not None:
            tasks.forget(event.deployment_id)

    follower = LogFollower(console.reading, forget_the_purged)

    @asynccontextmanager
    async def follow_the_log(_: FastAPI) -> AsyncIterator[None]:
        follower.start()
        try:
            yield
        finally:
            follower.stop()
            tasks.close()

    app = FastAPI(
        title="overt",
        summary="Runs overt live facial recognition trials",
        version=__version__,
        openapi_url=None,  # the API's own document stands under /api/v1
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would name whatever host a request names
        lifespan=follow_the_log,
        dependencies=[Depends(guard)],
        routes=_guarded_routes(),
    )
    app.state.console, app.state.follower, app.state.pages = console, follower, Pages(console)
    app.state.pending_sign_ins = PendingSignIns()
    app.state.once, app.state.tasks, app.state.listeners = Once(), tasks, Listeners()
    app.state.figures = LiveFigures(console.workplace, console.reading)
    app.state.meters = Meters(console, follower, app.state.figures)
    app.state.preview_looks = PreviewLooks(console.workplace)
    app.state.register = register_of(
        console.settings, console.reading, console.workplace.policies, console.workplace.clock
    )
    app.state.counted, app.state.asked = CountedEvents(), Buckets()
    app.state.observed = ObservedFigures(console.workplace, console.reading)
    add_body_limit(app, console.settings)
    app.add_middleware(RateLimit)
    app.add_middleware(RequestLog, meters=app.state.meters)
    add_headers(app)  # around everything, so that a mistake's answer has them too
    add_error_handlers(app)
    static = files("overt.web").joinpath("static")
    app.mount("/static", StaticFiles(directory=str(static)), name="static")
    return app
