"""The operating point that an installed model pack gives, to be fixed for a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.bootstrap.model_packs import verify_pack
from overt.core.deployment import Calibration, PackUse
from overt.core.operating_point import OperatingPoint

if TYPE_CHECKING:
    from datetime import datetime

    from overt.settings import Settings


def calibration_of_pack(
    settings: Settings,
    pack_name: str | None,
    threshold: float | None,
    *,
    evidence: str,
    actor_id: str,
    now: datetime,
) -> Calibration:
    """Return the operating point of a pack with a threshold, after verifying every file.

    Args:
        settings: Of this machine.
        pack_name: Which pack; the machine's default without it.
        threshold: Operating threshold; the pack's own without it.
        evidence: Reference of the calibration that the threshold comes from.
        actor_id: Who fixes it.
        now: Aware UTC.

    Raises:
        PackUnknownError: No pack has that name.
        ModelFileMissingError: A file is not on this machine.
        DigestMismatchError: A file is not the one that the manifest names.
    """
    manifest = verify_pack(pack_name or settings.model_pack, settings).manifest
    point = OperatingPoint(manifest.threshold.value if threshold is None else threshold)
    is_operational = manifest.use.value == PackUse.OPERATIONAL.value
    return Calibration(
        operating_point_digest=point.digest(),
        threshold=point.threshold,
        evidence=evidence,
        fixed_at=now,
        fixed_by=actor_id,
        pack_name=manifest.name,
        pack_digest=manifest.digest(),
        pack_use=PackUse.OPERATIONAL if is_operational else PackUse.RESEARCH,
    )
