"""What a rehearsal makes of input that cannot be used: one coded error, or a refusal on record."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from PIL import Image

from integration.clips import make_clip
from overt.adapters.video.default_cast import default_cast
from overt.bootstrap.rehearsal import RehearsalRequest, run_rehearsal
from overt.errors import (
    ConsentMissingError,
    FolderUnusableError,
    NothingEnrolledError,
    OutputUnwritableError,
    PackUnknownError,
    SettingInvalidError,
    VideoUnreadableError,
)
from overt.settings import Settings

CONSENT = "public-domain portraits; nobody was filmed"
PORTRAITS = {name: paths[0] for name, paths in default_cast().items()}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Return a folder in which the networks are made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def settings(tmp_path, cache):
    """Return settings with a home of the test's own."""
    return Settings(home=tmp_path / "home", cache=cache)


@pytest.fixture
def clip(tmp_path):
    """Return a short clip without a face."""
    return make_clip(tmp_path / "clip.mp4", n_frames=6)


def records(settings):
    """Return the records that were kept."""
    paths = sorted(settings.home.rglob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def portrait(name="eileen-collins", side_px=512):
    """Return a portrait of the default cast, not larger than needed."""
    with Image.open(PORTRAITS[name]) as picture:
        rgb = picture.convert("RGB")
    rgb.thumbnail((side_px, side_px))
    return rgb


def missing(tmp_path):
    """No such file."""
    return tmp_path / "nowhere.mp4"


def empty(tmp_path):
    """A file of no bytes."""
    path = tmp_path / "empty.mp4"
    path.touch()
    return path


def cut_off(tmp_path):
    """An MP4 whose index, at its end, is gone."""
    path = make_clip(tmp_path / "cut.mp4", n_frames=30)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def no_video(tmp_path):
    """A text with the name of a clip."""
    path = tmp_path / "notes.mp4"
    path.write_text("This is not a video. " * 200, encoding="utf-8")
    return path


def a_picture(tmp_path):
    """A folder in which the only picture is damaged: no frame can be decoded."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "1.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    return folder


@pytest.mark.parametrize("make", [missing, empty, cut_off, no_video, a_picture])
def test_a_clip_that_cannot_be_used_leaves_nothing_behind(make, tmp_path, settings):
    """One coded error; no annotated video, no contact sheet, no record, nothing half-written."""
    out = tmp_path / "out"
    out.mkdir()
    request = RehearsalRequest(
        CONSENT,
        location=str(make(tmp_path)),
        annotated=out / "annotated.mp4",
        contact_sheet=out / "sheet.jpg",
    )
    with pytest.raises(VideoUnreadableError) as caught:
        run_rehearsal(request, settings)
    assert caught.value.code == "video.unreadable"
    assert str(tmp_path) not in caught.value.message
    assert list(out.iterdir()) == []
    assert records(settings) == []


def test_a_clip_cut_off_after_its_index_is_analysed_as_far_as_it_goes(tmp_path, settings):
    """What is missing is on record as failed, frame by frame; nothing is passed over."""
    path = make_clip(tmp_path / "cut.mp4", n_frames=60, container_options={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    run_rehearsal(RehearsalRequest(CONSENT, location=str(path)), settings)
    ((record),) = records(settings)
    frames = record["frames"]
    assert frames["failed"] > 0
    assert 0 < frames["decoded"] == frames["analysed"] < 60
    assert frames["decoded"] + frames["failed"] == 60
    assert (record["passages"], record["seed"]) == (None, None)


def test_outputs_are_written_when_all_went_well(tmp_path, settings, clip):
    """The annotated video and the contact sheet, and no part of either."""
    out = tmp_path / "out"
    out.mkdir()
    request = RehearsalRequest(
        CONSENT,
        location=str(clip),
        seconds=0.12,
        annotated=out / "annotated.mp4",
        contact_sheet=out / "sheet.jpg",
    )
    run = run_rehearsal(request, settings)
    assert sorted(path.name for path in out.iterdir()) == ["annotated.mp4", "sheet.jpg"]
    # 0.12 s at 25 frames a second.
    assert run.record["frames"] == {"decoded": 3, "analysed": 3, "dropped": 0, "failed": 0}
    assert records(settings) == [run.record]


def test_a_picture_folder_is_a_source(tmp_path, settings):
    """Pictures of the listed portrait, half a second: one face seen, one alert, no truth."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(13):
        portrait("grace-hopper", 360).save(folder / f"{number:02}.png")
    run = run_rehearsal(RehearsalRequest(CONSENT, location=str(folder)), settings)
    assert (run.result.counts.faces_seen, len(run.result.alerts)) == (1, 1)
    assert run.record["true_alerts"] is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"consent": "  "}, ConsentMissingError),
        ({"model_pack": "nobody's"}, PackUnknownError),
        ({"threshold": 1.5}, SettingInvalidError),
        ({"location": "ftp://camera"}, SettingInvalidError),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_before_a_frame_is_read(
    change, error, settings, clip
):
    """Each by its own error; no record."""
    request = RehearsalRequest(**{"consent": CONSENT, "location": str(clip), **change})
    with pytest.raises(error):
        run_rehearsal(request, settings)
    assert records(settings) == []


def test_a_home_that_cannot_be_written_is_an_error(tmp_path, cache, clip):
    """A rehearsal whose record is lost did not go well."""
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OutputUnwritableError):
        run_rehearsal(
            RehearsalRequest(CONSENT, location=str(clip)),
            Settings(home=tmp_path / "taken", cache=cache),
        )


def no_face(path):
    """A wall."""
    Image.new("RGB", (300, 300), (120, 130, 90)).save(path.with_suffix(".png"))


def two_faces(path):
    """Both people of the default cast, side by side."""
    both = Image.new("RGB", (820, 400))
    both.paste(portrait("eileen-collins", 400), (0, 0))
    both.paste(portrait("grace-hopper", 400), (410, 0))
    both.save(path.with_suffix(".png"))


def zero_bytes(path):
    """A file of no bytes."""
    path.with_suffix(".jpg").touch()


def not_a_picture(path):
    """A text with the name of a picture."""
    path.with_suffix(".jpg").write_text("no picture", encoding="utf-8")


def tiny(path):
    """A face of less than 50 px."""
    portrait(side_px=100).save(path.with_suffix(".png"))


REFUSED = {
    no_face: {"no_face"},
    two_faces: {"several_faces"},
    zero_bytes: {"unreadable"},
    not_a_picture: {"unreadable"},
    tiny: {"too_small"},
}


def test_bad_photographs_are_on_record_and_others_go_on(tmp_path, settings, clip):
    """Every entry that was refused is listed with its reason codes (R-15)."""
    volunteers = tmp_path / "volunteers"
    volunteers.mkdir()
    portrait().save(volunteers / "good.png")
    for make in REFUSED:
        make(volunteers / make.__name__)
    run = run_rehearsal(
        RehearsalRequest(CONSENT, volunteers=volunteers, location=str(clip)), settings
    )
    assert list(run.enrolment.references) == ["good"]
    (record,) = records(settings)
    refused = {item["entry"]: set(item["reasons"]) for item in record["entries_refused"]}
    assert refused.keys() == {make.__name__ for make in REFUSED}
    for make, reasons in REFUSED.items():
        assert reasons <= refused[make.__name__], make.__name__


def as_it_is(picture, folder):
    """An ordinary photograph."""
    picture.save(folder / "as-it-is.png")


def grey(picture, folder):
    """8 bits, one channel."""
    picture.convert("L").save(folder / "grey.jpg")


def grey_16_bit(picture, folder):
    """16 bits, one channel."""
    levels = np.asarray(picture.convert("L")).astype(np.uint16) * 257
    Image.fromarray(levels).save(folder / "grey-16-bit.png")


def cmyk(picture, folder):
    """Four inks."""
    picture.convert("CMYK").save(folder / "cmyk.jpg", quality=95)


def turned(picture, folder):
    """Lying on its side, with the tag that says so."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to view
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    turned.save(folder / "turned.jpg", exif=exif, quality=95)


def palette(picture, folder):
    """256 colours."""
    picture.quantize(256).save(folder / "palette.png")


def transparent(picture, folder):
    """With an alpha channel."""
    picture.convert("RGBA").save(folder / "transparent.webp")


def name_not_in_utf_8(picture, folder):
    """A name of another encoding."""
    picture.save(folder / os.fsdecode(b"Jos\xe9.png"))


def test_photographs_of_every_kind_are_enrolled(tmp_path, settings, clip):
    """Their templates are those of the ordinary photograph, at the pack's threshold."""
    volunteers = tmp_path / "volunteers"
    volunteers.mkdir()
    makers = (as_it_is, grey, grey_16_bit, cmyk, turned, palette, transparent, name_not_in_utf_8)
    for make in makers:
        make(portrait(), volunteers)
    run = run_rehearsal(
        RehearsalRequest(CONSENT, volunteers=volunteers, location=str(clip)), settings
    )
    assert run.record["entries_refused"] == []
    references = run.enrolment.references
    assert set(references) == {
        "Jos\\xe9",
        "as-it-is",
        "cmyk",
        "grey",
        "grey-16-bit",
        "palette",
        "transparent",
        "turned",
    }
    plain = references["as-it-is"].vector
    scores = {name: float(plain @ template.vector) for name, template in references.items()}
    assert min(scores.values()) >= run.threshold, scores


def test_a_folder_of_bad_photographs_is_an_error(tmp_path, settings, clip):
    """Nobody is on the list, so nothing runs; the counts say why."""
    volunteers = tmp_path / "volunteers"
    volunteers.mkdir()
    no_face(volunteers / "a")
    zero_bytes(volunteers / "b")
    with pytest.raises(NothingEnrolledError) as caught:
        run_rehearsal(
            RehearsalRequest(CONSENT, volunteers=volunteers, location=str(clip)), settings
        )
    assert caught.value.fields == {"no_face": 1, "unreadable": 1}
    assert records(settings) == []


@pytest.mark.parametrize("field", ["volunteers", "cast"])
def test_a_folder_without_photographs_is_an_error(field, tmp_path, settings):
    """Of volunteers or of walkers."""
    (tmp_path / "nobody").mkdir()
    with pytest.raises(FolderUnusableError):
        run_rehearsal(RehearsalRequest(CONSENT, **{field: tmp_path / "nobody"}), settings)


def test_a_cast_without_a_clear_face_is_an_error(tmp_path, settings):
    """Nobody could walk."""
    cast = tmp_path / "cast"
    cast.mkdir()
    no_face(cast / "wall")
    with pytest.raises(FolderUnusableError, match="clear face"):
        run_rehearsal(RehearsalRequest(CONSENT, cast=cast), settings)
