"""The protocol of the trial does not allow it: exit status 1."""

from __future__ import annotations

from overt.errors.trial_error import TrialError


class RuleError(TrialError):
    """The protocol of the trial forbids it."""


class ConsentMissingError(RuleError):
    """A rehearsal was asked for without a record of the volunteers' consent."""

    code = "rehearsal.consent_missing"


class TemplateMismatchError(RuleError):
    """Templates of different packs or lengths cannot be compared."""

    code = "template.mismatch"


class CameraForbiddenError(RuleError):
    """The address of a camera leads to this machine itself, which its settings do not allow."""

    code = "camera.forbidden"


class PackNotOperationalError(RuleError):
    """The pack's licence or status does not allow operational use."""

    code = "models.not_operational"


class UndefinedRateError(RuleError):
    """A rate with a denominator of zero has no value."""

    code = "rate.undefined"


class TooFewDataError(RuleError):
    """The data cannot show what was asked; the message says how much more is needed."""

    code = "evaluation.too_few_data"


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


class ThresholdTooLowError(RuleError):
    """An operating point of a real deployment lies below the policy's floor or the authority."""

    code = "deployment.threshold_too_low"


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


class PairUnsuitableError(RuleError):
    """A seeded pair would not show two different volunteers who are known."""

    code = "alert.pair_unsuitable"


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


class StatementNotYoursError(RuleError):
    """A statement is withdrawn by its author, and by nobody else."""

    code = "statement.not_yours"


class StatementWithdrawnError(RuleError):
    """The statement was withdrawn before."""

    code = "statement.withdrawn"


class MessageNotYoursError(RuleError):
    """A question or an answer is withdrawn by its author, and by nobody else."""

    code = "message.not_yours"


class MessageWithdrawnError(RuleError):
    """The question or answer was withdrawn before."""

    code = "message.withdrawn"


class InvitationUsedError(RuleError):
    """The link of an invitation was used before; it works once."""

    code = "invitation.used"


class InvitationExpiredError(RuleError):
    """The link of an invitation is too old."""

    code = "invitation.expired"


class InvitationRevokedError(RuleError):
    """The invitation was taken back."""

    code = "invitation.revoked"


class NotInvitedError(RuleError):
    """An observer was not invited to this deployment, or the invitation is over."""

    code = "invitation.none_here"


class PublicRequestWrongStateError(RuleError):
    """A request of the public is at a point at which this is not done, or not done again."""

    code = "public_request.wrong_state"


class PublicRequestsFullError(RuleError):
    """As many requests are open as this service takes from its public page; others reach it."""

    code = "public_request.too_many_open"


class IdentityUncheckedError(RuleError):
    """Nobody has recorded that the person who asks is who they say: no answer goes out."""

    code = "public_request.identity_unchecked"


class TrainingLapsedError(RuleError):
    """Who decides about people has no training on record, or one that no longer holds."""

    code = "rule.training_lapsed"


class TrialTooLateError(RuleError):
    """A deployment was put into a trial after it had gone live: its results may be known."""

    code = "trial.too_late"


class TrialDeploymentTakenError(RuleError):
    """A deployment belongs to one trial at the most."""

    code = "trial.deployment_taken"


class TrialWrongStateError(RuleError):
    """The trial is over, full, or not yet at the point at which it may end."""

    code = "trial.wrong_state"


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


class SignInRefusedError(RuleError):
    """Nobody was let in; whoever tries is never told which part was wrong."""

    code = "sign_in.refused"


class AccountLockedError(RuleError):
    """Too many wrong passwords: no password opens the account for a while."""

    code = "sign_in.locked"
