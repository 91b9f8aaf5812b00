"""A trial report's document, written by hand as the evaluation gives it."""

from __future__ import annotations

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
ARABIC = "لم أر أي لافتة قبل دخول المنطقة."
HOSTILE = '<script>alert("1")</script> & <b>bold</b> {{ 7 * 7 }} #panic("typst") $x$'


def a_number(count: int, total: int, low: float, high: float, query: str) -> dict[str, object]:
    """Return a share as a number of the report."""
    share = f"{100 * count / total:.3g} %"
    span = f"95 % interval {100 * low:.3g} % to {100 * high:.3g} %"
    return {
        "text": f"{count:,} of {total:,} faces seen ({share}, {span})",
        "count": count,
        "total": total,
        "unit": "faces seen",
        "low": low,
        "high": high,
        "level": 0.95,
        "query": query,
    }


def a_document(n_deployments: int = 3, *, statements: tuple[str, ...] = ()) -> dict[str, object]:
    """Return a document with every kind of table, figure and text.

    Args:
        n_deployments: How many were in the trial.
        statements: What observers stated.
    """
    ids = [f"deployment_{i}" for i in range(1, n_deployments + 1)]
    numbers = {
        f"far_{i}": a_number(2, 5570, 0.0000435, 0.0012962, f"false_alerts_per_face_seen({i})")
        for i in ids
    }
    numbers |= {
        f"faces_{i}": {"text": "5,570", "value": 5570, "unit": "faces", "query": f"faces_seen({i})"}
        for i in ids
    }
    numbers["far_all"] = a_number(6, 16710, 0.0001318, 0.0007814, "false_alerts_per_face_seen(all)")
    return {
        "format": "overt trial report 1",
        "trial": {
            "trial_id": "trial_1",
            "title": "Three rehearsals on a generated street",
            "deployment_kind": "rehearsal",
            "registered_at": "2026-03-01T08:00:00Z",
            "plan_sha256": "ab" * 32,
            "is_ended": True,
            "ended_at": "2026-03-09T16:59:00Z",
            "end_reason": "all planned deployments are done",
            "n_planned": 3,
            "n_deployments": n_deployments,
        },
        "log": {"size": 431, "root": ROOT},
        "software_version": "0.1.0",
        "made_at": "2026-03-09T17:00:00Z",
        "plan": a_plan(),
        "summary": [
            "Cameras saw 16,710 faces in three rehearsals. 6 alerts were false: 1 in 2,785 faces.",
            "The limit of 1 false alert in 1,000 faces was kept: that is shown.",
            "No real person was looked for. All who were listed had agreed to take part.",
        ],
        "findings": [
            {
                "hypothesis_id": "H1",
                "text": "Fewer than 1 in 1,000 faces raise a false alert.",
                "verdict": "shown",
                "because": "The whole interval lies at or below 0.1 %.",
                "numbers": ["far_all"],
            },
            {
                "hypothesis_id": "H2",
                "text": "Four of five passes of listed volunteers are recognised.",
                "verdict": "not shown",
                "because": "The interval reaches from 61 % to 93 %.",
                "numbers": [],
            },
            {
                "hypothesis_id": "H3",
                "text": "Operators pass on at most one in twenty pairs of different people.",
                "verdict": "contradicted",
                "because": "The whole interval lies above 5 %.",
                "numbers": [],
            },
            {
                "hypothesis_id": "H4",
                "text": "Officers engage at most one in a hundred.",
                "verdict": "not defined",
                "because": "Nobody was passed on: 0 of 0.",
                "numbers": [],
            },
        ],
        "deviations": ["The second rehearsal ended 20 minutes early: rain.", "Nothing else."],
        "sections": [_operation(ids), _recognition()],
        "numbers": numbers,
        "statements": [
            {
                "deployment_id": ids[0],
                "statement_id": f"statement_{i}",
                "filed_at": "2026-03-02T12:00:00Z",
                "sha256": "cd" * 32,
                "text": text,
            }
            for i, text in enumerate(statements, start=1)
        ],
        "definitions": [
            {"term": "false alert", "text": "An alert for somebody who is not the person listed."},
            {"term": "face seen", "text": "One passage of one person through the zone."},
        ],
        "queries": [
            {
                "name": "false_alerts_per_face_seen",
                "text": "Alerts with a false outcome, divided by faces seen. ",
                "events": ["AlertRaised", "OutcomeRecorded"],
            },
            {
                "name": "faces_seen",
                "text": "Faces added up minute by minute.",
                "events": ["MinuteCounted"],
            },
        ],
    }


def a_plan() -> dict[str, object]:
    """Return a plan as the log holds it."""
    return {
        "title": "Three rehearsals on a generated street",
        "aim": "Find out whether the machine and the people who use it do what the plan says.",
        "objectives": ["Count false alerts.", "Measure how often volunteers are recognised."],
        "hypotheses": [
            {
                "id": "H1",
                "text": "Fewer than 1 in 1,000 faces raise a false alert.",
                "figure": "false_alerts_per_face_seen",
                "relation": "at_most",
                "value": 0.001,
            }
        ],
        "n_deployments": 3,
        "faces_planned": 15000,
        "passes_planned": 40,
        "stop_rules": ["More than 20 false alerts in one deployment."],
        "seed": 7,
        "equality_margin": 0.05,
    }


def _operation(ids: list[str]) -> dict[str, object]:
    far = [[i, {"number": f"faces_{i}"}, {"number": f"far_{i}"}] for i in ids]
    rows = [
        {"label": i, "value": 0.000359, "low": 0.0000435, "high": 0.0012962, "text": "2 of 5,570"}
        for i in ids
    ]
    return {
        "id": "operation",
        "title": "What the cameras did",
        "text": ["Faces were counted once a passage.", "Alerts were looked at by two people."],
        "tables": [
            {
                "id": "false_alerts",
                "caption": "False alerts of each deployment",
                "columns": ["Deployment", "Faces seen", "False alerts per face seen"],
                "rows": far,
            }
        ],
        "figures": [
            a_figure(
                "false_alerts",
                "forest",
                rows=rows,
                reference=0.001,
                log_x=True,
                x="false alerts per face seen",
                alt="False alerts per face seen with intervals: each reaches above 1 in 1,000.",
            ),
            a_figure(
                "days",
                "timeline",
                rows=[
                    {
                        "label": i,
                        "from": f"2026-03-0{n}T10:00:00Z",
                        "to": f"2026-03-0{n}T14:30:00Z",
                        "note": "live",
                    }
                    for n, i in enumerate(ids[:9], start=2)
                ],
                x="day",
                alt="Every second day one rehearsal of four and a half hours.",
            ),
        ],
    }


def _recognition() -> dict[str, object]:
    x = [0.3 + 0.02 * i for i in range(20)]
    y = [0.02 + 0.04 * i for i in range(20)]
    return {
        "id": "recognition",
        "title": "Who was recognised",
        "text": ["Volunteers walked past by a plan."],
        "tables": [
            {
                "id": "misses",
                "caption": "Where passes were missed",
                "columns": ["Where", "Passes"],
                "rows": [["not captured", "3"], ["compared and missed", "4"]],
            }
        ],
        "figures": [
            a_figure(
                "sweep",
                "lines",
                series=[
                    {
                        "label": "missed",
                        "x": x,
                        "y": y,
                        "low": [v * 0.8 for v in y],
                        "high": [v * 1.1 for v in y],
                    },
                    {"label": "false", "x": x, "y": y[::-1], "low": None, "high": None},
                ],
                reference=0.05,
                x="threshold",
                y="share",
                alt="As the threshold rises, misses rise and false alerts fall.",
            ),
            a_figure(
                "det",
                "steps",
                series=[{"label": "all", "x": y, "y": x, "low": None, "high": None}],
                log_x=True,
                log_y=True,
                x="FPIR",
                y="FNIR",
                alt="A step curve.",
            ),
            a_figure(
                "misses",
                "bars",
                rows=[
                    {"label": "not captured", "value": 3},
                    {"label": "rejected by quality", "value": 0},
                    {"label": "compared and missed", "value": 4},
                ],
                x="passes",
                alt="3 not captured, none rejected, 4 compared and missed.",
            ),
        ],
    }


def a_figure(figure_id: str, kind: str, **given: object) -> dict[str, object]:
    """Return a figure with everything that was not given left at nothing."""
    nothing = {
        "title": f"Figure of {figure_id}",
        "alt": "",
        "x": "",
        "y": "",
        "reference": None,
        "log_x": False,
        "log_y": False,
        "unit": "share",
        "rows": [],
        "series": [],
    }
    return {"id": figure_id, "kind": kind, **nothing, **given}
