"""Reading and exporting the audit log is logged itself (R-35, R-70)."""

from __future__ import annotations

import pytest

from overt.core.audit_events import EventKind
from overt.core.roles import Actor, Role
from overt.core.signed_note import NoteSignature, SignedNote
from overt.errors import RecordNotFoundError, RoleForbiddenError
from overt.services.export_audit import log_checkpoint, sign_checkpoint
from overt.services.read_audit import log_export, read_audit
from overt.services.verify_audit import verify_stored
from overt.services.workplace import Workplace
from overt.testing import FakeClock, FakeIds, FakeStore
from unit.core.audit_lines import an_event

N_EVENTS = 2300
ENDED = (3, 1299, 1300, 2200)


@pytest.fixture
def workplace() -> Workplace:
    """Return a store with a long log, an auditor and an operator."""
    store = FakeStore()
    with store.unit_of_work() as uow:
        uow.actors.save(Actor("auditor_1", frozenset({Role.AUDITOR})))
        uow.actors.save(Actor("operator_1", frozenset({Role.OPERATOR})))
        for number in range(N_EVENTS):
            kind = EventKind.DEPLOYMENT_ENDED if number in ENDED else EventKind.ALERT_DECIDED
            details = {**an_event(number).details, "reason": "the authority ended"}
            uow.audit.append(an_event(number, kind=kind, details=details))
        uow.commit()
    return Workplace(store.unit_of_work, FakeClock(), FakeIds(), policies=None)


def last_event(workplace: Workplace):
    """Return the latest event."""
    with workplace.open() as uow:
        return uow.audit.read(uow.audit.size() - 1)[0].event


@pytest.mark.parametrize("n_events", [1, 999, 1000, 1001, N_EVENTS, N_EVENTS + 1])
def test_the_latest_events_are_returned_oldest_first(workplace, n_events):
    """However the log is cut into parts for reading."""
    found = read_audit(workplace, "auditor_1", n_events)

    expected = list(range(max(0, N_EVENTS - n_events), N_EVENTS))
    assert [logged.seq for logged in found] == expected
    event = last_event(workplace)
    assert (event.kind, event.actor_id) == ("PersonalDataViewed", "auditor_1")
    assert event.details == {"what": "audit_log", "row_id": f"{expected[0]}-{expected[-1]}"}


@pytest.mark.parametrize(("n_events", "expected"), [(1, ENDED[3:]), (3, ENDED[1:]), (9, ENDED)])
def test_events_of_one_kind_are_found_far_back(workplace, n_events, expected):
    """The latest of them."""
    found = read_audit(workplace, "auditor_1", n_events, EventKind.DEPLOYMENT_ENDED)

    assert tuple(logged.seq for logged in found) == expected


def test_who_saw_nothing_is_not_logged(workplace):
    """Nothing was viewed."""
    assert read_audit(workplace, "auditor_1", 9, EventKind.DEPLOYMENT_PURGED) == ()
    assert last_event(workplace) == an_event(
        N_EVENTS - 1, details={**an_event(N_EVENTS - 1).details, "reason": "the authority ended"}
    )


def test_an_export_is_logged_before_it_is_made(workplace):
    """So that it tells of itself."""
    log_export(workplace, "auditor_1")

    assert last_event(workplace).kind == "DataExported"
    assert last_event(workplace).details == {"what": "audit_log", "n_rows": N_EVENTS}


@pytest.mark.parametrize("ask", [lambda w, who: read_audit(w, who, 1), log_export])
def test_nobody_else_may(workplace, ask):
    """R-35: the attempt is logged."""
    with pytest.raises(RoleForbiddenError):
        ask(workplace, "operator_1")
    assert last_event(workplace).kind == "AccessDenied"
    assert last_event(workplace).details["code"] == "rule.role_forbidden"
    with pytest.raises(RecordNotFoundError):
        ask(workplace, "nobody")


class FakeSigner:
    """Signs with nothing."""

    origin = "trial.example/audit"

    def sign(self, text):
        return SignedNote(text, (NoteSignature(self.origin, b"key1", b"x"),))


def test_a_signed_checkpoint_is_logged(workplace):
    """With the root that was given out; the log still verifies against it."""
    with workplace.open() as uow:
        note, root = sign_checkpoint(uow.audit, FakeSigner()), uow.audit.root()
    log_checkpoint(workplace, note)

    assert last_event(workplace).kind == "CheckpointSigned"
    assert last_event(workplace).details == {"size": N_EVENTS, "root": root.hex()}
    with workplace.open() as uow:
        log = verify_stored(uow.audit, checkpoints=[str(note).encode()])
    assert (log.size, log.checkpoint_sizes) == (N_EVENTS + 1, (N_EVENTS,))
