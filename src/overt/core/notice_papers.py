"""What a deployment's notices are made of, as it is kept: the force's details, zone, way round."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.geojson import route_of, zone_of
from overt.core.notice_details import NoticeDetails, TranslationApproval
from overt.core.notice_map import NoticeMap

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_TEXTS = ("force", "contact", "complaints", "regulator", "page_url")


@dataclass(frozen=True, slots=True)
class NoticePapers:
    """What somebody has saved for the notices of a deployment.

    Attributes:
        deployment_id: Whose notices.
        saved_by: Who saved it last.
        saved_at: When, aware UTC.
        document: JSON: texts, words in other languages, zone and way round.
    """

    deployment_id: str
    saved_by: str
    saved_at: datetime
    document: str


@dataclass(frozen=True, slots=True)
class ReviewedTranslation:
    """That an authorising officer has approved what a language's catalogue says.

    Attributes:
        catalogue_sha256: Digest of the catalogue that was read; another one is not approved by it.
        language: Its code.
        approved_by: Who answers for it.
        approved_at: When, aware UTC.
    """

    catalogue_sha256: str
    language: str
    approved_by: str
    approved_at: datetime


def papers_document(details: NoticeDetails, zone: object = None, route: object = None) -> str:
    """Return what is kept of details and map; reviewed translations are kept for themselves.

    Args:
        details: What the force adds.
        zone: GeoJSON of the zone on the ground, as parsed, or None.
        route: GeoJSON of a way round it, as parsed, or None.
    """
    texts: dict[str, object] = {name: getattr(details, name) for name in _TEXTS}
    words = {language: dict(said) for language, said in details.words.items()}
    document = {**texts, "words": words, "zone": zone, "route": route}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def shapes_of(document: str) -> tuple[object, object]:
    """Return the zone and the way round that a document holds, as parsed GeoJSON or None.

    Args:
        document: From ``papers_document``.
    """
    held = json.loads(document)
    return held["zone"], held["route"]


def details_of(document: str, reviewed: Iterable[ReviewedTranslation] = ()) -> NoticeDetails:
    """Return the details that a document holds.

    Args:
        document: From ``papers_document``.
        reviewed: Translations that were approved, oldest first; the last of a language counts.
    """
    held = json.loads(document)
    details = NoticeDetails(**{name: held[name] for name in _TEXTS}, words=held["words"])
    approvals = {
        one.language: TranslationApproval(
            one.catalogue_sha256, one.approved_by, one.approved_at.date()
        )
        for one in reviewed
    }
    return replace(details, approvals=approvals)


def street_of(document: str) -> NoticeMap | None:
    """Return the map that a document holds, or None without a zone.

    Args:
        document: From ``papers_document``.
    """
    zone, route = shapes_of(document)
    if zone is None:
        return None
    return NoticeMap(zone_of(zone), None if route is None else route_of(route))
