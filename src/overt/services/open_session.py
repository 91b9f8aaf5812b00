"""Begin a session: what every way of signing in ends with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.sign_in import Session, SignInMethod
from overt.core.sign_in_rules import lapsed_roles, token_digest

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.policy import Policy
    from overt.core.roles import Actor, Role
    from overt.core.sign_in import Credential
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun.

    Attributes:
        token: What the browser keeps and sends; stored nowhere here.
        session: What is stored, with the digest of the token.
        actor: Who signed in, without the roles whose training has lapsed.
        must_change_password: Whether they have to set a password before anything else.
    """

    token: str = field(repr=False)
    session: Session
    actor: Actor
    must_change_password: bool


def open_session(
    workplace: Workplace, uow: UnitOfWork, actor: Actor, method: SignInMethod
) -> NewSession:
    """Return a session that begins now, and clear away what has expired; the caller commits.

    Args:
        workplace: Time, chance, rules.
        uow: In which it is decided that they may.
        actor: Who signs in.
        method: What they showed.
    """
    now, policy = workplace.clock.now(), workplace.policies.current()
    token = workplace.ids.token()
    session = Session(
        session_id_sha256=token_digest(token),
        actor_id=actor.actor_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + policy.security.session_max,
        csrf_token=workplace.ids.token(),
        authenticated_by=method,
    )
    uow.sessions.delete_expired(now)
    uow.links.delete_expired(now)
    uow.sessions.add(session)
    at_work, lapsed = without_lapsed(actor, policy, now)
    details = {"authenticated_by": method.value, "lapsed_roles": tuple(sorted(lapsed))}
    uow.audit.append(AuditEvent(EventKind.SIGNED_IN, now, actor.actor_id, details=details))
    must_change = must_change_password(uow.credentials.get_or_none(actor.actor_id), method)
    return NewSession(token, session, at_work, must_change)


def without_lapsed(actor: Actor, policy: Policy, now: datetime) -> tuple[Actor, frozenset[Role]]:
    """Return somebody without the roles whose training has lapsed, and these roles (R-36).

    Args:
        actor: As kept.
        policy: How long a training holds.
        now: Aware UTC.
    """
    lapsed = lapsed_roles(actor, now, policy.training)
    return (replace(actor, roles=actor.roles - lapsed), lapsed) if lapsed else (actor, lapsed)


def must_change_password(credential: Credential | None, method: SignInMethod) -> bool:
    """Return whether a password has to be set first; who comes from elsewhere needs none.

    Args:
        credential: Of the account; None where it never had one.
        method: How they signed in.
    """
    return credential is not None and credential.must_change and method is not SignInMethod.OIDC
