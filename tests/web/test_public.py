from __future__ import annotations

import hashlib

import pytest
from tests.unit.core import governed as g
from tests.unit.services.registered import named, text_of_record
from tests.web.consoles import a_desk

from overt.core.certificate import Certificate
from overt.services.publish_record import KIND

PUBLISHED = named(g.published_at_last(), "d-pub")


@pytest.fixture
def desk(tmp_path):
    """Return a console with an announced and a published deployment, and one in silence."""
    desk = a_desk(tmp_path, named(g.authorised(), "d-up"), PUBLISHED, named(g.applied(), "d-no"))
    with desk.store.unit_of_work() as uow:
        text = text_of_record(PUBLISHED)
        uow.certificates.add(Certificate("record-1", "d-pub", KIND, g.OPENS, text))
        uow.commit()
    return desk


def test_everybody_may_read_the_register(desk):
    """Without an account, and caches may keep it."""
    with desk.browser() as browser:
        front = browser.get("/public")
        page = browser.get("/public/")

    assert (front.status_code, front.headers["location"]) == (308, "/public/")
    assert page.status_code == 200
    assert page.headers["cache-control"].startswith("public")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "d-up.html" in page.text
    assert "d-no" not in page.text
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    ("name", "kind", "is_data"),
    [
        ("deployments/d-pub.html", "text/html; charset=utf-8", False),
        ("records/d-pub.json", "application/json", True),
        ("records.csv", "text/csv; charset=utf-8", True),
        ("feed.atom", "application/atom+xml; charset=utf-8", True),
        ("css/register.css", "text/css; charset=utf-8", False),
    ],
)
def test_a_file_has_a_tag_and_is_not_sent_twice(desk, name, kind, is_data):
    """ETag is of its bytes; who has them is told so; other sites' programs may read data."""
    with desk.browser() as browser:
        first = browser.get(f"/public/{name}")
        tag = first.headers["etag"]
        second = browser.get(f"/public/{name}", headers={"if-none-match": f'"x", W/{tag}'})
        third = browser.get(f"/public/{name}", headers={"if-none-match": '"x"'})

    assert first.headers["content-type"] == kind
    assert tag == f'"{hashlib.sha256(first.content).hexdigest()[:32]}"'
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == tag
    assert third.content == first.content
    assert (first.headers.get("access-control-allow-origin") == "*") is is_data


def test_the_console_serves_what_publish_writes(desk):
    """The same bytes under the same names."""
    with desk.browser() as browser:
        files = browser.app.state.register
        for name, content in files.all():
            assert browser.get(f"/public/{name}").content == content, name


def test_places_are_searched_by_a_form(desk):
    """Whatever is typed; what is absurdly long is refused."""
    with desk.browser() as browser:
        found = browser.get("/public/search.html", params={"place": "SQUARE <b>"})
        blank = browser.get("/public/search.html", params={"place": " "})
        north = browser.get("/public/search.html", params={"place": "square north"})
        long = browser.get("/public/search.html", params={"place": "x" * 1001})

    assert "0 deployments for <bdi>SQUARE &lt;b&gt;</bdi>" in found.text
    assert "2 deployments" in north.text
    assert blank.status_code == 200
    assert "for <bdi>" not in blank.text
    assert long.status_code == 422


@pytest.mark.parametrize(
    "name", ["no.html", "deployments/d-no.html", "..%2fmaster.key", "records/d-up.json", "%00"]
)
def test_what_is_not_public_is_not_found(desk, name):
    """The same answer for what is not there and for what is nobody's business."""
    with desk.browser() as browser:
        assert browser.get(f"/public/{name}").status_code == 404
