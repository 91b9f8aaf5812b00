"""What the form of an application says, and everything that is wrong or missing, by field."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from overt.core.application_check import missing_fields
from overt.core.application_form import ApplicationForm
from overt.core.authority import (
    Application,
    CameraPlan,
    DocumentKind,
    GoverningDocument,
    SensitivePlace,
    Site,
    Window,
)
from overt.core.local_window import moment_in_zone, zone_named
from overt.core.notice import is_sha256
from overt.core.zone import Zone, whole_frame
from overt.errors import InputError, TimeZoneUnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.core.application_form import CameraForm, DocumentForm, SiteForm, WindowForm
    from overt.core.policy import Policy
    from overt.core.unmet import Unmet

Value = TypeVar("Value")

_TEXTS = (
    "aim",
    "legal_basis",
    "necessity",
    "less_intrusive_options",
    "proportionality",
    "threshold_evidence",
    "notice_plan",
    "no_public_notice_reason",
)
_NO_NUMBER = math.nan
_ORDER = [field.name for field in fields(ApplicationForm)]
_FOLDS = {"": None, "0": 0, "1": 1}


class Lacking(NamedTuple):
    """Something that is missing or wrong.

    Attributes:
        field: Which field of the form: ``sites.s1.windows.w1.starts_at``.
        requirement: Its number in the requirements.
        problem: What is asked for, and what was found.
    """

    field: str
    requirement: str
    problem: str


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What a form says.

    Attributes:
        application: As far as it can be read; its cameras name the draft's secrets.
        lacking: Everything that is missing or wrong, in the order of the form.
    """

    application: Application
    lacking: tuple[Lacking, ...]


def read_form(form: ApplicationForm, policy: Policy, now: datetime) -> ReadForm:
    """Return what a form says, and everything that keeps it from being decided.

    Args:
        form: As typed.
        policy: Closed lists and limits.
        now: Aware UTC.
    """
    reader = _Reader()
    application = Application(
        **{name: getattr(form, name).strip() for name in _TEXTS},
        categories=form.categories,
        size_cap=reader.tried("size_cap", "R-17", form.size_cap, int, "a whole number") or 0,
        threshold=_threshold(reader, form.threshold),
        no_public_notice_code=form.no_public_notice_code or None,
        sites=tuple(reader.site(site) for site in form.sites),
        documents=tuple(reader.documents(form)),
    )
    rules = (
        Lacking(field_of(form, unmet), unmet.requirement, _words(unmet))
        for unmet in missing_fields(application, policy, now)
    )
    found = reader.found
    lacking = [*found, *(rule for rule in rules if not _is_told(rule, found))]
    return ReadForm(application, tuple(sorted(lacking, key=_place)))


def field_of(form: ApplicationForm, unmet: Unmet) -> str:
    """Return the field of a form that an unmet condition speaks of, or its nearest part.

    Args:
        form: As typed.
        unmet: From ``missing_fields``.
    """
    condition = unmet.condition
    for site in form.sites:
        start = f"site {site.site_id.strip()}: "
        if condition.startswith(start):
            return f"sites.{site.key}.{_site_field(condition.removeprefix(start))}"
    if unmet.requirement == "R-06":
        kind = condition.removeprefix("one current ").partition(" ")[0]
        return f"documents.{kind}.review_by" if "review" in unmet.found else f"documents.{kind}"
    if unmet.requirement == "R-60":
        reason = condition.startswith("a reason")
        return "no_public_notice_reason" if reason else "no_public_notice_code"
    by_number = {"R-01": "sites", "R-10": "categories", "R-17": "size_cap", "R-40": "threshold"}
    return by_number.get(unmet.requirement, condition.replace(" ", "_"))


def _site_field(condition: str) -> str:
    nearby = "whether there is nearby: "
    if condition.startswith(nearby):
        return f"sensitive_places.{condition.removeprefix(nearby)}"
    for word, field in (
        ("window", "windows"),
        ("cameras with", "cameras"),
        ("a reason of", "reason_code"),
        ("a time zone", "time_zone"),
    ):
        if word in condition:
            return field
    return condition.replace(" ", "_")


def _words(unmet: Unmet) -> str:
    """Return what is asked for and was found; a field that is blank has its name beside it."""
    if unmet.found in {"blank", "not said"}:
        return "expected a text, found nothing"
    return f"{unmet.condition}: {unmet.found}"


def _place(lacking: Lacking) -> int:
    return _ORDER.index(lacking.field.partition(".")[0])


def _is_told(rule: Lacking, found: list[Lacking]) -> bool:
    """Return whether a field that cannot be read is what the rule misses."""
    inside = f"{rule.field}."
    return any(each.field == rule.field or each.field.startswith(inside) for each in found)


def _threshold(reader: _Reader, text: str) -> float:
    found = reader.tried("threshold", "R-40", text, float, "a number such as 0.95")
    return _NO_NUMBER if found is None else found


class _Reader:
    """Reads fields one by one; what cannot be read is gathered."""

    def __init__(self) -> None:
        self.found: list[Lacking] = []

    def tried(
        self, field: str, requirement: str, text: str, make: Callable[[str], Value], expected: str
    ) -> Value | None:
        """Return what a text says, or None, which is noted."""
        try:
            return make(text.strip())
        except ValueError:
            found = "nothing" if not text.strip() else "something else"
            self.wrong(field, requirement, f"expected {expected}, found {found}")
        except InputError as error:
            self.wrong(field, requirement, error.message)
        return None

    def wrong(self, field: str, requirement: str, problem: str) -> None:
        """Note a problem."""
        self.found.append(Lacking(field, requirement, problem))

    def site(self, form: SiteForm) -> Site:
        """Return a site, with the windows that can be read."""
        place, zone = f"sites.{form.key}", _zone_or_none(form.time_zone)
        windows = [self._window(f"{place}.windows.{each.key}", each, zone) for each in form.windows]
        return Site(
            site_id=form.site_id.strip(),
            place=form.place.strip(),
            time_zone=form.time_zone.strip(),
            reason_code=form.reason_code,
            reason_evidence=form.reason_evidence.strip(),
            presence_grounds=form.presence_grounds.strip(),
            sensitive_places=tuple(
                SensitivePlace(kind, finding.strip()) for kind, finding in form.sensitive_places
            ),
            windows=tuple(window for window in windows if window is not None),
            cameras=tuple(
                self._camera(f"{place}.cameras.{each.key}", each) for each in form.cameras
            ),
        )

    def _window(self, place: str, form: WindowForm, zone: str | None) -> Window | None:
        if zone is None:
            return None  # the zone itself is asked for
        starts = self._moment(f"{place}.starts_at", form.starts_at, form.start_fold, zone)
        ends = self._moment(f"{place}.ends_at", form.ends_at, form.end_fold, zone)
        if starts is None or ends is None:
            return None
        return self.tried(
            f"{place}.ends_at", "R-01", form.ends_at, lambda _: Window(starts, ends), "a window"
        )

    def _moment(self, field: str, text: str, fold: str, zone: str) -> datetime | None:
        def read(typed: str) -> datetime:
            return moment_in_zone(datetime.fromisoformat(typed), zone, _FOLDS.get(fold))

        return self.tried(field, "R-01", text, read, "a day and time of this site")

    def _camera(self, place: str, form: CameraForm) -> CameraPlan:
        if not form.secret_id:
            self.wrong(f"{place}.address", "R-02", "expected the camera's address, found nothing")
        zone = self.tried(f"{place}.zone", "R-02", form.zone, zone_of_text, "corners: x,y x,y x,y")
        return CameraPlan(form.camera_id.strip(), form.secret_id, zone or whole_frame())

    def documents(self, form: ApplicationForm) -> list[GoverningDocument]:
        """Return the documents that can be read."""
        read = [self._document(each) for each in form.documents]
        return [document for document in read if document is not None]

    def _document(self, form: DocumentForm) -> GoverningDocument | None:
        place, digest = f"documents.{form.kind}", form.sha256.strip()
        expected = "a day such as 2026-12-31"
        review_by = self.tried(
            f"{place}.review_by", "R-06", form.review_by, date.fromisoformat, expected
        )
        if not is_sha256(digest):
            self.wrong(f"{place}.sha256", "R-06", "expected a SHA-256, 64 hexadecimal digits")
            return None
        if review_by is None or form.kind not in frozenset(DocumentKind):
            return None
        return GoverningDocument(DocumentKind(form.kind), digest, review_by)


def zone_of_text(text: str) -> Zone:
    """Return the zone that "x,y x,y x,y" describes.

    Args:
        text: Corners in order, as fractions of the picture's width and height.

    Raises:
        ZoneInvalidError: It is no simple polygon.
        ValueError: The text is not of that form.
    """
    pairs = [pair.split(",") for pair in text.split()]
    return Zone(tuple((float(x), float(y)) for x, y in pairs))


def _zone_or_none(name: str) -> str | None:
    try:
        return zone_named(name.strip()).key
    except TimeZoneUnknownError:
        return None
