from __future__ import annotations

import stat

import pytest


def mode(path):
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def contents(home):
    """Return every file with its bytes."""
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_a_machine_is_set_up(overt):
    """Home, keys and store are the owner's alone; the public key is printed; the log begins."""
    ran = overt("init", "--log-name", "force.example/lfr")

    assert ran.status == 0
    assert "public key  force.example/lfr+" in ran.out
    assert mode(overt.home) == 0o700
    assert mode(overt.home / "master.key") == 0o600
    assert mode(overt.home / "keys" / "audit.key") == 0o600
    assert mode(overt.home / "overt.db") == 0o600
    shown = overt("audit", "verify").out
    assert shown.startswith("events       2,")


def test_a_second_time_is_refused(overt):
    """Nothing is replaced: a second key would make everything stored unreadable."""
    overt("init")
    before = contents(overt.home)

    assert overt.fails("init") == (1, "installation.present")
    assert contents(overt.home) == before


def test_check_says_what_is_there_and_changes_nothing(overt):
    """As often as one likes."""
    printed = overt("init").out
    before = contents(overt.home)

    checked = [overt("init", "--check") for _ in range(2)]

    assert [(each.status, each.out) for each in checked] == [(0, printed)] * 2
    assert contents(overt.home) == before
    assert overt("init", "--check", "--json").document["schema_version"]


def test_check_before_anything_is_there(overt):
    """It makes nothing either."""
    assert overt.fails("init", "--check") == (2, "store.missing")
    assert not overt.home.exists()


def test_an_attempt_that_was_cut_short_is_finished(overt):
    """Keys that were made are kept; what is missing is made."""
    overt("init")
    key = (overt.home / "master.key").read_bytes()
    (overt.home / "overt.db").unlink()

    assert overt("init").status == 0
    assert (overt.home / "master.key").read_bytes() == key


@pytest.mark.parametrize(
    ("damage", "status", "code"),
    [
        (lambda home: home.chmod(0o755), 2, "setting.invalid"),
        (lambda home: (home / "master.key").unlink(), 2, "secrets.master_key_missing"),
        (lambda home: (home / "master.key").chmod(0o640), 2, "secrets.master_key_invalid"),
        (
            lambda home: (home / "master.key").write_text("A" * 43 + "="),
            2,
            "secrets.master_key_invalid",
        ),
        (lambda home: (home / "keys" / "audit.key").unlink(), 1, "audit.key_missing"),
        (lambda home: (home / "keys" / "audit.key").chmod(0o644), 1, "audit.key_unsafe"),
    ],
)
def test_check_names_what_is_wrong(overt, damage, status, code):
    """Open to others, gone, or not the master key that the store began with."""
    overt("init")
    damage(overt.home)

    assert overt.fails("init", "--check") == (status, code)


def test_a_master_key_from_outside_leaves_no_file(overt, monkeypatch):
    """From the environment: 32 bytes in base64."""
    monkeypatch.setenv("OVERT_MASTER_KEY", "A" * 43 + "=")

    assert overt("init").status == 0
    assert not (overt.home / "master.key").exists()
    monkeypatch.setenv("OVERT_MASTER_KEY", "B" * 43 + "=")
    assert overt.fails("init", "--check") == (2, "secrets.master_key_invalid")


def test_a_home_that_cannot_be_made(overt):
    """A file stands where the folder should be."""
    overt.home.write_text("in the way")

    status, code = overt.fails("init")

    assert (status, code) == (1, "output.unwritable")


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_name_that_no_key_can_have(overt, name):
    """Checkpoints could not be read by others."""
    assert overt.fails("init", "--log-name", name) == (2, "audit.key_invalid")
    assert not (overt.home / "overt.db").exists()


def test_commands_without_a_store_say_so(overt):
    """With the command that makes one."""
    for command in (
        ("user", "list"),
        ("deployment", "list"),
        ("deployment", "conditions", "d-1"),
        ("deployment", "draft", "Square", "--as", "ap-1"),
    ):
        assert overt.fails(*command) == (2, "store.missing")
