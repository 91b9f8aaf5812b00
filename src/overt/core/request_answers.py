"""The text of an answer, from plain sentences; an auditor adds what no sentence here can know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.public_request import AnswerCode
from overt.errors import PublicRequestInvalidError

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from overt.core.listed_period import ListedPeriod

_FINDINGS = {
    AnswerCode.LISTED: "Yes. On that day you were on a watchlist:",
    AnswerCode.NOT_LISTED: "No. You were on no watchlist on that day.",
    AnswerCode.WITHHELD: (
        "We cannot tell you whether you were. The law lets us withhold the answer in some cases "
        "(Data Protection Act 2018, section 45(4))."
    ),
    AnswerCode.UPHELD: "You were right to complain.",
    AnswerCode.PARTLY_UPHELD: "You were right to complain about a part of it.",
    AnswerCode.NOT_UPHELD: "We looked into your complaint and do not agree with it.",
    AnswerCode.DONE: "We have done what you asked for.",
    AnswerCode.PARTLY_DONE: "We have done a part of what you asked for.",
    AnswerCode.REFUSED: "We have not done what you asked for.",
}
_NEED_NO_NOTE = frozenset({AnswerCode.LISTED, AnswerCode.NOT_LISTED})
_KEPT = (
    "Photographs and face templates of a watchlist are erased after each deployment. We keep "
    "your reference, the reason and these times, so that this question can be answered."
)
_LOOKED = "We looked for the reference under which this force knows you, on every watchlist."
_NO_REFERENCE = "This force has no reference for you, and nobody is listed without one."
_RIGHTS = (
    "If you think that this answer is wrong, tell us and name your receipt. You may also complain "
    "to the Information Commissioner, or go to court."
)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A time on a watchlist, as the person is told of it.

    Attributes:
        period: From the record.
        deployment_name: What the deployment is called.
        why: The category in words.
    """

    period: ListedPeriod
    deployment_name: str
    why: str


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What an answer is made of.

    Attributes:
        code: What it is.
        receipt: The person's.
        received_at: When they asked, aware UTC.
        zone: Of the times that are told.
        on: The day that they asked about; None where they asked for something else.
        listed: Their times on watchlists; empty but for one answer.
        has_reference: Whether the force knows them by a reference.
        note: What the auditor adds; may be blank where the sentences suffice.
    """

    code: AnswerCode
    receipt: str
    received_at: datetime
    zone: tzinfo
    on: date | None = None
    listed: tuple[ListedLine, ...] = ()
    has_reference: bool = True
    note: str = ""


def answer_text(facts: AnswerFacts) -> str:
    """Return an answer, ready to be sent.

    Args:
        facts: What it is made of.

    Raises:
        PublicRequestInvalidError: The sentences do not suffice, and nothing was added.
    """
    if facts.code not in _NEED_NO_NOTE and not facts.note:
        msg = f"an answer that says {facts.code} needs its reasons in words, found none"
        raise PublicRequestInvalidError(msg, field="note")
    received = _day(facts.received_at.astimezone(facts.zone).date())
    parts = [f"Receipt {facts.receipt}: what you asked us on {received}"]
    if facts.on is not None:
        parts.append(f"You asked whether you were on a watchlist on {_day(facts.on)}.")
    parts.append("\n".join([_FINDINGS[facts.code], *_lines(facts)]))
    parts += _how(facts)
    if facts.note:
        parts.append(facts.note)
    return "\n\n".join([*parts, _RIGHTS]) + "\n"


def _lines(facts: AnswerFacts) -> list[str]:
    return [_line(each, facts.zone) for each in facts.listed]


def _line(listed: ListedLine, zone: tzinfo) -> str:
    since = _moment(listed.period.listed_from, zone)
    until = listed.period.listed_until
    end = "you still are" if until is None else f"until {_moment(until, zone)}"
    return f"- {listed.deployment_name}: from {since}, {end}. Why: {listed.why}."


def _how(facts: AnswerFacts) -> list[str]:
    if facts.code is AnswerCode.LISTED:
        return [_KEPT]
    if facts.code is AnswerCode.NOT_LISTED:
        return [_LOOKED if facts.has_reference else _NO_REFERENCE]
    return []


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{_day(local.date())}, {local:%H:%M %Z}"
