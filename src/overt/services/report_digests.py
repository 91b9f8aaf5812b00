"""The digests of a report's files, as a text that is signed, and that common tools check."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DIGESTS, SIGNATURE, LOG, DOCUMENT = "SHA256SUMS", "SIGNATURE", "log.jsonl", "report.json"

_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")


def digests_text(digests: Mapping[str, str]) -> str:
    """Return the text of SHA256SUMS, as ``sha256sum -c`` reads it.

    Args:
        digests: SHA-256 by name of file, in hexadecimal.
    """
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def digests_in(text: str) -> dict[str, str] | None:
    """Return the digests of a text by name of file; None where it is not written as one.

    Args:
        text: Of SHA256SUMS.
    """
    lines = [_LINE.fullmatch(line) for line in text.split("\n")[:-1]]
    digests = {line[2]: line[1] for line in lines if line is not None}
    return digests if digests_text(digests) == text else None


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal.

    Args:
        content: The bytes.
    """
    return hashlib.sha256(content).hexdigest()
