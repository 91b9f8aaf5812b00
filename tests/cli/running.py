"""Run a command in this process, and what it said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from overt.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Return standard output as JSON."""
        return json.loads(self.out)


class Overt:
    """The command line with a home of its own."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ran:
        """Run one command to its end."""
        with pytest.raises(SystemExit) as ended:
            run([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    def fails(self, *arguments: object) -> tuple[int, str]:
        """Return exit status and code of a command that ends with one line of error."""
        ran = self(*arguments)
        lines = ran.err.splitlines()
        assert ran.out == ""
        assert len(lines) == 1, ran.err
        message, _, code = lines[0].removesuffix("]").rpartition(" [")
        assert message.startswith("overt: ")
        return ran.status, code

    def records(self) -> list[Any]:
        """Return the rehearsals that were kept."""
        return [json.loads(path.read_text()) for path in self.home.glob("rehearsals/*")]
