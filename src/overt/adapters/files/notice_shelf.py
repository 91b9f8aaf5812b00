"""Where notices lie that were made for a deployment, until they are made again."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING

from overt.adapters.files.new_folder import write_new_folder
from overt.errors import OutputUnwritableError, RecordNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

ARCHIVE = "notices.zip"
_CONTENTS = "notices.json"


class NoticeShelf:
    """A folder a deployment, with every file and one archive of them all."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; it is made when something is put there.

        Args:
            folder: Where the deployments' folders lie.
        """
        self._folder = folder

    def put(self, deployment_id: str, files: Iterable[tuple[str, bytes]]) -> int:
        """Put files there in place of earlier ones, and return how many; all of them or none.

        Args:
            deployment_id: Whose; an identifier that the store knows.
            files: Names with ``/`` and contents; the last one is the list of them.

        Raises:
            OutputUnwritableError: They cannot be written; the earlier ones stay.
        """
        place = self._place(deployment_id)
        new, old = place.with_name(f"{place.name}.new"), place.with_name(f"{place.name}.old")
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        n_files = write_new_folder(new, files)
        try:
            _pack(new)
            if place.exists():
                place.replace(old)
            new.replace(place)
        except OSError as error:
            msg = f"notices cannot be kept ({type(error).__name__})"
            raise OutputUnwritableError(msg) from error
        shutil.rmtree(old, ignore_errors=True)
        return n_files

    def contents(self, deployment_id: str) -> Mapping[str, object] | None:
        """Return the list of the files that lie there, as it was made; None where none do.

        Args:
            deployment_id: Whose.
        """
        try:
            held: Mapping[str, object] = json.loads(
                (self._place(deployment_id) / _CONTENTS).read_bytes()
            )
        except (OSError, ValueError):
            return None
        return held

    def path(self, deployment_id: str, name: str) -> Path:
        """Return where a file lies.

        Args:
            deployment_id: Whose.
            name: As the list has it, or the archive of all.

        Raises:
            RecordNotFoundError: The list does not name it, or it is gone.
        """
        listed = self.contents(deployment_id) or {}
        files = listed.get("files")
        names = {str(each["file"]) for each in files} if isinstance(files, list) else set()
        path = self._place(deployment_id) / name
        if name not in {*names, ARCHIVE, _CONTENTS} or not path.is_file():
            msg = "there is no such notice here; make the notices again"
            raise RecordNotFoundError(msg, key=deployment_id)
        return path

    def _place(self, deployment_id: str) -> Path:
        return self._folder / deployment_id.replace("/", "_")


def _pack(folder: Path) -> None:
    """Pack everything in a folder; pictures and documents are compressed already."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(folder / ARCHIVE, "w") as archive:
        for path in files:
            archive.write(path, path.relative_to(folder).as_posix())
