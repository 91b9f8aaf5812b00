"""``overt calibrate``."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest


@pytest.fixture
def scores(tmp_path):
    """Return a file: 5,000 people score 0.00001 to 0.05, ten are found at 0.9 and one is not."""
    path = tmp_path / "scores.csv"
    rows = [f"x{n},,{n / 100_000}" for n in range(1, 5001)]
    rows += [f"m{n},{0.9 if n else 0.001},0.01" for n in range(11)]
    path.write_text("\n".join(["subject,mate_score,best_other_score", *rows]), encoding="utf-8")
    return path


def test_a_threshold_with_its_evidence(overt, scores, tmp_path):
    """None of 5,000 false shows 1 in 1,000; the file is what the digest names."""
    out = tmp_path / "evidence.json"
    command = ("calibrate", "--target-fpir", 0.001, "--watchlist-size", 2000)
    command += ("--scores", scores, "--gallery-size", 2000, "--faces-per-hour", 3000)

    ran = overt(*command, "--out", out)
    document = overt(*command, "--json").document

    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "threshold 0.0501"
    assert "people with a false search: 0 of 5,000 people searched" in ran.out
    assert "missed at 0.0501: 1 of 11 mated searches" in ran.out
    assert "false alerts expected an hour at 3,000 faces: 0, 95 % interval 0 to 2.21" in ran.out
    assert lines[-1].endswith(hashlib.sha256(out.read_bytes()).hexdigest())
    assert json.loads(out.read_text(encoding="utf-8")) == document
    assert document["source"]["scores_sha256"] == hashlib.sha256(scores.read_bytes()).hexdigest()
    assert overt.fails(*command, "--out", out) == (1, "output.unwritable")


def test_too_few_people_are_refused(overt, scores):
    """With a gallery a tenth of the watchlist the target needs ten times the people."""
    command = ("calibrate", "--target-fpir", 0.001, "--watchlist-size", 2000)
    ran = overt(*command, "--scores", scores, "--gallery-size", 200)

    assert ran.status == 1
    assert "there are 5,000, so 31,871 more are needed in this gallery of 200" in ran.err
    assert ran.err.endswith("[evaluation.too_few_data]\n")


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--gallery", "."),
        ("--gallery-size", 5),
        ("--gallery", ".", "--probes", ".", "--gallery-size", 5),
    ],
    ids=["neither", "half", "no scores", "both"],
)
def test_scores_or_photographs(overt, options):
    """One of both, whole."""
    command = ("calibrate", "--target-fpir", 0.001, "--watchlist-size", 2000, *options)

    assert overt.fails(*command) == (2, "setting.invalid")


def test_an_impossible_target_is_refused(overt, scores):
    """0.1 % is 0.001."""
    command = ("calibrate", "--target-fpir", 1, "--watchlist-size", 2000)

    assert overt.fails(*command, "--scores", scores, "--gallery-size", 5) == (2, "setting.invalid")


@pytest.mark.slow
def test_photographs_name_pack_and_operating_point(overt, shared_data, tmp_path):
    """Five people show 1 in 2, and nothing near 1 in 1,000."""
    for number, folder in enumerate(sorted((shared_data / "johns").iterdir())):
        photographs = sorted(folder.iterdir())
        for path in photographs[:2] if number == 0 else photographs[:3]:
            place = tmp_path / ("gallery" if number == 0 else "probes") / folder.name
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
    folders = ("--gallery", tmp_path / "gallery", "--probes", tmp_path / "probes", "--json")

    loose = overt("calibrate", "--target-fpir", 0.8, "--watchlist-size", 1, *folders).document
    strict = overt("calibrate", "--target-fpir", 0.001, "--watchlist-size", 2000, *folders)

    assert loose["source"]["model_pack"] == "overt-default"
    assert len(loose["source"]["operating_point_digest"]) == 64
    assert loose["missed_at"][-1]["threshold"] == 0.93
    assert (strict.status, json.loads(strict.err)["error"]["code"]) == (
        1,
        "evaluation.too_few_data",
    )
