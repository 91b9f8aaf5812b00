"""``overt evaluate``: images, with the bundled pack on photographs beside this checkout."""

from __future__ import annotations

import json
import shutil

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def people(tmp_path_factory, shared_data):
    """Return folders: two of five people in the gallery, three photographs of each to search."""
    root = tmp_path_factory.mktemp("people")
    for number, folder in enumerate(sorted((shared_data / "johns").iterdir())):
        photographs = sorted(folder.iterdir())
        if number < 2:
            (root / "gallery" / folder.name).mkdir(parents=True)
            shutil.copy(photographs[0], root / "gallery" / folder.name)
        (root / "probes" / folder.name).mkdir(parents=True)
        for photograph in photographs[1:4]:
            shutil.copy(photograph, root / "probes" / folder.name)
    return root


def test_figures_of_photographs(overt, people, tmp_path):
    """Both errors at the pack's threshold, with what they come from, printed and written."""
    out = tmp_path / "test.json"
    folders = ("--gallery", people / "gallery", "--probes", people / "probes")

    ran = overt("evaluate", "images", *folders, "--json", "--out", out)
    text = overt("evaluate", "images", *folders, "--quiet", "--max-rank", 2)

    assert (ran.status, ran.err) == (0, "")
    assert json.loads(out.read_text(encoding="utf-8")) == ran.document
    assert ran.document["source"]["n_gallery_people"] == 2
    assert ran.document["source"]["n_probe_photographs"] == 15
    (size,) = ran.document["galleries"]
    refused = ran.document["failure_to_acquire"]["count"]
    assert size["fnir"]["total"] + size["fpir"]["total"] + refused == 15
    assert size["fnir"]["count"] == size["fpir"]["count"] == 0
    assert "for FPIR 1 in 1000: not shown; non-mated searches of 99" in text.out
    assert text.out.startswith("overt-default, threshold 0.93, rank 2\n")


def test_people_by_a_file(overt, people, tmp_path):
    """Photographs in one folder, whose they are in a list; one that is in no row is refused."""
    for place in ("gallery", "probes"):
        (tmp_path / place).mkdir()
    names = {}
    for number, path in enumerate(sorted((people / "probes").rglob("*.jpg"))):
        place = "gallery" if number % 3 == 0 else "probes"
        shutil.copy(path, tmp_path / place / f"{number}.jpg")
        names[f"{number}.jpg"] = path.parent.name
    rows = [f"{who},{name}" for name, who in names.items()]
    folders = ("--gallery", tmp_path / "gallery", "--probes", tmp_path / "probes")
    listed, short = tmp_path / "all.csv", tmp_path / "short.csv"
    listed.write_text("\n".join(["subject,photograph", *rows]), encoding="utf-8")
    short.write_text("\n".join(["subject,photograph", *rows[:-1]]), encoding="utf-8")

    ran = overt("evaluate", "images", *folders, "--subjects", listed, "--json")
    refused = overt.fails("evaluate", "images", *folders, "--subjects", short)

    assert ran.document["source"]["n_gallery_people"] == 5
    assert ran.document["galleries"][-1]["fpir"]["text"] == "not defined (0 of 0)"
    assert ran.document["det_of_searches"] is None
    assert refused == (2, "evaluation.data_invalid")


def test_errors_by_group(overt, people, tmp_path):
    """Of five people none is counted by group: the policy withholds fewer than five."""
    names = sorted(path.name for path in (people / "probes").iterdir())
    listed = tmp_path / "people.csv"
    rows = [f"{name},{'female' if n % 2 else 'male'}" for n, name in enumerate(names)]
    listed.write_text("\n".join(["subject,sex", *rows]), encoding="utf-8")
    folders = ("--gallery", people / "gallery", "--probes", people / "probes")
    command = ("evaluate", "images", *folders, "--subjects", listed, "--sweep", 0.9)

    document = overt(*command, "--json").document
    text = overt(*command, "--quiet").out

    assert [errors["threshold"] for errors in document["by_group"]] == [0.93, 0.9]
    groups = document["by_group"][0]["false_fpir"]["groups"]
    assert groups.keys() <= {"female", "male"}
    assert all(each == {"n_people": None, "rate": None} for each in groups.values())
    assert "by sex at 0.9, missed, FNIR:\n  female: withheld: too few people" in text


def test_figures_into_a_new_folder(overt, people, tmp_path):
    """What overlaps nowhere and whom the policy withholds is left out with a reason."""
    listed = tmp_path / "people.csv"
    names = sorted(path.name for path in (people / "probes").iterdir())
    listed.write_text("\n".join(["subject,sex", *(f"{n},male" for n in names)]), encoding="utf-8")
    folders = ("--gallery", people / "gallery", "--probes", people / "probes")
    command = ("evaluate", "images", *folders, "--subjects", listed, "--quiet", "--figures")

    once = overt(*command, tmp_path / "once")
    overt(*command, tmp_path / "again")
    refused = overt.fails(*command, tmp_path / "once")

    files = {path.name: path.read_bytes() for path in (tmp_path / "once").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert files.keys() == {"scores.svg", "threshold-sweep.svg"}
    assert b"</title>" in files["scores.svg"]
    assert b" mated searches (0 %, 95 % interval" in files["threshold-sweep.svg"]
    reason = "fewer than two groups have an interval that can be shown"
    assert once.err.splitlines() == [
        f"2 figures in {tmp_path / 'once'}",
        "left out: DET curve: at no threshold do both errors occur",
        f"left out: missed, FNIR at 0.93, by sex: {reason}",
        f"left out: false, FPIR at 0.93, by sex: {reason}",
    ]
    assert refused == (1, "output.unwritable")


def test_the_same_photograph_in_both_is_refused(overt, people):
    """Its score would show nothing."""
    folders = ("--gallery", people / "gallery", "--probes", people / "gallery")

    assert overt.fails("evaluate", "images", *folders) == (2, "evaluation.data_invalid")


@pytest.mark.parametrize("place", ["--gallery", "--probes"])
def test_a_folder_that_is_not_there_is_refused(overt, people, place, tmp_path):
    """By name, with exit status 2."""
    folders = {"--gallery": people / "gallery", "--probes": people / "probes", place: tmp_path}
    options = [part for pair in folders.items() for part in pair]

    assert overt.fails("evaluate", "images", *options) == (2, "folder.unusable")
