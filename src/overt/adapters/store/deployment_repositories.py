"""Who may act, and what is decided about deployments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, true, update

from overt.adapters.store import schema
from overt.adapters.store.documents import deployment_document, deployment_of
from overt.adapters.store.keyed_rows import KeyedRows
from overt.adapters.store.rows import RowsOf
from overt.core.certificate import Certificate
from overt.core.roles import Actor
from overt.errors import RecordConflictError, RecordNotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection

    from overt.adapters.store.transaction import Transaction
    from overt.core.deployment import Deployment

_ACTORS = RowsOf(Actor, schema.actors)
_CERTIFICATES = RowsOf(Certificate, schema.certificates)


class SqlActors:
    """The ``Actors`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _ACTORS)

    def get(self, actor_id: str) -> Actor:
        """Return one.

        Args:
            actor_id: Whose.
        """
        return self._rows.get(actor_id)

    def save(self, actor: Actor) -> None:
        """Add or replace one.

        Args:
            actor: With roles and rank.
        """
        self._rows.put(actor)

    def list(self) -> tuple[Actor, ...]:
        """Return all, by identifier."""
        return self._rows.where(true(), by=schema.actors.c.actor_id)


class SqlDeployments:
    """The ``Deployments`` port: documents, with columns to find them by."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction

    def get(self, deployment_id: str) -> Deployment:
        """Return one.

        Args:
            deployment_id: Which.

        Raises:
            RecordNotFoundError: There is none.
        """
        is_it = schema.deployments.c.deployment_id == deployment_id
        row = self._transaction.row(select(schema.deployments.c.document).where(is_it))
        if row is None:
            msg = f"there is no deployment {deployment_id}"
            raise RecordNotFoundError(msg, key=deployment_id)
        return deployment_of(row.document)

    def add(self, deployment: Deployment) -> None:
        """Add a new one.

        Args:
            deployment: Its version is kept as it is.
        """
        self._transaction.run(insert(schema.deployments), _row(deployment))

    def save(self, deployment: Deployment) -> Deployment:
        """Replace one and return it with its version plus one.

        Args:
            deployment: As read and then changed; its version is the one read.

        Raises:
            RecordConflictError: The stored version is another.
        """
        saved = replace(deployment, version=deployment.version + 1)
        table = schema.deployments
        is_as_read = (table.c.deployment_id == deployment.deployment_id) & (
            table.c.version == deployment.version
        )
        if self._transaction.run(update(table).where(is_as_read).values(_row(saved))):
            return saved
        stored = self.get(deployment.deployment_id)
        msg = (
            f"{deployment.deployment_id} was changed by somebody else: expected version "
            f"{deployment.version}, found {stored.version}"
        )
        raise RecordConflictError(msg, key=deployment.deployment_id)

    def list(self, states: Collection[str] | None = None) -> tuple[Deployment, ...]:
        """Return deployments by time of creation.

        Args:
            states: Only in these states; None takes all.
        """
        table = schema.deployments
        query = select(table.c.document).order_by(table.c.created_at, table.c.deployment_id)
        if states is not None:
            query = query.where(table.c.state.in_([str(state) for state in states]))
        return tuple(deployment_of(row.document) for row in self._transaction.rows(query))


class SqlCertificates:
    """The ``Certificates`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _CERTIFICATES)

    def add(self, certificate: Certificate) -> None:
        """Add a new one.

        Args:
            certificate: As signed.
        """
        self._rows.add([certificate])

    def of_deployment(self, deployment_id: str) -> tuple[Certificate, ...]:
        """Return a deployment's certificates, oldest first.

        Args:
            deployment_id: Whose.
        """
        table = schema.certificates
        return self._rows.where(table.c.deployment_id == deployment_id, by=table.c.issued_at)


def _row(deployment: Deployment) -> dict[str, Any]:
    return {
        "deployment_id": deployment.deployment_id,
        "kind": deployment.kind.value,
        "state": deployment.state.value,
        "created_at": deployment.created_at,
        "purge_due_at": deployment.purge_due_at,
        "version": deployment.version,
        "document": deployment_document(deployment),
    }
