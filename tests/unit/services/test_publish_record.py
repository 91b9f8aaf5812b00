from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import ARREST, DISMISS, ENGAGE, FALSE, PASS, TRUE
from tests.unit.services.alerted import add_alert, an_alerted_workplace, decide_all, events

from overt.core.adjudication import DisposalVerdict
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.engagement import EqualityDetails
from overt.core.listed_period import ListedPeriod
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.watchlist import ListKind
from overt.errors import (
    FiguresDifferError,
    OutputUnwritableError,
    RecordNotFoundError,
    RoleForbiddenError,
    RuleError,
    WrongStateError,
)
from overt.evaluation.deployment_count import count_deployment
from overt.evaluation.equality import equality_from
from overt.services.answer_question import answer_question
from overt.services.ask_question import ask_question
from overt.services.count_equality import log_equality
from overt.services.engage import end_engagement, engage_on_grounds, engagement_of_alert
from overt.services.file_statement import file_statement
from overt.services.find_events import events_of_deployment
from overt.services.go_live import end
from overt.services.publish_record import WITHHELD, figures_of, publish_record, record_of
from overt.services.withdraw_message import withdraw_message

K = EventKind


def log(workplace, kind, **details):
    """Append an event of the deployment."""
    with workplace.open() as uow:
        uow.audit.append(AuditEvent(kind, workplace.clock.at, "system", "d-1", details))
        uow.commit()


def count_minute(workplace, n_logged, n_stored=None):
    """Count faces of one minute, in the log and in the store."""
    kept = n_logged if n_stored is None else n_stored
    minute = MinuteCounts("d-1", "north-camera", g.OPENS, LiveCounts(faces_seen=kept))
    with workplace.open() as uow:
        uow.counts.add_minute(minute)
        uow.commit()
    log(
        workplace,
        K.MINUTE_COUNTED,
        camera_id="north-camera",
        minute=g.OPENS.isoformat(),
        faces_seen=n_logged,
        searches=0,
    )


def a_run(*, reason="Done as planned"):
    """Return a workplace after a run with four alerts and volunteers, ended and purged."""
    workplace = an_alerted_workplace()
    workplace.clock.at = g.OPENS
    log(
        workplace,
        K.DEPLOYMENT_WENT_LIVE,
        operating_point_digest="point",
        pack_digest="pack",
        policy_hash="p",
        n_entries=20,
    )
    log(workplace, K.WATCHLIST_COMPOSED, watchlist_version=1, n_entries=20, n_refused=3)
    workplace.clock.at = g.OPENS + g.MINUTE
    for name in ("a-2", "a-3"):
        add_alert(workplace, alert_id=name)
    add_alert(workplace, alert_id="b-1", list_kind=ListKind.BLUE, entry_id="e-blue")
    count_minute(workplace, 900)
    decide_all(workplace, PASS, ENGAGE, TRUE, ARREST)
    decide_all(workplace, DISMISS, alert_id="a-2")
    decide_all(workplace, PASS, ENGAGE, alert_id="a-3")
    with workplace.open() as uow:
        engagement_id = engagement_of_alert(uow, "a-3").engagement_id
    decide_all(workplace, FALSE, DisposalVerdict.NO_FURTHER_ACTION, alert_id="a-3")
    end_engagement(
        workplace,
        "engager-1",
        engagement_id,
        is_leaflet_given=True,
        details=EqualityDetails(perceived_ethnicity_code="mixed"),
    )
    engage_on_grounds(workplace, "engager-1", "d-1", "offence_seen")
    walk(workplace)
    workplace.clock.at = g.OPENS + 2 * g.HOUR
    end(workplace, "operator-1", "d-1", reason=reason)
    purge(workplace)
    return workplace


def walk(workplace):
    """Log a volunteer's two passes: one raised their alert, one raised none."""
    log(
        workplace,
        K.VOLUNTEER_CONSENTED,
        volunteer_id="v-1",
        entry_id="e-blue",
        consent_sha256=g.DIGEST,
    )
    for number, start in enumerate((g.OPENS - g.MINUTE, g.OPENS + g.HOUR)):
        log(
            workplace,
            K.BLUE_PASS_LOGGED,
            pass_id=f"pass-{number}",
            volunteer_id="v-1",
            camera_id="north-camera",
            started_at=start.isoformat(),
            stopped_at=(start + 2 * g.MINUTE).isoformat(),
        )


def purge(workplace):
    """Leave of the deployment what a purge leaves."""
    workplace.clock.at += g.HOUR
    with workplace.open() as uow:
        ended = uow.deployments.get("d-1")
        uow.alerts.delete_of("d-1")
        uow.entries.delete_of("d-1")
        step = g.purged(ended, None, workplace.clock.at, n_rows=30, n_files=0)
        uow.deployments.save(step.deployment)
        uow.listed.add(ListedPeriod("N-77", "d-1", "wanted_by_courts", g.BUILT_AT, g.CLOSES))
        uow.commit()


def test_every_figure_comes_from_the_log():
    """R-71: rows are gone; the counts by hand are what is published."""
    workplace = a_run()

    found = json.loads(publish_record(workplace, "evaluator-1", "d-1"))

    assert found["alerts"] == {
        "total": 3,
        "true_confirmed": 1,
        "true_unconfirmed": 0,
        "false_confirmed": 1,
        "false_unconfirmed": 1,
        "unresolved": 0,
    }
    assert found["faces_seen"]["count"] == 900
    assert found["false_alerts_per_face_seen"]["count"] == 2
    assert found["ran"]["duration_h"] == 2
    assert found["watchlist"]["size"] == 20
    assert found["watchlist"]["images_rejected"] == 3
    engagements = found["engagements"]
    assert (engagements["total"], engagements["arrests"], engagements["without_alert"]) == (2, 1, 1)
    assert engagements["after_false_alert_durations"]["under 5 min"] == 1
    assert found["blue"]["alerts"] == 1
    rate = found["blue"]["true_recognition_rate"]
    assert (rate["count"], rate["total"]) == (1, 2)
    assert found["equality"]["ethnicity"]["after_false_alert"] == {"Mixed": None}


def test_the_record_is_kept_and_its_digest_logged():
    """Whoever has the file can hold it against the log."""
    workplace = a_run()

    text = publish_record(workplace, "authority-1", "d-1")

    (event,) = events(workplace, K.DEPLOYMENT_PUBLISHED)
    assert event.details["record_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert record_of(workplace.open, "d-1") == text
    with workplace.open() as uow:
        assert uow.deployments.get("d-1").state == "published"


def test_nothing_personal_is_in_it():
    """R-64: no reference, entry, alert or account, whatever somebody wrote into a reason."""
    workplace = a_run(reason="Ended after the arrest of (n-77).")

    text = publish_record(workplace, "evaluator-1", "d-1")

    assert f"Ended after the arrest of ({WITHHELD}" in text
    for word in ("n-77", "N-77", "e-1", "e-blue", "v-1", "a-1", "Warrant", "Custody"):
        assert word not in text.replace("cm9v", "")
    for actor in g.EVERYONE:
        assert actor.actor_id not in text


def test_a_reference_of_several_words_is_withheld_too():
    """R-64: as the list keeps it, and as somebody may write it."""
    workplace = a_run(reason="Done: ref  0001, ref 0002 and Ref 0001.")
    with workplace.open() as uow:
        uow.listed.add(ListedPeriod("REF 0001", "d-1", "wanted_by_courts", g.BUILT_AT, g.CLOSES))
        uow.commit()

    document = json.loads(publish_record(workplace, "evaluator-1", "d-1"))

    assert document["ran"]["note"] == f"Done: {WITHHELD}, ref 0002 and {WITHHELD}"


@pytest.mark.parametrize(
    ("actor_id", "changes", "code"),
    [
        ("applicant-1", {}, "rule.role_forbidden"),
        ("operator-1", {}, "rule.role_forbidden"),
        ("evaluator-1", {"state": "ended"}, "deployment.wrong_state"),
        ("evaluator-1", {"kind": DeploymentKind.REHEARSAL}, "deployment.wrong_kind"),
    ],
)
def test_a_refused_publication_is_logged(actor_id, changes, code):
    """Not by this person, not before the purge, not of a rehearsal (R-22)."""
    workplace = a_run()
    with workplace.open() as uow:
        uow.deployments.save(replace(uow.deployments.get("d-1"), **changes))
        uow.commit()

    with pytest.raises(RuleError) as refused:
        publish_record(workplace, actor_id, "d-1")

    assert refused.value.code == code
    assert events(workplace, K.ACCESS_DENIED)[-1].details["code"] == code
    with pytest.raises(RecordNotFoundError):
        record_of(workplace.open, "d-1")


def test_a_record_that_cannot_be_written_is_not_published():
    """File and log agree: both, or neither."""
    workplace = a_run()

    def full(_):
        raise OutputUnwritableError("no room")

    with pytest.raises(OutputUnwritableError):
        publish_record(workplace, "evaluator-1", "d-1", full)

    assert events(workplace, K.DEPLOYMENT_PUBLISHED) == []


def test_figures_that_differ_stop_the_publication():
    """Design, section 8: the store's own count is compared with the log's."""
    workplace = a_run()
    count_minute(workplace, 5, n_stored=4)

    with pytest.raises(FiguresDifferError, match="the log gives 905, the store 904"):
        publish_record(workplace, "evaluator-1", "d-1")


def test_equality_is_counted_into_the_log_once():
    """R-71: tables, no row per person; whoever has the log has the published figures."""
    workplace = a_run()

    published = json.loads(publish_record(workplace, "evaluator-1", "d-1"))

    (event,) = events(workplace, K.EQUALITY_COUNTED)
    tables = event.details["tables"]
    assert tables["ethnicity"] == {"engaged": {"mixed": None}, "after_false_alert": {"mixed": None}}
    assert event.details["withheld_below"] == published["equality"]["withheld_below"] == 5
    with workplace.open() as uow:
        counted = count_deployment(events_of_deployment(uow, "d-1"))
    assert counted.figures.equality == equality_from(event.details)


def test_figures_are_there_before_equality_is_counted():
    """Everything else can be counted at any time."""
    workplace = a_run()

    with workplace.open() as uow:
        figures = figures_of(uow, "d-1")

    assert (figures.equality, figures.engagements.engaged) == (None, 2)


def test_engagements_that_the_log_does_not_know_stop_the_publication():
    """Somebody put rows into the store."""
    workplace = a_run()
    with workplace.open() as uow:
        engagement = next(e for e in uow.engagements.of_deployment("d-1") if e.alert_id == "a-3")
        for number in range(3):
            again = replace(engagement, engagement_id=f"other-{number}")
            uow.engagements.add(again)
        uow.commit()

    with workplace.open() as uow, pytest.raises(FiguresDifferError, match="gives 2, the store 5"):
        figures_of(uow, "d-1")


def test_records_that_were_changed_after_the_count_stop_the_publication():
    """The store and the log no longer agree; nothing is published, nothing counted anew."""
    workplace = a_run()
    with workplace.open() as uow:
        counted = count_deployment(events_of_deployment(uow, "d-1"))
        log_equality(uow, "d-1", counted.alert_ids, g.POLICY, workplace.clock.at)
        engagement = next(e for e in uow.engagements.of_deployment("d-1") if e.alert_id == "a-3")
        uow.engagements.save(replace(engagement, perceived_ethnicity_code="white"))
        uow.commit()

    with pytest.raises(FiguresDifferError, match="equality tables of the log"):
        publish_record(workplace, "evaluator-1", "d-1")

    assert len(events(workplace, K.EQUALITY_COUNTED)) == 1


def test_no_engagement_is_ended_after_the_count():
    """The difference between two tables could be one person."""
    workplace = a_run()
    with workplace.open() as uow:
        lasting = next(e for e in uow.engagements.of_deployment("d-1") if e.ended_at is None)

    with pytest.raises(WrongStateError, match="before its deployment is purged"):
        end_engagement(workplace, "engager-1", lasting.engagement_id, is_leaflet_given=True)

    assert events(workplace, K.ACCESS_DENIED)[-1].details["code"] == "deployment.wrong_state"


def test_figures_that_contradict_each_other_are_refused():
    """More people in a table than engagements cannot be."""
    workplace = a_run()
    table = {"engaged": {"mixed": 9}, "after_false_alert": {}}
    tables = {"ethnicity": table, "age_band": table, "sex": table}
    log(workplace, K.EQUALITY_COUNTED, withheld_below=5, tables=tables)

    with workplace.open() as uow, pytest.raises(FiguresDifferError, match="contradict"):
        figures_of(uow, "d-1")


def test_an_observer_publishes_nothing():
    """They watch."""
    with pytest.raises(RoleForbiddenError):
        publish_record(a_run(), "observer-1", "d-1")


def test_observers_statements_are_published_unedited():
    """R-64: not even a word that looks like somebody's reference is taken out of them."""
    workplace = a_run()
    with workplace.open() as uow:
        uow.listed.add(ListedPeriod("N-77", "d-1", "wanted_by_courts", g.OPENS, None))
        uow.commit()
    file_statement(workplace, "observer-1", "d-1", "I was told of N-77.")
    document = json.loads(publish_record(workplace, "evaluator-1", "d-1"))

    assert [one["text"] for one in document["statements"]] == ["I was told of N-77."]


def test_questions_and_answers_are_published_with_the_record():
    """R-64: as they were written; of one that was withdrawn, that there was one, and when."""
    workplace = a_run()
    kept = ask_question(workplace, "observer-1", "d-1", "Who chose the square?")
    gone = ask_question(workplace, "observer-1", "d-1", "A slip")
    answer_question(workplace, "applicant-1", kept.message_id, "The application says.")
    withdraw_message(workplace, "observer-1", gone.message_id)
    first, second = json.loads(publish_record(workplace, "evaluator-1", "d-1"))["questions"]

    assert first["text"] == "Who chose the square?"
    assert [each["text"] for each in first["answers"]] == ["The application says."]
    assert "text" not in second
    assert second["withdrawn_at"] == second["asked_at"]
