"""Adjudication: two people decide what the machine only suggests (R-04, R-51, R-52).

An alert walks the steps of ``Step`` in order. No step has a default: without a
decision the alert stays where it is. ``alert_progress`` holds the order of the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.errors import AlertWrongStepError

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from overt.core.policy import Policy
    from overt.core.watchlist import ListKind


class AlertState(StrEnum):
    """How far an alert has come: RAISED, or the verdict of its last step."""

    RAISED = "raised"
    DISMISSED = "dismissed"
    PASSED_ON = "passed_on"
    NO_ENGAGEMENT = "no_engagement"
    ENGAGED = "engaged"
    NOT_LOCATED = "not_located"
    CONFIRMED_TRUE = "confirmed_true"
    CONFIRMED_FALSE = "confirmed_false"
    INCONCLUSIVE = "inconclusive"
    ARREST = "arrest"
    OTHER = "other"
    NO_FURTHER_ACTION = "no_further_action"


class Step(StrEnum):
    """The steps of an alert, in order."""

    OPERATOR = "operator"
    OFFICER = "officer"
    IDENTITY = "identity"
    DISPOSAL = "disposal"


class OperatorVerdict(StrEnum):
    """The operator's two choices; both cost one action (R-52)."""

    DISMISSED = "dismissed"
    PASSED_ON = "passed_on"


class OfficerVerdict(StrEnum):
    """The engagement officer's own choices."""

    NO_ENGAGEMENT = "no_engagement"
    ENGAGED = "engaged"
    NOT_LOCATED = "not_located"


class IdentityVerdict(StrEnum):
    """What an identity check by ordinary means gave (R-54)."""

    CONFIRMED_TRUE = "confirmed_true"
    CONFIRMED_FALSE = "confirmed_false"
    INCONCLUSIVE = "inconclusive"


class DisposalVerdict(StrEnum):
    """How an engagement ended."""

    ARREST = "arrest"
    OTHER = "other"
    NO_FURTHER_ACTION = "no_further_action"


Verdict = OperatorVerdict | OfficerVerdict | IdentityVerdict | DisposalVerdict

VERDICTS: dict[Step, type[Verdict]] = {
    Step.OPERATOR: OperatorVerdict,
    Step.OFFICER: OfficerVerdict,
    Step.IDENTITY: IdentityVerdict,
    Step.DISPOSAL: DisposalVerdict,
}
"""Step -> what can be decided there."""


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert as it is kept until the purge (R-50).

    Attributes:
        alert_id: Identifier, made at the edge.
        deployment_id: Of which deployment.
        entry_id: The entry of rank 1.
        camera_id: Which camera.
        site_id: At which site.
        captured_at: Time of the frame, aware UTC.
        score: Score of the entry of rank 1.
        threshold: Of the operating point.
        runner_up_margin: Score minus the second best entry's; None if there is none.
        n_shots: Shots fused into the probe.
        quality: Best shot's quality in [0, 1].
        pack_digest: Model pack.
        operating_point_digest: Every number that decided.
        policy_hash: Policy that it ran under.
        list_kind: Operational, or blue: never counted in operational figures (R-22).
        state: How far it has come.
        crop_secret_id: Secret that holds the crop, or None once erased.
        probe_secret_id: Secret that holds the probe, or None once erased.
    """

    alert_id: str
    deployment_id: str
    entry_id: str
    camera_id: str
    site_id: str
    captured_at: datetime
    score: float
    threshold: float
    runner_up_margin: float | None
    n_shots: int
    quality: float
    pack_digest: str
    operating_point_digest: str
    policy_hash: str
    list_kind: ListKind
    state: AlertState = AlertState.RAISED
    crop_secret_id: str | None = None
    probe_secret_id: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's decision at one step of one alert (R-51, R-52).

    Attributes:
        decision_id: Identifier, made at the edge.
        alert_id: Which alert.
        step: Which step.
        verdict: What was decided.
        reason_codes: Why, from the policy's closed list for this verdict; one, or
            several for an arrest; empty for a verdict without a list.
        decided_by: Who.
        decided_at: Aware UTC.
        shown_at: When the alert was first on this person's screen; ``decided_at``
            minus this is the latency.
        idempotency_key: Made by the sender, so that a repeated message decides once.
        factor_codes: What may have mattered to the picture, from the policy's closed list;
            often empty (R-46).
    """

    decision_id: str
    alert_id: str
    step: Step
    verdict: Verdict
    reason_codes: tuple[str, ...]
    decided_by: str
    decided_at: datetime
    shown_at: datetime
    idempotency_key: str
    factor_codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a verdict of another step, and times that are out of order.

        Raises:
            AlertWrongStepError: The verdict belongs to another step, or the decision is
                older than the moment at which the alert was shown.
        """
        if not isinstance(self.verdict, VERDICTS[self.step]):
            expected = " or ".join(VERDICTS[self.step])
            msg = f"at the step {self.step}, expected {expected}; found {self.verdict}"
            raise AlertWrongStepError(msg, alert_id=self.alert_id)
        if self.decided_at < self.shown_at:
            msg = "a decision follows the moment at which the alert was shown"
            raise AlertWrongStepError(msg, alert_id=self.alert_id)

    @property
    def latency(self) -> timedelta:
        """Return how long the person looked before deciding (R-52)."""
        return self.decided_at - self.shown_at

    def is_quick(self, policy: Policy) -> bool:
        """Return whether the record marks the decision as quick (R-52).

        Args:
            policy: With the span.
        """
        return self.latency < policy.alerts.quick_decision
