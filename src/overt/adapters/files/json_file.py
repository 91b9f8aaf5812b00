"""Write a JSON document whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """Write a document, readable by its owner only.

    Args:
        path: The file to make; its folder is made if missing.
        document: What to write.

    Raises:
        OutputUnwritableError: The file cannot be written; nothing is left half-written.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
