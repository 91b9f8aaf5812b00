from __future__ import annotations

from datetime import timedelta

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.unit.core.governed import (
    APPLIED_AT,
    CLOSES,
    DAY,
    DIGEST,
    HOUR,
    MINUTE,
    OPENS,
    POLICY,
    a_build,
    a_calibration,
    a_notice,
    a_plan,
    a_site,
    an_actor,
    an_application,
    drafted,
    some_facts,
)

from overt.core.audit import AuditEvent
from overt.core.authority import Window
from overt.core.authority_in_force import authority_in_force
from overt.core.deployment import DeploymentState
from overt.core.deployment_authority import apply_, authorise, ratify, refuse
from overt.core.deployment_closing import published, purged
from overt.core.deployment_due import due_transition
from overt.core.deployment_live import calibrate, end, go_live, join_sites, resume, suspend
from overt.core.deployment_notices import announce, place_notice, plan_signs, remove_notice
from overt.core.deployment_watchlist import approve_watchlist, check_freshness, watchlist_built
from overt.core.deployment_withdrawal import (
    cancel,
    restore_authority,
    suspend_authority,
    withdraw,
)
from overt.core.gates import unmet_live_conditions
from overt.core.roles import Rank, Role
from overt.errors import RuleError

S = DeploymentState
MANY = (Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.ENGAGEMENT_OFFICER)
# Few people with many roles: the worst case for separation of duties.
PEOPLE = (
    *(an_actor(f"all-{n}", *MANY, rank=Rank.SUPERINTENDENT) for n in range(3)),
    an_actor("inspector", *MANY, rank=Rank.INSPECTOR),
    an_actor("engineer", Role.SYSTEM_ENGINEER, Role.EVALUATOR, Role.APPLICANT),
    an_actor("auditor", Role.AUDITOR),
)
TERMINAL = {S.REFUSED, S.CANCELLED, S.PUBLISHED}
WINDOWS = (Window(OPENS, CLOSES), Window(OPENS + DAY, CLOSES + DAY))


class RandomSteps(RuleBasedStateMachine):
    """Anybody tries anything at any time; the clock goes forward."""

    def __init__(self):
        super().__init__()
        self.now = APPLIED_AT
        self.deployment = drafted()
        self.n_signs = 0

    @initialize(n_done=st.integers(0, 10))
    def begin(self, n_done):
        """Start anywhere in the preparation, so that LIVE is often within reach."""
        one, two, _, _, engineer, _ = PEOPLE
        application = an_application(sites=(a_site(windows=WINDOWS),))
        preparation = [
            lambda d: apply_(d, one, application, POLICY, self.now),
            lambda d: authorise(d, two, POLICY, self.now, reason="x"),
            lambda d: announce(d, one, self.now, where="x"),
            lambda d: watchlist_built(d, one, a_build(), POLICY, self.now),
            lambda d: approve_watchlist(d, two, POLICY, self.now),
            lambda d: plan_signs(d, engineer, a_plan(), POLICY, reason="x"),
            self._sign,
            self._sign,
            lambda d: calibrate(d, engineer, a_calibration(), POLICY, self.now, reason="x"),
            lambda d: check_freshness(d, one, self.now, feed_sha256=DIGEST, n_rows=1, n_removed=0),
        ]
        for n, step in enumerate(preparation[:n_done]):
            self.now = APPLIED_AT if n < 3 else OPENS - MINUTE
            self.deployment = step(self.deployment).deployment

    def _sign(self, deployment):
        latitude_deg = 51.5 + self.n_signs / 1000  # 111 m apart, the first two as planned
        self.n_signs += 1
        sign = a_notice(f"sign-{self.n_signs}", placed_at=self.now, latitude_deg=latitude_deg)
        return place_notice(deployment, PEOPLE[0], sign, POLICY, self.now)

    def attempt(self, step):
        """Take a step; whatever breaks a rule changes nothing."""
        before = self.deployment
        try:
            change = step(before)
        except RuleError:
            return
        assert before.state not in TERMINAL or change.event_kind == "DeploymentPurged"
        AuditEvent(change.event_kind, self.now, "someone", "d-1", change.details)
        self.deployment = change.deployment

    @rule(
        wait=st.sampled_from([MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY]),
        minutes=st.integers(0, 59),
    )
    def time_passes(self, wait, minutes):
        """The scheduler asks every time until nothing is due."""
        self.now += wait + timedelta(minutes=minutes)
        while (change := due_transition(self.deployment, POLICY, self.now)) is not None:
            AuditEvent(change.event_kind, self.now, "system", "d-1", change.details)
            self.deployment = change.deployment

    @rule(actor=st.sampled_from(PEOPLE), aim=st.sampled_from(["Find people", ""]))
    def apply(self, actor, aim):
        application = an_application(aim=aim, sites=(a_site(windows=WINDOWS),))
        self.attempt(lambda d: apply_(d, actor, application, POLICY, self.now))

    @rule(actor=st.sampled_from(PEOPLE), is_oral=st.booleans())
    def authorise(self, actor, is_oral):
        self.attempt(lambda d: authorise(d, actor, POLICY, self.now, reason="x", is_oral=is_oral))

    @rule(actor=st.sampled_from(PEOPLE), which=st.integers(0, 5))
    def decide(self, actor, which):
        steps = (
            lambda d: refuse(d, actor, POLICY, self.now, reason="x"),
            lambda d: ratify(d, actor, POLICY, self.now),
            lambda d: suspend_authority(d, actor, reason="x"),
            lambda d: restore_authority(d, actor, reason="x"),
            lambda d: withdraw(d, actor, POLICY, self.now, reason="x"),
            lambda d: cancel(d, actor, POLICY, self.now, reason="x"),
        )
        self.attempt(steps[which])

    @rule(
        actor=st.sampled_from(PEOPLE),
        which=st.integers(0, 6),
        n=st.sampled_from([0, 20, 101]),
        metres=st.sampled_from([50, 120]),
    )
    def prepare(self, actor, which, n, metres):
        self.n_signs += 1
        sign = a_notice(f"sign-{self.n_signs}", placed_at=self.now, distance_m=metres)
        steps = (
            lambda d: watchlist_built(d, actor, a_build(n_entries=n), POLICY, self.now),
            lambda d: approve_watchlist(d, actor, POLICY, self.now),
            lambda d: check_freshness(
                d, actor, self.now, feed_sha256=DIGEST, n_rows=1, n_removed=0
            ),
            lambda d: announce(d, actor, self.now, where="x"),
            lambda d: place_notice(d, actor, sign, POLICY, self.now),
            lambda d: remove_notice(d, actor, f"sign-{n}", POLICY, self.now),
            lambda d: calibrate(
                d, actor, a_calibration(threshold=metres / 120), POLICY, self.now, reason="x"
            ),
        )
        self.attempt(steps[which])

    @rule(
        actor=st.sampled_from(PEOPLE),
        which=st.integers(0, 2),
        healthy=st.booleans(),
        point=st.sampled_from(["point", "other"]),
    )
    def start(self, actor, which, healthy, point):
        facts = some_facts(purge_healthy=healthy, operating_point_digest=point)
        steps = (
            lambda d: go_live(d, actor, facts, POLICY, self.now),
            lambda d: resume(d, actor, facts, POLICY, self.now, reason="x"),
            lambda d: join_sites(d, actor, facts, POLICY, self.now),
        )
        before = self.deployment
        self.attempt(steps[which])
        if self.deployment is not before:
            assert self.deployment.state is S.LIVE
            assert unmet_live_conditions(before, facts, POLICY, self.now) == ()

    @rule(actor=st.sampled_from([*PEOPLE, None]), which=st.integers(0, 3))
    def finish(self, actor, which):
        steps = (
            lambda d: suspend(d, actor, reason="x"),
            lambda d: end(d, actor, POLICY, self.now, reason="x"),
            lambda d: purged(d, actor, self.now, n_rows=1, n_files=0),
            lambda d: published(d, PEOPLE[0], self.now, record_sha256=DIGEST),
        )
        self.attempt(steps[which])

    @invariant()
    def live_has_everything(self):
        """No deployment is live without an authority in force at each of its sites."""
        d = self.deployment
        if d.state is not S.LIVE:
            assert d.live_sites == ()
            return
        assert d.authority.granted_by not in {d.created_by, d.applied_by}
        assert d.watchlist.approved_by not in {None, d.watchlist.built_by}
        assert d.calibration is not None
        for site in d.live_sites:
            assert authority_in_force(d, site.site_id, f"{site.site_id}-camera", self.now)

    @invariant()
    def no_two_duties_of_one_person(self):
        """R-04, R-16: in no state that can be reached."""
        d = self.deployment
        applicants = {d.created_by, d.applied_by} - {None}
        if d.authority is not None:
            officers = [d.authority.granted_by, d.authority.ratified_by]
            named = [officer for officer in officers if officer is not None]
            assert len(set(named)) == len(named)
            assert not applicants & set(named)
            assert d.watchlist is None or d.watchlist.built_by not in named
        if d.watchlist is not None:
            assert d.watchlist.built_by != d.watchlist.approved_by

    @invariant()
    def what_is_over_has_a_deadline(self):
        """R-19: whatever was live or had a watchlist is purged by a known time."""
        d = self.deployment
        if d.state in {S.ENDED, S.PURGED, S.PUBLISHED}:
            assert d.purge_due_at is not None
        if d.state is S.CANCELLED and d.watchlist is not None:
            assert d.purge_due_at is not None
        assert (d.state in {S.PURGED, S.PUBLISHED}) <= (d.purged_at is not None)


TestRandomSteps = RandomSteps.TestCase
TestRandomSteps.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_the_machine_reaches_live():
    """The invariants above have something to say: all ten steps lead to LIVE."""
    machine = RandomSteps()
    machine.begin(10)
    machine.time_passes(MINUTE, 0)
    machine.start(PEOPLE[2], 0, healthy=True, point="point")

    assert machine.deployment.state is S.LIVE
    machine.live_has_everything()
