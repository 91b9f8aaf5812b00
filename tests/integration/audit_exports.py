"""Exported logs with real keys and checkpoints for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.audit.checkpoints import Ed25519NoteSigner
from overt.adapters.audit.signing import create_signing_key
from overt.core.checkpoint import Checkpoint
from overt.core.transparency import leaf_hash, tree_of
from unit.core.audit_lines import a_log

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = "trial.example/audit"


def a_signer(folder: Path, name: str = ORIGIN) -> Ed25519NoteSigner:
    """Return a new key of this machine."""
    return Ed25519NoteSigner(create_signing_key(folder / "keys" / "audit.key", name))


def note_of(lines: list[bytes], signer: Ed25519NoteSigner) -> bytes:
    """Return a signed checkpoint of these lines."""
    head = tree_of(map(leaf_hash, lines)).head()
    return str(signer.sign(Checkpoint(signer.origin, head).text())).encode()


def an_export(n_events: int, signer: Ed25519NoteSigner) -> bytes:
    """Return what an exported log of so many events holds."""
    lines = a_log(n_events)
    return b"".join(line + b"\n" for line in lines) + b"\n" + note_of(lines, signer)
