"""Questions and answers as a record publishes them: as written, each as its log says (R-64)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.thread import as_asked
from overt.errors import FiguresDifferError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.thread import Message
    from overt.ports.store import UnitOfWork

_READ_AT_ONCE = 1000
_KINDS = frozenset({EventKind.QUESTION_ASKED, EventKind.QUESTION_ANSWERED})


def questions_to_publish(uow: UnitOfWork, deployment_id: str) -> list[dict[str, object]]:
    """Return questions with their answers, oldest first, unedited; nobody is named.

    One that was withdrawn tells when, in place of its words.

    Args:
        uow: An open unit of work.
        deployment_id: About which deployment.

    Raises:
        FiguresDifferError: A text is not the one whose digest was logged when it was written.
    """
    digests = _logged_digests(uow, deployment_id)
    return [
        {
            **_published(asked.question, digests, "asked_at"),
            "answers": [_published(answer, digests, "answered_at") for answer in asked.answers],
        }
        for asked in as_asked(uow.messages.of_deployment(deployment_id))
    ]


def _logged_digests(uow: UnitOfWork, deployment_id: str) -> dict[str, str]:
    wanted = AuditSearch(kinds=_KINDS, deployment_id=deployment_id)
    digests: dict[str, str] = {}
    before: int | None = None
    while found := uow.audit.search(wanted, before=before, limit=_READ_AT_ONCE):
        for logged in found:
            details = logged.event.details
            digests[str(details["message_id"])] = str(details["message_sha256"])
        before = found[-1].seq
    return digests


def _published(message: Message, digests: dict[str, str], moment: str) -> dict[str, object]:
    digest = hashlib.sha256(message.text.encode()).hexdigest()
    if digest != digests.get(message.message_id):
        msg = f"{message.message_id} is not what was written by the log"
        raise FiguresDifferError(msg, message_id=message.message_id)
    told: dict[str, object] = {moment: _utc(message.written_at), "sha256": digest}
    if message.withdrawn_at is not None:
        return told | {"withdrawn_at": _utc(message.withdrawn_at)}
    return told | {"text": message.text}


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
