"""Where the master key comes from, and what is refused as one."""

from __future__ import annotations

import base64
import shlex
import sys

import pytest

from overt.adapters.secrets.master_key import create_master_key, load_master_key
from overt.bootstrap.store import master_key_of
from overt.errors import (
    MasterKeyInvalidError,
    MasterKeyMissingError,
    MasterKeyPresentError,
    OutputUnwritableError,
)
from overt.settings import Settings

TEXT = base64.b64encode(bytes(range(32))).decode()


def printing(text: str) -> str:
    """Return a command that prints a text."""
    return shlex.join([sys.executable, "-c", f"print({text!r})"])


def test_a_new_key_is_read_back_and_for_its_owner_only(tmp_path):
    """Mode 0600, 32 bytes by chance."""
    file = tmp_path / "home" / "master.key"
    made = create_master_key(file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert load_master_key(file) == made
    assert len(made.key) == 32
    assert create_master_key(tmp_path / "other.key") != made


def test_a_key_is_never_replaced(tmp_path):
    """What is encrypted under it would be lost."""
    file = tmp_path / "master.key"
    create_master_key(file)
    before = file.read_bytes()
    with pytest.raises(MasterKeyPresentError):
        create_master_key(file)

    assert file.read_bytes() == before


def test_a_key_that_cannot_be_written(tmp_path):
    """A file stands where the folder should."""
    (tmp_path / "home").write_text("")
    with pytest.raises(OutputUnwritableError):
        create_master_key(tmp_path / "home" / "master.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_may_use_is_refused(tmp_path, mode):
    """The message gives the mode expected and found."""
    file = tmp_path / "master.key"
    create_master_key(file)
    file.chmod(mode)
    with pytest.raises(MasterKeyInvalidError, match=f"0600.*{mode:04o}"):
        load_master_key(file)


@pytest.mark.parametrize("content", [b"", b"short", TEXT[:-4].encode(), b"\xff" * 44, b"!" * 44])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path, content):
    """Not 32 bytes in base64."""
    file = tmp_path / "master.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(MasterKeyInvalidError) as caught:
        load_master_key(file)

    assert not content or content.decode("latin-1") not in caught.value.message


def test_a_link_is_no_key_file(tmp_path):
    """Somebody else may own what it points at."""
    create_master_key(tmp_path / "real.key")
    (tmp_path / "master.key").symlink_to(tmp_path / "real.key")
    with pytest.raises(MasterKeyInvalidError):
        load_master_key(tmp_path / "master.key")


def test_no_file_is_named(tmp_path):
    """With the command that makes one."""
    with pytest.raises(MasterKeyMissingError, match="overt init"):
        load_master_key(tmp_path / "master.key")


def test_the_key_from_the_environment_and_from_a_command(tmp_path):
    """Both in base64; the file is not looked for."""
    file = tmp_path / "none"

    assert load_master_key(file, text=TEXT).key == bytes(range(32))
    assert load_master_key(file, command=printing(TEXT)).key == bytes(range(32))


@pytest.mark.parametrize(
    "command",
    [
        "/nowhere/at/all",
        shlex.join([sys.executable, "-c", "raise SystemExit(1)"]),
        printing("no key"),
        "unclosed 'quote",
        "  ",
    ],
)
def test_a_command_that_gives_no_key(tmp_path, command):
    """It fails, prints something else, or is none."""
    with pytest.raises(MasterKeyInvalidError):
        load_master_key(tmp_path / "none", command=command)


def test_a_command_is_no_shell(tmp_path):
    """Nothing after a semicolon is run."""
    touched = tmp_path / "touched"
    with pytest.raises(MasterKeyInvalidError):
        load_master_key(tmp_path / "none", command=f"/nowhere/a; touch {touched}")

    assert not touched.exists()


def test_two_sources_are_one_too_many(tmp_path):
    """Nobody could tell which is used."""
    with pytest.raises(MasterKeyInvalidError, match="keep one"):
        load_master_key(tmp_path / "none", text=TEXT, command=printing(TEXT))


def test_settings_name_the_source(tmp_path, monkeypatch):
    """OVERT_MASTER_KEY; neither it nor the store's address shows in the settings."""
    monkeypatch.setenv("OVERT_MASTER_KEY", TEXT)
    monkeypatch.setenv("OVERT_STORE_URL", "postgresql://overt:hunter2@db/overt")
    read = Settings(home=tmp_path)

    assert master_key_of(read).key == bytes(range(32))
    assert "hunter2" not in repr(read)
    assert TEXT not in repr(read)
