from __future__ import annotations

import json
import os
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from tests.unit.core.governed import DIGEST
from tests.unit.core.maps import SQUARE, a_map, at, polygon

from overt.adapters.files.geojson_file import MAX_BYTES, read_geojson
from overt.adapters.files.new_folder import write_new_folder
from overt.adapters.files.notice_details_file import TEMPLATE, read_notice_details
from overt.adapters.publish.notice_map_svg import draw_map
from overt.core.geojson import zone_of
from overt.core.notice_details import TranslationApproval
from overt.errors import (
    NoticeDetailsInvalidError,
    NoticeMapInvalidError,
    NoticeTextUnfitError,
    OutputUnwritableError,
)

DETAILS = f"""
force = "Example Police"
contact = "101"
complaints = "Professional Standards"
page = "https://police.example/{{deployment}}"

[approved.cy]
sha256 = "{DIGEST}"
by = "Welsh desk"
on = 2026-05-01

[words.cy]
"Market square" = "Sgwar y Farchnad"
"""
SVG = "{http://www.w3.org/2000/svg}"


def written(tmp_path, text, name="file"):
    """Return the path of a file with this text."""
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_what_a_force_adds(tmp_path):
    """Texts, approvals by language, words of the record by language."""
    details = read_notice_details(written(tmp_path, DETAILS))

    assert (details.force, details.regulator) == ("Example Police", "")
    assert details.url_of("d-1") == "https://police.example/d-1"
    assert details.approvals == {"cy": TranslationApproval(DIGEST, "Welsh desk", date(2026, 5, 1))}
    assert details.words == {"cy": {"Market square": "Sgwar y Farchnad"}}


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('force = "Example Police"', "", "force: missing"),
        ('"101"', "101", "contact: expected text"),
        ('"101"', '""', "contact: expected a text"),
        ("https:", "http:", "page: expected an address"),
        ("on = 2026-05-01", "", "approved.cy.on: missing"),
        ("on = 2026-05-01", 'on = "May"', "approved.cy.on: expected a date"),
        (DIGEST, "abc", "approved.cy: an approval names"),
        ("[approved.cy]", "[approved]", "approved.sha256: expected a table"),
        ('by = "Welsh desk"', 'by = "Welsh desk"\nname = "x"', "approved.cy.name: unknown"),
        ('= "Sgwar y Farchnad"', "= 1", "words.cy.Market square: expected text"),
        ("[words.cy]", "[word.cy]", "word: unknown"),
        ('"101"', "101 -", "not TOML"),
    ],
)
def test_details_that_cannot_be_used(tmp_path, old, new, part):
    """Each field that is missing, misspelt or of another kind is named with its place."""
    assert old in DETAILS

    with pytest.raises(NoticeDetailsInvalidError, match=part):
        read_notice_details(written(tmp_path, DETAILS.replace(old, new)))


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"#" * (256 * 1024 + 1), "larger than"),
        (b"a = 99999999999999999999-01-01", "not TOML"),
        (b"a = " + b"[" * 5000, "not TOML"),
    ],
)
def test_a_file_that_is_no_file_of_details(tmp_path, data, part):
    """Of another encoding, too large, not TOML, or nested without end."""
    with pytest.raises(NoticeDetailsInvalidError, match=part):
        read_notice_details(written(tmp_path, data))


def test_the_empty_file_only_lacks_its_texts(tmp_path):
    """Every field of the template is known."""
    with pytest.raises(NoticeDetailsInvalidError, match="force: expected a text, found none"):
        read_notice_details(written(tmp_path, TEMPLATE))


def test_a_zone_from_a_file(tmp_path):
    """Also with the mark that some programs put before UTF-8."""
    text = "\ufeff" + json.dumps(polygon(SQUARE))

    assert zone_of(read_geojson(written(tmp_path, text))) == a_map().zone


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ("{", "not JSON"),
        ('{"type": NaN}', "not JSON"),
        (b"\xff", "not UTF-8"),
        (b" " * (MAX_BYTES + 1), "larger than"),
        ("[" * 100_000, "not JSON"),
        ("", "not JSON"),
    ],
)
def test_a_map_that_cannot_be_read(tmp_path, data, part):
    """Cut off, with a number that is none, of another encoding, too large, too deep, empty."""
    with pytest.raises(NoticeMapInvalidError, match=part):
        read_geojson(written(tmp_path, data))


@pytest.mark.parametrize(
    ("read", "error"),
    [(read_geojson, NoticeMapInvalidError), (read_notice_details, NoticeDetailsInvalidError)],
)
def test_what_is_no_regular_file(tmp_path, read, error):
    """A missing file, a folder, a pipe that would never end."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "missing", tmp_path, tmp_path / "pipe"):
        with pytest.raises(error, match="no such file"):
            read(path)


def test_a_new_folder(tmp_path):
    """With folders in it; an empty one of that name is taken."""
    folder = tmp_path / "one" / "two"
    folder.mkdir(parents=True)

    assert write_new_folder(folder, [("a.txt", b"a"), ("cy/b.txt", b"b")]) == 2
    assert (folder / "cy" / "b.txt").read_bytes() == b"b"
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_is_there_is_never_replaced(tmp_path, is_folder):
    """Neither a file nor a folder that holds something."""
    there = tmp_path / "there"
    if is_folder:
        (there / "inside").mkdir(parents=True)
    else:
        there.touch()

    with pytest.raises(OutputUnwritableError, match="never replaced"):
        write_new_folder(there, [("a", b"a")])


def test_a_folder_that_was_not_finished_is_not_left(tmp_path):
    """What fails in the middle leaves nothing."""

    def failing():
        yield "a", b"a"
        msg = "too long"
        raise NoticeTextUnfitError(msg)

    with pytest.raises(NoticeTextUnfitError):
        write_new_folder(tmp_path / "new", failing())

    assert list(tmp_path.iterdir()) == []


def test_a_folder_where_none_can_be(tmp_path):
    """Below a file."""
    (tmp_path / "file").touch()

    with pytest.raises(OutputUnwritableError, match="cannot be written"):
        write_new_folder(tmp_path / "file" / "new", [])


def drawn(**changes):
    """Return a map, its picture parsed, and its corners by shape."""
    made = draw_map(a_map(**changes))
    return made, ET.fromstring(made.svg)  # noqa: S314 - ours


def points(shape):
    """Return the points of a shape."""
    return [tuple(map(float, pair.split(","))) for pair in shape.get("points").split()]


def test_the_map_is_true_to_scale_with_north_up():
    """The zone is a square of 111 m; its north-east corner is drawn right and above."""
    made, picture = drawn(route=None)
    zone = points(picture.find(f"{SVG}polygon"))
    (west, south), (east, _), (_, north) = zone[0], zone[1], zone[2]

    assert east - west == pytest.approx(south - north, abs=0.11)
    assert east > west
    assert north < south
    assert made.scale_m == 20
    assert (made.has_route, made.has_signs) == (False, False)


def test_the_map_shows_way_round_and_signs():
    """All of it inside the picture, and nothing that comes from elsewhere."""
    made, picture = drawn(signs=(at(-1, 3), at(3, 0.5)))
    width, height = (float(number) for number in picture.get("viewBox").split()[2:])
    shapes = [points(shape) for shape in (*picture.iter(f"{SVG}polyline"),)]

    assert (made.has_route, made.has_signs) == (True, True)
    assert made.aspect == pytest.approx(width / height, rel=1e-3)
    assert all(0 < x < width and 0 < y < height for shape in shapes for x, y in shape)
    assert "href" not in made.svg
    assert "http" not in made.svg.replace("http://www.w3.org/2000/svg", "")


def test_a_map_of_a_long_street():
    """Higher than wide, it still fits its frame."""
    made, _ = drawn(route=None, signs=(at(0.5, 20),))

    assert made.aspect >= 1000 / 901
    assert made.scale_m == 500
