"""The public register: which deployments the public is told of, and when (R-60, R-64).

Before a deployment is over, the register says what its public notice has said, and nothing
else. What never had a public notice is not in it until it is over.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_steps import PREPARING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from overt.core.authority import Window
    from overt.core.deployment import Deployment
    from overt.core.trial import Trial

_S = DeploymentState


class RegisterStatus(StrEnum):
    """Where a deployment stands, in the words of the public."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    NOT_HELD = "not held"


NOW_OR_LATER = frozenset(
    {RegisterStatus.UPCOMING, RegisterStatus.RUNNING, RegisterStatus.SUSPENDED}
)

_OF_STATE = {
    **dict.fromkeys(PREPARING, RegisterStatus.UPCOMING),
    _S.LIVE: RegisterStatus.RUNNING,
    _S.SUSPENDED: RegisterStatus.SUSPENDED,
    _S.ENDED: RegisterStatus.ENDED,
    _S.PURGED: RegisterStatus.ENDED,
    _S.PUBLISHED: RegisterStatus.PUBLISHED,
    _S.CANCELLED: RegisterStatus.CANCELLED,
}
_NO_LETTERS = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WAS_LIVE = frozenset({_S.ENDED, _S.PURGED, _S.PUBLISHED})
_REHEARSED = frozenset({_S.CALIBRATED, _S.LIVE, _S.SUSPENDED, _S.ENDED, _S.PURGED})


@dataclass(frozen=True, slots=True)
class RegisterSite:
    """A place, and when cameras run there.

    Attributes:
        place: For the public, as it was applied for.
        reason: Why there, in the policy's words.
        time_zone: IANA name in which the times are told.
        windows: In order; empty where only the end is known.
    """

    place: str
    reason: str
    time_zone: str
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """What a list says of a published record.

    Attributes:
        faces_seen: Confirmed tracks.
        alerts: About people on the watchlist.
        true_alerts: Right.
        false_alerts: Wrong.
        arrests: Engagements that ended so.
    """

    faces_seen: int
    alerts: int
    true_alerts: int
    false_alerts: int
    arrests: int


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A deployment as lists show it.

    Attributes:
        deployment_id: Which deployment.
        is_rehearsal: Whether only volunteers were looked for.
        status: Where it stands.
        places: Where; the name of a rehearsal.
        time_zone: In which its days are told.
        starts_at: First moment of its first window, aware UTC.
        ends_at: Last moment of its last window, or None where it has none.
        changed_at: When the register last had something new to say of it, aware UTC.
        record_sha256: Digest of its published record, or None.
        figures: Of its record, or None.
    """

    deployment_id: str
    is_rehearsal: bool
    status: RegisterStatus
    places: tuple[str, ...]
    time_zone: str
    starts_at: datetime
    ends_at: datetime | None
    changed_at: datetime
    record_sha256: str | None
    figures: EntryFigures | None

    @property
    def title(self) -> str:
        """Return its places in one line."""
        return "; ".join(self.places)


@dataclass(frozen=True, slots=True)
class PackEvidence:
    """What is known of how often a model pack is right.

    Attributes:
        title: Of the pack.
        version: Of the pack.
        data: Which faces its threshold was measured on.
        threshold: The pack's own.
        n_nonmated: Comparisons of different people.
        n_false: Those of them at or above the threshold.
        n_mated: Comparisons of the same person.
        n_missed: Those of them below the threshold.
    """

    title: str
    version: str
    data: str
    threshold: float
    n_nonmated: int
    n_false: int
    n_mated: int
    n_missed: int


@dataclass(frozen=True, slots=True)
class RegisterDetail:
    """A deployment as its own page shows it.

    Attributes:
        entry: As lists show it.
        sites: Where, why, when.
        aim: Legitimate aim; blank for a rehearsal.
        categories: Who may be on the watchlist, in the policy's words.
        size_cap: Most people on the watchlist, or None for a rehearsal.
        announced_at: When public notice was given, or None.
        announced_where: Where, or None.
        exception: Why there was none, in the policy's words, or None.
        is_withdrawn: Whether its authority was withdrawn.
        ended_at: When it was over, or None.
        policy_hash: The policy that it runs under.
        policy_name: Name and version of that policy.
        retention: What is kept -> how long, as the policy says.
        record: The published record, or a rehearsal's figures; None before.
        record_text: The published record exactly as it was published, or None.
        record_sha256: Digest of that text, or None.
        certificate: The signed certificate of destruction; None where there is none, or where it
            names the account that asked for the purge.
        pack: Evidence of the model pack, or None where it is not known here.
    """

    entry: RegisterEntry
    sites: tuple[RegisterSite, ...]
    aim: str
    categories: tuple[str, ...]
    size_cap: int | None
    announced_at: datetime | None
    announced_where: str | None
    exception: str | None
    is_withdrawn: bool
    ended_at: datetime | None
    policy_hash: str
    policy_name: str
    retention: tuple[tuple[str, str], ...]
    record: Mapping[str, object] | None
    record_text: str | None
    record_sha256: str | None
    certificate: str | None
    pack: PackEvidence | None


@dataclass(frozen=True, slots=True)
class RegisterTrial:
    """A trial as the public is told of it.

    Attributes:
        trial: As the log tells it.
        entries: Those of its deployments that the public is told of, in their order.
    """

    trial: Trial
    entries: tuple[RegisterEntry, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Everything that the public is told, as lists.

    Attributes:
        entries: Newest first.
        log_name: Name of the audit log.
        began_at: When the log began, aware UTC.
        is_demonstration: Whether all of it was made by the demonstration.
        version: Grows with every change of the entries or trials.
        trials: Those of which a deployment is among the entries, newest first.
        by_id: The entries by deployment.
    """

    entries: tuple[RegisterEntry, ...]
    log_name: str
    began_at: datetime
    is_demonstration: bool
    version: int
    trials: tuple[RegisterTrial, ...] = ()
    by_id: Mapping[str, RegisterEntry] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Know the entries by deployment."""
        object.__setattr__(self, "by_id", {entry.deployment_id: entry for entry in self.entries})

    @property
    def changed_at(self) -> datetime:
        """Return when there was last something new to say."""
        return max((entry.changed_at for entry in self.entries), default=self.began_at)


def public_status(
    deployment: Deployment, now: datetime, *, shows_rehearsals: bool = False
) -> RegisterStatus | None:
    """Return where a deployment stands for the public, or None while it is told nothing.

    Args:
        deployment: Any.
        now: Aware UTC.
        shows_rehearsals: Whether rehearsals are shown, as in a demonstration.
    """
    state = deployment.state
    if deployment.kind is DeploymentKind.REHEARSAL:
        return _OF_STATE[state] if shows_rehearsals and state in _REHEARSED else None
    if deployment.public_notice is None and state not in _WAS_LIVE:
        return None
    status = _OF_STATE.get(state)
    over_at = last_moment(deployment)
    if status is RegisterStatus.UPCOMING and over_at is not None and over_at <= now:
        return RegisterStatus.NOT_HELD
    return status


def last_moment(deployment: Deployment) -> datetime | None:
    """Return when the last window of a deployment ends, or None where it has none.

    Args:
        deployment: Any.
    """
    windows = deployment.application.windows() if deployment.application else ()
    return max((window.ends_at for window in windows), default=None)


def one_line(text: str) -> str:
    """Return a text that somebody wrote without what is no letter of a line.

    What turns the direction of writing by force goes too: letters of every script know theirs.

    Args:
        text: Any.
    """
    if text.isprintable():
        return " ".join(text.split())
    letters = (" " if unicodedata.category(c) in _NO_LETTERS else c for c in text)
    return " ".join("".join(c for c in letters if c not in _TURNING).split())


def total_of(entries: Iterable[RegisterEntry]) -> EntryFigures | None:
    """Return the sums over published records, or None where there is no record (R-66).

    Args:
        entries: Any.
    """
    return sum_of([entry.figures for entry in entries if entry.figures is not None])


def sum_of(figures: Sequence[EntryFigures]) -> EntryFigures | None:
    """Return figures added up, or None where there are none.

    Args:
        figures: Of records.
    """
    if not figures:
        return None
    return EntryFigures(
        faces_seen=sum(one.faces_seen for one in figures),
        alerts=sum(one.alerts for one in figures),
        true_alerts=sum(one.true_alerts for one in figures),
        false_alerts=sum(one.false_alerts for one in figures),
        arrests=sum(one.arrests for one in figures),
    )


def found_by(entry: RegisterEntry, wanted: str) -> bool:
    """Return whether an entry is one that somebody looks for by place or identifier.

    Args:
        entry: Any.
        wanted: Words, all of which its places have; no difference of capitals.
    """
    places = _folded(entry.title)
    words = _folded(wanted).split()
    return bool(words) and all(word in places or word == entry.deployment_id for word in words)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
