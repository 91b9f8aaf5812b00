"""Fakes for the making of notices: a language that shouts, a press that prints what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from overt.errors import NoticeLanguageUnknownError, NoticeTextUnfitError
from overt.ports.notices import PrintedSheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from overt.core.notice_words import NoticeSheet, SheetKind, Words
    from overt.ports.notices import NoticeLanguage


@dataclass(frozen=True, slots=True)
class FakeLanguage:
    """A language that says every sentence with its own code before it.

    Attributes:
        code: Such as ``cy``.
        texts: Texts of the record -> how they are said in it.
        is_rtl: Whether it is written from right to left.
        sha256: Digest of its catalogue.
    """

    code: str
    texts: Mapping[str, str] = field(default_factory=dict)
    is_rtl: bool = False
    sha256: str = "c" * 64

    def say(self, words: Words) -> str:
        """Return the code, the sentence and its values.

        Args:
            words: What to say.
        """
        values = {name: f"{value}" for name, value in words.values.items()}
        return f"{self.code}: {words.text.format(**values)}"

    def metres(self, count: int) -> str:
        """Return a length.

        Args:
            count: Whole metres.
        """
        return f"{count} m"

    def written(self, text: str) -> str | None:
        """Return how a text of the record is said, or None.

        Args:
            text: As it was written.
        """
        return self.texts.get(text)


@dataclass(frozen=True, slots=True)
class FakeLanguages:
    """Languages by their codes alone.

    Attributes:
        known: Codes, English first.
    """

    known: tuple[str, ...] = ("en", "cy")

    def codes(self) -> tuple[str, ...]:
        """Return their codes."""
        return self.known

    def get(self, code: str, written: Mapping[str, str] | None = None) -> FakeLanguage:
        """Return a language.

        Args:
            code: Such as ``cy``.
            written: Texts of the record -> how they are said in it.

        Raises:
            NoticeLanguageUnknownError: It is none of the known ones.
        """
        if code not in self.known:
            msg = f"expected one of {', '.join(self.known)}, found {code!r}"
            raise NoticeLanguageUnknownError(msg)
        return FakeLanguage(code, written or {})


@dataclass(slots=True)
class FakePress:
    """Prints two pages, whatever the notice.

    Attributes:
        unfit: Kinds of sheet on which nothing fits.
        printed: Every sheet, with its language and whether it was reviewed.
    """

    unfit: frozenset[SheetKind] = frozenset()
    printed: list[tuple[NoticeSheet, str, bool]] = field(default_factory=list)

    def print_sheet(
        self, sheet: NoticeSheet, language: NoticeLanguage, *, is_reviewed: bool, now: datetime
    ) -> PrintedSheet:
        """Return a notice of two pages.

        Args:
            sheet: What stands on it.
            language: In which it is said.
            is_reviewed: Whether the translation was.
            now: When it is made.

        Raises:
            NoticeTextUnfitError: The sheet is one on which nothing fits.
        """
        if sheet.kind in self.unfit:
            msg = f"{sheet.kind}: too long"
            raise NoticeTextUnfitError(msg)
        self.printed.append((sheet, language.code, is_reviewed))
        title = language.say(sheet.title).encode()
        return PrintedSheet(b"pdf " + title, (b"1 " + title, now.isoformat().encode()))
