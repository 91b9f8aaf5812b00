"""The form of an application as it was typed: any text in any field, nothing judged yet.

A draft is kept as this form's document. The addresses of cameras are no part of it: a camera
names the secret that holds its address.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeVar

from overt.errors import JsonInvalidError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WHOLE_PICTURE = "0,0 1,0 1,1 0,1"
"""A zone as it is typed: corners in order, as fractions of the picture's width and height."""

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class WindowForm:
    """A window of a site.

    Attributes:
        key: Tells the rows of a form apart.
        starts_at: Time on the wall at the site: ``2026-06-12T10:00``.
        ends_at: The same.
        start_fold: ``0`` for the first, ``1`` for the second of two equal times; else blank.
        end_fold: The same for the end.
    """

    key: str
    starts_at: str = ""
    ends_at: str = ""
    start_fold: str = ""
    end_fold: str = ""


@dataclass(frozen=True, slots=True)
class CameraForm:
    """A camera of a site.

    Attributes:
        key: Tells the rows of a form apart.
        camera_id: What it is called.
        zone: Corners, such as ``WHOLE_PICTURE``.
        secret_id: Secret that holds its address; blank where none was typed.
    """

    key: str
    camera_id: str = ""
    zone: str = WHOLE_PICTURE
    secret_id: str = ""


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """A governing document.

    Attributes:
        kind: Which document, from the policy's list.
        sha256: Digest of its file.
        review_by: Last day on which it counts as reviewed: ``2026-12-31``.
    """

    kind: str
    sha256: str = ""
    review_by: str = ""


@dataclass(frozen=True, slots=True)
class SiteForm:
    """A site.

    Attributes:
        key: Tells the rows of a form apart.
        site_id: What it is called.
        place: Where, for the public.
        time_zone: IANA name.
        reason_code: Why here.
        reason_evidence: Reference of the evidence.
        presence_grounds: Why the listed people may be here.
        sensitive_places: Kind of place and finding.
        windows: Rows.
        cameras: Rows.
    """

    key: str
    site_id: str = ""
    place: str = ""
    time_zone: str = ""
    reason_code: str = ""
    reason_evidence: str = ""
    presence_grounds: str = ""
    sensitive_places: tuple[tuple[str, str], ...] = ()
    windows: tuple[WindowForm, ...] = ()
    cameras: tuple[CameraForm, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """The whole form; its fields are called as in ``Application``, in the order of the page.

    Attributes:
        aim: Legitimate aim.
        legal_basis: Legal basis.
        necessity: Why it is necessary.
        less_intrusive_options: What else was considered.
        proportionality: Why it is proportionate.
        sites: Rows.
        categories: Codes that were ticked.
        size_cap: A whole number.
        threshold: A number.
        threshold_evidence: Reference of the test.
        notice_plan: Which notices, where.
        no_public_notice_code: Code, or blank.
        no_public_notice_reason: In words, or blank.
        documents: One a kind.
    """

    aim: str = ""
    legal_basis: str = ""
    necessity: str = ""
    less_intrusive_options: str = ""
    proportionality: str = ""
    sites: tuple[SiteForm, ...] = ()
    categories: tuple[str, ...] = ()
    size_cap: str = ""
    threshold: str = ""
    threshold_evidence: str = ""
    notice_plan: str = ""
    no_public_notice_code: str = ""
    no_public_notice_reason: str = ""
    documents: tuple[DocumentForm, ...] = ()

    def cameras(self) -> tuple[CameraForm, ...]:
        """Return the cameras of all sites, in order."""
        return tuple(camera for site in self.sites for camera in site.cameras)


def form_document(form: ApplicationForm) -> str:
    """Return a form as JSON, the same text for the same form.

    Args:
        form: As typed; its cameras name secrets.
    """
    return json.dumps(asdict(form), ensure_ascii=False, sort_keys=True)


def form_of_document(document: str) -> ApplicationForm:
    """Return the form that a draft's document holds.

    Args:
        document: Made by ``form_document``.

    Raises:
        JsonInvalidError: It holds something else.
    """
    try:
        held = json.loads(document)
        documents = _rows(held.pop("documents"), lambda row: DocumentForm(**row))
        categories = tuple(held.pop("categories"))
        sites = _rows(held.pop("sites"), _site)
        return ApplicationForm(**held, documents=documents, categories=categories, sites=sites)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        msg = f"a draft holds the fields of an application, found something else ({error})"
        raise JsonInvalidError(msg) from error


def _site(row: Mapping[str, object]) -> SiteForm:
    held = dict(row)
    windows = _rows(held.pop("windows"), lambda each: WindowForm(**each))
    cameras = _rows(held.pop("cameras"), lambda each: CameraForm(**each))
    nearby = _rows(held.pop("sensitive_places"), _pair)
    texts = {name: str(value) for name, value in held.items()}
    return SiteForm(**texts, sensitive_places=nearby, windows=windows, cameras=cameras)


def _pair(row: tuple[str, str]) -> tuple[str, str]:
    kind, finding = row
    return kind, finding


def _rows(held: object, make: Callable[..., _Row]) -> tuple[_Row, ...]:
    if not isinstance(held, list):
        raise TypeError(type(held).__name__)
    return tuple(make(row) for row in held)
