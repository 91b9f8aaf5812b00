"""Screens of notices and observers in a real browser, on a console of fakes with a real press."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.browser.desk_server import served, signed_in
from tests.browser.looking import Noted, barriers
from tests.browser.test_quiet_screens import LOOKS, WIDE
from tests.unit.core import governed as g
from tests.unit.services.test_observed_figures import count_faces
from tests.web.consoles import a_desk
from tests.web.test_desk_notices import DETAILS, ZONE

from overt.bootstrap.notices import shelf_of
from overt.core.notice_details import NoticeDetails
from overt.core.notice_papers import papers_document
from overt.core.notice_words import SheetKind
from overt.core.roles import Role
from overt.services.answer_question import answer_question
from overt.services.ask_question import ask_question
from overt.services.invite_observer import invite_observer
from overt.services.make_kept_notices import WantedNotices, make_kept_notices
from overt.services.notice_papers import save_papers
from overt.services.use_invitation import use_invitation

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACE = "/deployments/d-1"
PREPARING = "/deployments/d-2"
SCREENS = (
    (Role.APPLICANT, f"{PREPARING}/notices", "notices-plan"),
    (Role.APPLICANT, f"{PREPARING}/notices/plan", "sign-plan"),
    (Role.APPLICANT, f"{PREPARING}/notices/details", "notice-details"),
    (Role.AUTHORISING_OFFICER, f"{PREPARING}/notices/made", "notices-made"),
    (Role.APPLICANT, f"{PLACE}/observers", "observers"),
    (Role.OBSERVER, "/observe/d-1", "observe-questions"),
)
MOST_BYTES = 100_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return a live deployment with observers, and one whose notices are made."""
    signs = (
        g.a_notice("one"),
        g.a_notice("near", latitude_deg=51.51, distance_m=10),
        g.a_notice("double", latitude_deg=51.5001),
    )
    preparing = replace(
        g.with_watchlist(), deployment_id="d-2", notices=signs, sign_plan=g.a_plan()
    )
    desk = a_desk(tmp_path_factory.mktemp("desk"), g.live(), preparing)
    desk.clock.at = g.OPENS + g.MINUTE
    with_observers(desk)
    with_notices(desk)
    return desk


def with_observers(desk):
    """Invite three, one of whom comes; ask twice, answer once."""
    workplace = desk.console.workplace
    until = desk.clock.at + timedelta(days=20)
    for _ in range(3):
        made = invite_observer(
            workplace, "applicant-1", "d-1", link_lifetime=timedelta(days=3), sees_until=until
        )
    use_invitation(workplace, made.token)
    count_faces(workplace, 4321)
    first = ask_question(workplace, "observer-1", "d-1", "Why this square?\n\nWho chose it?")
    answer_question(workplace, "authority-1", first.message_id, "It is in the application.")
    ask_question(workplace, made.invitation.actor_id, "d-1", "How old is the list?")


def with_notices(desk):
    """Make notices in English and Arabic on the real press."""
    workplace = desk.console.workplace
    page = DETAILS["page"]
    details = NoticeDetails("Example Police", "101", "PO Box 7", "", page)
    save_papers(workplace, "applicant-1", "d-2", papers_document(details, json.loads(ZONE)))
    sheets = (SheetKind.POSTER_A4, SheetKind.LEAFLET, SheetKind.CARD)
    wanted = WantedNotices(("en", "ar"), sheets, None, "Europe/London")
    shelf = shelf_of(desk.console.settings)
    works = desk.console.notice_works()
    make_kept_notices(
        workplace, "applicant-1", "d-2", wanted, works, lambda files: shelf.put("d-2", files)
    )


@pytest.mark.parametrize("look", LOOKS)
def test_screens_have_no_barrier_and_fit(chromium, desk, save_screen, look):
    """Clean by axe, no error, nothing from elsewhere, no sideways scrolling, a light page."""
    options = LOOKS[look]
    with served(desk) as address:
        for role, path, name in SCREENS:
            context = signed_in(chromium, desk, address, role, **options)
            page = context.new_page()
            noted = Noted(page, address)
            answer = page.goto(f"{address}{path}")
            page.wait_for_load_state("load")
            assert len(answer.body()) <= MOST_BYTES, name
            assert page.locator("h1").count() == 1, name
            assert barriers(page) == [], name
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= options["viewport"]["width"], name
            assert (noted.errors, noted.elsewhere) == ([], []), name
            save_screen(page, f"{name}-{look}")
            context.close()


def test_an_invitation_from_the_desk_to_the_observers_page(chromium, desk, save_screen):
    """Invited, the link opened by its script, a password set; opened again, a plain page."""
    with served(desk) as address:
        office = signed_in(chromium, desk, address, Role.APPLICANT, viewport=WIDE)
        page = office.new_page()
        page.goto(f"{address}{PLACE}/observers")
        page.fill("[name=until]", "2026-03-20T12:00")
        page.get_by_role("button", name="Invite", exact=True).click()
        link = page.locator("#link").inner_text()
        save_screen(page, "observers-invited")
        assert barriers(page) == []
        office.close()
        guest = chromium.new_context(viewport=WIDE)
        page = guest.new_page()
        page.goto(link)
        page.wait_for_url("**/account/password")
        assert "#" not in page.url
        page.fill("[name=password]", "seventeen grey herons")
        page.fill("[name=again]", "seventeen grey herons")
        page.keyboard.press("Enter")
        page.wait_for_url("**/observe")
        save_screen(page, "observe-invited")
        page.get_by_role("link", name=g.live().name).first.click()
        page.fill("#question", "What is the threshold?")
        page.get_by_role("button", name="Ask").click()
        page.wait_for_selector("text=You asked")
        guest.close()
        late = chromium.new_context(viewport=WIDE)
        page = late.new_page()
        page.goto(link)
        page.wait_for_selector("[role=alert]")
        assert "invitation.used" in page.content()
        assert barriers(page) == []
        save_screen(page, "invitation-used")
        late.close()
