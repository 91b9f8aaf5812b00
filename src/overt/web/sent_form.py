"""A form as it was sent: texts and files by the names of their fields, for a page to show again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from overt.errors import RequestInvalidError

_MOST_FIELDS = 25_000  # the reasons beside the entries of a large watchlist


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a form.

    Attributes:
        name: As the sender called it: never a path of this machine.
        content: Its bytes.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SentForm:
    """What somebody typed and chose.

    Attributes:
        fields: Name and text of each field, in order; a name may come more than once.
        files: Name of the field and file, in order.
    """

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, SentFile], ...] = ()
    _texts: dict[str, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the texts of each field together: there may be thousands of fields."""
        texts: dict[str, list[str]] = {}
        for name, text in self.fields:
            texts.setdefault(name, []).append(text)
        object.__setattr__(self, "_texts", texts)

    def text(self, name: str) -> str:
        """Return the text of a field; blank where it was not sent.

        Args:
            name: Of the field.
        """
        return next(iter(self._texts.get(name, ())), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a field that may come more than once.

        Args:
            name: Of the field.
        """
        return tuple(self._texts.get(name, ()))

    def has(self, name: str) -> bool:
        """Return whether a box was ticked.

        Args:
            name: Of the field.
        """
        return name in self._texts

    def sent_files(self, name: str) -> tuple[SentFile, ...]:
        """Return the files of a field; none where nothing was chosen.

        Args:
            name: Of the field.
        """
        return tuple(file for each, file in self.files if each == name)


def one_file(form: SentForm, name: str, expected: str) -> SentFile:
    """Return the file of a field.

    Args:
        form: As sent.
        name: Of the field.
        expected: What is asked for, for the message.

    Raises:
        RequestInvalidError: Nothing was chosen.
    """
    files = form.sent_files(name)
    if not files:
        msg = f"{expected}, found nothing"
        raise RequestInvalidError(msg, field=name)
    return files[0]


async def form_of(request: Request) -> FormData:
    """Return the form of a request, which is read once, whoever asks first.

    Args:
        request: With a form, or without.
    """
    most_files: int = request.app.state.most_files
    return await request.form(max_files=most_files, max_fields=_MOST_FIELDS)


async def sent_form(request: Request) -> SentForm:
    """Return the form of a request; each file is let go of as soon as it was copied.

    Args:
        request: With a form, or without.
    """
    form = await form_of(request)
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, SentFile]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:  # a browser sends an empty part where nothing was chosen
                files.append((name, SentFile(value.filename, await value.read())))
            await value.close()
        else:
            fields.append((name, value.replace("\r\n", "\n")))
    return SentForm(tuple(fields), tuple(files))


OfForm = Annotated[SentForm, Depends(sent_form)]

NOTHING = SentForm()


def typed(fields: Iterable[tuple[str, str]]) -> SentForm:
    """Return a form that is filled in beforehand.

    Args:
        fields: Name and text of each field.
    """
    return SentForm(tuple(fields))
