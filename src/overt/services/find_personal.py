"""Look for what identifies a person in what is about to be public (R-35, R-64).

The store's personal fields are compared with every word of every file: references that were ever
listed, account identifiers, what a sign-in service calls people, camera addresses, reasons for
which living lists name somebody, and identifiers of rows about people.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from overt.core.deployment import DeploymentState
from overt.core.reference import canonical_reference
from overt.errors import PersonalDataPublishedError
from overt.services.apply_for_authority import LOCATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork

_TEXT = (".html", ".json", ".csv", ".atom", ".txt", ".svg")
_WORD = re.compile(r"[^\s<>\"'`(){}\[\],;|]+")
_PARTS = re.compile(r"[/=:&?#@]")
_EDGES = ".:!?\u2026"
_ROW_ID = re.compile(
    r"\b(?:alert|decision|engagement|entry|pass|request|volunteer|secret|statement)"
    r"-[0-9a-hjkmnp-tv-z]{26}\b"
)
_JSON_ESCAPES = re.compile(r'\\[nrt"/]')
_SHORTEST, _SHORTEST_NUMBER = 4, 6
_SHORTEST_REASON = 12


class PersonalScan:
    """Knows the store's personal fields, and looks at files one after the other."""

    def __init__(self, uow: UnitOfWork, own_words: Iterable[str] = ()) -> None:
        """Read the personal fields.

        Args:
            uow: An open unit of work.
            own_words: Texts of the register that hold nothing of the store: their words say
                nothing about anybody.
        """
        own = {word for text in own_words for word in _WORD.findall(_plain(text))}
        known = {part for word in own for part in _parts_of(word)}
        self._words: dict[str, str] = {}
        self._phrases: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for kind, value in _personal(uow):
            needle = canonical_reference(value)
            first, _, more = needle.partition(" ")
            if more:
                self._phrases[first].add((needle, kind))
            elif _can_be_told_apart(needle) and needle not in known:
                self._words[needle] = kind
        self._seen: dict[str, bool] = {}  # line -> whether it has the first word of a phrase
        self._known: dict[str, bool] = {}  # word -> whether it is one

    def look(self, name: str, content: bytes) -> None:
        """Refuse a file in which a personal field stands.

        Pictures and printed notices are not texts, and are let through.

        Args:
            name: Of the file, in the message.
            content: Its bytes.

        Raises:
            PersonalDataPublishedError: One does; the message names the file and the kind of
                field, never what was found.
        """
        if not name.endswith(_TEXT):
            return
        text = content.decode("utf-8", "replace")
        may_hold_phrase = False
        for line in text.split("\n"):
            begins_one = self._seen.get(line)
            if begins_one is None:
                begins_one = self._seen[line] = self._look_at(line, name)
            may_hold_phrase |= begins_one
        if may_hold_phrase:
            self._look_for_phrases(text, name)

    def _look_at(self, line: str, name: str) -> bool:
        """Return whether a line has the first word of a phrase; refuse what identifies a person."""
        if _ROW_ID.search(line):
            raise _found(name, "an identifier of a row about a person")
        begins_one = False
        for word in _WORD.findall(_plain(line)):
            begins = self._known.get(word)
            if begins is None:
                parts = _parts_of(word)
                for part in parts & self._words.keys():
                    raise _found(name, self._words[part])
                begins = self._known[word] = not parts.isdisjoint(self._phrases)
            begins_one |= begins
        return begins_one

    def _look_for_phrases(self, text: str, name: str) -> None:
        """Refuse a text with a phrase in it, on one line or on several."""
        whole = " ".join(_plain(text).split())
        parts = {part for word in _WORD.findall(whole) for part in _parts_of(word)}
        for first in parts & self._phrases.keys():
            for needle, kind in self._phrases[first]:
                if re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", whole):
                    raise _found(name, kind)


def _personal(uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Yield kind and value of every personal field."""
    for reference in uow.listed.references():
        yield "the reference of a listed person", reference
    for actor in uow.actors.list():
        yield "the identifier of an account", actor.actor_id
        for identity in uow.identities.of_actor(actor.actor_id):
            yield "what a sign-in service calls a person", identity.subject
    for deployment in uow.deployments.list():
        if deployment.state is not DeploymentState.PUBLISHED and deployment.purged_at is None:
            yield from _of_living(uow, deployment)


def _of_living(uow: UnitOfWork, deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield what a deployment still has that a purge deletes."""
    for entry in uow.entries.of_deployment(deployment.deployment_id):
        yield "the reference of a listed person", entry.reference
        if len(entry.justification) >= _SHORTEST_REASON:
            yield "the reason for which a person is listed", entry.justification
    for _, secret in uow.secrets.read_all(deployment.deployment_id, LOCATION):
        address = secret.decode("utf-8", "replace")
        yield "the address of a camera", address
        host = urlsplit(address).hostname
        if host is not None:
            yield "the address of a camera", host


def _can_be_told_apart(needle: str) -> bool:
    """Return whether a word can be told from a count or a common word."""
    return len(needle) >= (_SHORTEST_NUMBER if needle.isdigit() else _SHORTEST)


def _parts_of(word: str) -> set[str]:
    """Return a word without the marks at its ends, and the parts of one that is an address."""
    return {word.strip(_EDGES), *(part.strip(_EDGES) for part in _PARTS.split(word))}


def _plain(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = _JSON_ESCAPES.sub(" ", text)
    return text.upper()


def _found(name: str, kind: str) -> PersonalDataPublishedError:
    msg = f"{name} holds {kind}; nothing was published"
    return PersonalDataPublishedError(msg, file=name, kind=kind)
