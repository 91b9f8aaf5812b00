"""What is here is not what was recorded: exit status 3."""

from __future__ import annotations

from overt.errors.trial_error import TrialError


class IntegrityError(TrialError):
    """What is here is not what was recorded."""

    exit_status = 3


class DigestMismatchError(IntegrityError):
    """A model file's SHA-256 differs from the manifest's."""

    code = "models.digest_mismatch"


class ErasureMismatchError(IntegrityError):
    """Templates made differ from templates erased plus templates in alerts."""

    code = "privacy.erasure_mismatch"


class RemainsFoundError(IntegrityError):
    """Bytes of a template, picture or crop that was purged are still in a file."""

    code = "privacy.remains_found"


class PrivacyUnprovenError(IntegrityError):
    """What a deployment keeps and erased does not add up, or lies where it must not."""

    code = "privacy.unproven"


class CertificateWrongError(IntegrityError):
    """A destruction certificate is not the one that was issued, or does not fit the log."""

    code = "privacy.certificate_wrong"


class StoreCorruptError(IntegrityError):
    """The database file or a document in it is damaged."""

    code = "store.corrupt"


class SecretUnopenableError(IntegrityError):
    """A secret does not open: another master key, another row's bytes, or changed bytes."""

    code = "secrets.cannot_open"


class FiguresDifferError(IntegrityError):
    """A figure that is about to be published is not what the log and the store give."""

    code = "publication.figures_differ"


class PersonalDataPublishedError(IntegrityError):
    """A file that is about to be public holds what identifies a person."""

    code = "publication.personal_data"


class ReportDiffersError(IntegrityError):
    """A file of a trial report is not what its log gives, or was not signed."""

    code = "report.differs"


class AuditChainBrokenError(IntegrityError):
    """An event was changed, removed, moved or put in."""

    code = "audit.chain_broken"


class AuditTruncatedError(IntegrityError):
    """Events that a checkpoint counts are gone from the end."""

    code = "audit.truncated"


class RootMismatchError(IntegrityError):
    """The tree over the events does not have the root that was signed."""

    code = "audit.root_mismatch"


class SignedNoteInvalidError(IntegrityError):
    """A signed note, such as a checkpoint, is not written as one."""

    code = "audit.note_invalid"


class SignatureWrongError(IntegrityError):
    """A checkpoint was not signed with the key of this log."""

    code = "audit.signature_wrong"


class LogTreeDamagedError(IntegrityError):
    """The stored state of the log's tree is not that of its events."""

    code = "audit.tree_damaged"
