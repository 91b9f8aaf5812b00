"""The evidence behind a threshold, as a document that a calibration names by its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.evaluation.published_record import rate_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from overt.evaluation.calibration import CalibratedThreshold

FORMAT = "overt calibration evidence 1"


def evidence_values(
    found: CalibratedThreshold, source: Mapping[str, object], seed: int
) -> dict[str, object]:
    """Return the evidence as plain values, ready to be written as JSON.

    Args:
        found: The threshold, and what shows it.
        source: What the scores come from.
        seed: Of every draw.
    """
    low, share, high = found.fpir_of_watchlist()
    per_hour = found.false_alerts_per_hour()
    return {
        "format": FORMAT,
        "target_fpir": found.target.fpir,
        "watchlist_size": found.target.watchlist_size,
        "threshold": found.threshold,
        "threshold_interval": {"low": found.lowest, "high": found.threshold},
        "threshold_nearest_to_target": found.nearest,
        "measured_in_gallery_of": found.n_gallery,
        "fpir_needed_there": found.fpir_needed,
        "people_with_a_false_search": rate_values(found.people),
        "fpir_in_watchlist": {
            "low_percent": 100 * low,
            "percent": 100 * share,
            "high_percent": 100 * high,
        },
        "is_extrapolated": found.is_extrapolated,
        "is_at_edge_of_data": found.is_at_edge,
        "notes": list(notes(found)),
        "faces_per_hour": found.target.faces_per_hour,
        "false_alerts_per_hour": (
            {"low": per_hour[0], "expected": per_hour[1], "high": per_hour[2]} if per_hour else None
        ),
        "missed_at": [{"threshold": at.threshold, "fnir": rate_values(at.fnir)} for at in found.at],
        "source": dict(source),
        "seed": seed,
    }


def notes(found: CalibratedThreshold) -> tuple[str, ...]:
    """Return what a reader of the threshold must know, in words.

    Args:
        found: The threshold.
    """
    said = []
    if found.is_extrapolated:
        said.append(
            f"extrapolated: measured in a gallery of {found.n_gallery:,}, wanted for a watchlist "
            f"of {found.target.watchlist_size:,}; further entries were taken for as many "
            "independent comparisons"
        )
    if found.n_gallery > found.target.watchlist_size:
        said.append(
            f"measured in a gallery of {found.n_gallery:,}, larger than the watchlist: on the "
            "side of caution"
        )
    if found.is_at_edge:
        said.append(
            "at the edge of the data: nobody searched scores as high as the threshold; only the "
            "number of people shows the target"
        )
    return tuple(said)
