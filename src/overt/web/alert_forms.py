"""What the forms of operator and officer send, and which row an address names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel, Field

from overt.core.engagement import EqualityDetails

_Code = Annotated[str, Field(max_length=64)]
_Key = Annotated[str, Field(min_length=1, max_length=128)]
_Choice = Annotated[str, Field(max_length=128)]
_Codes = Annotated[list[_Code], Field(max_length=50)]


@dataclass(frozen=True, slots=True)
class AlertAddress:
    """Which alert an address names.

    Attributes:
        deployment_id: Of which deployment it says that it is.
        alert_id: Which alert.
    """

    deployment_id: str
    alert_id: str


@dataclass(frozen=True, slots=True)
class EngagementAddress:
    """Which contact an address names.

    Attributes:
        deployment_id: Of which deployment it says that it is.
        engagement_id: Which contact.
    """

    deployment_id: str
    engagement_id: str


class ChoiceForm(BaseModel):
    """A verdict with its reason, chosen in one action.

    Attributes:
        key: Made with the form, so that it decides once.
        choice: Both: ``dismissed:different_person``; blank where nothing was chosen.
        factor: What may have mattered to the picture.
    """

    key: _Key
    choice: _Choice = ""
    factor: _Codes = []


class IdentityForm(BaseModel):
    """What an identity check gave.

    Attributes:
        key: Made with the form, so that it decides once.
        verdict: Confirmed true, confirmed false or inconclusive.
        method: How it was checked; blank where nothing was chosen.
    """

    key: _Key
    verdict: _Code = ""
    method: _Code = ""


class DisposalForm(BaseModel):
    """How an engagement ended.

    Attributes:
        key: Made with the form, so that it decides once.
        verdict: Arrest, other disposal or no further action.
        reason: Why; several may apply to an arrest.
    """

    key: _Key
    verdict: _Code = ""
    reason: _Codes = []


class GroundsForm(BaseModel):
    """A contact without an alert.

    Attributes:
        engagement_id: Made with the form, so that one contact begins.
        grounds: Why; blank where nothing was chosen.
    """

    engagement_id: Annotated[str, Field(pattern=r"^engagement-[0-9a-z-]{1,64}$")]
    grounds: _Code = ""


class EndForm(BaseModel):
    """The end of a contact.

    Attributes:
        leaflet: Whether the person was given the notice; blank where nothing was chosen.
        perceived_ethnicity: As the officer perceived it; blank where not recorded.
        self_defined_ethnicity: As the person said.
        age_band: As either.
        sex: The same.
    """

    leaflet: _Code = ""
    perceived_ethnicity: _Code = ""
    self_defined_ethnicity: _Code = ""
    age_band: _Code = ""
    sex: _Code = ""

    def details(self) -> EqualityDetails:
        """Return what is kept for equality monitoring."""
        codes = (self.perceived_ethnicity, self.self_defined_ethnicity, self.age_band, self.sex)
        return EqualityDetails(*(code or None for code in codes))


class StopForm(BaseModel):
    """Why the cameras are stopped.

    Attributes:
        reason: One of those that are offered; blank where none was chosen.
        words: Another, in one's own words.
    """

    reason: Annotated[str, Field(max_length=500)] = ""
    words: Annotated[str, Field(max_length=500)] = ""


SentChoice = Annotated[ChoiceForm, Form()]
SentIdentity = Annotated[IdentityForm, Form()]
SentDisposal = Annotated[DisposalForm, Form()]
SentGrounds = Annotated[GroundsForm, Form()]
SentEnd = Annotated[EndForm, Form()]
SentStop = Annotated[StopForm, Form()]
