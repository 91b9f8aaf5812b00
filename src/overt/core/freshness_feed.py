"""The "no longer wanted" feed: references that must leave the list at once (R-14)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FreshnessFeed:
    """One reading of the feed.

    Attributes:
        references: Canonical references of those who are no longer wanted.
        n_rows: Rows of the feed; a reference may stand twice.
        sha256: Digest of its bytes, 64 hexadecimal digits.
    """

    references: frozenset[str]
    n_rows: int
    sha256: str
