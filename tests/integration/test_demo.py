"""The demonstration: what a newcomer finds on its machine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.browser.console_process import CACHE

from overt.bootstrap.demo import LINK_LIFETIME, demo_home, demo_links, prepare_demo
from overt.bootstrap.demo_people import PEOPLE, PROGRAM
from overt.bootstrap.store import open_reader, open_workplace
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.gates import LiveFacts, unmet_live_conditions
from overt.core.roles import Role
from overt.core.watchlist import EntryStatus, ListKind
from overt.errors import OutputUnwritableError, SignInRefusedError, StoreLeasedError
from overt.services.sign_in import sign_in_with_link
from overt.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Yield a demonstration that has been prepared, in its home."""
    CACHE.mkdir(parents=True, exist_ok=True)
    settings = Settings(home=tmp_path_factory.mktemp("demo") / "home", cache=CACHE)
    with demo_home(settings) as own:
        yield prepare_demo(own, has_trial=False)


@pytest.fixture
def uow(demo):
    """Yield a look into its store."""
    with open_reader(demo.settings) as reading, reading() as opened:
        yield opened


def test_every_role_has_somebody_who_is_trained(uow):
    """Nine people, all eight roles; the officer who keeps the accounts cannot train themselves."""
    programs = {actor.actor_id for actor in PROGRAM}
    actors = {a.actor_id: a for a in uow.actors.list() if a.actor_id not in programs}

    assert actors.keys() == {person.actor_id for person in PEOPLE}
    assert len(actors) == 9
    assert frozenset().union(*(actor.roles for actor in actors.values())) == frozenset(Role)
    assert [name for name, actor in actors.items() if actor.trained_on is None] == ["ao-1"]


def test_nothing_keeps_the_rehearsal_from_going_live(demo, uow):
    """Consent, list, second person, operating point: each condition of the gate is met."""
    deployment = uow.deployments.get(demo.deployment_id)
    point = deployment.calibration
    facts = LiveFacts((), point.operating_point_digest, point.pack_digest, 0, True, (), False, True)
    with open_workplace(demo.settings) as workplace:
        policy, now = workplace.policies.get(deployment.policy_hash), workplace.clock.now()

    assert deployment.kind is DeploymentKind.REHEARSAL
    assert unmet_live_conditions(deployment, facts, policy, now) == ()
    assert deployment.consent.uses_live_cameras is False


def test_one_of_the_two_who_walk_is_on_the_blue_list(demo, uow):
    """Put there by the evaluator and approved by somebody else."""
    (entry,) = uow.entries.of_deployment(demo.deployment_id)

    assert (entry.list_kind, entry.status) == (ListKind.BLUE, EntryStatus.APPROVED)
    assert (entry.composed_by, entry.approved_by) == ("ev-1", "ap-2")


def test_the_desk_has_something_to_decide(uow):
    """A draft, and an application that waits for its authority; both real, both made up."""
    states = {
        deployment.state
        for deployment in uow.deployments.list()
        if deployment.kind is DeploymentKind.OPERATIONAL
    }

    assert states == {DeploymentState.DRAFT, DeploymentState.APPLIED}


def test_a_link_signs_in_once(demo):
    """The second use is refused; no password is asked for."""
    with open_workplace(demo.settings) as workplace:
        token = demo_links(workplace)["eo-1"]
        session = sign_in_with_link(workplace, token)
        with pytest.raises(SignInRefusedError):
            sign_in_with_link(workplace, token)

    assert (session.actor.actor_id, session.must_change_password) == ("eo-1", False)
    assert timedelta(hours=1) <= LINK_LIFETIME <= timedelta(days=1)


def test_its_operator_asks_for_the_street_for_ever(demo):
    """The clip in the cache, in a loop."""
    request = demo.run_request()

    assert (request.actor_id, request.deployment_id) == ("op-1", demo.deployment_id)
    assert request.cameras == (("street", f"loop:{demo.clip}"),)
    assert demo.clip.is_file()


def test_what_is_kept_is_used_again(demo):
    """With a store that is there, nothing is added to it."""
    again = prepare_demo(demo.settings, has_trial=False)

    assert again == demo


class TestHome:
    def settings(self, folder) -> Settings:
        return Settings(
            home=folder / "home", cache=folder, model_pack="another", store_url="sqlite://"
        )

    def test_it_takes_nothing_from_the_machine(self, tmp_path):
        """Neither its store, nor its model packs; its home lies in the machine's."""
        with demo_home(self.settings(tmp_path)) as own:
            assert own.home == tmp_path / "home" / "demo"
            assert (own.store_url, own.model_pack) == (None, "overt-default")
            assert own.home.stat().st_mode & 0o77 == 0

    def test_it_is_made_anew_unless_it_is_kept(self, tmp_path):
        """What an earlier demonstration left is gone, or still there."""
        with demo_home(self.settings(tmp_path)) as own:
            (own.home / "left").touch()
        with demo_home(self.settings(tmp_path), is_kept=True) as own:
            assert (own.home / "left").exists()
        with demo_home(self.settings(tmp_path)) as own:
            assert not (own.home / "left").exists()

    def test_two_demonstrations_never_share_it(self, tmp_path):
        """The second is refused, and what the first works with is not touched."""
        with demo_home(self.settings(tmp_path)) as own:
            (own.home / "in-use").touch()
            with pytest.raises(StoreLeasedError), demo_home(self.settings(tmp_path)):
                pass
            assert (own.home / "in-use").exists()

    def test_a_folder_of_somebodys_own_is_not_removed(self, tmp_path):
        """Only what a demonstration made is."""
        own = tmp_path / "home" / "demo" / "letters.txt"
        own.parent.mkdir(parents=True)
        own.touch()

        with pytest.raises(OutputUnwritableError), demo_home(self.settings(tmp_path)):
            pass
        assert own.exists()

    def test_a_home_that_cannot_be_made_is_named(self, tmp_path):
        """A file stands where the folder should be."""
        (tmp_path / "home").touch()

        with pytest.raises(OutputUnwritableError), demo_home(self.settings(tmp_path)):
            pass
