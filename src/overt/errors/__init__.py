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
     |    +-- ReportUnreadableError     report.unreadable
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
     |    +-- ThresholdTooLowError      deployment.threshold_too_low
     |    +-- EntryWrongStatusError     watchlist.wrong_status
     |    +-- WatchlistTooLargeError    watchlist.too_large
     |    +-- ExceptionUnconfirmedError watchlist.exception_unconfirmed
     |    +-- PassWrongStateError       blue_list.pass_wrong_state
     |    +-- PairUnsuitableError       alert.pair_unsuitable
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
          +-- PersonalDataPublishedError  publication.personal_data
          +-- RemainsFoundError         privacy.remains_found
          +-- PrivacyUnprovenError      privacy.unproven
          +-- CertificateWrongError     privacy.certificate_wrong
          +-- ReportDiffersError        report.differs
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
    CameraUnreachableError as CameraUnreachableError,
    DownloadFailedError as DownloadFailedError,
    EdgeError as EdgeError,
    ModelFileMissingError as ModelFileMissingError,
    ModelRunError as ModelRunError,
    OutputUnwritableError as OutputUnwritableError,
    ProviderUnreachableError as ProviderUnreachableError,
    SigningKeyMissingError as SigningKeyMissingError,
    StoreFullError as StoreFullError,
    StoreLeasedError as StoreLeasedError,
    StoreNewerError as StoreNewerError,
    StoreUnavailableError as StoreUnavailableError,
    StoreUnknownError as StoreUnknownError,
    TooManyFramesFailedError as TooManyFramesFailedError,
    TypesettingFailedError as TypesettingFailedError,
)
from overt.errors.input_errors import (
    ApplicationFileInvalidError as ApplicationFileInvalidError,
    AuditEventInvalidError as AuditEventInvalidError,
    AuditFileUnreadableError as AuditFileUnreadableError,
    AuditKeyInvalidError as AuditKeyInvalidError,
    EvaluationDataInvalidError as EvaluationDataInvalidError,
    FileUnusableError as FileUnusableError,
    FolderUnusableError as FolderUnusableError,
    ImageUnreadableError as ImageUnreadableError,
    InputError as InputError,
    JsonInvalidError as JsonInvalidError,
    ListFileInvalidError as ListFileInvalidError,
    ManifestInvalidError as ManifestInvalidError,
    MasterKeyInvalidError as MasterKeyInvalidError,
    MasterKeyMissingError as MasterKeyMissingError,
    MessageInvalidError as MessageInvalidError,
    NothingEnrolledError as NothingEnrolledError,
    NoticeDetailsInvalidError as NoticeDetailsInvalidError,
    NoticeInvalidError as NoticeInvalidError,
    NoticeLanguageUnknownError as NoticeLanguageUnknownError,
    NoticeMapInvalidError as NoticeMapInvalidError,
    NoticeTextUnfitError as NoticeTextUnfitError,
    PackUnknownError as PackUnknownError,
    PasswordUnsuitableError as PasswordUnsuitableError,
    PolicyInvalidError as PolicyInvalidError,
    PublicRequestInvalidError as PublicRequestInvalidError,
    RecordFileInvalidError as RecordFileInvalidError,
    RecordNotFoundError as RecordNotFoundError,
    ReportUnreadableError as ReportUnreadableError,
    RolesConflictError as RolesConflictError,
    SettingInvalidError as SettingInvalidError,
    StatementInvalidError as StatementInvalidError,
    StoreMissingError as StoreMissingError,
    StoreUrlInvalidError as StoreUrlInvalidError,
    TimeZoneUnknownError as TimeZoneUnknownError,
    TrialPlanInvalidError as TrialPlanInvalidError,
    ValueRefusedError as ValueRefusedError,
    VideoUnreadableError as VideoUnreadableError,
    WindowInvalidError as WindowInvalidError,
    ZoneInvalidError as ZoneInvalidError,
)
from overt.errors.integrity_errors import (
    AuditChainBrokenError as AuditChainBrokenError,
    AuditTruncatedError as AuditTruncatedError,
    CertificateWrongError as CertificateWrongError,
    DigestMismatchError as DigestMismatchError,
    ErasureMismatchError as ErasureMismatchError,
    FiguresDifferError as FiguresDifferError,
    IntegrityError as IntegrityError,
    LogTreeDamagedError as LogTreeDamagedError,
    PersonalDataPublishedError as PersonalDataPublishedError,
    PrivacyUnprovenError as PrivacyUnprovenError,
    RemainsFoundError as RemainsFoundError,
    ReportDiffersError as ReportDiffersError,
    RootMismatchError as RootMismatchError,
    SecretUnopenableError as SecretUnopenableError,
    SignatureWrongError as SignatureWrongError,
    SignedNoteInvalidError as SignedNoteInvalidError,
    StoreCorruptError as StoreCorruptError,
)
from overt.errors.request_errors import (
    RequestError as RequestError,
    RequestForgedError as RequestForgedError,
    RequestInvalidError as RequestInvalidError,
    RequestTooLargeError as RequestTooLargeError,
    SignInRequiredError as SignInRequiredError,
    TooManyRequestsError as TooManyRequestsError,
)
from overt.errors.rule_errors import (
    AccountLockedError as AccountLockedError,
    AlertWrongStepError as AlertWrongStepError,
    AlreadyDecidedError as AlreadyDecidedError,
    ApplicationIncompleteError as ApplicationIncompleteError,
    CameraForbiddenError as CameraForbiddenError,
    ConsentMissingError as ConsentMissingError,
    DeploymentNotReadyError as DeploymentNotReadyError,
    EntryWrongStatusError as EntryWrongStatusError,
    ExceptionUnconfirmedError as ExceptionUnconfirmedError,
    IdentityUncheckedError as IdentityUncheckedError,
    InstallationPresentError as InstallationPresentError,
    InvitationExpiredError as InvitationExpiredError,
    InvitationRevokedError as InvitationRevokedError,
    InvitationUsedError as InvitationUsedError,
    KeyDestroyedError as KeyDestroyedError,
    MasterKeyPresentError as MasterKeyPresentError,
    MessageNotYoursError as MessageNotYoursError,
    MessageWithdrawnError as MessageWithdrawnError,
    NotInvitedError as NotInvitedError,
    PackNotOperationalError as PackNotOperationalError,
    PairUnsuitableError as PairUnsuitableError,
    PassWrongStateError as PassWrongStateError,
    PersonalDataInLogError as PersonalDataInLogError,
    PublicRequestsFullError as PublicRequestsFullError,
    PublicRequestWrongStateError as PublicRequestWrongStateError,
    RankTooLowError as RankTooLowError,
    RatificationOverdueError as RatificationOverdueError,
    ReasonMissingError as ReasonMissingError,
    ReasonUnknownError as ReasonUnknownError,
    RecordConflictError as RecordConflictError,
    RoleForbiddenError as RoleForbiddenError,
    RuleError as RuleError,
    SamePersonError as SamePersonError,
    SeparationOfDutiesError as SeparationOfDutiesError,
    SigningKeyUnsafeError as SigningKeyUnsafeError,
    SignInRefusedError as SignInRefusedError,
    StatementNotYoursError as StatementNotYoursError,
    StatementWithdrawnError as StatementWithdrawnError,
    TemplateMismatchError as TemplateMismatchError,
    ThresholdTooLowError as ThresholdTooLowError,
    TooFewDataError as TooFewDataError,
    TrainingLapsedError as TrainingLapsedError,
    TrialDeploymentTakenError as TrialDeploymentTakenError,
    TrialTooLateError as TrialTooLateError,
    TrialWrongStateError as TrialWrongStateError,
    UndefinedRateError as UndefinedRateError,
    UnmetConditionsError as UnmetConditionsError,
    WatchlistTooLargeError as WatchlistTooLargeError,
    WrongKindError as WrongKindError,
    WrongStateError as WrongStateError,
)
from overt.errors.trial_error import TrialError as TrialError
