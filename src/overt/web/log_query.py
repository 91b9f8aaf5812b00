"""What an auditor typed to look for events, as a search; wrong fields are named in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.local_window import YEARS
from overt.errors import RequestInvalidError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WORD = re.compile(r"[\w.:/@+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class LogQuery:
    """The fields of the form as they were typed; a blank one asks for nothing.

    Attributes:
        kind: Kind of event.
        actor: Identifier of who did it.
        deployment: Identifier of a deployment.
        since: Time on the wall, ``2026-03-03T10:00``.
        until: The same; up to this minute and without it.
        text: Letters of a code or identifier.
    """

    kind: str = ""
    actor: str = ""
    deployment: str = ""
    since: str = ""
    until: str = ""
    text: str = ""

    def address(self, **edge: int) -> str:
        """Return the address of a page of what is asked for.

        Args:
            **edge: ``before`` or ``after`` an event's number; without it, the newest page.
        """
        asked = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        fields = urlencode({**asked, **edge})
        return f"/log?{fields}" if fields else "/log"

    def search(self, zone: ZoneInfo) -> AuditSearch:
        """Return the search that is asked for.

        Args:
            zone: In which the times are read.

        Raises:
            RequestInvalidError: A field is not what it should be; the message says which.
        """
        if self.kind and self.kind not in set(EventKind):
            msg = "the log knows no such kind of event; choose one of the list"
            raise RequestInvalidError(msg, field="kind")
        for name in ("actor", "deployment", "text"):
            if not _WORD.fullmatch(getattr(self, name)):
                msg = (
                    f"{name}: expected part of a code or identifier: letters, digits and . : / @ "
                    "+ - _, without blanks; the log holds no names"
                )
                raise RequestInvalidError(msg, field=name)
        return AuditSearch(
            kinds=frozenset({self.kind} if self.kind else ()),
            actor_id=self.actor or None,
            deployment_id=self.deployment or None,
            since=_moment("from", self.since, zone),
            until=_moment("to", self.until, zone),
            text=self.text,
        )


def _moment(name: str, typed: str, zone: ZoneInfo) -> datetime | None:
    if not typed:
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or moment.year not in YEARS:
        msg = f"{name}: expected a day and time such as 2026-03-03T10:00"
        raise RequestInvalidError(msg, field=name)
    return moment.replace(tzinfo=zone)
