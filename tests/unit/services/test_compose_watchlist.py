import json
from dataclasses import replace
from datetime import timedelta
from itertools import repeat

import numpy as np
import pytest
from tests.unit.core.governed import (
    BUILT_AT,
    DAY,
    a_rehearsal,
    an_application,
    authorised,
    live,
)
from tests.unit.core.policy_tables import force_policy
from tests.unit.services.listing import (
    DORA,
    OnePolicy,
    a_portrait,
    a_workplace,
    an_enroller,
    an_offer,
    composed,
    deployment_of,
    entries_of,
    entry_of,
    events_of,
    kinds_of,
    secrets_of,
    three_offers,
)

from overt.core.template_bytes import template_header, template_vector
from overt.core.watchlist import Under18Exception
from overt.errors import (
    ModelRunError,
    NothingEnrolledError,
    PackNotOperationalError,
    RecordConflictError,
    RoleForbiddenError,
    SeparationOfDutiesError,
    StoreFullError,
    WatchlistTooLargeError,
    WrongKindError,
    WrongStateError,
)
from overt.services.compose_watchlist import ComposeProgress, compose_watchlist
from overt.testing import ANNA, BERTA, CLARA, FAKE_PACK

GRANTED = Under18Exception("authority-1", "At risk of harm")
TOO_LOW = Under18Exception("authority-3", "An inspector is no superintendent")
NOBODY = Under18Exception("nobody-9", "Not an account")


def compose(workplace, offers, actor="applicant-1", enroller=None, progress=None):
    """Return what came of a list."""
    return compose_watchlist(workplace, actor, "d-1", offers, enroller or an_enroller(), progress)


def test_a_list_waits_for_approval_with_faces_kept_apart():
    """R-11, R-12: each row is an entry; portrait and template are secrets of the deployment."""
    workplace = a_workplace()
    done = compose(workplace, three_offers())

    entries = entries_of(workplace)
    assert (done.n_entries, done.refused, done.n_replaced) == (3, (), 0)
    assert [e.reference for e in entries] == ["N-1", "N-2", "N-3"]
    assert {e.status for e in entries} == {"composed"}
    assert {e.composed_by for e in entries} == {"applicant-1"}
    assert {e.justification for e in entries} == {"Warrant of 3 January"}
    assert secrets_of(workplace, "image") == {e.entry_id: b"a portrait" for e in entries}
    templates = secrets_of(workplace, "template").values()
    rows = np.stack([template_vector(data, template_header(FAKE_PACK)) for data in templates])
    assert rows.shape == (3, 128)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)


def test_the_deployment_knows_its_list():
    """R-12, R-13: built when, by whom, how many; it waits for approval."""
    workplace = composed()
    watchlist = deployment_of(workplace).watchlist

    assert (watchlist.version, watchlist.n_entries, watchlist.n_templates) == (1, 3, 3)
    assert (watchlist.built_at, watchlist.built_by) == (BUILT_AT, "applicant-1")
    assert watchlist.approved_at is None


ALONE = {
    "reference_missing": {"reference": ""},
    "category_not_allowed": {"category": "looks_odd"},
    "justification_missing": {"justification": " "},
    "image_source_missing": {"image_source": ""},
    "image_date_missing": {"image_date": None},
    "image_date_ahead": {"image_date": (BUILT_AT + DAY).date()},
    "image_too_old": {"image_date": (BUILT_AT - timedelta(days=3651)).date()},
    "urgency_not_allowed": {"urgency": "purple"},
    "under_18_without_exception": {"is_under_18": True},
    "expired": {"expires_at": BUILT_AT},
    "image_unreadable": {"pixels": None},
    "no_face": {"pixels": a_portrait(n_faces=0)},
    "several_faces": {"pixels": a_portrait(n_faces=2)},
    "poor_quality": {"pixels": a_portrait(is_sharp=False)},
}


@pytest.mark.parametrize("reason", ALONE)
def test_a_row_is_refused_for_one_reason(reason):
    """R-10, R-11, R-15, R-18: the reason is named; the other rows are listed."""
    workplace = a_workplace()
    bad = an_offer(CLARA, number=9, **{"reference": "N-9", **ALONE[reason]})
    done = compose(workplace, [*three_offers()[:2], bad])

    assert [(one.row, one.reasons) for one in done.refused] == [(9, (reason,))]
    assert [e.reference for e in entries_of(workplace)] == ["N-1", "N-2"]
    assert deployment_of(workplace).watchlist.n_entries == 2


def test_a_row_learns_all_its_reasons_at_once():
    """R-10, R-11, R-15: words, date and photograph together; quality by its own codes."""
    bad = an_offer(
        number=9,
        category="looks_odd",
        justification="",
        image_date=None,
        pixels=a_portrait(side_px=40, is_sharp=False),
    )
    done = compose(a_workplace(), [bad, *three_offers()[1:]])

    assert done.refused[0].reasons == (
        "category_not_allowed",
        "justification_missing",
        "image_date_missing",
        "poor_quality",
    )
    assert done.refused[0].quality == ("too_small", "blurred")


@pytest.mark.parametrize(
    ("named", "reasons"),
    [
        (GRANTED, ()),
        (TOO_LOW, ("under_18_without_exception",)),
        (NOBODY, ("under_18_without_exception",)),
        (replace(GRANTED, granted_by="applicant-2"), ("under_18_without_exception",)),
    ],
)
def test_an_exception_is_an_officers_of_the_rank(named, reasons):
    """R-18: the officer is an account, authorising, and of the policy's rank."""
    workplace = a_workplace()
    young = an_offer(CLARA, reference="N-3", is_under_18=True, under_18_exception=named)
    done = compose(workplace, [*three_offers()[:2], young])

    assert tuple(r for one in done.refused for r in one.reasons) == reasons
    if not reasons:
        assert entry_of(workplace, "N-3").under_18_exception == GRANTED


def test_an_exception_without_need_is_not_kept():
    """Nothing more is stored of an adult."""
    workplace = a_workplace()
    compose(workplace, [an_offer(under_18_exception=GRANTED)])

    assert entry_of(workplace, "N-1").under_18_exception is None


def test_a_category_of_the_policy_must_also_be_applied_for():
    """R-10: the authority names whom this list may hold."""
    workplace = a_workplace(authorised(an_application(categories=("wanted_by_police",))))
    with pytest.raises(NothingEnrolledError, match="category_not_allowed 3"):
        compose(workplace, three_offers())


def test_a_reference_that_stands_twice_is_refused_both_times():
    """R-16: nobody guesses which row was meant, even if one of them has another fault."""
    rows = [
        an_offer(ANNA, number=2),
        an_offer(BERTA, number=3, justification=""),
        an_offer(CLARA, number=4, reference="N-3"),
    ]
    done = compose(a_workplace(), rows)

    assert [(one.row, one.reasons) for one in done.refused] == [
        (2, ("reference_twice",)),
        (3, ("justification_missing", "reference_twice")),
    ]


def test_one_face_under_two_references_is_refused_both_times():
    """R-16: one of them names somebody wrongly; each row is told the other's number."""
    rows = [
        an_offer(ANNA, number=2, reference="N-1"),
        an_offer(BERTA, number=3, reference="N-2"),
        an_offer(ANNA, number=4, reference="N-3"),
    ]
    done = compose(a_workplace(), rows)

    assert [(one.row, one.reasons, one.same_face_rows) for one in done.refused] == [
        (2, ("same_face_as_another",), (4,)),
        (4, ("same_face_as_another",), (2,)),
    ]
    assert done.n_entries == 1


def test_the_threshold_for_one_face_is_the_policys():
    """R-72: the pack's number, and no pack without one."""
    workplace = a_workplace()
    enroller = an_enroller(pack_name="unheard-of")
    with pytest.raises(PackNotOperationalError, match="overt-default"):
        compose(workplace, three_offers(), enroller=enroller)
    assert kinds_of(workplace) == ["AccessDenied"]


def test_rows_beyond_the_cap_are_refused_without_reading_their_photographs():
    """R-17: the authority's cap, in the order of the list."""

    def never(side_px):
        raise AssertionError("read")

    workplace = a_workplace(authorised(an_application(size_cap=2)))
    rows = three_offers()
    rows[2] = replace(rows[2], read_photograph=never)
    done = compose(workplace, rows)

    assert [(one.row, one.reasons) for one in done.refused] == [(4, ("cap_exceeded",))]
    assert done.n_entries == 2


def test_a_list_longer_than_any_may_be_is_refused_by_its_count():
    """R-17: 100,000 rows; no photograph is read, and no row past the policy's ceiling."""
    n_asked = 0

    def rows():
        nonlocal n_asked
        for offer in repeat(replace(an_offer(), read_photograph=None), 100_000):
            n_asked += 1
            yield offer

    workplace = a_workplace()
    with pytest.raises(WatchlistTooLargeError, match="20000"):
        compose(workplace, rows())

    assert n_asked == 20_001
    assert entries_of(workplace) == ()
    assert [event.details["code"] for event in events_of(workplace)] == ["watchlist.too_large"]


def test_a_list_of_which_nothing_is_left_is_refused():
    """R-15: nothing is stored; the reasons are counted."""
    workplace = a_workplace()
    with pytest.raises(NothingEnrolledError, match=r"none of 2 rows .* no_face 2"):
        compose(workplace, [an_offer(pixels=a_portrait(n_faces=0), reference=r) for r in "AB"])
    with pytest.raises(NothingEnrolledError, match="no rows"):
        compose(workplace, [])
    assert deployment_of(workplace).watchlist is None
    assert kinds_of(workplace) == []


def test_known_problems_come_first_and_spare_the_photograph():
    """A row whose file lies outside the folder is never opened."""
    bad = replace(
        an_offer(number=9, reference="N-9", problems=("image_outside_folder",)),
        read_photograph=None,
    )
    broken = replace(an_offer(number=10, problems=("row_malformed",)), read_photograph=None)
    broken = replace(broken, entry=replace(broken.entry, reference=""))
    done = compose(a_workplace(), [*three_offers(), bad, broken])

    assert [one.reasons for one in done.refused] == [("image_outside_folder",), ("row_malformed",)]


def test_a_later_build_replaces_the_earlier_one():
    """R-12, R-19: earlier faces are deleted; approval starts again."""
    workplace = composed()
    before = {e.entry_id for e in entries_of(workplace)}
    done = compose(workplace, three_offers()[:1])

    standing = entries_of(workplace, statuses=("composed", "approved"))
    assert done.n_replaced == 3
    assert [e.reference for e in standing] == ["N-1"]
    assert not before & secrets_of(workplace, "image").keys()
    assert not before & secrets_of(workplace, "template").keys()
    assert deployment_of(workplace).watchlist.version == 2


def test_what_is_logged_holds_counts_and_codes_only():
    """R-15, R-31: no reference and no justification leaves for the log."""
    workplace = a_workplace()
    compose(workplace, [*three_offers(), an_offer(DORA, number=7, reference="N-9", category="odd")])
    events = events_of(workplace)

    assert [str(event.kind) for event in events] == ["WatchlistComposed", "EntryRefused"]
    assert events[0].details["n_entries"] == 3
    assert events[0].details["n_refused"] == 1
    assert events[1].details["row"] == 7
    assert "category_not_allowed" in events[1].details["reason_codes"]
    said = json.dumps([dict(event.details) for event in events])
    assert not [word for word in ("N-1", "N-9", "Warrant", "Custody") if word in said]


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        ("operator-1", RoleForbiddenError),
        ("authority-1", RoleForbiddenError),
        ("evaluator-1", RoleForbiddenError),
    ],
)
def test_only_an_applicant_composes(actor, error):
    """R-04: the refusal is logged, and no row is asked for."""
    workplace = a_workplace()
    with pytest.raises(error):
        compose(workplace, iter(lambda: pytest.fail("asked"), 0), actor)
    assert [event.details["code"] for event in events_of(workplace)] == [error.code]


def test_who_granted_the_authority_cannot_compose():
    """R-04: even with both roles."""
    workplace = a_workplace()
    with workplace.open() as uow:
        officer = uow.actors.get("authority-1")
        uow.actors.save(replace(officer, roles=officer.roles | {"applicant"}))
        uow.commit()
    with pytest.raises(SeparationOfDutiesError):
        compose(workplace, three_offers(), "authority-1")


def test_nothing_is_composed_while_live():
    """R-12: a list is not changed under a running camera."""
    with pytest.raises(WrongStateError):
        compose(a_workplace(live()), three_offers())


def test_a_rehearsal_has_no_operational_list():
    """R-22: volunteers only."""
    with pytest.raises(WrongKindError):
        compose(a_workplace(a_rehearsal()), three_offers())


def test_state_is_asked_again_before_anything_is_stored():
    """The deployment may have gone live while photographs were enrolled."""
    workplace = a_workplace()

    def meanwhile(side_px):
        with workplace.open() as uow:
            now_live = replace(live(), version=deployment_of_unit(uow).version)
            uow.deployments.save(now_live)
            uow.commit()
        return a_portrait()

    def deployment_of_unit(uow):
        return uow.deployments.get("d-1")

    with pytest.raises(WrongStateError):
        compose(workplace, [replace(an_offer(), read_photograph=meanwhile)])
    assert entries_of(workplace) == ()


class FailsAt:
    """A store that is full once a number of secrets were put."""

    def __init__(self, workplace, n_left):
        self._open, self._n_left = workplace.open, n_left

    def __call__(self):
        uow = self._open()
        put = uow.secrets.put

        def counted(*arguments):
            self._n_left -= 1
            if self._n_left < 0:
                raise StoreFullError("full")
            return put(*arguments)

        uow.secrets.put = counted
        return uow


@pytest.mark.parametrize("n_secrets", range(6))
def test_nothing_is_half_written(n_secrets):
    """R-12: the disk is full in the middle; the earlier list stands whole, nothing is logged."""
    workplace = composed()
    before = entries_of(workplace), secrets_of(workplace, "image"), kinds_of(workplace)
    failing = replace(workplace, open=FailsAt(workplace, n_secrets))
    with pytest.raises(StoreFullError):
        compose(failing, three_offers())

    assert (
        entries_of(workplace),
        secrets_of(workplace, "image"),
        kinds_of(workplace),
    ) == before


class PowerLost(BaseException):
    """The machine is off."""


def test_what_a_loss_of_power_leaves_goes_with_the_next_list():
    """R-19: faces were stored, their list was not; they are on no list meanwhile."""
    workplace = composed()
    standing = secrets_of(workplace, "image").keys()
    is_off = False

    def opened():
        uow = workplace.open()
        commit = uow.commit

        def lost(entries):
            nonlocal is_off
            is_off = True
            raise PowerLost

        def committed():
            if is_off:
                raise PowerLost
            commit()

        uow.entries.add_many, uow.commit = lost, committed
        return uow

    with pytest.raises(PowerLost):
        compose(replace(workplace, open=opened), three_offers())
    assert len(secrets_of(workplace, "image").keys() - standing) == 3
    assert {e.entry_id for e in entries_of(workplace)} == standing

    compose(workplace, three_offers()[:1])
    (entry,) = entries_of(workplace, statuses=("composed",))
    assert secrets_of(workplace, "image").keys() == {entry.entry_id}
    assert secrets_of(workplace, "template").keys() == {entry.entry_id}


def test_two_lists_at_once_do_not_mix():
    """The one that is stored second finds its faces gone, is refused, and can be composed again."""
    workplace = a_workplace()
    n_opened = 0

    def opened():
        nonlocal n_opened
        n_opened += 1
        if n_opened == 5:  # asked, officers, what is astray, faces; then the list itself
            compose(workplace, three_offers()[:2])
        return workplace.open()

    with pytest.raises(RecordConflictError):
        compose(replace(workplace, open=opened), three_offers())
    assert [e.reference for e in entries_of(workplace)] == ["N-1", "N-2"]
    assert len(secrets_of(workplace, "image")) == 2
    assert compose(workplace, three_offers()).n_replaced == 2


def test_a_network_that_fails_leaves_nothing():
    """In the middle of the photographs."""

    def broken(side_px):
        raise ModelRunError("out of memory")

    workplace = a_workplace()
    with pytest.raises(ModelRunError):
        compose(workplace, [*three_offers(), replace(an_offer(), read_photograph=broken)])
    assert entries_of(workplace) == ()
    assert kinds_of(workplace) == []


def test_whoever_follows_hears_of_every_row():
    """For the progress bar and the file of failed rows."""
    totals, steps, refused = [], [], []
    progress = ComposeProgress(totals.append, lambda: steps.append(1), refused.append)
    rows = [*three_offers(), an_offer(number=7, reference="N-9", problems=("image_missing",))]
    compose(a_workplace(), rows, progress=progress)

    assert (totals, len(steps)) == ([4], 4)
    assert [one.row for one in refused] == [7]


def test_the_policy_of_the_deployment_decides():
    """R-72: a force that takes no photograph older than a year."""
    strict = OnePolicy(force_policy("watchlist.max_image_age", value=30))
    with pytest.raises(NothingEnrolledError, match="image_too_old 3"):
        compose(a_workplace(policies=strict), three_offers())


def test_a_small_face_is_looked_for_again_in_full():
    """R-15: small beside its photograph, it is read and searched at the full size, not refused."""
    asked_px = []
    wide = np.zeros((400, 1200, 3), np.uint8)
    wide[100:300, 100:340] = a_portrait(side_px=60)

    def read(side_px):
        asked_px.append(side_px)
        return wide[:, :600] if side_px < 1200 else wide

    done = compose(a_workplace(), [replace(an_offer(), read_photograph=read)])

    assert asked_px == [640, 2048]
    assert done.n_entries == 1
