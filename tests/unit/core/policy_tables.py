"""The shipped policy as plain tables, and a force's own made from it."""

from __future__ import annotations

import copy
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from overt.core.policy import policy_from_mapping

if TYPE_CHECKING:
    from overt.core.policy import Policy

SHIPPED_TEXT = files("overt").joinpath("policy", "default.toml").read_text(encoding="utf-8")
_TABLES = tomllib.loads(SHIPPED_TEXT)
SHIPPED = policy_from_mapping(_TABLES)


def tables() -> dict[str, Any]:
    """Return the shipped file's tables, to be changed."""
    return copy.deepcopy(_TABLES)


def setting(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the table of one setting.

    Args:
        document: As from ``tables``.
        name: Dotted.
    """
    for part in name.split("."):
        document = document[part]
    return document


def changed(name: str, **values: object) -> dict[str, Any]:
    """Return tables in which one setting has other values.

    Args:
        name: Dotted.
        **values: Keys of the setting's table.
    """
    document = tables()
    setting(document, name).update(values)
    return document


def force_policy(name: str, **values: object) -> Policy:
    """Return a force's policy that differs from the shipped one in one setting.

    Args:
        name: Dotted.
        **values: Keys of the setting's table.
    """
    return policy_from_mapping(changed(name, **values), SHIPPED)
