"""Keep the faces of a list before the list itself: a few at a time, so that others may write.

A list of thousands holds hundreds of megabytes. Stored with one commit, it would keep every live
deployment from storing its alerts for as long. Its pictures and templates are therefore stored
first, encrypted, in small commits; no entry names them, so that they are on no list. The list comes
in with one short commit, or nothing of it does. What no entry names is deleted afterwards; what a
loss of power leaves, the next list or the purge takes away.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from overt.errors import RecordConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.ports.store import UnitOfWork, UnitOfWorkFactory

IMAGE, TEMPLATE = "image", "template"
"""Kinds of the secrets that belong to an entry."""

_PUT_AT_ONCE = 200  # about 6 MB
_DELETED_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Face:
    """What is kept of an entry's face.

    Attributes:
        picture: The portrait as a picture file.
        template: Vector with its header.
    """

    picture: bytes
    template: bytes


@dataclass(frozen=True, slots=True)
class KeptFaces:
    """Faces that are stored and that no entry names yet.

    Attributes:
        images: Entry -> secret.
        templates: Entry -> secret.
    """

    images: Mapping[str, str]
    templates: Mapping[str, str]


def keep_faces(
    open_uow: UnitOfWorkFactory, deployment_id: str, faces: Mapping[str, Face]
) -> KeptFaces:
    """Return where the faces of a list to come are kept, encrypted.

    Args:
        open_uow: Opens a unit of work that may write; there is a commit every few faces.
        deployment_id: Whose.
        faces: By the entry that will name them.

    Raises:
        KeyDestroyedError: The deployment was purged.
    """
    images: dict[str, str] = {}
    templates: dict[str, str] = {}
    left = iter(faces.items())
    while some := dict(islice(left, _PUT_AT_ONCE)):
        pictures = {entry_id: face.picture for entry_id, face in some.items()}
        vectors = {entry_id: face.template for entry_id, face in some.items()}
        with open_uow() as uow:
            images |= uow.secrets.put_many(deployment_id, IMAGE, pictures)
            templates |= uow.secrets.put_many(deployment_id, TEMPLATE, vectors)
            uow.commit()
    return KeptFaces(images, templates)


def require_kept(uow: UnitOfWork, deployment_id: str, kept: KeptFaces) -> None:
    """Let pass only faces that are all there still.

    Args:
        uow: An open unit of work, which will add the entries.
        deployment_id: Whose.
        kept: From ``keep_faces``.

    Raises:
        RecordConflictError: Another list of this deployment was stored meanwhile.
    """
    there = set(uow.secrets.astray(deployment_id, (IMAGE, TEMPLATE)))
    if not there.issuperset({*kept.images.values(), *kept.templates.values()}):
        msg = "another list of this deployment was stored at the same time; compose this one again"
        raise RecordConflictError(msg, deployment_id=deployment_id)


def delete_astray_faces(open_uow: UnitOfWorkFactory, deployment_id: str) -> int:
    """Delete the faces that no entry names; return how many secrets those were.

    Args:
        open_uow: Opens a unit of work that may write; there is a commit every few faces.
        deployment_id: Whose.
    """
    with open_uow() as uow:
        astray = uow.secrets.astray(deployment_id, (IMAGE, TEMPLATE))
    n_deleted = 0
    for some in _parts(astray):
        with open_uow() as uow:
            n_deleted += uow.secrets.delete_astray(some)
            uow.commit()
    return n_deleted


def _parts(secret_ids: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(secret_ids), _DELETED_AT_ONCE):
        yield secret_ids[start : start + _DELETED_AT_ONCE]
