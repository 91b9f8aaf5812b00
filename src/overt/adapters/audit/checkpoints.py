"""Signs and verifies notes, checkpoints among them, with the audit log's Ed25519 key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.signed_note import NoteSignature, SignedNote
from overt.errors import SignatureWrongError

if TYPE_CHECKING:
    from overt.adapters.audit.signing import SigningKey, VerifierKey


class Ed25519NoteSigner:
    """The ``NoteSigner`` port on a key of this machine."""

    def __init__(self, key: SigningKey) -> None:
        """Sign with one key.

        Args:
            key: From ``read_signing_key``.
        """
        self._key = key

    @property
    def origin(self) -> str:
        """Return the name of the log, which is also the name of its key."""
        return self._key.verifier.name

    def verifier_text(self) -> str:
        """Return the public key as one line, to be published."""
        return self._key.verifier.text()

    def sign(self, text: str) -> SignedNote:
        """Return a text as a signed note.

        Args:
            text: Ends with a line break.
        """
        key = self._key.verifier
        signature = NoteSignature(key.name, key.key_id, self._key.sign(text.encode()))
        return SignedNote(text, (signature,))


class Ed25519NoteVerifier:
    """The ``NoteVerifier`` port on a published key."""

    def __init__(self, key: VerifierKey) -> None:
        """Trust one key.

        Args:
            key: From ``parse_verifier_key``.
        """
        self._key = key

    @property
    def signer(self) -> str:
        """Return name and identifier of the key."""
        return f"{self._key.name}+{self._key.key_id.hex()}"

    def verify(self, note: SignedNote) -> None:
        """Refuse a note that this key did not sign.

        Signatures of other keys are ignored; every one of this key must be right.

        Args:
            note: With at least one signature.

        Raises:
            SignatureWrongError: The key did not sign it, or signed another text.
        """
        key = self._key
        own = [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
        if not own:
            msg = f"the note is not signed with {self.signer}"
            raise SignatureWrongError(msg, signer=self.signer)
        if not all(key.is_signature_of(s.signature, note.text.encode()) for s in own):
            msg = f"the signature with {self.signer} belongs to another text"
            raise SignatureWrongError(msg, signer=self.signer)
