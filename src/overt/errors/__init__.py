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
     |    +-- RecordFileInvalidError    record.file_invalid
     |    +-- EvaluationDataInvalidError  evaluation.data_invalid
     |    +-- TrialPlanInvalidError     trial.plan_invalid
     |    +-- RecordNotFoundError       store.not_found
     |    +-- StoreMissingError         store.missing
     |    +-- ValueRefusedError         store.value_refused
     |    +-- StoreUrlInvalidError      store.url_invalid
     |    +-- MasterKeyMissingError     secrets.master_key_missing
     |    +-- MasterKeyInvalidError     secrets.master_key_invalid
     |    +-- RolesConflictError        actor.roles_conflict
     |    +-- PasswordUnsuitableError   sign_in.password_unsuitable
     |    +-- WindowInvalidError        authority.window_invalid
     |    +-- TimeZoneUnknownError      authority.time_zone_unknown
     |    +-- ApplicationFileInvalidError  authority.file_invalid
     |    +-- NoticeInvalidError        notice.invalid
     |    +-- NoticeMapInvalidError     notice.map_invalid
     |    +-- NoticeDetailsInvalidError  notice.details_invalid
     |    +-- NoticeLanguageUnknownError  notice.language_unknown
     |    +-- NoticeTextUnfitError      notice.text_unfit
     |    +-- MessageInvalidError       message.invalid
     |    +-- StatementInvalidError     statement.invalid
     |    +-- PublicRequestInvalidError public_request.invalid
     |    +-- JsonInvalidError          json.invalid
     |    +-- AuditEventInvalidError    audit.event_invalid
     |    +-- AuditKeyInvalidError      audit.key_invalid
     |    +-- AuditFileUnreadableError  audit.file_unreadable
     +-- RuleError             the protocol: consent, licence, comparability (exit 1)
     |    +-- ConsentMissingError       rehearsal.consent_missing
     |    +-- TemplateMismatchError     template.mismatch
     |    +-- CameraForbiddenError      camera.forbidden
     |    +-- PackNotOperationalError   models.not_operational
     |    +-- UndefinedRateError        rate.undefined
     |    +-- TooFewDataError           evaluation.too_few_data
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
     |    +-- StatementNotYoursError    statement.not_yours
     |    +-- StatementWithdrawnError   statement.withdrawn
     |    +-- MessageNotYoursError      message.not_yours
     |    +-- MessageWithdrawnError     message.withdrawn
     |    +-- InvitationUsedError       invitation.used
     |    +-- InvitationExpiredError    invitation.expired
     |    +-- InvitationRevokedError    invitation.revoked
     |    +-- NotInvitedError           invitation.none_here
     |    +-- PublicRequestWrongStateError  public_request.wrong_state
     |    +-- PublicRequestsFullError   public_request.too_many_open
     |    +-- IdentityUncheckedError    public_request.identity_unchecked
     |    +-- TrainingLapsedError       rule.training_lapsed
     |    +-- TrialTooLateError         trial.too_late
     |    +-- TrialDeploymentTakenError trial.deployment_taken
     |    +-- TrialWrongStateError      trial.wrong_state
     |    +-- RecordConflictError       store.conflict
     |    +-- KeyDestroyedError         secrets.key_destroyed
     |    +-- MasterKeyPresentError     secrets.master_key_present
     |    +-- InstallationPresentError  installation.present
     |    +-- PersonalDataInLogError    audit.personal_data
     |    +-- SigningKeyUnsafeError     audit.key_unsafe
     |    +-- SignInRefusedError        sign_in.refused
     |    +-- AccountLockedError        sign_in.locked
     |    +-- RequestError              request.refused
     |         +-- SignInRequiredError  request.sign_in_required
     |         +-- RequestForgedError   request.forged
     |         +-- RequestInvalidError  request.invalid
     |         +-- RequestTooLargeError request.too_large
     |         +-- TooManyRequestsError request.too_many
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
     |    +-- ProviderUnreachableError  sign_in.provider_unreachable
     |    +-- TypesettingFailedError    notice.typesetting_failed
     +-- IntegrityError        nobody goes on until it is explained (exit 3)
          +-- DigestMismatchError       models.digest_mismatch
          +-- StoreCorruptError         store.corrupt
          +-- SecretUnopenableError     secrets.cannot_open
          +-- ErasureMismatchError      privacy.erasure_mismatch
          +-- FiguresDifferError        publication.figures_differ
          +-- RemainsFoundError         privacy.remains_found
          +-- PersonalDataPublishedError  publication.personal_data
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
package; each branch has a module of its own.
"""

from overt.errors.edge_errors import (
    CameraLostError as CameraLostError,
)
from overt.errors.edge_errors import (
    CameraUnreachableError as CameraUnreachableError,
)
from overt.errors.edge_errors import (
    DownloadFailedError as DownloadFailedError,
)
from overt.errors.edge_errors import (
    EdgeError as EdgeError,
)
from overt.errors.edge_errors import (
    ModelFileMissingError as ModelFileMissingError,
)
from overt.errors.edge_errors import (
    ModelRunError as ModelRunError,
)
from overt.errors.edge_errors import (
    OutputUnwritableError as OutputUnwritableError,
)
from overt.errors.edge_errors import (
    ProviderUnreachableError as ProviderUnreachableError,
)
from overt.errors.edge_errors import (
    SigningKeyMissingError as SigningKeyMissingError,
)
from overt.errors.edge_errors import (
    StoreFullError as StoreFullError,
)
from overt.errors.edge_errors import (
    StoreLeasedError as StoreLeasedError,
)
from overt.errors.edge_errors import (
    StoreNewerError as StoreNewerError,
)
from overt.errors.edge_errors import (
    StoreUnavailableError as StoreUnavailableError,
)
from overt.errors.edge_errors import (
    StoreUnknownError as StoreUnknownError,
)
from overt.errors.edge_errors import (
    TooManyFramesFailedError as TooManyFramesFailedError,
)
from overt.errors.edge_errors import (
    TypesettingFailedError as TypesettingFailedError,
)
from overt.errors.input_errors import (
    ApplicationFileInvalidError as ApplicationFileInvalidError,
)
from overt.errors.input_errors import (
    AuditEventInvalidError as AuditEventInvalidError,
)
from overt.errors.input_errors import (
    AuditFileUnreadableError as AuditFileUnreadableError,
)
from overt.errors.input_errors import (
    AuditKeyInvalidError as AuditKeyInvalidError,
)
from overt.errors.input_errors import (
    EvaluationDataInvalidError as EvaluationDataInvalidError,
)
from overt.errors.input_errors import (
    FileUnusableError as FileUnusableError,
)
from overt.errors.input_errors import (
    FolderUnusableError as FolderUnusableError,
)
from overt.errors.input_errors import (
    ImageUnreadableError as ImageUnreadableError,
)
from overt.errors.input_errors import (
    InputError as InputError,
)
from overt.errors.input_errors import (
    JsonInvalidError as JsonInvalidError,
)
from overt.errors.input_errors import (
    ListFileInvalidError as ListFileInvalidError,
)
from overt.errors.input_errors import (
    ManifestInvalidError as ManifestInvalidError,
)
from overt.errors.input_errors import (
    MasterKeyInvalidError as MasterKeyInvalidError,
)
from overt.errors.input_errors import (
    MasterKeyMissingError as MasterKeyMissingError,
)
from overt.errors.input_errors import (
    MessageInvalidError as MessageInvalidError,
)
from overt.errors.input_errors import (
    NothingEnrolledError as NothingEnrolledError,
)
from overt.errors.input_errors import (
    NoticeDetailsInvalidError as NoticeDetailsInvalidError,
)
from overt.errors.input_errors import (
    NoticeInvalidError as NoticeInvalidError,
)
from overt.errors.input_errors import (
    NoticeLanguageUnknownError as NoticeLanguageUnknownError,
)
from overt.errors.input_errors import (
    NoticeMapInvalidError as NoticeMapInvalidError,
)
from overt.errors.input_errors import (
    NoticeTextUnfitError as NoticeTextUnfitError,
)
from overt.errors.input_errors import (
    PackUnknownError as PackUnknownError,
)
from overt.errors.input_errors import (
    PasswordUnsuitableError as PasswordUnsuitableError,
)
from overt.errors.input_errors import (
    PolicyInvalidError as PolicyInvalidError,
)
from overt.errors.input_errors import (
    PublicRequestInvalidError as PublicRequestInvalidError,
)
from overt.errors.input_errors import (
    RecordFileInvalidError as RecordFileInvalidError,
)
from overt.errors.input_errors import (
    RecordNotFoundError as RecordNotFoundError,
)
from overt.errors.input_errors import (
    RolesConflictError as RolesConflictError,
)
from overt.errors.input_errors import (
    SettingInvalidError as SettingInvalidError,
)
from overt.errors.input_errors import (
    StatementInvalidError as StatementInvalidError,
)
from overt.errors.input_errors import (
    StoreMissingError as StoreMissingError,
)
from overt.errors.input_errors import (
    StoreUrlInvalidError as StoreUrlInvalidError,
)
from overt.errors.input_errors import (
    TimeZoneUnknownError as TimeZoneUnknownError,
)
from overt.errors.input_errors import (
    TrialPlanInvalidError as TrialPlanInvalidError,
)
from overt.errors.input_errors import (
    ValueRefusedError as ValueRefusedError,
)
from overt.errors.input_errors import (
    VideoUnreadableError as VideoUnreadableError,
)
from overt.errors.input_errors import (
    WindowInvalidError as WindowInvalidError,
)
from overt.errors.input_errors import (
    ZoneInvalidError as ZoneInvalidError,
    PersonalDataPublishedError as PersonalDataPublishedError,
    AuditChainBrokenError as AuditChainBrokenError,
)
from overt.errors.integrity_errors import (
    AuditTruncatedError as AuditTruncatedError,
)
from overt.errors.integrity_errors import (
    CertificateWrongError as CertificateWrongError,
)
from overt.errors.integrity_errors import (
    DigestMismatchError as DigestMismatchError,
)
from overt.errors.integrity_errors import (
    ErasureMismatchError as ErasureMismatchError,
)
from overt.errors.integrity_errors import (
    FiguresDifferError as FiguresDifferError,
)
from overt.errors.integrity_errors import (
    IntegrityError as IntegrityError,
)
from overt.errors.integrity_errors import (
    LogTreeDamagedError as LogTreeDamagedError,
)
from overt.errors.integrity_errors import (
    PrivacyUnprovenError as PrivacyUnprovenError,
)
from overt.errors.integrity_errors import (
    RemainsFoundError as RemainsFoundError,
)
from overt.errors.integrity_errors import (
    RootMismatchError as RootMismatchError,
)
from overt.errors.integrity_errors import (
    SecretUnopenableError as SecretUnopenableError,
)
from overt.errors.integrity_errors import (
    SignatureWrongError as SignatureWrongError,
)
from overt.errors.integrity_errors import (
    SignedNoteInvalidError as SignedNoteInvalidError,
)
from overt.errors.integrity_errors import (
    StoreCorruptError as StoreCorruptError,
)
from overt.errors.request_errors import (
    RequestError as RequestError,
)
from overt.errors.request_errors import (
    RequestForgedError as RequestForgedError,
)
from overt.errors.request_errors import (
    RequestInvalidError as RequestInvalidError,
)
from overt.errors.request_errors import (
    RequestTooLargeError as RequestTooLargeError,
)
from overt.errors.request_errors import (
    SignInRequiredError as SignInRequiredError,
)
from overt.errors.request_errors import (
    TooManyRequestsError as TooManyRequestsError,
)
from overt.errors.rule_errors import (
    AccountLockedError as AccountLockedError,
)
from overt.errors.rule_errors import (
    AlertWrongStepError as AlertWrongStepError,
)
from overt.errors.rule_errors import (
    AlreadyDecidedError as AlreadyDecidedError,
)
from overt.errors.rule_errors import (
    ApplicationIncompleteError as ApplicationIncompleteError,
)
from overt.errors.rule_errors import (
    CameraForbiddenError as CameraForbiddenError,
)
from overt.errors.rule_errors import (
    ConsentMissingError as ConsentMissingError,
)
from overt.errors.rule_errors import (
    DeploymentNotReadyError as DeploymentNotReadyError,
)
from overt.errors.rule_errors import (
    EntryWrongStatusError as EntryWrongStatusError,
)
from overt.errors.rule_errors import (
    ExceptionUnconfirmedError as ExceptionUnconfirmedError,
)
from overt.errors.rule_errors import (
    IdentityUncheckedError as IdentityUncheckedError,
)
from overt.errors.rule_errors import (
    InstallationPresentError as InstallationPresentError,
)
from overt.errors.rule_errors import (
    InvitationExpiredError as InvitationExpiredError,
)
from overt.errors.rule_errors import (
    InvitationRevokedError as InvitationRevokedError,
)
from overt.errors.rule_errors import (
    InvitationUsedError as InvitationUsedError,
)
from overt.errors.rule_errors import (
    KeyDestroyedError as KeyDestroyedError,
)
from overt.errors.rule_errors import (
    MasterKeyPresentError as MasterKeyPresentError,
)
from overt.errors.rule_errors import (
    MessageNotYoursError as MessageNotYoursError,
)
from overt.errors.rule_errors import (
    MessageWithdrawnError as MessageWithdrawnError,
)
from overt.errors.rule_errors import (
    NotInvitedError as NotInvitedError,
)
from overt.errors.rule_errors import (
    PackNotOperationalError as PackNotOperationalError,
)
from overt.errors.rule_errors import (
    PassWrongStateError as PassWrongStateError,
)
from overt.errors.rule_errors import (
    PersonalDataInLogError as PersonalDataInLogError,
)
from overt.errors.rule_errors import (
    PublicRequestsFullError as PublicRequestsFullError,
)
from overt.errors.rule_errors import (
    PublicRequestWrongStateError as PublicRequestWrongStateError,
)
from overt.errors.rule_errors import (
    RankTooLowError as RankTooLowError,
)
from overt.errors.rule_errors import (
    RatificationOverdueError as RatificationOverdueError,
)
from overt.errors.rule_errors import (
    ReasonMissingError as ReasonMissingError,
)
from overt.errors.rule_errors import (
    ReasonUnknownError as ReasonUnknownError,
)
from overt.errors.rule_errors import (
    RecordConflictError as RecordConflictError,
)
from overt.errors.rule_errors import (
    RoleForbiddenError as RoleForbiddenError,
)
from overt.errors.rule_errors import (
    RuleError as RuleError,
)
from overt.errors.rule_errors import (
    SamePersonError as SamePersonError,
)
from overt.errors.rule_errors import (
    SeparationOfDutiesError as SeparationOfDutiesError,
)
from overt.errors.rule_errors import (
    SigningKeyUnsafeError as SigningKeyUnsafeError,
)
from overt.errors.rule_errors import (
    SignInRefusedError as SignInRefusedError,
)
from overt.errors.rule_errors import (
    StatementNotYoursError as StatementNotYoursError,
)
from overt.errors.rule_errors import (
    StatementWithdrawnError as StatementWithdrawnError,
)
from overt.errors.rule_errors import (
    TemplateMismatchError as TemplateMismatchError,
)
from overt.errors.rule_errors import (
    TooFewDataError as TooFewDataError,
)
from overt.errors.rule_errors import (
    TrainingLapsedError as TrainingLapsedError,
)
from overt.errors.rule_errors import (
    TrialDeploymentTakenError as TrialDeploymentTakenError,
)
from overt.errors.rule_errors import (
    TrialTooLateError as TrialTooLateError,
)
from overt.errors.rule_errors import (
    TrialWrongStateError as TrialWrongStateError,
)
from overt.errors.rule_errors import (
    UndefinedRateError as UndefinedRateError,
)
from overt.errors.rule_errors import (
    UnmetConditionsError as UnmetConditionsError,
)
from overt.errors.rule_errors import (
    WatchlistTooLargeError as WatchlistTooLargeError,
)
from overt.errors.rule_errors import (
    WrongKindError as WrongKindError,
)
from overt.errors.rule_errors import (
    WrongStateError as WrongStateError,
)
from overt.errors.trial_error import TrialError as TrialError
