"""The log holds counts and identifiers, never a face (R-31)."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from overt.core.personal_data import MAX_TEXT_BYTES, refuse_personal
from overt.errors import PersonalDataInLogError

TEMPLATE = np.linspace(-1, 1, 128, dtype=np.float32)


@pytest.mark.parametrize(
    "details",
    [
        {"alert_id": "alert_01", "score": 0.71, "threshold": 0.62},
        {"unmet": ["R-13", "R-14", "R-15", "R-16", "R-20", "R-21", "R-22", "R-40", "R-41"]},
        {"n_templates": 12, "templates": 3, "faces": 0, "faces_seen": 4811},
        {"box": [1, 2, 3, 4], "flags": [True, False]},
        {"pack_name": "overt-default", "sha256": "ab" * 32, "sha512": "ab" * 64},
        {"counts": {f"{n}": n for n in range(50)}},
        {"reason": "The authority ended. " * 100},
        {"nothing": None},
    ],
)
def test_counts_identifiers_and_reasons_pass(details):
    """What the log is for."""
    refuse_personal(details)


@pytest.mark.parametrize(
    ("details", "where"),
    [
        ({"data": TEMPLATE.tobytes()}, "data is a bytes"),
        ({"data": bytearray(4)}, "data is a bytearray"),
        ({"data": TEMPLATE}, "data is a ndarray"),
        ({"data": TEMPLATE.tolist()}, "data is a list of 128 numbers"),
        ({"data": [[1.5] * 5, [2] * 4]}, "data is a list of 9 numbers"),
        ({"data": [{"a": 1, "b": {"c": [2] * 8}}]}, "data is a list of 9 numbers"),
        ({"data": {"inner": (0,) * 9}}, "data.inner is a list of 9 numbers"),
        ({"data": base64.b64encode(TEMPLATE.tobytes()).decode()}, "data holds a long run"),
        ({"data": f"see {TEMPLATE.tobytes().hex()} there"}, "data holds a long run"),
        ({"note": "a " * (MAX_TEXT_BYTES // 2) + "b"}, "note is a text above 4096 bytes"),
        ({"name": "A"}, "name is called after what identifies a person"),
        ({"who": {"Surname": "A"}}, "who.Surname is called after"),
        ({"face": "x"}, "face is called after a face"),
        ({"probe_template": [0.1]}, "probe_template is called after a face"),
        ({"embeddings": "x"}, "embeddings is called after a face"),
        ({"crops": ["x"]}, "crops is called after a face"),
        ({"pixels": "x"}, "pixels is called after a face"),
        ({"rows": [{"image": "x"}]}, r"rows\[\].image is called after a face"),
        ({"when": object()}, "when is a object"),
    ],
)
def test_what_could_be_a_face_or_a_name_is_refused(details, where):
    """By type, by shape, by length, by the name of the field; the message holds no value."""
    with pytest.raises(PersonalDataInLogError, match=where) as caught:
        refuse_personal(details)

    assert len(caught.value.message) < 120
