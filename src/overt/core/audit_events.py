"""What the audit log can tell: every kind of event, and what each always carries.

The list is closed. A new decision gets a new kind here, with its fields, before
anything may record it. A correction is a new event that names the old one.
"""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What happened, in the past tense."""

    # the store and those who use it
    LOG_STARTED = "LogStarted"
    POLICY_LOADED = "PolicyLoaded"
    SETTING_CHANGED = "SettingChanged"
    ACTOR_ADDED = "ActorAdded"
    ACTOR_CHANGED = "ActorChanged"
    ACTOR_DEACTIVATED = "ActorDeactivated"
    ACCESS_DENIED = "AccessDenied"
    PERSONAL_DATA_VIEWED = "PersonalDataViewed"
    LISTING_LOOKED_UP = "ListingLookedUp"
    DATA_EXPORTED = "DataExported"
    CHECKPOINT_SIGNED = "CheckpointSigned"
    EVENT_CORRECTED = "EventCorrected"
    SIGNED_IN = "SignedIn"
    SIGNED_OUT = "SignedOut"
    SIGN_IN_FAILED = "SignInFailed"
    ACCOUNT_LOCKED = "AccountLocked"
    PASSWORD_CHANGED = "PasswordChanged"  # noqa: S105 - what happened, not one
    CREDENTIAL_SET = "CredentialSet"
    # what people ask and complain about
    REQUEST_RECEIVED = "RequestReceived"
    REQUEST_ACKNOWLEDGED = "RequestAcknowledged"
    REQUEST_IDENTITY_CHECKED = "RequestIdentityChecked"
    REQUEST_ANSWERED = "RequestAnswered"
    REQUEST_CLOSED = "RequestClosed"
    REQUEST_ERASED = "RequestErased"
    # trials: several deployments under one plan that was fixed before
    TRIAL_REGISTERED = "TrialRegistered"
    TRIAL_DEPLOYMENT_ADDED = "TrialDeploymentAdded"
    TRIAL_ENDED = "TrialEnded"
    TRIAL_REPORTED = "TrialReported"
    # before a deployment is live
    DEPLOYMENT_DRAFTED = "DeploymentDrafted"
    APPLICATION_DRAFT_SAVED = "ApplicationDraftSaved"
    DEPLOYMENT_APPLIED = "DeploymentApplied"
    DEPLOYMENT_AUTHORISED = "DeploymentAuthorised"
    DEPLOYMENT_REFUSED = "DeploymentRefused"
    DEPLOYMENT_CANCELLED = "DeploymentCancelled"
    AUTHORITY_RATIFIED = "AuthorityRatified"
    AUTHORITY_SUSPENDED = "AuthoritySuspended"
    AUTHORITY_RESTORED = "AuthorityRestored"
    AUTHORITY_WITHDRAWN = "AuthorityWithdrawn"
    AUTHORITY_LAPSED = "AuthorityLapsed"
    REHEARSAL_CONSENT_RECORDED = "RehearsalConsentRecorded"
    PUBLIC_NOTICE_GIVEN = "PublicNoticeGiven"
    WATCHLIST_COMPOSED = "WatchlistComposed"
    ENTRY_REFUSED = "EntryRefused"
    ENTRY_APPROVED = "EntryApproved"
    ENTRY_REMOVED = "EntryRemoved"
    WATCHLIST_APPROVED = "WatchlistApproved"
    NO_LONGER_WANTED_FEED_READ = "NoLongerWantedFeedRead"
    SIGNS_PLANNED = "SignsPlanned"
    NOTICE_PLACED = "NoticePlaced"
    NOTICE_REMOVED = "NoticeRemoved"
    NOTICE_DETAILS_SAVED = "NoticeDetailsSaved"
    TRANSLATION_APPROVED = "TranslationApproved"
    NOTICES_MADE = "NoticesMade"
    CALIBRATION_FIXED = "CalibrationFixed"
    VOLUNTEER_CONSENTED = "VolunteerConsented"
    CONSENT_WITHDRAWN = "ConsentWithdrawn"
    # while it is live
    LIVE_REFUSED = "LiveRefused"
    DEPLOYMENT_WENT_LIVE = "DeploymentWentLive"
    SITES_JOINED = "SitesJoined"
    SITES_CLOSED = "SitesClosed"
    DEPLOYMENT_SUSPENDED = "DeploymentSuspended"
    DEPLOYMENT_RESUMED = "DeploymentResumed"
    CAMERA_LOST = "CameraLost"
    CAMERA_RETURNED = "CameraReturned"
    LIMIT_STATUS_CHANGED = "LimitStatusChanged"
    ALERT_RAISED = "AlertRaised"
    ALERT_DECIDED = "AlertDecided"
    ENGAGEMENT_RECORDED = "EngagementRecorded"
    OUTCOME_RECORDED = "OutcomeRecorded"
    BLUE_PASS_LOGGED = "BluePassLogged"  # noqa: S105 - a walk through the zone
    MINUTE_COUNTED = "MinuteCounted"
    TEMPLATES_COUNTED = "TemplatesCounted"
    PREVIEW_VIEWED = "PreviewViewed"
    STATEMENT_FILED = "StatementFiled"
    STATEMENT_WITHDRAWN = "StatementWithdrawn"
    # observers and what they are told
    OBSERVER_INVITED = "ObserverInvited"
    INVITATION_USED = "InvitationUsed"
    INVITATION_REVOKED = "InvitationRevoked"
    QUESTION_ASKED = "QuestionAsked"
    QUESTION_ANSWERED = "QuestionAnswered"
    MESSAGE_WITHDRAWN = "MessageWithdrawn"
    # after it
    DEPLOYMENT_ENDED = "DeploymentEnded"
    EQUALITY_COUNTED = "EqualityCounted"
    SCORES_COUNTED = "ScoresCounted"
    BIOMETRICS_ERASED = "BiometricsErased"
    PURGE_FAILED = "PurgeFailed"
    DEPLOYMENT_PURGED = "DeploymentPurged"
    CERTIFICATE_ISSUED = "CertificateIssued"
    DEPLOYMENT_PUBLISHED = "DeploymentPublished"


_K = EventKind

EVENT_FIELDS: dict[EventKind, tuple[str, ...]] = {
    _K.LOG_STARTED: ("software_version", "schema_version"),
    _K.POLICY_LOADED: ("policy_hash", "policy_version"),
    _K.SETTING_CHANGED: ("setting", "old", "new"),
    _K.ACTOR_ADDED: ("subject_id", "roles"),
    _K.ACTOR_CHANGED: ("subject_id", "roles"),
    _K.ACTOR_DEACTIVATED: ("subject_id", "reason"),
    _K.ACCESS_DENIED: ("action", "code"),
    _K.PERSONAL_DATA_VIEWED: ("what", "row_id"),
    _K.LISTING_LOOKED_UP: ("on", "n_found"),
    _K.DATA_EXPORTED: ("what", "n_rows"),
    _K.CHECKPOINT_SIGNED: ("size", "root"),
    _K.EVENT_CORRECTED: ("corrected_seq", "reason"),
    _K.SIGNED_IN: ("authenticated_by",),
    _K.SIGNED_OUT: ("authenticated_by",),
    _K.SIGN_IN_FAILED: ("code",),  # never what was typed: it may be a password
    _K.ACCOUNT_LOCKED: ("locked_until",),
    _K.PASSWORD_CHANGED: ("subject_id",),
    _K.CREDENTIAL_SET: ("subject_id",),
    _K.REQUEST_RECEIVED: ("request_id", "request_kind", "due_at", "words_sha256"),
    _K.REQUEST_ACKNOWLEDGED: ("request_id",),
    _K.REQUEST_IDENTITY_CHECKED: ("request_id",),
    _K.REQUEST_ANSWERED: ("request_id", "due_at", "answer_sha256"),
    _K.REQUEST_CLOSED: ("request_id", "close_code"),
    _K.REQUEST_ERASED: ("request_id", "n_texts"),
    _K.TRIAL_REGISTERED: ("trial_id", "plan_sha256", "plan", "deployment_kind"),
    _K.TRIAL_DEPLOYMENT_ADDED: ("trial_id",),
    _K.TRIAL_ENDED: ("trial_id", "reason"),
    _K.TRIAL_REPORTED: ("trial_id", "report_sha256"),
    _K.DEPLOYMENT_DRAFTED: ("deployment_kind", "policy_hash"),
    _K.APPLICATION_DRAFT_SAVED: ("document_sha256",),
    _K.DEPLOYMENT_APPLIED: ("application_sha256", "policy_hash"),
    _K.DEPLOYMENT_AUTHORISED: ("rank", "is_oral", "ratify_by"),
    _K.DEPLOYMENT_REFUSED: ("reason",),
    _K.DEPLOYMENT_CANCELLED: ("reason",),
    _K.AUTHORITY_RATIFIED: ("rank",),
    _K.AUTHORITY_SUSPENDED: ("reason",),
    _K.AUTHORITY_RESTORED: ("reason",),
    _K.AUTHORITY_WITHDRAWN: ("reason",),
    _K.AUTHORITY_LAPSED: ("ratify_by",),
    _K.REHEARSAL_CONSENT_RECORDED: ("consent_sha256", "n_volunteers"),
    _K.PUBLIC_NOTICE_GIVEN: ("where",),
    _K.WATCHLIST_COMPOSED: ("watchlist_version", "n_entries", "n_refused"),
    _K.ENTRY_REFUSED: ("row", "reason_codes"),
    _K.ENTRY_APPROVED: ("entry_id",),
    _K.ENTRY_REMOVED: ("entry_id", "reason"),
    _K.WATCHLIST_APPROVED: ("watchlist_version", "n_entries"),
    _K.NO_LONGER_WANTED_FEED_READ: ("feed_sha256", "n_rows", "n_removed"),
    _K.SIGNS_PLANNED: ("n_signs", "plan_sha256"),
    _K.NOTICE_PLACED: ("notice_id", "site_id"),
    _K.NOTICE_REMOVED: ("notice_id", "site_id"),
    _K.NOTICE_DETAILS_SAVED: ("document_sha256",),
    _K.TRANSLATION_APPROVED: ("language", "catalogue_sha256"),
    _K.NOTICES_MADE: ("n_files", "contents_sha256"),
    _K.CALIBRATION_FIXED: ("operating_point_digest", "threshold", "pack_digest"),
    _K.VOLUNTEER_CONSENTED: ("volunteer_id", "consent_sha256"),
    _K.CONSENT_WITHDRAWN: ("volunteer_id",),
    _K.LIVE_REFUSED: ("unmet",),
    _K.DEPLOYMENT_WENT_LIVE: ("operating_point_digest", "pack_digest", "policy_hash", "n_entries"),
    _K.SITES_JOINED: ("site_ids",),
    _K.SITES_CLOSED: ("site_ids",),
    _K.DEPLOYMENT_SUSPENDED: ("reason",),
    _K.DEPLOYMENT_RESUMED: ("reason",),
    _K.CAMERA_LOST: ("camera_id", "code"),
    _K.CAMERA_RETURNED: ("camera_id",),
    _K.LIMIT_STATUS_CHANGED: ("status", "n_false", "faces_seen"),
    _K.ALERT_RAISED: ("alert_id", "entry_id", "camera_id", "list_kind", "score", "threshold"),
    _K.ALERT_DECIDED: ("alert_id", "decision_id", "step", "verdict"),
    _K.ENGAGEMENT_RECORDED: ("alert_id", "verdict"),
    _K.OUTCOME_RECORDED: ("alert_id", "outcome"),
    _K.BLUE_PASS_LOGGED: ("pass_id", "volunteer_id", "camera_id"),
    _K.MINUTE_COUNTED: ("camera_id", "minute", "faces_seen", "searches"),
    _K.TEMPLATES_COUNTED: ("made", "erased", "in_alerts"),
    _K.PREVIEW_VIEWED: ("camera_id",),
    _K.STATEMENT_FILED: ("statement_id", "statement_sha256"),
    _K.STATEMENT_WITHDRAWN: ("statement_id",),
    _K.OBSERVER_INVITED: ("invitation_id", "subject_id", "sees_until"),
    _K.INVITATION_USED: ("invitation_id",),
    _K.INVITATION_REVOKED: ("invitation_id", "reason"),
    _K.QUESTION_ASKED: ("message_id", "message_sha256"),
    _K.QUESTION_ANSWERED: ("message_id", "question_id", "message_sha256"),
    _K.MESSAGE_WITHDRAWN: ("message_id",),
    _K.DEPLOYMENT_ENDED: ("reason",),
    _K.EQUALITY_COUNTED: ("withheld_below", "tables"),
    _K.SCORES_COUNTED: ("searches_by_score",),
    _K.BIOMETRICS_ERASED: ("reason", "n_alerts"),
    _K.PURGE_FAILED: ("code",),
    _K.DEPLOYMENT_PURGED: ("n_rows", "n_files"),
    _K.CERTIFICATE_ISSUED: ("certificate_id", "certificate_sha256"),
    _K.DEPLOYMENT_PUBLISHED: ("record_sha256",),
}
"""The details that every event of a kind has; it may have more."""
