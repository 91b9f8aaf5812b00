"""An application as far as it was written: no step of the deployment, and gone with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ApplicationDraft:
    """The fields of a form, filled in or not.

    Attributes:
        deployment_id: For which deployment; it has one draft.
        saved_by: Who saved it last.
        saved_at: When, aware UTC.
        document: The fields as JSON. The addresses of cameras are not among them: they are
            secrets, and the document names their identifiers.
    """

    deployment_id: str
    saved_by: str
    saved_at: datetime
    document: str
