"""Every error that overt raises on purpose.

The branch says who must act::

    TrialError
     +-- InputError            the operator: a bad file, an unknown name (exit 2)
     |    +-- ImageUnreadableError      image.unreadable
     |    +-- VideoUnreadableError      video.unreadable
     |    +-- FolderUnusableError       folder.unusable
     |    +-- FileUnusableError         file.unusable
     |    +-- ZoneInvalidError          zone.invalid
     |    +-- SettingInvalidError       setting.invalid
     |    +-- PackUnknownError          models.unknown
     |    +-- ManifestInvalidError      models.manifest_invalid
     |    +-- PolicyInvalidError        policy.invalid
     |    +-- NothingEnrolledError      watchlist.nothing_enrolled
     |    +-- ListFileInvalidError      watchlist.file_invalid
     |    +-- RecordNotFoundError       store.not_found
     |    +-- StoreMissingError         store.missing
     |    +-- ValueRefusedError         store.value_refused
     |    +-- StoreUrlInvalidError      store.url_invalid
     |    +-- MasterKeyMissingError     secrets.master_key_missing
     |    +-- MasterKeyInvalidError     secrets.master_key_invalid
     |    +-- RolesConflictError        actor.roles_conflict
     |    +-- WindowInvalidError        authority.window_invalid
     |    +-- TimeZoneUnknownError      authority.time_zone_unknown
     |    +-- ApplicationFileInvalidError  authority.file_invalid
     |    +-- NoticeInvalidError        notice.invalid
     |    +-- JsonInvalidError          json.invalid
     |    +-- AuditEventInvalidError    audit.event_invalid
     |    +-- AuditKeyInvalidError      audit.key_invalid
     |    +-- AuditFileUnreadableError  audit.file_unreadable
     +-- RuleError             the protocol: consent, licence, comparability (exit 1)
     |    +-- ConsentMissingError       rehearsal.consent_missing
     |    +-- TemplateMismatchError     template.mismatch
     |    +-- PackNotOperationalError   models.not_operational
     |    +-- UndefinedRateError        rate.undefined
     |    +-- RoleForbiddenError        rule.role_forbidden
     |    +-- RankTooLowError           rule.rank_too_low
     |    +-- ReasonMissingError        rule.reason_missing
     |    +-- ApplicationIncompleteError  authority.incomplete
     |    +-- RatificationOverdueError  authority.ratification_overdue
     |    +-- SeparationOfDutiesError   deployment.separation_of_duties
     |    +-- WrongStateError           deployment.wrong_state
     |    +-- WrongKindError            deployment.wrong_kind
     |    +-- DeploymentNotReadyError   deployment.not_ready
     |    +-- EntryWrongStatusError     watchlist.wrong_status
     |    +-- WatchlistTooLargeError    watchlist.too_large
     |    +-- ExceptionUnconfirmedError watchlist.exception_unconfirmed
     |    +-- PassWrongStateError       blue_list.pass_wrong_state
     |    +-- AlertWrongStepError       alert.wrong_step
     |    +-- ReasonUnknownError        alert.reason_unknown
     |    +-- SamePersonError           alert.same_person
     |    +-- AlreadyDecidedError       alert.already_decided
     |    +-- RecordConflictError       store.conflict
     |    +-- KeyDestroyedError         secrets.key_destroyed
     |    +-- MasterKeyPresentError     secrets.master_key_present
     |    +-- InstallationPresentError  installation.present
     |    +-- PersonalDataInLogError    audit.personal_data
     |    +-- SigningKeyUnsafeError     audit.key_unsafe
     +-- EdgeError             the device: camera, model run time, disk (exit 1)
     |    +-- CameraUnreachableError    camera.unreachable
     |    +-- CameraLostError           camera.lost
     |    +-- TooManyFramesFailedError  camera.too_many_failed_frames
     |    +-- ModelFileMissingError     models.file_missing
     |    +-- ModelRunError             models.run_failed
     |    +-- DownloadFailedError       models.download_failed
     |    +-- OutputUnwritableError     output.unwritable
     |    +-- StoreUnavailableError     store.unavailable
     |    +-- StoreFullError            store.full
     |    +-- StoreLeasedError          store.leased
     |    +-- StoreNewerError           store.newer_schema
     |    +-- StoreUnknownError         store.unknown_schema
     |    +-- SigningKeyMissingError    audit.key_missing
     +-- IntegrityError        nobody goes on until it is explained (exit 3)
          +-- DigestMismatchError       models.digest_mismatch
          +-- StoreCorruptError         store.corrupt
          +-- SecretUnopenableError     secrets.cannot_open
          +-- ErasureMismatchError      privacy.erasure_mismatch
          +-- FiguresDifferError        publication.figures_differ
          +-- RemainsFoundError         privacy.remains_found
          +-- PrivacyUnprovenError      privacy.unproven
          +-- CertificateWrongError     privacy.certificate_wrong
          +-- AuditChainBrokenError     audit.chain_broken
          +-- AuditTruncatedError       audit.truncated
          +-- RootMismatchError         audit.root_mismatch
          +-- SignedNoteInvalidError    audit.note_invalid
          +-- SignatureWrongError       audit.signature_wrong
          +-- LogTreeDamagedError       audit.tree_damaged

A message never holds a name of a person, a picture, a template or a
credential. ``docs/errors.md`` lists every code and is checked against this
module.
"""

from __future__ import annotations

from typing import ClassVar


class TrialError(Exception):
    """Root of the tree: something that the caller can name and act on.

    Attributes:
        code: Stable identifier, ``noun.problem``.
        exit_status: What a command exits with.
        fields: The values behind the message, for logs and JSON.
    """

    code: ClassVar[str] = "trial.error"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, **fields: str | float | None) -> None:
        """Keep the message and the values behind it.

        Args:
            message: One sentence with what was expected and what was found.
            **fields: Values behind the message; never personal data.
        """
        super().__init__(message)
        self.message = message
        self.fields = fields


class InputError(TrialError):
    """The operator gave something that cannot be used."""

    exit_status = 2


class ImageUnreadableError(InputError):
    """A photograph could not be decoded."""

    code = "image.unreadable"


class VideoUnreadableError(InputError):
    """A clip is missing, empty, truncated or not a video."""

    code = "video.unreadable"


class FolderUnusableError(InputError):
    """A folder is missing or holds nothing that can be used."""

    code = "folder.unusable"


class FileUnusableError(InputError):
    """A file that a command was given is missing, empty or cannot be read."""

    code = "file.unusable"


class ZoneInvalidError(InputError):
    """A zone of recognition is not a simple polygon inside the picture."""

    code = "zone.invalid"


class SettingInvalidError(InputError):
    """A setting or a number of the operating point is out of range."""

    code = "setting.invalid"


class PackUnknownError(InputError):
    """No model pack of that name is installed."""

    code = "models.unknown"


class ManifestInvalidError(InputError):
    """A model pack's manifest lacks a field or has a wrong value."""

    code = "models.manifest_invalid"


class PolicyInvalidError(InputError):
    """A policy lacks a setting, or has one that is unknown, of a wrong kind or out of bounds."""

    code = "policy.invalid"


class NothingEnrolledError(InputError):
    """Every photograph of the watchlist was refused."""

    code = "watchlist.nothing_enrolled"


class ListFileInvalidError(InputError):
    """A list in CSV cannot be read: encoding, columns, quoting, size."""

    code = "watchlist.file_invalid"


class RolesConflictError(InputError):
    """One person was given roles that exclude each other."""

    code = "actor.roles_conflict"


class WindowInvalidError(InputError):
    """A window of time has no length, is in the past, or its local time does not exist once."""

    code = "authority.window_invalid"


class TimeZoneUnknownError(InputError):
    """A time zone is not in the IANA database."""

    code = "authority.time_zone_unknown"


class ApplicationFileInvalidError(InputError):
    """An application's file cannot be read, or a field is missing, unknown or of a wrong kind."""

    code = "authority.file_invalid"


class NoticeInvalidError(InputError):
    """A notice's position, distance or photograph's digest cannot be true."""

    code = "notice.invalid"


class RecordNotFoundError(InputError):
    """The store holds nothing under this identifier."""

    code = "store.not_found"


class StoreMissingError(InputError):
    """No store has been made on this machine."""

    code = "store.missing"


class ValueRefusedError(InputError):
    """The store cannot hold a value, such as a text with a zero byte."""

    code = "store.value_refused"


class StoreUrlInvalidError(InputError):
    """The address of the store names no database that can be used."""

    code = "store.url_invalid"


class MasterKeyMissingError(InputError):
    """No master key is set up on this machine."""

    code = "secrets.master_key_missing"


class MasterKeyInvalidError(InputError):
    """What should be the master key has a wrong length, form or file mode."""

    code = "secrets.master_key_invalid"


class JsonInvalidError(InputError):
    """A value has no canonical JSON form."""

    code = "json.invalid"


class AuditEventInvalidError(InputError):
    """An event lacks a field, a time zone or a known kind."""

    code = "audit.event_invalid"


class AuditKeyInvalidError(InputError):
    """A key of the audit log is not written as one."""

    code = "audit.key_invalid"


class AuditFileUnreadableError(InputError):
    """A file of the audit log cannot be read."""

    code = "audit.file_unreadable"


class RuleError(TrialError):
    """The protocol of the trial forbids it."""


class ConsentMissingError(RuleError):
    """A rehearsal was asked for without a record of the volunteers' consent."""

    code = "rehearsal.consent_missing"


class TemplateMismatchError(RuleError):
    """Templates of different packs or lengths cannot be compared."""

    code = "template.mismatch"


class PackNotOperationalError(RuleError):
    """The pack's licence or status does not allow operational use."""

    code = "models.not_operational"


class UndefinedRateError(RuleError):
    """A rate with a denominator of zero has no value."""

    code = "rate.undefined"


class RoleForbiddenError(RuleError):
    """The person's roles do not include the one that may do this."""

    code = "rule.role_forbidden"


class RankTooLowError(RuleError):
    """The person's rank is below the one that the policy asks for."""

    code = "rule.rank_too_low"


class ReasonMissingError(RuleError):
    """A decision that must have a reason came without one."""

    code = "rule.reason_missing"


class UnmetConditionsError(RuleError):
    """Conditions are not met; the message names every one of them.

    Attributes:
        unmet: Requirement, condition and what was found, one a condition.
    """

    def __init__(self, message: str, *, unmet: tuple[tuple[str, str, str], ...]) -> None:
        """Add every condition to the message and keep them as values.

        Args:
            message: What was refused.
            unmet: Requirement, condition and what was found; at least one.
        """
        lines = [f"{requirement} {condition}: {found}" for requirement, condition, found in unmet]
        super().__init__(
            "; ".join([message, *lines]),
            requirements=" ".join(dict.fromkeys(requirement for requirement, _, _ in unmet)),
            n_unmet=len(unmet),
        )
        self.unmet = unmet


class ApplicationIncompleteError(UnmetConditionsError):
    """An application lacks mandatory fields or asks for what the policy does not allow."""

    code = "authority.incomplete"


class RatificationOverdueError(RuleError):
    """An urgent oral authority was not ratified in time and has lapsed."""

    code = "authority.ratification_overdue"


class SeparationOfDutiesError(RuleError):
    """One person would do two things that two people must do."""

    code = "deployment.separation_of_duties"


class WrongStateError(RuleError):
    """The deployment's state does not allow this step."""

    code = "deployment.wrong_state"


class WrongKindError(RuleError):
    """A rehearsal was given what only an operational deployment may have, or the reverse."""

    code = "deployment.wrong_kind"


class DeploymentNotReadyError(UnmetConditionsError):
    """A deployment may not go live; every unmet condition is named."""

    code = "deployment.not_ready"


class EntryWrongStatusError(RuleError):
    """A watchlist entry's status does not allow this step."""

    code = "watchlist.wrong_status"


class WatchlistTooLargeError(RuleError):
    """A list has more rows than any watchlist may have; none was looked at."""

    code = "watchlist.too_large"


class ExceptionUnconfirmedError(RuleError):
    """An under-18 exception waits for the officer who is said to have granted it."""

    code = "watchlist.exception_unconfirmed"


class PassWrongStateError(RuleError):
    """A blue pass was started or stopped twice, or without consent."""

    code = "blue_list.pass_wrong_state"


class AlertWrongStepError(RuleError):
    """A decision came at the wrong step of an alert."""

    code = "alert.wrong_step"


class ReasonUnknownError(RuleError):
    """A reason code is not in the policy's closed list."""

    code = "alert.reason_unknown"


class SamePersonError(RuleError):
    """The operator of an alert would also be its officer."""

    code = "alert.same_person"


class AlreadyDecidedError(RuleError):
    """Somebody has decided this step of the alert; the message says who and when."""

    code = "alert.already_decided"


class RecordConflictError(RuleError):
    """Somebody else has stored this before, or has changed it since it was read."""

    code = "store.conflict"


class KeyDestroyedError(RuleError):
    """The deployment's key was destroyed at its purge; nothing can be read or added."""

    code = "secrets.key_destroyed"


class MasterKeyPresentError(RuleError):
    """A master key is there already; a second would make the first one's data unreadable."""

    code = "secrets.master_key_present"


class InstallationPresentError(RuleError):
    """This machine is set up already; nothing of it is made a second time."""

    code = "installation.present"


class PersonalDataInLogError(RuleError):
    """An event could hold a face, a template or a name; the log keeps none."""

    code = "audit.personal_data"


class SigningKeyUnsafeError(RuleError):
    """Others than its owner may use the key that signs the audit log."""

    code = "audit.key_unsafe"


class EdgeError(TrialError):
    """A device, a file system or a run time failed."""


class CameraUnreachableError(EdgeError):
    """A camera did not answer in time."""

    code = "camera.unreachable"


class CameraLostError(EdgeError):
    """A camera stopped and did not come back within the limit."""

    code = "camera.lost"


class TooManyFramesFailedError(EdgeError):
    """More frames in a row failed than the plan allows."""

    code = "camera.too_many_failed_frames"


class ModelFileMissingError(EdgeError):
    """A file that a model pack names is not on this machine."""

    code = "models.file_missing"


class ModelRunError(EdgeError):
    """The inference run time refused a model or failed while running it."""

    code = "models.run_failed"


class DownloadFailedError(EdgeError):
    """A model pack could not be fetched."""

    code = "models.download_failed"


class OutputUnwritableError(EdgeError):
    """A result could not be written."""

    code = "output.unwritable"


class StoreUnavailableError(EdgeError):
    """The store cannot be reached, opened, locked or written."""

    code = "store.unavailable"


class StoreFullError(EdgeError):
    """The disk under the store is full; the last committed state stands."""

    code = "store.full"


class StoreLeasedError(EdgeError):
    """Another service holds this store."""

    code = "store.leased"


class StoreNewerError(EdgeError):
    """The store was written by a newer release."""

    code = "store.newer_schema"


class StoreUnknownError(EdgeError):
    """The database was not made by this program."""

    code = "store.unknown_schema"


class SigningKeyMissingError(EdgeError):
    """There is no key here to sign the audit log with."""

    code = "audit.key_missing"


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
