"""Ed25519 keys of the audit log, written as c2sp.org/signed-note and its tools write them.

Both are one line. ``KEYID`` is eight hexadecimal digits, ``DATA`` the base64 of a
byte 0x01 and the 32 bytes of the key (seed or public key)::

    PRIVATE+KEY+NAME+KEYID+DATA      the signing key, readable by its owner only
    NAME+KEYID+DATA                  the verifier key, to be published
"""

from __future__ import annotations

import base64
import os
import re
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overt.errors import (
    AuditFileUnreadableError,
    AuditKeyInvalidError,
    OutputUnwritableError,
    SigningKeyMissingError,
    SigningKeyUnsafeError,
)

if TYPE_CHECKING:
    from pathlib import Path

_ED25519 = b"\x01"
_KEY_BYTES = 32
_PREFIX = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_OTHERS_MAY = 0o077

PUBLIC_SUFFIX = ".pub"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key, with the name that it signs under.

    Attributes:
        name: Name of the key, which is the origin of the log.
        public_key: 32 bytes (RFC 8032).
    """

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand before every signature."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:4]

    def text(self) -> str:
        """Return the key as one line, to be published."""
        return _key_text(self.name, self.key_id, self.public_key)

    def is_signature_of(self, signature: bytes, text: bytes) -> bool:
        """Return whether this key signed a text.

        Args:
            signature: 64 bytes.
            text: What was signed.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with the name that it signs under.

    Attributes:
        verifier: Its public half.
    """

    verifier: VerifierKey
    _private: Ed25519PrivateKey

    def sign(self, text: bytes) -> bytes:
        """Return the signature of a text, 64 bytes.

        Args:
            text: What to sign.
        """
        return self._private.sign(text)


def create_signing_key(path: Path, name: str) -> SigningKey:
    """Make a key, keep it in a file that its owner alone may read, and return it.

    The verifier key is put beside it, in a file that ends in ``.pub``.

    Args:
        path: The file to make; its folder is made if missing. No file is ever replaced.
        name: What the log is called, such as ``trial.example/audit``.

    Raises:
        AuditKeyInvalidError: The name is empty or has a space or a plus sign.
        OutputUnwritableError: There is a file already, or it cannot be written.
    """
    if not _NAME.fullmatch(name):
        msg = "the name of a key must not be empty and has no space and no plus sign"
        raise AuditKeyInvalidError(msg)
    private = Ed25519PrivateKey.generate()
    key = SigningKey(VerifierKey(name, private.public_key().public_bytes_raw()), private)
    secret = _PREFIX + _key_text(name, key.verifier.key_id, private.private_bytes_raw())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(path, secret, 0o600)
        _write_new(path.with_suffix(PUBLIC_SUFFIX), key.verifier.text(), 0o644)
    except OSError as error:
        msg = f"the key {path.name} cannot be made ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
    return key


def read_signing_key(path: Path) -> SigningKey:
    """Return the key of a file.

    Args:
        path: From :func:`create_signing_key`.

    Raises:
        SigningKeyMissingError: There is no such file, or it cannot be read.
        SigningKeyUnsafeError: Others than its owner may read or change it.
        AuditKeyInvalidError: It holds no key.
    """
    try:
        with path.open("rb") as file:
            if (mode := os.fstat(file.fileno()).st_mode) & _OTHERS_MAY:
                msg = f"the key {path.name} must have mode 600, found {mode & 0o777:o}"
                raise SigningKeyUnsafeError(msg)
            text = file.read(4096).decode("utf-8", "replace")
    except OSError as error:
        msg = f"there is no key {path.name} to sign the audit log with ({type(error).__name__})"
        raise SigningKeyMissingError(msg) from error
    if not text.startswith(_PREFIX):
        msg = f"{path.name} holds no signing key; one starts with {_PREFIX}"
        raise AuditKeyInvalidError(msg)
    name, key_id, seed = _parsed(text.removeprefix(_PREFIX))
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = SigningKey(VerifierKey(name, private.public_key().public_bytes_raw()), private)
    return SigningKey(_checked(key.verifier, key_id), private)


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the public key of its text.

    Args:
        text: One line, ``NAME+KEYID+DATA``.

    Raises:
        AuditKeyInvalidError: It is not written as a key, or its identifier belongs to another.
    """
    name, key_id, public_key = _parsed(text)
    return _checked(VerifierKey(name, public_key), key_id)


def read_verifier_key(path: Path) -> VerifierKey:
    """Return the public key of a file.

    Args:
        path: Such as the one beside the signing key.

    Raises:
        AuditFileUnreadableError: The file cannot be read.
        AuditKeyInvalidError: It holds no verifier key.
    """
    try:
        with path.open("rb") as file:
            text = file.read(4096).decode("utf-8", "replace")
    except OSError as error:
        msg = f"the key {path.name} cannot be read ({type(error).__name__})"
        raise AuditFileUnreadableError(msg) from error
    return parse_verifier_key(text)


def _write_new(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())


def _checked(key: VerifierKey, key_id: str) -> VerifierKey:
    if key.key_id.hex() != key_id:
        msg = f"the identifier of key {key.name} is {key.key_id.hex()}, found {key_id}"
        raise AuditKeyInvalidError(msg)
    return key


def _parsed(text: str) -> tuple[str, str, bytes]:
    """Return name, identifier and the 32 bytes of a key."""
    # Base64 may hold a plus sign too; a name may not.
    name, _, rest = text.strip().partition("+")
    key_id, _, data = rest.partition("+")
    try:
        raw = base64.b64decode(data, validate=True)
    except Base64Error:
        raw = b""
    is_key = raw.startswith(_ED25519) and len(raw) == 1 + _KEY_BYTES and _NAME.fullmatch(name)
    if not is_key or not re.fullmatch(r"[0-9a-f]{8}", key_id):
        msg = "a key of the audit log is written NAME+KEYID+DATA, with an Ed25519 key"
        raise AuditKeyInvalidError(msg)
    return name, key_id, raw[1:]


def _key_text(name: str, key_id: bytes, raw: bytes) -> str:
    return f"{name}+{key_id.hex()}+{base64.b64encode(_ED25519 + raw).decode()}"
