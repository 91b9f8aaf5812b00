"""Make a deployment's notices from what was saved for them, keep them, and log it (R-61)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.notice_papers import details_of, street_of
from overt.errors import NoticeDetailsInvalidError
from overt.services.make_notices import CONTENTS, NoticeOrder, make_notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from overt.core.canonical_json import JsonValue
    from overt.core.notice_words import SheetKind
    from overt.services.make_notices import NoticeFile, NoticeWorks
    from overt.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class WantedNotices:
    """Which notices somebody asks for.

    Attributes:
        languages: Codes, at least one.
        sheets: Which of them.
        site_id: Of one site only, or None for all.
        time_zone: IANA name for the end of a rehearsal, which has no sites.
    """

    languages: tuple[str, ...]
    sheets: tuple[SheetKind, ...]
    site_id: str | None
    time_zone: str


def make_kept_notices(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    wanted: WantedNotices,
    works: NoticeWorks,
    keep: Callable[[Iterable[tuple[str, bytes]]], int],
    progress: Callable[[str], None] = lambda _: None,
) -> int:
    """Return how many files were made and kept; the log holds the digest of their list.

    Args:
        workplace: Store, time, rules.
        actor_id: Who asks; see ``notice_papers.require_maker``.
        deployment_id: Authorised or later.
        wanted: Which notices.
        works: Languages, press, map.
        keep: Reads files while they are made, keeps all of them or none, and counts them.
        progress: Told the name of each file.

    Raises:
        NoticeDetailsInvalidError: Nothing was saved for this deployment's notices.
        RecordNotFoundError: There is no such deployment, or its policy was not kept here.
        WrongStateError: It is not authorised yet, or was called off.
        NoticeInvalidError: The site is none of the application's.
        NoticeLanguageUnknownError: There is no catalogue for a language.
        NoticeTextUnfitError: A text does not fit, or no font has one of its letters.
        OutputUnwritableError: The files cannot be kept.
    """
    with workplace.open() as uow:
        papers, approved = uow.papers.get_or_none(deployment_id), uow.papers.approved()
    if papers is None:
        msg = "save what the notices say of the force first"
        raise NoticeDetailsInvalidError(msg)
    order = NoticeOrder(
        wanted.languages,
        wanted.sheets,
        wanted.time_zone,
        street_of(papers.document),
        wanted.site_id,
    )
    now = workplace.clock.now()
    details = details_of(papers.document, approved)
    files = make_notices(
        workplace.open, workplace.policies, deployment_id, details, order, works, now
    )
    digest = ""

    def told(made: Iterator[NoticeFile]) -> Iterator[tuple[str, bytes]]:
        nonlocal digest
        for file in made:
            progress(file.name)
            if file.name == CONTENTS:
                digest = hashlib.sha256(file.content).hexdigest()
            yield file.name, file.content

    n_files = keep(told(files))
    logged: dict[str, JsonValue] = {
        "n_files": n_files,
        "contents_sha256": digest,
        "languages": wanted.languages,
    }
    with workplace.open() as uow:
        kind = EventKind.NOTICES_MADE
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, logged))
        uow.commit()
    return n_files
