"""Alerts, what people decided about them, and contacts with people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, func, select

from overt.adapters.store import schema
from overt.adapters.store.keyed_rows import KeyedRows
from overt.adapters.store.rows import RowsOf
from overt.core.adjudication import AlertRecord, Decision, Step
from overt.core.engagement import Engagement
from overt.errors import RecordConflictError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from overt.adapters.store.transaction import Transaction

_ALERTS = RowsOf(AlertRecord, schema.alerts)
_DECISIONS = RowsOf(Decision, schema.decisions)
_ENGAGEMENTS = RowsOf(Engagement, schema.engagements)
_ORDER = case({step.value: place for place, step in enumerate(Step)}, value=schema.decisions.c.step)


class SqlAlerts:
    """The ``Alerts`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction
        self._rows = KeyedRows(transaction, _ALERTS)

    def add(self, alert: AlertRecord) -> None:
        """Add a new one.

        Args:
            alert: As raised.
        """
        self._rows.add([alert])

    def get(self, alert_id: str) -> AlertRecord:
        """Return one.

        Args:
            alert_id: Which.
        """
        return self._rows.get(alert_id)

    def save(self, alert: AlertRecord) -> None:
        """Replace one.

        Args:
            alert: As read and then changed.
        """
        self._rows.save(alert)

    def of_deployment(
        self, deployment_id: str, *, list_kind: str | None = None
    ) -> tuple[AlertRecord, ...]:
        """Return a deployment's alerts in the order of their capture.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list; None takes both.
        """
        return self._rows.where(*_of(deployment_id, list_kind), by=schema.alerts.c.captured_at)

    def count_by_state(self, deployment_id: str, *, list_kind: str | None = None) -> dict[str, int]:
        """Return how many alerts are in each state; a state without alerts is left out.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list; None takes both.
        """
        state = schema.alerts.c.state
        counted = select(state, func.count().label("n")).where(*_of(deployment_id, list_kind))
        query = counted.group_by(state)
        return {row.state: row.n for row in self._transaction.rows(query.order_by(state))}

    def delete_one(self, alert_id: str) -> None:
        """Delete one with its decisions; nothing happens where there is none.

        Args:
            alert_id: Which.
        """
        for table in (schema.decisions, schema.alerts):
            self._transaction.run(delete(table).where(table.c.alert_id == alert_id))

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's alerts with their decisions; return how many alerts there were.

        Args:
            deployment_id: Whose.
        """
        its = select(schema.alerts.c.alert_id).where(schema.alerts.c.deployment_id == deployment_id)
        decisions = schema.decisions
        self._transaction.run(delete(decisions).where(decisions.c.alert_id.in_(its)))
        return self._rows.delete_of(deployment_id)


class SqlDecisions:
    """The ``Decisions`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _DECISIONS)

    def add(self, decision: Decision) -> Decision:
        """Add a decision and return what is stored.

        Args:
            decision: With step, verdict, both times and key.

        Raises:
            RecordConflictError: The step is decided, or the key came with something else.
        """
        table = schema.decisions
        key = table.c.idempotency_key == decision.idempotency_key
        for stored in self._rows.where(key, by=table.c.decision_id):
            if _same_choice(stored, decision):
                return stored
            msg = "this idempotency key came before, with another decision"
            raise RecordConflictError(msg, alert_id=decision.alert_id)
        step = (table.c.alert_id == decision.alert_id) & (table.c.step == decision.step.value)
        if self._rows.where(step, by=table.c.decision_id):
            msg = f"the step {decision.step.value} of {decision.alert_id} is decided already"
            raise RecordConflictError(msg, alert_id=decision.alert_id)
        self._rows.add([decision])
        return decision

    def of_alert(self, alert_id: str) -> tuple[Decision, ...]:
        """Return an alert's decisions in the order of their steps.

        Args:
            alert_id: Which.
        """
        return self._rows.where(schema.decisions.c.alert_id == alert_id, by=_ORDER)


class SqlEngagements:
    """The ``Engagements`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _ENGAGEMENTS)

    def add(self, engagement: Engagement) -> None:
        """Add a new one.

        Args:
            engagement: With or without an alert.
        """
        self._rows.add([engagement])

    def get(self, engagement_id: str) -> Engagement:
        """Return one.

        Args:
            engagement_id: Which.
        """
        return self._rows.get(engagement_id)

    def save(self, engagement: Engagement) -> None:
        """Replace one.

        Args:
            engagement: As read and then changed.
        """
        self._rows.save(engagement)

    def of_deployment(self, deployment_id: str) -> tuple[Engagement, ...]:
        """Return a deployment's engagements in the order of their start.

        Args:
            deployment_id: Whose.
        """
        table = schema.engagements
        return self._rows.where(table.c.deployment_id == deployment_id, by=table.c.started_at)

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's engagements and return how many there were.

        Args:
            deployment_id: Whose.
        """
        return self._rows.delete_of(deployment_id)


def _of(deployment_id: str, list_kind: str | None) -> list[ColumnElement[bool]]:
    conditions = [schema.alerts.c.deployment_id == deployment_id]
    if list_kind is not None:
        conditions.append(schema.alerts.c.list_kind == str(list_kind))
    return conditions


def _same_choice(stored: Decision, given: Decision) -> bool:
    """Return whether a decision is the stored one sent again: its id and times may be new."""
    again = replace(
        given,
        decision_id=stored.decision_id,
        decided_at=stored.decided_at,
        shown_at=stored.shown_at,
    )
    return again == stored
