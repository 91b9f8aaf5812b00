import csv
import hashlib
import os
import stat
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from overt.adapters.files.failed_rows import write_failed_rows
from overt.adapters.files.freshness_csv import FeedFile, read_feed
from overt.adapters.files.watchlist_csv import open_watchlist
from overt.adapters.video.photographs_ahead import PhotographsAhead
from overt.adapters.video.portraits import MAX_SIDE_PX, portrait_bytes
from overt.bootstrap.watchlists import open_offers
from overt.core.watchlist_cells import OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from overt.errors import FolderUnusableError, ListFileInvalidError, OutputUnwritableError

HEAD = ",".join(REQUIRED_COLUMNS)
ROW = "n-1,wanted_by_courts,Warrant,a.png,Custody,2025-06-01,amber,no"
N_ROWS = int(os.environ.get("OVERT_LIST_ROWS", "20000"))


@pytest.fixture
def folder(tmp_path):
    """Return a folder of photographs, with one beside it that is nobody's business."""
    place = tmp_path / "photographs"
    (place / "deep").mkdir(parents=True)
    for path in (place / "a.png", place / "deep" / "b.png", tmp_path / "outside.png"):
        Image.new("RGB", (8, 8)).save(path)
    return place


@pytest.fixture
def listed(tmp_path, folder):
    """Return a function that reads a list of these bytes or lines."""

    def read(*lines):
        path = tmp_path / "list.csv"
        data = lines[0] if isinstance(lines[0], bytes) else "\n".join(lines).encode()
        path.write_bytes(data)
        with open_watchlist(path, folder) as rows:
            return list(rows)

    return read


def test_a_list_is_read(listed, folder):
    """R-10, R-11: rows by their number in a spreadsheet, with their file; empty ones are none."""
    first, second = listed(HEAD, ROW, "", ",,,,,,,", ROW.replace("a.png", "deep/b.png"))

    assert (first.number, second.number) == (2, 5)
    assert first.entry.reference == "N-1"
    assert (first.photograph, first.problems) == (folder / "a.png", ())
    assert second.photograph == folder / "deep" / "b.png"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_utf_8_with_or_without_its_mark(listed, mark, ending):
    """As every spreadsheet saves it; the columns may stand in any order, in any case."""
    head, row = HEAD.replace("reference,category", "Category, Reference"), ROW.split(",")
    cells = ",".join([row[1], row[0], "Düsseldorf Ω", *row[3:]])
    (one,) = listed(mark + ending.join(t.encode() for t in (head, cells, "")))

    assert (one.entry.reference, one.entry.justification) == ("N-1", "Düsseldorf Ω")


BROKEN = {
    "another column": ([HEAD + ",name", ROW + ",Somebody"], "unknown: column 9"),
    "a column less": ([HEAD.replace(",urgency", ""), ROW], "missing: urgency"),
    "a column twice": ([HEAD.replace("urgency", "category"), ROW], "twice: category"),
    "no row of columns": ([ROW, ROW], "missing: reference, category"),
    "semicolons": ([HEAD.replace(",", ";"), ROW], "separated by commas"),
    "Latin-1": (
        [(HEAD + "\n" + ROW.replace("Custody", "Düsseldorf")).encode("latin-1")],
        "Latin-1",
    ),
    "UTF-16": ([(HEAD + "\n" + ROW).encode("utf-16")], "found UTF-16"),
    "UTF-16 without its mark": ([(HEAD + "\n" + ROW).encode("utf-16-le")], "zero byte"),
    "UTF-32": ([(HEAD + "\n" + ROW).encode("utf-32")], "found UTF-32"),
    "a zero byte": (
        [(HEAD + "\n" + ROW.replace("Warrant", "a\0b")).encode()],
        "line 2 holds a zero",
    ),
    "nothing": ([b""], "empty"),
    "only blanks": ([b"\n\n"], "missing"),
    "a quote without end": ([HEAD, ROW.replace("Warrant", '"Warrant')], "quotes"),
    "a line without end": ([(HEAD + "\n").encode() + b"x" * 70_000], "longer than 65536"),
    "line ends of old": ([(HEAD + "\r" + ROW).encode()], "quotes or fields"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_list_that_is_unclear_is_refused_as_a_whole(listed, case):
    """Nothing is guessed; the message says what was found, and nothing of what was written."""
    lines, said = BROKEN[case]
    with pytest.raises(ListFileInvalidError, match=said) as refused:
        listed(*lines)
    told = refused.value.message
    assert not [
        word for word in ("n-1,", "Warrant", "Custody", "Somebody", "seldorf") if word in told
    ]


@pytest.mark.parametrize("row", [ROW + ",more", ROW.rpartition(",")[0]])
def test_a_row_with_more_or_fewer_cells_is_refused_alone(listed, row):
    """The rest of the list is read."""
    bad, good = listed(HEAD, row, ROW)

    assert (bad.problems, bad.photograph, bad.number) == (("row_malformed",), None, 2)
    assert good.problems == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../outside.png", "image_outside_folder"),
        ("deep/../../outside.png", "image_outside_folder"),
        ("deep/../a.png", "image_outside_folder"),
        ("/etc/passwd", "image_outside_folder"),
        ("C:\\photos\\a.png", "image_outside_folder"),
        ("..\\outside.png", "image_outside_folder"),
        ("link.png", "image_outside_folder"),
        ("linked/outside.png", "image_outside_folder"),
        ("", "image_missing"),
        (".", "image_missing"),
        ("absent.png", "image_missing"),
        ("deep", "image_missing"),
        ("a.png/x", "image_missing"),
        ("pipe", "image_missing"),
        ("x" * 5000, "image_missing"),
    ],
)
def test_only_plain_files_inside_the_folder_are_opened(listed, folder, name, reason):
    """Neither a way out nor a link, a pipe or a folder; the row is refused, the file not read."""
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    (folder / "linked").symlink_to(folder.parent)
    os.mkfifo(folder / "pipe")
    bad, good = listed(HEAD, ROW.replace("a.png", name), ROW)

    assert (bad.problems, bad.photograph) == ((reason,), None)
    assert good.problems == ()


def test_a_cell_that_looks_like_a_formula_stays_text(listed):
    """Read as written."""
    (one,) = listed(HEAD, ROW.replace("Warrant", "\"=cmd|' /C calc'!A1\""))

    assert one.entry.justification == "=cmd|' /C calc'!A1"


def test_there_must_be_a_list_and_a_folder(tmp_path, folder):
    """A pipe instead of a list would never end."""
    os.mkfifo(tmp_path / "pipe")
    for path, place, error in (
        (tmp_path / "absent.csv", folder, ListFileInvalidError),
        (tmp_path / "pipe", folder, ListFileInvalidError),
        (folder / "a.png", folder / "absent", FolderUnusableError),
    ):
        with pytest.raises(error), open_watchlist(path, place) as rows:
            list(rows)


def test_a_list_that_may_not_be_read_is_refused(tmp_path, folder):
    """With a code."""
    path = tmp_path / "list.csv"
    path.write_text(HEAD)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this account reads everything")
    with pytest.raises(ListFileInvalidError), open_watchlist(path, folder) as rows:
        list(rows)


@pytest.mark.slow
def test_a_long_list_does_not_fill_the_memory(tmp_path, folder):
    """R-17: rows come one at a time; one list in memory would take ten times as much."""
    path = tmp_path / "list.csv"
    with path.open("w") as file:
        file.write(HEAD + "\n")
        file.writelines(f"n-{i}" + ROW[3:] + "\n" for i in range(N_ROWS))
    tracemalloc.start()
    with open_watchlist(path, folder) as rows:
        n_rows = sum(1 for _ in rows)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert n_rows == N_ROWS
    assert peak_bytes < 2_000_000


def test_a_photograph_that_cannot_be_decoded_is_refused_not_fatal(tmp_path, folder):
    """R-15: a bomb of pixels in a small file, and a text called .png."""
    (folder / "text.png").write_text("no picture")
    with Image.new("1", (20_000, 20_000)) as bomb:
        bomb.save(folder / "bomb.png")
    path = tmp_path / "list.csv"
    names = ("text.png", "bomb.png", "a.png")
    path.write_text("\n".join([HEAD, *(ROW.replace("a.png", name) for name in names)]))
    with open_offers(path, folder) as offers:
        text, bomb, good = [offer.read_photograph(640) for offer in list(offers)]

    assert (text, bomb) == (None, None)
    assert good.shape == (8, 8, 3)
    assert (folder / "bomb.png").stat().st_size < 100_000


def test_a_large_photograph_is_scaled_down(tmp_path, folder):
    """Memory and time go with what a face needs, not with the camera."""
    Image.new("RGB", (3000, 2000)).save(folder / "a.png")
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD}\n{ROW}")
    with open_offers(path, folder) as offers:
        assert next(offers).read_photograph(600).shape == (400, 600, 3)


def test_a_feed_is_read(tmp_path):
    """R-14: references in their one spelling, and the digest of the very bytes."""
    path = tmp_path / "feed.csv"
    path.write_bytes(b"\xef\xbb\xbfreference,reason\r\n n-1 ,arrested\r\nN-1,\r\nn/2,\r\n")
    feed = read_feed(path)

    assert (feed.references, feed.n_rows) == ({"N-1", "N/2"}, 3)
    assert feed.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(b"reference\n")
    assert read_feed(path).references == frozenset()


@pytest.mark.parametrize(
    "data", [b"reference\nn-1,x\n", b"reference,reason\n,arrested\n", b"ref\nn-1\n"]
)
def test_a_feed_that_is_half_understood_is_refused(tmp_path, data):
    """R-14: else somebody who is no longer wanted could stay on the list."""
    path = tmp_path / "feed.csv"
    path.write_bytes(data)
    with pytest.raises(ListFileInvalidError):
        read_feed(path)


def test_a_feed_is_read_again_once_it_has_changed(tmp_path):
    """R-14: by its stamp, then by its digest; one that is broken is tried again."""
    path = tmp_path / "feed.csv"
    path.write_text("reference\nn-1\n")
    first = read_feed(path)
    feed = FeedFile(path, known_sha256=first.sha256)
    assert feed.read_if_changed() is None

    path.write_text("reference\nn-1\nn-22\n")
    assert feed.read_if_changed().references == {"N-1", "N-22"}
    assert feed.read_if_changed() is None
    path.write_text("")
    for _ in range(2):
        with pytest.raises(ListFileInvalidError):
            feed.read_if_changed()
    path.unlink()
    with pytest.raises(ListFileInvalidError):
        feed.read_if_changed()


def test_failed_rows_are_written_for_one_reader(tmp_path):
    """Only their owner reads them; a spreadsheet takes no cell for a formula."""
    path = tmp_path / "failed.csv"
    write_failed_rows(path, [("2", "=1+1", "no_face", "", ""), ("3", "N-1", "expired", "", "")])
    with path.open(newline="") as file:
        rows = list(csv.reader(file))

    assert rows[0] == ["row", "reference", "reasons", "quality", "same_face_rows"]
    assert rows[1][:3] == ["2", "'=1+1", "no_face"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(OutputUnwritableError):
        write_failed_rows(tmp_path / "absent" / "failed.csv", [])


def test_a_portrait_is_the_face_and_little_more(tmp_path):
    """R-19: a margin around the box, small, without metadata, whatever the photograph held."""
    pixels = np.zeros((900, 1200, 3), np.uint8)
    data = portrait_bytes(pixels, np.array([500, 300, 700, 560], np.float32))
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    with Image.open(path) as picture:
        # 200 and 260 and 0.6 of 260 on every side: 512 x 572, scaled to 400.
        assert picture.size == (358, MAX_SIDE_PX)
        assert not picture.getexif()


def test_optional_columns_may_be_left_out(listed):
    """R-18: and are read where they are there."""
    (one,) = listed(
        ",".join([HEAD, *OPTIONAL_COLUMNS]),
        ROW.removesuffix("no") + "yes,officer-1,At risk,2026-03-31T10:00:00Z",
    )

    assert one.entry.under_18_exception.granted_by == "officer-1"
    assert one.entry.expires_at.isoformat() == "2026-03-31T10:00:00+00:00"


def test_photographs_are_decoded_ahead_in_order(tmp_path):
    """Whatever is asked for comes: in order, again in another size, some left out, one missing."""
    paths = []
    for level in range(12):
        paths.append(tmp_path / f"{level}.png")
        Image.new("RGB", (20, 10), (level, level, level)).save(paths[-1])
    paths[3] = tmp_path / "absent.png"
    with PhotographsAhead() as ahead:
        readers = [ahead.reader(path) for path in paths]
        shown = {place: readers[place](20) for place in (0, 1, 3, 4, 11)}
        again = readers[1](10)

    assert shown.pop(3) is None
    assert {place: int(pixels[0, 0, 0]) for place, pixels in shown.items()} == {
        0: 0,
        1: 1,
        4: 4,
        11: 11,
    }
    assert again.shape == (5, 10, 3)
