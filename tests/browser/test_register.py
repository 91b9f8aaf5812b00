"""The public register in a real browser: pages of the console, and files without any server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.browser.desk_server import served
from tests.browser.looking import Noted, barriers
from tests.unit.core import governed as g
from tests.unit.services.registered import STATEMENT, at_places, named, text_of_record
from tests.web.consoles import a_desk

from overt.core.certificate import Certificate
from overt.core.deployment import DeploymentState
from overt.services.publish_record import KIND

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, PHONE_WIDTH = {"width": 1280, "height": 900}, 360
LOOKS = {
    "light": {"color_scheme": "light", "viewport": WIDE},
    "dark": {"color_scheme": "dark", "viewport": WIDE},
    "phone": {"color_scheme": "light", "viewport": {"width": PHONE_WIDTH, "height": 740}},
}
SCREENS = {
    "": "home",
    "search.html?place=square": "search",
    "years/2026-1.html": "year",
    "places/1.html": "places",
    "trials/index.html": "trials",
    "glossary.html": "terms",
    "check.html": "check",
    "data.html": "data",
    "deployments/d-up.html": "announced",
    "deployments/d-live.html": "running",
    "deployments/d-pub.html": "published",
    "deployments/d-hostile.html": "hostile",
}
HOSTILE = ("<b>Bold</b> & \u202eturned", "شارع الملك فيصل", "Avery" + "long" * 60, "x " * 900)


def records():
    """Return published deployments with their records' texts."""
    plain = named(g.published_at_last(), "d-pub")
    hostile = at_places(named(g.published_at_last(), "d-hostile"), *HOSTILE)
    statement = STATEMENT | {"text": "<script>alert(1)</script>\n\nאב " + "y" * 400}
    return (
        (plain, text_of_record(plain)),
        (hostile, text_of_record(hostile, statements=[STATEMENT, statement])),
    )


@pytest.fixture
def desk(tmp_path):
    """Return a console with deployments in every state that the public is told of."""
    others = (
        named(g.authorised(), "d-up"),
        named(g.live(), "d-live"),
        named(g.ended_early(), "d-end"),
        named(g.cancelled_early(), "d-can"),
    )
    desk = a_desk(tmp_path, *others, *(deployment for deployment, _ in records()))
    with desk.store.unit_of_work() as uow:
        for deployment, text in records():
            name = deployment.deployment_id
            uow.certificates.add(Certificate(f"record-{name}", name, KIND, g.OPENS, text))
        uow.commit()
    return desk


@pytest.mark.parametrize("look", LOOKS)
def test_pages_have_no_barrier_and_fit(chromium, desk, save_screen, look):
    """WCAG 2.2 AA by axe; nothing from elsewhere, no error, no sideways scrolling, no script."""
    with served(desk) as address:
        context = chromium.new_context(**LOOKS[look])
        for path, name in SCREENS.items():
            page = context.new_page()
            noted = Noted(page, address)
            page.goto(f"{address}/public/{path}")
            assert barriers(page) == [], name
            assert (noted.errors, noted.elsewhere) == ([], []), name
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= LOOKS[look]["viewport"]["width"], name
            assert page.locator("script").count() == 0
            save_screen(page, f"register-{name}-{look}")
            page.close()
        context.close()


def test_a_reader_finds_a_deployment_without_javascript(chromium, desk):
    """By typing a part of its place; and by the keyboard alone."""
    with served(desk) as address:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{address}/public")
        page.get_by_role("link", name="Find a place").click()
        page.get_by_label("Street, square or town").fill("square")
        page.keyboard.press("Enter")
        assert "5 deployments for square" in page.inner_text("h2[role=status]")
        page.locator("a[href='deployments/d-pub.html']").first.click()
        assert "7 of 8,600 faces seen" in page.inner_text("#main")
        page.get_by_role("link", name="how to check its figures").click()
        assert page.url.endswith("/public/check.html")
        context.close()


def test_it_works_as_files_without_a_server(chromium, desk, tmp_path):
    """Pages, style and links from file://."""
    with served(desk) as address:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(address)
        files = desk_files(desk)
        for name, content in files.items():
            path = tmp_path / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        page.goto((tmp_path / "site" / "index.html").as_uri())
        page.get_by_role("link", name="2026").click()
        page.locator("a[href='../deployments/d-pub.html']").click()
        brand = page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor")
        assert brand != "rgba(0, 0, 0, 0)"
        assert "Figures published" in page.inner_text("#main")
        context.close()


def desk_files(desk) -> dict[str, bytes]:
    """Return every file of a console's register."""
    from overt.bootstrap.register import register_of

    console = desk.console
    files = register_of(
        console.settings, console.reading, console.workplace.policies, console.workplace.clock
    )
    return dict(files.all())


def test_a_rehearsal_is_marked_where_a_demonstration_made_it(chromium, tmp_path, save_screen):
    """On every page, in a home with the demonstration's mark."""
    (tmp_path / "this-is-a-demo").write_text("")
    over = replace(
        g.a_ready_rehearsal(), deployment_id="d-reh", state=DeploymentState.PURGED, ended_at=g.OPENS
    )
    desk = a_desk(tmp_path, over)
    with served(desk) as address:
        page = chromium.new_page()
        for path in ("", "deployments/d-reh.html"):
            page.goto(f"{address}/public/{path}")
            assert "REHEARSAL" in page.title()
            assert page.locator(".rehearsal").first.is_visible()
            assert barriers(page) == []
        save_screen(page, "register-rehearsal")
        page.close()
