"""The audit log's values: an event, the line that keeps it, and the hash that ties it in.

A line is the canonical JSON of one event with its number and the hash of the
line before. The hash of a line is its leaf hash in the log's tree, so that one
function serves the chain and the tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from overt.core.audit_events import EVENT_FIELDS, EventKind
from overt.core.canonical_json import canonical_json, parse_json
from overt.core.personal_data import refuse_personal
from overt.core.transparency import HASH_BYTES, leaf_hash
from overt.errors import AuditChainBrokenError, AuditEventInvalidError, TrialError

if TYPE_CHECKING:
    from overt.core.canonical_json import JsonValue

FIRST_PREVIOUS_HASH = bytes(HASH_BYTES)
"""What the first line names as the hash of the line before: zeros."""

SYSTEM_ACTOR = "system"
"""Who acts where the software does by itself: an automatic stop, the purge worker."""

UNKNOWN_ACTOR = "unknown"
"""Who asked where nobody has an account of the identifier that was given."""

PUBLIC_ACTOR = "public"
"""Who acts where somebody without an account uses a page for everybody."""

MAX_LINE_BYTES = 32_768
NO_RECORD = "its line was changed: it is not written as a record of this log"

_FIELDS = {
    "actor_id": str,
    "deployment_id": str | None,
    "details": dict,
    "kind": str,
    "occurred_at": str,
    "previous_hash": str,
    "seq": int,
}
_HASH_SHAPE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that was decided, set, seen, exported or deleted.

    Attributes:
        kind: What happened: one of ``EventKind``.
        occurred_at: When; aware, UTC.
        actor_id: Who did it: an identifier, never a name; ``SYSTEM_ACTOR`` for the software.
        deployment_id: Which deployment it belongs to, if any.
        details: The fields that the kind always has, and more; counts, identifiers
            and short texts. Sequences are kept as tuples.
    """

    kind: str
    occurred_at: datetime
    actor_id: str
    deployment_id: str | None = None
    details: Mapping[str, JsonValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what has no place in a line; what a kind must have is checked when it is logged.

        Raises:
            AuditEventInvalidError: No kind, a naive or foreign time, no actor, or an
                empty deployment.
        """
        if not self.kind or not self.actor_id or self.deployment_id == "":
            msg = "an event has a kind, an actor, and a deployment or None"
            raise AuditEventInvalidError(msg)
        if self.occurred_at.utcoffset() != timedelta(0):
            msg = f"{self.kind}: the time of an event is aware and UTC"
            raise AuditEventInvalidError(msg)
        object.__setattr__(self, "details", {k: _frozen(v) for k, v in self.details.items()})


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in its place.

    Attributes:
        seq: Its number, which is its leaf index in the tree; the first is 0.
        event: What happened.
        previous_hash: Hash of the line before; zeros for the first.
        hash: Leaf hash of its own line.
    """

    seq: int
    event: AuditEvent
    previous_hash: bytes
    hash: bytes


def check_event(event: AuditEvent) -> None:
    """Refuse an event that the log must not keep.

    Lines that were written by another release are read without this check: its list
    of kinds may be another.

    Args:
        event: What is about to be logged.

    Raises:
        AuditEventInvalidError: The kind is unknown, or a field that it always has is missing.
        PersonalDataInLogError: The details could hold a face, a template or a name.
    """
    if event.kind not in EVENT_FIELDS:
        msg = f"the audit log knows no event called {event.kind}"
        raise AuditEventInvalidError(msg)
    fields = EVENT_FIELDS[EventKind(event.kind)]
    if missing := [name for name in fields if name not in event.details]:
        msg = f"{event.kind}: the details lack {', '.join(missing)}"
        raise AuditEventInvalidError(msg)
    refuse_personal(event.details)


def log_line(seq: int, event: AuditEvent, previous_hash: bytes) -> bytes:
    """Return the line that keeps an event: canonical JSON (RFC 8785), without a line break.

    Args:
        seq: Its number, from 0.
        event: What happened.
        previous_hash: Hash of the line before, 32 bytes; zeros for the first.

    Raises:
        AuditEventInvalidError: The kind is unknown, a field is missing, or the line
            would be longer than 32,768 bytes.
        PersonalDataInLogError: The details could hold a face, a template or a name.
        JsonInvalidError: A detail has no JSON form.
    """
    check_event(event)
    line = _line(seq, event, previous_hash)
    if len(line) > MAX_LINE_BYTES:
        msg = f"{event.kind}: a line of the log has at most {MAX_LINE_BYTES} bytes"
        raise AuditEventInvalidError(msg)
    return line


def line_of(logged: LoggedEvent) -> bytes:
    """Return the line that an event was read from.

    Args:
        logged: From the log.
    """
    return _line(logged.seq, logged.event, logged.previous_hash)


def read_line(line: bytes) -> LoggedEvent | None:
    """Return the event of a line with the number that it gives itself; None where it is no line.

    Args:
        line: Without its line break.
    """
    try:
        logged = _logged(parse_json(line), line)
        is_canonical = line_of(logged) == line
    except (ValueError, TypeError, KeyError, RecursionError, TrialError):
        return None
    return logged if is_canonical else None


def parse_line(line: bytes, seq: int) -> LoggedEvent:
    """Return the event of a line that must have a certain number.

    Args:
        line: Without its line break.
        seq: The number that it must have.

    Raises:
        AuditChainBrokenError: The line is not one that :func:`log_line` writes for that number.
    """
    logged = read_line(line)
    if logged is None:
        raise broken(seq, NO_RECORD)
    if logged.seq != seq:
        raise broken(seq, f"event {logged.seq} stands here")
    return logged


def broken(seq: int, what: str) -> AuditChainBrokenError:
    """Return the error that names where the log is damaged, and how.

    Args:
        seq: Number of the first event that is not as it was recorded.
        what: What is wrong there.
    """
    return AuditChainBrokenError(f"event {seq}: {what}", seq=seq, what=what)


def _line(seq: int, event: AuditEvent, previous_hash: bytes) -> bytes:
    return canonical_json(
        {
            "actor_id": event.actor_id,
            "deployment_id": event.deployment_id,
            "details": event.details,
            "kind": str(event.kind),
            "occurred_at": event.occurred_at.isoformat(timespec="microseconds").replace(
                "+00:00", "Z"
            ),
            "previous_hash": previous_hash.hex(),
            "seq": seq,
        }
    )


def _logged(document: dict[str, Any], line: bytes) -> LoggedEvent:
    wrong = [name for name, kind in _FIELDS.items() if not isinstance(document[name], kind)]
    seq = document["seq"]
    if wrong or document.keys() != _FIELDS.keys() or seq < 0 or type(seq) is bool:
        msg = "the fields are not those of a line"
        raise ValueError(msg)
    if not _HASH_SHAPE.fullmatch(document["previous_hash"]):
        msg = "the hash is not written as in a line"
        raise ValueError(msg)
    event = AuditEvent(
        kind=document["kind"],
        occurred_at=datetime.fromisoformat(document["occurred_at"]).astimezone(UTC),
        actor_id=document["actor_id"],
        deployment_id=document["deployment_id"],
        details=document["details"],
    )
    return LoggedEvent(
        document["seq"], event, bytes.fromhex(document["previous_hash"]), leaf_hash(line)
    )


def _frozen(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping):
        return {key: _frozen(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_frozen(inner) for inner in value)
    return value
