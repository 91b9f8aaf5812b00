"""Searches files for byte strings that should be gone: thousands of them in one pass.

A needle is a window of 16 bytes of a purged picture, template or crop, plain or encrypted. A
hash of the first 8 bytes at every place of a file, looked up in a table of flags, leaves
few places; those are compared exactly, so that what is found is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import OutputUnwritableError, SettingInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

WINDOW_BYTES = 16
"""Length of a needle: shorter ones are found by chance, longer ones miss shorter remains."""

_CHUNK_BYTES = 1 << 18  # words and hashes of one chunk stay in the processor's cache
_WORD_BYTES = 8
_FLAGS_A_NEEDLE = 64  # so that at most 1 place in 64 is compared
_MIN_BITS, _MAX_BITS = 14, 26
_FACTOR = np.uint64(0x9E37_79B9_7F4A_7C15)  # 2^64 / golden ratio, odd: Fibonacci hashing


@dataclass(frozen=True, slots=True)
class Remains:
    """A needle that is still there; says where, never what.

    Attributes:
        path: Which file.
        offset: At which byte.
    """

    path: Path
    offset: int


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan looked at, and what it found.

    Attributes:
        remains: Every place where a needle starts.
        n_files: Files read to their end.
        n_bytes: Bytes read.
        n_needles: Different needles searched for.
    """

    remains: tuple[Remains, ...]
    n_files: int
    n_bytes: int
    n_needles: int


def windows_of(secret: bytes, every: int = 256) -> Iterator[bytes]:
    """Yield needles from bytes: one each so many, and the last.

    A page of SQLite holds up to 4,092 bytes in a row, so that the remains of any page hold some.
    Windows of one repeated byte are left out: black borders are everywhere.

    Args:
        secret: What is to be purged; nothing comes from fewer than 16 bytes.
        every: Distance from one window's start to the next, at least 1.
    """
    last = len(secret) - WINDOW_BYTES
    starts = [*range(0, last, every), last] if last >= 0 else []
    for start in starts:
        window = secret[start : start + WINDOW_BYTES]
        if len(set(window)) > 1:
            yield window


def scan_for(needles: Iterable[bytes], files: Sequence[Path]) -> ScanResult:
    """Return where needles start in files.

    Args:
        needles: Of 16 bytes each; may be millions.
        files: A file that is gone by the time it is its turn is left out.

    Raises:
        SettingInvalidError: A needle of another length.
        OutputUnwritableError: A file cannot be read, so that nothing can be said about it.
    """
    wanted = frozenset(needles)
    if any(len(needle) != WINDOW_BYTES for needle in wanted):
        msg = f"a needle of the scan must have {WINDOW_BYTES} bytes"
        raise SettingInvalidError(msg)
    flags = _Flags(wanted)
    remains: list[Remains] = []
    n_files = n_bytes = 0
    for path in files:
        try:
            for start, chunk, n_new in _chunks(path):
                remains.extend(Remains(path, start + at) for at in _places(chunk, flags, wanted))
                n_bytes += n_new
            n_files += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            msg = f"{path.name} cannot be read for the scan ({type(error).__name__})"
            raise OutputUnwritableError(msg) from error
    return ScanResult(tuple(remains), n_files, n_bytes, len(wanted))


class _Flags:
    """A flag for every hash of a needle's first 8 bytes."""

    def __init__(self, wanted: frozenset[bytes]) -> None:
        bits = min(max((len(wanted) * _FLAGS_A_NEEDLE).bit_length(), _MIN_BITS), _MAX_BITS)
        self._shift = np.uint64(64 - bits)
        self._flags = np.zeros(1 << bits, np.bool_)
        words = np.frombuffer(b"".join(needle[:_WORD_BYTES] for needle in wanted), "<u8")
        self._flags[self._hashes(words)] = True

    def raised(self, words: NDArray[np.uint64]) -> NDArray[np.intp]:
        """Return which words may begin a needle."""
        return np.flatnonzero(self._flags.take(self._hashes(words)))

    def _hashes(self, words: NDArray[np.uint64]) -> NDArray[np.int64]:
        products = words * _FACTOR
        np.right_shift(products, self._shift, out=products)
        return products.view(np.int64)


def _chunks(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Yield offset, bytes and how many are new; each repeats the last 15 of the one before."""
    with path.open("rb", buffering=0) as stream:
        start, kept = 0, b""
        while new := stream.read(_CHUNK_BYTES):
            chunk = kept + new
            yield start, chunk, len(new)
            kept = chunk[-(WINDOW_BYTES - 1) :]
            start += len(chunk) - len(kept)


def _places(chunk: bytes, flags: _Flags, wanted: frozenset[bytes]) -> Iterator[int]:
    """Yield where needles start, by the eight alignments of a word."""
    for shift in range(min(_WORD_BYTES, len(chunk) - WINDOW_BYTES + 1)):
        n_words = (len(chunk) - shift) // _WORD_BYTES
        words = np.frombuffer(chunk, "<u8", n_words, shift)
        for word in flags.raised(words).tolist():
            at = shift + word * _WORD_BYTES
            if chunk[at : at + WINDOW_BYTES] in wanted:
                yield at
