"""A model pack's manifest: files, digests, licences, geometry, threshold."""

from __future__ import annotations

import hashlib
import json
import tomllib
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from overt.errors import ManifestInvalidError

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_NAME = "pack.toml"


class PackUse(StrEnum):
    """What the licences and the evidence of a pack allow."""

    OPERATIONAL = "operational"
    RESEARCH_ONLY = "research-only"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackFile(_Part):
    """One file of a pack.

    Attributes:
        name: File name, no folder.
        package: ``package/path`` inside an installed Python package, or empty.
        url: Where ``overt models pull`` fetches it, or empty.
        sha256: Hexadecimal digest, checked before every use.
        size_bytes: Length.
        licence: SPDX identifier.
        source: Who made it, and where it is described.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    package: str = ""
    url: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Annotated[int, Field(gt=0)]
    licence: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]


class DetectorPart(_Part):
    """Which detector, on which file."""

    kind: Literal["centerface", "yunet"]
    file: str


class AlignerPart(_Part):
    """Which alignment; numbers as in ``DlibAligner`` and ``FivePointAligner``."""

    kind: Literal["dlib-5-point", "five-point"]
    file: str = ""
    side_px: Annotated[int, Field(ge=32, le=1024)]
    padding: float = 0.25
    box_scale: float = 1.0
    box_drop: float = 0.05


class EmbedderPart(_Part):
    """Which descriptor; values are normalised as (value - mean) / scale."""

    kind: Literal["dlib-resnet", "onnx"]
    file: str
    dimension: Annotated[int, Field(ge=2, le=4096)]
    colour_order: Literal["rgb", "bgr"] = "rgb"
    mean: float = 0.0
    scale: Annotated[float, Field(gt=0)] = 1.0


class ThresholdPart(_Part):
    """The default threshold and the evidence behind it.

    Attributes:
        value: Cosine in [-1, 1], inclusive.
        data: Which faces it was measured on.
        n_nonmated: Non-mated comparisons measured; 0 when it was only taken over.
        n_false: How many of them scored at or above the threshold.
        false_match_high: Upper end of the exact 95 % interval of their share.
        n_mated: Mated comparisons measured.
        n_missed: How many of them scored below the threshold.
    """

    value: Annotated[float, Field(ge=-1, le=1)]
    data: Annotated[str, Field(min_length=1)]
    n_nonmated: Annotated[int, Field(ge=0)] = 0
    n_false: Annotated[int, Field(ge=0)] = 0
    false_match_high: Annotated[float, Field(ge=0, le=1)] = 1.0
    n_mated: Annotated[int, Field(ge=0)] = 0
    n_missed: Annotated[int, Field(ge=0)] = 0


class Manifest(_Part):
    """A model pack, described."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(min_length=1)]
    use: PackUse
    detector: DetectorPart
    aligner: AlignerPart
    embedder: EmbedderPart
    threshold: ThresholdPart
    files: Annotated[tuple[PackFile, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_known(self) -> Manifest:
        known = {file.name for file in self.files}
        used = {self.detector.file, self.aligner.file or self.detector.file, self.embedder.file}
        if missing := sorted(used - known):
            msg = f"no [[files]] entry for {', '.join(missing)}"
            raise ValueError(msg)
        return self

    def file(self, name: str) -> PackFile:
        """Return one file's entry.

        Args:
            name: A name that a part of this manifest uses.
        """
        return next(file for file in self.files if file.name == name)

    def digest(self) -> str:
        """Return the SHA-256 of all that decides a template: files, geometry, networks.

        Texts and the threshold are left out: correcting a title does not make
        templates incomparable.
        """
        decisive = {
            "detector": self.detector.model_dump(),
            "aligner": self.aligner.model_dump(),
            "embedder": self.embedder.model_dump(),
            "files": {file.name: file.sha256 for file in self.files},
        }
        text = json.dumps(decisive, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """Return the manifest in a file.

    Args:
        path: A TOML file.

    Raises:
        ManifestInvalidError: It cannot be read, lacks a field or has a wrong value.
    """
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path.name}: not a readable TOML file ({error.__class__.__name__})"
        raise ManifestInvalidError(msg, file=path.name) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "manifest"
        msg = f"{path.name}: {where}: {first['msg']}"
        raise ManifestInvalidError(msg, file=path.name, field=where) from error
