"""The figures of a trial report as values: what is drawn, and what it says in words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.evaluation.intervals import exact_interval
from overt.evaluation.trial_document import figure, forest_row
from overt.evaluation.trial_facts import FALSE_OUTCOMES
from overt.evaluation.trial_figures import cameras_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.outcome import Outcome
    from overt.evaluation.rates import Rate
    from overt.evaluation.trial_document import Document, Sources
    from overt.evaluation.trial_facts import AlertFacts, DeploymentFacts
    from overt.evaluation.trial_figures import Scope

_MOST_POINTS = 120
_MINUTE = timedelta(minutes=1)


def timeline_figure(sources: Sources) -> list[Document]:
    """Return when cameras ran; nothing where none ever did.

    Args:
        sources: What was counted.
    """
    rows: list[JsonValue] = []
    said = []
    for scope in sources.figures.parts:
        facts, label = scope.deployments[0], sources.label(scope)
        for span in facts.read.spans:
            rows.append(
                {
                    "label": label,
                    "from": utc(span.started_at),
                    "to": utc(span.ended_at),
                    "note": facts.end,
                }
            )
            said.append(
                f"deployment {facts.number} from {_minute(span.started_at)} to "
                f"{_minute(span.ended_at)}"
            )
    if not rows:
        return []
    alt = f"When cameras ran, times in UTC: {'; '.join(said)}."
    axes: dict[str, JsonValue] = {"x": "time, UTC", "y": "deployment"}
    return [figure("timeline", "timeline", "When cameras ran", alt, axes, rows=rows)]


def outcome_figure(sources: Sources, classes: Mapping[Outcome, str]) -> list[Document]:
    """Return how many alerts had each outcome.

    Args:
        sources: What was counted.
        classes: Outcomes with their words.
    """
    whole = sources.whole()
    counts = {words: whole.count(outcome) for outcome, words in classes.items()}
    said = ", ".join(f"{words.lower()} {n:,}" for words, n in counts.items())
    alt = f"Of {len(whole.alerts()):,} alerts: {said}."
    rows: list[JsonValue] = [{"label": words, "value": n} for words, n in counts.items()]
    axes: dict[str, JsonValue] = {"x": "alerts", "unit": "alerts"}
    return [figure("outcomes", "bars", "Alerts by outcome", alt, axes, rows=rows)]


def false_alert_figures(sources: Sources) -> list[Document]:
    """Return both false alert rates by deployment, each with its interval.

    Args:
        sources: What was counted.
    """
    limit = sources.figures.limit()
    drawn = []
    for name, title, per, reference in (
        ("false_alerts_per_face_seen", "False alerts per face seen", "face seen", limit),
        ("false_alerts_per_alert", "False alerts per alert", "alert", None),
    ):
        rows, said = _forest(sources, name)
        if not rows:
            continue
        line = f" The limit is {100 * reference:g} %." if reference is not None else ""
        alt = f"{title} by deployment, {_with_intervals(rows)}: {'; '.join(said)}.{line}"
        axes: dict[str, JsonValue] = {
            "x": f"false alerts per {per}",
            "reference": reference,
            "unit": "share",
        }
        drawn.append(figure(name.replace("_", "-"), "forest", title, alt, axes, rows=rows))
    return drawn


def _forest(
    sources: Sources, name: str, cameras: Sequence[str] = ()
) -> tuple[list[JsonValue], list[str]]:
    """Return rows and words of every scope, then of some cameras over all deployments."""
    asked: list[tuple[str, Scope, str | None]] = [
        (sources.label(scope), scope, None) for scope in sources.figures.scopes()
    ]
    asked += [(f"Camera {each}", sources.whole(), f"camera {each}") for each in cameras]
    rows: list[JsonValue] = []
    said = []
    for label, scope, argument in asked:
        words = sources.said(name, scope, argument)
        row = _row(label, sources.rate(name, scope, argument), words)
        if row is not None:
            rows.append(row)
            said.append(f"{label}: {words}")
    return rows, said


def _row(label: str, found: Rate, said: str) -> Document | None:
    """Return a row; of a share without an interval, its point alone."""
    row = forest_row(label, found, said)
    if row is None and found.total >= max(found.count, 1):
        return {"label": label, "value": found.value, "low": None, "high": None, "text": said}
    return row


def _with_intervals(rows: Sequence[JsonValue]) -> str:
    """Return what an alternative text says of the intervals that are drawn."""
    lacking = [row for row in rows if isinstance(row, dict) and row["low"] is None]
    if not lacking:
        return "each with its 95 % interval"
    return "with 95 % intervals; where there is none, only the point is drawn"


def recognition_figure(sources: Sources) -> list[Document]:
    """Return the true recognition rate by deployment and by camera, with intervals.

    Args:
        sources: What was counted.
    """
    rows, said = _forest(sources, "true_recognition_rate", cameras_of(sources.whole()))
    if not rows:
        return []
    alt = (
        f"True recognition rate by deployment and by camera, {_with_intervals(rows)}: "
        f"{'; '.join(said)}."
    )
    axes: dict[str, JsonValue] = {"x": "share of passes recognised", "unit": "share"}
    title = "True recognition rate"
    return [figure("true-recognition-rate", "forest", title, alt, axes, rows=rows)]


def cumulative_figure(sources: Sources) -> list[Document]:
    """Return how the false alerts per face seen settled as more faces were seen.

    Args:
        sources: What was counted.
    """
    points = _cumulative(sources)
    if not points:
        return []
    ends = [exact_interval(n_false, faces) for faces, n_false in points]
    series: JsonValue = {
        "label": "false alerts per face seen so far",
        "x": [faces for faces, _ in points],
        "y": [n_false / faces for faces, n_false in points],
        "low": [each.low for each in ends],
        "high": [each.high for each in ends],
    }
    faces, n_false = points[-1]
    limit = sources.figures.limit()
    alt = (
        f"False alerts per face seen, after every minute, with the exact 95 % interval of each "
        "single look; the first are wide, and may be cut at the edge of the drawing. At the end "
        f"{n_false:,} false alerts in {faces:,} faces: "
        f"{100 * n_false / faces:.2g} %, {100 * ends[-1].low:.2g} % to {100 * ends[-1].high:.2g} %."
    )
    axes: dict[str, JsonValue] = {
        "x": "faces seen so far",
        "y": "false alerts per face seen",
        "reference": limit,
        "unit": "share",
    }
    title = "False alerts per face seen, as the trial went on"
    return [figure("cumulative-false-alerts", "lines", title, alt, axes, series=[series])]


def utc(moment: datetime) -> str:
    """Return a moment as a report writes it.

    Args:
        moment: Aware UTC.
    """
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _minute(moment: datetime) -> str:
    return f"{moment:%d %b %Y %H:%M}"


def _cumulative(sources: Sources) -> list[tuple[int, int]]:
    """Return faces seen and false alerts so far, after each minute; thinned out evenly."""
    points: list[tuple[int, int]] = []
    faces_before = false_before = 0
    for scope in sources.figures.parts:
        false = [each for each in scope.alerts() if each.outcome in FALSE_OUTCOMES]
        of_part = _after_each_minute(scope.deployments[0], false)
        points += [(faces_before + faces, false_before + n) for faces, n in of_part]
        faces_before, false_before = faces_before + scope.faces_seen(), false_before + len(false)
    known = [(faces, n) for faces, n in points if faces > 0 and n <= faces]
    step = max(1, -(-len(known) // _MOST_POINTS))
    return known[::-1][::step][::-1]  # the last one always stays


def _after_each_minute(
    facts: DeploymentFacts, false: Sequence[AlertFacts]
) -> list[tuple[int, int]]:
    captured = sorted(each.alert.captured_at for each in false)
    by_minute: Counter[datetime] = Counter()
    for each in facts.minutes:
        by_minute[each.minute] += each.faces_seen
    points: list[tuple[int, int]] = []
    faces = 0
    for minute in sorted(by_minute):
        faces += by_minute[minute]
        points.append((faces, bisect_right(captured, minute + _MINUTE)))
    if points:  # alerts of a last minute that counted no face
        points[-1] = (faces, len(captured))
    return points
