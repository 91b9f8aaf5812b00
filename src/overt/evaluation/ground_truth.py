"""What a rehearsal's alerts were worth, where every passage is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.evaluation.recognition_figures import PassResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from overt.core.analysis import AnalysedFrame
    from overt.core.passage import GroundTruth, Passage


@dataclass(frozen=True, slots=True, eq=False)
class RehearsalAlert:
    """What scoring needs of one alert.

    Attributes:
        subject_id: Whom the watchlist entry names.
        box_xyxy: (4,) face box of the best shot in pixels.
        frame_index: Frame of the best shot.
    """

    subject_id: str
    box_xyxy: NDArray[np.float32]
    frame_index: int


@dataclass(frozen=True, slots=True)
class ScoredRehearsal:
    """Alerts held against the ground truth.

    A recognition opportunity is one passage of a person who is on the watchlist,
    whether or not anything was seen of it. The true recognition rate is
    ``n_recognised`` of ``n_recognition_opportunities``: a passage that raised two
    true alerts counts once there.

    Attributes:
        is_true: For each alert, in the order given: the entry's subject is the
            person whose face the alert shows. Every other alert is false, one
            that shows nobody's face included.
        alert_passages: For each alert the passage that it shows, or None.
        recognition_opportunities: Their passage ids, in the order of the passages.
        missed_opportunities: The ids of those without a true alert.
        n_passages: Passages of everybody: the faces that could be seen.
    """

    is_true: tuple[bool, ...]
    alert_passages: tuple[str | None, ...]
    recognition_opportunities: tuple[str, ...]
    missed_opportunities: tuple[str, ...]
    n_passages: int

    @property
    def n_true_alerts(self) -> int:
        """Return the number of true alerts."""
        return sum(self.is_true)

    @property
    def n_false_alerts(self) -> int:
        """Return the number of false alerts."""
        return len(self.is_true) - self.n_true_alerts

    @property
    def n_recognition_opportunities(self) -> int:
        """Return the number of passages of people on the watchlist."""
        return len(self.recognition_opportunities)

    @property
    def n_recognised(self) -> int:
        """Return the number of recognition opportunities with at least one true alert."""
        return len(self.recognition_opportunities) - len(self.missed_opportunities)


class PassageWatch:
    """How far the machine came with each passage, as it looks on frame by frame.

    It tells why a passage was missed: nothing was followed, nothing was good enough to be
    searched, or it was searched in vain. Only a rehearsal can know (R-46).
    """

    def __init__(self, truth: GroundTruth) -> None:
        """Begin before the first frame.

        Args:
            truth: Every passage of the rehearsal.
        """
        self._truth = truth
        self._captured: set[str] = set()
        self._searched: set[str] = set()

    def see(self, analysed: AnalysedFrame) -> None:
        """Take note of a frame.

        Args:
            analysed: The frames in their order, of one camera.
        """
        for face in analysed.seen:
            is_searched = face.track.track_id in analysed.searched
            if not (face.is_newly_confirmed or is_searched):
                continue
            passage = self._truth.passage_of(face.box_xyxy, analysed.frame.index)
            if passage is not None:
                self._captured.add(passage.passage_id)
                if is_searched:
                    self._searched.add(passage.passage_id)

    def result_of(self, passage_id: str) -> PassResult:
        """Return how far the machine came with a passage.

        Args:
            passage_id: Of the rehearsal.
        """
        if passage_id in self._searched:
            return PassResult.COMPARED
        is_captured = passage_id in self._captured
        return PassResult.REJECTED if is_captured else PassResult.NOT_CAPTURED


def score_rehearsal(
    alerts: Sequence[RehearsalAlert], truth: GroundTruth, watchlist_subject_ids: frozenset[str]
) -> ScoredRehearsal:
    """Return which alerts were true, which were false and which opportunities were missed.

    Args:
        alerts: All alerts of the rehearsal; may be empty.
        truth: Every passage of the rehearsal.
        watchlist_subject_ids: Who is on the watchlist; may be empty.
    """
    shown = [truth.passage_of(alert.box_xyxy, alert.frame_index) for alert in alerts]
    is_true = tuple(_names(alert, passage) for alert, passage in zip(alerts, shown, strict=True))
    alert_passages = tuple(passage.passage_id if passage else None for passage in shown)
    recognised = {name for name, true in zip(alert_passages, is_true, strict=True) if true}
    opportunities = tuple(
        passage.passage_id for passage in truth.of_subjects(watchlist_subject_ids)
    )
    missed = tuple(name for name in opportunities if name not in recognised)
    return ScoredRehearsal(is_true, alert_passages, opportunities, missed, len(truth.passages))


def _names(alert: RehearsalAlert, passage: Passage | None) -> bool:
    return passage is not None and passage.subject_id == alert.subject_id
