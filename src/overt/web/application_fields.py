"""The fields of the application's form: from what was sent, and rows added or taken out."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from overt.core.application_form import (
    WHOLE_PICTURE,
    ApplicationForm,
    CameraForm,
    DocumentForm,
    SiteForm,
    WindowForm,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from overt.core.policy import Policy
    from overt.web.sent_form import SentForm

_TEXTS = (
    *("aim", "legal_basis", "necessity", "less_intrusive_options", "proportionality"),
    *("size_cap", "threshold", "threshold_evidence", "notice_plan"),
    *("no_public_notice_code", "no_public_notice_reason"),
)
_SITE_TEXTS = (
    *("site_id", "place", "time_zone", "reason_code", "reason_evidence", "presence_grounds"),
)
_WINDOW_TEXTS = ("starts_at", "ends_at", "start_fold", "end_fold")
_KEY = "[a-z0-9]{1,24}"
_SITE = re.compile(rf"sites\.({_KEY})\.")
_LABELS = {
    "aim": "Legitimate aim",
    "less_intrusive_options": "Less intrusive options",
    "size_cap": "Size of the watchlist",
    "threshold_evidence": "Evidence behind the threshold",
    "no_public_notice_code": "Exception from public notice",
    "no_public_notice_reason": "Reason for the exception",
}
_MOST_ROWS = 60  # of one kind in one place; no policy allows more


class SentApplication(NamedTuple):
    """What was sent.

    Attributes:
        form: As typed; no camera names a secret.
        addresses: Key of a camera -> address, where one was typed.
    """

    form: ApplicationForm
    addresses: dict[str, str]


def application_sent(sent: SentForm, policy: Policy) -> SentApplication:
    """Return the application that a form holds; nothing is judged, what is unknown is left out.

    A file that was chosen for a governing document gives its digest and is not kept.

    Args:
        sent: With fields called after the places in the form: ``sites.s1.windows.w1.starts_at``.
        policy: With the documents and sensitive places that are asked for.
    """
    sites = tuple(_site(sent, key, policy) for key in _keys(sent, _SITE))
    addresses = {
        camera.key: address
        for site in sites
        for camera in site.cameras
        if (address := sent.text(f"sites.{site.key}.cameras.{camera.key}.address").strip())
    }
    form = ApplicationForm(
        **{name: sent.text(name) for name in _TEXTS},
        categories=sent.texts("categories"),
        documents=tuple(_document(sent, kind) for kind in policy.documents.required.enabled),
        sites=sites,
    )
    return SentApplication(form, addresses)


def with_rows_changed(
    form: ApplicationForm, action: str, new_key: Callable[[], str], time_zone: str
) -> tuple[ApplicationForm, str]:
    """Return the form with a row more or less, and the place to show; as it was without either.

    Args:
        form: As typed.
        action: ``add sites``, ``add sites.s1.windows``, ``remove sites.s1.cameras.c1``.
        new_key: Makes a key that no row has or had: a camera's address hangs on it.
        time_zone: Of a new site.
    """
    verb, _, place = action.partition(" ")
    match place.split("."):
        case ["sites"] if verb == "add":
            site = _new_site(form, new_key, time_zone)
            return replace(form, sites=(*form.sites, site)), f"sites.{site.key}"
        case ["sites", key] if verb == "remove":
            return replace(form, sites=tuple(s for s in form.sites if s.key != key)), "sites"
        case ["sites", key, kind, *row]:
            sites = (
                _site_changed(site, kind, row, new_key) if site.key == key else site
                for site in form.sites
            )
            return replace(form, sites=tuple(sites)), f"sites.{key}.{kind}"
    return form, "main"


def label_of(form: ApplicationForm, field: str) -> str:
    """Return a field in words: ``Site north, window 1, starts``.

    Args:
        form: With its sites.
        field: Such as ``sites.s1.windows.w1.starts_at``.
    """
    match field.split("."):
        case ["sites", key, *inner]:
            site = next((s for s in form.sites if s.key == key), None)
            name = f"Site {site.site_id.strip() or 'without identifier'}" if site else "Site"
            return ", ".join([name, *_labels_inside(site, inner)])
        case ["documents", kind, *_]:
            return f"{kind}, governing document"
    return _LABELS.get(field, field.replace("_", " ").capitalize())


def _labels_inside(site: SiteForm | None, inner: Sequence[str]) -> list[str]:
    match inner:
        case ["windows", key, end]:
            keys = [window.key for window in site.windows] if site else []
            number = keys.index(key) + 1 if key in keys else ""
            return [f"window {number}", "start" if end == "starts_at" else "end"]
        case ["cameras", key, part]:
            names = {camera.key: camera.camera_id for camera in site.cameras} if site else {}
            return [f"camera {names.get(key) or 'without identifier'}", part]
        case ["sensitive_places", kind]:
            return [f"whether there is nearby: {kind.replace('_', ' ')}"]
    return [" ".join(inner).replace("_", " ")]


def _new_site(form: ApplicationForm, new_key: Callable[[], str], time_zone: str) -> SiteForm:
    return SiteForm(
        new_key(),
        site_id=f"site-{len(form.sites) + 1}",
        time_zone=time_zone,
        windows=(WindowForm(new_key()),),
        cameras=(CameraForm(new_key()),),
    )


def _site_changed(
    site: SiteForm, kind: str, row: Sequence[str], new_key: Callable[[], str]
) -> SiteForm:
    """Return the site without a row, or with a new one where none is named."""
    if kind == "windows":
        windows = tuple(w for w in site.windows if w.key not in row)
        return replace(site, windows=windows if row else (*windows, WindowForm(new_key())))
    if kind == "cameras":
        cameras = tuple(c for c in site.cameras if c.key not in row)
        return replace(site, cameras=cameras if row else (*cameras, CameraForm(new_key())))
    return site


def _keys(sent: SentForm, pattern: re.Pattern[str]) -> tuple[str, ...]:
    found = (pattern.match(name) for name, _ in sent.fields)
    return tuple(dict.fromkeys(match[1] for match in found if match))[:_MOST_ROWS]


def _site(sent: SentForm, key: str, policy: Policy) -> SiteForm:
    place = f"sites.{key}"
    window_keys = _keys(sent, re.compile(rf"sites\.{key}\.windows\.({_KEY})\."))
    camera_keys = _keys(sent, re.compile(rf"sites\.{key}\.cameras\.({_KEY})\."))
    return SiteForm(
        key,
        **{name: sent.text(f"{place}.{name}") for name in _SITE_TEXTS},
        sensitive_places=tuple(
            (kind, sent.text(f"{place}.sensitive_places.{kind}"))
            for kind in policy.location.sensitive_places.enabled
        ),
        windows=tuple(_window(sent, f"{place}.windows", each) for each in window_keys),
        cameras=tuple(_camera(sent, f"{place}.cameras", each) for each in camera_keys),
    )


def _window(sent: SentForm, place: str, key: str) -> WindowForm:
    return WindowForm(key, **{name: sent.text(f"{place}.{key}.{name}") for name in _WINDOW_TEXTS})


def _camera(sent: SentForm, place: str, key: str) -> CameraForm:
    zone = sent.text(f"{place}.{key}.zone").strip() or WHOLE_PICTURE
    return CameraForm(key, sent.text(f"{place}.{key}.camera_id"), zone)


def _document(sent: SentForm, kind: str) -> DocumentForm:
    files = sent.sent_files(f"documents.{kind}.file")
    digest = sha256(files[0].content).hexdigest() if files else ""
    typed = sent.text(f"documents.{kind}.sha256").strip().lower()
    return DocumentForm(kind, digest or typed, sent.text(f"documents.{kind}.review_by"))
