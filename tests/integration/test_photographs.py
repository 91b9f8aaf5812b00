"""Photographs of every kind that people hand in."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from overt.adapters.video.photographs import (
    encode_jpeg,
    photographs_of_people,
    picture_files,
    read_photograph,
)
from overt.errors import FolderUnusableError, ImageUnreadableError

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 200, 30), (30, 30, 200), (240, 240, 240)


def corners() -> Image.Image:
    """Return a 48 x 32 picture: red and green above, blue and white below."""
    picture = Image.new("RGB", (48, 32))
    for corner, colour in [((0, 0), RED), ((24, 0), GREEN), ((0, 16), BLUE), ((24, 16), WHITE)]:
        picture.paste(colour, (*corner, corner[0] + 24, corner[1] + 16))
    return picture


def corner_colours(pixels) -> list[tuple[int, ...]]:
    """Return the colours near the corners: top left, top right, bottom left, bottom right."""
    return [tuple(pixels[y, x].tolist()) for y in (4, -5) for x in (4, -5)]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG file."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def hollow_png(width: int, height: int) -> bytes:
    """Return a small PNG file that claims a size and holds no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"")


@pytest.mark.parametrize("suffix", ["png", "bmp", "webp", "tif", "ppm"])
def test_common_formats_give_the_same_pixels(tmp_path, suffix):
    """Files without loss give the picture's own pixels, (h, w, 3) uint8, contiguous."""
    path = tmp_path / f"a.{suffix}"
    corners().save(path, lossless=True) if suffix == "webp" else corners().save(path)
    pixels = read_photograph(path)

    assert np.array_equal(pixels, np.asarray(corners()))
    assert (pixels.dtype, pixels.flags.c_contiguous) == (np.uint8, True)


@pytest.mark.parametrize(
    ("orientation", "expected", "shape"),
    [
        (1, [RED, GREEN, BLUE, WHITE], (32, 48, 3)),
        (2, [GREEN, RED, WHITE, BLUE], (32, 48, 3)),
        (3, [WHITE, BLUE, GREEN, RED], (32, 48, 3)),
        (4, [BLUE, WHITE, RED, GREEN], (32, 48, 3)),
        (5, [RED, BLUE, GREEN, WHITE], (48, 32, 3)),
        (6, [BLUE, RED, WHITE, GREEN], (48, 32, 3)),
        (7, [WHITE, GREEN, BLUE, RED], (48, 32, 3)),
        (8, [GREEN, WHITE, RED, BLUE], (48, 32, 3)),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "tif", "webp"])
def test_orientation_is_applied(tmp_path, suffix, orientation, expected, shape):
    """Each EXIF orientation puts the corners where the standard says."""
    path = tmp_path / f"a.{suffix}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if suffix == "webp" else {}
    corners().save(path, exif=exif, **options)
    pixels = read_photograph(path)

    assert pixels.shape == shape
    assert corner_colours(pixels) == expected


@pytest.mark.parametrize("suffix", ["png", "tif", "pgm"])
def test_16_bit_grey_is_scaled_and_not_clipped(tmp_path, suffix):
    """16-bit levels 0, 257, 32896 and 65535 become 0, 1, 128 and 255."""
    levels = np.array([[0, 257], [32896, 65535]], np.uint16)
    path = tmp_path / f"a.{suffix}"
    if suffix == "pgm":
        path.write_bytes(b"P5 2 2 65535\n" + levels.astype(">u2").tobytes())
    else:
        Image.fromarray(levels).save(path)

    assert read_photograph(path)[..., 0].tolist() == [[0, 1], [128, 255]]
    assert read_photograph(path).shape == (2, 2, 3)


@pytest.mark.parametrize("mode", ["L", "1", "LA", "P"])
def test_grey_and_palette_pictures_become_rgb(tmp_path, mode):
    """A white picture of any mode is white in RGB."""
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 4), "white").convert(mode).save(path)

    assert read_photograph(path).tolist() == [[[255, 255, 255]] * 4] * 4


def test_a_transparent_picture_lies_on_mid_grey(tmp_path):
    """Clear pixels become grey 128, whatever colour they hide; opaque ones keep theirs."""
    picture = Image.new("RGBA", (2, 1), (255, 0, 0, 0))
    picture.putpixel((1, 0), (10, 20, 30, 255))
    picture.save(tmp_path / "a.png")

    assert read_photograph(tmp_path / "a.png").tolist() == [[[128, 128, 128], [10, 20, 30]]]


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_cmyk_is_not_inverted(tmp_path, suffix):
    """Paper without ink is white, and cyan ink takes away the red, in JPEG and TIFF."""
    picture = Image.new("CMYK", (32, 16), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 0), (16, 0, 32, 16))
    picture.save(tmp_path / f"a.{suffix}")
    pixels = read_photograph(tmp_path / f"a.{suffix}").astype(int)

    assert np.abs(pixels[8, 4] - (255, 255, 255)).max() < 6
    assert np.abs(pixels[8, 28] - (0, 255, 255)).max() < 6


def test_a_cmyk_picture_with_a_wrong_profile_is_read_by_formula(tmp_path):
    """An RGB profile in a CMYK picture is of no use; the picture is still read."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("CMYK", (8, 8), (0, 0, 0, 255)).save(tmp_path / "a.tif", icc_profile=profile)

    assert read_photograph(tmp_path / "a.tif").max() == 0


@pytest.mark.slow
def test_50_megapixels_are_scaled_to_4096(tmp_path):
    """A JPEG of 8660 x 5774 pixels comes with its longer side at 4096 and its shape kept."""
    Image.new("RGB", (8660, 5774), RED).save(tmp_path / "a.jpg")
    pixels = read_photograph(tmp_path / "a.jpg")

    assert pixels.shape == (2731, 4096, 3)
    assert np.abs(pixels[1000, 1000].astype(int) - RED).max() < 4


@pytest.mark.parametrize("size_wh", [(20_000, 10_001), (100_000, 100_000), (2**31 - 1, 1)])
def test_a_header_that_claims_too_much_is_refused(tmp_path, size_wh):
    """A file of 45 bytes that claims more than 200 megapixels is refused unread."""
    (tmp_path / "bomb.png").write_bytes(hollow_png(*size_wh))

    with pytest.raises(ImageUnreadableError, match=r"bomb\.png"):
        read_photograph(tmp_path / "bomb.png")


def test_a_large_claim_below_the_limit_is_no_bomb(tmp_path):
    """A header of 100 megapixels passes the limit; the file is then refused as cut off."""
    (tmp_path / "a.png").write_bytes(hollow_png(10_000, 10_000))

    with pytest.raises(ImageUnreadableError, match="cannot be decoded"):
        read_photograph(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "no file"),
        (b"", "empty"),
        (b"not a picture at all", "none of these"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "none of these"),
    ],
)
def test_what_is_no_photograph_is_refused(tmp_path, content, found):
    """The message names the file, not its folder, and says what was expected and found."""
    path = tmp_path / "a.jpg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImageUnreadableError, match=found) as caught:
        read_photograph(path)

    assert caught.value.code == "image.unreadable"
    assert "expected a photograph" in caught.value.message
    assert "'a.jpg'" in caught.value.message
    assert str(tmp_path) not in caught.value.message


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "webp", "tif", "ppm"])
def test_a_cut_off_photograph_is_refused(tmp_path, suffix):
    """A file of which the last third is missing is refused, never half grey."""
    noise = np.random.default_rng(5).integers(0, 256, (64, 64, 3), np.uint8)
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])

    with pytest.raises(ImageUnreadableError):
        read_photograph(path)


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "webp", "tif", "ppm"])
def test_damage_never_raises_anything_else(tmp_path, suffix):
    """Of 150 files with random bytes overwritten, each is read or refused as unreadable."""
    random = np.random.default_rng(7)
    path = tmp_path / f"a.{suffix}"
    corners().save(path)
    whole = path.read_bytes()
    for _ in range(150):
        content = bytearray(whole)
        for place in random.integers(0, len(content), 6):
            content[place] = random.integers(0, 256)
        path.write_bytes(content)
        try:
            pixels = read_photograph(path)
        except ImageUnreadableError:
            continue
        assert pixels.shape[2] == 3


@pytest.mark.parametrize("mode", ["F", "I"])
def test_samples_without_a_defined_white_are_refused(tmp_path, mode):
    """Floating-point samples, and 32-bit ones above 65535, have no 8-bit meaning."""
    Image.new(mode, (4, 4), 70_000).save(tmp_path / "a.tif")

    with pytest.raises(ImageUnreadableError):
        read_photograph(tmp_path / "a.tif")


def test_jpeg_bytes_hold_the_picture_and_nothing_else():
    """Encoded pixels come back nearly the same, in a file without metadata."""
    pixels = np.full((16, 24, 3), RED, np.uint8)
    content = encode_jpeg(pixels, quality=90)
    (read := read_jpeg(content)).load()

    assert read.size == (24, 16)
    assert np.abs(np.asarray(read).astype(int) - RED).max() < 4
    assert not read.getexif()


def read_jpeg(content: bytes) -> Image.Image:
    """Return the picture in a JPEG file's bytes."""
    return Image.open(io.BytesIO(content), formats=["JPEG"])


def people_folder(folder):
    """Fill a folder with a person's file, a person's sub-folder, and things that are neither."""
    for name in ("bea.JPG", "anna.png", ".hidden.png", "list.csv", "cleo/2.tiff", "cleo/1.webp"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    for name in ("empty", ".thumbnails", "cleo/deeper"):
        (folder / name).mkdir()
    (folder / ".thumbnails" / "x.png").touch()
    (folder / "cleo" / "deeper" / "x.png").touch()
    return folder


def test_each_file_and_sub_folder_is_a_person(tmp_path):
    """Persons are in order of name with their pictures in order; other things are nobody."""
    folder = people_folder(tmp_path)

    assert list(photographs_of_people(folder).items()) == [
        ("anna", (folder / "anna.png",)),
        ("bea", (folder / "bea.JPG",)),
        ("cleo", (folder / "cleo/1.webp", folder / "cleo/2.tiff")),
    ]


def test_a_file_and_a_sub_folder_of_one_name_are_one_person(tmp_path):
    """A person with both has the pictures of both."""
    (tmp_path / "anna").mkdir()
    for name in ("anna/2.png", "anna.jpg"):
        (tmp_path / name).touch()

    assert photographs_of_people(tmp_path) == {
        "anna": (tmp_path / "anna/2.png", tmp_path / "anna.jpg")
    }


@pytest.mark.parametrize("kind", ["missing", "empty", "a file"])
def test_a_folder_without_photographs_is_refused(tmp_path, kind):
    """A folder that is missing, or holds no photograph, cannot be used."""
    folder = tmp_path / "people"
    if kind == "empty":
        folder.mkdir()
    elif kind == "a file":
        folder.touch()
    with pytest.raises(FolderUnusableError, match="'people'"):
        photographs_of_people(folder)


def test_picture_files_are_those_directly_inside(tmp_path):
    """Only picture files of the folder itself are listed, hidden ones left out."""
    folder = people_folder(tmp_path)

    assert [file.name for file in picture_files(folder)] == ["anna.png", "bea.JPG"]
