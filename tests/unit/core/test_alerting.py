import pytest

from overt.core.alerting import AlertPolicy
from overt.core.operating_point import OperatingPoint, ShotLimits
from overt.testing import a_search_result, an_alert

POINT = OperatingPoint(0.6, cool_down_s=10, shots=ShotLimits(min_shots=2))


def decide(policy, *, entry="anna", camera="c1", track=1, n_shots=2, at_s=0.0, score=0.9):
    """Return the entry for which an alert is to be raised, or None."""
    candidate = policy.decide(
        a_search_result({entry: score}),
        camera_id=camera,
        track_id=track,
        n_shots=n_shots,
        elapsed_s=at_s,
    )
    return candidate and candidate.entry_id


def test_a_candidate_raises_an_alert():
    """The entry of rank 1."""
    result = a_search_result({"anna": 0.7, "berta": 0.8})
    found = AlertPolicy(POINT).decide(result, camera_id="c1", track_id=1, n_shots=2, elapsed_s=0.0)
    assert (found.entry_id, found.rank) == ("berta", 1)


def test_no_candidate_raises_nothing():
    """A best score below the threshold is not an alert (R-50)."""
    assert decide(AlertPolicy(POINT), score=0.59) is None


@pytest.mark.parametrize(("n_shots", "raised"), [(1, None), (2, "anna"), (3, "anna")])
def test_fewer_shots_than_needed_raise_nothing(n_shots, raised):
    """The operating point asks for two."""
    assert decide(AlertPolicy(POINT), n_shots=n_shots) == raised


def test_a_track_raises_an_entry_once():
    """However long the track lasts, cool-down or not."""
    policy = AlertPolicy(POINT)
    assert [decide(policy, at_s=at_s) for at_s in (0, 5, 50)] == ["anna", None, None]


@pytest.mark.parametrize(("at_s", "raised"), [(9.99, None), (10.0, "anna"), (60.0, "anna")])
def test_another_track_of_the_entry_waits_for_the_cool_down(at_s, raised):
    """Ten seconds on the same camera, the limit itself included."""
    policy = AlertPolicy(POINT)
    decide(policy, at_s=0.0)
    assert decide(policy, track=2, at_s=at_s) == raised


def test_another_entry_does_not_wait():
    """The cool-down belongs to a camera and an entry."""
    policy = AlertPolicy(POINT)
    decide(policy)
    assert decide(policy, entry="berta", track=2) == "berta"
    assert decide(policy, entry="berta", track=1) is None


def test_a_track_may_raise_another_entry():
    """When more shots have changed who is most alike."""
    policy = AlertPolicy(POINT)
    assert [decide(policy, entry=entry) for entry in ("anna", "berta")] == ["anna", "berta"]


def test_no_cool_down_lets_every_track_raise():
    """A cool-down of 0 s holds nothing back."""
    policy = AlertPolicy(OperatingPoint(0.6, cool_down_s=0))
    assert [decide(policy, track=track) for track in (1, 2)] == ["anna", "anna"]


def test_another_camera_does_not_wait():
    """Nor is track 1 of one camera track 1 of another."""
    policy = AlertPolicy(POINT)
    decide(policy)
    assert decide(policy, camera="c2") == "anna"


def test_a_track_that_ended_is_forgotten():
    """Nothing of it is left but the time of the entry's last alert."""
    policy = AlertPolicy(POINT)
    decide(policy, track=1)
    decide(policy, track=2, entry="berta")
    policy.forget_track("c1", 1)
    assert policy._raised == {("c1", 2, "berta")}
    assert decide(policy, track=1, at_s=3) is None
    assert decide(policy, track=1, at_s=10) == "anna"


def test_a_suppressed_alert_does_not_prolong_the_cool_down():
    """Ten seconds after the alert itself, not after the last attempt."""
    policy = AlertPolicy(POINT)
    raised = [decide(policy, track=track, at_s=at_s) for track, at_s in enumerate((0, 9, 10.5))]
    assert raised == ["anna", None, "anna"]


def test_an_alerts_score_is_that_of_rank_1():
    """One number to show beside the threshold."""
    assert an_alert(score=0.75).score == 0.75
