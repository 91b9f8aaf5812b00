"""A watchlist that is sent with its photographs: names, matching, and files that mean harm."""

from __future__ import annotations

import hashlib
import io
import time

import pytest

from integration.hostile_files import NO_PHOTOGRAPHS, a_jpeg, a_png, a_zip
from overt.adapters.files.watchlist_csv import SentPhotographs, read_sent_watchlist
from overt.adapters.video.photographs import decode_photograph
from overt.bootstrap.watchlists import (
    digest_of_sent_photograph,
    failed_rows_text,
    offers_of_upload,
    read_sent_feed,
)
from overt.core.watchlist_cells import REQUIRED_COLUMNS
from overt.core.watchlist_refusals import RefusalReason
from overt.errors import ImageUnreadableError, ListFileInvalidError
from overt.services.judge_rows import RefusedRow
from overt.settings import Settings

HEAD = ",".join(REQUIRED_COLUMNS)
ROW = "n-1,wanted_by_courts,Warrant,{},Custody,2025-06-01,amber,no"


def listed(image, *photographs):
    """Return the row of a list that names one photograph."""
    file = io.BytesIO(f"{HEAD}\n{ROW.format(image)}\n".encode())
    (row,) = read_sent_watchlist(file, "list.csv", SentPhotographs(photographs))
    return row


@pytest.mark.parametrize(
    ("image", "sent"),
    [
        ("a.png", "a.png"),
        ("deep/a.png", "a.png"),
        ("a.png", "photographs/a.png"),
        ("a.png", "C:\\photographs\\a.png"),
    ],
)
def test_a_photograph_is_found_by_the_last_part_of_its_name(image, sent):
    """Browsers send a folder's name, or none."""
    assert listed(image, (sent, b"x")).photograph == b"x"


def test_two_of_one_name_are_told_apart_by_their_folders():
    """Or neither is taken."""
    two = (("all/one/a.png", b"1"), ("all/two/a.png", b"2"))

    assert listed("two/a.png", *two).photograph == b"2"
    assert listed("a.png", *two).problems == (RefusalReason.IMAGE_MISSING,)


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("../a.png", "image_outside_folder"),
        ("/etc/passwd", "image_outside_folder"),
        ("C:/a.png", "image_outside_folder"),
        ("..\\a.png", "image_outside_folder"),
        ("b.png", "image_missing"),
        ("", "image_missing"),
        ("a.png\0", "image_missing"),
        ("deep/", "image_missing"),
    ],
)
def test_a_name_that_leads_elsewhere_finds_nothing(image, reason):
    """Whatever was sent under it."""
    found = SentPhotographs([("a.png", b"x"), ("/etc/passwd", b"y"), ("../a.png", b"z")])

    assert found.find(image) == reason


def test_photographs_that_belong_to_no_row_are_counted():
    """They are not kept."""
    photographs = SentPhotographs([("a.png", b"1"), ("b.png", b"2")])

    photographs.find("a.png")

    assert photographs.n_unused == 1


def test_a_list_that_is_none_is_refused(tmp_path):
    """As one in a file is."""
    with (
        pytest.raises(ListFileInvalidError, match=r"list\.csv"),
        offers_of_upload(("list.csv", b"\xff\xfea"), [], Settings(home=tmp_path)) as (rows, _),
    ):
        list(rows)


@pytest.mark.parametrize("kind", NO_PHOTOGRAPHS)
def test_what_is_no_photograph_gives_no_pixels(tmp_path, kind):
    """SVG, archives, pages, bombs: read by nothing that would run or unpack them."""
    text = f"{HEAD}\n{ROW.format('a.png')}\n".encode()
    settings = Settings(home=tmp_path)
    sent = [("a.png", NO_PHOTOGRAPHS[kind])]
    began = time.monotonic()

    with offers_of_upload(("list.csv", text), sent, settings) as (rows, _):
        (offer,) = rows
        assert offer.read_photograph(640) is None
    with pytest.raises(ImageUnreadableError):
        digest_of_sent_photograph(NO_PHOTOGRAPHS[kind], settings)
    assert time.monotonic() - began < 2


def test_a_photograph_that_is_none_is_refused_in_words(tmp_path):
    """The file is called what the sender knows it as: the one that was sent."""
    words = r"expected a photograph \(.+\); the file that was sent is none of these"
    with pytest.raises(ImageUnreadableError, match=words):
        digest_of_sent_photograph(b"no picture", Settings(home=tmp_path))


def test_of_a_file_that_is_two_things_only_the_pixels_are_read():
    """A JPEG that is an archive too."""
    polyglot = a_jpeg() + a_zip()

    assert decode_photograph(polyglot).shape == (64, 64, 3)


def test_only_the_digest_of_a_sign_is_taken(tmp_path):
    """Once it has shown to be a picture."""
    picture = a_png()

    digest = digest_of_sent_photograph(picture, Settings(home=tmp_path))

    assert digest == hashlib.sha256(picture).hexdigest()


def test_a_feed_that_was_sent_is_read():
    """Its digest is that of its bytes."""
    content = b"reference\nn-1\nN-1\nn-2\n"

    feed = read_sent_feed("feed.csv", content)

    assert (feed.references, feed.n_rows) == (frozenset({"N-1", "N-2"}), 3)
    assert feed.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("reference", ["=cmd", "+1", "-1", "@a", "  =cmd", "\uff1dcmd", "\tx"])
def test_refused_rows_are_text_without_formulas(reference):
    """A spreadsheet would run one, also behind blanks or in wide letters."""
    reasons = (RefusalReason.NO_FACE, RefusalReason.EXPIRED)
    row = RefusedRow(2, reference, reasons, (), (3, 4))

    assert failed_rows_text([row]).splitlines() == [
        "row,reference,reasons,quality,same_face_rows",
        f"2,'{reference},no_face expired,,3 4",
    ]
