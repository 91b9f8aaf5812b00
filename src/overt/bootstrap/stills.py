"""Still pictures for drawing zones: of what runs, or of a camera that is opened once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from overt.errors import CameraForbiddenError, CameraUnreachableError

if TYPE_CHECKING:
    from overt.adapters.video.preview import Previews
    from overt.ports.engine import Clock

_WAIT_S = 12.0


class CoarseStills:
    """The ``Stills`` port."""

    def __init__(
        self, previews: Previews, clock: Clock, *, may_use_this_machine: bool = True
    ) -> None:
        """Look at nothing yet.

        Args:
            previews: What of the running cameras may be shown.
            clock: Times a frame.
            may_use_this_machine: Whether an address may lead to this machine itself.
        """
        self._previews, self._clock = previews, clock
        self._may_use_this_machine = may_use_this_machine
        self._turn = threading.Lock()

    def of_run(self, camera_id: str) -> bytes | None:
        """Return a JPEG file's bytes of a camera that runs; None where it gives none at present.

        Args:
            camera_id: Which camera.
        """
        from overt.adapters.video.still import coarsened

        picture = self._previews.picture(camera_id)
        return None if picture is None else coarsened(picture)

    def of_camera(self, location: str) -> bytes:
        """Return a JPEG file's bytes of a camera that is opened once, within a time limit.

        Args:
            location: Its address, with credentials.

        Raises:
            CameraUnreachableError: Stills of other cameras take too long.
            CameraForbiddenError: It leads to this machine itself.
        """
        from overt.adapters.video.camera_address import leads_here
        from overt.adapters.video.still import take_still

        if not self._may_use_this_machine and leads_here(location):
            msg = (
                "the address leads to this machine itself, which OVERT_CAMERAS_HERE does not allow"
            )
            raise CameraForbiddenError(msg)
        if not self._turn.acquire(timeout=_WAIT_S):  # one camera is opened at a time
            msg = "another still is being taken; try again in a moment"
            raise CameraUnreachableError(msg)
        try:
            return take_still(location, self._clock, follows=self._may_use_this_machine)
        finally:
            self._turn.release()
