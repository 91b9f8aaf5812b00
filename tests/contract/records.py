"""Records of the store: builders, and strategies that follow the declared types."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Union, get_args, get_origin

from hypothesis import reject, strategies as st

from overt.adapters.store.documents import declared_types
from overt.core.adjudication import AlertRecord, Decision, OperatorVerdict, Step
from overt.core.application_draft import ApplicationDraft
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.authority import Window
from overt.core.blue_list import BluePass, Volunteer
from overt.core.certificate import Certificate
from overt.core.deployment import Deployment, DeploymentKind, DeploymentState
from overt.core.engagement import Engagement
from overt.core.invitation import Invitation
from overt.core.listed_period import ListedPeriod
from overt.core.notice import NoticePlacement
from overt.core.notice_papers import NoticePapers, ReviewedTranslation
from overt.core.roles import Actor, Rank, Role
from overt.core.sign_in import Credential, Identity, Session, SignInLink
from overt.core.statement import Statement
from overt.core.thread import Message
from overt.core.watchlist import ListKind, Urgency, WatchlistEntry
from overt.core.zone import Zone
from overt.errors import TrialError

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def a_deployment(deployment_id: str = "deployment-1", **changes: Any) -> Deployment:
    """Return a draft."""
    values = {
        "name": "High Street",
        "kind": DeploymentKind.OPERATIONAL,
        "state": DeploymentState.DRAFT,
        "created_by": "actor-1",
        "created_at": NOW,
        "policy_hash": "ab" * 32,
    }
    return Deployment(deployment_id, **(values | changes))


def an_entry(entry_id: str = "entry-1", **changes: Any) -> WatchlistEntry:
    """Return an entry as composed."""
    values = {
        "deployment_id": "deployment-1",
        "list_kind": ListKind.OPERATIONAL,
        "reference": "NOM/12345",
        "category": "wanted_by_courts",
        "justification": "warrant of 1 March",
        "image_source": "custody",
        "image_date": date(2025, 11, 30),
        "urgency": Urgency.AMBER,
        "is_under_18": False,
        "composed_by": "actor-1",
        "composed_at": NOW,
    }
    return WatchlistEntry(entry_id, **(values | changes))


def an_alert(alert_id: str = "alert-1", **changes: Any) -> AlertRecord:
    """Return an alert as raised."""
    values = {
        "deployment_id": "deployment-1",
        "entry_id": "entry-1",
        "camera_id": "camera-1",
        "site_id": "site-1",
        "captured_at": NOW,
        "score": 0.71,
        "threshold": 0.64,
        "runner_up_margin": 0.1,
        "n_shots": 3,
        "quality": 0.8,
        "pack_digest": "cd" * 32,
        "operating_point_digest": "ef" * 32,
        "policy_hash": "ab" * 32,
        "list_kind": ListKind.OPERATIONAL,
    }
    return AlertRecord(alert_id, **(values | changes))


def a_decision(decision_id: str = "decision-1", **changes: Any) -> Decision:
    """Return an operator's decision."""
    values = {
        "alert_id": "alert-1",
        "step": Step.OPERATOR,
        "verdict": OperatorVerdict.PASSED_ON,
        "reason_codes": (),
        "decided_by": "actor-2",
        "decided_at": NOW + timedelta(seconds=9),
        "shown_at": NOW + timedelta(seconds=1),
        "idempotency_key": f"key of {decision_id}",
    }
    return Decision(decision_id, **(values | changes))


def an_event(number: int = 0) -> AuditEvent:
    """Return an event of the audit log."""
    details = {"reason": f"reason {number}"}
    return AuditEvent(EventKind.DEPLOYMENT_REFUSED, NOW, "actor-1", "deployment-1", details)


RECORDS = (
    *(Actor, Deployment, WatchlistEntry, Volunteer, BluePass, AlertRecord, Engagement),
    *(ListedPeriod, Certificate, Credential, Session, SignInLink, Identity, Statement),
    *(ApplicationDraft, Invitation, Message, NoticePapers, ReviewedTranslation),
)

_DIGESTS = ("0a" * 32, "f9" * 32)
_WORDS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=20
)
_TIMES = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
_CORNERS = (st.floats(0.1, 0.4), st.floats(0.6, 0.9))


def _windows() -> st.SearchStrategy[Window]:
    lengths = st.timedeltas(timedelta(microseconds=1), timedelta(days=9))
    starts = st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1))
    return st.builds(
        lambda start, length: Window(start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + length),
        starts,
        lengths,
    )


_SPECIAL: dict[Any, st.SearchStrategy[Any]] = {
    str: _WORDS,
    int: st.integers(0, 2**31 - 1),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: _TIMES,
    date: st.dates(date(1900, 1, 1)),
    Window: _windows(),
    Zone: st.builds(lambda a, b: Zone(((a, a), (b, a), (b, b), (a, b))), *_CORNERS),
    NoticePlacement: st.builds(
        NoticePlacement,
        *(_WORDS, _WORDS, _TIMES, st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 1e6)),
        *(st.just("0a" * 32), _WORDS, st.none() | _TIMES),
    ),
    Actor: st.builds(
        Actor,
        _WORDS.filter(lambda word: word.strip() not in {"", "system"}),
        st.sampled_from(Role).map(lambda role: frozenset({role})),
        st.none() | st.sampled_from(Rank),
        st.booleans(),
        st.none() | st.dates(date(1900, 1, 1)),
    ),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for values of a declared type, as the core would make them."""
    if kind in _SPECIAL:
        return _SPECIAL[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is not None:
        return _values_of_generic(origin, inner)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert is_dataclass(kind), kind
    hints = declared_types(kind)
    parts = {f.name: _values_of_field(f.name, hints[f.name]) for f in fields(kind)}
    return _allowed(kind, st.fixed_dictionaries(parts))


def _values_of_field(name: str, kind: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(_DIGESTS) if name.endswith("sha256") else values_of(kind)


@st.composite
def _allowed(draw, kind: Any, values: st.SearchStrategy[dict[str, Any]]) -> Any:
    """Return a value that the core lets be made."""
    try:
        return kind(**draw(values))
    except TrialError:
        reject()


def _values_of_generic(origin: Any, inner: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if origin in {Union, types.UnionType}:
        return st.one_of(*(st.none() if part is type(None) else values_of(part) for part in inner))
    if origin is frozenset:
        return st.frozensets(values_of(inner[0]), max_size=3)
    assert origin is tuple, origin
    if inner[1:] == (...,):
        return st.lists(values_of(inner[0]), max_size=2).map(tuple)
    return st.tuples(*map(values_of, inner))
