"""The inference run time: its errors become ours, and its time is known."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper
from onnxruntime.capi import onnxruntime_pybind11_state
from tests.integration.networks import channel_means, network

from overt.adapters.models.onnx_inputs import accept_pictures
from overt.adapters.models.session import RUNTIME_ERRORS, ModelSession
from overt.errors import ManifestInvalidError, ModelRunError

PICTURE = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(1, 8, 8, 3)


def test_every_error_of_the_run_time_is_known():
    """Each exception class that the installed release exposes; the common ones by name."""
    exposed = {
        kind
        for kind in vars(onnxruntime_pybind11_state).values()
        if isinstance(kind, type) and issubclass(kind, BaseException)
    }
    names = {kind.__name__ for kind in RUNTIME_ERRORS}

    assert exposed <= set(RUNTIME_ERRORS)
    assert {"Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "EPFail"} <= names


def test_nothing_but_the_run_times_errors_is_translated():
    """A programming error, or a wish to stop, stays what it is."""
    others = [k for k in RUNTIME_ERRORS if k.__module__ != onnxruntime_pybind11_state.__name__]

    assert others == [RuntimeError, ValueError]


@pytest.mark.parametrize("model", [b"", b"garbage", b"\x00" * 1000, channel_means()[:-20]])
def test_what_is_no_network_is_refused_when_loaded(model, capfd):
    """ModelRunError with the run time's own error behind it; nothing is printed."""
    with pytest.raises(ModelRunError, match="the inference run time failed") as refused:
        ModelSession(model, n_threads=1)

    assert isinstance(refused.value.__cause__, RUNTIME_ERRORS)
    assert capfd.readouterr() == ("", "")


def test_an_unknown_operator_is_refused_when_loaded():
    """A network for another run time."""
    model = network([helper.make_node("Teleport", ["x"], ["y"])]).SerializeToString()
    with pytest.raises(ModelRunError):
        ModelSession(model, n_threads=1)


def test_a_batch_of_the_wrong_shape_is_refused():
    """The run time's InvalidArgument, translated."""
    session = ModelSession(channel_means(), n_threads=1)
    with pytest.raises(ModelRunError, match="InvalidArgument"):
        session.run(np.zeros((1, 3, 9, 8), np.float32))


def test_an_unknown_output_is_refused():
    """A detector of another kind lacks the names."""
    session = ModelSession(accept_pictures(channel_means()), n_threads=1)
    with pytest.raises(ModelRunError):
        session.run(PICTURE, ["no-such-output"])


def test_the_time_inside_the_network_adds_up():
    """busy_s grows with every run and n_runs counts them; a failed run counts as none."""
    session = ModelSession(accept_pictures(channel_means()), n_threads=1)
    assert (session.busy_s, session.n_runs) == (0.0, 0)
    session.run(PICTURE)
    first_s = session.busy_s
    session.run(PICTURE)
    second_s = session.busy_s
    with pytest.raises(ModelRunError):
        session.run(PICTURE[0])

    assert 0 < first_s < second_s
    assert (session.busy_s, session.n_runs) == (second_s, 2)


def test_a_session_tells_its_inputs_shape_and_its_outputs_names():
    """Names stand for free dimensions."""
    session = ModelSession(accept_pictures(channel_means()), n_threads=1)

    assert session.input_shape == ("n", "height", "width", 3)
    assert session.output_names == ("y",)


def test_a_network_of_another_kind_is_refused():
    """Expected and found shapes are in the message."""
    session = ModelSession(accept_pictures(channel_means()), n_threads=1)
    session.check_outputs(8, [(1, 3)])
    with pytest.raises(ManifestInvalidError, match=r"\[\(1, 4\)\], found \[\(1, 3\)\]"):
        session.check_outputs(8, [(1, 4)])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (94.5, 95.5, 96.5)),
        ({"mean": 94.5}, (0, 1, 2)),
        ({"scale": 2.0}, (47.25, 47.75, 48.25)),
        ({"mean": 94.5, "scale": 0.5}, (0, 2, 4)),
        ({"reverse_channels": True}, (96.5, 95.5, 94.5)),
        ({"reverse_channels": True, "mean": 96.5, "scale": 2.0}, (0, -0.5, -1)),
    ],
)
def test_pictures_reach_the_network_as_it_wants_them(options, expected):
    """(value - mean) / scale, blue first where asked: channels average 94.5, 95.5, 96.5."""
    session = ModelSession(accept_pictures(channel_means(), **options), n_threads=1)

    assert session.run(PICTURE)[0].tolist() == [list(expected)]


def test_batch_height_and_width_become_free():
    """The file said 1 x 3 x 8 x 8."""
    session = ModelSession(accept_pictures(channel_means()), n_threads=1)

    assert session.run(np.full((3, 20, 7, 3), 9, np.uint8))[0].tolist() == [[9, 9, 9]] * 3


def test_constants_that_are_also_listed_as_inputs_are_hidden():
    """As older exporters write them; the real input is found among them."""
    node = helper.make_node("Mul", ["x", "two"], ["y"])
    model = network([node], constants={"two": np.array(2, np.float32)})
    model.graph.input.insert(0, helper.make_tensor_value_info("two", TensorProto.FLOAT, []))
    session = ModelSession(accept_pictures(model.SerializeToString()), n_threads=1)

    assert np.array_equal(session.run(PICTURE)[0], 2.0 * PICTURE.transpose(0, 3, 1, 2))


def test_a_network_of_two_inputs_is_refused():
    """Which one would be the picture?"""
    model = network([helper.make_node("Add", ["x", "z"], ["y"])])
    model.graph.input.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, None))
    with pytest.raises(ManifestInvalidError, match="one input, found 2"):
        accept_pictures(model.SerializeToString())


def test_weights_in_another_file_are_refused():
    """No digest of the manifest would cover them."""
    node = helper.make_node("Mul", ["x", "w"], ["y"])
    model = network([node], constants={"w": np.ones(3, np.float32)})
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="elsewhere.bin")
    with pytest.raises(ManifestInvalidError, match="another file"):
        accept_pictures(model.SerializeToString())


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_network_is_an_error_of_ours_or_none(seed, capfd):
    """A few bytes of a small network are changed, 100 times; nothing else is ever raised."""
    rng = np.random.default_rng(seed)
    whole = channel_means(input_name="picture-of-a-face")
    for _ in range(100):
        damaged = np.frombuffer(whole, np.uint8).copy()
        damaged[rng.integers(0, len(whole), 3)] = rng.integers(0, 256, 3)
        with suppress(ManifestInvalidError, ModelRunError):
            ModelSession(accept_pictures(damaged.tobytes()), n_threads=1).run(PICTURE)

    assert capfd.readouterr() == ("", "")


def test_the_processor_runs_the_networks():
    """Whatever else the run time could use on this machine."""
    session = ModelSession(accept_pictures(channel_means()), n_threads=1)

    assert session._session.get_providers() == ["CPUExecutionProvider"]
    assert "CPUExecutionProvider" in onnxruntime.get_available_providers()


def test_the_run_time_tells_nobody_of_the_machine(tmp_path):
    """It would keep an identifier of the machine, and send it with each network that is loaded."""
    without = {k: v for k, v in os.environ.items() if not k.startswith(("ORT_", "XDG_"))}
    code = (
        "from overt.adapters.models.session import ModelSession; import sys;"
        "ModelSession(sys.stdin.buffer.read(), n_threads=1)"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        input=channel_means(),
        env={**without, "HOME": str(tmp_path)},
        check=True,
    )

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
