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
MAX_FILE_BYTES = 2**31  # what an ONNX file can be
PACK_NAME = r"^[a-z0-9][a-z0-9-]*$"
# A top-level package (finding any other would import its parent) and a path that
# does not climb out of it; or nothing.
_INSIDE_PACKAGE = r"^([A-Za-z_][A-Za-z0-9_]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+)?$"


class PackUse(StrEnum):
    """What the licences and the evidence of a pack allow."""

    OPERATIONAL = "operational"
    RESEARCH_ONLY = "research-only"


class _Part(BaseModel):
    """A table of the manifest: no other keys, no change, no number that is none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PackFile(_Part):
    """One file of a pack.

    Attributes:
        name: File name, no folder.
        package: ``package/path`` inside an installed Python package, or empty.
        url: Where ``overt models pull`` fetches it, or empty; not with ``package``.
        sha256: Hexadecimal digest, checked before every use.
        size_bytes: Length.
        licence: SPDX identifier.
        source: Who made it, and where it is described.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    package: Annotated[str, Field(pattern=_INSIDE_PACKAGE)] = ""
    url: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Annotated[int, Field(gt=0, le=MAX_FILE_BYTES)]
    licence: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _one_place(self) -> PackFile:
        if self.name == MANIFEST_NAME:
            msg = f"{MANIFEST_NAME} is the manifest's own name"
            raise ValueError(msg)
        if self.package and self.url:
            msg = "a file has a package or a url, not both"
            raise ValueError(msg)
        return self


class DetectorPart(_Part):
    """Which detector, on which file."""

    kind: Literal["centerface", "yunet"]
    file: str


class AlignerPart(_Part):
    """Which alignment; numbers as in ``DlibAligner`` and ``FivePointAligner``."""

    kind: Literal["dlib-5-point", "five-point"]
    file: str = ""
    side_px: Annotated[int, Field(ge=32, le=1024)]
    padding: Annotated[float, Field(ge=0, le=4)] = 0.25
    box_scale: Annotated[float, Field(gt=0, le=10)] = 1.0
    box_drop: Annotated[float, Field(ge=-10, le=10)] = 0.05

    @model_validator(mode="after")
    def _file_given(self) -> AlignerPart:
        if self.kind == "dlib-5-point" and not self.file:
            msg = "dlib-5-point needs a file"
            raise ValueError(msg)
        return self


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

    name: Annotated[str, Field(pattern=PACK_NAME)]
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
        known = [file.name for file in self.files]
        if len(set(known)) < len(known):
            msg = "two [[files]] entries have the same name"
            raise ValueError(msg)
        used = {self.detector.file, self.aligner.file or self.detector.file, self.embedder.file}
        if missing := sorted(used - set(known)):
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
    name = f"{path.parent.name}/{path.name}"
    try:
        return parse_manifest(path.read_bytes(), name)
    except OSError as error:
        msg = f"{name}: cannot be read ({type(error).__name__})"
        raise ManifestInvalidError(msg, file=name) from error


def parse_manifest(data: bytes, name: str) -> Manifest:
    """Return the manifest that a file's bytes hold.

    Args:
        data: TOML in UTF-8.
        name: What messages call it.

    Raises:
        ManifestInvalidError: It is no TOML, lacks a field or has a wrong value.
    """
    try:
        return Manifest.model_validate(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"{name}: not a readable TOML file ({type(error).__name__})"
        raise ManifestInvalidError(msg, file=name) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "manifest"
        msg = f"{name}: {where}: {first['msg']}"
        raise ManifestInvalidError(msg, file=name, field=where) from error
