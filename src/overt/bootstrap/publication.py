"""A published record and its file: both, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.files.new_file import write_new_text
from overt.services.publish_record import publish_record

if TYPE_CHECKING:
    from pathlib import Path

    from overt.services.workplace import Workplace


def publish_to_file(workplace: Workplace, actor_id: str, deployment_id: str, path: Path) -> None:
    """Publish a deployment's record and write it to a new file.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An authorising officer or evaluator.
        deployment_id: Purged, operational.
        path: The file to make; one that is there is never replaced.

    Raises:
        TrialError: It may not be published, or the file or the store did not take it:
            nothing is published, and no file is left.
    """
    is_written = is_published = False

    def write(text: str) -> None:
        nonlocal is_written
        write_new_text(path, text)
        is_written = True

    try:
        publish_record(workplace, actor_id, deployment_id, write)
        is_published = True
    finally:
        if is_written and not is_published:
            path.unlink(missing_ok=True)
