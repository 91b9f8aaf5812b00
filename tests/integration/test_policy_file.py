"""Policies in files: what is read, and what is refused with the place of the mistake."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from tests.unit.core.policy_tables import SHIPPED, SHIPPED_TEXT

from overt.adapters.files.policy_file import MAX_BYTES, read_policy
from overt.errors import PolicyInvalidError


def write(folder, text=SHIPPED_TEXT, name="policy.toml"):
    """Write a policy and return its path."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path) -> str:
    """Return the message with which a file is refused."""
    with pytest.raises(PolicyInvalidError) as refused:
        read_policy(path)
    assert refused.value.code == "policy.invalid"
    assert refused.value.exit_status == 2
    return refused.value.message


def test_the_shipped_policy_comes_with_the_package():
    """Wherever it is installed."""
    assert read_policy().digest() == SHIPPED.digest()


def test_a_forces_own_values_are_read(tmp_path):
    """Everything else is as shipped."""
    text = SHIPPED_TEXT.replace('value = 24\nunit = "h"\nceiling = 24', 'value = 6\nunit = "h"', 1)

    policy = read_policy(write(tmp_path, text))

    assert policy.watchlist.max_age == timedelta(hours=6)
    assert policy.number("watchlist.max_age").ceiling == 24


def test_comments_and_layout_do_not_change_the_digest(tmp_path):
    """Only what is said counts."""
    text = "# Northshire\n" + SHIPPED_TEXT.replace(" = ", "=").replace("\n", "\n\n")

    assert read_policy(write(tmp_path, text)).digest() == SHIPPED.digest()


def test_a_windows_file_is_read(tmp_path):
    """Line ends are layout, and so is the mark before the first of them."""
    path = write(tmp_path, "\ufeff" + SHIPPED_TEXT.replace("\n", "\r\n"))

    assert read_policy(path).digest() == SHIPPED.digest()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "the policy has 15 problems: format: expected 1, found nothing; name: "),
        (b"format = 1\nname = \n", "not TOML: Invalid value (at line 2, column 8)"),
        (b"format = 1\nformat = 1\n", "(at line 2, column 11)"),
        (b'format = 1\nname = "\xff"\n', "not UTF-8 (at line 2)"),
        (b"a = " + b"1" * 5000, "a number too long, or tables nested too deep"),
        (b"a = " + b"[" * 50_000, "a number too long, or tables nested too deep"),
        (b"a = 0x" + b"f" * 50_000, "a: unknown"),
        (b"#" * (MAX_BYTES + 1), f"larger than {MAX_BYTES} bytes"),
        (b"\x00" * 100, "not TOML: "),
    ],
    ids=["empty", "value", "twice", "latin", "digits", "deep", "hexadecimal", "large", "zeros"],
)
def test_what_is_no_policy(tmp_path, content, found):
    """Refused with the line where there is one; nothing is taken over from the shipped policy."""
    assert found in refusal(write(tmp_path, content))


def test_a_policy_that_is_not_there(tmp_path):
    """By name, without its folder."""
    assert refusal(tmp_path / "none.toml") == "policy none.toml: there is no such file"
    assert refusal(tmp_path) == f"policy {tmp_path.name}: there is no such file"


def test_a_pipe_is_not_waited_for(tmp_path):
    """A file is a file."""
    os.mkfifo(tmp_path / "pipe.toml")

    assert "there is no such file" in refusal(tmp_path / "pipe.toml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_policy_that_cannot_be_read(tmp_path):
    """Says which right is missing."""
    path = write(tmp_path)
    path.chmod(0)

    assert refusal(path) == "policy policy.toml: cannot be read (PermissionError)"


def test_a_name_that_no_file_system_takes(tmp_path):
    """An error of the system, translated."""
    assert "cannot be read (OSError)" in refusal(tmp_path / ("x" * 300))


def test_every_problem_is_in_the_message(tmp_path):
    """Not only the first."""
    text = SHIPPED_TEXT.replace("value = 2000\n", "value = 20001\n").replace(
        "value = 0.001\n", "value = 0.01\n"
    )

    message = refusal(write(tmp_path, text))

    assert message.startswith("the policy has 2 problems: ")
    assert (
        "watchlist.size_cap: 20001 entries is above the ceiling of 20000 entries (R-17" in message
    )
    assert "alerts.false_alert_limit: 0.01 per face seen is above the ceiling of 0.001" in message
