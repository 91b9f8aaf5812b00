"""What the making of notices needs from the outside: languages, and a press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from overt.core.notice_words import NoticeSheet, Words


class NoticeLanguage(Protocol):
    """One language that notices are said in."""

    @property
    def code(self) -> str:
        """Return its code, such as ``cy``."""
        ...

    @property
    def is_rtl(self) -> bool:
        """Return whether it is written from right to left."""
        ...

    @property
    def sha256(self) -> str:
        """Return the digest of everything that its catalogue says: what an approval names."""
        ...

    def say(self, words: Words) -> str:
        """Return a sentence in this language, with its values.

        Args:
            words: What to say.
        """
        ...

    def metres(self, count: int) -> str:
        """Return a length in this language.

        Args:
            count: Whole metres.
        """
        ...

    def written(self, text: str) -> str | None:
        """Return how a text of the record is said in this language; None where nobody told.

        Args:
            text: As it was written: a place, the aim.
        """
        ...


class NoticeLanguages(Protocol):
    """The languages that there is a catalogue for."""

    def codes(self) -> tuple[str, ...]:
        """Return their codes; the source of all, English, first."""
        ...

    def get(self, code: str, written: Mapping[str, str] | None = None) -> NoticeLanguage:
        """Return a language; NoticeLanguageUnknownError where there is no catalogue.

        Args:
            code: Such as ``cy``.
            written: Texts of the record -> how they are said in it.
        """
        ...


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A notice as it came from the press.

    Attributes:
        pdf: The document; its fonts are embedded.
        pages_png: Its pages as pictures, in order.
    """

    pdf: bytes
    pages_png: tuple[bytes, ...]


class NoticePress(Protocol):
    """Sets a notice on its pages."""

    def print_sheet(
        self, sheet: NoticeSheet, language: NoticeLanguage, *, is_reviewed: bool, now: datetime
    ) -> PrintedSheet:
        """Return a notice; NoticeTextUnfitError where a text does not fit or has no letters.

        Args:
            sheet: What stands on it.
            language: In which it is said.
            is_reviewed: Whether the translation was; else that is printed on it.
            now: When it is made, aware UTC; the document says so.
        """
        ...
