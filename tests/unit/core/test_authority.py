from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

import pytest
from hypothesis import given, strategies as st
from tests.unit.core.governed import (
    APPLIED_AT,
    CLOSES,
    DAY,
    DIGEST,
    HOUR,
    MINUTE,
    OPENS,
    POLICY,
    a_rehearsal,
    a_site,
    an_application,
    authorised,
    drafted,
    orally_authorised,
)
from tests.unit.core.policy_tables import force_policy

from overt.core.application_check import missing_fields, unmet_content
from overt.core.authority import AuthorityStatus, CameraPlan, SensitivePlace, Window
from overt.core.authority_in_force import authority_in_force, unmet_authority
from overt.core.local_window import is_twice, moment_in_zone, window_in_zone
from overt.core.zone import whole_frame
from overt.errors import TimeZoneUnknownError, WindowInvalidError

LONDON = "Europe/London"


def found(application, policy=POLICY, now=APPLIED_AT):
    """Return what is missing, as (requirement, condition) pairs."""
    return [
        (unmet.requirement, unmet.condition) for unmet in missing_fields(application, policy, now)
    ]


# --- windows ------------------------------------------------------------------------------


def test_a_window_has_its_start_and_not_its_end():
    """R-01: at the end it is over."""
    window = Window(OPENS, CLOSES)

    assert window.contains(OPENS)
    assert window.contains(CLOSES - timedelta(microseconds=1))
    assert not window.contains(CLOSES)
    assert not window.contains(OPENS - timedelta(microseconds=1))
    assert window.duration == 6 * HOUR


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "problem"),
    [
        (OPENS, OPENS, "ends after it starts"),
        (CLOSES, OPENS, "ends after it starts"),
        (OPENS.replace(tzinfo=None), CLOSES, "aware and UTC"),
        (OPENS, CLOSES.astimezone(timezone(HOUR)), "aware and UTC"),
    ],
)
def test_a_window_without_length_or_zone(starts_at, ends_at, problem):
    """R-01: a fixed start and end, in UTC."""
    with pytest.raises(WindowInvalidError, match=problem):
        Window(starts_at, ends_at)


@pytest.mark.parametrize(
    ("starts_h", "ends_h", "meets"),
    [
        (-2, -1, False),
        (-2, 0, True),
        (-2, 1, True),
        (1, 2, True),
        (-1, 8, True),
        (6, 7, True),
        (7, 8, False),
    ],
)
def test_windows_meet_when_no_time_lies_between(starts_h, ends_h, meets):
    """R-01: two windows end to end would be one longer than the policy allows."""
    one = Window(OPENS, CLOSES)
    other = Window(OPENS + starts_h * HOUR, OPENS + ends_h * HOUR)

    assert one.meets(other) == other.meets(one) == meets


# --- local time ---------------------------------------------------------------------------


def test_a_summer_day_in_london():
    """R-01: ten o'clock on the wall is nine in UTC."""
    window = window_in_zone(datetime(2026, 7, 1, 10), datetime(2026, 7, 1, 16), LONDON)

    assert window == Window(
        datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 15, tzinfo=UTC)
    )


def test_a_window_over_the_hour_that_is_left_out():
    """R-01: on 29 March 2026 from 0:30 to 2:30 on the wall is one hour."""
    window = window_in_zone(datetime(2026, 3, 29, 0, 30), datetime(2026, 3, 29, 2, 30), LONDON)

    assert window.duration == HOUR


def test_a_window_over_the_hour_that_is_repeated():
    """R-01: on 25 October 2026 from 0:30 to 2:30 on the wall is three hours."""
    window = window_in_zone(datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 2, 30), LONDON)

    assert window.duration == 3 * HOUR


@pytest.mark.parametrize("minute", [0, 30, 59])
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_a_time_that_does_not_exist(minute, fold):
    """R-01: between 1:00 and 2:00 on 29 March 2026 there is no time in London, with no fold."""
    with pytest.raises(WindowInvalidError, match="does not exist in Europe/London"):
        window_in_zone(
            datetime(2026, 3, 29, 1, minute), datetime(2026, 3, 29, 9), LONDON, start_fold=fold
        )


@pytest.mark.parametrize(("hour", "utc_hour"), [(0, 0), (2, 1)])
def test_the_times_on_both_sides_of_the_gap_exist(hour, utc_hour):
    """R-01: 0:59 and 2:00 on 29 March 2026."""
    minute = 59 if hour == 0 else 0
    window = window_in_zone(datetime(2026, 3, 29, hour, minute), datetime(2026, 3, 29, 9), LONDON)

    assert window.starts_at == datetime(2026, 3, 29, utc_hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_exists_twice_must_be_told_apart(minute):
    """R-01: between 1:00 and 2:00 on 25 October 2026; the message shows both in UTC."""
    end = datetime(2026, 10, 25, 1, minute)

    with pytest.raises(WindowInvalidError, match=r"exists twice.*T00:.*T01:.*fold"):
        window_in_zone(datetime(2026, 10, 25, 0, 30), end, LONDON)


@pytest.mark.parametrize(("fold", "utc_hour"), [(0, 0), (1, 1)])
def test_a_fold_tells_them_apart(fold, utc_hour):
    """R-01: the first 1:30 is still summer time."""
    start, end = datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 8)
    window = window_in_zone(start, end, LONDON, start_fold=fold)

    assert window.starts_at == datetime(2026, 10, 25, utc_hour, 30, tzinfo=UTC)


def test_a_window_between_the_two():
    """R-01: from the first 1:30 to the second is an hour that the wall does not show."""
    twice = datetime(2026, 10, 25, 1, 30)

    assert window_in_zone(twice, twice, LONDON, start_fold=0, end_fold=1).duration == HOUR
    with pytest.raises(WindowInvalidError, match="ends after it starts"):
        window_in_zone(twice, twice, LONDON, start_fold=1, end_fold=0)


def test_a_fold_where_there_is_none_changes_nothing():
    """R-01: the time exists once."""
    start, end = datetime(2026, 7, 1, 10), datetime(2026, 7, 1, 16)
    window = window_in_zone(start, end, LONDON, start_fold=1, end_fold=1)

    assert window == window_in_zone(start, end, LONDON)


@pytest.mark.parametrize("fold", [-1, 2])
def test_a_fold_is_0_or_1(fold):
    """R-01: anything else is a mistake."""
    with pytest.raises(WindowInvalidError, match="0 or 1"):
        window_in_zone(datetime(2026, 7, 1, 10), datetime(2026, 7, 1, 16), LONDON, end_fold=fold)


def test_an_aware_time_is_no_local_time():
    """R-01: two zones for one time are one too many."""
    with pytest.raises(WindowInvalidError, match="without an offset"):
        window_in_zone(OPENS, datetime(2026, 7, 1, 16), LONDON)


@pytest.mark.parametrize(
    "zone", ["", "Europe/Londn", "../etc/passwd", "/etc/passwd", "Europe", "\0"]
)
def test_a_zone_that_is_unknown(zone):
    """R-01: only names of the IANA database."""
    with pytest.raises(TimeZoneUnknownError, match="IANA"):
        window_in_zone(datetime(2026, 7, 1, 10), datetime(2026, 7, 1, 16), zone)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from([LONDON, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_a_window_shows_the_times_that_were_given(start, zone):
    """R-01: what is accepted without a fold reads the same on the wall of the place."""
    from zoneinfo import ZoneInfo

    try:
        window = window_in_zone(start, start + 12 * HOUR, zone)
    except WindowInvalidError:
        return
    assert window.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == start


# --- the application ----------------------------------------------------------------------


def test_a_whole_application_lacks_nothing():
    """R-02: it can be decided."""
    assert missing_fields(an_application(), POLICY, APPLIED_AT) == ()


@pytest.mark.parametrize(
    "name",
    [
        "aim",
        "legal_basis",
        "necessity",
        "less_intrusive_options",
        "proportionality",
        "threshold_evidence",
        "notice_plan",
    ],
)
@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_text_that_is_blank(name, blank):
    """R-02: every field is mandatory."""
    assert found(an_application(**{name: blank})) == [("R-02", name.replace("_", " "))]


def a_site_with(**changes):
    """Return an application whose only site is changed."""
    return an_application(sites=(a_site(**changes),))


@pytest.mark.parametrize(
    ("application", "requirement", "condition"),
    [
        (an_application(sites=()), "R-01", "1 to 10 sites"),
        (a_site_with(place=" "), "R-02", "site north: place"),
        (a_site_with(reason_evidence=""), "R-02", "site north: reason evidence"),
        (a_site_with(presence_grounds=""), "R-02", "site north: presence grounds"),
        (a_site_with(site_id=""), "R-02", "site : site id"),
        (a_site_with(reason_code="busy"), "R-02", "site north: a reason of the policy's list"),
        (a_site_with(time_zone="London"), "R-01", "site north: a time zone of the IANA database"),
        (a_site_with(windows=()), "R-01", "site north: at least one window"),
        (a_site_with(cameras=()), "R-02", "site north: cameras with different identifiers"),
        (an_application(categories=()), "R-10", "at least one watchlist category"),
        (an_application(categories=("of_interest",)), "R-10", "categories of the policy's list"),
        (
            an_application(categories=("missing_or_at_risk",)),
            "R-10",
            "categories of the policy's list",
        ),
        (an_application(size_cap=0), "R-17", "a size cap from 1 to 2000"),
        (an_application(size_cap=2001), "R-17", "a size cap from 1 to 2000"),
        (an_application(threshold=1.01), "R-40", "a threshold in [-1, 1]"),
        (an_application(threshold=float("nan")), "R-40", "a threshold in [-1, 1]"),
    ],
)
def test_what_is_missing_is_named(application, requirement, condition):
    """R-01, R-02, R-10, R-17, R-40: each alone, by its number."""
    assert found(application) == [(requirement, condition)]


def test_one_file_is_one_governing_document():
    """R-06: the same file as DPIA, EIA and SOP is none of the two that come later."""
    documents = {d.kind: d for d in an_application().documents}
    for kind in ("EIA", "SOP"):
        documents[kind] = replace(documents[kind], sha256=documents["DPIA"].sha256)
    application = an_application(documents=tuple(documents.values()))

    assert [each[1:] for each in missing_fields(application, POLICY, APPLIED_AT)] == [
        ("one current EIA in a file of its own", "the file of the DPIA"),
        ("one current SOP in a file of its own", "the file of the DPIA"),
    ]


def test_everything_that_is_missing_is_named_at_once():
    """R-02: nobody has to apply twice to learn the second mistake."""
    application = an_application(
        aim="", necessity="", sites=(), categories=(), size_cap=0, documents=()
    )

    assert [requirement for requirement, _ in found(application)] == [
        *("R-02", "R-02", "R-01", "R-10", "R-17"),
        *["R-06"] * 5,
    ]


@pytest.mark.parametrize("kind", POLICY.location.sensitive_places.enabled)
@pytest.mark.parametrize("finding", [None, " "])
def test_every_kind_of_sensitive_place_is_spoken_of(kind, finding):
    """R-02: that there is none has to be written."""
    places = [p for p in a_site().sensitive_places if p.kind != kind]
    if finding is not None:
        places.append(SensitivePlace(kind, finding))

    assert found(a_site_with(sensitive_places=tuple(places))) == [
        ("R-02", f"site north: whether there is nearby: {kind}")
    ]


def test_two_sites_of_one_name():
    """R-01: a place is one place."""
    later = a_site(windows=(Window(OPENS + DAY, CLOSES + DAY),))

    assert found(an_application(sites=(a_site(), later))) == [
        ("R-01", "a different identifier for each site")
    ]


def test_several_sites_and_days():
    """R-01: a mobile unit with one camera moves between sites under one authority."""
    cameras = (CameraPlan("van", "secret-van", whole_frame()),)
    days = [Window(OPENS + n * DAY, CLOSES + n * DAY) for n in range(4)]
    north = a_site("north", windows=(days[0], days[2]), cameras=cameras)
    south = a_site("south", windows=(days[1], days[3]), cameras=cameras)

    assert found(an_application(sites=(north, south))) == []


def test_a_camera_at_two_places_at_once():
    """R-01: two sites may be open together, with one camera they may not."""
    cameras = (CameraPlan("van", "secret-van", whole_frame()),)
    both = (a_site("north"), a_site("south", cameras=cameras))
    shared = (a_site("north", cameras=cameras), a_site("south", cameras=cameras))

    assert found(an_application(sites=both)) == []
    assert found(an_application(sites=shared)) == [
        ("R-01", "a camera at one place at a time, sites north and south")
    ]


def test_two_cameras_of_one_name_at_a_site():
    """R-02: each camera is applied for."""
    camera = CameraPlan("van", "secret-van", whole_frame())

    assert found(a_site_with(cameras=(camera, camera))) == [
        ("R-02", "site north: cameras with different identifiers")
    ]


def test_a_window_that_has_begun():
    """R-01: an application looks ahead."""
    assert found(an_application(), now=OPENS) == []
    assert found(an_application(), now=OPENS + timedelta(microseconds=1)) == [
        ("R-01", "site north: windows that lie ahead")
    ]


def test_a_window_that_is_too_long():
    """R-01: twelve hours at most."""
    longest = Window(OPENS, OPENS + 12 * HOUR)
    longer = Window(OPENS, OPENS + 12 * HOUR + MINUTE)

    assert found(a_site_with(windows=(longest,))) == []
    assert found(a_site_with(windows=(longer,))) == [
        ("R-01", "site north: windows of at most 12:00:00")
    ]


@pytest.mark.parametrize("gap", [-HOUR, timedelta(0)])
def test_windows_that_leave_no_break(gap):
    """R-01: overlapping, or end to end."""
    windows = (Window(OPENS, CLOSES), Window(CLOSES + gap, CLOSES + 2 * HOUR))

    assert found(a_site_with(windows=windows)) == [("R-01", "site north: a break between windows")]


def test_too_many_windows_and_too_long_a_span():
    """R-01: one authority is no standing permission."""
    policy = force_policy("authority.max_windows", value=2)
    three = tuple(Window(OPENS + n * DAY, CLOSES + n * DAY) for n in range(3))
    far = (Window(OPENS, CLOSES), Window(OPENS + 14 * DAY, CLOSES + 14 * DAY))

    assert found(a_site_with(windows=three)) == []
    assert found(a_site_with(windows=three), policy) == [("R-01", "at most 2 windows")]
    assert found(a_site_with(windows=far)) == [
        ("R-01", "at most 14 days, 0:00:00 from first to last window")
    ]


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        ("critical_threat", "Threat level raised at 6:00", []),
        ("critical_threat", " ", [("R-60", "a reason for telling nobody in advance")]),
        ("surprise", "Better so", [("R-60", "an exception of the policy's list")]),
    ],
)
def test_telling_nobody_in_advance_needs_an_exception_and_a_reason(code, reason, expected):
    """R-60: from the policy's closed list, and in words."""
    application = an_application(no_public_notice_code=code, no_public_notice_reason=reason)

    assert found(application) == expected


@pytest.mark.parametrize("kind", POLICY.documents.required.enabled)
def test_every_governing_document_is_current(kind):
    """R-06: none missing, none twice, none without digest, none past its review."""
    documents = an_application().documents
    others = tuple(d for d in documents if d.kind != kind)
    mine = next(d for d in documents if d.kind == kind)
    expected = [("R-06", f"one current {kind} named by its SHA-256")]
    last_day = replace(mine, review_by=APPLIED_AT.date())
    day_before = replace(mine, review_by=date(2026, 3, 1))

    assert found(an_application(documents=others)) == expected
    assert found(an_application(documents=(*documents, mine))) == expected
    assert found(an_application(documents=(*others, replace(mine, sha256="x")))) == expected
    assert found(an_application(documents=(*others, last_day))) == []
    assert found(an_application(documents=(*others, day_before))) == expected


def test_what_does_not_depend_on_the_time():
    """R-02: windows that are past and reviews that are overdue are other questions."""
    assert unmet_content(an_application(), POLICY) == ()
    assert [u.requirement for u in unmet_content(an_application(aim=""), POLICY)] == ["R-02"]


def test_the_digest_names_every_field():
    """R-02: another word, window or camera is another application."""
    application = an_application()
    others = [
        an_application(aim="Something else"),
        a_site_with(windows=(Window(OPENS, CLOSES + MINUTE),)),
        a_site_with(cameras=(CameraPlan("other", "secret-north", whole_frame()),)),
        an_application(documents=application.documents[:4]),
    ]

    assert application.digest() == an_application().digest()
    assert len({application.digest(), *(other.digest() for other in others)}) == 5
    assert len(application.digest()) == len(DIGEST)


def test_sites_and_windows_are_found():
    """R-01: by identifier; by start."""
    later = Window(OPENS + DAY, CLOSES + DAY)
    application = an_application(sites=(a_site("a", windows=(later,)), a_site("b")))

    assert application.site("b") == application.sites[1]
    assert application.site("c") is None
    assert application.windows() == (Window(OPENS, CLOSES), later)
    assert a_site().open_window(OPENS) == Window(OPENS, CLOSES)
    assert a_site().open_window(CLOSES) is None


# --- in force -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("site_id", "camera_id", "now", "expected"),
    [
        ("north", "north-camera", OPENS, True),
        ("north", "north-camera", CLOSES, False),
        ("north", "north-camera", OPENS - MINUTE, False),
        ("south", "north-camera", OPENS, False),
        ("north", "other", OPENS, False),
    ],
)
def test_an_authority_holds_for_its_places_times_and_cameras(site_id, camera_id, now, expected):
    """R-01: nothing is processed outside."""
    assert authority_in_force(authorised(), site_id, camera_id, now) is expected


def test_without_an_authority_nothing_is_in_force():
    """R-01: a draft allows nothing."""
    assert not authority_in_force(drafted(), "north", "north-camera", OPENS)
    assert [u.requirement for u in unmet_authority(None, OPENS)] == ["R-01"]


@pytest.mark.parametrize(
    "status", [s for s in AuthorityStatus if s is not AuthorityStatus.IN_FORCE]
)
def test_an_authority_that_was_taken_back(status):
    """R-07: suspended, withdrawn or lapsed, it allows nothing."""
    deployment = authorised()
    deployment = replace(deployment, authority=replace(deployment.authority, status=status))

    assert not authority_in_force(deployment, "north", "north-camera", OPENS)


def test_an_authority_without_an_application_allows_no_place():
    """R-01: even if a store gave one back."""
    assert not authority_in_force(
        replace(authorised(), application=None), "north", "north-camera", OPENS
    )


def test_an_oral_authority_holds_until_its_deadline():
    """R-03: at the deadline it no longer does."""
    authority = orally_authorised().authority
    deadline = APPLIED_AT + HOUR / 2 + 24 * HOUR

    assert authority.ratify_by == deadline
    assert list(unmet_authority(authority, deadline - MINUTE)) == []
    assert [u.requirement for u in unmet_authority(authority, deadline)] == ["R-03"]


def test_a_rehearsal_runs_on_consent():
    """Design 3: anywhere, until the consent is over; not before it is recorded."""
    rehearsal = a_rehearsal()

    assert authority_in_force(rehearsal, "hall", "any", OPENS)
    assert not authority_in_force(rehearsal, "hall", "any", CLOSES)
    assert not authority_in_force(replace(rehearsal, consent=None), "hall", "any", OPENS)


def test_a_time_on_the_wall_is_a_moment():
    """The second half past one of the night in which clocks go back is half past one in UTC."""
    twice = datetime(2026, 10, 25, 1, 30)

    assert moment_in_zone(datetime(2026, 7, 1, 10), LONDON) == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert moment_in_zone(twice, LONDON, 1) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (datetime(2026, 10, 25, 1, 30), True),
        (datetime(2026, 10, 25, 2, 30), False),
        (datetime(2026, 3, 29, 1, 30), False),
        (datetime(2026, 7, 1, 10), False),
    ],
)
def test_a_time_that_comes_twice_is_known(local, expected):
    """An hour that is left out does not come at all."""
    assert is_twice(local, LONDON) is expected


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_time_of_an_absurd_year_is_no_time_on_a_wall(year):
    """At the ends of the calendar no zone can be told; a slip of the finger shows at once."""
    local = datetime(year, 12, 31, 23, 59)

    for ask in (partial(moment_in_zone, local, LONDON), partial(is_twice, local, LONDON)):
        with pytest.raises(WindowInvalidError, match="expected a year from 2000 to 2099"):
            ask()
