"""Builders: what a force adds, and the facts of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.core import governed as g

from overt.core.notice_details import NoticeDetails
from overt.core.notice_facts import notice_facts

if TYPE_CHECKING:
    from overt.core.deployment import Deployment
    from overt.core.notice_facts import NoticeFacts


def some_details(**changes: object) -> NoticeDetails:
    """Return what a force adds."""
    values = {
        "force": "Example Police",
        "contact": "101",
        "complaints": "Professional Standards",
        "regulator": "",
        "page_url": "https://police.example/lfr/{deployment}",
    }
    return NoticeDetails(**(values | changes))


def some_facts(deployment: Deployment | None = None, **options: object) -> NoticeFacts:
    """Return the facts of a deployment with an approved list."""
    chosen = {"time_zone": "Europe/London"} | options
    return notice_facts(deployment or g.with_watchlist(), g.POLICY, **chosen)
