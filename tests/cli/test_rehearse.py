"""``overt rehearse``: the record, what is refused, and what is written."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from time import monotonic, sleep

import av
import pytest
from PIL import Image
from tests.cli.footage import (
    LISTED,
    OTHER,
    damage,
    live_camera,
    pictures,
    silent_camera,
    write_clip,
    write_volunteers,
)

CONSENT = ("rehearse", "--consent", "consent forms 1 to 4")
FIELDS = {
    "kind",
    "consent",
    "passages",
    "recognition_opportunities",
    "alerts",
    "true_alerts",
    "false_alerts",
    "missed",
    "true_recognition_rate",
    "false_alerts_per_face_seen",
    "faces_seen",
    "searches",
    "rejected",
    "score_histogram",
    "templates",
    "frames",
    "entries_refused",
    "wall_s",
    "analysed_fps",
    "model_pack",
    "model_pack_digest",
    "operating_point_digest",
    "seed",
}
NEED_TRUTH = {
    "passages",
    "recognition_opportunities",
    "true_alerts",
    "false_alerts",
    "missed",
    "true_recognition_rate",
    "false_alerts_per_face_seen",
}


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Return a clip of 14 frames of the person who is on the list."""
    return write_clip(tmp_path_factory.mktemp("clips") / "listed.avi")


def files_in(folder):
    """Return the names of all files below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# --- a generated scene ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def scene_run(tmp_path_factory, cache):
    """Run one small scene as a user would, with everything that can be written."""
    folder = tmp_path_factory.mktemp("scene")
    written = ["--annotated", folder / "a.mp4", "--contact-sheet", folder / "a.png"]
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            *("overt", *CONSENT, "--passages", "2", "--seed", "20", "--json", *written),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"OVERT_HOME": str(folder / "home"), "OVERT_CACHE": str(cache)},
    )
    return ran, folder


@pytest.mark.slow
def test_the_record_of_a_scene_has_every_field(scene_run):
    """Both people passed, the listed one was recognised, and every template is accounted for."""
    ran, _ = scene_run
    assert (ran.returncode, ran.stderr) == (0, "")
    record = json.loads(ran.stdout)

    assert record.keys() == FIELDS
    assert (record["kind"], record["consent"]) == ("rehearsal", "consent forms 1 to 4")
    assert (record["passages"], record["recognition_opportunities"], record["seed"]) == (2, 1, 20)
    assert (record["true_alerts"], record["false_alerts"], record["missed"]) == (1, 0, 0)
    rate = record["true_recognition_rate"]
    assert (rate["count"], rate["total"], rate["high"]) == (1, 1, 1)
    assert rate["low"] == pytest.approx(0.025)  # (0.05 / 2) ** (1 / 1)
    (alert,) = record["alerts"]
    assert (alert["entry"], alert["is_true"], alert["threshold"]) == (LISTED, True, 0.93)
    assert alert["score"] >= 0.93
    templates, frames = record["templates"], record["frames"]
    assert templates["made"] == templates["erased"] + templates["in_alerts"]
    assert templates["in_alerts"] == 1
    assert frames["decoded"] == frames["analysed"] > 50
    assert (frames["dropped"], frames["failed"]) == (0, 0)
    assert record["model_pack"] == "overt-default"


@pytest.mark.slow
def test_the_pictures_of_a_scene_can_be_read(scene_run):
    """A video of every frame, a sheet with the alert, a record; nothing else is left."""
    ran, folder = scene_run
    record = json.loads(ran.stdout)

    with av.open(folder / "a.mp4") as container:
        assert sum(1 for _ in container.decode(video=0)) == record["frames"]["analysed"]
    with Image.open(folder / "a.png") as sheet:
        assert min(sheet.size) > 400
    (kept,) = (folder / "home" / "rehearsals").iterdir()
    assert json.loads(kept.read_text()) == record
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert files_in(folder) == {"a.mp4", "a.png", f"home/rehearsals/{kept.name}"}


# --- a clip ---------------------------------------------------------------------------------


def test_a_bare_clip_knows_no_truth(overt, clip):
    """What needs ground truth is null; alerts and counts are there."""
    record = overt(*CONSENT, "--clip", clip, "--json").document

    assert record.keys() == FIELDS
    assert {field for field in record if record[field] is None} == {*NEED_TRUTH, "seed"}
    (alert,) = record["alerts"]
    assert (alert["entry"], alert["is_true"]) == (LISTED, None)
    assert record["frames"] == {"decoded": 14, "analysed": 14, "dropped": 0, "failed": 0}
    assert overt.records() == [record]


def test_the_alerts_of_a_clip_are_printed(overt, clip):
    """As suggestions, with the truth not known, and no rate."""
    ran = overt(*CONSENT, "--clip", clip)

    assert (ran.status, ran.err) == (0, "")
    assert "suggestions for people to judge" in ran.out
    assert LISTED in ran.out
    assert "not known" in ran.out
    assert "No rates" in ran.out
    assert "95 %" not in ran.out
    assert str(overt.home / "rehearsals") in ran.out


def test_no_alert_is_said_in_words(overt, tmp_path):
    """Somebody who is not on the list gives no empty table."""
    stranger = write_clip(tmp_path / "stranger.avi", OTHER)

    ran = overt(*CONSENT, "--clip", stranger)

    assert ran.status == 0
    assert "No alerts: nobody's score reached the threshold, 0.930." in ran.out
    assert "lead" not in ran.out


def test_the_zone_decides_who_is_looked_at(overt, clip):
    """A face outside it is not seen."""
    outside = overt(*CONSENT, "--clip", clip, "--zone", "0.8,0 1,0 1,1 0.8,1", "--json").document
    inside = overt(*CONSENT, "--clip", clip, "--zone", "0,0 0.8,0 0.8,1 0,1", "--json").document

    assert (outside["faces_seen"], inside["faces_seen"]) == (0, 1)
    assert (len(outside["alerts"]), len(inside["alerts"])) == (0, 1)


def test_the_threshold_is_part_of_what_was_fixed(overt, clip):
    """A higher one keeps the alert back, and the operating point has another digest."""
    usual = overt(*CONSENT, "--clip", clip, "--json").document
    strict = overt(*CONSENT, "--clip", clip, "--threshold", "1", "--json").document

    assert (len(usual["alerts"]), len(strict["alerts"])) == (1, 0)
    assert usual["operating_point_digest"] != strict["operating_point_digest"]
    assert usual["model_pack_digest"] == strict["model_pack_digest"]


def test_a_folder_of_pictures_is_a_clip_of_stated_speed(overt, tmp_path):
    """Pictures in natural order, two a second for three seconds."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, picture in enumerate(pictures(n_frames=14)):
        picture.save(folder / f"{number}.jpg", quality=92)

    arguments = ("--clip", folder, "--fps", "2", "--seconds", "3", "--json")
    record = overt(*CONSENT, *arguments).document

    assert record["frames"]["decoded"] == 6


def test_frames_that_are_damaged_are_counted(overt, tmp_path):
    """The good ones count, the rest are recorded as failed."""
    broken = damage(write_clip(tmp_path / "broken.avi"), 7, 9)

    record = overt(*CONSENT, "--clip", broken, "--json").document

    assert record["frames"] == {"decoded": 12, "analysed": 12, "dropped": 0, "failed": 2}
    assert [alert["entry"] for alert in record["alerts"]] == [LISTED]


def test_a_clip_that_breaks_off_counts_to_its_end(overt, tmp_path):
    """What the file promised and does not hold has failed."""
    path = write_clip(tmp_path / "short.mkv")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])

    frames = overt(*CONSENT, "--clip", path, "--json").document["frames"]

    assert frames["decoded"] + frames["failed"] == 14
    assert frames["failed"] > 0
    assert frames["decoded"] == frames["analysed"] > 0


# --- volunteers -----------------------------------------------------------------------------


def test_each_photograph_stands_for_itself(overt, clip, tmp_path):
    """Every kind of picture is read; what cannot be used is refused with its reasons."""
    write_volunteers(tmp_path / "people")

    record = overt(*CONSENT, "--clip", clip, "--volunteers", tmp_path / "people", "--json").document

    refused = {r["photograph"]: r["reasons"] for r in record["entries_refused"]}
    assert refused.keys() == {
        "no-face.png",
        "two-faces.jpg",
        "far-away.png",
        "blurred.png",
        "zero-bytes.jpg",
        "of-text.jpg",
        "2.jpg",
    }
    assert refused["no-face.png"] == ["no_face"]
    assert refused["two-faces.jpg"] == ["several_faces"]
    assert "too_small" in refused["far-away.png"] or refused["far-away.png"] == ["no_face"]
    assert "blurred" in refused["blurred.png"]
    assert refused["zero-bytes.jpg"] == refused["of-text.jpg"] == ["unreadable"]
    assert refused["2.jpg"] == ["unreadable"]
    assert len(record["alerts"]) == 1


def test_refusals_are_printed_with_their_reasons(overt, clip, tmp_path):
    """And who is therefore not searched for at all; names are shown as they are."""
    folder = tmp_path / "people"
    folder.mkdir()
    next(pictures()).save(folder / "[bold]anna[red].png")
    (folder / "bo\x1b[31mris.jpg").write_bytes(b"")

    ran = overt(*CONSENT, "--clip", clip, "--volunteers", folder)

    assert ran.status == 0
    assert "Photographs refused for the watchlist: 1 of 2" in ran.out
    assert "unreadable" in ran.out
    assert "Not searched for, without any usable photograph: bo?[31mris" in ran.out
    assert "[bold]anna[red]" in ran.out
    assert "\x1b" not in ran.out


# --- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), (1, "rehearsal.consent_missing")),
        (("--consent", " "), (1, "rehearsal.consent_missing")),
        (("--consent", "abc", "--pack", "unknown"), (2, "models.unknown")),
        (("--consent", "abc", "--zone", "left"), (2, "zone.invalid")),
        (("--consent", "abc", "--zone", "0,0 1,1"), (2, "zone.invalid")),
        (("--consent", "abc", "--zone", "0,0 1,1 1,0 0,1"), (2, "zone.invalid")),
        (("--consent", "abc", "--zone", "0,0 2,0 2,2"), (2, "zone.invalid")),
        (("--consent", "abc", "--zone", "nan,0 1,0 1,1"), (2, "zone.invalid")),
        (("--consent", "abc", "--volunteers", "nowhere"), (2, "folder.unusable")),
        (("--consent", "abc", "--cast", "nowhere"), (2, "folder.unusable")),
        (("--consent", "abc", "--clip", "missing.mp4"), (2, "video.unreadable")),
        (("--consent", "abc", "--clip", "ftp://127.0.0.1/a.mp4"), (2, "setting.invalid")),
        (("--consent", "abc", "--seconds", "3"), (2, "setting.invalid")),
        (("--consent", "abc", "--fps", "25"), (2, "setting.invalid")),
        (("--consent", "abc", "--clip", "a.mp4", "--seed", "1"), (2, "setting.invalid")),
        (("--consent", "abc", "--clip", "a.mp4", "--at-once", "2"), (2, "setting.invalid")),
        (("--consent", "abc", "--annotated", "no/a.mp4"), (1, "output.unwritable")),
        (("--consent", "abc", "--contact-sheet", "no/a.png"), (1, "output.unwritable")),
        (("--consent", "abc", "--contact-sheet", "a.pdf"), (1, "output.unwritable")),
    ],
    ids=lambda value: " ".join(value[2:]) or "no consent" if isinstance(value[0:1], tuple) else "",
)
def test_what_cannot_be_done_is_refused(overt, tmp_path, monkeypatch, arguments, expected):
    """One clear error with a stable code; nothing is written and no record kept."""
    monkeypatch.chdir(tmp_path)

    assert overt.fails("rehearse", *arguments) == expected
    assert files_in(tmp_path) == set()


@pytest.mark.parametrize("kind", ["empty", "text", "cut off", "folder"])
def test_what_is_no_clip_is_refused(overt, tmp_path, clip, kind):
    """Nothing half-written: no video, no sheet, no record."""
    path = tmp_path / "a.avi"
    if kind == "folder":
        path.mkdir()
    else:
        content = {"empty": b"", "text": b"no clip", "cut off": clip.read_bytes()[:40]}
        path.write_bytes(content[kind])
    written = ("--annotated", tmp_path / "a.mp4", "--contact-sheet", tmp_path / "a.png")

    expected = "folder.unusable" if kind == "folder" else "video.unreadable"
    assert overt.fails(*CONSENT, "--clip", path, *written) == (2, expected)
    assert files_in(tmp_path) == ({"a.avi"} if kind != "folder" else set())


@pytest.mark.parametrize("kind", ["a file", "empty", "no photographs", "damaged photographs"])
def test_a_folder_of_volunteers_that_cannot_be_used(overt, tmp_path, clip, kind):
    """Before a frame is looked at."""
    folder = tmp_path / "people"
    if kind == "a file":
        folder.write_text("no folder")
    else:
        folder.mkdir()
    if kind == "no photographs":
        (folder / "list.txt").write_text("anna")
    if kind == "damaged photographs":
        (folder / "anna.jpg").write_bytes(b"\xff\xd8\xff")
    expected = "watchlist.nothing_enrolled" if kind.startswith("damaged") else "folder.unusable"

    assert overt.fails(*CONSENT, "--clip", clip, "--volunteers", folder) == (2, expected)
    assert overt.records() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_an_error(overt, clip):
    """A record that cannot be kept is told."""
    overt.home.mkdir(mode=0o500)

    assert overt.fails(*CONSENT, "--clip", clip) == (1, "output.unwritable")


# --- cameras --------------------------------------------------------------------------------


def test_a_camera_that_never_answers(overt):
    """Unreachable within its limit; neither password nor path is told."""
    before = monotonic()
    with silent_camera() as location:
        ran = overt(*CONSENT, "--clip", location, "--seconds", "2")

    assert monotonic() - before < 20
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.endswith("[camera.unreachable]\n")
    assert len(ran.err.splitlines()) == 1
    assert "hunter2" not in ran.err
    assert overt.records() == []


def test_a_camera_runs_for_the_time_asked(overt):
    """Its frames are analysed, the rest dropped; the listed person raises an alert."""
    with live_camera() as camera:
        record = overt(*CONSENT, "--clip", camera.location, "--seconds", "1.5", "--json").document

    frames = record["frames"]
    assert 0 < frames["analysed"] <= frames["decoded"]
    assert record["seed"] is None
    assert {alert["entry"] for alert in record["alerts"]} <= {LISTED}


@pytest.mark.slow
def test_ctrl_c_ends_a_camera_with_its_result(tmp_path, cache):
    """Exit status 0 and a whole record, also on disk."""
    with live_camera() as camera:
        command = [sys.executable, "-m", "overt", *CONSENT, "--clip", camera.location, "--json"]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"OVERT_HOME": str(tmp_path), "OVERT_CACHE": str(cache)},
        ) as process:
            assert camera.is_watched.wait(60)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (0, "")
    record = json.loads(out)
    assert record["frames"]["analysed"] > 0
    assert [json.loads(path.read_text()) for path in tmp_path.glob("rehearsals/*")] == [record]


@pytest.mark.slow
def test_ctrl_c_stops_a_scene_without_a_result(tmp_path, cache):
    """Half a scene would count people as missed who never came; nothing is left."""
    written = ["--annotated", tmp_path / "a.mp4"]
    command = [sys.executable, "-m", "overt", *CONSENT, "--json", *map(str, written)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OVERT_HOME": str(tmp_path / "home"), "OVERT_CACHE": str(cache)},
    ) as process:
        half_written, before = tmp_path / ".a.mp4.part", monotonic()
        while not (half_written.exists() and half_written.stat().st_size):
            assert monotonic() - before < 60
            sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert err.strip() == "overt: stopped; nothing half-written is left"
    assert files_in(tmp_path) == set()
