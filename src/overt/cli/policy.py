"""``overt policy``: every number that a rule uses, its source, and what a force may set."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from overt.bootstrap.policies import load_policy
from overt.core.policy_difference import diff
from overt.core.policy_rules import GROUPS
from overt.core.policy_settings import PolicyChoice, PolicyList, PolicyNumber, number_text
from overt.errors import PolicyInvalidError

if TYPE_CHECKING:
    from overt.core.policy import Policy

app = typer.Typer(
    help="The policy: show its numbers, check a force's own, compare two.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def show(
    file: Annotated[
        Path | None, typer.Argument(help="A policy in TOML; the shipped one without.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show every number and closed list with its bounds and its source."""
    policy = load_policy(file)
    if as_json:
        typer.echo(json.dumps(_document(policy), ensure_ascii=False, indent=2))
        return
    _print_header(policy)
    for group in GROUPS:
        _print_group(group, policy)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A policy in TOML.")]) -> None:
    """Check a force's policy and list everything that is wrong.

    One problem a line; the exit status is then 2.
    """
    try:
        policy = load_policy(file)
    except PolicyInvalidError as error:
        if problems := error.fields.get("problems"):
            typer.echo(problems)
            msg = f"policy {file.name}: refused, problems: {error.fields['n_problems']}"
            raise PolicyInvalidError(msg, file=file.name) from error
        raise
    _print_header(policy)
    typer.echo("everything is within its bounds")


@app.command("diff")
def compare(
    a: Annotated[Path, typer.Argument(help="A policy in TOML.")],
    b: Annotated[
        Path | None,
        typer.Argument(help="A later one; without it, the shipped policy is compared with A."),
    ] = None,
) -> None:
    """Show only what differs, and whether it was loosened or tightened."""
    earlier, later = (load_policy(), load_policy(a)) if b is None else map(load_policy, (a, b))
    differences = diff(earlier, later)
    if not differences:
        typer.echo("no difference")
        return
    table = _table("setting", "before", "after", "direction")
    for each in differences:
        table.add_row(each.name, each.before or "-", each.after or "-", each.direction.value)
    Console(markup=False).print(table)


def _print_header(policy: Policy) -> None:
    typer.echo(f"sha256   {policy.digest()}")
    typer.echo(f"version  {policy.version}")
    typer.echo(f"name     {policy.name}")


def _print_group(group: str, policy: Policy) -> None:
    figures = _table("setting", "value, bounds", "source", title=group)
    lists = []
    for name, setting in policy.settings.items():
        if not name.startswith(f"{group}."):
            continue
        if isinstance(setting, PolicyList):
            lists.append(_list_table(name, setting))
        else:
            short_name = name.removeprefix(f"{group}.")
            figures.add_row(short_name, _value_and_bounds(setting), setting.source)
    console = Console(markup=False)
    for table in (figures, *lists):
        if table.row_count:
            console.print(table)


def _list_table(name: str, closed: PolicyList) -> Table:
    table = _table("key", "label", "state", title=f"{name}\n{closed.source}")
    for key, label in closed.labels:
        state = "always enabled" if key in closed.locked else "enabled"
        table.add_row(key, label, state if key in closed else "not enabled")
    return table


def _table(*headings: str, title: str | None = None) -> Table:
    table = Table(*headings, title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = title is not None  # the names of one group fit, dotted ones may not
    return table


def _value_and_bounds(setting: PolicyNumber | PolicyChoice) -> str:
    if isinstance(setting, PolicyChoice):
        others = [f"or {choice}" for choice in setting.choices if choice != setting.value]
        return "\n".join([setting.value, *others])
    bounds = {"from": setting.floor, "up to": setting.ceiling}
    words = [f"{word} {number_text(v, '')}" for word, v in bounds.items() if v is not None]
    return f"{setting.text()}\n{', '.join(words)}"


def _document(policy: Policy) -> dict[str, object]:
    settings = {
        name: asdict(setting) | {"labels": dict(setting.labels)}
        if isinstance(setting, PolicyList)
        else asdict(setting)
        for name, setting in policy.settings.items()
    }
    return {
        "name": policy.name,
        "version": policy.version,
        "sha256": policy.digest(),
        "settings": settings,
    }
