"""Languages of the notices: catalogues of messages, days, times and numbers by CLDR."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from overt.core.notice_texts import NoticeText
from overt.errors import NoticeLanguageUnknownError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from overt.core.notice_words import Value, Words

SOURCE = "en"
_REGION = {"en": "en_GB"}  # day before month, 24 hours
_FIRST_STRONG, _POP = "\u2068", "\u2069"  # a value keeps its own direction: UAX 9
_NAME = re.compile(r"\{(\w+)\}")
_QUOTED = re.compile(r'(?:\w+ )?"(?:[^"\\]|\\.)*"')  # a line of a catalogue, with its keyword
_NEVER = 1e9  # no unit but the one that is asked for
_UNITS: tuple[tuple[Literal["day", "hour", "minute", "second"], int, int], ...] = (
    ("day", 86400, 3 * 86400),  # 48 hours, but 3 days
    ("hour", 3600, 3600),
    ("minute", 60, 60),
    ("second", 1, 0),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language that notices are said in.

    Attributes:
        code: Such as ``cy``.
        messages: English sentence -> its translation.
        texts: Texts of the record -> how they are said in it.
    """

    code: str
    messages: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def locale(self) -> Locale:
        """Return the rules for days, times and numbers."""
        return Locale.parse(_REGION.get(self.code, self.code))

    @property
    def is_rtl(self) -> bool:
        """Return whether it is written from right to left."""
        return self.locale.text_direction == "rtl"

    @property
    def sha256(self) -> str:
        """Return the digest of every sentence with its translation."""
        text = json.dumps(dict(self.messages), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def say(self, words: Words) -> str:
        """Return a sentence in this language, with its values.

        Args:
            words: What to say.
        """
        said = self.messages[words.text]
        values = {name: self._value(value) for name, value in words.values.items()}
        return _NAME.sub(lambda found: values[found[1]], said)

    def metres(self, count: int) -> str:
        """Return a length in this language.

        Args:
            count: Whole metres.
        """
        return format_unit(count, "length-meter", length="short", locale=self.locale)

    def written(self, text: str) -> str | None:
        """Return how a text of the record is said in this language; None where nobody told.

        Args:
            text: As it was written.
        """
        return text if self.code == SOURCE else self.texts.get(text)

    def _value(self, value: Value) -> str:
        if isinstance(value, str):
            return f"{_FIRST_STRONG}{self.written(value) or value}{_POP}"
        if isinstance(value, timedelta):
            return self._span(value)
        if isinstance(value, date):
            return format_date(value, "full", locale=self.locale)
        if isinstance(value, time):
            return format_time(value, "HH:mm", locale=self.locale)
        return format_decimal(value, locale=self.locale)

    def _span(self, span: timedelta) -> str:
        seconds = span.total_seconds()
        unit = next(u for u, size, least in _UNITS if seconds % size == 0 and seconds >= least)
        return format_timedelta(span, granularity=unit, threshold=_NEVER, locale=self.locale)


class Catalogues:
    """The languages that there is a catalogue for, beside the source."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """Read nothing yet.

        Args:
            folder: LANG/LC_MESSAGES/notices.po; the shipped ones without it.
        """
        self._folder = folder or files("overt.adapters.publish").joinpath("notices", "locale")

    def codes(self) -> tuple[str, ...]:
        """Return their codes; the source of all, English, first."""
        found = [place.name for place in self._folder.iterdir() if _po(place).is_file()]
        return (SOURCE, *sorted(found))

    def get(self, code: str, written: Mapping[str, str] | None = None) -> Catalogue:
        """Return a language.

        Args:
            code: Such as ``cy``.
            written: Texts of the record -> how they are said in it.

        Raises:
            NoticeLanguageUnknownError: There is no catalogue, or one that cannot be used: a
                sentence is missing, or lacks one of its values.
        """
        if code == SOURCE:
            return Catalogue(code, {text.value: text.value for text in NoticeText})
        if code not in self.codes():
            msg = f"expected one of {', '.join(self.codes())}, found {code!r}"
            raise NoticeLanguageUnknownError(msg)
        return Catalogue(code, _messages(code, _po(self._folder / code)), dict(written or {}))


def problems_of(messages: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a catalogue: sentences missing, values missing or added.

    Args:
        messages: English sentence -> its translation.
    """
    missing = [f"{text.name}: not translated" for text in NoticeText if not messages.get(text)]
    differing = [
        f"{text.name}: values differ"
        for text in NoticeText
        if messages.get(text) and _names(messages[text]) != _names(text)
    ]
    return missing + differing


def _messages(code: str, path: Traversable) -> dict[str, str]:
    try:
        data = path.read_bytes()
        _refuse_open_quotes(data.decode("utf-8"))
        read = read_po(BytesIO(data), locale=code, abort_invalid=True)
    except (PoFileError, UnknownLocaleError, ValueError, OSError) as error:
        msg = f"the catalogue of {code} cannot be read ({type(error).__name__})"
        raise NoticeLanguageUnknownError(msg) from error
    messages = {str(entry.id): str(entry.string) for entry in read if entry.id and not entry.fuzzy}
    if problems := problems_of(messages):
        msg = f"the catalogue of {code} is not complete: {'; '.join(problems)}"
        raise NoticeLanguageUnknownError(msg)
    return {text.value: messages[text] for text in NoticeText}


def _refuse_open_quotes(text: str) -> None:
    """Refuse a text without its closing quote, of which the parser would lose a letter."""
    for line in text.splitlines():
        if line.startswith(("msg", '"')) and not _QUOTED.fullmatch(line.strip()):
            raise ValueError(line)


def _names(text: str) -> list[str]:
    return sorted(_NAME.findall(text))


def _po(place: Traversable) -> Traversable:
    return place.joinpath("LC_MESSAGES", "notices.po")
