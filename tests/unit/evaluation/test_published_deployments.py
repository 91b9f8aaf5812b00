"""Every figure that was published or worked out by hand, from the file beside this checkout."""

from __future__ import annotations

import csv

import pytest

from overt.evaluation.rates import (
    false_alerts_per_alert,
    false_alerts_per_face_seen,
    limit_status,
)


@pytest.fixture
def deployments(shared_data):
    """Return the rows of the file."""
    with (shared_data / "published_deployments.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agrees(found: float, printed: str) -> bool:
    """Return whether a number agrees with a printed one to the digits printed (or is unprinted)."""
    if not printed:
        return True
    digits, _, exponent = printed.partition("e")
    decimals = len(digits.partition(".")[2]) - int(exponent or 0)
    return abs(found - float(printed)) <= 0.5 * 10.0**-decimals * (1 + 1e-9)


def test_every_published_row_is_reproduced(deployments):
    """Shares, intervals and the reading against 1 in 1,000, to the digits given."""
    assert len(deployments) >= 5
    for row in deployments:
        false_alerts, true_alerts = int(row["false_alerts"]), int(row["true_alerts"])
        per_alert = false_alerts_per_alert(false_alerts=false_alerts, true_alerts=true_alerts)

        assert per_alert.total == int(row["alerts"]), row["key"]
        assert agrees(per_alert.value, row["false_per_alert"]), row["key"]
        assert agrees(per_alert.interval.low, row["false_per_alert_low"]), row["key"]
        assert agrees(per_alert.interval.high, row["false_per_alert_high"]), row["key"]


def test_every_published_row_with_faces_is_reproduced(deployments):
    """The same per face seen, where the number of faces is known."""
    rows = [row for row in deployments if row["faces_seen"]]

    assert len(rows) >= 4
    for row in rows:
        per_face = false_alerts_per_face_seen(
            false_alerts=int(row["false_alerts"]), faces_seen=int(row["faces_seen"])
        )

        assert agrees(per_face.value, row["far_point"]), row["key"]
        assert agrees(per_face.interval.low, row["far_low"]), row["key"]
        assert agrees(per_face.interval.high, row["far_high"]), row["key"]
        assert limit_status(per_face, 1 / 1000).status == row["status_at_1_in_1000"], row["key"]
