from types import SimpleNamespace

import numpy as np

from overt.core.analysis import AnalysedFrame
from overt.core.passage import GroundTruth, Passage
from overt.core.tracking import TrackedFace
from overt.evaluation.ground_truth import PassageWatch, RehearsalAlert, score_rehearsal
from overt.evaluation.recognition_figures import PassResult

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


def a_look(index: int, *faces: tuple[tuple[int, ...], bool, bool]) -> AnalysedFrame:
    """Return a frame with faces: box, whether it confirmed its track, whether it was searched."""
    seen = tuple(
        TrackedFace(
            track=SimpleNamespace(track_id=number),
            box_xyxy=np.array(box, np.float32),
            score=0.9,
            landmarks_xy=np.zeros((5, 2), np.float32),
            is_newly_confirmed=is_confirmed,
        )
        for number, (box, is_confirmed, _) in enumerate(faces)
    )
    searched = frozenset(number for number, (_, _, searched) in enumerate(faces) if searched)
    return AnalysedFrame(SimpleNamespace(index=index), None, seen, (), searched)


def test_it_is_known_how_far_the_machine_came_with_each_passage() -> None:
    """R-46: searched, followed only, or never confirmed; a face of nobody's is left out."""
    watch = PassageWatch(TRUTH)
    watch.see(a_look(0, (LEFT, True, False), (RIGHT, True, False), (AWAY, True, True)))
    watch.see(a_look(1, (LEFT, False, True), (RIGHT, False, False)))
    watch.see(a_look(10, (LEFT, False, False)))

    assert {each: watch.result_of(each) for each in ("p1", "p2", "p3", "p4")} == {
        "p1": PassResult.COMPARED,
        "p2": PassResult.REJECTED,
        "p3": PassResult.NOT_CAPTURED,
        "p4": PassResult.NOT_CAPTURED,
    }
