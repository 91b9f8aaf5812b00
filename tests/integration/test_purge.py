from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from tests.unit.core.governed import HOUR, MINUTE, OPENS, OPERATOR
from tests.unit.services.live_runs import a_run, a_stage, anna_walks

from contract.databases import MASTER_KEY, sql_store
from integration.purging import (
    ASKED_BY,
    CROP,
    PHOTOGRAPH,
    Ended,
    Interruption,
    Killed,
    an_ended,
    tools_for,
)
from overt.adapters.ids import TimedIds
from overt.adapters.secrets.envelope import MasterKey
from overt.adapters.store.engine import open_database
from overt.adapters.store.migrate import upgrade
from overt.adapters.store.schema import certificates, secrets
from overt.core.application_draft import ApplicationDraft
from overt.core.audit_events import EventKind
from overt.core.checkpoint import parse_checkpoint
from overt.core.deployment import DeploymentState
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.signed_note import parse_note
from overt.errors import (
    CertificateWrongError,
    IntegrityError,
    RecordNotFoundError,
    RemainsFoundError,
    RoleForbiddenError,
    WrongStateError,
)
from overt.services.certify_destruction import verify_certificate
from overt.services.do_what_is_due import Rounds
from overt.services.live_rate import ErasedOutcomes
from overt.services.purge import purge, purge_due
from overt.services.verify_audit import verify_stored
from overt.services.verify_privacy import verify_privacy

ENDED_AT = OPENS + 20 * timedelta(milliseconds=40)
EXPECTED = {
    "deployment": "d-1",
    "entries": "3",
    "alerts": "1",
    "volunteers and passes": "0",
    "images": "3",
    "templates": "3",
    "crops": "1",
    "probes": "1",
    "other secrets": "0",
    "drafts": "0",
    "keys": "1",
    "remains of encrypted bytes found": "0",
    "remains of bytes in the clear found": "0",
}


class NoPolicies:
    """A folder of policies that somebody has emptied."""

    def get(self, policy_hash):
        raise RecordNotFoundError("no policy was kept on this machine")


@pytest.fixture
def home(tmp_path):
    """Return the home folder of these tests."""
    return tmp_path / "home"


@pytest.fixture
def ended(new_sqlite, home):
    """Return a deployment that has ended, on SQLite."""
    return an_ended(new_sqlite, home)


def purged(ended, **changes):
    """Purge, and return the certificate."""
    return purge(ended.stage.workplace, ended.stage.reading, ended.tools, "d-1", **changes)


def stated(ended):
    """Return what the verified certificate says."""
    return verify_certificate(ended.stage.reading, ended.verifier, "d-1").stated


def proof(ended):
    """Return the privacy proof."""
    return verify_privacy(ended.stage.reading, ended.tools.scan, ended.verifier, "d-1")


def put_in_its_place(ended, text):
    """Put another text where the certificate is kept, as somebody with the database could."""
    with ended.stage.workplace.open() as uow:
        uow._transaction.run(update(certificates).values(text=text))
        uow.commit()


class TestAPurge:
    def test_deletes_and_certifies(self, ended):
        """R-19: what was there is counted, gone, and stated by a signed certificate."""
        purged(ended)
        found = stated(ended)
        assert {name: found[name] for name in EXPECTED} == EXPECTED
        assert ended.stage.deployment().state is DeploymentState.PURGED
        assert ended.stage.kinds()[-5:] == [
            "BiometricsErased",
            "EqualityCounted",
            "ScoresCounted",
            "DeploymentPurged",
            "CertificateIssued",
        ]

    def test_counts_what_officers_recorded_into_the_log(self, ended):
        """R-71: as tables without small numbers; once, also where a purge is asked for twice."""
        purged(ended)
        purged(ended)
        with ended.stage.reading() as uow:
            found = [e.event for e in uow.audit.read() if e.event.kind == "EqualityCounted"]
        (event,) = found
        assert event.details["withheld_below"] == 5
        assert event.details["tables"]["sex"] == {"engaged": {}, "after_false_alert": {}}

    def test_counts_searches_by_score_into_the_log(self, ended):
        """R-71: the histogram as the store has it; a report of the trial draws it."""
        purged(ended)
        with ended.stage.reading() as uow:
            histogram = uow.counts.histogram("d-1")
            (event,) = (e.event for e in uow.audit.read() if e.event.kind == "ScoresCounted")
        assert sum(event.details["searches_by_score"].values()) == sum(histogram.values()) > 0
        assert {round(float(at) * 100) for at in event.details["searches_by_score"]} == set(
            histogram
        )

    def test_does_not_wait_for_figures(self, ended):
        """A policy that is gone stops the publication, not the purge."""
        broken = replace(ended.stage.workplace, policies=NoPolicies())
        purge(broken, ended.stage.reading, ended.tools, "d-1")
        assert ended.stage.deployment().state is DeploymentState.PURGED
        assert "EqualityCounted" not in ended.stage.kinds()

    def test_takes_the_draft_of_the_application_with_its_cameras(self, ended):
        """Also one that was never sent in; the addresses are among the secrets."""
        with ended.stage.workplace.open() as uow:
            uow.secrets.put("d-1", "location", "high-street/c-1", b"rtsp://user:word@camera")
            uow.drafts.save(ApplicationDraft("d-1", "applicant-1", OPENS, "{}"))
            uow.commit()
        purged(ended)
        found = stated(ended)
        assert (found["drafts"], found["other secrets"]) == ("1", "1")
        with ended.stage.reading() as uow:
            assert uow.drafts.get_or_none("d-1") is None

    def test_leaves_counts_histogram_listed_record_and_log(self, ended):
        """Whether a reference was listed, and every number, can still be told (R-20)."""
        before = ended.stage.totals()
        purged(ended)
        assert ended.stage.totals() == before
        with ended.stage.reading() as uow:
            (period,) = uow.listed.was_listed("N-1", OPENS.date(), ZoneInfo("UTC"))
            assert period.listed_until == ended.stage.deployment().ended_at
            assert sum(uow.counts.histogram("d-1").values()) == before.searches
            assert uow.entries.of_deployment("d-1") == ()
            assert uow.alerts.of_deployment("d-1") == ()

    def test_keeps_what_alerts_turned_out_to_be(self, ended):
        """Outcomes are needed for the published record: in numbers, in the log."""
        purged(ended)
        (event,) = ended.stage.events(EventKind.BIOMETRICS_ERASED)
        assert event.details["outcomes"]["unresolved"] == 1

    def test_works_on_either_database(self, new_database, home):
        """The server's own files are out of reach, and the certificate says so."""
        ended = an_ended(new_database, home)
        purged(ended)
        found = stated(ended)
        assert {name: found[name] for name in EXPECTED} == EXPECTED
        is_file = new_database().path is not None
        assert found["store's files scanned"] == ("yes" if is_file else "no, on a server")

    def test_is_done_once(self, ended):
        """Asked again, it returns the same certificate and writes nothing."""
        first = purged(ended)
        n_events = len(ended.stage.kinds())
        assert purged(ended) == first
        assert len(ended.stage.kinds()) == n_events

    def test_needs_no_master_key(self, ended, new_sqlite):
        """A key that is lost must not keep a face alive; what could not be searched is said."""
        other = sql_store(new_sqlite(), MasterKey(bytes(32)))
        workplace = replace(ended.stage.workplace, open=other.unit_of_work)
        purge(workplace, other.reading, ended.tools, "d-1")
        assert stated(ended)["windows of bytes in the clear searched for"] == "not searched"
        assert other.master_key() != MASTER_KEY

    def test_deletes_the_deployments_own_files(self, ended):
        """Rows, key and files go."""
        own = ended.home / "deployments" / "d-1" / "part" / "exported.bin"
        own.parent.mkdir(parents=True)
        own.write_bytes(b"something")
        purged(ended)
        assert stated(ended)["files deleted"] == "1"
        assert not own.exists()


class TestWhoMayPurge:
    def test_an_engineer_may_before_the_deadline(self, ended):
        """Earlier is always allowed."""
        purged(ended, actor_id=ASKED_BY)
        assert stated(ended)["asked by"] == ASKED_BY

    def test_nobody_else_may_and_nothing_is_deleted(self, ended):
        """The right is asked for before the first deletion."""
        with pytest.raises(RoleForbiddenError):
            purged(ended, actor_id=OPERATOR.actor_id)
        assert len(ended.stage.alerts()) == 1
        assert ended.stage.kinds()[-1] == "AccessDenied"

    def test_not_while_it_is_live(self, new_sqlite, home):
        """What runs cannot be purged."""
        database = new_sqlite()
        stage = a_stage(sql_store(database), ids=TimedIds())
        home.mkdir(exist_ok=True)
        tools, _ = tools_for(database, home)
        with pytest.raises(WrongStateError):
            purge(stage.workplace, stage.reading, tools, "d-1")


class TestTheDeadline:
    def test_is_kept_on_the_minute(self, ended):
        """24 hours after the end: not a minute sooner by itself, and not a minute later."""
        clock = ended.stage.clock
        rounds = Rounds(ended.stage.workplace, ended.stage.reading, ended.tools)
        clock.at = ended.stage.deployment().ended_at + 24 * HOUR - MINUTE
        assert rounds.make().purged == ()
        clock.at += MINUTE
        assert rounds.make().purged == ("d-1",)
        assert rounds.make().purged == ()

    def test_a_failure_is_logged_and_tried_again(self, ended):
        """The log says why; the next round goes on."""
        ended.stage.clock.at += 48 * HOUR
        interruption = Interruption(0)
        scan = interruption.tools(ended.tools).scan

        def unreadable(*_):
            raise RemainsFoundError("a file holds remains")

        scan.search_marked = unreadable
        with pytest.raises(RemainsFoundError):
            purge_due(ended.stage.workplace, ended.stage.reading, replace(ended.tools, scan=scan))
        (failed,) = ended.stage.events(EventKind.PURGE_FAILED)
        assert failed.details["code"] == "privacy.remains_found"
        assert purge_due(ended.stage.workplace, ended.stage.reading, ended.tools) == ["d-1"]


class TestTheScan:
    def test_finds_an_encrypted_remnant_that_was_planted(self, ended):
        """Counter-proof: bytes copied from the store before the purge stop it."""
        with ended.stage.reading() as uow:
            ciphertext = max(uow.secrets.ciphertexts("d-1"), key=len)
        (ended.home / "copy.log").write_bytes(b"x" * 777 + ciphertext[8_000:13_000])
        with pytest.raises(RemainsFoundError, match=r"copy\.log"):
            purged(ended)
        assert ended.stage.deployment().state is DeploymentState.ENDED
        (ended.home / "copy.log").unlink()
        purged(ended)
        assert stated(ended)["remains of encrypted bytes found"] == "0"

    @pytest.mark.parametrize("planted", [CROP, PHOTOGRAPH])
    def test_finds_a_picture_in_the_clear(self, ended, planted):
        """Counter-proof: an unencrypted copy is found while it lives; its name is told."""
        (ended.home / "note.txt").write_bytes(b"y" * 123 + planted)
        findings = proof(ended).findings
        assert any("note.txt" in finding for finding in findings)

    def test_the_purge_states_what_lay_in_the_clear(self, ended):
        """The deadline is kept all the same, and the certificate hides nothing."""
        (ended.home / "note.txt").write_bytes(b"y" * 123 + CROP)
        purged(ended)
        assert stated(ended)["remains of bytes in the clear found"] != "0"
        assert any("unencrypted" in finding for finding in proof(ended).findings)

    def test_can_be_repeated_after_the_purge(self, ended):
        """Marks are kept: a copy that turns up years later is found."""
        with ended.stage.reading() as uow:
            ciphertext = max(uow.secrets.ciphertexts("d-1"), key=len)
        purged(ended)
        assert proof(ended).findings == ()
        (ended.home / "backup.bin").write_bytes(ciphertext)
        assert any("backup.bin" in finding for finding in proof(ended).findings)

    def test_marks_hold_nothing_of_the_bytes(self, ended):
        """A mark is a number: none of the encrypted windows stands in the file of marks."""
        with ended.stage.reading() as uow:
            ciphertexts = list(uow.secrets.ciphertexts("d-1"))
        purged(ended)
        kept = (ended.home / "marks" / "d-1.marks").read_bytes()
        assert kept
        for ciphertext in ciphertexts:
            assert ciphertext[:8] not in kept


class TestCutOffAnywhere:
    @pytest.mark.slow
    def test_it_goes_on_where_it_was(self, tmp_path):
        """Killed before and after every commit, scan and rewriting: the end is the same."""
        at = 0
        while True:
            at += 1
            ended = _another(tmp_path / f"run-{at}")
            interruption = Interruption(at)
            workplace = interruption.workplace(ended.stage.workplace)
            tools = interruption.tools(ended.tools)
            try:
                purge(workplace, ended.stage.reading, tools, "d-1")
            except Killed:
                purged(ended)
                found = stated(ended)
                assert {name: found[name] for name in EXPECTED} == EXPECTED, at
                assert proof(ended).findings == (), at
                assert ended.stage.kinds().count("DeploymentPurged") == 1, at
                assert ended.stage.kinds().count("CertificateIssued") == 1, at
                continue
            break
        assert at > 12  # two statements around each of six steps at least


class TestTheCertificate:
    def test_is_a_checkpoint_of_the_log(self, ended):
        """Whoever has it can check the log with it, by the command that checks any checkpoint."""
        certificate = purged(ended)
        checkpoint = parse_checkpoint(parse_note(certificate.text.encode()).text)
        assert checkpoint.origin == "force.example/lfr"
        with ended.stage.reading() as uow:
            log = verify_stored(
                uow.audit, checkpoints=[certificate.text.encode()], verifier=ended.verifier
            )
        assert log.size == checkpoint.head.size + 1

    @pytest.mark.parametrize("place", [60, 150, 400, -20])
    def test_fails_after_one_changed_byte(self, ended, place):
        """In the head, in the counts, in the signature: nothing can be changed."""
        certificate = purged(ended)
        text = certificate.text
        place %= len(text)
        other = "0" if text[place] != "0" else "1"
        put_in_its_place(ended, text[:place] + other + text[place + 1 :])
        with pytest.raises(IntegrityError):
            stated(ended)

    def test_of_another_deployment_is_refused(self, ended):
        """A true certificate in a wrong place is no certificate."""
        certificate = purged(ended)
        text = parse_note(certificate.text.encode()).text.replace("d-1", "d-2")
        put_in_its_place(ended, str(ended.tools.signer.sign(text)))
        with pytest.raises(CertificateWrongError):
            stated(ended)

    def test_there_is_none_before_the_purge(self, ended):
        """Nothing was destroyed yet."""
        with pytest.raises(RecordNotFoundError):
            stated(ended)


class TestTheProof:
    def test_holds_while_live_ended_and_purged(self, new_sqlite, home):
        """Made = erased + in alerts, in store and log, at every stage of its life (R-31)."""
        ended = an_ended(new_sqlite, home)
        found = proof(ended)
        assert found.findings == ()
        assert (found.stored.made, found.stored.erased, found.stored.in_alerts) == (3, 2, 1)
        assert found.in_clear.n_windows > 100
        purged(ended)
        after = proof(ended)
        assert after.findings == ()
        assert after.marked.n_windows > 100
        assert after.certificate_id is not None

    def test_fails_where_a_count_was_changed(self, ended):
        """The store says something else than the log."""
        with ended.stage.workplace.open() as uow:
            uow.counts.add_minute(MinuteCounts("d-1", "c", OPENS, LiveCounts(made=1)))
            uow.commit()
        assert len(proof(ended).findings) == 2

    def test_fails_where_an_alert_vanished(self, ended):
        """A row that is gone without an event is missed."""
        with ended.stage.workplace.open() as uow:
            uow.alerts.delete_one(ended.stage.alerts()[0].alert_id)
            uow.commit()
        assert any("1 alerts were raised; 0 kept" in f for f in proof(ended).findings)


class TestTheRetentionOfAlerts:
    def test_ends_for_one_while_the_deployment_goes_on(self, new_sqlite, home):
        """R-33: 24 hours after its capture, on the minute; the other alert stays."""
        ended = _two_alerts(new_sqlite, home)
        first, second = ended.stage.alerts()
        rounds = Rounds(ended.stage.workplace, ended.stage.reading, ended.tools)
        ended.stage.clock.at = first.captured_at + 24 * HOUR - timedelta(seconds=1)
        assert rounds.make().n_alerts == 0
        ended.stage.clock.at = first.captured_at + 24 * HOUR
        assert rounds.make().n_alerts == 1
        assert ended.stage.alerts() == (second,)
        assert proof(ended).findings == ()

    def test_leaves_nothing_of_it_on_the_disk(self, new_sqlite, home):
        """Its key is still there for the others, so its bytes must be gone from every file."""
        ended = _two_alerts(new_sqlite, home)
        first, _ = ended.stage.alerts()
        with ended.stage.reading() as uow:
            crop = uow.secrets.get(first.crop_secret_id)
            rows = uow._transaction.rows
            is_its = secrets.c.secret_id == first.crop_secret_id
            ciphertext = rows(select(secrets.c.ciphertext).where(is_its))[0].ciphertext
        assert crop == CROP
        scan = ended.tools.scan
        scan.mark("one-alert", [ciphertext])
        assert scan.search_marked("one-alert").remains
        ended.stage.clock.at = first.captured_at + 24 * HOUR
        Rounds(ended.stage.workplace, ended.stage.reading, ended.tools).make()
        assert scan.search_marked("one-alert").remains == ()

    def test_keeps_its_outcome_for_the_rate(self, new_sqlite, home):
        """An unresolved alert stays unresolved when its row is gone (R-43)."""
        ended = _two_alerts(new_sqlite, home)
        ended.stage.clock.at = ended.stage.alerts()[0].captured_at + 24 * HOUR
        Rounds(ended.stage.workplace, ended.stage.reading, ended.tools).make()
        with ended.stage.reading() as uow:
            assert ErasedOutcomes("d-1").so_far(uow).unresolved == 1


def _another(folder):
    """Return a deployment that has ended, on a store of its own."""
    home = folder / "home"
    home.mkdir(parents=True)

    def opened():
        database = open_database(f"sqlite:///{home / 'overt.db'}")
        upgrade(database)
        return database

    return an_ended(opened, home)


def _two_alerts(new_sqlite, home):
    """Return a suspended deployment with two alerts, an hour apart."""
    database = new_sqlite()
    home.mkdir(exist_ok=True)
    stage = a_stage(sql_store(database), ids=TimedIds(), picture=PHOTOGRAPH)
    live = stage.deployment()
    a_run(stage, anna_walks(stage), encode=lambda pixels: CROP).go()
    stage.clock.at += HOUR
    stage.save(live)
    a_run(stage, anna_walks(stage, first=1000), encode=lambda pixels: CROP).go()
    tools, key = tools_for(database, home)
    return Ended(stage, tools, home, key)
