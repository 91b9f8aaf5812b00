"""What every governed service works with: the store, the time, identifiers, the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.ports.engine import Clock
    from overt.ports.policies import Policies
    from overt.ports.records import Ids
    from overt.ports.store import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Workplace:
    """Ports that belong together.

    Attributes:
        open: Opens a unit of work that may write.
        clock: The time.
        ids: Makes identifiers.
        policies: The rules that hold.
    """

    open: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    policies: Policies
