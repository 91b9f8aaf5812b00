"""The root of the error tree."""

from __future__ import annotations

from typing import ClassVar


class TrialError(Exception):
    """Root of the tree: something that the caller can name and act on.

    Attributes:
        code: Stable identifier, ``noun.problem``.
        exit_status: What a command exits with.
        fields: The values behind the message, for logs and JSON.
    """

    code: ClassVar[str] = "trial.error"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, **fields: str | float | None) -> None:
        """Keep the message and the values behind it.

        Args:
            message: One sentence with what was expected and what was found.
            **fields: Values behind the message; never personal data.
        """
        super().__init__(message)
        self.message = message
        self.fields = fields
