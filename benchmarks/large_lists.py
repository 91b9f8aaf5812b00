"""Watchlists of any size, made up: rows, faces without networks, a deployment that may have them.

What the core decides is left out where it costs nothing: the authority is simply there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.files.policy_file import read_policy
from overt.core.authority import Application
from overt.core.deployment import Deployment, DeploymentKind, DeploymentState
from overt.core.roles import Actor, Role
from overt.core.watchlist_refusals import EntryRow
from overt.services.enrol_portraits import Enroller
from overt.services.judge_rows import OfferedRow
from overt.testing import FAKE_PACK, FakeFace, FakeModels, a_picture, an_operating_point

if TYPE_CHECKING:
    from overt.core.policy import Policy

PICTURE_BYTES = 30_000
"""About a portrait of 400 pixels a side."""

LIST = "deployment-1"
COMPOSER, APPROVER = "applicant-1", "applicant-2"
NOW = datetime(2026, 3, 3, 6, tzinfo=UTC)


@dataclass
class StandingClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """Return the one moment."""
        return NOW


@dataclass
class OnePolicy:
    """One policy, whatever is asked for.

    Attributes:
        policy: That one.
    """

    policy: Policy

    def current(self) -> Policy:
        """Return it."""
        return self.policy

    def get(self, policy_hash: str) -> Policy:  # noqa: ARG002 - part of the port
        """Return it."""
        return self.policy


def a_policy(size: int) -> OnePolicy:
    """Return the shipped policy with this cap.

    Args:
        size: Up to its ceiling.
    """
    policy = read_policy()
    return OnePolicy(replace(policy, watchlist=replace(policy.watchlist, size_cap=size)))


def people() -> tuple[Actor, ...]:
    """Return who composes and who approves."""
    return tuple(Actor(name, frozenset({Role.APPLICANT}), None) for name in (COMPOSER, APPROVER))


def a_deployment(size: int) -> Deployment:
    """Return a deployment that may have a list of this size.

    Args:
        size: Entries.
    """
    application = Application(
        *(("made up",) * 5),
        sites=(),
        categories=("wanted_by_courts",),
        size_cap=size,
        threshold=0.93,
        threshold_evidence="none",
        notice_plan="none",
        no_public_notice_code=None,
        no_public_notice_reason="",
        documents=(),
    )
    return Deployment(
        LIST,
        "Measured",
        DeploymentKind.OPERATIONAL,
        DeploymentState.AUTHORISED,
        COMPOSER,
        NOW,
        "0" * 64,
        application=application,
    )


def offers(size: int) -> list[OfferedRow]:
    """Return rows against which nothing speaks; all show one picture.

    Args:
        size: How many.
    """
    pixels = a_picture(FakeFace(60, 40, side_px=120), size_wh=(240, 200))
    row = EntryRow(
        reference="",
        category="wanted_by_courts",
        justification="Warrant of 3 January",
        image_source="Custody",
        image_date=date(2025, 6, 1),
        urgency="amber",
        is_under_18=False,
        under_18_exception=None,
        expires_at=None,
    )
    return [
        OfferedRow(number + 2, replace(row, reference=f"N-{number}"), lambda _: pixels)
        for number in range(size)
    ]


def an_enroller(rng: np.random.Generator) -> Enroller:
    """Return an enroller that makes of each row somebody else, with a picture of noise.

    Args:
        rng: Makes them.
    """
    return Enroller(
        FakeModels(_OneFace(), embedder=_Strangers(rng)),
        "overt-default",
        an_operating_point(),
        lambda _pixels, _box: rng.bytes(PICTURE_BYTES),
    )


class _OneFace:
    """Finds the one face of the picture that every row shows; looks for it once a size."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, ...], object] = {}

    def detect(self, images_rgb, limits):
        for image in images_rgb:
            if image.shape not in self._found:
                (self._found[image.shape],) = FakeModels().detector.detect([image], limits)
        return [self._found[image.shape] for image in images_rgb]


class _Strangers:
    """Makes of every chip another vector."""

    dimension = 128
    pack_digest = FAKE_PACK

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def embed(self, chips_rgb):
        rows = self._rng.standard_normal((len(chips_rgb), self.dimension)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
