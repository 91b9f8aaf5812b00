"""The application for an authority as a TOML file: what is read, and everything wrong with it."""

from __future__ import annotations

import tomllib
from codecs import BOM_UTF8
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from overt.adapters.files.file_digest import sha256_of_file
from overt.adapters.files.table_fields import TableFields
from overt.adapters.video.camera_address import is_camera_address
from overt.core.authority import (
    Application,
    CameraPlan,
    DocumentKind,
    GoverningDocument,
    SensitivePlace,
    Site,
    Window,
)
from overt.core.local_window import window_in_zone, zone_named
from overt.core.notice import is_sha256
from overt.core.zone import Zone, whole_frame
from overt.errors import ApplicationFileInvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_BYTES = 256 * 1024
_NO_SECRET = ""  # the service puts the address into the vault and its identifier here
_KINDS = frozenset(DocumentKind)


@dataclass(frozen=True, slots=True)
class ApplicationFile:
    """What a file holds.

    Attributes:
        application: All that is applied for; the cameras' addresses are not in it.
        locations: (site, camera) -> address, which carries credentials: for the vault only.
        problems: Fields that are missing, unknown or of a wrong kind, each with its place in
            the file; what could not be read is left out of the application.
    """

    application: Application
    locations: Mapping[tuple[str, str], str]
    problems: tuple[str, ...] = ()


def read_application(path: Path) -> ApplicationFile:
    """Return what an application's file holds.

    The times in it are those on the wall at each site. Files of governing documents
    are named relative to it and only their digests are taken.

    Args:
        path: A TOML file; `overt deployment template` prints one.

    Raises:
        ApplicationFileInvalidError: It cannot be read, is too large or no TOML.
    """
    problems: list[str] = []
    fields = TableFields(_tables(path), "", problems)
    locations: dict[tuple[str, str], str] = {}
    application = Application(
        aim=fields.text("aim"),
        legal_basis=fields.text("legal_basis"),
        necessity=fields.text("necessity"),
        less_intrusive_options=fields.text("less_intrusive_options"),
        proportionality=fields.text("proportionality"),
        sites=tuple(_site(site, locations) for site in fields.tables("sites")),
        categories=fields.texts("categories"),
        size_cap=fields.whole_number("size_cap"),
        threshold=fields.number("threshold"),
        threshold_evidence=fields.text("threshold_evidence"),
        notice_plan=fields.text("notice_plan"),
        no_public_notice_code=fields.text("no_public_notice_code", default="").strip() or None,
        no_public_notice_reason=fields.text("no_public_notice_reason", default=""),
        documents=tuple(_documents(fields, path.parent)),
    )
    fields.refuse_others()
    return ApplicationFile(application, locations, tuple(problems))


def _site(fields: TableFields, locations: dict[tuple[str, str], str]) -> Site:
    site_id, zone_name = fields.text("site_id"), fields.text("time_zone")
    zone = fields.tried("time_zone", lambda: zone_named(zone_name)) if zone_name else None
    windows = [_window(each, zone.key if zone else None) for each in fields.tables("windows")]
    cameras = [_camera(each, site_id, locations) for each in fields.tables("cameras")]
    nearby = fields.table("sensitive_places")
    site = Site(
        site_id=site_id,
        place=fields.text("place"),
        time_zone=zone_name,
        reason_code=fields.text("reason_code"),
        reason_evidence=fields.text("reason_evidence"),
        presence_grounds=fields.text("presence_grounds"),
        sensitive_places=tuple(SensitivePlace(kind, nearby.text(kind)) for kind in nearby.names()),
        windows=tuple(window for window in windows if window is not None),
        cameras=tuple(cameras),
    )
    fields.refuse_others()
    return site


def _window(fields: TableFields, zone_name: str | None) -> Window | None:
    start, end = fields.value("starts_at", datetime), fields.value("ends_at", datetime)
    start_fold, end_fold = fields.fold("start_fold"), fields.fold("end_fold")
    fields.refuse_others()
    if start is None or end is None or zone_name is None:
        return None
    return fields.tried(
        None,
        lambda: window_in_zone(start, end, zone_name, start_fold=start_fold, end_fold=end_fold),
    )


def _camera(fields: TableFields, site_id: str, locations: dict[tuple[str, str], str]) -> CameraPlan:
    camera_id, location = fields.text("camera_id"), fields.text("location")
    if not location.strip():
        fields.wrong("location", "blank")
    elif not is_camera_address(location.strip()):  # R-34; what stands there may be a password
        fields.wrong("location", "expected rtsp://..., http://... or /dev/video0")
    if (site_id, camera_id) in locations:
        fields.wrong("camera_id", f"{camera_id!r} stands twice at this site")
    locations[site_id, camera_id] = location.strip()
    corners = fields.corners("zone")
    zone = None if corners is None else fields.tried("zone", lambda: Zone(corners))
    fields.refuse_others()
    return CameraPlan(camera_id, _NO_SECRET, zone or whole_frame())


def _documents(fields: TableFields, folder: Path) -> list[GoverningDocument]:
    found = []
    for each in fields.tables("documents"):
        kind = each.text("kind")
        if kind not in _KINDS:
            each.wrong("kind", f"expected {', '.join(DocumentKind)}, found {kind!r}")
        review_by = each.value("review_by", date)
        digest = _digest(each, folder)
        each.refuse_others()
        if kind in _KINDS and review_by and digest:
            found.append(GoverningDocument(DocumentKind(kind), digest, review_by))
    return found


def _digest(fields: TableFields, folder: Path) -> str | None:
    stated, name = fields.text("sha256", default=""), fields.text("file", default="")
    if bool(stated) == bool(name):
        fields.wrong("file", "expected either file or sha256")
        return None
    if name:
        return fields.tried("file", lambda: sha256_of_file(folder / name))
    if not is_sha256(stated):
        fields.wrong("sha256", "expected 64 hexadecimal digits in small letters")
        return None
    return stated


def _tables(path: Path) -> dict[str, object]:
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise _refused(path.name, "there is no such file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(path.name, f"cannot be read ({type(error).__name__})") from error
    if len(data) > MAX_BYTES:
        raise _refused(path.name, f"larger than {MAX_BYTES} bytes")
    try:
        return tomllib.loads(data.removeprefix(BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused(path.name, f"not UTF-8 (at line {line})") from error
    except tomllib.TOMLDecodeError as error:
        raise _refused(path.name, f"not TOML: {error}") from error
    except (ValueError, RecursionError) as error:
        problem = "not TOML that can be used: a number too long, or tables nested too deep"
        raise _refused(path.name, problem) from error


def _refused(name: str, problem: str) -> ApplicationFileInvalidError:
    return ApplicationFileInvalidError(f"application {name}: {problem}", file=name)
