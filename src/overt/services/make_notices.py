"""Make the notices of a deployment from its own record (R-57, R-60, R-61, R-63)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.ground import Position
from overt.core.notice_facts import notice_facts
from overt.core.notice_map import MAX_EXTENT_M
from overt.core.notice_sheets import notice_sheet
from overt.core.notice_social import long_post, short_post
from overt.core.notice_texts import NoticeText
from overt.core.notice_words import SheetKind, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.notice_details import NoticeDetails
    from overt.core.notice_facts import NoticeFacts
    from overt.core.notice_map import NoticeMap
    from overt.ports.notices import NoticeLanguage, NoticeLanguages, NoticePress
    from overt.ports.policies import Policies
    from overt.ports.store import UnitOfWorkFactory

STANDARD = (SheetKind.POSTER_A2, SheetKind.POSTER_A4, SheetKind.LEAFLET, SheetKind.CARD)
"""What is made without being asked for: all but the large print."""

CONTENTS = "notices.json"
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class NoticeOrder:
    """Which notices are wanted.

    Attributes:
        languages: Codes of languages, each once.
        sheets: Which of them.
        time_zone: IANA name for the end of a rehearsal, which has no sites.
        street: Map of the place, or None.
        site_id: Of one site only, or None for all.
    """

    languages: tuple[str, ...]
    sheets: tuple[SheetKind, ...]
    time_zone: str
    street: NoticeMap | None = None
    site_id: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """One file of the notices.

    Attributes:
        name: With its folder: ``cy/poster-a4.pdf``.
        content: Its bytes.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NoticeWorks:
    """What notices are made with.

    Attributes:
        languages: Catalogues.
        press: Sets them on their pages.
        draw: Draws the map as SVG.
        is_demonstration: Whether a demonstration made this home: every notice says so.
    """

    languages: NoticeLanguages
    press: NoticePress
    draw: Callable[[NoticeMap], str]
    is_demonstration: bool = False


def make_notices(
    reading: UnitOfWorkFactory,
    policies: Policies,
    deployment_id: str,
    details: NoticeDetails,
    order: NoticeOrder,
    works: NoticeWorks,
    now: datetime,
) -> Iterator[NoticeFile]:
    """Yield every file of a deployment's notices, and last the list of them.

    Nothing of a person is in them. A translation that nobody of the force has reviewed, as it
    is now, says so on every page.

    Args:
        reading: Opens a unit of work that only looks.
        policies: The rules.
        deployment_id: Authorised or later.
        details: What the force adds.
        order: Which notices.
        works: Languages, press, map.
        now: When they are made, aware UTC.

    Yields:
        One file after the other; a language is complete before the next begins.

    Raises:
        RecordNotFoundError: There is no such deployment, or its policy was not kept here.
        WrongStateError: It is not authorised yet, or was called off.
        NoticeInvalidError: The site is none of the application's.
        NoticeLanguageUnknownError: There is no catalogue for a language.
        NoticeTextUnfitError: A text does not fit, or no font has one of its letters.
    """
    with reading() as uow:
        deployment = uow.deployments.get(deployment_id)
    policy = policies.get(deployment.policy_hash)
    facts = notice_facts(deployment, policy, time_zone=order.time_zone, site_id=order.site_id)
    facts = replace(facts, is_demonstration=works.is_demonstration)
    street = with_signs(order.street, deployment, order.site_id)
    listed: list[dict[str, object]] = []
    spoken = [(works.languages.get(code, details.words.get(code))) for code in order.languages]
    for language in spoken:
        is_reviewed = reviewed(language, details)
        for file in _of_language(
            facts,
            details,
            replace(order, street=street),
            works,
            language,
            is_reviewed=is_reviewed,
            now=now,
        ):
            listed.append(_entry(file, language, is_reviewed=is_reviewed))
            yield file
    if street is not None:
        drawn = NoticeFile("map.svg", works.draw(street).encode())
        listed.append({"file": drawn.name, "sha256": _sha256(drawn.content)})
        yield drawn
    yield _contents(facts, details, listed, now)


def with_signs(
    street: NoticeMap | None, deployment: Deployment, site_id: str | None
) -> NoticeMap | None:
    """Return a map with the signs that stand near its zone.

    Args:
        street: As given, or None.
        deployment: With its signs.
        site_id: Only signs of this site, or None for all.
    """
    if street is None:
        return None
    standing = [
        Position(sign.latitude_deg, sign.longitude_deg)
        for sign in deployment.notices
        if sign.removed_at is None and site_id in {None, sign.site_id}
    ]
    near = [sign for sign in standing if street.zone.distance_m(sign) < MAX_EXTENT_M / 2]
    return replace(street, signs=tuple(dict.fromkeys([*street.signs, *near])))


def reviewed(language: NoticeLanguage, details: NoticeDetails) -> bool:
    """Return whether somebody of the force has read what a language's catalogue says now.

    Args:
        language: English is the source and needs no review.
        details: With the approvals.
    """
    return language.code == SOURCE_LANGUAGE or details.approves(language.code, language.sha256)


def _of_language(
    facts: NoticeFacts,
    details: NoticeDetails,
    order: NoticeOrder,
    works: NoticeWorks,
    language: NoticeLanguage,
    *,
    is_reviewed: bool,
    now: datetime,
) -> Iterator[NoticeFile]:
    folder = language.code
    for kind in order.sheets:
        sheet = notice_sheet(kind, facts, details, order.street)
        made = works.press.print_sheet(sheet, language, is_reviewed=is_reviewed, now=now)
        yield NoticeFile(f"{folder}/{kind.value}.pdf", made.pdf)
        for number, page in enumerate(made.pages_png, start=1):
            suffix = f"-{number}" if len(made.pages_png) > 1 else ""
            yield NoticeFile(f"{folder}/{kind.value}{suffix}.png", page)
    marks = [NoticeText.DEMONSTRATION] if facts.is_demonstration else []
    marks += [] if is_reviewed else [NoticeText.TO_BE_REVIEWED]
    mark = "".join(f"[{language.say(Words(text))}]\n" for text in marks)
    for name, post in (("short", short_post), ("long", long_post)):
        text = post(facts, details, language.say, language.written)
        yield NoticeFile(f"{folder}/social-{name}.txt", f"{mark}{text}".encode())


def _entry(file: NoticeFile, language: NoticeLanguage, *, is_reviewed: bool) -> dict[str, object]:
    return {
        "file": file.name,
        "sha256": _sha256(file.content),
        "language": language.code,
        "is_reviewed": is_reviewed,
        "catalogue_sha256": language.sha256,
    }


def _contents(
    facts: NoticeFacts, details: NoticeDetails, listed: list[dict[str, object]], now: datetime
) -> NoticeFile:
    document = {
        "deployment": facts.deployment_id,
        "policy": facts.policy_hash,
        "page": details.url_of(facts.deployment_id),
        "made_at": now.isoformat(timespec="seconds"),
        "files": listed,
    }
    return NoticeFile(
        CONTENTS, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
