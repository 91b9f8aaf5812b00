"""Reading the settings of a policy from plain tables; every problem is kept, not only the first.

The shipped policy says for each setting which values are possible. A force's
policy gives values; what it repeats of the rest must be as shipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from overt.core.policy_rules import ADDED_LATER, GROUPS, Kind, group_schema
from overt.core.policy_settings import (
    SECONDS,
    Looser,
    PolicyChoice,
    PolicyList,
    PolicyNumber,
    fixed_part,
    number_text,
)

if TYPE_CHECKING:
    from overt.core.policy_settings import Setting

LARGEST = 10**9  # no number of a policy is anywhere near
MAX_TEXT = 500
MAX_SHOWN = 60
MAX_KEYS = 100
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_PACK = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")  # as in a pack's manifest
_REQUIRED = {
    Kind.CHOICE: ("value", "choices", "source"),
    Kind.LIST: ("enabled", "labels", "locked", "looser", "source"),
}
_REQUIRED_OF_NUMBER = ("value", "unit", "source")
_BOUNDS = ("floor", "ceiling", "looser")


@dataclass(slots=True)
class SettingReader:
    """Reads settings and collects what is wrong with them.

    Attributes:
        shipped: Settings of the shipped policy, or None while reading that one.
        problems: One sentence each, in the order of the file's schema.
    """

    shipped: Mapping[str, Setting] | None
    problems: list[str] = field(default_factory=list)

    def settings(self, tables: Mapping[str, object]) -> dict[str, Setting]:
        """Return every setting that could be read, by its dotted name.

        Args:
            tables: One table for each group; anything else is a problem.
        """
        found: dict[str, Setting] = {}
        self._unknown("", tables, GROUPS)
        for group in GROUPS:
            schema = group_schema(group)
            is_old = self.shipped is None and all(f"{group}.{n}" in ADDED_LATER for n in schema)
            if is_old and group not in tables:
                continue  # kept by an earlier release, which had no setting of this group
            table = self._table(group, tables.get(group))
            if table is None:
                continue
            self._unknown(f"{group}.", table, schema)
            for name, kind in schema.items():
                full_name = f"{group}.{name}"
                if kind is Kind.PER_PACK:
                    found |= self._packs(full_name, table.get(name))
                elif self.shipped is None and full_name in ADDED_LATER and name not in table:
                    continue  # kept by an earlier release; a force's own file has them all
                elif setting := self._setting(full_name, kind, table.get(name)):
                    found[full_name] = setting
        return found

    def text(self, name: str, raw: object) -> str | None:
        """Return a text of one line, or None with a problem.

        Args:
            name: What messages call it.
            raw: As read.
        """
        if isinstance(raw, str) and raw.strip() and raw.isprintable() and len(raw) <= MAX_TEXT:
            return raw
        wanted = f"a text of one line, up to {MAX_TEXT} characters"
        self.problems.append(f"{name}: expected {wanted}, found {shown(raw)}")
        return None

    def _packs(self, name: str, raw: object) -> dict[str, Setting]:
        found: dict[str, Setting] = {}
        for pack, table in (self._table(name, raw) or {}).items():
            if not _PACK.fullmatch(pack):
                self.problems.append(f"{name}: {shown(pack)} is no name of a model pack")
            elif setting := self._setting(f"{name}.{pack}", Kind.PER_PACK, table):
                found[f"{name}.{pack}"] = setting
        return found

    def _setting(self, name: str, kind: Kind, raw: object) -> Setting | None:
        table = self._table(name, raw)
        if table is None:
            return None
        full = self._completed(name, table)
        required = _REQUIRED.get(kind, _REQUIRED_OF_NUMBER)
        self._unknown(f"{name}.", full, (*required, *(() if kind in _REQUIRED else _BOUNDS)))
        if missing := [key for key in required if key not in full]:
            self.problems.append(f"{name}: {' and '.join(missing)} missing")
            return None
        n_before = len(self.problems)
        if kind is Kind.CHOICE:
            setting: Setting = self._choice(name, full)
        elif kind is Kind.LIST:
            setting = self._list(name, full)
        else:
            setting = self._number(name, kind, full)
        return setting if len(self.problems) == n_before else None

    def _completed(self, name: str, table: Mapping[str, object]) -> Mapping[str, object]:
        fixed = self._fixed(name)
        for key, value in fixed.items():
            if key in table and table[key] != value:
                found = shown(table[key])
                kept = shown(value)
                problem = f"{name}.{key}: a force's policy cannot change it from {kept} to {found}"
                self.problems.append(problem)
        own = {key: value for key, value in table.items() if key not in fixed}
        given = {
            key: value
            for key, value in fixed.items()
            if value is not None and (key != "unit" or key in table)
        }
        return {**given, **own}

    def _fixed(self, name: str) -> dict[str, object]:
        if self.shipped is None:
            return {}
        setting = self.shipped.get(name)
        if setting is None:  # a pack of the force's own: its score, its evidence
            looser = Looser.DOWN if name.startswith("threshold.floor.") else Looser.UP
            return {"unit": "score", "floor": 0, "ceiling": 1, "looser": looser}
        return fixed_part(setting)

    def _number(self, name: str, kind: Kind, table: Mapping[str, object]) -> PolicyNumber:
        unit = self.text(f"{name}.unit", table["unit"]) or ""
        source = self.text(f"{name}.source", table["source"]) or ""
        if kind is Kind.SPAN and unit not in SECONDS:
            self.problems.append(
                f"{name}.unit: expected one of {', '.join(SECONDS)}, found {shown(unit)}"
            )
        value = self._finite(name, table["value"])
        floor, ceiling = (
            self._finite(f"{name}.{key}", table[key]) if key in table else None
            for key in ("floor", "ceiling")
        )
        if floor is None and ceiling is None:
            self.problems.append(f"{name}: neither floor nor ceiling")
        if value is not None:
            self._within(name, value, unit, (floor, ceiling), source)
            if kind is Kind.COUNT and not isinstance(value, int):
                self.problems.append(f"{name}: expected a whole number, found {value:g}")
        looser = self._looser(name, table.get("looser", "neither"))
        return PolicyNumber(value or 0, unit, floor, ceiling, source, looser)

    def _within(
        self,
        name: str,
        value: float,
        unit: str,
        bounds: tuple[float | None, float | None],
        source: str,
    ) -> None:
        floor, ceiling = bounds[0] or 0, bounds[1]
        if value < floor:
            limit = f"below the floor of {number_text(floor, unit)}"
        elif ceiling is not None and value > ceiling:
            limit = f"above the ceiling of {number_text(ceiling, unit)}"
        else:
            return
        self.problems.append(f"{name}: {number_text(value, unit)} is {limit} ({source})")

    def _choice(self, name: str, table: Mapping[str, object]) -> PolicyChoice:
        choices = self._keys(f"{name}.choices", table["choices"])
        source = self.text(f"{name}.source", table["source"]) or ""
        value = table["value"]
        if value not in choices:
            listed = ", ".join(choices)
            self.problems.append(f"{name}: expected one of {listed}, found {shown(value)}")
        return PolicyChoice(str(value), choices, source)

    def _list(self, name: str, table: Mapping[str, object]) -> PolicyList:
        labels = self._table(f"{name}.labels", table["labels"]) or {}
        keys = self._keys(f"{name}.labels", list(labels))
        words = tuple((key, self.text(f"{name}.labels.{key}", labels[key]) or "") for key in keys)
        enabled = self._keys(f"{name}.enabled", table["enabled"])
        locked = self._keys(f"{name}.locked", table["locked"])
        source = self.text(f"{name}.source", table["source"]) or ""
        for key in (*enabled, *locked):
            if key not in keys:
                listed = ", ".join(keys)
                self.problems.append(
                    f"{name}: {key} is not in the closed list: {listed} ({source})"
                )
        if missing := [key for key in locked if key not in enabled]:
            self.problems.append(f"{name}: {', '.join(missing)} must be enabled ({source})")
        ordered = tuple(key for key in keys if key in enabled)
        return PolicyList(words, ordered, locked, source, self._looser(name, table["looser"]))

    def _finite(self, name: str, raw: object) -> float | None:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            self.problems.append(f"{name}: expected a number, found {shown(raw)}")
        elif not abs(raw) <= LARGEST:  # also not a number
            self.problems.append(f"{name}: expected at most {LARGEST}, found {shown(raw)}")
        else:
            return int(raw) if raw == int(raw) else raw
        return None

    def _looser(self, name: str, raw: object) -> Looser:
        if raw in tuple(Looser):
            return Looser(str(raw))
        listed = ", ".join(Looser)
        self.problems.append(f"{name}.looser: expected one of {listed}, found {shown(raw)}")
        return Looser.NEITHER

    def _keys(self, name: str, raw: object) -> tuple[str, ...]:
        if not isinstance(raw, list):
            self.problems.append(f"{name}: expected a list of keys, found {shown(raw)}")
            return ()
        if len(raw) > MAX_KEYS:
            self.problems.append(f"{name}: expected at most {MAX_KEYS} keys, found {len(raw)}")
            return ()
        keys = [key for key in raw if isinstance(key, str) and _KEY.fullmatch(key)]
        self.problems += [f"{name}: {shown(key)} is no key" for key in raw if key not in keys]
        if len(set(keys)) < len(keys):
            self.problems.append(f"{name}: a key stands there twice")
        return tuple(keys)

    def _table(self, name: str, raw: object) -> Mapping[str, object] | None:
        if isinstance(raw, Mapping):
            return raw
        problem = "missing" if raw is None else f"expected a table, found {shown(raw)}"
        self.problems.append(f"{name}: {problem}")
        return None

    def _unknown(
        self,
        prefix: str,
        table: Mapping[str, object],
        known: Mapping[str, object] | tuple[str, ...],
    ) -> None:
        self.problems += [
            f"{prefix}{key if _PACK.fullmatch(key) or _KEY.fullmatch(key) else shown(key)}: unknown"
            for key in table
            if key not in known
        ]


def shown(raw: object) -> str:
    """Return a value as a message may show it: on one line, short, without control characters.

    Args:
        raw: Anything that a file can hold.
    """
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, int) and raw.bit_length() > 64:  # noqa: PLR2004 - more than a machine word
        return f"a number of {raw.bit_length()} bits"
    if isinstance(raw, int | float):
        return f"{raw}"
    if isinstance(raw, str):
        return json.dumps(raw if len(raw) <= MAX_SHOWN else f"{raw[:MAX_SHOWN]} ...")
    names = {dict: "a table", list: "a list", type(None): "nothing"}
    return names.get(type(raw), f"a {type(raw).__name__}")
