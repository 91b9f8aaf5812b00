"""OpenID Connect: sign in with the account that somebody has at the force's own service.

Authorization code with PKCE, state and nonce; the ID token's signature, issuer, audience, age
and nonce are checked. Nothing of the service's answers passes into a message: it may name people.
"""

from __future__ import annotations

import hmac
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from overt.adapters.clock import SystemClock
from overt.errors import ProviderUnreachableError, SettingInvalidError, SignInRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.ports.engine import Clock

_DISCOVERY = "/.well-known/openid-configuration"
_TIMEOUT_S = 5.0
_LEEWAY_S = 60
_LIFETIME = timedelta(minutes=10)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# Only where the service alone can sign: no "none", and no key that both sides have.
_ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
_ALGORITHMS += ["EdDSA", "Ed25519"]


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A sign-in that has gone to the service and has not come back; kept where only we read it.

    Attributes:
        state: Ties what comes back to what was sent.
        nonce: Ties the ID token to it.
        code_verifier: Shows that whoever redeems the code is who asked for it.
        redirect_uri: Where the service sends the browser.
        began_at: When, aware UTC.
    """

    state: str
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    began_at: datetime


class OidcProvider:
    """The force's own sign-in service."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str | None = None,
        *,
        account_claim: str = "sub",
        clock: Clock | None = None,
    ) -> None:
        """Ask nothing yet.

        Args:
            issuer: Its address, as it states it itself; https, unless it is on this machine.
            client_id: What it calls this installation.
            client_secret: With which this installation shows itself; None without one.
            account_claim: Claim of the ID token that tells accounts apart, for ever.
            clock: The time; the machine's without it.

        Raises:
            SettingInvalidError: Others could read or change what the issuer sends.
        """
        if not _is_safe(issuer):
            msg = "OVERT_OIDC_ISSUER must be an https address, or http on this machine"
            raise SettingInvalidError(msg, setting="OVERT_OIDC_ISSUER")
        self.issuer = issuer
        self._client_id, self._client_secret = client_id, client_secret or None
        self._account_claim = account_claim
        self._clock = clock or SystemClock()

    def begin(self, redirect_uri: str) -> tuple[str, PendingSignIn]:
        """Return where the browser shall go, and what to keep until it comes back.

        Args:
            redirect_uri: Where it shall come back to, as registered with the service.

        Raises:
            ProviderUnreachableError: The service does not answer, or not as one.
        """
        with _client() as client:
            metadata = self._metadata(client)
        pending = PendingSignIn(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            code_verifier=secrets.token_urlsafe(64),
            redirect_uri=redirect_uri,
            began_at=self._clock.now(),
        )
        address: str = prepare_grant_uri(
            metadata["authorization_endpoint"],
            client_id=self._client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope="openid",
            state=pending.state,
            nonce=pending.nonce,
            code_challenge=create_s256_code_challenge(pending.code_verifier),
            code_challenge_method="S256",
        )
        return address, pending

    def finish(
        self, pending: PendingSignIn, callback_url: str
    ) -> tuple[str, str, Mapping[str, Any]]:
        """Return issuer, subject and claims of whoever was signed in; all verified.

        Args:
            pending: As ``begin`` returned it; to be used once.
            callback_url: With what the browser came back, whole.

        Raises:
            SignInRefusedError: The service signed nobody in, or what came back is not an
                answer to this question that only the service can have given.
            ProviderUnreachableError: The service does not answer, or not as one.
        """
        given = parse_qs(urlsplit(callback_url).query)
        if problem := self._problem(pending, given):
            raise _refused(problem)
        with _client() as client:
            metadata = self._metadata(client)
            endpoint, (code,) = metadata["token_endpoint"], given["code"]
            answer = self._redeemed(client, endpoint, pending, code)
            keys = _keys(_object(client.get(metadata["jwks_uri"])))
        claims = self._claims(answer, keys, pending.nonce)
        subject = claims.get(self._account_claim)
        if not isinstance(subject, str) or not subject.strip() or not subject.isprintable():
            problem = "the ID token lacks the claim that OVERT_OIDC_ACCOUNT_CLAIM names"
            raise _refused(problem)
        return self.issuer, subject, claims

    def _problem(self, pending: PendingSignIn, given: Mapping[str, list[str]]) -> str | None:
        """Return what is wrong with what the browser came back with, or None."""
        state = "".join(given.get("state", [])).encode("utf-8", "replace")
        if any(len(values) != 1 for values in given.values()):
            return "what came back says something twice"
        if not hmac.compare_digest(state, pending.state.encode()):
            return "what came back belongs to another sign-in"
        if given.get("iss", [self.issuer]) != [self.issuer]:  # RFC 9207
            return "what came back is of another service"
        if not timedelta(0) <= self._clock.now() - pending.began_at <= _LIFETIME:
            return "it took longer than ten minutes; begin again"
        if "error" in given or "code" not in given:
            return "the service signed nobody in"
        return None

    def _metadata(self, client: httpx.Client) -> Mapping[str, str]:
        """Return what the service says of itself: addresses that others cannot listen to."""
        found = _object(client.get(self.issuer.rstrip("/") + _DISCOVERY))
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != self.issuer:
            msg = "the sign-in service calls itself otherwise than OVERT_OIDC_ISSUER does"
            raise ProviderUnreachableError(msg)
        if not all(isinstance(found.get(name), str) and _is_safe(found[name]) for name in names):
            msg = "the sign-in service lacks an address, or has one that is not https"
            raise ProviderUnreachableError(msg)
        return {name: found[name] for name in names}

    def _redeemed(
        self, client: httpx.Client, endpoint: str, pending: PendingSignIn, code: str
    ) -> Mapping[str, Any]:
        """Return the service's answer to a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending.redirect_uri,
            "code_verifier": pending.code_verifier,
        }
        auth = httpx.Auth()  # none
        if self._client_secret is None:
            form["client_id"] = self._client_id
        else:  # RFC 6749 2.3.1: both are encoded as in a form first
            auth = httpx.BasicAuth(quote(self._client_id, ""), quote(self._client_secret, ""))
        answer = client.post(endpoint, data=form, auth=auth)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            msg = "the sign-in service does not accept OVERT_OIDC_CLIENT_SECRET"
            raise ProviderUnreachableError(msg)
        if httpx.codes.is_client_error(answer.status_code):
            problem = "the service does not know the code"
            raise _refused(problem)
        return _object(answer)

    def _claims(self, answer: Mapping[str, Any], keys: KeySet, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token, once signature, times, people and places are right."""
        expected: dict[str, Any] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
        }
        params: dict[str, Any] = {"nonce": nonce, "client_id": self._client_id}
        params |= {"access_token": answer.get("access_token")}
        try:
            registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
            token = jwt.decode(str(answer.get("id_token")), keys, registry=registry)
            claims = CodeIDToken(token.claims, token.header, expected, params)
            claims.validate(now=int(self._clock.now().timestamp()), leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            problem = f"the ID token cannot be trusted ({type(error).__name__})"
            raise _refused(problem) from error
        return dict(claims)


@contextmanager
def _client() -> Iterator[httpx.Client]:
    """Give a client; what fails on the way becomes one error."""
    try:
        with httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False) as client:
            yield client
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        msg = f"the sign-in service does not answer ({type(error).__name__})"
        raise ProviderUnreachableError(msg) from error


def _object(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of an answer that is all right."""
    answer.raise_for_status()
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        msg = "the sign-in service answers with something that is no JSON object"
        raise ProviderUnreachableError(msg)
    return found


def _keys(document: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(document)  # type: ignore[arg-type] # it checks them itself
    except (JoseError, ValueError, TypeError, KeyError) as error:
        msg = "the sign-in service publishes no keys that can be used"
        raise ProviderUnreachableError(msg) from error


def _is_safe(address: str) -> bool:
    """Return whether nobody on the way can listen to an address."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    )


def _refused(what: str) -> SignInRefusedError:
    return SignInRefusedError(f"the sign-in at your force's service was not accepted: {what}")
