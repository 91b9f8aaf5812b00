import json
import os
import stat
from pathlib import Path

import pytest

from overt.adapters.files.json_file import write_json
from overt.errors import OutputUnwritableError


def names(folder):
    """Return what lies in a folder, hidden files included."""
    return sorted(path.name for path in folder.iterdir())


def test_a_document_comes_back_as_it_was(tmp_path):
    """In UTF-8, readable by people, with a line end."""
    path = tmp_path / "record.json"
    document = {"name": "Zoë", "values": [1, 0.5, None, True], "inner": {"a": []}}
    write_json(path, document)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == document
    assert "Zoë" in text
    assert text.endswith("}\n")


def test_only_its_owner_may_read_it(tmp_path):
    """Mode 0600, in a folder of mode 0700 where that had to be made."""
    path = tmp_path / "kept" / "record.json"
    write_json(path, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_a_file_of_that_name_is_replaced_whole(tmp_path):
    """A shorter document leaves nothing of the longer one."""
    path = tmp_path / "record.json"
    write_json(path, {"long": "x" * 5000})
    write_json(path, {"short": 1})
    assert json.loads(path.read_text(encoding="utf-8")) == {"short": 1}
    assert names(tmp_path) == ["record.json"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_has_not_writes_nothing(tmp_path, value):
    """NaN would make the file unreadable for others."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "record.json", {"value": value})
    assert names(tmp_path) == []


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    """One coded error that names the file, and nothing is left."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(OutputUnwritableError) as caught:
        write_json(tmp_path / "taken" / "record.json", {})
    assert "record.json" in caught.value.message
    assert caught.value.code == "output.unwritable"
    assert names(tmp_path) == ["taken"]


def test_a_target_that_is_a_folder_leaves_no_part_behind(tmp_path):
    """The document was written beside it and could not take its name."""
    (tmp_path / "record.json").mkdir()
    with pytest.raises(OutputUnwritableError):
        write_json(tmp_path / "record.json", {})
    assert names(tmp_path) == ["record.json"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    """Nothing is left there."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(OutputUnwritableError):
        write_json(folder / "record.json", {})
    assert names(folder) == []


def test_a_full_device_is_refused(tmp_path):
    """``/dev/full`` takes no bytes; a folder for parts cannot even be made below it."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OutputUnwritableError):
        write_json(Path("/dev/full/record.json"), {})


def test_an_interruption_leaves_no_part_behind(tmp_path, monkeypatch):
    """Ctrl-C between writing and naming: neither the document nor its part is there."""

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_json(tmp_path / "record.json", {"a": 1})
    assert names(tmp_path) == []
