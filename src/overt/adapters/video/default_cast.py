"""Two public-domain portraits that come with the package's own dependencies.

They let anybody rehearse at once, without a photograph of a real volunteer.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from overt.errors import FolderUnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PORTRAITS = {
    "eileen-collins": ("skimage", "data/astronaut.png"),
    "grace-hopper": ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
}


def default_cast(
    portraits: Mapping[str, tuple[str, str]] = _PORTRAITS,
) -> dict[str, tuple[Path, ...]]:
    """Return the photographs of the default cast by subject id.

    Nothing is imported and nothing is fetched.

    Args:
        portraits: For each subject the package that carries the portrait and the
            path inside it.

    Raises:
        FolderUnusableError: A package is not installed or lacks its portrait.
    """
    return {subject: (_find(*place),) for subject, place in portraits.items()}


def _find(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        msg = f"the portrait {inside} comes with {package}, which is not installed"
        raise FolderUnusableError(msg, package=package)
    path = Path(spec.origin).parent / inside
    if not path.is_file():
        msg = f"the installed {package} does not hold the portrait {inside}"
        raise FolderUnusableError(msg, package=package)
    return path
