"""What differs between two policies, and which of it gives a force more room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.policy_settings import (
    SECONDS,
    Looser,
    PolicyChoice,
    PolicyList,
    PolicyNumber,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.policy import Policy
    from overt.core.policy_settings import Setting


class Direction(StrEnum):
    """What a change means to the people whom the policy protects."""

    LOOSENED = "loosened"
    TIGHTENED = "tightened"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """One setting, or one key of a closed list, that differs.

    Attributes:
        name: Dotted name; for a list, with the key behind a colon.
        before: In the first policy, in words, or None where it has no such setting.
        after: In the second policy.
        direction: Loosened or tightened where that is known.
    """

    name: str
    before: str | None
    after: str | None
    direction: Direction


def diff(a: Policy, b: Policy) -> tuple[PolicyDifference, ...]:
    """Return what differs from one policy to another; empty when only order or comments do.

    Args:
        a: The earlier policy.
        b: The later policy.
    """
    return tuple(_differences(a, b))


def _differences(a: Policy, b: Policy) -> Iterator[PolicyDifference]:
    for name, before, after in (("name", a.name, b.name), ("version", a.version, b.version)):
        if before != after:
            yield PolicyDifference(name, before, after, Direction.CHANGED)
    for name in dict.fromkeys((*a.settings, *b.settings)):
        yield from _of_setting(name, a.settings.get(name), b.settings.get(name))


def _of_setting(name: str, a: Setting | None, b: Setting | None) -> Iterator[PolicyDifference]:
    if isinstance(a, PolicyList) and isinstance(b, PolicyList):
        yield from _of_list(name, a, b)
        return
    before, after = _value(a), _value(b)
    if before != after:
        yield PolicyDifference(name, before, after, _direction(a, b))
    if a and b and a.source != b.source:
        yield PolicyDifference(f"{name}.source", a.source, b.source, Direction.CHANGED)


def _of_list(name: str, a: PolicyList, b: PolicyList) -> Iterator[PolicyDifference]:
    for key in dict.fromkeys((*a.keys, *b.keys)):
        before, after = key in a, key in b
        if before != after:
            words = ("not enabled", "enabled")
            direction = _turned(b.looser, int(after) - int(before))
            yield PolicyDifference(f"{name}: {key}", words[before], words[after], direction)


def _value(setting: Setting | None) -> str | None:
    if isinstance(setting, PolicyNumber):
        return setting.text()
    return setting.value if isinstance(setting, PolicyChoice) else None


def _direction(a: Setting | None, b: Setting | None) -> Direction:
    if isinstance(a, PolicyNumber) and isinstance(b, PolicyNumber):
        return _turned(b.looser, _amount(b) - _amount(a))
    if isinstance(a, PolicyChoice) and isinstance(b, PolicyChoice):
        return _turned(Looser.DOWN, b.choices.index(b.value) - b.choices.index(a.value))
    # Only a model pack can be in one policy alone: with its threshold it may go live.
    return Direction.LOOSENED if b else Direction.TIGHTENED


def _amount(number: PolicyNumber) -> float:
    return number.value * SECONDS.get(number.unit, 1)


def _turned(looser: Looser, change: float) -> Direction:
    if looser is Looser.NEITHER or change == 0:
        return Direction.CHANGED
    is_looser = (change > 0) == (looser is Looser.UP)
    return Direction.LOOSENED if is_looser else Direction.TIGHTENED
