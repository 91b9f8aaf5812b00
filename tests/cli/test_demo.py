"""``overt demo``: what a newcomer sees first."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_the_demo_ends_with_a_report_that_verifies(overt, tmp_path):
    """Exit status 0; a report of three rehearsals that anybody can read, within 80 columns.

    Any digit changed afterwards, and it verifies no more.
    """
    ran = overt("demo", "--once")

    assert (ran.status, ran.err) == (0, "")
    assert "This was a rehearsal" in ran.out
    assert "3 deployments of 3 planned ran" in ran.out
    assert "- None of the alerts named somebody else" in ran.out
    assert "Verified: " in ran.out
    lines = [line for line in ran.out.splitlines() if not line.startswith("The report for readers")]
    assert max(len(line) for line in lines) <= 80

    report = overt.home / "demo" / "trial-report"
    page = report / "report.html"
    key = next((overt.home / "demo" / "keys").glob("*.pub"))
    assert overt("report", "verify", str(report), "--key", str(key)).status == 0
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("3 of 3 planned", "4 of 3 planned"), encoding="utf-8")
    assert overt("report", "verify", str(report), "--key", str(key)).status == 3


@pytest.mark.parametrize("option", [("--json",), ("--keep",), ("--no-trial",), ("--port", "0")])
def test_what_is_for_the_console_is_refused_where_there_is_none(overt, option):
    """An option without effect is no option."""
    assert overt("demo", "--once", *option).status == 2
