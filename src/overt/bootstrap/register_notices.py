"""Notices of deployments in the public register that have none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.clock import SystemClock
from overt.bootstrap.notices import notice_works, shelf_of
from overt.bootstrap.policies import policies_of
from overt.bootstrap.store import open_reader
from overt.services.make_notices import SOURCE_LANGUAGE, STANDARD, NoticeOrder, make_notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.core.notice_details import NoticeDetails
    from overt.settings import Settings


def make_on_shelf(
    settings: Settings,
    deployment_id: str,
    details: NoticeDetails,
    progress: Callable[[str], None] = lambda _: None,
) -> int:
    """Make a deployment's notices in English where the console keeps them; return how many files.

    Args:
        settings: Of this machine.
        deployment_id: Authorised or later, and not called off.
        details: What the force adds.
        progress: Told the name of each file.

    Raises:
        TrialError: The deployment or a text cannot be used; what was there stays.
    """
    order = NoticeOrder((SOURCE_LANGUAGE,), STANDARD, settings.time_zone)
    now = SystemClock().now()

    def made() -> Iterator[tuple[str, bytes]]:
        with open_reader(settings) as reading:
            policies, works = policies_of(settings), notice_works(settings)
            for file in make_notices(reading, policies, deployment_id, details, order, works, now):
                progress(file.name)
                yield file.name, file.content

    return shelf_of(settings).put(deployment_id, made())
