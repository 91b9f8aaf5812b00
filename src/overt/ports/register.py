"""What the public register needs from outside: pages, evidence of model packs, files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from overt.core.register import (
        EntryFigures,
        PackEvidence,
        Register,
        RegisterDetail,
        RegisterEntry,
        RegisterTrial,
    )
    from overt.evaluation.register_cells import Document
    from overt.evaluation.register_totals import TrialTotals


class PackEvidences(Protocol):
    """What is known of model packs."""

    def of(self, name: str, digest: str) -> PackEvidence | None:
        """Return the evidence of a pack, or None where this very pack is not known here.

        Args:
            name: Of the pack.
            digest: Of all that decides in it.
        """
        ...


class RegisterExtras(Protocol):
    """Files that stand beside the pages: made elsewhere, never changed by the register."""

    def public_key(self) -> str | None:
        """Return the log's public key, or None where there is none."""
        ...

    def checkpoint(self) -> str | None:
        """Return the signed checkpoint that was published last, or None."""
        ...

    def notices(self, deployment_id: str) -> tuple[str, ...]:
        """Return the names of a deployment's notices, with folders; empty without any.

        Args:
            deployment_id: Whose.
        """
        ...

    def notice(self, deployment_id: str, name: str) -> bytes:
        """Return one notice.

        Args:
            deployment_id: Whose.
            name: From ``notices``.
        """
        ...


class RegisterPress(Protocol):
    """Makes the register's pages; the same values give the same bytes."""

    def home(self, register: Register) -> bytes:
        """Return the first page.

        Args:
            register: All of it.
        """
        ...

    def year(
        self,
        register: Register,
        year: tuple[int, EntryFigures | None],
        entries: Sequence[RegisterEntry],
        number: int,
        n_pages: int,
    ) -> bytes:
        """Return one page of a year's deployments.

        Args:
            register: All of it.
            year: Which, and the sum of its published records.
            entries: Of this page.
            number: Of this page, from 1.
            n_pages: Of the year.
        """
        ...

    def places(
        self,
        register: Register,
        entries: Sequence[RegisterEntry],
        number: int,
        n_pages: int,
    ) -> bytes:
        """Return one page of the deployments by place.

        Args:
            register: All of it.
            entries: Of this page, by place.
            number: Of this page, from 1.
            n_pages: Of all places.
        """
        ...

    def search(
        self,
        register: Register,
        ranges: Sequence[tuple[str, str]],
        wanted: str,
        found: Sequence[RegisterEntry],
        n_found: int,
    ) -> bytes:
        """Return the page on which places are looked for.

        Args:
            register: All of it.
            ranges: First and last place of each page by place.
            wanted: What somebody looks for; blank before.
            found: The first of what was found.
            n_found: How many there are.
        """
        ...

    def deployment(
        self,
        register: Register,
        detail: RegisterDetail,
        notices: Iterable[str],
        *,
        writings: Sequence[Sequence[Writing]],
        number: int = 0,
    ) -> bytes:
        """Return a deployment's page, or a further page of what was written about it.

        Args:
            register: All of it.
            detail: The deployment.
            notices: Names of its notices.
            writings: What observers and the force wrote, by page.
            number: 0 for the page itself; else that page of writings.
        """
        ...

    def trials(self, register: Register) -> bytes:
        """Return the list of trials.

        Args:
            register: All of it.
        """
        ...

    def trial(self, register: Register, told: RegisterTrial, totals: TrialTotals | None) -> bytes:
        """Return a trial's page.

        Args:
            register: All of it.
            told: The trial with its deployments.
            totals: Sums of those that have figures, or None while none has.
        """
        ...

    def requests(
        self, register: Register, counts: Mapping[str, int | None], withheld_below: int
    ) -> bytes:
        """Return what people asked and complained about, in numbers.

        Args:
            register: All of it.
            counts: By name: ``received``, what became of them, of which kind; None is withheld.
            withheld_below: The policy's smallest number.
        """
        ...

    def glossary(self, register: Register) -> bytes:
        """Return the terms and the columns with their meanings.

        Args:
            register: All of it.
        """
        ...

    def check(self, register: Register, public_key: str | None, checkpoint: str | None) -> bytes:
        """Return how somebody checks a figure.

        Args:
            register: All of it.
            public_key: Of the log.
            checkpoint: The signed one that was published last.
        """
        ...

    def data(self, register: Register) -> bytes:
        """Return what files of data there are.

        Args:
            register: All of it.
        """
        ...

    def feed(self, register: Register) -> bytes:
        """Return the Atom feed.

        Args:
            register: All of it.
        """
        ...

    def table(self, records: Iterable[Document]) -> bytes:
        """Return published records as CSV, one a line.

        Args:
            records: In order.
        """
        ...

    def records(self, texts: Iterable[str]) -> bytes:
        """Return published records as one JSON document.

        Args:
            texts: As they were published, in order.
        """
        ...

    def style(self) -> bytes:
        """Return the style sheet."""
        ...

    def schema(self) -> bytes:
        """Return the JSON schema of the records."""
        ...


Writing = dict[str, str]
"""Published as it was written: ``kind``, ``at``, ``sha256``, ``text``, ``withdrawn_at``."""
