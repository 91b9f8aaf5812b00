"""What the operator gave cannot be used: exit status 2."""

from __future__ import annotations

from overt.errors.trial_error import TrialError


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


class PasswordUnsuitableError(InputError):
    """What was typed may not become a password: its length, or what everybody could guess."""

    code = "sign_in.password_unsuitable"


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


class NoticeMapInvalidError(InputError):
    """A zone, a way round or a sign's position cannot be drawn: its coordinates or its shape."""

    code = "notice.map_invalid"


class NoticeDetailsInvalidError(InputError):
    """The file of what a force adds to its notices cannot be read, or a field is wrong."""

    code = "notice.details_invalid"


class NoticeLanguageUnknownError(InputError):
    """There is no catalogue of messages for a language, or it is damaged."""

    code = "notice.language_unknown"


class NoticeTextUnfitError(InputError):
    """A text of a notice is too long for its page, or has a letter that no font here has."""

    code = "notice.text_unfit"


class MessageInvalidError(InputError):
    """A question or an answer is blank, too long, or holds what is no text."""

    code = "message.invalid"


class StatementInvalidError(InputError):
    """An observer's statement is blank, too long, or holds what is no text."""

    code = "statement.invalid"


class PublicRequestInvalidError(InputError):
    """What somebody asks lacks something, is too long, or is no text."""

    code = "public_request.invalid"


class RecordFileInvalidError(InputError):
    """A published record cannot be read, or a column is unknown, doubled or missing."""

    code = "record.file_invalid"


class EvaluationDataInvalidError(InputError):
    """Data of an evaluation contradict each other: scores, subjects, groups or photographs."""

    code = "evaluation.data_invalid"


class TrialPlanInvalidError(InputError):
    """The plan of a trial cannot be read, or something of it is missing or cannot be."""

    code = "trial.plan_invalid"


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


class ReportUnreadableError(InputError):
    """A folder is not that of a trial report, or a file in it cannot be read."""

    code = "report.unreadable"


class AuditFileUnreadableError(InputError):
    """A file of the audit log cannot be read."""

    code = "audit.file_unreadable"
