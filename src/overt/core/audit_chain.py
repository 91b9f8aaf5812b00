"""The log read again from its first line: is it what was recorded, and if not, where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import FIRST_PREVIOUS_HASH, NO_RECORD, broken, read_line
from overt.core.transparency import CompactRange, TreeHead
from overt.errors import AuditChainBrokenError, AuditTruncatedError, RootMismatchError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from overt.core.audit import LoggedEvent


@dataclass(frozen=True, slots=True)
class VerifiedChain:
    """A log whose every line follows from the one before.

    Attributes:
        tree: Over all lines.
        last_hash: Hash of the last line; zeros where there is none.
    """

    tree: CompactRange
    last_hash: bytes


class ChainCheck:
    """Reads lines in their order and names the first that is not as it was recorded.

    A line that does not name the hash of the line before leaves open which of the
    two was changed. The line after tells: if it names the present hash of the
    second, the first was changed. So does the signed root for the last line.
    """

    def __init__(self, sizes: Collection[int] = ()) -> None:
        """Begin before the first line.

        Args:
            sizes: At which numbers of lines the root is needed for an older checkpoint.
        """
        self._wanted = set(sizes) | {0}
        self._roots = {0: CompactRange().root()}
        self._tree = CompactRange()
        self._before_last: CompactRange | None = None
        self._last_hash = FIRST_PREVIOUS_HASH
        self._unlinked: _Unlinked | None = None
        self._misplaced: int | None = None

    @property
    def size(self) -> int:
        """Return how many lines were read."""
        return self._tree.size

    def add(self, line: bytes) -> LoggedEvent | None:
        """Take the next line and return its event; None while its number is in doubt.

        Args:
            line: Without its line break.

        Raises:
            AuditChainBrokenError: A line was changed, removed, moved or put in.
        """
        seq, logged = self.size, read_line(line)
        if self._misplaced is not None:
            raise _misplaced(seq, self._misplaced, next_seq=logged.seq if logged else None)
        if self._unlinked:
            confirmed = logged is not None and logged.previous_hash == self._last_hash
            raise self._unlinked.error(is_confirmed=confirmed)
        if logged is None:
            raise broken(seq, NO_RECORD)
        if logged.seq < seq:
            raise broken(seq, f"event {logged.seq} stands here again")
        if logged.seq > seq:
            self._misplaced = logged.seq
            return None
        if logged.previous_hash != self._last_hash:
            self._unlinked = _Unlinked(self._before_last, logged)
        self._keep(logged)
        return logged

    def finish(
        self, heads: Iterable[TreeHead] = (), *, hint: TreeHead | None = None
    ) -> VerifiedChain:
        """Return the log as verified against signed checkpoints.

        Args:
            heads: What was signed; each of a size that was named at the beginning, or
                of all lines.
            hint: What nobody signed; it only helps to tell which of the last two lines
                was changed.

        Raises:
            AuditChainBrokenError: The last lines were changed or removed.
            AuditTruncatedError: A checkpoint counts more lines than there are.
            RootMismatchError: The lines follow from each other, but were not those signed.
        """
        by_size = sorted(heads, key=lambda head: head.size)
        if self._misplaced is not None:
            raise _misplaced(self.size, self._misplaced, next_seq=None)
        if self._unlinked:
            known = [*by_size, hint] if hint else by_size
            confirmed = any(map(self._unlinked.is_explained_by, known))
            raise self._unlinked.error(is_confirmed=confirmed)
        self._roots[self.size] = self._tree.root()
        n_good = 0
        for head in by_size:
            self._compare(head, n_good)
            n_good = head.size
        return VerifiedChain(self._tree, self._last_hash)

    def _keep(self, logged: LoggedEvent) -> None:
        self._before_last = self._tree
        self._tree = self._tree.appended(logged.hash)
        self._last_hash = logged.hash
        if self.size in self._wanted:
            self._roots[self.size] = self._tree.root()

    def _compare(self, head: TreeHead, n_good: int) -> None:
        if head.size > self.size:
            msg = (
                f"the log ends before event {self.size}; "
                f"its checkpoint counts {head.size} events, found {self.size}"
            )
            raise AuditTruncatedError(msg, seq=self.size, expected=head.size, found=self.size)
        if self._roots[head.size] != head.root:
            first = f"or the log was written anew from an event between {n_good} and it"
            msg = (
                f"event {head.size - 1}: the checkpoint of {head.size} events has another root: "
                f"this event was changed, {first}"
            )
            raise RootMismatchError(msg, seq=head.size - 1, first_in_doubt=n_good)


def verify_chain(lines: Iterable[bytes], heads: Collection[TreeHead] = ()) -> VerifiedChain:
    """Return the log that these lines are, after checking every one of them.

    Args:
        lines: In their order, without line breaks.
        heads: What checkpoints sign, of any sizes.

    Raises:
        AuditChainBrokenError: A line was changed, removed, moved or put in.
        AuditTruncatedError: A checkpoint counts more lines than there are.
        RootMismatchError: The lines follow from each other, but were not those signed.
    """
    check = ChainCheck([head.size for head in heads])
    for line in lines:
        check.add(line)
    return check.finish(heads)


@dataclass(frozen=True, slots=True)
class _Unlinked:
    """A line that names another hash than that of the line before it."""

    before: CompactRange | None
    second: LoggedEvent

    def is_explained_by(self, head: TreeHead) -> bool:
        """Return whether the signed root comes out if the line before had the hash named."""
        if self.before is None:
            return False
        repaired = self.before.appended(self.second.previous_hash).appended(self.second.hash)
        return repaired.head() == head

    def error(self, *, is_confirmed: bool) -> AuditChainBrokenError:
        seq = self.second.seq
        if is_confirmed and seq:
            return broken(seq - 1, f"it was changed: event {seq} names another hash for it")
        return broken(seq, "it was changed: it does not name the hash of the event before")


def _misplaced(seq: int, found: int, next_seq: int | None) -> AuditChainBrokenError:
    """Return what is wrong where an event stands too early.

    Args:
        seq: Which event belongs here.
        found: Which event the line says that it is.
        next_seq: Which event the next line says that it is, if there is one.
    """
    if next_seq == seq:
        return broken(seq, f"it was moved behind event {found}")
    if next_seq == seq + 1:
        return broken(seq, f"it was changed: it says that it is event {found}")
    last = found - 1
    missing = "it is missing" if last == seq else f"events {seq} to {last} are missing"
    return broken(seq, f"{missing}; event {found} stands here")
