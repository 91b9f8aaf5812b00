"""Rehearse: the whole way of a face on volunteers, held against the truth where it is known.

A rehearsal needs a record of consent in place of an authority. Its figures are
never mixed with operational ones (R-22).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.errors import ConsentMissingError, TooManyFramesFailedError, VideoUnreadableError
from overt.evaluation.counts import RehearsalCounts
from overt.evaluation.ground_truth import RehearsalAlert, score_rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.core.alerting import Alert
    from overt.core.analysis import AnalysedFrame
    from overt.core.erasure import TemplateLedger
    from overt.core.passage import GroundTruth
    from overt.evaluation.rates import Rate
    from overt.ports import Clock, FrameSource
    from overt.services.recognition import Recogniser
    from overt.services.recognition_counts import RecognitionCounts

MIN_CONSENT_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    """What is fixed before a rehearsal starts.

    Attributes:
        consent: Reference or text of the volunteers' consent; kept with the result.
        subject_ids: Who is on the watchlist: entry ids that are subject ids.
        frames_at_once: Frames detected together; 1 for a live camera.
        max_failed_in_a_row: Frames that may fail in a row before it stops.
    """

    consent: str
    subject_ids: frozenset[str]
    frames_at_once: int = 4
    max_failed_in_a_row: int = 250

    def __post_init__(self) -> None:
        """Refuse a plan without consent.

        Raises:
            ConsentMissingError: The consent is blank.
        """
        check_consent(self.consent)


def check_consent(consent: str) -> None:
    """Refuse a rehearsal without a record of consent.

    Args:
        consent: Reference or text.

    Raises:
        ConsentMissingError: It is blank.
    """
    if len(consent.strip()) < MIN_CONSENT_CHARACTERS:
        msg = "a rehearsal needs a record of the volunteers' consent, found none"
        raise ConsentMissingError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class RehearsalResult:
    """What a rehearsal showed; ``scored`` and ``passages`` are None without ground truth.

    Attributes:
        consent: As planned.
        alerts: Every alert, in order of time.
        is_true: For each alert whether it named the right person; empty without truth.
        passages: Passages of everybody.
        scored: Opportunities, true, false and missed.
        frames: Decoded, analysed, dropped, failed.
        counts: Faces seen, searches, refusals, score histogram.
        templates: Made, erased, in alerts.
        wall_s: Seconds from the first frame asked for to the last track ended.
    """

    consent: str
    alerts: tuple[Alert, ...]
    is_true: tuple[bool, ...]
    passages: int | None
    scored: RehearsalCounts | None
    frames: FrameCounts
    counts: RecognitionCounts
    templates: TemplateLedger
    wall_s: float

    @property
    def analysed_fps(self) -> float | None:
        """Return analysed frames a second of wall time; None if no time passed."""
        return self.frames.analysed / self.wall_s if self.wall_s > 0 else None

    def true_recognition_rate(self) -> Rate | None:
        """Return the share of opportunities recognised; None without ground truth."""
        return self.scored.true_recognition_rate() if self.scored else None

    def false_alerts_per_face_seen(self) -> Rate | None:
        """Return false alerts over faces seen; None without ground truth.

        None also where one face raised several false alerts and there are more of
        them than faces: that is no share.
        """
        if self.scored is None or self.scored.false_alerts > self.scored.faces_seen:
            return None
        return self.scored.false_alerts_per_face_seen()

    def is_flawless(self) -> bool:
        """Return whether every opportunity was recognised and no alert was false."""
        return self.scored is not None and not self.scored.missed and not self.scored.false_alerts


def rehearse(
    source: FrameSource,
    recogniser: Recogniser,
    plan: RehearsalPlan,
    *,
    clock: Clock,
    truth: GroundTruth | None = None,
    on_frame: Callable[[AnalysedFrame], None] = lambda _: None,
) -> RehearsalResult:
    """Run a source to its end and return what it showed.

    Args:
        source: A scene, a clip or a camera; opened and closed here.
        recogniser: Fresh, with the volunteers' gallery.
        plan: Consent, watchlist, limits.
        clock: For the wall time.
        truth: Every passage, where known.
        on_frame: Called with each analysed frame, in order: progress, pictures.

    Raises:
        VideoUnreadableError: Not one frame could be decoded.
        TooManyFramesFailedError: Too many frames failed in a row.
        CameraLostError: A camera stopped for longer than its limit.
        ErasureMismatchError: A template is unaccounted for.
    """
    started = clock.now()
    alerts: list[Alert] = []
    with source:
        try:
            for frames in _together(_sound(source, plan), plan.frames_at_once):
                for analysed in recogniser.analyse(frames):
                    alerts.extend(analysed.alerts)
                    on_frame(analysed)
            recogniser.finish()
        finally:
            recogniser.erase()
        taken = source.counts()
    wall_s = (clock.now() - started).total_seconds()
    if not recogniser.counts.analysed:
        msg = f"expected a recording, found no frame that can be decoded ({taken.failed} failed)"
        raise VideoUnreadableError(msg, failed=taken.failed)
    is_true, scored = _scored(alerts, truth, plan, recogniser.counts.faces_seen)
    return RehearsalResult(
        consent=plan.consent,
        alerts=tuple(alerts),
        is_true=is_true,
        passages=len(truth.passages) if truth else None,
        scored=scored,
        frames=FrameCounts(taken.decoded, recogniser.counts.analysed, taken.dropped, taken.failed),
        counts=recogniser.counts,
        templates=recogniser.templates,
        wall_s=wall_s,
    )


def _sound(source: FrameSource, plan: RehearsalPlan) -> Iterator[Frame]:
    """Yield the frames that were decoded; stop where too many in a row were not."""
    failed_in_a_row = 0
    for item in source:
        if isinstance(item, FrameFailed):
            failed_in_a_row += 1
            if failed_in_a_row > plan.max_failed_in_a_row:
                msg = f"more than {plan.max_failed_in_a_row} frames in a row failed"
                raise TooManyFramesFailedError(msg, code=item.code)
        else:
            failed_in_a_row = 0
            yield item


def _together(frames: Iterator[Frame], count: int) -> Iterator[list[Frame]]:
    while group := list(islice(frames, count)):
        yield group


def _scored(
    alerts: list[Alert], truth: GroundTruth | None, plan: RehearsalPlan, faces_seen: int
) -> tuple[tuple[bool, ...], RehearsalCounts | None]:
    if truth is None:
        return (), None
    shown = [RehearsalAlert(a.entry_id, a.box_xyxy, a.frame_index) for a in alerts]
    score = score_rehearsal(shown, truth, plan.subject_ids)
    counts = RehearsalCounts(
        recognition_opportunities=score.n_recognition_opportunities,
        true_alerts=score.n_true_alerts,
        missed=len(score.missed_opportunities),
        false_alerts=score.n_false_alerts,
        faces_seen=faces_seen,
    )
    return score.is_true, counts
