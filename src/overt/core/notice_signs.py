"""Which of the signs that were logged count, and why another does not (R-61, R-62)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.ground import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from overt.core.notice import NoticePlacement
    from overt.core.policy_rules import NoticeRules


class SignStanding(StrEnum):
    """What a logged sign is worth."""

    COUNTS = "counts"
    TOO_NEAR = "too near"
    SAME_PHOTOGRAPH = "same photograph"
    SAME_POSITION = "same position"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class JudgedSign:
    """A sign with what it is worth.

    Attributes:
        notice: The sign.
        standing: Whether it counts, or why not.
        other: The earlier sign that it is the same as, or None.
    """

    notice: NoticePlacement
    standing: SignStanding
    other: NoticePlacement | None = None

    @property
    def counts(self) -> bool:
        """Return whether it is one of the signs that a site needs."""
        return self.standing is SignStanding.COUNTS

    @property
    def may_fill(self) -> bool:
        """Return whether it can stand at a planned position, which no two signs share."""
        return self.standing in {SignStanding.COUNTS, SignStanding.SAME_POSITION}


def judged_signs(notices: Iterable[NoticePlacement], rules: NoticeRules) -> tuple[JudgedSign, ...]:
    """Return signs of one site, each with what it is worth, in their order.

    Two signs with one photograph are one sign that was logged twice, and two within the
    tolerance of the policy stand at one position: each pair counts once, as its first.

    Args:
        notices: In the order in which they were logged.
        rules: How far out a sign stands, and how well a position is known.
    """
    judged: list[JudgedSign] = []
    for notice in notices:
        judged.append(_judged(notice, judged, rules))
    return tuple(judged)


def _judged(
    notice: NoticePlacement, earlier: Sequence[JudgedSign], rules: NoticeRules
) -> JudgedSign:
    if notice.removed_at is not None:
        return JudgedSign(notice, SignStanding.GONE)
    standing = [each.notice for each in earlier if each.standing is not SignStanding.GONE]
    for other in standing:
        if other.photo_sha256 == notice.photo_sha256:
            return JudgedSign(notice, SignStanding.SAME_PHOTOGRAPH, other)
    if notice.distance_m < rules.sign_distance_m:
        return JudgedSign(notice, SignStanding.TOO_NEAR)
    for other in (each.notice for each in earlier if each.counts):
        if distance_m(other.position, notice.position) <= rules.sign_tolerance_m:
            return JudgedSign(notice, SignStanding.SAME_POSITION, other)
    return JudgedSign(notice, SignStanding.COUNTS)
