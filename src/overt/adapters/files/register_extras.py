"""The ``RegisterExtras`` port: key and checkpoint in the home folder, notices in a folder."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from overt.errors import FileUnusableError, OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTENTS = "notices.json"
_MOST_BYTES = 1 << 16


class HomeExtras:
    """What stands beside the pages."""

    def __init__(
        self, public_key: Path, checkpoint: Path, shelf: Path, notices: Path | None = None
    ) -> None:
        """Read the list of notices that lie in a folder of their own.

        Args:
            public_key: File of the log's public key; may be missing.
            checkpoint: File of the checkpoint that was published last; may be missing.
            shelf: Where the console keeps the notices that it makes, a folder a deployment; it
                is looked at whenever somebody asks, and may be missing.
            notices: Folder that ``overt notices make`` made, or one of such folders; or None.
                It goes before the shelf.

        Raises:
            FileUnusableError: The folder holds no notices, or a list that cannot be used.
        """
        self._public_key, self._checkpoint, self._shelf = public_key, checkpoint, shelf
        self._notices = dict(_notices_in(notices)) if notices is not None else {}

    def public_key(self) -> str | None:
        """Return the log's public key, or None where there is none."""
        text = _text_of(self._public_key)
        return None if text is None else text.strip()

    def checkpoint(self) -> str | None:
        """Return the signed checkpoint that was published last, or None."""
        return _text_of(self._checkpoint)

    def notices(self, deployment_id: str) -> tuple[str, ...]:
        """Return the names of a deployment's notices, with folders; empty without any.

        Args:
            deployment_id: Whose.
        """
        return tuple(self._of(deployment_id))

    def notice(self, deployment_id: str, name: str) -> bytes:
        """Return one notice.

        Args:
            deployment_id: Whose.
            name: From ``notices``.

        Raises:
            FileUnusableError: It is gone, or is not the one that was made.
        """
        try:
            path, digest = self._of(deployment_id)[name]
            content = path.read_bytes()
        except (OSError, KeyError) as error:
            msg = f"the notice {name} cannot be read ({type(error).__name__})"
            raise FileUnusableError(msg) from error
        if hashlib.sha256(content).hexdigest() != digest:
            msg = f"the notice {name} is not the one that was made: make the notices again"
            raise FileUnusableError(msg)
        return content

    def _of(self, deployment_id: str) -> dict[str, tuple[Path, str]]:
        if deployment_id not in self._notices:
            path = self._shelf / deployment_id.replace("/", "_") / _CONTENTS
            if path.is_file():
                return _listed_in(path)[1]
        return self._notices.get(deployment_id, {})


def keep_checkpoint(path: Path, note: str) -> None:
    """Keep a checkpoint that is published; it takes the place of an earlier one at once.

    Args:
        path: The file; its folder is made if missing.
        note: As signed.

    Raises:
        OutputUnwritableError: It cannot be written.
    """
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error


def _text_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{path.name} cannot be read ({type(error).__name__})"
        raise FileUnusableError(msg) from error


def _notices_in(folder: Path) -> Iterator[tuple[str, dict[str, tuple[Path, str]]]]:
    """Yield deployments with the files of their notices."""
    lists = sorted([*folder.glob(_CONTENTS), *folder.glob(f"*/{_CONTENTS}")])
    if not lists:
        msg = f"{folder.name} holds no notices: expected {_CONTENTS} in it or in folders of it"
        raise FileUnusableError(msg)
    for path in lists:
        yield _listed_in(path)


def _listed_in(path: Path) -> tuple[str, dict[str, tuple[Path, str]]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        rows = [(str(row["file"]), str(row["sha256"])) for row in document["files"]]
        deployment_id = str(document["deployment"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path.parent.name}/{path.name} is no list of notices ({type(error).__name__})"
        raise FileUnusableError(msg) from error
    if outside := [name for name, _ in rows if not _is_inside(name)]:
        msg = f"{path.parent.name}/{path.name} names a file outside its folder: {outside[0]}"
        raise FileUnusableError(msg)
    return deployment_id, {name: (path.parent / name, digest) for name, digest in rows}


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
