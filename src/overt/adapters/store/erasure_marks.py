"""Marks of encrypted bytes: numbers by which remains of them are found, and nothing else is told.

A mark is 64 bits of a hash of 16 encrypted bytes. The key to these bytes is destroyed at the
purge, so that they are noise, and a mark is noise of noise. Marks are kept for good: whoever
doubts a purge can repeat its scan years later, and a purge that was cut off can go on.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.store.disk_scan import WINDOW_BYTES, windows_of
from overt.core.destruction import Remains, ScanReport
from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_NEAR, _FAR = 256, 4000  # bytes from one mark to the next; a page of SQLite holds 4,092
_LARGE_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 18
_WORD_BYTES = 8
_FLAGS_A_MARK = 64
_MIN_BITS, _MAX_BITS = 14, 26
_ODD = np.array([0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F], np.uint64)
_BATCH = 1 << 16


def marks_of(ciphertexts: Iterable[bytes]) -> NDArray[np.uint64]:
    """Return the marks of encrypted bytes, ascending, each once.

    Args:
        ciphertexts: As they lie on the disk; may be thousands.
    """
    parts: list[NDArray[np.uint64]] = []
    windows: list[bytes] = []
    for ciphertext in ciphertexts:
        every = _FAR if len(ciphertext) > _LARGE_BYTES else _NEAR
        windows += windows_of(ciphertext, every)
        if len(windows) >= _BATCH:
            parts.append(_marks(windows))
            windows.clear()
    parts.append(_marks(windows))
    return np.unique(np.concatenate(parts))


def read_marks(path: Path) -> NDArray[np.uint64] | None:
    """Return marks that were kept, or None where there are none.

    Args:
        path: The file.

    Raises:
        OutputUnwritableError: It is there and cannot be read.
    """
    try:
        return np.frombuffer(path.read_bytes(), "<u8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        msg = f"the marks {path.name} cannot be read ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error


def keep_marks(path: Path, marks: NDArray[np.uint64]) -> None:
    """Write marks so that a loss of power leaves the old file or the new one.

    Args:
        path: The file; its folder is made if missing.
        marks: All that are to be kept.

    Raises:
        OutputUnwritableError: It cannot be written.
    """
    whole = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(marks.astype("<u8").tobytes())
            stream.flush()
            os.fsync(stream.fileno())
        whole.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        msg = f"the marks {path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error


def scan_for_marks(marks: NDArray[np.uint64], files: Sequence[Path]) -> ScanReport:
    """Return where marked bytes are in files.

    Args:
        marks: Ascending; may be none.
        files: A file that is gone by the time it is its turn is left out.

    Raises:
        OutputUnwritableError: A file cannot be read, so that nothing can be said about it.
    """
    search = _Search(marks)
    remains: list[Remains] = []
    n_files = n_bytes = 0
    for path in files:
        try:
            for start, chunk, n_new in _chunks(path):
                remains += [Remains(path.name, start + at) for at in search.places(chunk)]
                n_bytes += n_new
            n_files += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            msg = f"{path.name} cannot be read for the scan ({type(error).__name__})"
            raise OutputUnwritableError(msg) from error
    return ScanReport(n_files, n_bytes, len(marks), tuple(remains))


class _Search:
    """Flags for the top bits of each mark; what they let through is compared in full."""

    def __init__(self, marks: NDArray[np.uint64]) -> None:
        bits = min(max((len(marks) * _FLAGS_A_MARK).bit_length(), _MIN_BITS), _MAX_BITS)
        self._marks, self._shift = marks, np.uint64(64 - bits)
        self._flags = np.zeros(1 << bits, np.bool_)
        self._flags[(marks >> self._shift).astype(np.intp)] = True

    def places(self, chunk: bytes) -> Iterator[int]:
        """Yield where marked bytes start, by the eight alignments of a word."""
        for shift in range(min(_WORD_BYTES, len(chunk) - WINDOW_BYTES + 1)):
            words = np.frombuffer(chunk, "<u8", (len(chunk) - shift) // _WORD_BYTES, shift)
            hashes = _hashed(words[:-1], words[1:])
            near = np.flatnonzero(self._flags.take((hashes >> self._shift).astype(np.intp)))
            if len(near):
                found = near[self._are_marks(hashes[near])]
                yield from (shift + place * _WORD_BYTES for place in found.tolist())

    def _are_marks(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which hashes are marks; numpy's ``isin`` would sort millions each time."""
        places = np.searchsorted(self._marks, hashes)
        places[places == len(self._marks)] = 0
        found: NDArray[np.bool_] = self._marks[places] == hashes
        return found


def _marks(windows: Sequence[bytes]) -> NDArray[np.uint64]:
    words = np.frombuffer(b"".join(windows), "<u8").reshape(-1, WINDOW_BYTES // _WORD_BYTES)
    return _hashed(words[:, 0], words[:, 1])


def _hashed(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the hash of 16 bytes from their two words; it wraps around, as is meant."""
    mixed: NDArray[np.uint64] = first * _ODD[0] + second * _ODD[1]
    return mixed


def _chunks(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Yield offset, bytes and how many are new; each repeats the last 15 of the one before."""
    with path.open("rb", buffering=0) as stream:
        start, kept = 0, b""
        while new := stream.read(_CHUNK_BYTES):
            chunk = kept + new
            yield start, chunk, len(new)
            kept = chunk[-(WINDOW_BYTES - 1) :]
            start += len(chunk) - len(kept)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
