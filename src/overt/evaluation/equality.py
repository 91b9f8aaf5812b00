"""Equality tables: people engaged after an alert, in groups of which none is small (R-47, R-56).

People said or perceived what is counted here; nothing is taken from a picture. Counts below the
policy's smallest number never leave this module, so that a table may stand in the audit log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.errors import FiguresDifferError
from overt.evaluation.small_numbers import without_small_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from overt.core.canonical_json import JsonValue
    from overt.core.engagement import Engagement

    Groups = Mapping[str, int | None]
    Code = Callable[[Engagement], str | None]


@dataclass(frozen=True, slots=True)
class EqualityTable:
    """People by group; None where their number is withheld.

    Attributes:
        engaged: Everybody engaged after an operational alert of whom a group is recorded.
        after_false_alert: Those among them who were somebody else.
    """

    engaged: Groups
    after_false_alert: Groups


@dataclass(frozen=True, slots=True)
class EqualityTables:
    """The tables of one deployment.

    Attributes:
        withheld_below: Smallest number of people that is stated.
        ethnicity: As the person said, or else as the officer perceived it.
        age_band: As the person said or the officer perceived it.
        sex: The same.
    """

    withheld_below: int
    ethnicity: EqualityTable
    age_band: EqualityTable
    sex: EqualityTable

    def details(self) -> dict[str, JsonValue]:
        """Return them as an event of the audit log holds them."""
        return {
            "withheld_below": self.withheld_below,
            "tables": {
                name: {
                    "engaged": dict(table.engaged),
                    "after_false_alert": dict(table.after_false_alert),
                }
                for name, table in self.by_name().items()
            },
        }

    def by_name(self) -> dict[str, EqualityTable]:
        """Return each table by what it groups people by."""
        return {"ethnicity": self.ethnicity, "age_band": self.age_band, "sex": self.sex}


def equality_tables(
    engagements: Sequence[Engagement], false_alert_ids: Collection[str], least: int
) -> EqualityTables:
    """Return the tables of some engagements, small numbers withheld.

    Args:
        engagements: Those after operational alerts.
        false_alert_ids: Alerts that an engagement showed to be false.
        least: Smallest count of people that may be stated, at least 1.
    """
    after_false = [e for e in engagements if e.alert_id in false_alert_ids]

    def table(code: Code) -> EqualityTable:
        return EqualityTable(
            without_small_numbers(_counted(engagements, code), least),
            without_small_numbers(_counted(after_false, code), least),
        )

    return EqualityTables(
        withheld_below=least,
        ethnicity=table(lambda e: e.self_defined_ethnicity_code or e.perceived_ethnicity_code),
        age_band=table(lambda e: e.age_band_code),
        sex=table(lambda e: e.sex_code),
    )


def equality_from(details: Mapping[str, object]) -> EqualityTables:
    """Return the tables that an event of the audit log holds.

    Args:
        details: Of the event.

    Raises:
        FiguresDifferError: They are written otherwise.
    """
    least, tables = details.get("withheld_below"), details.get("tables")
    if not isinstance(least, int) or not isinstance(tables, Mapping):
        raise _unreadable()
    return EqualityTables(least, *(_table(tables, n) for n in ("ethnicity", "age_band", "sex")))


def _counted(engagements: Sequence[Engagement], code: Code) -> dict[str, int]:
    counted = Counter(found for each in engagements if (found := code(each)))
    return dict(sorted(counted.items()))


def _table(tables: Mapping[str, object], name: str) -> EqualityTable:
    table = tables.get(name)
    if not isinstance(table, Mapping):
        raise _unreadable()
    return EqualityTable(_groups(table.get("engaged")), _groups(table.get("after_false_alert")))


def _groups(groups: object) -> Groups:
    if not isinstance(groups, Mapping):
        raise _unreadable()
    return {str(group): n if isinstance(n, int) else None for group, n in groups.items()}


def _unreadable() -> FiguresDifferError:
    return FiguresDifferError("the log's equality tables are not written as this release does")
