from __future__ import annotations

import pytest
from tests.browser.looking import barriers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = ("op-1", "eo-1", "ao-1", "ap-1", "ap-2", "se-1", "ev-1", "au-1", "ob-1")


@pytest.mark.parametrize("actor_id", PEOPLE)
def test_everybody_lands_where_their_work_is(console, sign_in, save_screen, actor_id):
    """A link signs each role in; the page after it has no error and asks nobody else."""
    page = sign_in(console, actor_id)

    assert page.locator(".top-person a").inner_text() == actor_id
    assert page.locator("h1").count() == 1
    noted = sign_in.noted[page]
    assert (noted.errors, noted.elsewhere) == ([], [])
    save_screen(page, f"home-{actor_id}")


def test_the_way_in_has_no_barrier(console, sign_in, save_screen):
    """The page to sign in is clean by axe, in both schemes."""
    for scheme in ("light", "dark"):
        page = sign_in.somebody(console, color_scheme=scheme)
        page.goto(console.address)
        assert barriers(page) == []
        save_screen(page, f"sign-in-{scheme}")
