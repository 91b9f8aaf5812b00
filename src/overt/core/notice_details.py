"""What a force adds to its notices: its name, whom to ask, where to complain, what it reviewed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from overt.core.notice import is_sha256
from overt.errors import NoticeDetailsInvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

MAX_TEXT = 200
"""Characters of one text: more does not fit beside the rest."""

MAX_URL = 300
"""Characters of an address: a QR code with more is hard to read from afar."""

_URL = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?(/[\x21-\x7e]*)?")
_ID_IN_URL = "{deployment}"


@dataclass(frozen=True, slots=True)
class TranslationApproval:
    """That somebody of the force has read a translation and found it right.

    Attributes:
        sha256: Digest of the catalogue that was read; another one is not approved by it.
        approved_by: Who answers for it: a role or a desk.
        approved_on: When.
    """

    sha256: str
    approved_by: str
    approved_on: date

    def __post_init__(self) -> None:
        """Refuse an approval of nothing or by nobody.

        Raises:
            NoticeDetailsInvalidError: No SHA-256, or a blank name.
        """
        if not is_sha256(self.sha256):
            msg = "an approval names a catalogue by its SHA-256, 64 hexadecimal digits"
            raise NoticeDetailsInvalidError(msg)
        if not self.approved_by.strip():
            msg = "an approval says who answers for it"
            raise NoticeDetailsInvalidError(msg)


@dataclass(frozen=True, slots=True)
class NoticeDetails:
    """What stands on every notice of a force and in no deployment's record.

    Attributes:
        force: Its name.
        contact: Where questions go: a telephone number, an address.
        complaints: Where complaints go.
        regulator: Who else takes complaints; blank leaves the sentence out.
        page_url: The public page: https; ``{deployment}`` stands for the identifier.
        approvals: Translations that were reviewed, by language.
        words: Language -> text as it was written (a place, the aim) -> how it is said there.
    """

    force: str
    contact: str
    complaints: str
    regulator: str
    page_url: str
    approvals: Mapping[str, TranslationApproval] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what leaves a reader without an answer, or does not fit.

        Raises:
            NoticeDetailsInvalidError: A text is blank, too long or on several lines, or the
                address is none that a telephone opens safely.
        """
        for name in ("force", "contact", "complaints", "regulator"):
            text = getattr(self, name)
            if name != "regulator" and not text.strip():
                msg = f"{name}: expected a text, found none"
                raise NoticeDetailsInvalidError(msg)
            if len(text) > MAX_TEXT or not text.isprintable():
                msg = f"{name}: expected one line of at most {MAX_TEXT} characters"
                raise NoticeDetailsInvalidError(msg)
        if len(self.page_url) > MAX_URL or not _URL.fullmatch(self.url_of("")):
            msg = f"page: expected an address that begins with https:// and has at most {MAX_URL}"
            msg = f"{msg} characters of ASCII"
            raise NoticeDetailsInvalidError(msg)

    def url_of(self, deployment_id: str) -> str:
        """Return the address of a deployment's public page.

        Args:
            deployment_id: Which deployment.
        """
        return self.page_url.replace(_ID_IN_URL, deployment_id)

    def approves(self, language: str, sha256: str) -> bool:
        """Return whether a catalogue, as it is now, has been reviewed.

        Args:
            language: Its code.
            sha256: Its digest.
        """
        approval = self.approvals.get(language)
        return approval is not None and approval.sha256 == sha256
