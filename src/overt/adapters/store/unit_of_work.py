"""The unit of work on SQL: one transaction, and a repository for each group of tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from overt.adapters.secrets.request_vault import RequestVault
from overt.adapters.secrets.vault import SecretVault
from overt.adapters.store.alert_repositories import SqlAlerts, SqlDecisions, SqlEngagements
from overt.adapters.store.audit_in_transaction import AuditInTransaction
from overt.adapters.store.count_repository import SqlCounts
from overt.adapters.store.deployment_repositories import (
    SqlActors,
    SqlCertificates,
    SqlDeployments,
)
from overt.adapters.store.desk_repositories import SqlApplicationDrafts, SqlPapers, SqlStatements
from overt.adapters.store.list_repositories import (
    SqlListedPeriods,
    SqlPasses,
    SqlWatchlistEntries,
)
from overt.adapters.store.observer_repositories import SqlInvitations, SqlMessages
from overt.adapters.store.request_repository import SqlPublicRequests
from overt.adapters.store.sign_in_repositories import (
    SqlCredentials,
    SqlIdentities,
    SqlSessions,
    SqlSignInLinks,
)
from overt.adapters.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.adapters.secrets.envelope import MasterKey
    from overt.adapters.store.engine import Database
    from overt.ports.records import Ids


class SqlUnitOfWork:
    """The ``UnitOfWork`` port."""

    def __init__(
        self, transaction: Transaction, vault: SecretVault, request_vault: RequestVault
    ) -> None:
        """Use a transaction that has not begun.

        Args:
            transaction: Ends with this unit.
            vault: On the same transaction.
            request_vault: On the same transaction.
        """
        self._transaction = transaction
        self.secrets = vault
        self.request_texts = request_vault

    def __enter__(self) -> Self:
        """Return this unit; it begins with its first use."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Take back what was not committed; free connection, turn and keys."""
        self.secrets.forget_keys()
        self._transaction.leave()

    def commit(self) -> None:
        """Make everything since the beginning, or since the last commit, last."""
        self._transaction.commit()

    @cached_property
    def actors(self) -> SqlActors:
        """Return who may act."""
        return SqlActors(self._transaction)

    @cached_property
    def deployments(self) -> SqlDeployments:
        """Return the deployments."""
        return SqlDeployments(self._transaction)

    @cached_property
    def entries(self) -> SqlWatchlistEntries:
        """Return the watchlists' entries."""
        return SqlWatchlistEntries(self._transaction)

    @cached_property
    def alerts(self) -> SqlAlerts:
        """Return the alerts."""
        return SqlAlerts(self._transaction)

    @cached_property
    def decisions(self) -> SqlDecisions:
        """Return the decisions about alerts."""
        return SqlDecisions(self._transaction)

    @cached_property
    def engagements(self) -> SqlEngagements:
        """Return the officers' contacts with people."""
        return SqlEngagements(self._transaction)

    @cached_property
    def passes(self) -> SqlPasses:
        """Return volunteers and their passes."""
        return SqlPasses(self._transaction)

    @cached_property
    def counts(self) -> SqlCounts:
        """Return the numbers of live runs."""
        return SqlCounts(self._transaction)

    @cached_property
    def listed(self) -> SqlListedPeriods:
        """Return who was listed when."""
        return SqlListedPeriods(self._transaction)

    @cached_property
    def certificates(self) -> SqlCertificates:
        """Return the signed statements."""
        return SqlCertificates(self._transaction)

    @cached_property
    def credentials(self) -> SqlCredentials:
        """Return how accounts are opened with a password."""
        return SqlCredentials(self._transaction)

    @cached_property
    def sessions(self) -> SqlSessions:
        """Return who is signed in."""
        return SqlSessions(self._transaction)

    @cached_property
    def links(self) -> SqlSignInLinks:
        """Return the addresses that open an account once."""
        return SqlSignInLinks(self._transaction)

    @cached_property
    def identities(self) -> SqlIdentities:
        """Return the accounts at the force's own sign-in service."""
        return SqlIdentities(self._transaction)

    @cached_property
    def statements(self) -> SqlStatements:
        """Return what observers state."""
        return SqlStatements(self._transaction)

    @cached_property
    def invitations(self) -> SqlInvitations:
        """Return who may observe which deployment."""
        return SqlInvitations(self._transaction)

    @cached_property
    def messages(self) -> SqlMessages:
        """Return questions and answers."""
        return SqlMessages(self._transaction)

    @cached_property
    def papers(self) -> SqlPapers:
        """Return what notices are made of."""
        return SqlPapers(self._transaction)

    @cached_property
    def drafts(self) -> SqlApplicationDrafts:
        """Return the applications as far as they were written."""
        return SqlApplicationDrafts(self._transaction)

    @cached_property
    def requests(self) -> SqlPublicRequests:
        """Return what people ask."""
        return SqlPublicRequests(self._transaction)

    @cached_property
    def audit(self) -> AuditInTransaction:
        """Return the audit log."""
        return AuditInTransaction(self._transaction)


@dataclass(frozen=True, slots=True, eq=False)
class SqlStore:
    """A store: opens units of work.

    Attributes:
        database: Migrated to this release's schema.
        master_key: Returns the master key; asked only once a key is needed.
        ids: Makes identifiers.
    """

    database: Database
    master_key: Callable[[], MasterKey]
    ids: Ids

    def unit_of_work(self) -> SqlUnitOfWork:
        """Return a unit of work that may write; a ``UnitOfWorkFactory``."""
        return self._opened(writes=True)

    def reading(self) -> SqlUnitOfWork:
        """Return a unit of work that sees one moment and cannot write; a ``UnitOfWorkFactory``."""
        return self._opened(writes=False)

    def _opened(self, *, writes: bool) -> SqlUnitOfWork:
        transaction = Transaction(self.database, writes=writes)
        return SqlUnitOfWork(
            transaction,
            SecretVault(transaction, self.master_key, self.ids),
            RequestVault(transaction, self.master_key),
        )
