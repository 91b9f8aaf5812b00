"""Close a request, and erase what was asked and answered once its time is over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.public_request import CloseCode, closed, is_close_due
from overt.errors import RemainsFoundError
from overt.services.decide_request import decide_request

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.public_request import PublicRequest
    from overt.ports.purge import DiskScan, StoreEraser
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.decide_request import Decided
    from overt.services.workplace import Workplace

MARKED = "public-requests"
"""Under what the marks of erased texts are kept: one file for all of them."""


def close_request(
    workplace: Workplace, actor_id: str, request_id: str, code: CloseCode
) -> PublicRequest:
    """Return a request that is closed; from now on its words have a last day.

    Args:
        workplace: Store, time, rules.
        actor_id: A trained auditor.
        request_id: Answered, or open and to be closed without an answer.
        code: Why.

    Raises:
        RuleError: Not allowed, or not for this reason; the refusal has been logged.
        RecordNotFoundError: There is no such request or actor.
    """

    def decide(_: UnitOfWork, request: PublicRequest, now: datetime) -> Decided:
        after = closed(request, code, actor_id, now, workplace.policies.current().requests)
        return after, EventKind.REQUEST_CLOSED, {"close_code": code.value}

    return decide_request(workplace, actor_id, request_id, "close a request", decide)


def close_answered(workplace: Workplace, reading: UnitOfWorkFactory) -> int:
    """Return how many answered requests were closed, as nobody has come back to them for long.

    Args:
        workplace: Store, time, rules.
        reading: Opens a unit of work that only looks.

    Raises:
        TrialError: The store cannot be read or written.
    """
    now, rules = workplace.clock.now(), workplace.policies.current().requests
    with reading() as uow:
        if not any(is_close_due(r, now, rules) for r in uow.requests.answered()):
            return 0
    with workplace.open() as uow:
        due = [r for r in uow.requests.answered() if is_close_due(r, now, rules)]
        code = CloseCode.ANSWERED
        for request in due:
            uow.requests.save(closed(request, code, None, now, rules))
            details = {"request_id": request.request_id, "close_code": code.value}
            kind = EventKind.REQUEST_CLOSED
            uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, None, details))
        uow.commit()
    return len(due)


def erase_closed(workplace: Workplace, reading: UnitOfWorkFactory, scan: DiskScan) -> int:
    """Return of how many closed requests the texts and keys were erased, as their time was over.

    Marks of the encrypted texts are kept first, so that whoever rewrites the store's files can
    show that nothing of them is left.

    Args:
        workplace: Store, time.
        reading: Opens a unit of work that only looks.
        scan: Keeps the marks.

    Raises:
        TrialError: The store cannot be read or written, or the marks cannot be kept.
    """
    now = workplace.clock.now()
    with reading() as uow:
        due = uow.requests.erase_due(now)
        if not due:
            return 0
        kept = (c for r in due for c in uow.request_texts.ciphertexts(r.request_id))
        scan.mark(MARKED, kept)
    with workplace.open() as uow:
        for request in due:
            n_texts = uow.request_texts.erase(request.request_id)
            uow.requests.save(replace(request, erased_at=now))
            details: dict[str, JsonValue] = {
                "request_id": request.request_id,
                "n_texts": n_texts,
            }
            kind = EventKind.REQUEST_ERASED
            uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, None, details))
        uow.commit()
    return len(due)


def is_erased_left(scan: DiskScan) -> bool:
    """Return whether a file still holds encrypted bytes of what was erased.

    Args:
        scan: Searches the disk.

    Raises:
        TrialError: A file cannot be read.
    """
    report = scan.search_marked(MARKED)
    return report is not None and bool(report.remains)


def forget_erased(eraser: StoreEraser, scan: DiskScan) -> None:
    """Rewrite the store's files, and show that nothing of what was erased is left in any file.

    Args:
        eraser: Makes the store's files forget.
        scan: Searches the disk.

    Raises:
        RemainsFoundError: Something is left.
        TrialError: The files cannot be rewritten or read.
    """
    eraser.erase()
    report = scan.search_marked(MARKED)
    if report is not None and report.remains:
        places = ", ".join(sorted({remains.file for remains in report.remains}))
        msg = f"of erased requests, expected no remains; found {len(report.remains)} in {places}"
        raise RemainsFoundError(msg)
