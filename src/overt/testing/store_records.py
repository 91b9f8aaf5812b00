"""The store's port in memory: actors, deployments, alerts, decisions, numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.adjudication import AlertRecord, Decision, Step
from overt.core.certificate import Certificate
from overt.core.engagement import Engagement
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.roles import Actor
from overt.errors import RecordConflictError
from overt.testing.store_tables import FakeRows, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from overt.core.deployment import Deployment


class FakeActors(FakeRows[Actor]):
    """The ``Actors`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "actors", "actor_id")

    def save(self, record: Actor) -> None:
        """Add or replace one.

        Args:
            record: With roles and rank.
        """
        tables = self._tables()
        tables.begin_writing()
        self._put(tables, record)

    def list(self) -> tuple[Actor, ...]:
        """Return all, by identifier."""
        return self.where("actor_id")


class FakeDeployments:
    """The ``Deployments`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._rows: FakeRows[Deployment] = FakeRows(tables, "deployments", "deployment_id")

    def get(self, deployment_id: str) -> Deployment:
        """Return one.

        Args:
            deployment_id: Which.
        """
        return self._rows.get(deployment_id)

    def add(self, deployment: Deployment) -> None:
        """Add a new one.

        Args:
            deployment: Its version is kept as it is.
        """
        self._rows.add(deployment)

    def save(self, deployment: Deployment) -> Deployment:
        """Replace one and return it with its version plus one.

        Args:
            deployment: As read and then changed.

        Raises:
            RecordConflictError: The stored version is another.
        """
        stored = self._rows.get(deployment.deployment_id)
        if stored.version != deployment.version:
            msg = f"expected version {deployment.version}, found {stored.version}"
            raise RecordConflictError(msg, key=deployment.deployment_id)
        saved = replace(deployment, version=deployment.version + 1)
        self._rows.save(saved)
        return saved

    def list(self, states: Collection[str] | None = None) -> tuple[Deployment, ...]:
        """Return deployments by time of creation.

        Args:
            states: Only in these states; None takes all.
        """
        wanted = None if states is None else set(states)
        return self._rows.where("created_at", state=wanted)


class FakeAlerts(FakeRows[AlertRecord]):
    """The ``Alerts`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "alerts", "alert_id")

    def of_deployment(
        self, deployment_id: str, *, list_kind: str | None = None
    ) -> tuple[AlertRecord, ...]:
        """Return a deployment's alerts in the order of their capture.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list; None takes both.
        """
        return self.where("captured_at", deployment_id=deployment_id, list_kind=list_kind)

    def count_by_state(self, deployment_id: str, *, list_kind: str | None = None) -> dict[str, int]:
        """Return how many alerts are in each state; a state without alerts is left out.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list; None takes both.
        """
        alerts = self.of_deployment(deployment_id, list_kind=list_kind)
        return dict(sorted(Counter(alert.state.value for alert in alerts).items()))

    def delete_one(self, alert_id: str) -> None:
        """Delete one with its decisions; nothing happens where there is none.

        Args:
            alert_id: Which.
        """
        self._delete_decisions({alert_id})
        self.delete([alert.alert_id for alert in self.where("alert_id", alert_id=alert_id)])

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's alerts with their decisions; return how many alerts there were.

        Args:
            deployment_id: Whose.
        """
        self._delete_decisions({alert.alert_id for alert in self.of_deployment(deployment_id)})
        return super().delete_of(deployment_id)

    def _delete_decisions(self, alert_ids: set[str]) -> None:
        decisions = FakeDecisions(self._tables)
        found = decisions.where("decision_id", alert_id=alert_ids)
        decisions.delete([decision.decision_id for decision in found])


class FakeDecisions(FakeRows[Decision]):
    """The ``Decisions`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "decisions", "decision_id")

    def add(self, record: Decision) -> Decision:  # type: ignore[override] # returns what is stored
        """Add a decision and return what is stored.

        Args:
            record: With step, verdict, both times and key.

        Raises:
            RecordConflictError: The step is decided, the key came with something else, or
                there is no such alert.
        """
        for stored in self.where("decision_id", idempotency_key=record.idempotency_key):
            same = replace(
                stored,
                decision_id=record.decision_id,
                decided_at=record.decided_at,
                shown_at=record.shown_at,
            )
            if same == record:
                return stored
            msg = "this idempotency key came before, with another decision"
            raise RecordConflictError(msg)
        if self.where("decision_id", alert_id=record.alert_id, step=record.step):
            msg = f"{record.step} is decided already"
            raise RecordConflictError(msg)
        tables = self._tables()
        if record.alert_id not in tables.table("alerts"):
            raise tables.refused(RecordConflictError(f"there is no alert {record.alert_id}"))
        super().add(record)
        return record

    def of_alert(self, alert_id: str) -> tuple[Decision, ...]:
        """Return an alert's decisions in the order of their steps.

        Args:
            alert_id: Which.
        """
        order = list(Step)
        found = self.where("decision_id", alert_id=alert_id)
        return tuple(sorted(found, key=lambda decision: order.index(decision.step)))


class FakeEngagements(FakeRows[Engagement]):
    """The ``Engagements`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "engagements", "engagement_id")

    def of_deployment(self, deployment_id: str) -> tuple[Engagement, ...]:
        """Return a deployment's engagements in the order of their start.

        Args:
            deployment_id: Whose.
        """
        return self.where("started_at", deployment_id=deployment_id)


class FakeCertificates(FakeRows[Certificate]):
    """The ``Certificates`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "certificates", "certificate_id")

    def of_deployment(self, deployment_id: str) -> tuple[Certificate, ...]:
        """Return a deployment's certificates, oldest first.

        Args:
            deployment_id: Whose.
        """
        return self.where("issued_at", deployment_id=deployment_id)


class FakeCounts:
    """The ``Counts`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._tables = tables

    def add_minute(self, minute: MinuteCounts) -> None:
        """Add to what is kept for this camera and minute.

        Args:
            minute: What was counted since the last call.
        """
        tables = self._tables()
        tables.begin_writing(minute.deployment_id)
        place = minute.deployment_id, minute.camera_id, minute.minute
        tables.minutes[place] = tables.minutes.get(place, LiveCounts()) + minute.counts

    def minutes(self, deployment_id: str) -> tuple[MinuteCounts, ...]:
        """Return a deployment's minutes, by time and camera.

        Args:
            deployment_id: Whose.
        """
        items = sorted(self._tables().minutes.items(), key=lambda item: (item[0][2], item[0][1]))
        return tuple(
            MinuteCounts(*place, counts) for place, counts in items if place[0] == deployment_id
        )

    def totals(self, deployment_id: str) -> LiveCounts:
        """Return the sum over cameras and minutes.

        Args:
            deployment_id: Whose.
        """
        return sum((minute.counts for minute in self.minutes(deployment_id)), LiveCounts())

    def add_scores(self, deployment_id: str, histogram: Mapping[int, int]) -> None:
        """Add searches to the histogram of best scores.

        Args:
            deployment_id: Whose.
            histogram: Searches by best score in hundredths, rounded down.
        """
        tables = self._tables()
        tables.begin_writing(deployment_id)
        for score, searches in histogram.items():
            place = deployment_id, score
            tables.scores[place] = tables.scores.get(place, 0) + searches

    def histogram(self, deployment_id: str) -> dict[int, int]:
        """Return searches by best score in hundredths, lowest first; no empty bin.

        Args:
            deployment_id: Whose.
        """
        items = sorted(self._tables().scores.items())
        return {score: n for (whose, score), n in items if whose == deployment_id and n > 0}
