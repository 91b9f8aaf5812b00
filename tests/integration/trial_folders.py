"""Folders of reports on trials whose logs were written event by event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.integration.audit_exports import a_signer, note_of
from tests.integration.trial_documents import ARABIC, HOSTILE
from tests.unit.core.governed import EVALUATOR, authorised
from tests.unit.evaluation.trial_logs import DAY, a_rehearsal
from tests.unit.services.listing import OnePolicy, SetClock

from overt.adapters.audit.checkpoints import Ed25519NoteVerifier
from overt.adapters.files.report_folder import HandedFolder
from overt.adapters.reports.press import FolderPress
from overt.core.audit_events import EventKind
from overt.core.statement import Statement
from overt.services.make_report import ReportWorks, make_report
from overt.services.report_digests import DIGESTS, LOG, SIGNATURE, digests_text, sha256_of
from overt.services.verify_report import verify_report
from overt.services.workplace import Workplace
from overt.testing import FakeIds, FakeStore

if TYPE_CHECKING:
    from pathlib import Path

STATEMENTS = ("I saw no sign at the north entrance.\n\nNobody answered.", ARABIC, HOSTILE)


@dataclass
class Reported:
    """A report, and what it was made with.

    Attributes:
        store: With the log that it was made from, and the event that it was made.
        signer: The log's key.
        files: Content by name.
        press: What prints it.
    """

    store: FakeStore
    signer: object
    files: dict[str, bytes]
    press: FolderPress = field(default_factory=FolderPress)

    @property
    def verifier(self):
        """Return the log's published key."""
        return Ed25519NoteVerifier(self.signer._key.verifier)

    def signed_again(self, signer=None, **changed: bytes) -> dict[str, bytes]:
        """Return the files with some changed, digests made to fit, and signed by somebody."""
        files = {**self.files, **changed}
        text = digests_text(
            {n: sha256_of(c) for n, c in files.items() if n not in {DIGESTS, SIGNATURE}}
        )
        signature = str((signer or self.signer).sign(text)).encode()
        return {**files, DIGESTS: text.encode(), SIGNATURE: signature}

    def log_with(self, change, signer=None) -> bytes:
        """Return the log with a changed first part, its chain and checkpoint made to fit."""
        lines = change(self.files[LOG].split(b"\n\n")[0].split(b"\n"))
        notes = note_of(lines, signer or self.signer)
        return b"".join(line + b"\n" for line in lines) + b"\n" + notes


def a_stored_trial(logs=None, statements=STATEMENTS) -> FakeStore:
    """Return a store whose log is a trial's, with statements about its first deployment."""
    logs = logs or a_rehearsal()
    for number, text in enumerate(statements, start=1):
        digest = hashlib.sha256(text.encode()).hexdigest()
        details = {"statement_id": f"statement-{number}", "statement_sha256": digest}
        logs.add(EventKind.STATEMENT_FILED, "d-1", "observer-1", **details)
    store = FakeStore()
    with store.unit_of_work() as uow:
        for each in logs.logged:
            uow.audit.append(each.event)
        uow.deployments.add(authorised())  # called d-1, as the first of the trial
        for number, text in enumerate(statements, start=1):
            uow.statements.add(Statement(f"statement-{number}", "d-1", "observer-1", DAY, text))
        uow.actors.save(EVALUATOR)
        uow.commit()
    return store


def a_workplace_of(store: FakeStore) -> Workplace:
    """Return a workplace on a store, a week after the trial."""
    return Workplace(store.unit_of_work, SetClock(DAY + timedelta(days=7)), FakeIds(), OnePolicy())


def reported(folder: Path, store: FakeStore | None = None) -> Reported:
    """Return the report of a trial of three rehearsals; keys lie in the folder."""
    store = store or a_stored_trial()
    signer = a_signer(folder)
    works = ReportWorks(FolderPress(), signer)
    made = make_report(a_workplace_of(store), store.unit_of_work, EVALUATOR.actor_id, "t-1", works)
    return Reported(store, signer, {file.name: file.content for file in made})


def written(folder: Path, files: dict[str, bytes]) -> HandedFolder:
    """Return a folder that holds these files."""
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return HandedFolder(folder)


def checked(folder: Path, report: Reported, files: dict[str, bytes], verifier="own"):
    """Return what a check of these files finds."""
    key = report.verifier if verifier == "own" else verifier
    return verify_report(written(folder, files), report.press, key)
