import numpy as np
import pytest

from overt.adapters.store.erasure_marks import keep_marks, marks_of, read_marks, scan_for_marks
from overt.errors import OutputUnwritableError

NOISE = np.random.default_rng(11).bytes(200_000)


@pytest.mark.parametrize("offset", [0, 1, 7, 8, 262_100, 262_144, 300_001])
def test_a_page_of_marked_bytes_is_found_wherever_it_lies(tmp_path, offset):
    """At any alignment, and across the chunks in which a file is read: all marks in it."""
    path = tmp_path / "file"
    path.write_bytes(bytes(offset) + NOISE[:4096] + bytes(50))
    report = scan_for_marks(marks_of([NOISE[:4096]]), [path])
    assert sorted(r.offset - offset for r in report.remains) == [*range(0, 4080, 256), 4080]
    assert (report.n_files, report.n_bytes) == (1, offset + 4096 + 50)


def test_large_secrets_are_found_by_any_page_of_them(tmp_path):
    """A mark each 4,000 bytes: every run of 4,092 bytes, SQLite's page, holds one."""
    marks = marks_of([NOISE])
    path = tmp_path / "file"
    for start in (1, 50_000, 123_457):
        path.write_bytes(NOISE[start : start + 4092])
        assert scan_for_marks(marks, [path]).remains


def test_other_noise_is_not_taken_for_it(tmp_path):
    """Sixteen megabytes of other noise hold none of a thousand marks."""
    path = tmp_path / "file"
    path.write_bytes(np.random.default_rng(12).bytes(16_000_000))
    assert scan_for_marks(marks_of([NOISE]), [path]).remains == ()


def test_marks_are_kept_and_read_again(tmp_path):
    """Ascending, each once, in a file that its owner alone may read."""
    marks, path = marks_of([NOISE, NOISE]), tmp_path / "marks" / "d-1.marks"
    assert read_marks(path) is None
    keep_marks(path, marks)
    assert (read_marks(path) == marks).all()
    assert (np.diff(marks) > 0).all()
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_marks_find_nothing(tmp_path):
    """A deployment that never had a secret."""
    path = tmp_path / "file"
    path.write_bytes(NOISE)
    assert scan_for_marks(marks_of([]), [path, tmp_path / "gone"]).n_files == 1


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    """Nothing can be said about it, so nothing is."""
    with pytest.raises(OutputUnwritableError):
        scan_for_marks(marks_of([NOISE]), [tmp_path])
    (tmp_path / "d.marks").write_bytes(b"odd")
    with pytest.raises(OutputUnwritableError):
        read_marks(tmp_path / "d.marks")
