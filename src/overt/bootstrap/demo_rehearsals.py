"""The rehearsals of the demonstration: who is listed, what their generated streets look like."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.photographs_ahead import pixels_of
from overt.bootstrap.calibrations import calibration_of_pack
from overt.bootstrap.demo_people import APPLICANT, APPROVER, ENGINEER, EVALUATOR
from overt.bootstrap.demo_street import STREET
from overt.bootstrap.watchlists import open_enroller
from overt.core.deployment import ConsentRecord, DeploymentKind
from overt.services.approve_watchlist import approve_watchlist
from overt.services.calibrate import calibrate
from overt.services.draft_deployment import draft_deployment, record_consent
from overt.services.volunteers import OfferedVolunteer, add_volunteer

if TYPE_CHECKING:
    from overt.adapters.video.scene_settings import SceneSettings
    from overt.services.workplace import Workplace
    from overt.settings import Settings

CONSENT = "Public-domain portraits that installed packages carry; nobody was filmed."
CONSENT_SHA256 = hashlib.sha256(CONSENT.encode()).hexdigest()
VALID_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GeneratedRehearsal:
    """One rehearsal on a generated street.

    Attributes:
        name: Of the deployment.
        listed: Who is on the blue list, of those who walk.
        scene: What the street looks like.
        factors: What made it harder, as noted with each pass (R-46).
    """

    name: str
    listed: tuple[str, ...]
    scene: SceneSettings
    factors: tuple[str, ...] = ()


HOPPER, COLLINS = "grace-hopper", "eileen-collins"
_BRISK = replace(STREET, n_passages=6, walk_s=(4.0, 6.0), face_px=(56.0, 118.0))
REHEARSALS = (
    GeneratedRehearsal("Rehearsal 1: a quiet street", (HOPPER,), replace(_BRISK, seed=11)),
    GeneratedRehearsal(
        "Rehearsal 2: a crowd",
        (COLLINS,),
        replace(_BRISK, seed=12, n_passages=8, max_at_once=6, occlusion_share=0.8),
        ("crowd",),
    ),
    GeneratedRehearsal(
        "Rehearsal 3: poor light, blurred",
        (HOPPER, COLLINS),
        replace(_BRISK, seed=13, gain=(0.2, 0.4), noise_sigma=8.0, blur_px=(1.5, 3.5)),
        ("light", "motion blur"),
    ),
)


def prepare_rehearsal(
    workplace: Workplace, settings: Settings, name: str, listed: tuple[str, ...]
) -> str:
    """Return the identifier of a rehearsal that may go live: list, second person, threshold.

    Args:
        workplace: Of the demonstration, with its people.
        settings: Of the demonstration.
        name: Of the deployment.
        listed: Whose portraits are on the blue list.
    """
    kind = DeploymentKind.REHEARSAL
    deployment_id = draft_deployment(workplace, APPLICANT, name=name, kind=kind).deployment_id
    now = workplace.clock.now()
    consent = ConsentRecord(
        CONSENT_SHA256, 0, APPLICANT, now, now + VALID_FOR, uses_live_cameras=False
    )
    record_consent(workplace, APPLICANT, deployment_id, consent)
    portraits, enroller = default_cast(), open_enroller(settings)
    for number, subject_id in enumerate(listed, 1):
        read = partial(pixels_of, portraits[subject_id][0])
        offer = OfferedVolunteer(f"VOL-{number}", CONSENT_SHA256, read)
        add_volunteer(workplace, EVALUATOR, deployment_id, offer, enroller)
    approve_watchlist(workplace, APPROVER, deployment_id)
    point = calibration_of_pack(
        settings, None, None, evidence="docs/accuracy.md", actor_id=ENGINEER, now=now
    )
    calibrate(workplace, ENGINEER, deployment_id, point, reason="The bundled pack's own threshold")
    return deployment_id
