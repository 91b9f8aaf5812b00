"""Published records for commands: the file's reader joined to the check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.evaluation.record_check import check_record

if TYPE_CHECKING:
    from pathlib import Path

    from overt.evaluation.record_check import CheckedRow


def check_file(path: Path) -> tuple[CheckedRow, ...]:
    """Return every row of a published record with its rates worked out again and its flags.

    Args:
        path: CSV.

    Raises:
        RecordFileInvalidError: It is no such file.
    """
    from overt.adapters.files.published_csv import read_published

    return check_record(read_published(path))
