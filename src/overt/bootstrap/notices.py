"""Notices on paper: files in, a folder of files out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from overt.adapters.clock import SystemClock
from overt.adapters.files.geojson_file import parse_geojson, read_geojson
from overt.adapters.files.new_folder import write_new_folder
from overt.adapters.files.notice_details_file import (
    parse_notice_details,
    read_notice_details,
)
from overt.adapters.files.notice_shelf import NoticeShelf
from overt.adapters.publish.notice_catalogues import Catalogues
from overt.adapters.publish.notice_map_svg import draw_map
from overt.adapters.publish.notice_press import TypstPress
from overt.adapters.publish.reading_age import reading_age
from overt.bootstrap.demo_mark import is_demonstration
from overt.bootstrap.policies import policies_of
from overt.bootstrap.store import open_reader
from overt.core.geojson import route_of, zone_of
from overt.core.ground import Position
from overt.core.notice_facts import notice_facts
from overt.core.notice_map import AlternativeRoute, GroundZone, NoticeMap
from overt.core.notice_texts import NoticeText
from overt.core.notice_words import SheetKind
from overt.errors import NoticeMapInvalidError
from overt.services.check_notices import (
    SAMPLE_DETAILS,
    LanguageCheck,
    check_notices,
    sample_facts,
)
from overt.services.make_notices import STANDARD, NoticeOrder, NoticeWorks, make_notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from overt.core.notice_details import NoticeDetails
    from overt.core.notice_facts import NoticeFacts
    from overt.settings import Settings

MAX_READING_AGE = 12
"""Years: everybody who walks through a street alone can read what the notices say."""

_SAMPLE_STREET = NoticeMap(
    GroundZone((Position(51.5, -0.1), Position(51.5, -0.099), Position(51.5004, -0.099))),
    AlternativeRoute((Position(51.4995, -0.101), Position(51.4995, -0.098))),
    (Position(51.501, -0.1),),
)


@dataclass(frozen=True, slots=True)
class NoticeFiles:
    """Files that notices are made of.

    Attributes:
        details: What the force adds.
        zone: GeoJSON of the zone, or None.
        route: GeoJSON of a way round, or None.
    """

    details: Path
    zone: Path | None = None
    route: Path | None = None


@dataclass(frozen=True, slots=True)
class NoticeWishes:
    """Which notices somebody asks for.

    Attributes:
        languages: Codes; all that there are where it is empty.
        site_id: Only this site, or None for all.
        large_print: Also in large print.
    """

    languages: tuple[str, ...] = ()
    site_id: str | None = None
    large_print: bool = False


@dataclass(frozen=True, slots=True)
class NoticesChecked:
    """What a check of the notices found.

    Attributes:
        languages: What became of each, English first.
        age_years: Reading age of everything that a notice can say in English.
    """

    languages: tuple[LanguageCheck, ...]
    age_years: float

    @property
    def is_well(self) -> bool:
        """Return whether the notices can be printed and read."""
        fits = not any(language.problems for language in self.languages)
        return fits and self.age_years <= MAX_READING_AGE


def languages_there() -> tuple[str, ...]:
    """Return the codes of all languages that notices can be made in, English first."""
    return Catalogues().codes()


def make_into_folder(
    settings: Settings,
    deployment_id: str,
    files: NoticeFiles,
    folder: Path,
    wishes: NoticeWishes,
    progress: Callable[[str], None] = lambda _: None,
) -> int:
    """Make a deployment's notices and return how many files there are.

    Args:
        settings: Of this machine.
        deployment_id: Authorised or later.
        files: Details of the force, zone, way round.
        folder: A new folder.
        wishes: Which notices.
        progress: Told the name of each file.

    Raises:
        TrialError: A file, the deployment or a text cannot be used; no folder is left.
    """
    details = read_notice_details(files.details)
    order = NoticeOrder(
        languages=tuple(dict.fromkeys(wishes.languages)) or languages_there(),
        sheets=(*STANDARD, SheetKind.LARGE_PRINT) if wishes.large_print else STANDARD,
        time_zone=settings.time_zone,
        street=street_of(files.zone, files.route),
        site_id=wishes.site_id,
    )
    now = SystemClock().now()

    def told() -> Iterator[tuple[str, bytes]]:
        with open_reader(settings) as reading:
            policies = policies_of(settings)
            for file in make_notices(
                reading, policies, deployment_id, details, order, notice_works(settings), now
            ):
                progress(file.name)
                yield file.name, file.content

    return write_new_folder(folder, told())


def check_all(
    settings: Settings,
    files: NoticeFiles | None = None,
    deployment_id: str | None = None,
    *,
    languages: tuple[str, ...] = (),
) -> NoticesChecked:
    """Return whether the notices can be printed in every language, and read.

    Args:
        settings: Of this machine.
        files: Details of the force, zone, way round; a sample without them.
        deployment_id: Whose notices; those of a sample that uses everything without one.
        languages: Only these; all without any.

    Raises:
        TrialError: A file or the deployment cannot be used.
    """
    details = read_notice_details(files.details) if files else SAMPLE_DETAILS
    street = street_of(files.zone, files.route) if files else _SAMPLE_STREET
    facts = _facts(settings, deployment_id)
    now = SystemClock().now().astimezone(UTC)
    works = notice_works(settings)
    checks = check_notices(facts, details, street, works, now, languages=languages)
    sentences = [text.value for text in NoticeText]
    aim = [facts.aim] if facts.aim else []
    return NoticesChecked(tuple(checks), reading_age([*sentences, *aim]))


def street_of(zone: Path | None, route: Path | None) -> NoticeMap | None:
    """Return the map that files describe, or None without any.

    Args:
        zone: GeoJSON of a polygon, or None.
        route: GeoJSON of a line, or None.

    Raises:
        NoticeMapInvalidError: A file or its shape cannot be used, or a route has no zone.
    """
    if zone is None:
        if route is not None:
            msg = "a way round is shown on a map of the zone: expected a zone too"
            raise NoticeMapInvalidError(msg)
        return None
    way = None if route is None else route_of(read_geojson(route))
    return NoticeMap(zone_of(read_geojson(zone)), way)


def shelf_of(settings: Settings) -> NoticeShelf:
    """Return where the notices that the console made lie; they can be made again at any time.

    Args:
        settings: Of this machine.
    """
    return NoticeShelf(settings.cache / "notices")


def details_sent(content: bytes) -> NoticeDetails:
    """Return the details of a file that was sent.

    Args:
        content: TOML.

    Raises:
        NoticeDetailsInvalidError: It cannot be used; the message lists every problem.
    """
    return parse_notice_details(content, "that was sent")


def shape_sent(content: bytes, *, is_route: bool = False) -> object:
    """Return the GeoJSON of a file that was sent, once it has shown to be a zone or a way round.

    Args:
        content: GeoJSON.
        is_route: Whether it shall be a way round, and no zone.

    Raises:
        NoticeMapInvalidError: It is none that can be used.
    """
    parsed = parse_geojson(content, "that was sent")
    _ = route_of(parsed) if is_route else zone_of(parsed)
    return parsed


def points_sent(content: bytes) -> object:
    """Return the GeoJSON of planned signs that was sent, as parsed.

    Args:
        content: GeoJSON.

    Raises:
        NoticeMapInvalidError: It cannot be read.
    """
    return parse_geojson(content, "that was sent")


def _facts(settings: Settings, deployment_id: str | None) -> NoticeFacts:
    if deployment_id is None:
        return sample_facts(policies_of(settings).current(), SystemClock().now())
    with open_reader(settings) as reading, reading() as uow:
        deployment = uow.deployments.get(deployment_id)
    policy = policies_of(settings).get(deployment.policy_hash)
    return notice_facts(deployment, policy, time_zone=settings.time_zone)


def notice_works(settings: Settings) -> NoticeWorks:
    """Return what notices are made with: catalogues, press, map.

    Args:
        settings: Of this machine; in a demonstration's home every notice says that it is one.
    """
    is_demo = is_demonstration(settings)
    return NoticeWorks(Catalogues(), TypstPress(), lambda street: draw_map(street).svg, is_demo)
