"""Observers by invitation: one link, used once, for one deployment and a time (R-64)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.core.planned import a_plan
from tests.unit.services.listing import SetClock, a_workplace, events_of

from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.invitation import MAX_VIEW
from overt.core.roles import Role
from overt.errors import (
    InvitationExpiredError,
    InvitationRevokedError,
    InvitationUsedError,
    NotInvitedError,
    ReasonMissingError,
    RoleForbiddenError,
    SettingInvalidError,
    SignInRefusedError,
    WrongStateError,
)
from overt.services.file_statement import file_statement
from overt.services.invite_observer import invite_observer, revoke_invitation
from overt.services.invited import observable, require_invited, trial_seen, trials_seen
from overt.services.manage_actors import deactivate_actor
from overt.services.passwords import set_first_password
from overt.services.register_trial import register_trial
from overt.services.sign_in import session_of, sign_in_with_password
from overt.services.use_invitation import use_invitation
from overt.testing import FakeHasher

DAY = timedelta(days=1)
UNTIL = g.OPENS + 30 * DAY
WORD = "seventeen grey herons"


@pytest.fixture
def workplace():
    """Return a workplace with a live deployment and another one."""
    workplace = a_workplace(g.live(), clock=SetClock(g.OPENS))
    with workplace.open() as uow:
        uow.deployments.add(replace(g.live(), deployment_id="d-2"))
        uow.commit()
    return workplace


def invited(workplace, by_id="applicant-1", deployment_id="d-1", **changes):
    """Return an invitation whose link can be used for a day."""
    wanted = {"link_lifetime": DAY, "sees_until": UNTIL, **changes}
    return invite_observer(workplace, by_id, deployment_id, **wanted)


def seen(workplace, actor_id, at=None):
    """Return which deployments somebody may look at."""
    with workplace.open() as uow:
        found = observable(uow, actor_id, at or workplace.clock.now())
    return [deployment.deployment_id for deployment in found]


def test_a_link_opens_an_account_that_sees_one_deployment(workplace):
    """R-64: it sets a password first, and comes back with it."""
    made = invited(workplace)
    guest = made.invitation.actor_id
    before = seen(workplace, guest)
    opened = use_invitation(workplace, made.token)
    set_first_password(workplace, FakeHasher(), guest, WORD)
    again = sign_in_with_password(workplace, FakeHasher(), guest, WORD)

    assert opened.actor.roles == {Role.OBSERVER}
    assert opened.must_change_password
    assert not again.must_change_password
    assert (before, seen(workplace, guest)) == ([], ["d-1"])
    assert seen(workplace, g.OBSERVER.actor_id) == ["d-1", "d-2"]


def test_what_is_logged_of_an_invitation(workplace):
    """Who invited which account until when, and that the link was used; never the token."""
    made = invited(workplace)
    use_invitation(workplace, made.token)
    logged = [e for e in events_of(workplace) if e.kind.startswith(("Obs", "Inv", "ActorA"))]

    assert [event.kind for event in logged] == [
        *(EventKind.ACTOR_ADDED, EventKind.OBSERVER_INVITED, EventKind.INVITATION_USED)
    ]
    assert logged[1].details["subject_id"] == made.invitation.actor_id
    assert made.token not in str(logged)


def test_a_link_is_used_once(workplace):
    """The second use is told, and logged as a failed sign-in."""
    made = invited(workplace)
    use_invitation(workplace, made.token)

    with pytest.raises(InvitationUsedError, match="works once"):
        use_invitation(workplace, made.token)
    assert events_of(workplace)[-1].details["cause"] == "link_used"


@pytest.mark.parametrize("late", [DAY, 40 * DAY])
def test_a_link_that_comes_late(workplace, late):
    """After its life, or after the time to look."""
    made = invited(workplace)
    workplace.clock.at = g.OPENS + late

    with pytest.raises(InvitationExpiredError):
        use_invitation(workplace, made.token)
    assert events_of(workplace)[-1].details["cause"] == "link_expired"


def test_a_link_of_nobody(workplace):
    """In the words of every refused sign-in."""
    with pytest.raises(SignInRefusedError):
        use_invitation(workplace, "guessed")


def test_the_view_ends_with_the_invitation(workplace):
    """To the second, without anybody doing anything."""
    made = invited(workplace)
    use_invitation(workplace, made.token)
    guest = made.invitation.actor_id

    assert seen(workplace, guest, UNTIL - timedelta(seconds=1)) == ["d-1"]
    assert seen(workplace, guest, UNTIL) == []
    with workplace.open() as uow, pytest.raises(NotInvitedError):
        require_invited(uow, guest, "d-1", UNTIL)


def test_an_invitation_is_taken_back(workplace):
    """Before its use the link opens nothing; after it the session ends."""
    unused, used = invited(workplace), invited(workplace)
    session = use_invitation(workplace, used.token)
    for made in (unused, used):
        revoke_invitation(
            workplace, "authority-1", made.invitation.invitation_id, reason=" By mistake "
        )

    with pytest.raises(InvitationRevokedError):
        use_invitation(workplace, unused.token)
    assert session_of(workplace, workplace.open, session.token) is None
    assert seen(workplace, used.invitation.actor_id) == []
    revoked = [e for e in events_of(workplace) if e.kind == EventKind.INVITATION_REVOKED]
    assert [event.details["reason"] for event in revoked] == ["By mistake"] * 2
    with pytest.raises(InvitationRevokedError, match="before"):
        revoke_invitation(workplace, "authority-1", used.invitation.invitation_id, reason="x")
    with pytest.raises(ReasonMissingError):
        revoke_invitation(workplace, "authority-1", used.invitation.invitation_id, reason=" ")


def test_an_observer_is_invited_to_a_second_deployment(workplace):
    """Without a link; taking one back leaves the other, and the session."""
    first = invited(workplace)
    session = use_invitation(workplace, first.token)
    guest = first.invitation.actor_id
    second = invited(workplace, deployment_id="d-2", actor_id=guest)
    both = seen(workplace, guest)
    revoke_invitation(workplace, "applicant-1", first.invitation.invitation_id, reason="x")

    assert second.token is None
    assert (both, seen(workplace, guest)) == (["d-1", "d-2"], ["d-2"])
    assert session_of(workplace, workplace.open, session.token) is not None


@pytest.mark.parametrize("actor_id", ["observer-1", "operator-1"])
def test_nobody_narrows_what_another_account_sees(workplace, actor_id):
    """An account of the force is not invited."""
    with pytest.raises(RoleForbiddenError, match="not invited before"):
        invited(workplace, actor_id=actor_id)


@pytest.mark.parametrize("by_id", ["operator-1", "engineer-1", "auditor-1", "observer-1"])
def test_only_applicants_and_officers_invite(workplace, by_id):
    """And take back; the attempt is logged."""
    made = invited(workplace)

    with pytest.raises(RoleForbiddenError):
        invited(workplace, by_id)
    with pytest.raises(RoleForbiddenError):
        revoke_invitation(workplace, by_id, made.invitation.invitation_id, reason="x")
    assert events_of(workplace)[-1].kind == EventKind.ACCESS_DENIED


@pytest.mark.parametrize("state", [g.drafted, g.applied, g.refused_at_once])
def test_nobody_observes_what_is_not_authorised(state):
    """Nor what was refused."""
    with pytest.raises(WrongStateError):
        invited(a_workplace(state(), clock=SetClock(g.OPENS)))


@pytest.mark.parametrize(
    "changes",
    [
        {"link_lifetime": timedelta(0)},
        {"link_lifetime": 8 * DAY},
        {"sees_until": g.OPENS},
        {"sees_until": g.OPENS + MAX_VIEW + timedelta(seconds=1)},
    ],
)
def test_times_out_of_range(workplace, changes):
    """A link of at most a week, a view of at most a year."""
    with pytest.raises(SettingInvalidError):
        invited(workplace, **changes)


def test_a_closed_account_is_not_opened(workplace):
    """In the words of every refused sign-in."""
    made = invited(workplace)
    deactivate_actor(workplace, "authority-1", made.invitation.actor_id, reason="x")

    with pytest.raises(SignInRefusedError):
        use_invitation(workplace, made.token)


def test_a_statement_needs_an_invitation_too(workplace):
    """About the deployment that it is to."""
    made = invited(workplace)
    use_invitation(workplace, made.token)
    guest = made.invitation.actor_id

    assert file_statement(workplace, guest, "d-1", "I was there").filed_by == guest
    with pytest.raises(NotInvitedError):
        file_statement(workplace, guest, "d-2", "I was there")
    assert events_of(workplace)[-1].details["code"] == "invitation.none_here"


def test_a_guest_sees_the_trials_of_their_deployment_only(workplace):
    """A trial names deployments that the public may not have been told of."""
    for name in ("d-3", "d-4"):
        with workplace.open() as uow:
            uow.deployments.add(replace(g.authorised(), deployment_id=name))
            uow.commit()
    theirs, other = (
        register_trial(workplace, "evaluator-1", a_plan(), DeploymentKind.OPERATIONAL, [name])
        for name in ("d-3", "d-4")
    )
    made = invited(workplace, deployment_id="d-3")
    use_invitation(workplace, made.token)
    guest, at = made.invitation.actor_id, workplace.clock.now()
    with workplace.open() as uow:
        seen_by_all = trials_seen(uow, "observer-1", at)
        assert trials_seen(uow, guest, at) == (theirs,)
        assert trials_seen(uow, guest, UNTIL) == ()
        assert trial_seen(uow, guest, theirs.trial_id, at) == theirs
        with pytest.raises(NotInvitedError, match="of this trial"):
            trial_seen(uow, guest, other.trial_id, at)

    assert seen_by_all == (theirs, other)
