"""Reports of trials: made, and checked from their folders alone."""

from __future__ import annotations

import pytest
from tests.integration.trial_folders import checked, reported


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return a report of three rehearsals with three statements."""
    return reported(tmp_path_factory.mktemp("report"))


def test_a_report_is_what_its_log_gives(report, tmp_path):
    """Everything is derived again and compared, and nothing differs."""
    check = checked(tmp_path / "r", report, report.files)
    assert check.differences == []
    assert check.notes == []
