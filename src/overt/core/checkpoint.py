"""Checkpoints: so many events of this log have that root (c2sp.org/tlog-checkpoint).

The text of the note has three lines: the log's name, the number of events, the
root hash in base64.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from overt.core.transparency import HASH_BYTES, TreeHead
from overt.errors import SignedNoteInvalidError

_TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed about a log.

    Attributes:
        origin: Name of the log.
        head: Number of events and root.
    """

    origin: str
    head: TreeHead

    def text(self) -> str:
        """Return the text of the note, as it is signed."""
        return f"{self.origin}\n{self.head.size}\n{base64.b64encode(self.head.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Return what a note says about a log; further lines are allowed and ignored.

    Args:
        text: Of a signed note.

    Raises:
        SignedNoteInvalidError: It is the text of something else.
    """
    match = _TEXT.fullmatch(text)
    root = base64.b64decode(match[3]) if match else b""
    if match is None or len(root) != HASH_BYTES:
        msg = "the text of a checkpoint is a name, a number of events and a root in base64"
        raise SignedNoteInvalidError(msg)
    checkpoint = Checkpoint(match[1], TreeHead(int(match[2]), root))
    if not text.startswith(checkpoint.text()):
        msg = "the root of a checkpoint is written with spare bits set"
        raise SignedNoteInvalidError(msg)
    return checkpoint
