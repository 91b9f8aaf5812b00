"""Which addresses of a draft are no camera's: said before anybody decides on it (R-02, R-34)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.application_reading import Lacking

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.core.application_form import ApplicationForm
    from overt.ports.store import UnitOfWork

_EXPECTED = "expected rtsp://..., http://... or /dev/video0, found something else"


def wrong_addresses(
    uow: UnitOfWork, form: ApplicationForm, is_address: Callable[[str], bool]
) -> tuple[Lacking, ...]:
    """Return the cameras of a draft whose address is none; what was typed is not repeated.

    Args:
        uow: An open unit of work, with the draft's secrets.
        form: As saved.
        is_address: Whether a text is the address of a live camera.
    """
    return tuple(
        Lacking(f"sites.{site.key}.cameras.{camera.key}.address", "R-02", _EXPECTED)
        for site in form.sites
        for camera in site.cameras
        if camera.secret_id and not is_address(uow.secrets.get(camera.secret_id).decode())
    )
