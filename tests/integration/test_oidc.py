from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.unit.services.listing import SetClock
from tests.unit.services.signing_in import OFFICER_ID, OPERATOR_ID, Desk

from integration.forging_provider import a_key, forging_provider, signed
from integration.oidc_process import oidc_provider, sign_in_at
from integration.rtsp_process import free_port
from overt.adapters.oidc import OidcProvider
from overt.bootstrap.oidc import provider_of
from overt.errors import ProviderUnreachableError, SettingInvalidError, SignInRefusedError
from overt.services.link_identity import link_identity
from overt.services.sign_in import sign_in_with_identity
from overt.settings import Settings

BACK = "http://127.0.0.1:8000/sign-in/provider/callback"
SUBJECT = "7f3c-operator"
CLIENT = "overt"


@pytest.fixture(scope="module")
def issuer():
    """Return the issuer of a real provider that insists on a nonce."""
    claims = json.dumps({"sub": SUBJECT, "badge": "4711", "empty": " "})
    with oidc_provider("--require-nonce", "true", "--user-claims", claims) as issuer:
        yield issuer


@pytest.fixture
def liar():
    """Return a provider that says whatever a test wants."""
    with forging_provider() as provider:
        yield provider


def a_provider(issuer, **named):
    """Return our side of it."""
    return OidcProvider(issuer, CLIENT, "a secret: with %", **named)


def lied_to(liar, claims, **named):
    """Return what comes of a sign-in where the provider sends a token with these claims."""
    clock = SetClock(datetime.now(UTC))
    provider = a_provider(liar.issuer, clock=clock)
    _, pending = provider.begin(BACK)
    sound = {
        "iss": liar.issuer,
        "sub": SUBJECT,
        "aud": CLIENT,
        "iat": int(clock.at.timestamp()),
        "exp": int(clock.at.timestamp()) + 300,
        "nonce": pending.nonce,
    }
    told = {
        name: int((clock.at + value).timestamp()) if isinstance(value, timedelta) else value
        for name, value in (sound | claims).items()
        if value is not None
    }
    liar.make_token = lambda: signed(told, **named)
    return provider.finish(pending, returned(pending))


def returned(pending, **changes):
    """Return the address with which a browser comes back."""
    fields = {"code": "a-code", "state": pending.state} | changes
    return f"{BACK}?{urlencode({k: v for k, v in fields.items() if v is not None}, doseq=True)}"


def test_somebody_signs_in_at_a_real_provider(issuer):
    """From the address to the verified subject."""
    provider = a_provider(issuer)

    address, pending = provider.begin(BACK)
    who = provider.finish(pending, sign_in_at(address, SUBJECT))

    assert who[:2] == (issuer, SUBJECT)
    assert who[2]["nonce"] == pending.nonce


def test_the_whole_way_to_a_session(issuer):
    """An officer has tied the identity to an account; nothing else lets it in."""
    desk, provider = Desk(), a_provider(issuer)
    address, pending = provider.begin(BACK)
    found_issuer, subject, _ = provider.finish(pending, sign_in_at(address, SUBJECT))
    with pytest.raises(SignInRefusedError):
        sign_in_with_identity(desk.workplace, found_issuer, subject)

    link_identity(desk.workplace, OFFICER_ID, OPERATOR_ID, issuer, SUBJECT)
    new = sign_in_with_identity(desk.workplace, found_issuer, subject)

    assert desk.who(new.token).actor.actor_id == OPERATOR_ID


def test_another_claim_may_tell_accounts_apart(issuer):
    """A badge number, where the force's service makes up a subject for each program."""
    provider = a_provider(issuer, account_claim="badge")
    address, pending = provider.begin(BACK)

    assert provider.finish(pending, sign_in_at(address, SUBJECT))[1] == "4711"


@pytest.mark.parametrize("claim", ["missing", "empty", "exp"])
def test_without_that_claim_nobody_is_let_in(issuer, claim):
    """Neither where it is missing or blank nor where it is no text."""
    provider = a_provider(issuer, account_claim=claim)
    address, pending = provider.begin(BACK)

    with pytest.raises(SignInRefusedError, match="OVERT_OIDC_ACCOUNT_CLAIM"):
        provider.finish(pending, sign_in_at(address, SUBJECT))


def test_a_person_may_say_no(issuer):
    """Access denied at the provider is a refusal here; its words are not repeated."""
    provider = a_provider(issuer)
    address, pending = provider.begin(BACK)

    with pytest.raises(SignInRefusedError) as refused:
        provider.finish(pending, sign_in_at(address, SUBJECT, action="deny"))
    assert "denied" not in refused.value.message


def test_a_code_is_redeemed_once(issuer):
    """Whoever reads the address of the browser comes too late."""
    provider = a_provider(issuer)
    address, pending = provider.begin(BACK)
    back = sign_in_at(address, SUBJECT)
    provider.finish(pending, back)

    with pytest.raises(SignInRefusedError, match="does not know the code"):
        provider.finish(pending, back)


def test_what_is_sent_holds_no_secret(issuer):
    """PKCE with S256, state and nonce in the address; the verifier and the secret are not."""
    address, pending = a_provider(issuer).begin(BACK)

    sent = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    digest = hashlib.sha256(pending.code_verifier.encode()).digest()
    assert sent == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid",
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    assert pending.code_verifier not in repr(pending)


def test_every_sign_in_has_chance_of_its_own(issuer):
    """State, nonce and verifier of two have nothing in common."""
    (_, first), (_, second) = (a_provider(issuer).begin(BACK) for _ in range(2))

    values = [first.state, first.nonce, first.code_verifier]
    values += [second.state, second.nonce, second.code_verifier]
    assert len(set(values)) == 6
    assert min(map(len, values)) >= 43


def test_the_code_is_redeemed_with_verifier_and_secret(liar):
    """The secret as RFC 6749 wants it: encoded as in a form, in the header."""
    lied_to(liar, {})

    sent = liar.requests[-1]
    user, _, password = (
        base64.b64decode(sent["headers"]["Authorization"].removeprefix("Basic "))
        .decode()
        .partition(":")
    )
    assert (user, password) == (CLIENT, "a%20secret%3A%20with%20%25")
    assert len(sent["form"]["code_verifier"][0]) >= 43
    assert sent["form"]["redirect_uri"] == [BACK]


def test_a_client_without_a_secret_names_itself(liar):
    """A public client: PKCE alone protects the code."""
    provider = OidcProvider(liar.issuer, CLIENT, "")
    _, pending = provider.begin(BACK)
    with pytest.raises(SignInRefusedError):
        provider.finish(pending, returned(pending))

    assert liar.requests[-1]["form"]["client_id"] == [CLIENT]
    assert "Authorization" not in liar.requests[-1]["headers"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-program"},
        {"aud": None},
        {"aud": [CLIENT, "another-program"]},
        {"aud": [CLIENT, "another-program"], "azp": "another-program"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
        {"exp": None},
        {"exp": timedelta(seconds=-70)},
        {"iat": timedelta(seconds=3600)},
        {"nbf": timedelta(seconds=3600)},
        {"exp": "soon"},
    ],
    ids=str,
)
def test_a_token_for_somebody_else_is_refused(liar, claims):
    """Issuer, audience, subject, nonce and times: each is checked."""
    with pytest.raises(SignInRefusedError, match="cannot be trusted"):
        lied_to(liar, claims)


@pytest.mark.parametrize(
    "claims", [{}, {"exp": timedelta(seconds=-30)}, {"iat": timedelta(seconds=30)}], ids=str
)
def test_clocks_may_differ_by_a_minute(liar, claims):
    """The force's machines are not all on one clock."""
    assert lied_to(liar, claims)[1] == SUBJECT


def test_a_token_signed_with_another_key_is_refused(liar):
    """Although it calls the key by our provider's name."""
    with pytest.raises(SignInRefusedError):
        lied_to(liar, {}, key=a_key("theirs"))


def test_a_token_of_an_unknown_key_is_refused(liar):
    """The provider publishes no such key."""
    with pytest.raises(SignInRefusedError):
        lied_to(liar, {}, key=a_key("theirs"), header={"alg": "RS256", "kid": "theirs"})


def forged(pending, issuer, alg, sign=lambda text: b""):
    """Return a token put together by hand, sound but for its signature."""
    claims = {"iss": issuer, "sub": SUBJECT, "aud": CLIENT, "nonce": pending.nonce}
    began = int(pending.began_at.timestamp())
    claims |= {"iat": began, "exp": began + 300}
    parts = (json.dumps(part).encode() for part in ({"alg": alg, "kid": "ours"}, claims))
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(sign(text)).rstrip(b"=")
    return (text + b"." + signature).decode()


def test_a_token_signed_with_the_public_key_is_refused(liar):
    """The old trick: the key that everybody has as the secret of HMAC."""
    public = a_key().as_pem(private=False)
    provider = a_provider(liar.issuer)
    _, pending = provider.begin(BACK)

    def sign(text):
        return hmac.digest(public, text, "sha256")

    liar.make_token = lambda: forged(pending, liar.issuer, "HS256", sign)

    with pytest.raises(SignInRefusedError, match="cannot be trusted"):
        provider.finish(pending, returned(pending))


@pytest.mark.parametrize("alg", ["none", "None", "nOnE"])
def test_a_token_without_a_signature_is_refused(liar, alg):
    """However it is written."""
    provider = a_provider(liar.issuer)
    _, pending = provider.begin(BACK)
    liar.make_token = lambda: forged(pending, liar.issuer, alg)

    with pytest.raises(SignInRefusedError, match="cannot be trusted"):
        provider.finish(pending, returned(pending))


@pytest.mark.parametrize("token", ["", "a.b.c", "no token", None, 7, {"a": 1}])
def test_what_is_no_token_is_refused(liar, token):
    """As a refusal, not as a crash."""
    provider = a_provider(liar.issuer)
    _, pending = provider.begin(BACK)
    liar.make_token = lambda: token

    with pytest.raises(SignInRefusedError):
        provider.finish(pending, returned(pending))


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "of another browser"},
        {"state": None},
        {"state": "\U0001f600"},
        {"code": None},
        {"error": "access_denied"},
        {"iss": "https://evil.example"},
        {"code": ["one", "two"]},
    ],
    ids=str,
)
def test_what_comes_back_belongs_to_what_was_sent(liar, changes):
    """Nothing is asked of the provider otherwise."""
    provider = a_provider(liar.issuer)
    _, pending = provider.begin(BACK)

    with pytest.raises(SignInRefusedError):
        provider.finish(pending, returned(pending, **changes))
    assert liar.requests == []


@pytest.mark.parametrize("after", [timedelta(minutes=10, seconds=1), timedelta(seconds=-1)])
def test_what_comes_back_late_is_refused(liar, after):
    """After ten minutes, or before it was sent."""
    clock = SetClock(datetime.now(UTC))
    provider = a_provider(liar.issuer, clock=clock)
    _, pending = provider.begin(BACK)
    clock.at += after

    with pytest.raises(SignInRefusedError, match="ten minutes"):
        provider.finish(pending, returned(pending))


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"jwks_uri": 7},
        {"token_endpoint": "https://[broken"},
    ],
    ids=str,
)
def test_a_provider_that_leads_elsewhere_is_not_followed(liar, changes):
    """Another issuer, or an address that others can listen to."""
    liar.metadata |= changes

    with pytest.raises(ProviderUnreachableError):
        a_provider(liar.issuer).begin(BACK)


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b"7", b"\xff\xfe"])
def test_a_provider_that_answers_nonsense_is_unreachable(liar, raw):
    """A portal page in between, for one."""
    liar.answer_raw = raw

    with pytest.raises(ProviderUnreachableError):
        a_provider(liar.issuer).begin(BACK)


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": 7}])
def test_a_provider_without_keys_lets_nobody_in(liar, keys):
    """Whichever way it says so."""
    liar.keys = keys

    with pytest.raises((ProviderUnreachableError, SignInRefusedError)):
        lied_to(liar, {})


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SignInRefusedError),
        (401, ProviderUnreachableError),
        (302, ProviderUnreachableError),
        (500, ProviderUnreachableError),
    ],
)
def test_who_must_act_when_the_code_is_not_redeemed(liar, status, error):
    """A wrong code is the person's, a wrong secret or a broken service the engineer's."""
    liar.token_status = status

    with pytest.raises(error):
        lied_to(liar, {})


def test_a_service_that_is_down_is_told_apart():
    """Nobody was refused: it does not answer."""
    with pytest.raises(ProviderUnreachableError, match="ConnectError"):
        a_provider(f"http://127.0.0.1:{free_port()}").begin(BACK)


@pytest.mark.parametrize(
    "issuer", ["http://id.force.example", "ftp://127.0.0.1", "", "id.force.example", "https://["]
)
def test_an_issuer_has_tls(issuer):
    """Unless it runs on this machine."""
    with pytest.raises(SettingInvalidError, match="OVERT_OIDC_ISSUER"):
        a_provider(issuer)


def test_the_settings_name_the_provider():
    """Or none: then accounts have passwords only."""
    settings = Settings(oidc_issuer="https://id.force.example", oidc_client_id=CLIENT)

    assert provider_of(settings).issuer == "https://id.force.example"
    assert provider_of(Settings()) is None


def test_a_pending_sign_in_is_bound_to_its_browser(issuer):
    """One person's code in another's browser: the state differs."""
    provider = a_provider(issuer)
    _, victim = provider.begin(BACK)
    address, _ = provider.begin(BACK)

    with pytest.raises(SignInRefusedError, match="another sign-in"):
        provider.finish(victim, sign_in_at(address, SUBJECT))


def test_a_token_for_another_pending_sign_in_is_refused(issuer):
    """Even if the state were known: the nonce differs."""
    provider = a_provider(issuer)
    address, attacker = provider.begin(BACK)
    _, victim = provider.begin(BACK)
    stolen = replace(victim, state=attacker.state, code_verifier=attacker.code_verifier)

    with pytest.raises(SignInRefusedError, match="cannot be trusted"):
        provider.finish(stolen, sign_in_at(address, SUBJECT))
