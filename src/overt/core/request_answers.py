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
    AnswerCode.LISTED: "Yes. On {day} you were on a watchlist:",
    AnswerCode.NOT_LISTED: "No. You were on no watchlist on {day}.",
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
_REHEARSALS = (
    "This answer does not cover rehearsals, in which volunteers let the cameras look for them. "
    "Whoever took part in one knows it from their own consent."
)
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
        on: The day that the answer is about; None where they asked for something else.
        asked_on: The day that they asked about; None where they named none.
        day_reason: Why the answer is about another day; blank where it is about theirs.
        listed: Their times on watchlists; empty but for one answer.
        has_reference: Whether the force knows them by a reference.
        note: What the auditor adds; may be blank where the sentences suffice.
    """

    code: AnswerCode
    receipt: str
    received_at: datetime
    zone: tzinfo
    on: date | None = None
    asked_on: date | None = None
    day_reason: str = ""
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
        parts.append(_about(facts, facts.on))
    parts.append("\n".join([_finding(facts), *_lines(facts)]))
    parts += _how(facts)
    if facts.note:
        parts.append(facts.note)
    return "\n\n".join([*parts, _RIGHTS]) + "\n"


def _about(facts: AnswerFacts, on: date) -> str:
    """Return which day was asked about, and which other day was looked at, with the reason."""
    asked = f"You asked whether you were on a watchlist on {_day(facts.asked_on or on)}."
    if facts.asked_on == on:
        return asked
    if facts.asked_on is None:
        asked = "You asked whether you were on a watchlist, and we noted no day."
    return f"{asked} This answer is about {_day(on)}. Why: {facts.day_reason}"


def _finding(facts: AnswerFacts) -> str:
    """Return the sentence of an answer; two days stand above it where it is about another one."""
    day = "that day" if facts.on is None or facts.on == facts.asked_on else _day(facts.on)
    return _FINDINGS[facts.code].format(day=day)


def _lines(facts: AnswerFacts) -> list[str]:
    return [_line(each, facts.zone) for each in facts.listed]


def _line(listed: ListedLine, zone: tzinfo) -> str:
    since = _moment(listed.period.listed_from, zone)
    until = listed.period.listed_until
    end = "you still are" if until is None else f"until {_moment(until, zone)}"
    return f"- {listed.deployment_name}: from {since}, {end}. Why: {listed.why}."


def _how(facts: AnswerFacts) -> list[str]:
    if facts.code is AnswerCode.LISTED:
        return [_KEPT, _REHEARSALS]
    if facts.code is AnswerCode.NOT_LISTED:
        return [_LOOKED if facts.has_reference else _NO_REFERENCE, _REHEARSALS]
    return []


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{_day(local.date())}, {local:%H:%M %Z}"
