"""Check the notices before they are printed: every language, every page, in the worst case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.authority import Window
from overt.core.notice_details import NoticeDetails
from overt.core.notice_facts import NoticeFacts, SiteTimes
from overt.core.notice_sheets import notice_sheet
from overt.core.notice_words import SheetKind
from overt.errors import TrialError
from overt.services.make_notices import reviewed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from overt.core.notice_map import NoticeMap
    from overt.core.policy import Policy
    from overt.services.make_notices import NoticeWorks

SAMPLE_DETAILS = NoticeDetails(
    force="Police of Example and District",
    contact="101, lfr@police.example, PO Box 7, Exampletown EX1 1EX",
    complaints="Professional Standards, PO Box 7, Exampletown EX1 1EX, police.example/complain",
    regulator="the Information Commissioner, ico.org.uk, 0303 123 1113",
    page_url="https://police.example/lfr/{deployment}",
)
"""A force as long-winded as forces are."""

_SAMPLE_PLACE = "High Street, from the railway station to the corner of Market Square"
_SAMPLE_AIM = "Find people whom the courts want for crimes of violence, in the place they come to."
_SAMPLE_LIST = 12345
_SAMPLE_DAYS = 5


@dataclass(frozen=True, slots=True)
class LanguageCheck:
    """What became of one language.

    Attributes:
        code: Which.
        sha256: Digest of its catalogue, which an approval names; blank if it cannot be read.
        is_reviewed: Whether the force has approved it, as it is now.
        n_pages: Pages of each sheet that could be printed.
        problems: Codes and messages of what could not; empty where all is well.
    """

    code: str
    sha256: str
    is_reviewed: bool
    n_pages: Mapping[SheetKind, int]
    problems: tuple[str, ...]


def sample_facts(policy: Policy, now: datetime) -> NoticeFacts:
    """Return the facts of a deployment that uses all that a policy allows.

    Args:
        policy: Whose categories and reasons are all used.
        now: First of its days, aware UTC.
    """
    days = [now + timedelta(days=n) for n in range(_SAMPLE_DAYS)]
    windows = tuple(Window(day, day + timedelta(hours=6)) for day in days)
    rules = policy.retention
    return NoticeFacts(
        deployment_id="deployment-01",
        policy_hash=policy.digest(),
        is_rehearsal=False,
        sites=tuple(SiteTimes(_SAMPLE_PLACE, "Europe/London", windows) for _ in range(2)),
        reasons=policy.location.reasons.enabled,
        aim=_SAMPLE_AIM,
        categories=policy.watchlist.categories.keys,
        n_listed=_SAMPLE_LIST,
        is_counted=False,
        nonmatch=rules.nonmatch,
        alert=rules.alert,
        watchlist=rules.watchlist,
        footage=rules.footage,
    )


def check_notices(
    facts: NoticeFacts,
    details: NoticeDetails,
    street: NoticeMap | None,
    works: NoticeWorks,
    now: datetime,
    *,
    languages: tuple[str, ...] = (),
) -> Iterator[LanguageCheck]:
    """Yield what became of every language, English first.

    Args:
        facts: Of a deployment, or of a sample.
        details: What the force adds.
        street: Map, or None.
        works: Languages and press.
        now: When it is checked, aware UTC.
        languages: Only these; all without any.
    """
    for code in languages or works.languages.codes():
        try:
            language = works.languages.get(code, details.words.get(code))
        except TrialError as error:
            yield LanguageCheck(code, "", is_reviewed=False, n_pages={}, problems=(_said(error),))
            continue
        n_pages, problems = {}, []
        is_reviewed = reviewed(language, details)
        for kind in SheetKind:
            sheet = notice_sheet(kind, facts, details, street)
            try:
                made = works.press.print_sheet(sheet, language, is_reviewed=is_reviewed, now=now)
                n_pages[kind] = len(made.pages_png)
            except TrialError as error:
                problems.append(_said(error))
        yield LanguageCheck(code, language.sha256, is_reviewed, n_pages, tuple(problems))


def _said(error: TrialError) -> str:
    return f"{error.message} [{error.code}]"
