"""The store's port, kept by the store in memory, by SQLite and by PostgreSQL."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from contract.databases import BUSY_S, sql_store
from contract.records import (
    NOW,
    a_decision,
    a_deployment,
    an_alert,
    an_entry,
    an_event,
    values_of,
)
from overt.core.adjudication import AlertRecord, AlertState, OfficerVerdict, OperatorVerdict, Step
from overt.core.blue_list import BluePass, Volunteer
from overt.core.certificate import Certificate
from overt.core.deployment import Deployment, DeploymentState
from overt.core.engagement import Engagement
from overt.core.listed_period import ListedPeriod
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.roles import Actor, Rank, Role
from overt.core.watchlist import EntryStatus, ListKind, Under18Exception, WatchlistEntry
from overt.errors import (
    KeyDestroyedError,
    RecordConflictError,
    RecordNotFoundError,
    StoreUnavailableError,
    ValueRefusedError,
)
from overt.testing import FakeStore

LONDON = ZoneInfo("Europe/London")
ONE_STORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request):
    """Return an empty store."""
    if request.param == "memory":
        return FakeStore(busy_s=BUSY_S)
    return sql_store(request.getfixturevalue(f"new_{request.param}")())


@pytest.fixture
def ready(store):
    """Return a store with two deployments."""
    with store.unit_of_work() as unit:
        unit.deployments.add(a_deployment("deployment-1"))
        unit.deployments.add(a_deployment("deployment-2"))
        unit.commit()
    return store


# --- units of work


def test_what_is_not_committed_is_taken_back(ready):
    """Leaving without a commit, or by an exception, leaves nothing."""
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert())
    with contextlib.suppress(ZeroDivisionError), ready.unit_of_work() as unit:
        unit.audit.append(an_event())
        raise ZeroDivisionError

    with ready.reading() as unit:
        assert unit.alerts.of_deployment("deployment-1") == ()
        assert unit.audit.size() == 0


def test_what_is_committed_is_there_together(ready):
    """An alert, its crop and its event, in one transaction."""
    with ready.unit_of_work() as unit:
        crop = unit.secrets.put("deployment-1", "crop", "alert-1", b"pixels")
        unit.alerts.add(an_alert(crop_secret_id=crop))
        logged = unit.audit.append(an_event())
        unit.commit()

    with ready.reading() as unit:
        stored = unit.alerts.get("alert-1")
        assert stored == an_alert(crop_secret_id=crop)
        assert unit.secrets.get(crop) == b"pixels"
        assert unit.audit.read() == (logged,)


def test_a_unit_may_commit_more_than_once(ready):
    """Each commit is a transaction of its own."""
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert("alert-1"))
        unit.commit()
        unit.alerts.add(an_alert("alert-2"))
        unit.commit()
        unit.alerts.add(an_alert("alert-3"))

    with ready.reading() as unit:
        assert [a.alert_id for a in unit.alerts.of_deployment("deployment-1")] == [
            "alert-1",
            "alert-2",
        ]


def test_a_refused_statement_spoils_the_unit(ready):
    """Nothing half-written: what came before the refusal cannot be committed either."""
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert("alert-1"))
        with pytest.raises(RecordConflictError):
            unit.alerts.add(an_alert("alert-1"))
        with pytest.raises(StoreUnavailableError):
            unit.commit()

    with ready.reading() as unit:
        assert unit.alerts.of_deployment("deployment-1") == ()


def test_one_unit_writes_at_a_time(ready):
    """Another one waits, and is refused after its time."""
    with ready.unit_of_work() as first, ready.unit_of_work() as second:
        first.audit.append(an_event(1))
        with pytest.raises(StoreUnavailableError):
            second.audit.append(an_event(2))
        first.commit()
        second.audit.append(an_event(2))
        second.commit()

    with ready.reading() as unit:
        assert unit.audit.size() == 2


def test_a_reader_sees_one_moment_and_does_not_wait(ready):
    """Also while somebody writes, and after."""
    with ready.reading() as reader, ready.unit_of_work() as writer:
        assert reader.audit.size() == 0
        writer.audit.append(an_event())
        assert reader.audit.size() == 0
        writer.commit()
        assert reader.audit.size() == 0
    with ready.reading() as reader:
        assert reader.audit.size() == 1


def test_a_reader_cannot_write(ready):
    """Whatever it tries, nothing is stored."""
    with ready.reading() as unit:
        with pytest.raises(StoreUnavailableError):
            unit.alerts.add(an_alert())
        with pytest.raises(StoreUnavailableError):
            unit.commit()


def test_threads_take_turns(ready):
    """Four threads append to the log; no event is lost, and the chain holds."""

    def append(number):
        for count in range(5):
            with ready.unit_of_work() as unit:
                unit.audit.append(an_event(number * 100 + count))
                unit.commit()

    threads = [threading.Thread(target=append, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with ready.reading() as unit:
        assert unit.audit.size() == 20
        assert len({e.event.details["reason"] for e in unit.audit.read()}) == 20


# --- deployments


def test_a_deployment_is_saved_once_a_version(ready):
    """Who changed what somebody else has changed since is refused, and may read again."""
    with ready.unit_of_work() as unit:
        draft = unit.deployments.get("deployment-1")
        applied = unit.deployments.save(replace(draft, state=DeploymentState.APPLIED))
        unit.commit()

        assert (draft.version, applied.version) == (0, 1)
        with pytest.raises(RecordConflictError):
            unit.deployments.save(replace(draft, name="Low Street"))
        assert unit.deployments.get("deployment-1") == applied


def test_deployments_are_listed_by_creation_and_state(store):
    """Oldest first, whatever the identifier."""
    late, early = a_deployment("a", created_at=NOW + timedelta(1)), a_deployment("b")
    with store.unit_of_work() as unit:
        unit.deployments.add(late)
        unit.deployments.add(replace(early, state=DeploymentState.LIVE))
        unit.commit()

        assert [d.deployment_id for d in unit.deployments.list()] == ["b", "a"]
        assert unit.deployments.list(states={DeploymentState.DRAFT}) == (late,)
        assert unit.deployments.list(states=set()) == ()


@pytest.mark.parametrize("group", ["actors", "deployments", "entries", "alerts", "passes"])
def test_what_is_not_there_is_named(store, group):
    """An unknown identifier is an error of the caller."""
    with store.reading() as unit, pytest.raises(RecordNotFoundError) as caught:
        getattr(unit, group).get("nobody-1")

    assert caught.value.code == "store.not_found"
    assert "nobody-1" in caught.value.message


def test_identifiers_are_taken_once(ready):
    """A second deployment, entry, certificate of the same name is refused."""
    certificate = Certificate("c-1", "deployment-1", "destruction", NOW, "signed text\n")
    for add in (
        lambda unit: unit.deployments.add(a_deployment("deployment-1")),
        lambda unit: unit.entries.add_many([an_entry(), an_entry()]),
        lambda unit: [unit.certificates.add(certificate) for _ in range(2)],
    ):
        with ready.unit_of_work() as unit, pytest.raises(RecordConflictError):
            add(unit)


def test_a_row_needs_its_deployment(store):
    """Nothing is kept outside a deployment."""
    for add in (
        lambda unit: unit.entries.add_many([an_entry()]),
        lambda unit: unit.alerts.add(an_alert()),
        lambda unit: unit.secrets.put("deployment-1", "image", "entry-1", b"x"),
        lambda unit: unit.counts.add_scores("deployment-1", {50: 1}),
    ):
        with store.unit_of_work() as unit, pytest.raises(RecordConflictError):
            add(unit)


def test_actors_are_saved_and_listed(store):
    """Adding and changing is one verb."""
    first = Actor("actor-1", frozenset({Role.APPLICANT}), Rank.INSPECTOR)
    with store.unit_of_work() as unit:
        unit.actors.save(first)
        unit.actors.save(Actor("actor-0", frozenset({Role.AUDITOR, Role.AUDITOR})))
        unit.actors.save(replace(first, is_active=False))
        unit.commit()

        assert [a.actor_id for a in unit.actors.list()] == ["actor-0", "actor-1"]
        assert unit.actors.get("actor-1") == replace(first, is_active=False)


# --- watchlists


def test_entries_are_found_by_list_and_status(ready):
    """Operational and blue are kept apart; deletion takes one deployment's only."""
    entries = (
        an_entry("e1"),
        an_entry("e2", list_kind=ListKind.BLUE),
        an_entry("e3", status=EntryStatus.APPROVED, under_18_exception=None),
        an_entry("e4", deployment_id="deployment-2"),
    )
    with ready.unit_of_work() as unit:
        assert unit.entries.add_many(entries) == 4
        unit.commit()

        of = unit.entries.of_deployment
        assert [e.entry_id for e in of("deployment-1")] == ["e1", "e2", "e3"]
        assert [e.entry_id for e in of("deployment-1", list_kind="blue")] == ["e2"]
        assert of("deployment-1", statuses=[EntryStatus.APPROVED]) == (entries[2],)
        assert unit.entries.delete_of("deployment-1") == 3
        assert of("deployment-1") == ()
        assert of("deployment-2") == (entries[3],)


def test_thousands_of_entries_are_added_at_once(ready):
    """None is lost between the parts in which they are written."""
    with ready.unit_of_work() as unit:
        assert unit.entries.add_many(an_entry(f"e{number:04}") for number in range(2001)) == 2001
        assert unit.entries.add_many([]) == 0
        unit.commit()
        assert len(unit.entries.of_deployment("deployment-1")) == 2001


def test_thousands_of_entries_are_approved_at_once(ready):
    """Those named, and no other; one that is not there spoils it."""
    ids = [f"e{number:04}" for number in range(1001)]
    with ready.unit_of_work() as unit:
        unit.entries.add_many(map(an_entry, (*ids, "another")))
        unit.entries.approve_many(ids, "actor-2", NOW)
        unit.entries.approve_many([], "actor-3", NOW)
        unit.commit()

        entry = an_entry(ids[-1])
        approved = replace(
            entry, status=EntryStatus.APPROVED, approved_by="actor-2", approved_at=NOW
        )
        assert unit.entries.get(ids[-1]) == approved
        standing = unit.entries.of_deployment("deployment-1", statuses=[EntryStatus.COMPOSED])
        assert [e.entry_id for e in standing] == ["another"]
        with pytest.raises(RecordNotFoundError):
            unit.entries.approve_many(["another", "nobody"], "actor-2", NOW)


def test_a_whole_list_is_taken_off(ready):
    """Who stands on it, with pictures and templates; not who left before, nor another list."""
    off = replace(an_entry("e3", status=EntryStatus.REMOVED), removed_at=NOW, removed_reason="x")
    others = an_entry("e4", list_kind=ListKind.BLUE), an_entry("e5", deployment_id="deployment-2")
    first = an_entry("e1", image_secret_id="secret-1", template_secret_id="secret-2")
    later = NOW + timedelta(1)
    with ready.unit_of_work() as unit:
        unit.entries.add_many([first, an_entry("e2", status=EntryStatus.APPROVED), off, *others])
        taken_off = unit.entries.take_off_all(
            "deployment-1", ListKind.OPERATIONAL, later, reason="y"
        )
        unit.commit()

        removed = {"status": EntryStatus.REMOVED, "removed_at": later, "removed_reason": "y"}
        assert taken_off == 2
        assert unit.entries.get("e1") == replace(an_entry("e1"), **removed)
        assert unit.entries.get("e2") == replace(an_entry("e2"), **removed)
        assert unit.entries.get("e3") == off
        assert (unit.entries.get("e4"), unit.entries.get("e5")) == others


def test_an_unused_unit_commits_nothing(ready):
    """It has not even begun."""
    with ready.unit_of_work() as unit, ready.unit_of_work() as other:
        unit.commit()
        other.audit.append(an_event())
        unit.commit()
        other.commit()


def test_an_entry_is_changed(ready):
    """Its exception, its approval, its removal."""
    entry = an_entry(is_under_18=True, under_18_exception=Under18Exception("actor-9", "why"))
    with ready.unit_of_work() as unit:
        unit.entries.add_many([entry])
        removed = replace(entry, status=EntryStatus.REMOVED, removed_at=NOW, removed_reason="found")
        unit.entries.save(removed)

        assert unit.entries.get("entry-1") == removed
        with pytest.raises(RecordNotFoundError):
            unit.entries.save(an_entry("entry-2"))


@pytest.mark.parametrize("category", ["", "Wanted", "wanted by courts"])
def test_a_category_is_a_code(ready, category):
    """No free text where the policy has a closed list."""
    with ready.unit_of_work() as unit, pytest.raises(ValueRefusedError):
        unit.entries.add_many([an_entry(category=category)])


@pytest.mark.parametrize(
    "change",
    [
        {"reference": "NOM\0"},
        {"composed_at": NOW.replace(tzinfo=None)},
        {"composed_at": NOW.astimezone(ZoneInfo("Asia/Tokyo"))},
    ],
)
def test_values_that_a_database_cannot_keep_are_refused(ready, change):
    """A zero byte, a naive time, a local time: on every store alike."""
    with ready.unit_of_work() as unit, pytest.raises(ValueRefusedError):
        unit.entries.add_many([an_entry(**change)])


def test_volunteers_and_their_passes(ready):
    """A pass needs its volunteer; both go together."""
    volunteer = Volunteer("v-1", "deployment-1", "e2", "0a" * 32, NOW)
    walk = BluePass("p-1", "deployment-1", "v-1", "camera-1", NOW, None, "actor-3")
    with ready.unit_of_work() as unit:
        unit.passes.add_volunteer(volunteer)
        unit.passes.add(walk)
        unit.passes.add(replace(walk, pass_id="p-0", started_at=NOW + timedelta(1)))
        unit.passes.save(replace(walk, stopped_at=NOW + timedelta(seconds=20)))
        unit.passes.save_volunteer(replace(volunteer, withdrawn_at=NOW))
        unit.commit()

        assert [p.pass_id for p in unit.passes.of_deployment("deployment-1")] == ["p-1", "p-0"]
        assert unit.passes.get("p-1").stopped_at == NOW + timedelta(seconds=20)
        assert unit.passes.volunteers("deployment-1") == (unit.passes.volunteer("v-1"),)
        assert unit.passes.volunteer("v-1").withdrawn_at == NOW
        assert unit.passes.delete_of("deployment-1") == 3
        with pytest.raises(RecordConflictError):
            unit.passes.add(walk)


def test_was_listed_answers_for_a_local_day(ready):
    """From is inclusive, until exclusive; the day is that of the question's time zone."""
    start = datetime(2026, 3, 29, 0, 30, tzinfo=LONDON).astimezone(NOW.tzinfo)
    until = datetime(2026, 3, 30, 0, 0, tzinfo=LONDON).astimezone(NOW.tzinfo)  # a 23-hour day
    period = ListedPeriod("NOM/1", "deployment-1", "wanted_by_courts", start, until)
    with ready.unit_of_work() as unit:
        unit.listed.add(period)
        unit.listed.add_many([period, replace(period, reference="NOM/3"), period])
        unit.commit()

        def was(day, reference="NOM/1"):
            return unit.listed.was_listed(reference, date(2026, 3, day), LONDON)

        assert [was(day) for day in (28, 29, 30)] == [(), (period,), ()]
        assert was(29, "NOM/2") == ()
        assert len(was(29, "NOM/3")) == 1
        assert [unit.listed.is_known(f"NOM/{n}") for n in (1, 2, 3)] == [True, False, True]


def test_open_periods_are_closed(ready):
    """One reference when it leaves the gallery; the rest at the end."""
    with ready.unit_of_work() as unit:
        for reference in ("A", "B", "C"):
            unit.listed.add(ListedPeriod(reference, "deployment-1", "wanted", NOW, None))
        unit.listed.add(ListedPeriod("A", "deployment-2", "wanted", NOW, None))

        assert len(unit.listed.was_listed("A", date(2026, 5, 1), LONDON)) == 2
        assert sorted(unit.listed.references()) == ["A", "B", "C"]
        assert unit.listed.close("deployment-1", NOW + timedelta(1), reference="A") == 1
        assert unit.listed.close("deployment-1", NOW + timedelta(2)) == 2
        assert unit.listed.close("deployment-1", NOW + timedelta(3)) == 0
        (left,) = unit.listed.was_listed("A", date(2026, 5, 1), LONDON)
        assert left.deployment_id == "deployment-2"


# --- alerts and decisions


def test_alerts_are_counted_by_state_and_list(ready):
    """Blue alerts are never among the operational."""
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert("a2", captured_at=NOW + timedelta(1)))
        unit.alerts.add(an_alert("a1", state=AlertState.DISMISSED))
        unit.alerts.add(an_alert("a3", list_kind=ListKind.BLUE))
        unit.commit()

        assert unit.alerts.count_by_state("deployment-1") == {"dismissed": 1, "raised": 2}
        assert unit.alerts.count_by_state("deployment-1", list_kind="blue") == {"raised": 1}
        found = unit.alerts.of_deployment("deployment-1", list_kind=ListKind.OPERATIONAL)
        assert [a.alert_id for a in found] == ["a1", "a2"]


def test_an_alert_is_changed(ready):
    """Its state, and its crop once that is erased."""
    decided = replace(an_alert(crop_secret_id="s-1"), state=AlertState.ENGAGED, crop_secret_id=None)
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert(crop_secret_id="s-1"))
        unit.alerts.save(decided)

        assert unit.alerts.get("alert-1") == decided
        with pytest.raises(RecordNotFoundError):
            unit.alerts.save(an_alert("alert-2"))


def test_a_step_is_decided_once(ready):
    """Whoever comes second is refused, and the unit goes on."""
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert())
        unit.decisions.add(a_decision("d-1"))
        with pytest.raises(RecordConflictError):
            unit.decisions.add(a_decision("d-2", verdict=OperatorVerdict.DISMISSED))
        unit.commit()

        assert unit.decisions.of_alert("alert-1") == (a_decision("d-1"),)


def test_a_repeated_message_decides_once(ready):
    """The same key returns the first decision; another decision under it is refused."""
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert())
        first = unit.decisions.add(a_decision("d-1", idempotency_key="k"))
        later = {"decided_at": NOW + timedelta(60), "shown_at": NOW}
        again = unit.decisions.add(a_decision("d-2", idempotency_key="k", **later))

        assert again == first
        with pytest.raises(RecordConflictError):
            unit.decisions.add(
                a_decision("d-3", idempotency_key="k", verdict=OperatorVerdict.DISMISSED)
            )
        assert unit.decisions.of_alert("alert-1") == (first,)


def test_decisions_come_in_the_order_of_steps(ready):
    """The officer's after the operator's, and they go with the alert."""
    officer = a_decision("d-0", step=Step.OFFICER, verdict=OfficerVerdict.ENGAGED)
    with ready.unit_of_work() as unit:
        unit.alerts.add(an_alert())
        unit.decisions.add(officer)
        unit.decisions.add(a_decision("d-1"))

        assert [d.step for d in unit.decisions.of_alert("alert-1")] == ["operator", "officer"]
        assert unit.alerts.delete_of("deployment-2") == 0
        assert unit.alerts.delete_of("deployment-1") == 1
        assert unit.decisions.of_alert("alert-1") == ()


def test_a_decision_needs_its_alert(ready):
    """There is nothing to decide otherwise."""
    with ready.unit_of_work() as unit, pytest.raises(RecordConflictError):
        unit.decisions.add(a_decision())


def test_engagements(ready):
    """With and without an alert; by start."""
    first = Engagement("n-1", "deployment-1", "alert-1", None, "actor-4", NOW)
    second = Engagement("n-0", "deployment-1", None, "offence", "actor-4", NOW + timedelta(1))
    with ready.unit_of_work() as unit:
        unit.engagements.add(second)
        unit.engagements.add(first)
        ended = replace(first, ended_at=NOW + timedelta(minutes=4), is_leaflet_given=True)
        unit.engagements.save(ended)
        unit.commit()

        assert unit.engagements.of_deployment("deployment-1") == (ended, second)
        assert unit.engagements.get("n-0") == second
        assert unit.engagements.delete_of("deployment-1") == 2


# --- numbers


def test_minutes_add_up(ready):
    """Two reports of one minute are one row; totals are over cameras."""
    minute = MinuteCounts("deployment-1", "camera-1", NOW, LiveCounts(faces_seen=3, made=5))
    with ready.unit_of_work() as unit:
        unit.counts.add_minute(minute)
        unit.counts.add_minute(replace(minute, counts=LiveCounts(faces_seen=1, erased=4)))
        unit.counts.add_minute(replace(minute, camera_id="camera-0"))
        unit.commit()

        assert unit.counts.totals("deployment-1") == LiveCounts(faces_seen=7, made=10, erased=4)
        assert unit.counts.totals("deployment-2") == LiveCounts()
        assert unit.counts.minutes("deployment-1") == (
            replace(minute, camera_id="camera-0"),
            replace(minute, counts=LiveCounts(faces_seen=4, made=5, erased=4)),
        )


def test_scores_add_up(ready):
    """Bins below zero too; none is empty."""
    with ready.unit_of_work() as unit:
        unit.counts.add_scores("deployment-1", {41: 2, -3: 1, 50: 0})
        unit.counts.add_scores("deployment-1", {41: 1})
        unit.commit()

        assert unit.counts.histogram("deployment-1") == {-3: 1, 41: 3}
        assert unit.counts.histogram("deployment-2") == {}


# --- secrets


def test_secrets_come_back_in_order(ready):
    """Of one deployment and kind, any bytes, none and many."""
    with ready.unit_of_work() as unit:
        for row, data in (("e1", b""), ("e0", bytes(100_000)), ("e2", b"\0\xff")):
            unit.secrets.put("deployment-1", "template", row, data)
        unit.secrets.put("deployment-1", "image", "e1", b"image")
        unit.secrets.put("deployment-2", "template", "e9", b"other")
        unit.commit()

    with ready.reading() as unit:
        assert list(unit.secrets.read_all("deployment-1", "template")) == [
            ("e1", b""),
            ("e0", bytes(100_000)),
            ("e2", b"\0\xff"),
        ]
        assert len(list(unit.secrets.ciphertexts("deployment-1"))) >= 4


def test_secrets_of_many_rows_are_kept_at_once(ready):
    """Each under its own row; none of no row."""
    with ready.unit_of_work() as unit:
        assert unit.secrets.put_many("deployment-1", "image", {}) == {}
        put = unit.secrets.put_many("deployment-1", "image", {"e2": b"two", "e1": b""})
        unit.commit()

        assert list(put) == ["e2", "e1"]
        assert [unit.secrets.get(put[row]) for row in put] == [b"two", b""]
        assert list(unit.secrets.read_all("deployment-1", "image")) == [("e2", b"two"), ("e1", b"")]


def test_secrets_that_no_entry_names_are_astray(ready):
    """Neither of the kinds asked for, nor named by their own entry; what is named stays."""
    with ready.unit_of_work() as unit:
        put = unit.secrets.put
        named = put("deployment-1", "image", "entry-1", b"picture")
        loose = put("deployment-1", "image", "entry-1", b"an older one")
        alone = put("deployment-1", "template", "entry-2", b"vector")
        put("deployment-1", "crop", "alert-1", b"crop")
        put("deployment-2", "image", "entry-9", b"another deployment's")
        unit.entries.add_many([an_entry("entry-1", image_secret_id=named)])
        kinds = "image", "template"

        assert unit.secrets.astray("deployment-1", kinds) == (loose, alone)
        assert unit.secrets.delete_astray([named, loose, alone, "gone"]) == 2
        assert unit.secrets.astray("deployment-1", kinds) == ()
        assert unit.secrets.get(named) == b"picture"
        unit.commit()


def test_a_destroyed_key_opens_nothing_and_is_not_made_again(ready):
    """Also where the rows are still there; other deployments keep theirs."""
    with ready.unit_of_work() as unit:
        secret = unit.secrets.put("deployment-1", "image", "e1", b"image")
        other = unit.secrets.put("deployment-2", "image", "e1", b"other")
        unit.commit()
        assert unit.secrets.destroy_key("deployment-1")
        assert not unit.secrets.destroy_key("deployment-1")
        unit.commit()

        for use in (
            lambda: unit.secrets.get(secret),
            lambda: list(unit.secrets.read_all("deployment-1", "image")),
            lambda: unit.secrets.put("deployment-1", "image", "e2", b"new"),
        ):
            with pytest.raises(KeyDestroyedError):
                use()
        assert unit.secrets.delete_of("deployment-1") == {"image": 1}
        assert unit.secrets.get(other) == b"other"
        with pytest.raises(RecordNotFoundError):
            unit.secrets.get(secret)


def test_a_key_can_be_destroyed_before_it_was_made(ready):
    """A deployment purged without a secret never gets one."""
    with ready.unit_of_work() as unit:
        assert not unit.secrets.destroy_key("deployment-1")
        unit.commit()
        with pytest.raises(KeyDestroyedError):
            unit.secrets.put("deployment-1", "image", "e1", b"x")


def test_one_secret_is_deleted(ready):
    """Twice does no harm."""
    with ready.unit_of_work() as unit:
        secret = unit.secrets.put("deployment-1", "image", "e1", b"x")
        unit.secrets.delete(secret)
        unit.secrets.delete(secret)
        with pytest.raises(RecordNotFoundError):
            unit.secrets.get(secret)


# --- records, log


def test_certificates_stay_in_order(ready):
    """Oldest first."""
    late = Certificate("c-1", "deployment-1", "destruction", NOW + timedelta(1), "late\n")
    early = Certificate("c-2", "deployment-1", "destruction", NOW, "early\n— é\n")
    with ready.unit_of_work() as unit:
        unit.certificates.add(late)
        unit.certificates.add(early)
        unit.commit()

        assert unit.certificates.of_deployment("deployment-1") == (early, late)


def test_the_log_goes_with_the_unit(ready):
    """Lines, size and root are those of what was committed."""
    with ready.unit_of_work() as unit:
        empty = unit.audit.root()
        logged = [unit.audit.append(an_event(number)) for number in range(3)]
        unit.commit()

        assert [e.seq for e in logged] == [0, 1, 2]
        assert unit.audit.read(1, 1) == (logged[1],)
        assert len(list(unit.audit.lines(1))) == 2
        assert unit.audit.tree().size == unit.audit.size() == 3
        assert unit.audit.root() != empty


# --- round trips


@ONE_STORE
@given(data=st.data())
def test_every_record_comes_back_as_it_was(ready, data):
    """Whatever the core can make, the store returns."""
    own = {"deployment_id": "deployment-1"}
    alert, entry = data.draw(values_of(AlertRecord)), data.draw(values_of(WatchlistEntry))
    engagement, certificate = data.draw(values_of(Engagement)), data.draw(values_of(Certificate))
    deployment, actor = data.draw(values_of(Deployment)), data.draw(values_of(Actor))
    entry = replace(entry, **own, category="wanted")
    alert, engagement = replace(alert, **own), replace(engagement, **own)
    certificate = replace(certificate, **own)

    with ready.unit_of_work() as unit:
        unit.deployments.add(replace(deployment, deployment_id="another"))
        unit.entries.add_many([entry])
        unit.alerts.add(alert)
        unit.engagements.add(engagement)
        unit.certificates.add(certificate)
        unit.actors.save(actor)

        assert unit.deployments.get("another") == replace(deployment, deployment_id="another")
        assert unit.entries.get(entry.entry_id) == entry
        assert unit.alerts.get(alert.alert_id) == alert
        assert unit.engagements.get(engagement.engagement_id) == engagement
        assert unit.certificates.of_deployment("deployment-1") == (certificate,)
        assert unit.actors.get(actor.actor_id) == actor
