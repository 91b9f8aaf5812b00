import numpy as np

from overt.core.passage import GroundTruth, Passage
from overt.evaluation.ground_truth import RehearsalAlert, score_rehearsal

LEFT, RIGHT, AWAY = (0, 0, 10, 20), (100, 0, 110, 20), (50, 50, 60, 70)


def a_passage(passage_id: str, subject_id: str, box: tuple[int, ...], first_frame: int) -> Passage:
    """Return a passage of two frames that stands still."""
    boxes = np.array([box, box], np.float32)
    return Passage(passage_id, subject_id, "gate", first_frame, boxes, np.ones(2, np.float32))


def an_alert(subject_id: str, box: tuple[int, ...], frame_index: int) -> RehearsalAlert:
    """Return an alert for one entry on one box."""
    return RehearsalAlert(subject_id, np.array(box, np.float32), frame_index)


TRUTH = GroundTruth(
    (
        a_passage("p1", "ann", LEFT, 0),
        a_passage("p2", "bob", RIGHT, 0),
        a_passage("p3", "ann", LEFT, 10),
        a_passage("p4", "eve", RIGHT, 10),
    )
)


def test_an_alert_that_names_the_person_shown_is_true() -> None:
    """Ann's entry on Ann's face is a true alert and leaves only her second passage missed."""
    scored = score_rehearsal([an_alert("ann", LEFT, 1)], TRUTH, frozenset({"ann"}))
    assert (scored.n_true_alerts, scored.n_false_alerts) == (1, 0)
    assert scored.recognition_opportunities == ("p1", "p3")
    assert scored.missed_opportunities == ("p3",)
    assert (scored.n_recognised, scored.n_recognition_opportunities) == (1, 2)


def test_an_alert_that_names_somebody_else_is_false() -> None:
    """Ann's entry on Eve's face is false, and Ann's opportunities are all missed."""
    scored = score_rehearsal([an_alert("ann", RIGHT, 10)], TRUTH, frozenset({"ann"}))
    assert scored.is_true == (False,)
    assert scored.alert_passages == ("p4",)
    assert scored.missed_opportunities == ("p1", "p3")


def test_an_alert_on_nobody_is_false() -> None:
    """A box beside everybody's face is a false alert that shows no passage."""
    scored = score_rehearsal([an_alert("ann", AWAY, 0)], TRUTH, frozenset({"ann"}))
    assert (scored.n_false_alerts, scored.alert_passages) == (1, (None,))


def test_a_passage_recognised_twice_counts_once() -> None:
    """Two true alerts of one passage are two true alerts but one recognised opportunity."""
    alerts = [an_alert("ann", LEFT, 0), an_alert("ann", LEFT, 1)]
    scored = score_rehearsal(alerts, TRUTH, frozenset({"ann"}))
    assert (scored.n_true_alerts, scored.n_recognised) == (2, 1)


def test_a_watchlist_without_passages_has_no_opportunities() -> None:
    """Nobody on the list passed: no opportunity, none missed, but four people could be seen."""
    scored = score_rehearsal([], TRUTH, frozenset({"zoe"}))
    assert (scored.n_recognition_opportunities, scored.missed_opportunities) == (0, ())
    assert scored.n_passages == 4
