"""AES-256-GCM: keys of deployments and requests, wrapped by the master key; bytes under those keys.

Associated data says what the bytes are and where they belong, so that they open nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from overt.errors import SecretUnopenableError

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D 8.2.2: 96 random bits, fewer than 2^32 uses of a key


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bytes that only their key opens.

    Attributes:
        nonce: 12 bytes, used once.
        ciphertext: As long as what it hides, and 16 bytes of tag.
    """

    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key of this installation; it wraps the keys of deployments and of requests only.

    Attributes:
        key: 32 bytes; never shown.
    """

    key: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Return 16 hexadecimal digits that tell two master keys apart and do not give one away."""
        return hmac.new(self.key, b"overt master key id", hashlib.sha256).hexdigest()[:16]

    def wrap(self, deployment_id: str, data_key: bytes) -> Sealed:
        """Return a deployment's key, to be stored.

        Args:
            deployment_id: Whose key.
            data_key: 32 bytes.
        """
        return seal(self.key, data_key, _bound("deployment key", deployment_id))

    def unwrap(self, deployment_id: str, wrapped: Sealed) -> bytes:
        """Return a deployment's key.

        Args:
            deployment_id: Whose key.
            wrapped: As stored.

        Raises:
            SecretUnopenableError: Another master key or deployment, or changed bytes.
        """
        return unseal(self.key, wrapped, _bound("deployment key", deployment_id))

    def wrap_of_request(self, request_id: str, data_key: bytes) -> Sealed:
        """Return the key of what somebody asked, to be stored.

        Args:
            request_id: Whose key.
            data_key: 32 bytes.
        """
        return seal(self.key, data_key, _bound("request key", request_id))

    def unwrap_of_request(self, request_id: str, wrapped: Sealed) -> bytes:
        """Return the key of what somebody asked.

        Args:
            request_id: Whose key.
            wrapped: As stored.

        Raises:
            SecretUnopenableError: Another master key or request, or changed bytes.
        """
        return unseal(self.key, wrapped, _bound("request key", request_id))


def new_key() -> bytes:
    """Return 256 bits from the system's generator."""
    return secrets.token_bytes(KEY_BYTES)


def secret_binding(deployment_id: str, kind: str, row_id: str, secret_id: str) -> bytes:
    """Return the associated data of a secret.

    Args:
        deployment_id: Whose.
        kind: What it is.
        row_id: The row that it belongs to.
        secret_id: Its own identifier.
    """
    return _bound("secret", deployment_id, kind, row_id, secret_id)


def request_text_binding(request_id: str, kind: str) -> bytes:
    """Return the associated data of a text that somebody wrote, or was answered.

    Args:
        request_id: Whose.
        kind: What it is.
    """
    return _bound("request text", request_id, kind)


def seal(key: bytes, plaintext: bytes, binding: bytes) -> Sealed:
    """Return bytes encrypted under a nonce of their own.

    Args:
        key: 32 bytes.
        plaintext: Any bytes.
        binding: Associated data.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Sealed(nonce, AESGCM(key).encrypt(nonce, plaintext, binding))


def unseal(key: bytes, sealed: Sealed, binding: bytes) -> bytes:
    """Return what was encrypted.

    Args:
        key: 32 bytes.
        sealed: From :func:`seal`.
        binding: The same associated data.

    Raises:
        SecretUnopenableError: Another key or binding, or changed bytes.
    """
    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, binding)
    except (InvalidTag, ValueError) as error:
        msg = "a secret does not open: another master key, another row's bytes, or changed bytes"
        raise SecretUnopenableError(msg) from error


def _bound(*parts: str) -> bytes:
    """Return parts with their lengths, so that no two lists of parts look the same."""
    encoded = [part.encode() for part in ("overt", *parts)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
