import json
import math
from dataclasses import replace

import pytest

from overt.core.erasure import TemplateLedger
from overt.core.frame import FrameCounts
from overt.evaluation.counts import RehearsalCounts
from overt.services.enrol_watchlist import Refusal
from overt.services.recognition_counts import RecognitionCounts
from overt.services.rehearsal_record import rehearsal_record
from overt.services.rehearse import RehearsalResult
from overt.testing import an_alert

# Named in the first issue; a reader of the file relies on them.
FIELDS = {
    "passages",
    "recognition_opportunities",
    "alerts",
    "true_alerts",
    "false_alerts",
    "missed",
    "true_recognition_rate",
    "faces_seen",
    "templates",
    "frames",
    "wall_s",
    "analysed_fps",
    "model_pack",
    "seed",
}
OF_AN_ALERT = {"entry", "score", "threshold", "captured_at_s", "track", "runner_up_margin"}
NEED_TRUTH = (
    "passages",
    "recognition_opportunities",
    "true_alerts",
    "false_alerts",
    "missed",
    "true_recognition_rate",
    "false_alerts_per_face_seen",
)


def a_result(**changes):
    """Return a rehearsal of three passages, two opportunities, two alerts."""
    counts = RecognitionCounts(analysed=300, faces_seen=3, searches=4)
    counts.rejected.update({"too_small": 7, "blurred": 2})
    counts.score_histogram.update({97: 2, 12: 1, -3: 1})
    result = RehearsalResult(
        consent="form 12",
        alerts=(
            an_alert(score=0.97126, runner_up_margin=0.12344, track_id=2, frame_index=55),
            an_alert(entry_id="berta", score=0.61, track_id=3, frame_index=200),
        ),
        is_true=(True, False),
        passages=3,
        scored=RehearsalCounts(2, 1, 1, 1, 3),
        frames=FrameCounts(decoded=301, analysed=300, dropped=1, failed=4),
        counts=counts,
        templates=TemplateLedger(made=10, erased=8, in_alerts=2),
        wall_s=8.00049,
    )
    return replace(result, **changes)


def a_record(result=None, *, seed=7, refusals=()):
    """Return its document."""
    return rehearsal_record(
        result or a_result(),
        model_pack="some-pack",
        pack_digest="ab12",
        operating_point_digest="cd34",
        refusals=refusals,
        seed=seed,
    )


def numbers(value):
    """Yield every float in a document."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, float):
        yield value


def test_it_has_the_fields_that_readers_rely_on():
    """Every name of the first issue is there, and every name of an alert."""
    record = a_record()
    assert record.keys() >= FIELDS
    assert all(alert.keys() >= OF_AN_ALERT for alert in record["alerts"])


def test_its_values_are_those_of_the_rehearsal():
    """Field by field."""
    record = a_record()
    assert {name: record[name] for name in FIELDS - {"alerts", "true_recognition_rate"}} == {
        "passages": 3,
        "recognition_opportunities": 2,
        "true_alerts": 1,
        "false_alerts": 1,
        "missed": 1,
        "faces_seen": 3,
        "templates": {"made": 10, "erased": 8, "in_alerts": 2},
        "frames": {"decoded": 301, "analysed": 300, "dropped": 1, "failed": 4},
        "wall_s": 8.0,
        "analysed_fps": 37.5,  # 300 / 8.00049 = 37.4977
        "model_pack": "some-pack",
        "seed": 7,
    }
    assert (record["kind"], record["consent"]) == ("rehearsal", "form 12")
    assert (record["model_pack_digest"], record["operating_point_digest"]) == ("ab12", "cd34")
    assert (record["searches"], record["rejected"]) == (4, {"blurred": 2, "too_small": 7})
    assert record["score_histogram"] == {"-0.03": 1, "0.12": 1, "0.97": 2}


def test_an_alert_is_told_without_picture_and_template():
    """Frame 55 of 25 a second is at 2.2 s; numbers, names and nothing else (R-30)."""
    first, second = a_record()["alerts"]
    assert first == {
        "entry": "anna",
        "score": 0.9713,
        "threshold": 0.6,
        "captured_at_s": 2.2,
        "track": 2,
        "runner_up_margin": 0.1234,
        "shots": 2,
        "quality": 0.5,
        "is_true": True,
    }
    assert (second["entry"], second["is_true"], second["runner_up_margin"]) == (
        "berta",
        False,
        None,
    )


def test_a_rate_has_counts_and_interval():
    """1 of 2: the exact 95 % interval of one event in two trials, 0.0126 to 0.9874."""
    rate = a_record()["true_recognition_rate"]
    assert set(rate) == {"count", "total", "low", "high"}
    assert (rate["count"], rate["total"]) == (1, 2)
    # Clopper-Pearson at k = 1, n = 2: low = 1 - sqrt(0.975), high = sqrt(0.975).
    assert rate["low"] == pytest.approx(1 - math.sqrt(0.975))
    assert rate["high"] == pytest.approx(math.sqrt(0.975))


def test_without_ground_truth_its_fields_are_null():
    """Null, not 0 and not left out."""
    bare = a_result(scored=None, is_true=(), passages=None)
    record = a_record(bare, seed=None)
    assert [record[name] for name in NEED_TRUTH] == [None] * len(NEED_TRUTH)
    assert record["seed"] is None
    assert [alert["is_true"] for alert in record["alerts"]] == [None, None]
    assert record["faces_seen"] == 3


def test_a_rate_of_nothing_has_no_interval():
    """0 of 0 opportunities: counts stand, ends are null, nothing is divided."""
    nobody = a_result(scored=RehearsalCounts(0, 0, 0, 0, 0), alerts=(), is_true=())
    record = a_record(nobody)
    undefined = {"count": 0, "total": 0, "low": None, "high": None}
    assert record["true_recognition_rate"] == undefined
    assert record["false_alerts_per_face_seen"] == undefined


def test_more_false_alerts_than_faces_do_not_stop_the_record():
    """The counts are kept, the share is null."""
    record = a_record(a_result(scored=RehearsalCounts(2, 1, 1, 5, 3)))
    assert (record["false_alerts"], record["false_alerts_per_face_seen"]) == (5, None)


def test_no_time_no_speed():
    """A wall time of 0 gives null, not infinity."""
    assert a_record(a_result(wall_s=0.0))["analysed_fps"] is None


def test_refused_photographs_are_listed_with_their_reasons():
    """So that the failure to enrol is on record (R-15)."""
    refusals = (Refusal("berta", "b.jpg", ("too_small", "blurred")),)
    assert a_record(refusals=refusals)["entries_refused"] == [
        {"entry": "berta", "photograph": "b.jpg", "reasons": ["too_small", "blurred"]}
    ]


@pytest.mark.parametrize("result", [a_result(), a_result(scored=None, is_true=(), wall_s=0.0)])
def test_it_is_plain_json(result):
    """No NaN, no infinity, nothing that JSON would change."""
    record = a_record(result)
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert all(math.isfinite(number) for number in numbers(record))
