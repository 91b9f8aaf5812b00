"""Values of the core as JSON documents and back, by the types that their classes declare."""

from __future__ import annotations

import json
import types
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from overt.core.adjudication import (
    AlertState,
    DisposalVerdict,
    IdentityVerdict,
    OfficerVerdict,
    OperatorVerdict,
    Step,
)
from overt.core.authority import (
    Application,
    Authority,
    AuthorityStatus,
    CameraPlan,
    DocumentKind,
    GoverningDocument,
    SensitivePlace,
    Site,
    Window,
)
from overt.core.deployment import (
    Calibration,
    ConsentRecord,
    Deployment,
    DeploymentKind,
    DeploymentState,
    PackUse,
    WatchlistStatus,
)
from overt.core.notice import NoticePlacement, PlannedSign, PublicNotice
from overt.core.roles import Rank, Role
from overt.core.sign_in import SignInMethod
from overt.core.watchlist import EntryStatus, ListKind, Under18Exception, Urgency
from overt.core.zone import Zone
from overt.errors import StoreCorruptError, TrialError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

# The core imports these for its annotations only, so that they cannot be looked up there.
_NAMES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        *(date, datetime),
        *(AlertState, DisposalVerdict, IdentityVerdict, OfficerVerdict, OperatorVerdict, Step),
        *(Application, Authority, AuthorityStatus, CameraPlan, DocumentKind, GoverningDocument),
        *(SensitivePlace, Site, Window),
        *(Calibration, ConsentRecord, DeploymentKind, DeploymentState, PackUse, WatchlistStatus),
        *(NoticePlacement, PlannedSign, PublicNotice, Rank, Role, SignInMethod),
        *(EntryStatus, ListKind, Under18Exception, Urgency, Zone),
    )
}


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of one type become JSON and come back.

    Attributes:
        encode: Value -> what ``json`` writes.
        decode: What ``json`` reads -> value; ValueError, TypeError or KeyError where it is none.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def deployment_document(deployment: Deployment) -> str:
    """Return a deployment as JSON.

    Args:
        deployment: With everything decided about it.

    Raises:
        ValueRefusedError: A number that JSON does not have.
    """
    return dump(Deployment, deployment)


@lru_cache(maxsize=256)  # asked for every second while live; nothing in it can be changed
def deployment_of(document: str) -> Deployment:
    """Return the deployment of a document; the same one for the same document.

    Args:
        document: From :func:`deployment_document`.

    Raises:
        StoreCorruptError: It is not one.
    """
    loaded: Deployment = load(Deployment, document)
    return loaded


def dump(kind: Any, value: object) -> str:  # noqa: ANN401 - a type, or a union of types
    """Return a value as JSON.

    Args:
        kind: Its declared type.
        value: The value.

    Raises:
        ValueRefusedError: A number that JSON does not have.
    """
    try:
        return json.dumps(codec(kind).encode(value), allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        msg = "the store keeps finite numbers and aware UTC times only"
        raise ValueRefusedError(msg) from error


def load(kind: Any, document: str) -> Any:  # noqa: ANN401 - as above
    """Return the value of a document.

    Args:
        kind: Its declared type.
        document: From :func:`dump`.

    Raises:
        StoreCorruptError: It is no such value.
    """
    try:
        return codec(kind).decode(json.loads(document))
    except (ValueError, TypeError, KeyError, TrialError) as error:
        msg = "a document in the store is damaged, or of another release"
        raise StoreCorruptError(msg) from error


def declared_types(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields.

    Args:
        kind: A dataclass of the core.
    """
    return get_type_hints(kind, localns=_NAMES)


@cache
def codec(kind: Any) -> Codec:  # noqa: ANN401 - a type, or a union of types
    """Return how values of a type are kept.

    Args:
        kind: A declared type: scalar, time, enum, dataclass, tuple, frozenset or union of these.

    Raises:
        TypeError: Another type.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _of_union(inner)
    if origin is tuple:
        return _of_items(inner[0]) if inner[1:] == (...,) else _of_tuple(inner)
    if origin is frozenset:
        return _of_set(inner[0])
    if isinstance(kind, type):
        return _of_class(kind)
    msg = f"no way to keep a {kind}"
    raise TypeError(msg)


def _of_class(kind: type) -> Codec:
    if kind is datetime:
        return Codec(_utc_text, lambda text: datetime.fromisoformat(text).astimezone(UTC))
    if kind is date:
        return Codec(date.isoformat, date.fromisoformat)
    if issubclass(kind, Enum):
        return Codec(lambda member: member.value, kind)
    if is_dataclass(kind):
        return _of_dataclass(kind)
    if kind in {str, int, bool, float}:
        return Codec(lambda value: value, lambda value: _checked(value, kind))
    msg = f"no way to keep a {kind}"
    raise TypeError(msg)


def _checked(value: object, kind: type) -> object:
    allowed = (float, int) if kind is float else kind
    if not isinstance(value, allowed) or isinstance(value, bool) != (kind is bool):
        msg = f"expected {kind.__name__}, found {type(value).__name__}"
        raise TypeError(msg)
    return float(value) if kind is float and isinstance(value, int) else value


def _utc_text(moment: datetime) -> str:
    offset = moment.utcoffset()
    if offset is None or offset:
        msg = "a time that is not aware UTC"
        raise ValueError(msg)
    return moment.isoformat()


def _of_dataclass(kind: type) -> Codec:
    """Return the way of a dataclass; a field that an older document lacks takes its default."""
    hints = declared_types(kind)
    parts = {f.name: codec(hints[f.name]) for f in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING}

    def decode(document: Any) -> object:  # noqa: ANN401 - what JSON reads
        if not isinstance(document, dict) or not needed <= document.keys() <= parts.keys():
            msg = f"the fields are not those of a {kind.__name__}"
            raise KeyError(msg)
        return kind(**{name: parts[name].decode(value) for name, value in document.items()})

    return Codec(
        lambda value: {name: part.encode(getattr(value, name)) for name, part in parts.items()},
        decode,
    )


def _of_union(kinds: tuple[Any, ...]) -> Codec:
    """Return the way of the first alternative that takes the value; None is kept as null."""
    others = [kind for kind in kinds if kind is not type(None)]
    codecs = [codec(kind) for kind in others]

    def encode(value: object) -> Any:  # noqa: ANN401 - what JSON writes
        if value is None:
            return None
        chosen = [c for c, kind in zip(codecs, others, strict=True) if type(value) is kind]
        return (chosen or codecs)[0].encode(value)

    def decode(document: Any) -> object:  # noqa: ANN401 - what JSON reads
        if document is None and len(others) < len(kinds):
            return None
        for part in codecs[:-1]:
            try:
                return part.decode(document)
            except (ValueError, TypeError, KeyError):
                continue
        return codecs[-1].decode(document)

    return Codec(encode, decode)


def _of_items(kind: Any) -> Codec:  # noqa: ANN401 - a declared type
    part = codec(kind)
    return Codec(
        lambda items: [part.encode(item) for item in items],
        lambda items: tuple(part.decode(item) for item in items),
    )


def _of_tuple(kinds: tuple[Any, ...]) -> Codec:
    parts = [codec(kind) for kind in kinds]
    return Codec(
        lambda items: [p.encode(item) for p, item in zip(parts, items, strict=True)],
        lambda items: tuple(p.decode(item) for p, item in zip(parts, items, strict=True)),
    )


def _of_set(kind: Any) -> Codec:  # noqa: ANN401 - a declared type
    part = codec(kind)
    return Codec(
        lambda items: sorted(part.encode(item) for item in items),
        lambda items: frozenset(part.decode(item) for item in items),
    )
