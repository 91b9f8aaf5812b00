from dataclasses import replace

import pytest
from tests.unit.core.governed import BUILT_AT, HOUR, MINUTE, a_rehearsal, live
from tests.unit.services.listing import (
    a_portrait,
    a_workplace,
    an_enroller,
    approved,
    composed,
    deployment_of,
    entries_of,
    entry_of,
    events_of,
    kinds_of,
    secrets_of,
)

from overt.core.freshness_feed import FreshnessFeed
from overt.core.watchlist import ListKind
from overt.errors import (
    ConsentMissingError,
    NothingEnrolledError,
    PackNotOperationalError,
    PassWrongStateError,
    RecordNotFoundError,
    RoleForbiddenError,
    WrongStateError,
)
from overt.evaluation.recognition_figures import PassResult
from overt.services.approve_watchlist import approve_one_entry, approve_watchlist
from overt.services.blue_passes import Walk, log_walk, open_pass, start_pass, stop_pass
from overt.services.check_freshness import check_freshness
from overt.services.load_gallery import GalleryWatch, load_gallery
from overt.services.view_watchlist import view_portrait, view_watchlist
from overt.services.volunteers import OfferedVolunteer, add_volunteer, withdraw_consent
from overt.testing import ANNA, FAKE_PACK

CONSENT = "c" * 64
DORA, EMIL = (64, 64), (192, 192)


def add(workplace, who=DORA, reference="v-1", actor="evaluator-1", **changes):
    """Return a volunteer who was added."""
    offer = OfferedVolunteer(reference, CONSENT, lambda side_px: a_portrait(who))
    offer = replace(offer, **changes)
    return add_volunteer(workplace, actor, "d-1", offer, an_enroller())


def gone_live(workplace):
    """Put the deployment into LIVE, as its other conditions are not of interest here."""
    with workplace.open() as uow:
        deployment = uow.deployments.get("d-1")
        watchlist, version = deployment.watchlist, deployment.version
        uow.deployments.save(replace(live(), watchlist=watchlist, version=version))
        uow.commit()
    return workplace


def walking(state="live"):
    """Return a live workplace and its volunteer."""
    workplace = approved()
    volunteer = add(workplace)
    return gone_live(workplace), volunteer.volunteer_id


def test_a_volunteer_stands_on_the_blue_list_only():
    """R-22: beside an operational list, which does not notice."""
    workplace = approved()
    before = deployment_of(workplace)
    volunteer = add(workplace)

    (entry,) = entries_of(workplace, list_kind=ListKind.BLUE)
    assert (entry.entry_id, entry.reference) == (volunteer.entry_id, "V-1")
    assert (entry.status, entry.category) == ("composed", "volunteer")
    assert deployment_of(workplace) == before
    event = events_of(workplace)[-1]
    assert event.details == {
        "volunteer_id": volunteer.volunteer_id,
        "entry_id": volunteer.entry_id,
        "consent_sha256": CONSENT,
    }
    with workplace.open() as uow:
        assert uow.passes.volunteers("d-1") == (volunteer,)
        assert uow.listed.was_listed("V-1", BUILT_AT.date(), BUILT_AT.tzinfo) == ()


def test_a_gallery_tells_volunteers_from_those_sought():
    """R-22: an alert for a blue entry can be told at once."""
    workplace = approved()
    volunteer = add(workplace)
    approve_one_entry(workplace, "authority-2", volunteer.entry_id)
    loaded = load_gallery(workplace.open, "d-1", FAKE_PACK, BUILT_AT)

    assert loaded.blue_entry_ids == {volunteer.entry_id}
    assert loaded.list_kind(volunteer.entry_id) is ListKind.BLUE
    assert len(loaded.gallery) == 4
    with workplace.open() as uow:
        assert uow.listed.was_listed("V-1", BUILT_AT.date(), BUILT_AT.tzinfo) == ()


def test_composing_anew_leaves_volunteers_alone():
    """R-22: only the operational list is replaced; no feed takes a volunteer off."""
    workplace = approved()
    add(workplace)
    composed(workplace)
    check_freshness(workplace, None, "d-1", FreshnessFeed(frozenset({"V-1"}), 1, CONSENT))

    (entry,) = entries_of(workplace, list_kind=ListKind.BLUE)
    assert entry.status == "composed"
    assert entry.entry_id in secrets_of(workplace, "template")


def test_in_a_rehearsal_the_blue_list_is_what_is_searched():
    """R-22: each volunteer makes a new version, which a second person approves."""
    workplace = a_workplace(a_rehearsal())
    add(workplace)
    add(workplace, EMIL, "v-2")
    watchlist = deployment_of(workplace).watchlist
    assert (watchlist.list_kind, watchlist.version, watchlist.n_entries) == ("blue", 2, 2)

    done = approve_watchlist(workplace, "applicant-1", "d-1")
    assert done.n_approved == 2
    assert len(load_gallery(workplace.open, "d-1", FAKE_PACK, BUILT_AT).gallery) == 2


REFUSED = {
    "no face": ({"read_photograph": lambda side_px: a_portrait(n_faces=0)}, "no_face"),
    "no picture": ({"read_photograph": lambda side_px: None}, "image_unreadable"),
    "no reference": ({"reference": " "}, "reference_unusable"),
    "a reference twice": ({"who": EMIL}, "reference_twice"),
    "a face twice": ({"reference": "v-2"}, "same_face_as_another"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_volunteer_is_refused_with_the_reason(case):
    """R-15, R-16: as on the other list."""
    changes, reason = REFUSED[case]
    workplace = approved()
    add(workplace)
    with pytest.raises(NothingEnrolledError, match=reason):
        add(workplace, **changes)
    assert len(entries_of(workplace, list_kind=ListKind.BLUE)) == 1


def test_an_evaluator_does_not_learn_who_is_sought():
    """R-22: the face of somebody on the watchlist is taken without a word."""
    workplace = approved()
    assert add(workplace, ANNA).entry_id


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"actor": "operator-1"}, RoleForbiddenError),
        ({"consent_sha256": "signed"}, ConsentMissingError),
    ],
)
def test_nobody_is_added_without_consent_and_evaluator(changes, error):
    """R-22: the refusal is logged."""
    workplace = approved()
    with pytest.raises(error):
        add(workplace, **changes)
    assert kinds_of(workplace)[-1] == "AccessDenied"
    assert entries_of(workplace, list_kind=ListKind.BLUE) == ()


def test_nobody_is_added_while_live():
    """A gallery in use only ever gets smaller."""
    with pytest.raises(WrongStateError):
        add(gone_live(approved()))


def test_a_volunteers_pack_must_be_known():
    """R-72: as for the other list."""
    offer = OfferedVolunteer("v-1", CONSENT, lambda side_px: a_portrait(DORA))
    with pytest.raises(PackNotOperationalError):
        add_volunteer(approved(), "evaluator-1", "d-1", offer, an_enroller(pack_name="unheard-of"))


def test_a_withdrawn_consent_deletes_the_face_at_once():
    """R-22: even while live; the gallery loses the entry with its next look."""
    workplace = approved()
    volunteer = add(workplace)
    approve_one_entry(workplace, "authority-2", volunteer.entry_id)
    gone_live(workplace)
    watch = GalleryWatch(workplace.open, "d-1", FAKE_PACK, workplace.clock)
    start_pass(workplace, "evaluator-1", volunteer.volunteer_id, "north-camera")
    workplace.clock.at += MINUTE
    withdrawn = withdraw_consent(workplace, "evaluator-1", volunteer.volunteer_id)

    assert withdrawn.withdrawn_at == BUILT_AT + MINUTE
    assert volunteer.entry_id not in secrets_of(workplace, "image")
    assert volunteer.entry_id not in secrets_of(workplace, "template")
    assert entry_of(workplace, "V-1").removed_reason == "consent_withdrawn"
    assert open_pass(workplace, volunteer.volunteer_id) is None
    assert len(watch.look().gallery) == 3
    assert kinds_of(workplace)[-1] == "ConsentWithdrawn"
    with pytest.raises(PassWrongStateError):
        withdraw_consent(workplace, "evaluator-1", volunteer.volunteer_id)
    with pytest.raises(ConsentMissingError):
        start_pass(workplace, "evaluator-1", volunteer.volunteer_id, "north-camera")


def test_a_withdrawn_consent_makes_a_rehearsals_list_smaller():
    """R-22: its status counts who is left."""
    workplace = a_workplace(a_rehearsal())
    volunteer = add(workplace)
    add(workplace, EMIL, "v-2")
    withdraw_consent(workplace, "evaluator-1", volunteer.volunteer_id)

    assert deployment_of(workplace).watchlist.n_entries == 1


def test_only_an_evaluator_withdraws_for_a_volunteer():
    """The refusal is logged."""
    workplace = approved()
    volunteer = add(workplace)
    with pytest.raises(RoleForbiddenError):
        withdraw_consent(workplace, "operator-1", volunteer.volunteer_id)
    assert kinds_of(workplace)[-1] == "AccessDenied"


def test_a_pass_is_started_and_stopped():
    """R-44: it is logged once, when it has become a recognition opportunity."""
    workplace, volunteer_id = walking()
    begun = start_pass(workplace, "evaluator-1", volunteer_id, "north-camera", notes="Rain")
    assert open_pass(workplace, volunteer_id) == begun
    assert "BluePassLogged" not in kinds_of(workplace)
    workplace.clock.at += MINUTE
    ended = stop_pass(workplace, "evaluator-1", begun.pass_id)

    assert (ended.started_at, ended.stopped_at) == (BUILT_AT, BUILT_AT + MINUTE)
    assert (ended.notes, ended.logged_by) == ("Rain", "evaluator-1")
    assert events_of(workplace)[-1].details == {
        "pass_id": begun.pass_id,
        "volunteer_id": volunteer_id,
        "camera_id": "north-camera",
        "started_at": BUILT_AT.isoformat(),
        "stopped_at": (BUILT_AT + MINUTE).isoformat(),
        "factors": (),
    }
    assert kinds_of(workplace).count("BluePassLogged") == 1


def test_the_log_holds_the_factors_of_the_policys_list_and_nothing_else_of_the_notes():
    """R-46, R-31: whatever somebody types, a name for example, stays out of the log."""
    workplace, volunteer_id = walking()
    workplace.clock.at += HOUR
    notes = "factors: Head turned, glasses, next to Jane Roe; walked fast"
    walk = Walk("north-camera", BUILT_AT + MINUTE, BUILT_AT + 2 * MINUTE, notes)
    log_walk(workplace, "evaluator-1", volunteer_id, walk)

    assert events_of(workplace)[-1].details["factors"] == ("head_turned", "glasses")
    assert "result" not in events_of(workplace)[-1].details


def test_the_log_tells_how_far_the_machine_came_where_somebody_watched():
    """R-44: why a pass was missed can only be told by who watched it."""
    workplace, volunteer_id = walking()
    workplace.clock.at += HOUR
    times = BUILT_AT + MINUTE, BUILT_AT + 2 * MINUTE
    walk = Walk("north-camera", *times, result=PassResult.REJECTED)
    log_walk(workplace, "evaluator-1", volunteer_id, walk)

    assert events_of(workplace)[-1].details["result"] == "rejected"


def test_a_pass_is_typed_in_afterwards():
    """R-44: with both its times, also once the deployment has ended."""
    workplace, volunteer_id = walking()
    workplace.clock.at += HOUR
    walk = Walk("north-camera", BUILT_AT + MINUTE, BUILT_AT + 2 * MINUTE, "Hat")
    logged = log_walk(workplace, "evaluator-1", volunteer_id, walk)

    assert (logged.stopped_at, logged.notes) == (BUILT_AT + 2 * MINUTE, "Hat")
    with workplace.open() as uow:
        assert uow.passes.of_deployment("d-1") == (logged,)


@pytest.mark.parametrize(
    ("minutes", "camera", "error"),
    [
        ((1, 2), "elsewhere", PassWrongStateError),
        ((1, 2), " ", PassWrongStateError),
        ((2, 1), "north-camera", PassWrongStateError),
        ((50, 70), "north-camera", PassWrongStateError),
        ((-9, 1), "north-camera", ConsentMissingError),
        ((10, 20), "north-camera", PassWrongStateError),
        ((25, 40), "north-camera", PassWrongStateError),
    ],
)
def test_a_walk_that_cannot_be_is_refused(minutes, camera, error):
    """R-44: no such camera, times that cannot be, before the consent, or while walking elsewhere.

    The volunteer has walked from 15 to 30 minutes.
    """
    workplace, volunteer_id = walking()
    workplace.clock.at += HOUR
    other = Walk("north-camera", BUILT_AT + 15 * MINUTE, BUILT_AT + 30 * MINUTE)
    log_walk(workplace, "evaluator-1", volunteer_id, other)
    start, stop = (BUILT_AT + minute * MINUTE for minute in minutes)
    with pytest.raises(error):
        log_walk(workplace, "evaluator-1", volunteer_id, Walk(camera, start, stop))
    assert kinds_of(workplace)[-1] == "AccessDenied"


def test_a_volunteer_walks_one_pass_at_a_time():
    """R-44: a start while walking is refused, and a second stop."""
    workplace, volunteer_id = walking()
    begun = start_pass(workplace, "evaluator-1", volunteer_id, "north-camera")
    with pytest.raises(PassWrongStateError):
        start_pass(workplace, "evaluator-1", volunteer_id, "north-camera")
    workplace.clock.at += MINUTE
    stop_pass(workplace, "evaluator-1", begun.pass_id)
    with pytest.raises(PassWrongStateError):
        stop_pass(workplace, "evaluator-1", begun.pass_id)


def test_nobody_walks_before_it_is_live():
    """A pass is a recognition opportunity: cameras have to run."""
    workplace = approved()
    volunteer = add(workplace)
    with pytest.raises(WrongStateError):
        start_pass(workplace, "evaluator-1", volunteer.volunteer_id, "north-camera")


def test_in_a_rehearsal_any_camera_may_be_named():
    """There is no authority to name them."""
    workplace = a_workplace(a_rehearsal())
    volunteer = add(workplace)
    with workplace.open() as uow:
        deployment = uow.deployments.get("d-1")
        uow.deployments.save(replace(deployment, state="live"))
        uow.commit()
    assert start_pass(workplace, "evaluator-1", volunteer.volunteer_id, "clip-1").camera_id


@pytest.mark.parametrize(
    ("actor", "kind", "may"),
    [
        ("applicant-2", ListKind.OPERATIONAL, True),
        ("operator-1", ListKind.OPERATIONAL, True),
        ("evaluator-1", ListKind.OPERATIONAL, False),
        ("engineer-1", ListKind.OPERATIONAL, False),
        ("observer-1", ListKind.OPERATIONAL, False),
        ("evaluator-1", ListKind.BLUE, True),
        ("operator-1", ListKind.BLUE, False),
    ],
)
def test_every_look_at_a_list_is_logged(actor, kind, may):
    """R-22, R-31: what was seen, by whom; a look that is not allowed too."""
    workplace = approved()
    add(workplace)
    if may:
        assert {e.list_kind for e in view_watchlist(workplace, actor, "d-1", kind)} == {kind}
        assert events_of(workplace)[-1].details == {"what": f"{kind} list", "row_id": "d-1"}
    else:
        with pytest.raises(RoleForbiddenError):
            view_watchlist(workplace, actor, "d-1", kind)
        assert kinds_of(workplace)[-1] == "AccessDenied"


def test_a_portrait_is_seen_by_who_compares_it():
    """R-16: the second person sees the picture; once it is deleted there is none."""
    workplace = approved()
    entry_id = entry_of(workplace, "N-2").entry_id

    assert view_portrait(workplace, "applicant-2", entry_id) == b"a portrait"
    assert events_of(workplace)[-1].details == {"what": "operational entry", "row_id": entry_id}
    check_freshness(workplace, None, "d-1", FreshnessFeed(frozenset({"N-2"}), 1, CONSENT))
    with pytest.raises(RecordNotFoundError, match="deleted"):
        view_portrait(workplace, "applicant-2", entry_id)
