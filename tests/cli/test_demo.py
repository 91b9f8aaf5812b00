"""``overt demo``: what a newcomer sees first."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_the_demo_finds_whom_it_should_and_nobody_else(overt):
    """Exit status 0; counts, rates with interval and the proof of erasure, within 80 columns."""
    ran = overt("demo", "--once")

    assert (ran.status, ran.err) == (0, "")
    assert "alerts            2 true, 0 false" in ran.out
    assert "2 recognition opportunities, 0 missed" in ran.out
    assert "2 of 2 recognition opportunities (100 %, 95 % interval 15.8 % to 100 %)" in ran.out
    assert "0 of 4 faces seen (0 %, 95 % interval 0 % to 60.2 %)" in ran.out
    assert "made =" in ran.out
    lines = [line for line in ran.out.splitlines() if not line.startswith("Record kept")]
    assert max(len(line) for line in lines) <= 80
    (record,) = overt.records()
    made = record["templates"]
    assert made["made"] == made["erased"] + made["in_alerts"] > 0


@pytest.mark.parametrize("option", [("--json",), ("--keep",), ("--port", "0")])
def test_what_is_for_the_console_is_refused_where_there_is_none(overt, option):
    """An option without effect is no option."""
    assert overt("demo", "--once", *option).status == 2
