"""A rehearsal as a document: what ``--json`` prints and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.core.alerting import Alert
    from overt.evaluation.rates import Rate
    from overt.services.enrol_watchlist import Refusal
    from overt.services.rehearse import RehearsalResult


def rehearsal_record(
    result: RehearsalResult,
    *,
    model_pack: str,
    pack_digest: str,
    operating_point_digest: str,
    refusals: Sequence[Refusal],
    seed: int | None,
) -> dict[str, object]:
    """Return the rehearsal's figures; no picture, no template, nobody without an alert.

    Fields that need ground truth are None for a bare clip.

    Args:
        result: What the rehearsal showed.
        model_pack: Name of the pack.
        pack_digest: Its digest.
        operating_point_digest: Digest of every number that decided.
        refusals: Photographs of the watchlist that were refused.
        seed: Of the scene; None for a clip or a camera.
    """
    scored = result.scored
    return {
        "kind": "rehearsal",
        "consent": result.consent,
        "passages": result.passages,
        "recognition_opportunities": scored.recognition_opportunities if scored else None,
        "alerts": [
            _alert(alert, result.is_true[number] if scored else None)
            for number, alert in enumerate(result.alerts)
        ],
        "true_alerts": scored.true_alerts if scored else None,
        "false_alerts": scored.false_alerts if scored else None,
        "missed": scored.missed if scored else None,
        "true_recognition_rate": _rate(result.true_recognition_rate()),
        "false_alerts_per_face_seen": _rate(result.false_alerts_per_face_seen()),
        "faces_seen": result.counts.faces_seen,
        "searches": result.counts.searches,
        "rejected": dict(sorted(result.counts.rejected.items())),
        "score_histogram": {
            f"{bin_ / 100:.2f}": count
            for bin_, count in sorted(result.counts.score_histogram.items())
        },
        "templates": {
            "made": result.templates.made,
            "erased": result.templates.erased,
            "in_alerts": result.templates.in_alerts,
        },
        "frames": {
            "decoded": result.frames.decoded,
            "analysed": result.frames.analysed,
            "dropped": result.frames.dropped,
            "failed": result.frames.failed,
        },
        "entries_refused": [
            {"entry": r.entry_id, "photograph": r.photograph, "reasons": list(r.reasons)}
            for r in refusals
        ],
        "wall_s": round(result.wall_s, 3),
        "analysed_fps": None if result.analysed_fps is None else round(result.analysed_fps, 2),
        "model_pack": model_pack,
        "model_pack_digest": pack_digest,
        "operating_point_digest": operating_point_digest,
        "seed": seed,
    }


def _alert(alert: Alert, is_true: bool | None) -> dict[str, object]:  # noqa: FBT001  a value
    margin = alert.runner_up_margin
    return {
        "entry": alert.entry_id,
        "score": round(alert.score, 4),
        "threshold": alert.threshold,
        "captured_at_s": round(alert.elapsed_s, 3),
        "track": alert.track_id,
        "runner_up_margin": None if margin is None else round(margin, 4),
        "shots": alert.n_shots,
        "quality": round(alert.quality, 3),
        "is_true": is_true,
    }


def _rate(rate: Rate | None) -> dict[str, object] | None:
    if rate is None:
        return None
    interval = rate.interval
    return {
        "count": rate.count,
        "total": rate.total,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
    }
