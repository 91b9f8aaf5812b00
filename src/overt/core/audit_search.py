"""What somebody looks for in the audit log: by kind, person, deployment, time, or some letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from overt.core.audit import line_of
from overt.core.canonical_json import canonical_json

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.audit import LoggedEvent


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What an event has to be; what is left out lets every event through.

    Attributes:
        kinds: One of these kinds.
        actor_id: Of this actor.
        deployment_id: Of this deployment.
        since: Not before this moment, aware.
        until: Before this moment, aware.
        text: Has these letters somewhere in its line, small letters and capitals told apart.
    """

    kinds: frozenset[str] = frozenset()
    actor_id: str | None = None
    deployment_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    def marks(self) -> tuple[tuple[bytes, ...], ...]:
        """Return what a line must hold: of each group, one of its marks.

        A line that holds them may still be of another event, as details have keys of their own:
        ``fits`` decides.
        """
        groups: list[tuple[bytes, ...]] = []
        for name in ("deployment_id", "actor_id"):
            wanted = getattr(self, name)
            if wanted is not None:
                groups.append((f'"{name}":'.encode() + canonical_json(wanted),))
        if self.kinds:
            marks = (b'"kind":' + canonical_json(kind) for kind in sorted(self.kinds))
            groups.append(tuple(marks))
        if self.text:
            groups.append((self._text_mark(),))
        return tuple(groups)

    def fits(self, logged: LoggedEvent) -> bool:
        """Return whether an event is one of those looked for.

        Args:
            logged: From the log.
        """
        event = logged.event
        return (
            (not self.kinds or event.kind in self.kinds)
            and self.actor_id in {None, event.actor_id}
            and self.deployment_id in {None, event.deployment_id}
            and (self.since is None or event.occurred_at >= self.since)
            and (self.until is None or event.occurred_at < self.until)
            and (not self.text or self._text_mark() in line_of(logged))
        )

    def _text_mark(self) -> bytes:
        return canonical_json(self.text)[1:-1]


def stamp(moment: datetime) -> bytes:
    """Return a moment as lines hold it; the order of such texts is that of time.

    Args:
        moment: Aware.
    """
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z").encode()
