"""Figures of scores: of searches, of alerts, and what a higher threshold would have left."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from math import floor
from typing import TYPE_CHECKING

from overt.evaluation.trial_document import figure
from overt.evaluation.trial_facts import FALSE_OUTCOMES, TRUE_OUTCOMES

if TYPE_CHECKING:
    from overt.core.canonical_json import JsonValue
    from overt.evaluation.trial_document import Document, Sources

_MOST_POINTS = 120
_FEWEST_THRESHOLDS = 2


def searches_figure(sources: Sources) -> list[Document]:
    """Return searches by best score, as the log has them after a purge; nothing before.

    Args:
        sources: What was counted.
    """
    bins: Counter[int] = Counter()
    for each in sources.whole().deployments:
        bins.update(each.scores)
    if not bins:
        return []
    places = range(min(bins), max(bins) + 1)
    series: JsonValue = {
        "label": "searches",
        "x": [place / 100 for place in places],
        "y": [bins[place] for place in places],
        "low": None,
        "high": None,
    }
    commonest = max(bins, key=lambda place: (bins[place], place))
    alt = (
        f"Best scores of {bins.total():,} searches, of everybody who was searched for, in steps of "
        f"a hundredth, from {min(bins) / 100:.2f} to {max(bins) / 100:.2f}; most, "
        f"{bins[commonest]:,}, at {commonest / 100:.2f}."
    )
    axes: dict[str, JsonValue] = {"x": "best score", "y": "searches", "unit": "searches"}
    title = "Searches by best score"
    return [figure("searches-by-score", "steps", title, alt, axes, series=[series])]


def score_figures(sources: Sources) -> list[Document]:
    """Return the scores of true and of false alerts, in hundredths rounded down.

    Args:
        sources: What was counted.
    """
    drawn = []
    for words, outcomes in (("true", TRUE_OUTCOMES), ("false", FALSE_OUTCOMES)):
        alerts = [each for each in sources.whole().alerts() if each.outcome in outcomes]
        bins = Counter(floor(round(each.alert.score * 100, 6)) for each in alerts)
        if not bins:
            continue
        counts = {f"{place / 100:.2f}": bins[place] for place in range(min(bins), max(bins) + 1)}
        said = ", ".join(
            f"{place} to under {float(place) + 0.01:.2f}: {n:,}" for place, n in counts.items() if n
        )
        alt = f"Scores of {len(alerts):,} {words} alerts. {said}."
        rows: list[JsonValue] = [{"label": place, "value": n} for place, n in counts.items()]
        axes: dict[str, JsonValue] = {"x": "alerts", "y": "score", "unit": "alerts"}
        title = f"Scores of {words} alerts"
        drawn.append(figure(f"scores-{words}", "bars", title, alt, axes, rows=rows))
    return drawn


def sweep_figure(sources: Sources) -> list[Document]:
    """Return how many alerts would remain at higher thresholds, true and false.

    Args:
        sources: What was counted.
    """
    alerts = sources.whole().alerts()
    thresholds = sorted({at for each in alerts for at in (each.alert.threshold, each.alert.score)})
    thresholds = thresholds[:: max(1, -(-len(thresholds) // _MOST_POINTS))]
    if len(thresholds) < _FEWEST_THRESHOLDS:
        return []
    series: list[JsonValue] = []
    said = []
    for words, outcomes in (("true", TRUE_OUTCOMES), ("false", FALSE_OUTCOMES)):
        scores = sorted(each.alert.score for each in alerts if each.outcome in outcomes)
        left = [len(scores) - bisect_left(scores, at) for at in thresholds]
        label = f"{words} alerts"
        series.append({"label": label, "x": thresholds, "y": left, "low": None, "high": None})
        said.append(
            f"{left[0]:,} {label} at {thresholds[0]:.2f}, {left[-1]:,} at {thresholds[-1]:.2f}"
        )
    alt = (
        "How many alerts would remain if the threshold had been higher; a lower one cannot be "
        f"judged from alerts. {'; '.join(said)}."
    )
    axes: dict[str, JsonValue] = {"x": "threshold", "y": "alerts", "unit": "alerts"}
    title = "Alerts at higher thresholds"
    return [figure("threshold-sweep", "steps", title, alt, axes, series=series)]
