"""A signed statement about a deployment that stays when its data is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was signed, as it was signed.

    Attributes:
        certificate_id: Identifier.
        deployment_id: Which deployment it speaks of.
        kind: What it states, such as ``destruction``.
        issued_at: When, aware UTC.
        text: The whole signed text, signature included.
    """

    certificate_id: str
    deployment_id: str
    kind: str
    issued_at: datetime
    text: str
