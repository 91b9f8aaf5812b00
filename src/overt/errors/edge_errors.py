"""A device, a disk, a store or a run time failed: exit status 1."""

from __future__ import annotations

from overt.errors.trial_error import TrialError


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


class ProviderUnreachableError(EdgeError):
    """The force's own sign-in service does not answer, or not as one."""

    code = "sign_in.provider_unreachable"


class TypesettingFailedError(EdgeError):
    """The typesetter refused a page that it should print."""

    code = "notice.typesetting_failed"
