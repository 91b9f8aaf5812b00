"""What an observer asks the force, and what it answers: published as it was written (R-64)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.statement import problem_of_text, with_one_break
from overt.errors import MessageInvalidError

if TYPE_CHECKING:
    from datetime import datetime

MOST_CHARACTERS = 4000
"""Of one question or answer; what is longer is a statement."""


@dataclass(frozen=True, slots=True)
class Message:
    """A question about a deployment, or an answer to one.

    Attributes:
        message_id: Identifier, made at the edge.
        deployment_id: About which deployment.
        question_id: The question that it answers; None where it is a question itself.
        written_by: The observer who asks, or whoever answers for the force.
        written_at: When, aware UTC.
        text: As it was written; nobody edits it.
        withdrawn_at: When its author took it back, aware UTC; None where it stands.
    """

    message_id: str
    deployment_id: str
    question_id: str | None
    written_by: str
    written_at: datetime
    text: str
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers.

    Attributes:
        question: As it was asked.
        answers: Oldest first, also those withdrawn.
    """

    question: Message
    answers: tuple[Message, ...]


def as_asked(messages: tuple[Message, ...]) -> tuple[Asked, ...]:
    """Return questions with their answers, in the order of the questions.

    Args:
        messages: Of one deployment, oldest first.
    """
    answers: dict[str, list[Message]] = {}
    for message in messages:
        if message.question_id is not None:
            answers.setdefault(message.question_id, []).append(message)
    return tuple(
        Asked(message, tuple(answers.get(message.message_id, ())))
        for message in messages
        if message.question_id is None
    )


def message_text(text: str) -> str:
    """Return a question's or answer's text with one kind of line break; nothing else is changed.

    Args:
        text: As it was written.

    Raises:
        MessageInvalidError: It is blank, too long, or holds what is no text.
    """
    lines = with_one_break(text)
    if problem := problem_of_text(lines, MOST_CHARACTERS):
        msg = f"a question or an answer {problem}"
        raise MessageInvalidError(msg, n_characters=len(lines))
    return lines
