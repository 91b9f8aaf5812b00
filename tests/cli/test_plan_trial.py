"""``overt plan-trial``."""

from __future__ import annotations

import pytest

COMMAND = ("plan-trial", "--target-far", 0.001, "--trr-margin", 0.05)


def test_sizes_are_printed(overt):
    """Rule of three and of thirty, faces by status, passes by person."""
    ran = overt(*COMMAND)

    assert (ran.status, ran.err) == (0, "")
    assert "2,995 faces without a false alert show it" in ran.out
    assert 'faces for the status "within", by false alerts seen: 0: 3,688, 1: 5,570' in ran.out
    assert "30,000 faces" in ran.out
    assert "385 passes, each by another person" in ran.out
    assert "850 passes of 170 people" in ran.out


def test_a_limit_that_is_not_kept_cannot_be_shown(overt):
    """However many faces."""
    ran = overt(*COMMAND, "--assumed-far", 0.002)

    assert "at a true rate of 0.2 % no number of faces shows the limit" in ran.out


def test_sizes_as_json(overt):
    """The same for programs."""
    document = overt(*COMMAND, "--expected-trr", 0.89, "--passes-per-person", 1, "--json").document

    assert document["false_alerts"]["within"][0] == {"false_alerts": 0, "faces": 3688}
    assert document["recognition"]["passes"] == 151


@pytest.mark.parametrize("options", [("--target-far", 0), ("--trr-margin", 5)])
def test_impossible_plans_are_refused(overt, options):
    """0.1 % is 0.001, five points are 0.05; exit status 2."""
    assert overt.fails(*COMMAND, *options) == (2, "setting.invalid")
