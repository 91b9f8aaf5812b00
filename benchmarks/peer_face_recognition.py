"""The face_recognition library at the same job: find, encode and compare in every frame."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from overt.core.frame import Frame
    from overt.core.passage import GroundTruth

HOW_TO_INSTALL = "face_recognition is not installed: run benchmarks/install-peers"


def face_recognition() -> ModuleType | None:
    """Return the library, or None where it is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports pkg_resources
        try:
            import face_recognition as library
        except (ImportError, SystemExit):  # it quits where its models are missing
            return None
    return library


@dataclass
class Peer:
    """The library with a watchlist, used as its own examples do.

    Attributes:
        library: The module.
        names: Name by row of ``encodings``.
        encodings: One for each photograph of the list in which it found a face.
        recognised: Passages in which it named the right person at least once.
        wrong: Passage and name, for each wrong name that a passage was given.
        nobody: Names given to boxes that show no passage.
        n_faces: Faces found.
    """

    library: ModuleType
    names: list[str] = field(default_factory=list)
    encodings: list[np.ndarray] = field(default_factory=list)
    recognised: set[str] = field(default_factory=set)
    wrong: set[tuple[str, str]] = field(default_factory=set)
    nobody: set[str] = field(default_factory=set)
    n_faces: int = 0

    def enrol(self, listed: Mapping[str, Sequence[Path]]) -> None:
        """Encode the watchlist's photographs.

        Args:
            listed: Photographs by entry.
        """
        for name, paths in listed.items():
            for path in paths:
                image = self.library.load_image_file(str(path))
                for encoding in self.library.face_encodings(image)[:1]:
                    self.names.append(name)
                    self.encodings.append(encoding)

    def look(self, pixels_rgb: np.ndarray) -> list[tuple[tuple[int, ...], str | None]]:
        """Return each face's box (top, right, bottom, left) and the name it is given.

        Everything at the library's defaults: HOG detector, pictures enlarged once,
        tolerance 0.6; of the entries within the tolerance the nearest.

        Args:
            pixels_rgb: (h, w, 3) uint8 picture.
        """
        boxes = self.library.face_locations(pixels_rgb)
        found = []
        for box, encoding in zip(
            boxes, self.library.face_encodings(pixels_rgb, boxes), strict=True
        ):
            is_alike = self.library.compare_faces(self.encodings, encoding)
            nearest = int(np.argmin(self.library.face_distance(self.encodings, encoding)))
            found.append((box, self.names[nearest] if is_alike[nearest] else None))
        return found

    def score(self, frame: Frame, found: list, truth: GroundTruth) -> None:
        """Hold a frame's names against the truth.

        Args:
            frame: Which frame.
            found: What ``look`` returned.
            truth: Every passage.
        """
        self.n_faces += len(found)
        for (top, right, bottom, left), name in found:
            if name is None:
                continue
            passage = truth.passage_of(np.array([left, top, right, bottom]), frame.index)
            if passage is None:
                self.nobody.add(name)
            elif passage.subject_id == name:
                self.recognised.add(passage.passage_id)
            else:
                self.wrong.add((passage.passage_id, name))
