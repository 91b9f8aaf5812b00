from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.unit.core import governed as g

from overt.core.ground import Position
from overt.core.notice_details import NoticeDetails
from overt.core.notice_papers import (
    ReviewedTranslation,
    details_of,
    papers_document,
    shapes_of,
    street_of,
)
from overt.errors import NoticeMapInvalidError

DETAILS = NoticeDetails(
    "Heddlu",
    "101",
    "PO Box 7",
    "",
    "https://police.example/{deployment}",
    words={"cy": {"Square": "Sgwâr"}},
)
ZONE = {
    "type": "Polygon",
    "coordinates": [[[-0.1, 51.5], [-0.099, 51.5], [-0.099, 51.5004], [-0.1, 51.5]]],
}
ROUTE = {"type": "LineString", "coordinates": [[-0.101, 51.4995], [-0.098, 51.4995]]}


def test_details_come_back_as_they_were_kept():
    """Words in other languages too; nothing is approved by it."""
    assert details_of(papers_document(DETAILS)) == DETAILS


def test_the_latest_approval_of_a_language_counts():
    """R-61: a digest a language; an older text is not approved by it any more."""
    first = ReviewedTranslation("a" * 64, "cy", "authority-1", g.OPENS)
    later = ReviewedTranslation("b" * 64, "cy", "authority-2", g.OPENS + timedelta(days=1))
    details = details_of(papers_document(DETAILS), (first, later))

    assert details.approves("cy", "b" * 64)
    assert not details.approves("cy", "a" * 64)
    assert details.approvals["cy"].approved_on == date(2026, 3, 4)


def test_a_map_comes_back_as_it_was_kept():
    """Zone and way round; without a zone there is no map."""
    document = papers_document(DETAILS, ZONE, ROUTE)
    street, zone_alone = street_of(document), street_of(papers_document(DETAILS, ZONE))

    assert shapes_of(document) == (ZONE, ROUTE)
    assert street is not None
    assert street.route is not None
    assert street.route.points[0] == Position(51.4995, -0.101)
    assert zone_alone is not None
    assert zone_alone.route is None
    assert street_of(papers_document(DETAILS)) is None


def test_a_map_that_cannot_be_used_is_refused():
    """Before it is kept."""
    with pytest.raises(NoticeMapInvalidError):
        street_of(papers_document(DETAILS, ROUTE))
