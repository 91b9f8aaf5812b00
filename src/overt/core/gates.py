"""The gates before LIVE: every condition that is not met, by the number of its requirement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.application_check import unmet_content, unmet_documents
from overt.core.authority_in_force import unmet_authority, unmet_place
from overt.core.deployment import DeploymentKind, PackUse
from overt.core.notice_plan import (
    unmet_notices,
    unmet_positions,
    unmet_public_notice,
    unmet_signs,
)
from overt.core.unmet import Unmet
from overt.core.watchlist_gates import unmet_watchlist

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.deployment import Calibration, Deployment
    from overt.core.policy import Policy

DESIGN = "design 3"
"""Stands where a condition comes from the design's life cycle and has no number."""


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """What only the edge can know at the moment of going live.

    Attributes:
        site_ids: Sites at which cameras are about to run; empty only in a rehearsal.
        operating_point_digest: Of the operating point that is loaded.
        pack_digest: Of the model pack that is loaded.
        n_on_both_lists: References that stand on the operational and the blue list (R-22).
        purge_healthy: Whether the purge worker answers (R-33).
        purge_overdue: Deployments whose purge is later than the policy's grace (R-19).
        observers_page_up: Whether observers can see counts, settings and notices.
        store_writable: Whether the log takes an event (R-70).
    """

    site_ids: tuple[str, ...]
    operating_point_digest: str
    pack_digest: str
    n_on_both_lists: int
    purge_healthy: bool
    purge_overdue: tuple[str, ...]
    observers_page_up: bool
    store_writable: bool


def unmet_live_conditions(
    deployment: Deployment, facts: LiveFacts, policy: Policy, now: datetime
) -> tuple[Unmet, ...]:
    """Return every condition that keeps a deployment from being live now; empty if it may be.

    A rehearsal needs the volunteers' consent in place of the authority and what
    hangs on it; its list is blue, its pack and threshold are free.

    Args:
        deployment: As it stands.
        facts: What the edge found.
        policy: Limits and closed lists.
        now: Aware UTC.
    """
    if deployment.kind is DeploymentKind.REHEARSAL:
        special = tuple(_rehearsal(deployment, policy, now))
    else:
        special = tuple(_operational(deployment, facts, policy, now))
    return (
        *special,
        *unmet_watchlist(deployment, policy, now),
        *_calibration(deployment.calibration, facts),
        *_everywhere(deployment, facts, policy),
    )


def _operational(
    deployment: Deployment, facts: LiveFacts, policy: Policy, now: datetime
) -> Iterator[Unmet]:
    application = deployment.application
    if application is None:
        yield Unmet("R-02", "an application", "none")
    else:
        yield from unmet_content(application, policy)
        yield from unmet_documents(application, policy, now.date())
        yield from _threshold(application.threshold, deployment.calibration, policy)
    yield from unmet_authority(deployment.authority, now)
    if not facts.site_ids:
        yield Unmet("R-01", "at least one site", "none")
    for site_id in facts.site_ids:
        yield from unmet_place(application, site_id, now)
        yield from unmet_notices(deployment, site_id, policy, now)
        yield from unmet_public_notice(deployment, site_id, policy, now)
    if not facts.observers_page_up:
        yield Unmet(DESIGN, "the observers' page up", "down")


def _rehearsal(deployment: Deployment, policy: Policy, now: datetime) -> Iterator[Unmet]:
    consent = deployment.consent
    if consent is None:
        yield Unmet(DESIGN, "the volunteers' consent", "none recorded")
        return
    if now >= consent.valid_until:
        yield Unmet(DESIGN, "consent that is valid now", f"until {consent.valid_until.isoformat()}")
    if consent.uses_live_cameras:
        yield from unmet_signs(deployment.notices, policy)
        for site_id in dict.fromkeys(sign.site_id for sign in deployment.sign_plan):
            yield from unmet_positions(deployment, site_id, deployment.notices, policy)


def _calibration(calibration: Calibration | None, facts: LiveFacts) -> Iterator[Unmet]:
    if calibration is None:
        yield Unmet("R-40", "an operating point that is fixed", "none")
        return
    if not calibration.evidence.strip():
        yield Unmet("R-40", "the calibration that the operating point came from", "none named")
    if facts.operating_point_digest != calibration.operating_point_digest:
        yield Unmet("R-40", "the operating point that was fixed", "another one is loaded")
    if facts.pack_digest != calibration.pack_digest:
        yield Unmet("R-40", "the model pack that was calibrated", "another one is loaded")


def _threshold(
    authorised: float, calibration: Calibration | None, policy: Policy
) -> Iterator[Unmet]:
    if calibration is None:
        return
    found = f"{calibration.threshold:g}"
    if calibration.threshold < authorised:
        yield Unmet("R-40", f"the authorised threshold {authorised:g} or a higher one", found)
    floor = policy.threshold.floor.get(calibration.pack_name)
    if floor is None:
        condition = "a threshold floor in the policy for the model pack"
        yield Unmet("R-41", condition, f"none for {calibration.pack_name}")
    elif calibration.threshold < floor:
        yield Unmet("R-41", f"a threshold of at least {floor:g}", found)
    if calibration.pack_use is not PackUse.OPERATIONAL:
        condition = "a model pack licensed for operational use"
        yield Unmet(DESIGN, condition, f"for {calibration.pack_use}")


def _everywhere(deployment: Deployment, facts: LiveFacts, policy: Policy) -> Iterator[Unmet]:
    if deployment.policy_hash != policy.digest():
        yield Unmet("R-72", "the policy that the deployment names", "another one is loaded")
    if facts.n_on_both_lists:
        condition = "no reference on both the operational and the blue list"
        yield Unmet("R-22", condition, f"{facts.n_on_both_lists}")
    if facts.purge_overdue:
        yield Unmet("R-19", "no purge overdue", ", ".join(facts.purge_overdue))
    if not facts.purge_healthy:
        yield Unmet("R-33", "a healthy purge worker", "it does not answer")
    if not facts.store_writable:
        yield Unmet("R-70", "a log that takes events", "the store cannot be written")
