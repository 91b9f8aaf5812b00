"""The ledger of templates: every one made is erased or belongs to an alert (R-31)."""

from __future__ import annotations

from dataclasses import dataclass

from overt.errors import ErasureMismatchError


@dataclass(slots=True)
class TemplateLedger:
    """Counts of one run's probe templates; it never holds a template.

    One loop keeps it. It is not meant to be shared between threads.

    Attributes:
        made: Templates that left the embedder.
        erased: Templates overwritten with zeros.
        in_alerts: Templates that an alert keeps.
    """

    made: int = 0
    erased: int = 0
    in_alerts: int = 0

    def __add__(self, other: TemplateLedger) -> TemplateLedger:
        """Return the sum, count by count.

        Args:
            other: Another camera's ledger.
        """
        return TemplateLedger(
            self.made + other.made, self.erased + other.erased, self.in_alerts + other.in_alerts
        )

    def count_made(self, n_templates: int) -> None:
        """Count templates that left the embedder.

        Args:
            n_templates: How many, 0 or more.
        """
        self.made += n_templates

    def count_erased(self, n_templates: int) -> None:
        """Count templates that were overwritten with zeros.

        Args:
            n_templates: How many, 0 or more.
        """
        self.erased += n_templates

    def count_in_alerts(self, n_templates: int) -> None:
        """Count templates that an alert keeps.

        Args:
            n_templates: How many, 0 or more.
        """
        self.in_alerts += n_templates

    def balance(self) -> int:
        """Return the templates still in memory for live tracks: made - erased - in alerts."""
        return self.made - self.erased - self.in_alerts

    def verify_settled(self) -> None:
        """Refuse a run that ended with templates unaccounted for, or erased twice.

        Raises:
            ErasureMismatchError: ``made`` differs from ``erased`` + ``in_alerts``.
        """
        if self.balance() != 0:
            msg = (
                f"templates made ({self.made}) must equal templates erased ({self.erased}) "
                f"plus templates in alerts ({self.in_alerts})"
            )
            raise ErasureMismatchError(
                msg, made=self.made, erased=self.erased, in_alerts=self.in_alerts
            )
