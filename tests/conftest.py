"""Where the test data lies, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # some tests load the run time before the product does

# Two shared cores may be slow at any moment; the same examples every time.
settings.register_profile("overt", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("overt")


def _folder_or_skip(variable: str, default: Path) -> Path:
    folder = Path(os.environ.get(variable, default))
    if not folder.is_dir():
        pytest.skip(f"no test data: {variable} is not set to a folder and ../shared is absent")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of photographs and published figures, or skip."""
    return _folder_or_skip("OVERT_TEST_DATA", SHARED / "data")


@pytest.fixture(scope="session")
def shared_models() -> Path:
    """Return the folder of further model files, or skip."""
    return _folder_or_skip("OVERT_TEST_MODELS", SHARED / "models")
