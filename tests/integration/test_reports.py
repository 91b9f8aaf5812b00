"""Reports of trials: made from a log, and checked from their folders alone."""

from __future__ import annotations

import json
import os
import re

import pytest
from hypothesis import given, settings, strategies as st
from tests.integration.audit_exports import a_signer
from tests.integration.trial_folders import (
    STATEMENTS,
    Reported,
    a_stored_trial,
    a_workplace_of,
    checked,
    reported,
    written,
)
from tests.unit.core.governed import AUDITOR, EVALUATOR
from tests.unit.evaluation.trial_logs import a_deployment_of_the_street, an_empty_trial

from overt.adapters.files.report_folder import HandedFolder
from overt.core.audit_events import EventKind
from overt.core.transparency import leaf_hash
from overt.errors import ReportUnreadableError, RoleForbiddenError
from overt.evaluation.trial_queries import QUERIES
from overt.ports.reports import ReportFile
from overt.services.make_report import ReportWorks, make_report
from overt.services.report_digests import DIGESTS, DOCUMENT, LOG, SIGNATURE, sha256_of
from overt.services.verify_report import verify_report

DIGITS = re.compile(rb"[0-9]")


class RememberingPress:
    """A press that prints the same document once."""

    def __init__(self, press, software_version=None):
        self.press, self.kept = press, {}
        self.software_version = software_version or press.software_version

    def print_report(self, document):
        key = json.dumps(document, sort_keys=True)
        if key not in self.kept:
            self.kept[key] = tuple(self.press.print_report(document))
        yield from self.kept[key]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return a report of three rehearsals with three statements."""
    made = reported(tmp_path_factory.mktemp("report"))
    made.press = RememberingPress(made.press)
    return made


def with_a_digit_changed(content: bytes, at: int) -> bytes:
    """Return a file in which one digit is another: the first at or behind a place."""
    place = DIGITS.search(content, at).start()
    other = b"%d" % ((int(content[place : place + 1]) + 1) % 10)
    return content[:place] + other + content[place + 1 :]


def middle(content: bytes) -> int:
    """Return a place in the middle of a file, at a line that has a digit."""
    return len(content) // 2


def test_a_report_is_what_its_log_gives(report, tmp_path):
    """Every number is derived again, every file made again, and nothing differs."""
    check = checked(tmp_path, report, report.files)

    assert check.is_well
    assert check.notes == []
    numbers = json.loads(report.files[DOCUMENT])["numbers"]
    assert (check.trial_id, check.n_numbers) == ("t-1", len(numbers))
    assert check.n_rendered == len(report.files) - 3  # but for log, digests and signature
    assert check.signer.startswith("trial.example/audit+")


@pytest.mark.parametrize("logs", [an_empty_trial, a_deployment_of_the_street])
def test_other_trials_hold_too(logs, tmp_path):
    """A trial without any deployment, and an operational one with its tables of groups."""
    made = reported(tmp_path / "keys", a_stored_trial(logs(), statements=()))

    assert checked(tmp_path / "r", made, made.files).is_well


def test_that_it_was_made_is_logged_behind_what_it_holds(report):
    """The store's log has one event more than the report's: its digest."""
    with report.store.unit_of_work() as uow:
        (last,) = uow.audit.read(uow.audit.size() - 1)
    held = report.files[LOG].split(b"\n\n")[0].split(b"\n")

    assert last.event.kind == EventKind.TRIAL_REPORTED
    assert last.event.details["report_sha256"] == sha256_of(report.files[DIGESTS])
    assert last.previous_hash == leaf_hash(held[-1])


def test_only_an_evaluator_makes_one(tmp_path):
    """A refusal is logged, and no file is made."""
    store = a_stored_trial()
    with store.unit_of_work() as uow:
        uow.actors.save(AUDITOR)
        uow.commit()
    works = ReportWorks(None, a_signer(tmp_path))
    files = make_report(a_workplace_of(store), store.unit_of_work, AUDITOR.actor_id, "t-1", works)

    with pytest.raises(RoleForbiddenError):
        next(files)
    with store.unit_of_work() as uow:
        (last,) = uow.audit.read(uow.audit.size() - 1)
    assert last.event.kind == EventKind.ACCESS_DENIED


def test_nothing_is_logged_of_a_report_that_could_not_be_written(tmp_path):
    """Whoever stops taking files leaves no event that one was made."""
    store = a_stored_trial()
    with store.unit_of_work() as uow:
        size = uow.audit.size()

    class Press:
        software_version = "1"

        def print_report(self, document):
            yield ReportFile("report.json", json.dumps(document).encode())

    works = ReportWorks(Press(), a_signer(tmp_path))
    files = make_report(a_workplace_of(store), store.unit_of_work, EVALUATOR.actor_id, "t-1", works)
    assert [next(files).name for _ in range(4)] == [LOG, DOCUMENT, DIGESTS, SIGNATURE]
    files.close()

    with store.unit_of_work() as uow:
        assert uow.audit.size() == size


def test_statements_stand_in_it_unedited(report):
    """Markup, code and other scripts are text, in full."""
    statements = json.loads(report.files[DOCUMENT])["statements"]

    assert tuple(each["text"] for each in statements) == STATEMENTS


CHANGED = (
    DOCUMENT,
    "report.html",
    "report.pdf",
    "tables/false-alerts.csv",
    "tables/numbers.csv",
    "figures/timeline.svg",
)


@pytest.mark.parametrize("name", CHANGED)
@pytest.mark.parametrize("again", ["as they were", "made to fit", "signed by another key"])
def test_a_changed_digit_is_found(report, tmp_path, name, again):
    """In any file, whatever was done to digests and signature: file, place, both values."""
    content = with_a_digit_changed(report.files[name], middle(report.files[name]))
    files = {**report.files, name: content}
    if again != "as they were":
        files = report.signed_again(a_signer(tmp_path / "other"), **{name: content})
    if again == "made to fit":
        files[SIGNATURE] = report.files[SIGNATURE]

    check = checked(tmp_path / "r", report, files)

    first = check.differences[0]
    assert (first.file, bool(first.place)) == (name, True)
    assert first.printed != first.derived
    places = {each.file for each in check.differences}
    assert (DIGESTS if again == "as they were" else SIGNATURE) in places


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_digit_is_found_without_any_key(report, tmp_path, name):
    """What the log gives needs no signature; that none was checked is said."""
    content = with_a_digit_changed(report.files[name], middle(report.files[name]))
    files = report.signed_again(a_signer(tmp_path / "other"), **{name: content})

    check = checked(tmp_path / "r", report, files, verifier=None)

    assert {each.file for each in check.differences} == {name}
    assert check.notes == ["its signature was not checked: no key was given"]


def test_a_changed_number_is_named_with_both_values(report, tmp_path):
    """3 of 7 alerts were dismissed; the report says 7."""
    document = json.loads(report.files[DOCUMENT])
    document["numbers"]["operator_dismissed.all"]["count"] = 7
    written = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    check = checked(tmp_path, report, report.signed_again(**{DOCUMENT: written.encode()}))

    assert check.differences[0].text() == (
        "report.json, numbers.operator_dismissed.all.count: printed 7, derived 3"
    )


def test_a_changed_event_is_named(report, tmp_path):
    """The log names it, with digests made to fit and signed by another key too."""
    content = with_a_digit_changed(
        report.files[LOG], report.files[LOG].index(b'"faces_seen":') + 13
    )
    files = report.signed_again(a_signer(tmp_path / "other"), **{LOG: content})

    first = checked(tmp_path / "r", report, files).differences[0]

    assert first.file == LOG
    assert re.fullmatch(r"event \d+", first.place)
    assert "it was changed" in first.printed


def written_anew(lines, old, new):
    """Return the lines of a log with something changed, and each hash made to fit."""
    made, before = [], "0" * 64
    for line in lines:
        event = json.loads(line.replace(old, new, 1))
        event["previous_hash"] = before
        made.append(json.dumps(event, separators=(",", ":"), sort_keys=True).encode())
        before = leaf_hash(made[-1]).hex()
    return made


def test_a_log_written_anew_needs_the_key(report, tmp_path):
    """Its chain holds; its checkpoint is not signed with the log's key."""
    other = a_signer(tmp_path / "other")
    anew = report.log_with(
        lambda lines: written_anew(lines, b'"faces_seen":400', b'"faces_seen":900'), other
    )
    files = report.signed_again(other, **{LOG: anew})

    first = checked(tmp_path / "r", report, files).differences[0]
    without_a_key = checked(tmp_path / "r", report, files, verifier=None)

    assert first.file == LOG
    assert "signed" in first.printed
    changed = {each.place: (each.printed, each.derived) for each in without_a_key.differences}
    assert changed["numbers.faces_seen.d-1.value"] == ("1000", "1500")


def test_a_statement_is_held_against_the_log(report, tmp_path):
    """Not even the log's own key can sign another text of an observer."""
    document = report.files[DOCUMENT].replace(b"I saw no sign", b"I saw one sign")

    check = checked(tmp_path, report, report.signed_again(**{DOCUMENT: document}))

    assert check.differences[0].place == "statements"
    assert "statement-1 is not the one that was filed" in check.differences[0].printed


def test_missing_and_further_files_are_named(report, tmp_path):
    """Digests made to fit or not, every file is accounted for."""
    files = {**report.files, "more.txt": b"more"}
    del files["tables/misses.csv"]

    found = {(each.file, each.place) for each in checked(tmp_path, report, files).differences}

    assert {("tables/misses.csv", ""), ("more.txt", ""), (DIGESTS, "more.txt")} <= found
    assert (DIGESTS, "tables/misses.csv") in found


def test_folders_that_hold_nothing_are_named(report, tmp_path):
    """An empty one, one within it, and a link to a folder, which is not followed."""
    folder = written(tmp_path / "r", report.files)
    (tmp_path / "r" / "more" / "empty").mkdir(parents=True)
    (tmp_path / "r" / "tables" / "linked").symlink_to(tmp_path)

    check = verify_report(folder, report.press, report.verifier)

    assert [each.text() for each in check.differences] == [
        f"{name}: printed a folder without a file, or a link to one, derived nothing"
        for name in ("more/empty", "tables/linked")
    ]


def test_a_report_without_its_log_is_not_checked(report, tmp_path):
    """Nothing can be derived; that the log is missing comes first."""
    files = {name: content for name, content in report.files.items() if name != LOG}

    first = checked(tmp_path, report, files).differences[0]

    assert first.text() == "log.jsonl: printed nothing, derived the log of the trial"


def test_a_trial_that_the_log_does_not_know(report, tmp_path):
    """Its identifier is named, and that the log has none of it."""
    content = report.files[DOCUMENT].replace(b'"trial_id": "t-1"', b'"trial_id": "t-7"')

    first = checked(tmp_path, report, report.signed_again(**{DOCUMENT: content})).differences[0]

    assert first.text() == (
        "report.json, trial.trial_id: printed 't-7', derived the log has no trial t-7"
    )


@pytest.mark.parametrize("name", [DOCUMENT, LOG, DIGESTS, SIGNATURE])
@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\x00", b"{" * 100_000, b"null\n"])
def test_files_that_are_nothing_of_the_kind(report, tmp_path, name, content):
    """Whatever stands in its place, the file is named."""
    check = checked(tmp_path, report, {**report.files, name: content})

    assert name in {each.file for each in check.differences}


NESTED = json.dumps(json.loads("[" * 500 + "]" * 500))


@pytest.mark.parametrize(
    "hostile", ['"\\ud800"', "NaN", "1e999", NESTED, "9" * 5000, '"=cmd()"', '{"": [{}]}']
)
@pytest.mark.parametrize("key", ["summary", "statements", "numbers", "trial", "made_at"])
def test_a_hostile_document_is_named(report, tmp_path, key, hostile):
    """Whatever stands in one of its places, it is a difference and nothing worse."""
    document = json.loads(report.files[DOCUMENT])
    document[key] = "here"
    content = json.dumps(document).replace('"here"', hostile).encode()

    check = checked(tmp_path, report, report.signed_again(**{DOCUMENT: content}))

    assert DOCUMENT in {each.file for each in check.differences}


ARGUMENTS = ("", ", x", ", hour 99:99", ", with", ", camera", ", ethnicity white", ", a: b", ", 1")


@pytest.mark.parametrize("name", sorted(QUERIES))
@pytest.mark.parametrize("scope", ["all", "d-1", "d-99"])
def test_a_hostile_query_is_named(report, tmp_path, name, scope):
    """A query of nothing that there is: the number is named, with what is wrong."""
    queries = [f"{name}({scope}{argument})" for argument in ARGUMENTS]
    document = json.loads(report.files[DOCUMENT])
    document["numbers"] = {
        f"n{at}": {"text": "1", "query": query} for at, query in enumerate([*queries, 7, None])
    }
    content = json.dumps(document).encode()

    check = checked(tmp_path, report, report.signed_again(**{DOCUMENT: content}))

    named = {each.place.split(".")[1] for each in check.differences if "numbers.n" in each.place}
    assert {f"n{at}" for at in range(len(ARGUMENTS) + 2)} <= named


@pytest.mark.slow
@settings(max_examples=60)
@given(share=st.floats(0, 1, exclude_max=True), name=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(report, tmp_path_factory, share, name, bit):
    """In any file, at any place."""
    names = sorted(report.files)
    chosen = names[name % len(names)]
    content = bytearray(report.files[chosen])
    content[int(share * len(content))] ^= 1 << bit

    folder = tmp_path_factory.mktemp("flipped")
    check = checked(folder, report, {**report.files, chosen: bytes(content)})

    # The digest's line and the file's own place name it both; a flipped name is another file.
    places = {each.file for each in check.differences} | {
        each.place for each in check.differences if each.file == DIGESTS
    }
    assert chosen in places


def test_another_version_compares_the_numbers_and_says_so(report, tmp_path):
    """Signed and with its numbers right, it passes with a note."""
    press = RememberingPress(report.press, "overt 9.0.0")
    other = Reported(report.store, report.signer, report.files, press)

    check = checked(tmp_path, other, report.files)

    assert check.is_well
    assert check.n_rendered == 0
    assert check.n_numbers > 100
    assert "made with overt 0.1.0" in check.notes[0]
    assert "this is overt 9.0.0" in check.notes[0]


def test_another_version_without_a_key_is_not_vouched_for(report, tmp_path):
    """Whoever could write another version into a report would escape the comparison."""
    press = RememberingPress(report.press, "overt 9.0.0")
    other = Reported(report.store, report.signer, report.files, press)

    check = checked(tmp_path, other, report.files, verifier=None)

    assert [each.place for each in check.differences] == ["software_version"]


def test_another_version_does_not_hide_a_number(report, tmp_path):
    """Numbers are derived by whatever version checks."""
    content = with_a_digit_changed(report.files[DOCUMENT], report.files[DOCUMENT].index(b'"count"'))
    press = RememberingPress(report.press, "overt 9.0.0")
    other = Reported(report.store, report.signer, report.files, press)

    check = checked(tmp_path, other, report.signed_again(**{DOCUMENT: content}))

    assert check.differences[0].place.startswith("numbers.")


def test_another_number_s_answer_is_no_answer(report, tmp_path):
    """A whole number with its query, put in another one's place, is found by any version."""
    document = json.loads(report.files[DOCUMENT])
    document["numbers"]["alerts.all"] = document["numbers"]["faces_seen.all"]
    content = json.dumps(document, ensure_ascii=False, indent=2).encode()
    press = RememberingPress(report.press, "overt 9.0.0")
    other = Reported(report.store, report.signer, report.files, press)

    check = checked(tmp_path, other, report.signed_again(**{DOCUMENT: content}))

    assert check.differences[0].place == "numbers.alerts.all.query"


def test_a_folder_that_is_none(tmp_path, report):
    """A missing one, an empty one and a link are refused in words."""
    with pytest.raises(ReportUnreadableError, match="expected the folder of a report"):
        HandedFolder(tmp_path / "none").names()
    with pytest.raises(ReportUnreadableError, match="found neither"):
        verify_report(HandedFolder(tmp_path), report.press)
    (tmp_path / LOG).symlink_to("/dev/zero")
    with pytest.raises(ReportUnreadableError, match="found a link"):
        verify_report(HandedFolder(tmp_path), report.press)


def test_a_file_that_may_not_be_read(tmp_path):
    """The name is told, and why."""
    folder = HandedFolder(tmp_path)
    (tmp_path / "a").mkdir()

    with pytest.raises(ReportUnreadableError, match="a: expected a file"):
        folder.read("a")
    if os.geteuid():
        (tmp_path / "b").write_bytes(b"b")
        (tmp_path / "b").chmod(0)
        with pytest.raises(ReportUnreadableError, match="b cannot be read"):
            folder.read("b")
