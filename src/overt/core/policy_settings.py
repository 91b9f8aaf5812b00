"""What a policy is made of: numbers with bounds, choices, closed lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


class Looser(StrEnum):
    """Which change of a setting gives the force more room, and the people watched less."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class PolicyNumber:
    """A number with all that is needed to judge it.

    Attributes:
        value: What the rules use.
        unit: What the value counts; ``s``, ``min``, ``h`` and ``d`` are spans of time.
        floor: Smallest value that a force may set, or None: then it is 0.
        ceiling: Largest value that a force may set, or None: then there is no such value.
        source: The requirement, and where the value and its bounds come from.
        looser: Which direction is the looser one.
    """

    value: float
    unit: str
    floor: float | None
    ceiling: float | None
    source: str
    looser: Looser = Looser.NEITHER

    def text(self) -> str:
        """Return the value with its unit."""
        return number_text(self.value, self.unit)

    def span(self) -> timedelta:
        """Return the value as a span of time; its unit is one of ``SECONDS``."""
        return timedelta(seconds=self.value * SECONDS[self.unit])


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """One of a few named values.

    Attributes:
        value: The one that the rules use.
        choices: All that may be chosen, from the loosest to the strictest.
        source: The requirement, and where it comes from.
    """

    value: str
    choices: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PolicyList:
    """A closed list: a force allows some of its keys and can add none.

    Attributes:
        labels: Every key of the closed list with the words shown to people, in order.
        enabled: The keys that this policy allows, in the same order.
        locked: The keys that every policy must allow.
        source: The requirement, and where it comes from.
        looser: ``up`` where each further key gives the force more room.
    """

    labels: tuple[tuple[str, str], ...]
    enabled: tuple[str, ...]
    locked: tuple[str, ...]
    source: str
    looser: Looser = Looser.NEITHER

    def __contains__(self, key: object) -> bool:
        """Return whether this policy allows a key.

        Args:
            key: As stored with a row.
        """
        return key in self.enabled

    @property
    def keys(self) -> tuple[str, ...]:
        """Return every key of the closed list, allowed or not."""
        return tuple(key for key, _ in self.labels)

    def label(self, key: str) -> str:
        """Return the words for a key of the closed list.

        Args:
            key: One of ``keys``.
        """
        return dict(self.labels)[key]


Setting = PolicyNumber | PolicyChoice | PolicyList


def fixed_part(setting: Setting) -> dict[str, object]:
    """Return what a force cannot change of a setting, as in the table of a file.

    Args:
        setting: Of any kind; a bound that it lacks is None.
    """
    if isinstance(setting, PolicyChoice):
        return {"choices": list(setting.choices), "source": setting.source}
    if isinstance(setting, PolicyList):
        return {
            "labels": dict(setting.labels),
            "locked": list(setting.locked),
            "looser": setting.looser.value,
            "source": setting.source,
        }
    return {
        "unit": setting.unit,
        "floor": setting.floor,
        "ceiling": setting.ceiling,
        "looser": setting.looser.value,
        "source": setting.source,
    }


def setting_table(setting: Setting) -> dict[str, object]:
    """Return a setting as the table of a file.

    Args:
        setting: Of any kind.
    """
    fixed = {key: value for key, value in fixed_part(setting).items() if value is not None}
    if isinstance(setting, PolicyList):
        return {"enabled": list(setting.enabled), **fixed}
    return {"value": setting.value, **fixed}


def number_text(value: float, unit: str) -> str:
    """Return a number with its unit, as short as it can be without loss.

    Args:
        value: Finite.
        unit: May be empty.
    """
    return f"{value:.12g} {unit}".rstrip()
