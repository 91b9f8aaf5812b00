"""Verify a trial's report from its own folder: no store, no network (R-71)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from overt.core.canonical_json import canonical_json, parse_json
from overt.core.differences import NOTHING, Difference, byte_difference, value_differences
from overt.core.settled_floats import settled
from overt.core.signed_note import parse_note
from overt.errors import IntegrityError, JsonInvalidError, ReportUnreadableError, TrialError
from overt.evaluation.trial_numbers import parse_query
from overt.evaluation.trial_queries import answer
from overt.evaluation.trial_report import ReportMade, trial_report
from overt.services.evaluate_trial import exported_trial
from overt.services.report_digests import DIGESTS, DOCUMENT, LOG, SIGNATURE, digests_in, sha256_of
from overt.services.verify_audit import verify_export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from overt.core.canonical_json import JsonValue
    from overt.evaluation.trial_log import TrialLog
    from overt.ports.audit import NoteVerifier
    from overt.ports.reports import ReportFolder, ReportPress

    Tell = Callable[[str], None]

_NOT_RENDERED = (
    "it was made with {theirs}; this is {own}. Every number was derived again and agrees; the "
    "other files can be made again, and compared, only with the versions that made them"
)
_NOT_SIGNED = "its signature was not checked: no key was given"


@dataclass(slots=True)
class ReportCheck:
    """What a check of a report found.

    Attributes:
        trial_id: Whose report it is; blank where it does not say.
        software_version: That made it; blank where it does not say.
        n_events: In its log.
        n_numbers: Derived again from the log, each by its own query.
        n_rendered: Files made again and compared byte for byte.
        signer: Key that signed it; None where no key was given, or the signature does not hold.
        has_key: Whether a key was given to check the signature with.
        differences: Every place that is not as it should be; the most telling first.
        notes: What could not be checked here, and why.
    """

    trial_id: str = ""
    software_version: str = ""
    n_events: int = 0
    n_numbers: int = 0
    n_rendered: int = 0
    signer: str | None = None
    has_key: bool = False
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Return whether nothing differs."""
        return not self.differences


def verify_report(
    folder: ReportFolder,
    press: ReportPress,
    verifier: NoteVerifier | None = None,
    tell: Tell = lambda _: None,
) -> ReportCheck:
    """Return whether a report is what its log gives, and was signed with the log's key.

    Args:
        folder: As it was handed over.
        press: Makes its files again.
        verifier: The log's key; without it, no signature is checked.
        tell: Told what is being checked.

    Raises:
        ReportUnreadableError: It is no folder, or a file in it cannot be read.
        AuditFileUnreadableError: Its log cannot be read.
    """
    check, names = ReportCheck(has_key=verifier is not None), folder.names()
    if LOG not in names and DOCUMENT not in names:
        msg = f"expected a folder with {LOG} and {DOCUMENT}, found neither"
        raise ReportUnreadableError(msg)
    contents = {name: folder.read(name) for name in names}
    tell("log")
    log_holds = _check_log(check, folder, contents, verifier)
    printed = _printed(check, contents)
    if log_holds and printed is not None:
        _check_content(check, folder, printed, _Again(press, verifier, contents, tell))
    tell("digests and signature")
    check.differences += _digest_differences(contents)
    check.differences += _signature_differences(check, contents, verifier)
    check.differences += [
        Difference(name, "", "a folder without a file, or a link to one", NOTHING)
        for name in folder.stray_folders()
    ]
    return check


@dataclass(frozen=True, slots=True)
class _Again:
    """What files are made again with, and compared with."""

    press: ReportPress
    verifier: NoteVerifier | None
    contents: Mapping[str, bytes]
    tell: Tell


def _check_log(
    check: ReportCheck,
    folder: ReportFolder,
    contents: Mapping[str, bytes],
    verifier: NoteVerifier | None,
) -> bool:
    """Return whether every event is as it was recorded; else the difference is kept."""
    if LOG not in contents:
        check.differences.append(Difference(LOG, "", NOTHING, "the log of the trial"))
        return False
    try:
        check.n_events = verify_export(folder.log(LOG), verifier=verifier).size
    except IntegrityError as error:
        place = f"event {error.fields['seq']}" if "seq" in error.fields else ""
        derived = "a log in which every event is as it was recorded and signed"
        check.differences.append(Difference(LOG, place, error.message, derived))
        return False
    return True


def _printed(check: ReportCheck, contents: Mapping[str, bytes]) -> dict[str, Any] | None:
    """Return the document as it was handed over; None where it is none."""
    try:
        printed = parse_json(contents.get(DOCUMENT, b""))
        canonical_json(printed)  # refuses what no report holds: NaN, half letters, a deep nest
        trial_id, version = printed["trial"]["trial_id"], printed["software_version"]
        is_report = isinstance(printed["numbers"], dict) and isinstance(printed["statements"], list)
    except (ValueError, TypeError, KeyError, RecursionError, JsonInvalidError):
        printed, trial_id, version, is_report = None, "", "", False
    if not is_report or not isinstance(trial_id, str) or not isinstance(version, str):
        derived = "the document of a trial report"
        check.differences.append(Difference(DOCUMENT, "", "something else", derived))
        return None
    check.trial_id, check.software_version = trial_id, version
    return dict(printed)


def _check_content(
    check: ReportCheck, folder: ReportFolder, printed: dict[str, Any], again: _Again
) -> None:
    try:
        log = exported_trial(folder.log(LOG), check.trial_id)
    except TrialError as error:
        place = "trial.trial_id"
        check.differences.append(Difference(DOCUMENT, place, repr(check.trial_id), error.message))
        return
    again.tell("numbers")
    check.differences += _number_differences(check, printed["numbers"], log)
    is_own = check.software_version == again.press.software_version
    if not is_own:
        _note_other_version(check, again)
        return
    derived = _derived(check, printed, log)
    if derived is None:
        return
    check.differences += value_differences(
        DOCUMENT, {**printed, "numbers": None}, {**derived, "numbers": None}
    )
    missing = derived["numbers"].keys() - printed["numbers"].keys()  # type: ignore[union-attr] # an object, as the evaluation writes it
    check.differences += [
        Difference(DOCUMENT, f"numbers.{name}", NOTHING, "a number") for name in sorted(missing)
    ]
    _render_again(check, derived, again)


def _number_differences(
    check: ReportCheck, numbers: Mapping[str, Any], log: TrialLog
) -> Iterator[Difference]:
    for number_id in sorted(numbers):
        place, printed = f"numbers.{number_id}", numbers[number_id]
        query = printed.get("query") if isinstance(printed, dict) else None
        try:
            derived = settled(answer(str(query), log))
            owner = parse_query(str(query)).number_id()
        except TrialError as error:
            yield Difference(DOCUMENT, f"{place}.query", repr(query), error.message)
            continue
        if owner != number_id:  # another number's answer, under this one's name
            yield Difference(DOCUMENT, f"{place}.query", repr(query), f"the query of {number_id}")
            continue
        check.n_numbers += 1
        yield from value_differences(DOCUMENT, printed, derived, place)


def _note_other_version(check: ReportCheck, again: _Again) -> None:
    """Say what was not compared; without a key, nothing vouches for it at all."""
    theirs, own = check.software_version, again.press.software_version
    if again.verifier is None:
        derived = f"{own!r}; with other versions, only a key can vouch for the files: give it"
        check.differences.append(Difference(DOCUMENT, "software_version", repr(theirs), derived))
    check.notes.append(_NOT_RENDERED.format(theirs=theirs, own=own))


def _derived(
    check: ReportCheck, printed: Mapping[str, Any], log: TrialLog
) -> dict[str, JsonValue] | None:
    statements = {
        str(each.get("statement_id")): str(each.get("text"))
        for each in printed["statements"]
        if isinstance(each, dict)
    }
    try:
        return settled(trial_report(log, ReportMade(check.software_version, statements)))
    except TrialError as error:
        derived = "statements as they were filed"
        check.differences.append(Difference(DOCUMENT, "statements", error.message, derived))
        return None


def _render_again(check: ReportCheck, derived: Mapping[str, JsonValue], again: _Again) -> None:
    made = {LOG, DIGESTS, SIGNATURE}
    for file in again.press.print_report(derived):
        again.tell(file.name)
        made.add(file.name)
        check.n_rendered += 1
        printed = again.contents.get(file.name)
        if printed is None:
            check.differences.append(Difference(file.name, "", NOTHING, "a file"))
        elif found := byte_difference(file.name, printed, file.content):
            check.differences.append(found)
    check.differences += [
        Difference(name, "", "a file", NOTHING) for name in sorted(again.contents.keys() - made)
    ]


def _digest_differences(contents: Mapping[str, bytes]) -> Iterator[Difference]:
    stated = digests_in(contents.get(DIGESTS, b"").decode("utf-8", "replace"))
    if stated is None:
        yield Difference(DIGESTS, "", "something else", "a digest and a name in each line")
        return
    found = {
        name: sha256_of(content)
        for name, content in contents.items()
        if name not in {DIGESTS, SIGNATURE}
    }
    yield from value_differences(DIGESTS, stated, found)


def _signature_differences(
    check: ReportCheck, contents: Mapping[str, bytes], verifier: NoteVerifier | None
) -> Iterator[Difference]:
    derived = f"the text of {DIGESTS}, signed with the log's key"
    try:
        note = parse_note(contents.get(SIGNATURE, b""))
        if note.text.encode() != contents.get(DIGESTS):
            yield Difference(SIGNATURE, "", "another text", derived)
        elif verifier is None:
            check.notes.append(_NOT_SIGNED)
        else:
            verifier.verify(note)
            check.signer = verifier.signer
    except IntegrityError as error:
        yield Difference(SIGNATURE, "", error.message, derived)
