from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.governed import (
    APPLIED_AT,
    BUILT_AT,
    CLOSES,
    DAY,
    HOUR,
    MINUTE,
    OPENS,
    OPERATOR,
    POLICY,
    a_calibration,
    a_notice,
    a_ready_rehearsal,
    a_rehearsal,
    a_site,
    an_application,
    authorised,
    calibrated,
    checked,
    drafted,
    ready,
    some_facts,
    with_signs,
    with_watchlist,
)
from tests.unit.core.policy_tables import force_policy

from overt.core.authority import AuthorityStatus, Window
from overt.core.deployment import DeploymentState, PackUse
from overt.core.deployment_live import go_live
from overt.core.gates import unmet_live_conditions
from overt.core.watchlist import ListKind
from overt.errors import DeploymentNotReadyError

READY = ready()


def unmet(deployment=READY, facts=None, policy=POLICY, now=OPENS):
    """Return the requirements that are not met."""
    found = unmet_live_conditions(deployment, facts or some_facts(), policy, now)
    return [condition.requirement for condition in found]


def changed(part, **changes):
    """Return the ready deployment with one part changed."""
    return replace(READY, **{part: replace(getattr(READY, part), **changes)})


def of_application(**changes):
    """Return the ready deployment with its application changed."""
    return changed("application", **changes)


def signs(*metres, **changes):
    """Return the ready deployment with signs at these distances."""
    notices = tuple(
        a_notice(f"sign-{n}", distance_m=distance, **changes) for n, distance in enumerate(metres)
    )
    return replace(READY, notices=notices)


ALONE = {
    "no authority": ("R-01", replace(READY, authority=None), {}),
    "authority suspended": (
        "R-01",
        changed("authority", status=AuthorityStatus.SUSPENDED),
        {},
    ),
    "no site": ("R-01", READY, {"site_ids": ()}),
    "an aim that is blank": ("R-02", of_application(aim=""), {}),
    "ratification overdue": ("R-03", changed("authority", ratify_by=OPENS), {}),
    "review overdue": (
        "R-06",
        of_application(
            documents=(
                replace(READY.application.documents[0], review_by=APPLIED_AT.date()),
                *READY.application.documents[1:],
            )
        ),
        {},
    ),
    "category not in the policy": ("R-10", of_application(categories=("of_interest",)), {}),
    "no watchlist": ("R-12", replace(READY, watchlist=None), {}),
    "watchlist without a template": ("R-12", changed("watchlist", n_templates=0), {}),
    "watchlist a minute too old": (
        "R-13",
        changed("watchlist", built_at=OPENS - DAY - MINUTE),
        {},
    ),
    "freshness never checked": ("R-14", changed("watchlist", freshness_checked_at=None), {}),
    "freshness checked too long ago": (
        "R-14",
        changed("watchlist", freshness_checked_at=OPENS - 31 * MINUTE),
        {},
    ),
    "watchlist not approved": (
        "R-16",
        changed("watchlist", approved_at=None, approved_by=None),
        {},
    ),
    "more entries than authorised": ("R-17", changed("watchlist", n_entries=101), {}),
    "another purge overdue": ("R-19", READY, {"purge_overdue": ("d-0", "d-9")}),
    "blue list mixed in": ("R-22", READY, {"n_on_both_lists": 1}),
    "blue list in its place": ("R-22", changed("watchlist", list_kind=ListKind.BLUE), {}),
    "purge worker silent": ("R-33", READY, {"purge_healthy": False}),
    "no operating point": ("R-40", replace(READY, calibration=None), {}),
    "operating point without evidence": ("R-40", changed("calibration", evidence=" "), {}),
    "another operating point loaded": ("R-40", READY, {"operating_point_digest": "other"}),
    "another pack loaded": ("R-40", READY, {"pack_digest": "other"}),
    "threshold below the authorised one": ("R-40", of_application(threshold=0.95), {}),
    "threshold below the pack's floor": (
        "R-41",
        replace(of_application(threshold=0.9), calibration=a_calibration(threshold=0.929)),
        {},
    ),
    "pack without a floor": ("R-41", changed("calibration", pack_name="new"), {}),
    "no public notice": ("R-60", replace(READY, public_notice=None), {}),
    "public notice too late": (
        "R-60",
        changed("public_notice", announced_at=OPENS - DAY + MINUTE),
        {},
    ),
    "signs too near": ("R-61 R-61", signs(120, 99.9), {}),
    "no signs": ("R-62 R-61 R-61", signs(), {}),
    "one sign": ("R-62 R-61", signs(120), {}),
    "signs taken down": ("R-62 R-61 R-61", signs(120, 120, removed_at=OPENS - MINUTE), {}),
    "signs at another place": ("R-62 R-61 R-61", signs(120, 120, site_id="south"), {}),
    "log not writable": ("R-70", READY, {"store_writable": False}),
    "another policy": ("R-72", replace(READY, policy_hash="other"), {}),
    "observers' page down": ("design 3", READY, {"observers_page_up": False}),
    "pack for research": ("design 3", changed("calibration", pack_use=PackUse.RESEARCH), {}),
}


def test_nothing_is_missing():
    """Design 3: then it goes live, by an operator's hand."""
    assert unmet() == []
    assert go_live(READY, OPERATOR, some_facts(), POLICY, OPENS).deployment.state == "live"


@pytest.mark.parametrize("what", ALONE)
def test_each_condition_alone_keeps_it_from_going_live(what):
    """Design 3: the requirement that is not met is named, and no other; a sign's position too."""
    requirements, deployment, facts = ALONE[what]
    named = [requirements] if requirements == "design 3" else requirements.split()

    assert unmet(deployment, some_facts(**facts)) == named
    with pytest.raises(DeploymentNotReadyError) as refused:
        go_live(deployment, OPERATOR, some_facts(**facts), POLICY, OPENS)
    assert [line[0] for line in refused.value.unmet] == named
    assert all(f"{each} " in refused.value.message for each in named)
    assert refused.value.fields["requirements"] == " ".join(dict.fromkeys(named))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - MINUTE, ["R-01"]),
        (OPENS, []),
        (OPENS + 20 * MINUTE, []),
        (OPENS + 21 * MINUTE, ["R-14"]),
        (CLOSES, ["R-01", "R-62", "R-61", "R-61", "R-14"]),
    ],
)
def test_the_time_decides(now, expected):
    """R-01, R-14: only inside the window, and soon after the check for freshness."""
    assert unmet(now=now) == expected


def test_a_watchlist_of_exactly_the_age_limit_may_go_live():
    """R-13: 24 hours pass, a minute more does not (acceptance test 1)."""
    assert unmet(changed("watchlist", built_at=OPENS - DAY)) == []


def test_the_policys_cap_holds_whatever_was_authorised():
    """R-17: the smaller of two caps."""
    policy = force_policy("watchlist.size_cap", value=10)

    deployment = replace(READY, policy_hash=policy.digest())
    assert unmet(deployment, policy=policy) == ["R-17", "R-17"]


def test_an_exception_replaces_the_public_notice():
    """R-60: reasoned, with a code of the policy's list."""
    deployment = replace(
        of_application(
            no_public_notice_code="critical_threat", no_public_notice_reason="Raised at 6:00"
        ),
        public_notice=None,
    )

    assert unmet(deployment) == []


def test_a_site_that_is_none_of_the_authority():
    """R-01: neither place nor signs are there, nor a plan of them."""
    assert unmet(facts=some_facts(site_ids=("moon",))) == ["R-01", "R-62", "R-61"]


def test_every_site_is_looked_at():
    """R-01, R-61, R-62: the second site is open and has neither plan nor signs."""
    application = an_application(sites=(a_site("north"), a_site("south")))
    deployment = ready(application)
    both = some_facts(site_ids=("north", "south"))

    assert unmet(deployment, both) == ["R-62", "R-61"]
    assert unmet(with_signs(deployment, "south"), both) == []


def test_signs_are_logged_again_for_each_window():
    """R-62: yesterday's signs say nothing about today."""
    second = Window(OPENS + DAY, CLOSES + DAY)
    site = a_site(windows=(Window(OPENS, CLOSES), second))
    deployment = ready(an_application(sites=(site,)))
    morning = OPENS + DAY - HOUR
    rebuilt = checked(with_watchlist(deployment, at=morning - HOUR), morning)

    assert unmet(deployment) == []
    assert unmet(rebuilt, now=OPENS + DAY - 45 * MINUTE) == [*("R-01", "R-62", "R-61", "R-61")]
    assert unmet(checked(rebuilt, second.starts_at), now=second.starts_at) == [
        *("R-62", "R-61", "R-61")
    ]
    signed = with_signs(checked(rebuilt, second.starts_at), at=second.starts_at)
    assert unmet(signed, now=second.starts_at) == []


def test_with_nothing_done_everything_is_named():
    """Design 3: a draft that asks to go live learns all that it needs."""
    nothing = some_facts(
        n_on_both_lists=2,
        purge_healthy=False,
        purge_overdue=("d-0",),
        observers_page_up=False,
        store_writable=False,
    )
    draft = replace(drafted(), policy_hash="other")
    expected = [
        *("R-02", "R-01", "R-01", "R-62", "R-61", "design 3", "R-12", "R-40"),
        *("R-72", "R-22", "R-19", "R-33", "R-70"),
    ]

    assert unmet(draft, nothing) == expected
    with pytest.raises(DeploymentNotReadyError) as refused:
        go_live(draft, OPERATOR, nothing, POLICY, OPENS)
    assert refused.value.fields["n_unmet"] == len(expected) == len(refused.value.unmet)
    for condition in refused.value.unmet:
        assert f"{condition[0]} {condition[1]}: {condition[2]}" in refused.value.message


def test_a_deployment_in_which_everything_is_wrong_names_it_all():
    """Design 3: every gate of an authorised deployment, each at once."""
    application = replace(
        READY.application,
        aim="",
        categories=("of_interest",),
        documents=READY.application.documents[1:],
        threshold=0.99,
    )
    wrong = replace(
        READY,
        application=application,
        policy_hash="other",
        authority=replace(READY.authority, status=AuthorityStatus.SUSPENDED, ratify_by=OPENS),
        public_notice=None,
        notices=signs(50, 60).notices,
        watchlist=replace(
            READY.watchlist,
            list_kind=ListKind.BLUE,
            built_at=OPENS - 2 * DAY,
            approved_by=None,
            freshness_checked_at=None,
            n_entries=101,
            n_templates=0,
        ),
        calibration=a_calibration(
            evidence="", threshold=0.5, pack_use=PackUse.RESEARCH, pack_digest="older"
        ),
    )
    facts = some_facts(
        operating_point_digest="other",
        n_on_both_lists=1,
        purge_healthy=False,
        purge_overdue=("d-0",),
        observers_page_up=False,
        store_writable=False,
    )

    assert sorted(set(unmet(wrong, facts))) == sorted(
        {
            *("R-01", "R-02", "R-03", "R-06", "R-10", "R-12", "R-13", "R-14", "R-16", "R-17"),
            *("R-19", "R-22", "R-33", "R-40", "R-41", "R-60", "R-61", "R-70", "R-72", "design 3"),
        }
    )


# --- rehearsals ---------------------------------------------------------------------------


def test_a_rehearsal_needs_consent_and_no_authority():
    """Design 3: no site, no freshness, any pack and threshold; observers may be absent."""
    rehearsal = a_ready_rehearsal()
    facts = some_facts(site_ids=(), observers_page_up=False)
    free = replace(rehearsal, calibration=a_calibration(threshold=0.1, pack_use=PackUse.RESEARCH))

    assert unmet(rehearsal, facts) == []
    assert unmet(free, facts) == []


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({"consent": None}, OPENS, ["design 3"]),
        ({}, CLOSES, ["design 3"]),
        ({"watchlist": None}, OPENS, ["R-12"]),
        ({"calibration": None}, OPENS, ["R-40"]),
        ({}, BUILT_AT + DAY, ["design 3"]),
    ],
)
def test_what_a_rehearsal_needs(changes, now, expected):
    """Design 3: consent that is valid, a blue list, an operating point."""
    assert unmet(replace(a_ready_rehearsal(), **changes), now=now) == expected


def test_a_rehearsal_can_never_search_an_operational_list():
    """R-22: whatever the store says."""
    rehearsal = a_ready_rehearsal()
    mixed = replace(rehearsal.watchlist, list_kind=ListKind.OPERATIONAL)

    assert unmet(replace(rehearsal, watchlist=mixed)) == ["R-22"]


def test_a_rehearsal_with_live_cameras_needs_signs():
    """R-62: the cameras may see others than the volunteers."""
    rehearsal = a_ready_rehearsal(uses_live_cameras=True)

    assert rehearsal.state is DeploymentState.WATCHLIST_APPROVED
    assert unmet(rehearsal) == ["R-62"]
    assert unmet(with_signs(rehearsal, "hall")) == []
    assert with_signs(rehearsal, "hall").state is DeploymentState.CALIBRATED


def test_a_rehearsal_with_nothing_done():
    """Design 3: the list and the operating point."""
    assert unmet(a_rehearsal()) == ["R-12", "R-40"]


def test_calibration_and_signs_before_the_watchlist_count():
    """Design 3: the order of the preparation is free, the state is what is reached."""
    early = calibrated(with_signs(authorised()))

    assert early.state is DeploymentState.AUTHORISED
    assert with_watchlist(early).state is DeploymentState.CALIBRATED
