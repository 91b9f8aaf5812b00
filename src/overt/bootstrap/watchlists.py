"""Watchlists for commands and console: files, folder and model pack joined to the services."""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from overt.core.operating_point import OperatingPoint
from overt.errors import SettingInvalidError
from overt.services.compose_watchlist import compose_watchlist
from overt.services.enrol_portraits import Enroller
from overt.services.judge_rows import OfferedRow
from overt.services.volunteers import OfferedVolunteer, add_volunteer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from overt.adapters.files.watchlist_csv import SentPhotographs
    from overt.core.blue_list import Volunteer
    from overt.core.freshness_feed import FreshnessFeed
    from overt.services.compose_watchlist import ComposeProgress, Composition
    from overt.services.judge_rows import RefusedRow
    from overt.services.workplace import Workplace
    from overt.settings import Settings

_LOOKED_AT_PX = 64  # as small as it can be decoded: to see that it is a picture


def open_enroller(settings: Settings, pack_name: str | None = None) -> Enroller:
    """Return what turns photographs into templates, every file of the pack verified.

    Args:
        settings: Of this machine.
        pack_name: Which pack; the machine's default without it.

    Raises:
        PackUnknownError: No pack has that name.
        ModelFileMissingError: A file is not on this machine.
        DigestMismatchError: A file is not the one that the manifest names.
    """
    from overt.adapters.models.packs import find_pack, load_pack
    from overt.adapters.video.portraits import portrait_bytes

    pack = find_pack(pack_name or settings.model_pack, settings.models_home)
    loaded = load_pack(pack, cache_home=settings.cache, n_threads=settings.threads)
    point = OperatingPoint(pack.manifest.threshold.value)
    return Enroller(loaded, pack.manifest.name, point, portrait_bytes)


@contextmanager
def open_offers(csv_file: Path, folder: Path) -> Iterator[Iterator[OfferedRow]]:
    """Open a watchlist in CSV with its folder of photographs.

    Args:
        csv_file: The list.
        folder: Where its photographs lie.

    Yields:
        Rows; a photograph is read when it is asked for.

    Raises:
        ListFileInvalidError: The file is no such list.
        FolderUnusableError: There is no such folder.
    """
    from overt.adapters.files.watchlist_csv import open_watchlist
    from overt.adapters.video.photographs_ahead import PhotographsAhead

    with open_watchlist(csv_file, folder) as rows, PhotographsAhead() as ahead:
        yield (
            OfferedRow(row.number, row.entry, ahead.reader(row.photograph), row.problems)
            for row in rows
        )


@contextmanager
def offers_of_upload(
    csv_file: tuple[str, bytes], photographs: Iterable[tuple[str, bytes]], settings: Settings
) -> Iterator[tuple[Iterator[OfferedRow], SentPhotographs]]:
    """Take a watchlist that was sent with its photographs; all of it stays in memory.

    Args:
        csv_file: Name and bytes of the list.
        photographs: Name and bytes of each photograph.
        settings: With the limits of what is sent.

    Yields:
        Rows, and the photographs, which know those of them that belong to none.

    Raises:
        ListFileInvalidError: The file is no such list.
    """
    from overt.adapters.files.watchlist_csv import SentPhotographs, read_sent_watchlist
    from overt.adapters.video.photographs_ahead import PhotographsAhead

    name, content = csv_file
    sent = SentPhotographs(photographs)
    with PhotographsAhead(settings.upload_megapixels * 10**6) as ahead:
        rows = read_sent_watchlist(io.BytesIO(content), name, sent)
        yield (
            (
                OfferedRow(row.number, row.entry, ahead.reader(row.photograph), row.problems)
                for row in rows
            ),
            sent,
        )


def compose_from_folder(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    offers: Iterable[OfferedRow],
    settings: Settings,
    progress: ComposeProgress,
) -> Composition:
    """Return the deployment with its watchlist, composed with this machine's model pack.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: Who composes.
        deployment_id: Which deployment.
        offers: Rows.
        settings: Of this machine.
        progress: Who follows.

    Raises:
        TrialError: Anything that stops it, each with its code; nothing is stored then.
    """
    enroller = open_enroller(settings)
    return compose_watchlist(workplace, actor_id, deployment_id, offers, enroller, progress)


def require_place_for_failed(path: Path, csv_file: Path) -> None:
    """Let pass only a place where refused rows can be written, before anything is stored.

    Args:
        path: The file to make or replace.
        csv_file: The list itself, which it must not replace.

    Raises:
        SettingInvalidError: It is the list.
        OutputUnwritableError: Nothing can be written there.
    """
    from overt.adapters.files.failed_rows import require_writable

    if path.resolve() == csv_file.resolve():
        msg = "the file of refused rows would replace the list itself; give it another name"
        raise SettingInvalidError(msg, setting="--failed")
    require_writable(path)


def write_failed(path: Path, refused: Iterable[RefusedRow]) -> None:
    """Write the refused rows with their reasons.

    Args:
        path: The file to make or replace.
        refused: In order.

    Raises:
        OutputUnwritableError: It cannot be written.
    """
    from overt.adapters.files.failed_rows import write_failed_rows

    write_failed_rows(path, (_cells(one) for one in refused))


def read_feed_file(path: Path) -> FreshnessFeed:
    """Return the "no longer wanted" feed of a file.

    Args:
        path: CSV.

    Raises:
        ListFileInvalidError: It is no such file.
    """
    from overt.adapters.files.freshness_csv import read_feed

    return read_feed(path)


def read_sent_feed(name: str, content: bytes) -> FreshnessFeed:
    """Return the "no longer wanted" feed that was sent.

    Args:
        name: What the file is called.
        content: CSV.

    Raises:
        ListFileInvalidError: It is no such feed.
    """
    from overt.adapters.files.freshness_csv import read_feed_from

    return read_feed_from(io.BytesIO(content), name)


def failed_rows_text(refused: Iterable[RefusedRow]) -> str:
    """Return the refused rows with their reasons, as CSV.

    Args:
        refused: In order.
    """
    from overt.adapters.files.failed_rows import failed_rows_csv

    return failed_rows_csv(_cells(one) for one in refused)


def digest_of_sent_photograph(content: bytes, settings: Settings) -> str:
    """Return the SHA-256 of a photograph that is not kept, once it has shown to be one.

    Args:
        content: Its file's bytes.
        settings: With the limits of what is sent.

    Raises:
        ImageUnreadableError: It is no photograph.
    """
    from overt.adapters.video.photographs import decode_photograph

    max_pixels = settings.upload_megapixels * 10**6
    decode_photograph(content, max_side_px=_LOOKED_AT_PX, max_pixels=max_pixels)
    return hashlib.sha256(content).hexdigest()


def add_volunteer_from_files(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    settings: Settings,
    *,
    reference: str,
    photograph: Path,
    consent: Path,
) -> Volunteer:
    """Return the volunteer, added to the blue list with the digest of their consent.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An evaluator.
        deployment_id: Which deployment.
        settings: Of this machine.
        reference: Of the volunteer; no name.
        photograph: File of their photograph.
        consent: File of the signed consent; only its digest is kept.

    Raises:
        TrialError: Anything that stops it, each with its code.
    """
    from overt.adapters.files.file_digest import sha256_of_file
    from overt.adapters.video.photographs_ahead import pixels_of

    digest = sha256_of_file(consent)
    offer = OfferedVolunteer(reference, digest, partial(pixels_of, photograph))
    enroller = open_enroller(settings)
    return add_volunteer(workplace, actor_id, deployment_id, offer, enroller)


def volunteer_of_upload(
    reference: str, photograph: bytes, consent: bytes, settings: Settings
) -> OfferedVolunteer:
    """Return somebody who agreed, as they were sent: of the consent only the digest stays.

    Args:
        reference: Of the volunteer; no name.
        photograph: Bytes of their photograph.
        consent: Bytes of the signed consent.
        settings: With the limits of what is sent.
    """
    from overt.adapters.video.photographs_ahead import pixels_of

    max_pixels = settings.upload_megapixels * 10**6
    reader = partial(pixels_of, photograph, max_pixels=max_pixels)
    return OfferedVolunteer(reference, hashlib.sha256(consent).hexdigest(), reader)


def _cells(one: RefusedRow) -> tuple[str, ...]:
    return (
        str(one.row),
        one.reference,
        " ".join(one.reasons),
        " ".join(one.quality),
        " ".join(map(str, one.same_face_rows)),
    )
