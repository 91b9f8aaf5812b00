"""The command line as a whole: help, version, streams, exit statuses."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import overt as package
from overt import errors
from overt.cli.main import _command_of, app

COMMANDS = ["", "demo", "rehearse", "models list", "models verify", "models pull", "models import"]
GROUPS = sorted(group.name or "" for group in app.registered_groups)


def test_the_version_is_printed(overt):
    """On standard output, with the name."""
    ran = overt("--version")

    assert (ran.status, ran.out, ran.err) == (0, f"overt {package.__version__}\n", "")


@pytest.mark.parametrize("command", [*COMMANDS, *GROUPS], ids=lambda c: c or "overt")
def test_every_command_helps(overt, command):
    """With 0 on standard output, within 80 columns, and no first line that is cut off."""
    ran = overt(*command.split(), "--help")

    assert ran.status == 0
    assert ran.out.startswith(f"Usage: {' '.join(['overt', *command.split()])}")
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    assert "..." not in ran.out.replace("COMMAND [ARGS]...", "")
    assert ran.err == ""


def test_help_loads_no_network():
    """A question about an option is answered at once."""
    heavy = "{'av', 'onnxruntime', 'onnx', 'scipy', 'PIL', 'dlib', 'skimage', 'matplotlib'}"
    script = f"import sys, overt.cli.main; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["unknown"],
        ["rehearse", "--no-such-option"],
        ["rehearse", "--consent", "abc", "--threshold", "2"],
        ["rehearse", "--consent", "abc", "--threshold", "nan"],
        ["rehearse", "--consent", "abc", "--at-once", "13"],
        ["rehearse", "--consent", "abc", "--passages", "0"],
        ["rehearse", "--consent", "abc", "--seed", "one"],
        ["models", "pull"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_answered_with_the_usage(overt, arguments):
    """Exit status 2; nothing on standard output."""
    ran = overt(*arguments)

    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("Usage: overt")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.FolderUnusableError, 2),
        (errors.ConsentMissingError, 1),
        (errors.CameraUnreachableError, 1),
        (errors.DigestMismatchError, 3),
    ],
)
def test_the_branch_of_an_error_decides_the_exit_status(overt, error, status, failing_command):
    """Input 2, rule and device 1, integrity 3: one line with the code, whatever the message."""
    name = failing_command(error("expected one thing,\n  found another"))

    ran = overt(name)

    line = f"overt: expected one thing, found another [{error.code}]\n"
    assert (ran.status, ran.out, ran.err) == (status, "", line)


def test_an_error_is_json_where_the_result_would_be(overt, failing_command):
    """One line, on standard error, of one shape."""
    name = failing_command(errors.ZoneInvalidError("wrong"))

    ran = overt(name, "--json")

    assert (ran.status, ran.out) == (2, "")
    assert json.loads(ran.err) == {"error": {"code": "zone.invalid", "message": "wrong"}}


def test_an_interrupted_command_says_so(overt, failing_command):
    """Exit status 130, as a shell expects; one line, no traceback."""
    name = failing_command(KeyboardInterrupt())

    ran = overt(name)

    assert ran.status == 130
    assert ran.err.strip() == "overt: stopped; nothing half-written is left"


def test_a_mistake_of_ours_is_not_hidden(failing_command):
    """What is no error of the tree keeps its traceback."""
    from overt.cli.main import run

    name = failing_command(ZeroDivisionError("ours"))

    with pytest.raises(ZeroDivisionError):
        run([name])


def test_a_setting_that_cannot_be_used_is_named(overt, monkeypatch):
    """The variable stands in the message."""
    monkeypatch.setenv("OVERT_THREADS", "many")

    ran = overt("models", "list")

    assert (ran.status, ran.out) == (2, "")
    assert "OVERT_THREADS" in ran.err
    assert ran.err.endswith("[setting.invalid]\n")


def test_the_package_can_be_run():
    """``python -m overt`` is the command."""
    ran = subprocess.run(
        [sys.executable, "-m", "overt", "rehearse"], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.endswith("[rehearsal.consent_missing]\n")


@pytest.fixture
def failing_command():
    """Return a function that adds a command which raises an error; it is gone afterwards."""
    before = list(app.registered_commands)

    def add(error: BaseException) -> str:
        def command(*, as_json: bool = False) -> None:
            raise error

        import typer

        command.__annotations__["as_json"] = bool
        command.__kwdefaults__ = {"as_json": typer.Option(False, "--json")}
        app.command("fail")(command)
        _command_of.cache_clear()
        return "fail"

    yield add
    app.registered_commands[:] = before
    _command_of.cache_clear()
