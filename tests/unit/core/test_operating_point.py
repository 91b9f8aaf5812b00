from dataclasses import fields, replace

import pytest
from hypothesis import given, strategies as st

from overt.core.operating_point import (
    DetectionLimits,
    OperatingPoint,
    QualityLimits,
    ShotLimits,
    TrackingLimits,
    operating_point_names,
)
from overt.errors import SettingInvalidError

GROUPS = {
    "detection": DetectionLimits,
    "tracking": TrackingLimits,
    "quality": QualityLimits,
    "shots": ShotLimits,
    "photographs": QualityLimits,
}


def test_the_defaults_are_valid():
    """Only the threshold has no default: it belongs to a model pack (R-41)."""
    assert OperatingPoint(threshold=0.6).max_rank == 3
    with pytest.raises(TypeError):
        OperatingPoint()


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"threshold": 1.01}, "threshold"),
        ({"threshold": -1.01}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"max_rank": 0}, "max_rank"),
        ({"cool_down_s": -1}, "cool_down_s"),
        ({"shots": ShotLimits(max_shots=0)}, "shots.max_shots"),
        ({"shots": ShotLimits(max_shots=2, min_shots=3)}, "shots.min_shots"),
        ({"detection": DetectionLimits(long_side_px=32)}, "detection.long_side_px"),
        ({"detection": DetectionLimits(min_score=1.5)}, "detection.min_score"),
        ({"tracking": TrackingLimits(confirm_hits=0)}, "tracking.confirm_hits"),
        ({"tracking": TrackingLimits(tentative_misses=0)}, "tracking.tentative_misses"),
    ],
)
def test_a_number_out_of_range_is_refused_by_name(change, setting):
    """The message names the setting, its range and what was found (R-40)."""
    with pytest.raises(SettingInvalidError, match="must lie in") as caught:
        OperatingPoint(**{"threshold": 0.6, **change})
    assert caught.value.fields["setting"] == setting


def test_the_digest_is_stable():
    """Equal numbers give equal digests, in this run and in the record of an earlier one (R-40)."""
    point = OperatingPoint(threshold=0.6)
    assert point.digest() == OperatingPoint(threshold=0.6).digest()
    assert len(point.digest()) == 64


@given(st.sampled_from(sorted(GROUPS)), st.data())
def test_every_number_changes_the_digest(group, data):
    """No number can change without the digest of an alert's operating point (R-40, R-50)."""
    name = data.draw(st.sampled_from([field.name for field in fields(GROUPS[group])]))
    point = OperatingPoint(threshold=0.6)
    limits = getattr(point, group)
    nudged = replace(limits, **{name: getattr(limits, name) * 1.01})
    object.__setattr__(point, group, nudged)
    assert point.digest() != OperatingPoint(threshold=0.6).digest()


@pytest.mark.parametrize("change", [{"threshold": 0.61}, {"max_rank": 4}, {"cool_down_s": 31.0}])
def test_the_points_own_numbers_change_the_digest(change):
    """Threshold, rank and cool-down are part of it (R-40)."""
    point = OperatingPoint(threshold=0.6)
    assert replace(point, **change).digest() != point.digest()


def test_every_number_has_a_name():
    """The dotted names cover every field of every group, once."""
    names = operating_point_names()
    assert len(names) == len(set(names)) == 3 + sum(len(fields(kind)) for kind in GROUPS.values())
    assert names[0] == "threshold"
    assert "quality.min_sharpness" in names
