"""Recorded clips, made here frame by frame."""

from __future__ import annotations

import wave
from datetime import UTC, datetime, timedelta

import av
import numpy as np
import pytest
from PIL import Image
from tests.integration.clips import make_clip, number_in

from overt.adapters.video.clip import Clip
from overt.adapters.video.clip_file import CONTAINERS
from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.errors import VideoUnreadableError

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def frames_of(path) -> tuple[list[Frame | FrameFailed], FrameCounts]:
    """Return everything that a clip yields, and its counts."""
    with Clip(path, camera_id="van-1", started_at=START) as clip:
        return list(clip), clip.counts()


def numbers(frames) -> list[int]:
    """Return the numbers written in the frames that were decoded."""
    return [number_in(frame.pixels_rgb) for frame in frames if isinstance(frame, Frame)]


def damaged(path, *, at: float, n_bytes: int, value: bytes = b"\0"):
    """Overwrite bytes of a file from a fraction of its length on."""
    content = bytearray(path.read_bytes())
    first = int(len(content) * at)
    content[first : first + n_bytes] = value * n_bytes
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mkv", "libx264"),
        ("a.ts", "libx264"),
        ("a.mov", "mpeg4"),
        ("a.avi", "mpeg4"),
        ("a.avi", "mjpeg"),
        ("a.webm", "libvpx"),
    ],
)
def test_every_frame_comes_once_in_order(tmp_path, name, codec):
    """All frames come in order, indexed from 0, also where the file stores them reordered."""
    if codec not in av.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    frames, counts = frames_of(make_clip(tmp_path / name, n_frames=30, codec=codec))

    assert numbers(frames) == list(range(30))
    assert [frame.index for frame in frames] == list(range(30))
    assert counts == FrameCounts(decoded=30)


def test_time_comes_from_the_file_and_not_from_a_rate(tmp_path):
    """Frames at 0, 1, 5, 6 and 20 hundredths get those times, though they have no one rate."""
    clip = make_clip(tmp_path / "a.mkv", n_frames=5, fps=100, pts=[0, 1, 5, 6, 20])
    frames, _ = frames_of(clip)

    assert [frame.elapsed_s for frame in frames] == pytest.approx([0, 0.01, 0.05, 0.06, 0.2])
    assert frames[4].captured_at == START + timedelta(seconds=0.2)


def test_time_is_relative_to_the_first_frame(tmp_path):
    """A clip whose timestamps start at 3 s starts at the stated time."""
    clip = make_clip(tmp_path / "a.ts", n_frames=3, fps=10, pts=[30, 31, 32])
    frames, _ = frames_of(clip)

    assert [frame.elapsed_s for frame in frames] == pytest.approx([0, 0.1, 0.2])
    assert frames[0].captured_at == START


def test_pixels_are_rgb_and_contiguous(tmp_path):
    """Pixels are (h, w, 3) uint8, contiguous, with the red square's red first."""
    frames, _ = frames_of(make_clip(tmp_path / "a.mp4", n_frames=1))
    pixels = frames[0].pixels_rgb

    assert (pixels.shape, pixels.dtype, pixels.flags.c_contiguous) == (
        (180, 320, 3),
        np.uint8,
        True,
    )
    assert np.abs(pixels[102, 12].astype(int) - (220, 40, 40)).max() < 25
    assert frames[0].size_wh == (320, 180)


@pytest.mark.parametrize("turn_deg", [90, 180, -90])
def test_a_turned_clip_is_set_upright(tmp_path, turn_deg):
    """A display matrix of 90, 180 or -90 degrees turns the pixels counter-clockwise by that."""
    straight, _ = frames_of(make_clip(tmp_path / "straight.mp4", n_frames=1))
    turned, _ = frames_of(make_clip(tmp_path / "turned.mp4", n_frames=1, rotation_deg=turn_deg))

    expected = np.rot90(straight[0].pixels_rgb, turn_deg // 90)
    assert np.array_equal(turned[0].pixels_rgb, expected)
    assert turned[0].pixels_rgb.flags.c_contiguous


def test_damage_in_the_middle_fails_its_frames_only(tmp_path):
    """Of 40 pictures, each on its own, the two that are overwritten fail and 38 are decoded."""
    clip = make_clip(tmp_path / "a.avi", n_frames=40, codec="mjpeg")
    with av.open(clip) as container:
        pictures = [bytes(packet) for packet in container.demux() if packet.size]
    content = clip.read_bytes()
    for number in (17, 23):
        content = content.replace(pictures[number], bytes(len(pictures[number])))
    clip.write_bytes(content)

    frames, counts = frames_of(clip)

    failed = [frame for frame in frames if isinstance(frame, FrameFailed)]
    assert failed == [FrameFailed(n, "van-1", "video.corrupt_frame") for n in (17, 23)]
    assert numbers(frames) == [n for n in range(40) if n not in (17, 23)]
    assert counts == FrameCounts(decoded=38, failed=2)


@pytest.mark.parametrize("value", [b"\0", b"\xff", b"\x5a"])
@pytest.mark.parametrize("at", [0.3, 0.6, 0.95])
def test_decoded_and_failed_make_up_the_clip(tmp_path, at, value):
    """Wherever an H.264 clip of 60 frames is damaged, decoded and failed make 60, in order."""
    clip = make_clip(
        tmp_path / "a.mp4",
        n_frames=60,
        options={"g": "10"},
        container_options={"movflags": "faststart"},
    )
    frames, counts = frames_of(damaged(clip, at=at, n_bytes=300, value=value))

    assert counts.decoded + counts.failed == 60
    assert counts.failed > 0
    assert [frame.index for frame in frames] == list(range(60))
    times = [frame.elapsed_s for frame in frames if isinstance(frame, Frame)]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("name", "codec", "container_options"),
    [("a.mp4", "libx264", {"movflags": "faststart"}), ("a.mkv", "mjpeg", {})],
)
def test_a_cut_off_clip_tells_how_many_frames_are_missing(tmp_path, name, codec, container_options):
    """Of 60 declared frames, those behind the cut fail as missing; those before are decoded."""
    clip = make_clip(tmp_path / name, n_frames=60, codec=codec, container_options=container_options)
    content = clip.read_bytes()
    clip.write_bytes(content[: len(content) * 6 // 10])

    frames, counts = frames_of(clip)

    assert counts.decoded + counts.failed == 60
    assert counts.decoded >= 10
    assert numbers(frames) == list(range(counts.decoded))
    assert frames[-1] == FrameFailed(59, "van-1", "video.missing_frame")


def test_a_clip_cut_off_behind_its_index_lacks_every_frame(tmp_path):
    """A clip of 20 frames whose file ends where the pictures would begin has 20 missing."""
    clip = make_clip(tmp_path / "a.mp4", n_frames=20, container_options={"movflags": "faststart"})
    content = clip.read_bytes()
    clip.write_bytes(content[: content.index(b"mdat") + 4])

    assert frames_of(clip)[1] == FrameCounts(failed=20)


def test_entries_without_a_picture_are_not_missing(tmp_path):
    """An AVI file with 30 empty entries ("as before") before its 3 pictures lacks no frame."""
    clip = make_clip(tmp_path / "a.avi", n_frames=3, codec="mjpeg", pts=[30, 31, 32])
    _, counts = frames_of(clip)

    assert counts == FrameCounts(decoded=3)


def unreadable(folder, kind):
    """Return a file that is no clip."""
    path = folder / "clip.mp4"
    if kind == "empty":
        path.touch()
    elif kind == "folder":
        path.mkdir()
    elif kind == "text":
        path = folder / "clip.txt"
        path.write_text("no film\n" * 2000)
    elif kind == "noise":
        path.write_bytes(np.random.default_rng(1).bytes(50_000))
    elif kind == "photograph":
        path = folder / "clip.jpg"
        Image.new("RGB", (64, 64)).save(path)
    elif kind == "no index":
        content = make_clip(path).read_bytes()
        path.write_bytes(content[: len(content) // 2])
    elif kind == "playlist":
        make_clip(folder / "other.ts")
        path = folder / "clip.m3u8"
        path.write_text("#EXTM3U\n#EXTINF:1,\nother.ts\n#EXT-X-ENDLIST\n")
    elif kind == "sound":
        path = folder / "clip.mkv"
        with av.open(path, "w") as container:
            stream = container.add_stream("pcm_s16le", rate=8000)
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), layout="mono")
            frame.sample_rate = 8000
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("missing", "no such file"),
        ("empty", "an empty file"),
        ("folder", "a folder"),
        ("text", "not accepted"),
        ("noise", "invalid data"),
        ("photograph", "not accepted"),
        ("no index", "invalid data"),
        ("playlist", "invalid data"),
        ("sound", "no moving picture"),
    ],
)
def test_what_is_no_clip_is_refused_on_entering(tmp_path, kind, found):
    """A file that is no clip is refused before the first frame, by name and with the reason."""
    path = unreadable(tmp_path, kind)
    with (
        pytest.raises(VideoUnreadableError, match=found) as caught,
        Clip(path, camera_id="van-1", started_at=START),
    ):
        pytest.fail("entered")

    assert repr(path.name) in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_damaged_metadata_do_not_matter(tmp_path):
    """A clip whose encoder tag is no UTF-8 is read all the same."""
    clip = make_clip(tmp_path / "a.mp4", n_frames=3)
    clip.write_bytes(clip.read_bytes().replace(b"Lavf", b"\xb1avf"))

    assert numbers(frames_of(clip)[0]) == [0, 1, 2]


def test_a_clip_of_an_unknown_codec_is_refused(tmp_path):
    """A container whose pictures nothing can decode is refused on entering."""
    clip = make_clip(tmp_path / "a.mkv", n_frames=3)
    clip.write_bytes(clip.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_UNKNOWN/CODEC"))
    with (
        pytest.raises(VideoUnreadableError, match="can be decoded"),
        Clip(clip, camera_id="van-1", started_at=START),
    ):
        pytest.fail("entered")


def test_a_sound_file_without_pictures_of_another_kind_is_refused(tmp_path):
    """A WAV file, whose container no camera writes, is refused too."""
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    with (
        pytest.raises(VideoUnreadableError),
        Clip(path, camera_id="van-1", started_at=START),
    ):
        pytest.fail("entered")


def test_a_colon_in_a_name_is_no_protocol(tmp_path):
    """A file named like an address is read as a file."""
    frames, _ = frames_of(make_clip(tmp_path / "a.mp4", n_frames=3).rename(tmp_path / "http:b.mp4"))

    assert numbers(frames) == [0, 1, 2]


def test_every_container_that_is_let_in_is_known_to_ffmpeg():
    """No name in the list of containers is a slip of the pen."""
    known = {name for names in av.formats_available for name in names.split(",")}

    assert [name for name in CONTAINERS if name not in known] == []
