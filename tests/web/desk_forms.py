"""What a browser sends to the deployment desk: forms as their pages have them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.unit.core.governed import POLICY
from tests.unit.core.typed_forms import a_form, a_site_form
from tests.web.consoles import PEOPLE

D = "/deployments/d-1"


class Page(HTMLParser):
    """What stands on a page: hidden fields, identifiers, text, scripts.

    Attributes:
        hidden: Name and value of each hidden field; the last one of a name.
        ids: Every identifier.
        alerts: Texts that are read out as alerts.
        tags: Every tag with its attributes.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found.get("value") or ""


def act_as(desk, browser, role):
    """Let a browser go on as whoever has another role: one application serves all of them."""
    token, csrf = desk.session(PEOPLE[role])
    browser.cookies.set("overt", token)
    browser.headers["X-CSRF-Token"] = csrf


def hidden(browser, path, **fields):
    """Return the hidden fields of a page, with some more."""
    return {**Page(browser.get(path).text).hidden, **fields}


def alert_of(answer) -> str:
    """Return the first alert of a page, as text."""
    found = re.search(r'role="alert"[^>]*>(.*?)</(?:div|section)>', answer.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def application_fields(form=None, address="rtsp://user:word@10.0.0.5/stream"):
    """Return the fields of an application as its page names them."""
    form = form or a_form(sites=(a_site_form(),))
    fields = {
        name: getattr(form, name)
        for name in (
            *("aim", "legal_basis", "necessity", "less_intrusive_options", "proportionality"),
            *("size_cap", "threshold", "threshold_evidence", "notice_plan"),
            *("no_public_notice_code", "no_public_notice_reason"),
        )
    }
    fields["categories"] = list(form.categories)
    for document in form.documents:
        fields[f"documents.{document.kind}.sha256"] = document.sha256
        fields[f"documents.{document.kind}.review_by"] = document.review_by
    for site in form.sites:
        fields |= _site_fields(site, address)
    return fields


def _site_fields(site, address):
    at = f"sites.{site.key}"
    fields = {
        f"{at}.{name}": getattr(site, name)
        for name in (
            *("site_id", "place", "time_zone"),
            *("reason_code", "reason_evidence", "presence_grounds"),
        )
    }
    fields |= {f"{at}.sensitive_places.{kind}": found for kind, found in site.sensitive_places}
    for window in site.windows:
        for name in ("starts_at", "ends_at", "start_fold", "end_fold"):
            fields[f"{at}.windows.{window.key}.{name}"] = getattr(window, name)
    for camera in site.cameras:
        fields[f"{at}.cameras.{camera.key}.camera_id"] = camera.camera_id
        fields[f"{at}.cameras.{camera.key}.zone"] = camera.zone
        fields[f"{at}.cameras.{camera.key}.address"] = address
    return fields


PAGES = (
    *("", "/application", "/authority", "/watchlist", "/notices"),
    *("/operating-point", "/running", "/closing", "/watchlist/compose", "/watchlist/composing"),
)
"""Ends of the addresses of an operational deployment's pages, open to the whole desk."""

KINDS = POLICY.documents.required.enabled
