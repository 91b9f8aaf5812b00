"""The one shape of an error, as the API's document describes it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class ErrorAnswer(BaseModel):
    """Why a request was not done.

    Attributes:
        code: Stable identifier, ``noun.problem``; docs/errors.md lists them.
        message: What was expected and what was found, without personal data.
        status: HTTP status.
        details: The values behind the message; ``unmet`` names conditions by requirement.
    """

    code: str
    message: str
    status: int
    details: dict[str, Any] = Field(default_factory=dict)


_MEANING = {
    400: "The body is no text in UTF-8.",
    401: "Nobody is signed in, or the session is over.",
    403: "This account may not, or another person has to.",
    404: "There is no such thing, or it is erased.",
    409: "The protocol of the trial does not allow it now.",
    410: "It was destroyed at the purge.",
    413: "The request holds more bytes than any of this kind may.",
    422: "A field is missing or is not what was asked for.",
    429: "Too many requests, or a locked account.",
    503: "A device or the store does not answer.",
}

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": meaning} for status, meaning in _MEANING.items()
}
"""What any route of the API may answer besides its own."""
