"""What routes ask for: the console, and who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from overt.bootstrap.console import Console
from overt.core.watchlist import EntryStatus
from overt.core.watchlist_gates import list_kind_of
from overt.errors import RecordNotFoundError, SignInRequiredError
from overt.services.sign_in import SignedIn

if TYPE_CHECKING:
    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.core.watchlist import WatchlistEntry


def console_of(request: Request) -> Console:
    """Return what the console works with.

    Args:
        request: Any.
    """
    console: Console = request.app.state.console
    return console


def signed_in_of(request: Request) -> SignedIn:
    """Return who is signed in.

    Args:
        request: Of a route that is not public.

    Raises:
        SignInRequiredError: Nobody is.
    """
    signed_in: SignedIn | None = request.state.signed_in
    if signed_in is None:
        msg = "sign in first"
        raise SignInRequiredError(msg)
    return signed_in


OfConsole = Annotated[Console, Depends(console_of)]
OfPerson = Annotated[SignedIn, Depends(signed_in_of)]


def read_deployment(console: Console, deployment_id: str) -> Deployment:
    """Return a deployment as it stands.

    Args:
        console: With the store.
        deployment_id: Which.

    Raises:
        RecordNotFoundError: There is none.
    """
    with console.reading() as uow:
        return uow.deployments.get(deployment_id)


def require_entry_of(console: Console, deployment_id: str, entry_id: str) -> None:
    """Let pass only an entry of the deployment that an address names.

    Args:
        console: With the store.
        deployment_id: Named in the address.
        entry_id: Which entry.

    Raises:
        RecordNotFoundError: There is no such entry, or it belongs to another.
    """
    with console.reading() as uow:
        entry = uow.entries.get(entry_id)
    if entry.deployment_id != deployment_id:
        msg = f"there is no entry {entry_id} of {deployment_id}"
        raise RecordNotFoundError(msg, key=entry_id)


def policy_of(console: Console, deployment: Deployment) -> Policy:
    """Return the policy that a deployment runs under.

    Args:
        console: With the rules.
        deployment: Which.

    Raises:
        RecordNotFoundError: It was not kept here.
    """
    return console.workplace.policies.get(deployment.policy_hash)


def waiting_entries(console: Console, deployment: Deployment) -> tuple[WatchlistEntry, ...]:
    """Return the entries of a deployment's own list that wait for a second person.

    Args:
        console: With the store.
        deployment: Whose.
    """
    with console.reading() as uow:
        return uow.entries.of_deployment(
            deployment.deployment_id,
            list_kind=list_kind_of(deployment.kind),
            statuses=(EntryStatus.COMPOSED,),
        )
