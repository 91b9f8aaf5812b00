"""The audit log's values: an event, the line that keeps it, and the hash that ties it in.

A line is the canonical JSON of one event with its number and the hash of the
line before. The hash of a line is its leaf hash in the log's tree, so that one
function serves the chain and the tree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from overt.core.audit_events import EVENT_FIELDS, EventKind
from overt.core.canonical_json import canonical_json
from overt.core.personal_data import refuse_personal
from overt.core.transparency import HASH_BYTES, leaf_hash
from overt.errors import AuditChainBrokenError, AuditEventInvalidError, TrialError

if TYPE_CHECKING:
    from overt.core.canonical_json import JsonValue

FIRST_PREVIOUS_HASH = bytes(HASH_BYTES)
"""What the first line names as the hash of the line before: zeros."""

SYSTEM_ACTOR = "system"
"""Who acts where the software does by itself: an automatic stop, the purge worker."""

MAX_LINE_BYTES = 32_768

_FIELDS = {"actor_id", "deployment_id", "details", "kind", "occurred_at", "previous_hash", "seq"}
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_TIME_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_HASH_SHAPE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that was decided, set, seen, exported or deleted.

    Attributes:
        kind: What happened.
        occurred_at: When; aware, UTC.
        actor_id: Who did it: an identifier, never a name; ``SYSTEM_ACTOR`` for the software.
        deployment_id: Which deployment it belongs to, if any.
        details: The fields that the kind always has, and more; counts, identifiers
            and short texts. Sequences are kept as tuples.
    """

    kind: EventKind
    occurred_at: datetime
    actor_id: str
    deployment_id: str | None = None
    details: Mapping[str, JsonValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an event that the log must not or cannot keep.

        Raises:
            AuditEventInvalidError: An unknown kind, a naive time, no actor, a
                missing field, or a value without a JSON form.
            PersonalDataInLogError: The details could hold a face, a template or a name.
        """
        if self.kind not in EVENT_FIELDS:
            msg = f"the audit log knows no event called {self.kind!r}"
            raise AuditEventInvalidError(msg)
        if self.occurred_at.utcoffset() != timedelta(0):
            msg = f"{self.kind}: the time of an event is aware and UTC"
            raise AuditEventInvalidError(msg)
        if not self.actor_id or self.deployment_id == "":
            msg = f"{self.kind}: an event has an actor, and a deployment or None"
            raise AuditEventInvalidError(msg)
        if missing := [name for name in EVENT_FIELDS[self.kind] if name not in self.details]:
            msg = f"{self.kind}: the details lack {', '.join(missing)}"
            raise AuditEventInvalidError(msg)
        refuse_personal(self.details)
        object.__setattr__(self, "kind", EventKind(self.kind))
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


def log_line(seq: int, event: AuditEvent, previous_hash: bytes) -> bytes:
    """Return the line that keeps an event: canonical JSON (RFC 8785), without a line break.

    Args:
        seq: Its number, from 0.
        event: What happened.
        previous_hash: Hash of the line before, 32 bytes; zeros for the first.

    Raises:
        AuditEventInvalidError: The line would be longer than 32,768 bytes.
        JsonInvalidError: A detail has no JSON form.
    """
    line = canonical_json(
        {
            "actor_id": event.actor_id,
            "deployment_id": event.deployment_id,
            "details": event.details,
            "kind": event.kind.value,
            "occurred_at": event.occurred_at.strftime(_TIME),
            "previous_hash": previous_hash.hex(),
            "seq": seq,
        }
    )
    if len(line) > MAX_LINE_BYTES:
        msg = f"{event.kind}: a line of the log has at most {MAX_LINE_BYTES} bytes"
        raise AuditEventInvalidError(msg)
    return line


def parse_line(line: bytes, seq: int) -> LoggedEvent:
    """Return the event of a line, which must be canonical, complete and in its place.

    Args:
        line: Without its line break.
        seq: The number that it must have.

    Raises:
        AuditChainBrokenError: The line is not one that :func:`log_line` writes for that number.
    """
    try:
        document = json.loads(line)
        event = _event(document)
        previous = bytes.fromhex(document["previous_hash"])
        is_whole = document["seq"] == seq and log_line(seq, event, previous) == line
    except (ValueError, TypeError, KeyError, RecursionError, TrialError) as error:
        raise broken(seq, "its line is not a record of this log") from error
    if not is_whole:
        raise broken(seq, "its line was changed: it is not canonical, or has another number")
    return LoggedEvent(seq, event, previous, leaf_hash(line))


def broken(seq: int, what: str) -> AuditChainBrokenError:
    """Return the error that names where the log is damaged, and how.

    Args:
        seq: Number of the first event that is not as it was recorded.
        what: What is wrong there.
    """
    return AuditChainBrokenError(f"event {seq}: {what}", seq=seq, what=what)


def _event(document: dict[str, Any]) -> AuditEvent:
    if document.keys() != _FIELDS or not _HASH_SHAPE.fullmatch(document["previous_hash"]):
        msg = "the fields are not those of a line"
        raise ValueError(msg)
    if not _TIME_SHAPE.fullmatch(document["occurred_at"]):
        msg = "the time is not written as in a line"
        raise ValueError(msg)
    return AuditEvent(
        kind=EventKind(document["kind"]),
        occurred_at=datetime.strptime(document["occurred_at"], _TIME).replace(tzinfo=UTC),
        actor_id=document["actor_id"],
        deployment_id=document["deployment_id"],
        details=document["details"],
    )


def _frozen(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping):
        return {key: _frozen(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_frozen(inner) for inner in value)
    return value
