"""Run ONNX networks, and know how long the networks themselves took."""

from __future__ import annotations

import os
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import ManifestInvalidError, ModelRunError

# From 1.32 on, the run time tells its maker of the machine and of each network that is loaded, and
# keeps an identifier of the machine on the disk, unless it is told not to before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime
from onnxruntime.capi import (
    onnxruntime_pybind11_state as runtime_errors,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# Every exception class of the installed run time (releases differ in which there
# are), and what its binding makes of other C++ exceptions and of names that are not UTF-8.
RUNTIME_ERRORS: tuple[type[Exception], ...] = (
    RuntimeError,
    ValueError,
    *(
        kind
        for kind in vars(runtime_errors).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
)


class ModelSession:
    """One network, loaded.

    Attributes:
        busy_s: Seconds spent inside the network since it was loaded.
        n_runs: How often it ran.
    """

    def __init__(self, model: bytes, *, n_threads: int) -> None:
        """Load a network for the processor.

        Args:
            model: An ONNX file's bytes.
            n_threads: Threads inside one run; 0 lets the run time choose.

        Raises:
            ModelRunError: The run time refuses the network.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = n_threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # Threads that spin between runs would take the cores from decoding.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        with _translated():
            # Its own second attempt would print to the standard output.
            self._session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"], enable_fallback=0
            )
            self._input = self._session.get_inputs()[0].name
        self.busy_s = 0.0
        self.n_runs = 0

    @property
    def input_shape(self) -> tuple[int | str, ...]:
        """Return the first input's shape; names stand for free dimensions."""
        return tuple(self._session.get_inputs()[0].shape)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Return the outputs' names, in order."""
        return tuple(output.name for output in self._session.get_outputs())

    def check_outputs(
        self, side_px: int, expected: Sequence[Sequence[int]], outputs: Sequence[str] | None = None
    ) -> None:
        """Run a black picture through, and refuse a network of another kind.

        Args:
            side_px: Side of the picture.
            expected: Shape of each output.
            outputs: Which outputs, in which order; all when left out.

        Raises:
            ManifestInvalidError: The outputs have other shapes.
            ModelRunError: The run time failed.
        """
        results = self.run(np.zeros((1, side_px, side_px, 3), np.uint8), outputs)
        found = [np.shape(result) for result in results]
        if found != [tuple(shape) for shape in expected]:
            msg = f"expected a network with outputs of shape {list(expected)}, found {found}"
            raise ManifestInvalidError(msg)

    def run(
        self, batch: NDArray[np.generic], outputs: Sequence[str] | None = None
    ) -> list[NDArray[np.float32]]:
        """Return the network's outputs.

        Args:
            batch: The only input, in the network's own shape and type.
            outputs: Which outputs, in which order; all when left out.

        Raises:
            ModelRunError: The run time failed.
        """
        started = perf_counter()
        with _translated():
            results: list[NDArray[np.float32]] = self._session.run(outputs, {self._input: batch})
        self.busy_s += perf_counter() - started
        self.n_runs += 1
        return results


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except RUNTIME_ERRORS as error:
        msg = f"the inference run time failed: {type(error).__name__}"
        raise ModelRunError(msg) from error
