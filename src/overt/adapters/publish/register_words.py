"""Words of the register that no record holds: where a deployment stands, terms, a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.public_request import RequestKind
from overt.core.register import RegisterStatus
from overt.core.trial import EndedBy

if TYPE_CHECKING:
    from overt.core.register import RegisterDetail, RegisterEntry

STATUS_WORDS = {
    RegisterStatus.UPCOMING: "Announced",
    RegisterStatus.RUNNING: "Running now",
    RegisterStatus.SUSPENDED: "Paused",
    RegisterStatus.ENDED: "Over, figures to come",
    RegisterStatus.PUBLISHED: "Figures published",
    RegisterStatus.CANCELLED: "Cancelled",
    RegisterStatus.NOT_HELD: "Did not take place",
}

ENDED_WORDS = {
    EndedBy.ALL_DONE.value: "all that was planned was done",
    EndedBy.STOP_RULE.value: "one of its rules for stopping early was met",
    EndedBy.OTHER.value: "for another reason, which stands in the log",
}

REQUEST_WORDS = {
    "received": "Received",
    "answered_in_time": "Answered in time",
    "answered_late": "Answered late",
    "closed_without_an_answer": "Closed without an answer",
    "open": "Open",
    "open_and_overdue": "Open, and past the deadline",
    RequestKind.WAS_LISTED.value: '"Was I listed?"',
    RequestKind.COMPLAINT.value: "Complaints",
    RequestKind.OTHER_RIGHT.value: "Other rights over one's own data",
}
"""Name of a count of requests -> in words."""

WRITING_WORDS = {
    "statement": "Statement of an observer",
    "question": "Question of an observer",
    "answer": "Answer of the force",
}

_STORIES = {
    RegisterStatus.UPCOMING: "This is announced. No camera runs yet.",
    RegisterStatus.RUNNING: "Cameras are running there now. Figures follow when it is over.",
    RegisterStatus.SUSPENDED: "It has begun, and the cameras are off for now.",
    RegisterStatus.ENDED: "It is over. Its figures are published once every face is destroyed.",
    RegisterStatus.PUBLISHED: "It is over, every face is destroyed, and these are its figures.",
    RegisterStatus.CANCELLED: "It was called off after public notice. No camera ran.",
    RegisterStatus.NOT_HELD: "It was announced, and its time has passed. No camera ran.",
}


def status_of(entry: RegisterEntry) -> str:
    """Return where a deployment stands in a few words, for lists.

    Args:
        entry: Of the register.
    """
    if entry.is_rehearsal and entry.status is RegisterStatus.ENDED:
        return "Over"  # its figures stand on its page, and no record will come
    return STATUS_WORDS[entry.status]


def story_of(detail: RegisterDetail) -> str:
    """Return where a deployment stands, in a sentence or two.

    Args:
        detail: Of the deployment.
    """
    entry = detail.entry
    if entry.is_rehearsal and detail.record is not None:
        return "The rehearsal is over, and this is what it showed. It is no deployment."
    told = _STORIES[entry.status]
    if detail.is_withdrawn:
        return f"Its authority was withdrawn. {told}"
    if entry.status is RegisterStatus.PUBLISHED and not _number(detail, "alerts", "total"):
        return f"{told} There was no alert."
    return told


def _number(detail: RegisterDetail, group: str, name: str) -> object:
    found = (detail.record or {}).get(group)
    return found.get(name) if isinstance(found, dict) else None


TERMS = tuple(
    (term, " ".join(meaning.split()))
    for term, meaning in {
        "Alert": """
            The computer's suggestion that a face may be of somebody on the watchlist. It
            decides nothing; people look at it first.
            """,
        "Authority": """
            The written decision of a senior officer that allows a deployment at a place, for a
            time.
            """,
        "Certificate of destruction": """
            A signed statement of what was deleted after a deployment, and how it was checked.
            """,
        "Checkpoint": """
            A signed statement of how many events the log has and what their root is. Whoever
            keeps one can show later that nothing before it was changed.
            """,
        "Deployment": """
            One use of live facial recognition under one authority, from notice to end.
            """,
        "Digest": """
            A short number worked out from a text or file. If one letter changes, so does it.
            """,
        "Engagement": "An officer speaks to a person after an alert.",
        "False alert": "An alert about somebody else than the person on the watchlist.",
        "Interval": """
            How far chance alone could have moved a figure. Few cases give a wide one: 0 of 4
            says little.
            """,
        "Log": "The list of everything that was decided, set, seen or deleted; it only grows.",
        "Model pack": "The algorithm: what finds faces and what compares them.",
        "Observer": """
            An invited person of any view who watches a deployment and may comment on it.
            """,
        "Policy": "The rules, with every number in them, and where each number comes from.",
        "Rehearsal": "A test with volunteers only. Its figures are never mixed with others.",
        "Score": "How alike two faces are by the algorithm. It is no probability.",
        "Threshold": "The score from which on a face raises an alert.",
        "True recognition rate": """
            How often volunteers on the list are recognised as they walk past. Alerts about the
            public cannot tell it, as nobody knows who walked past unseen.
            """,
        "Watchlist": """
            The people who are looked for, listed for one deployment and deleted after.
            """,
        "Withheld": """
            A number of people so small that it could point at somebody. The policy asks it.
            """,
        "Zone": "The part of a camera's picture in which faces are looked at.",
    }.items()
)
"""Terms of the register and what they mean; the project's own glossary says the same."""

RECOUNT = """python3 - audit.log DEPLOYMENT.json <<'END'
import json, sys
log, file = sys.argv[1:]
record = json.load(open(file, encoding="utf-8"))
lines = open(log, "rb").read().partition(b"\\n\\n")[0].splitlines()
events = [json.loads(line) for line in lines]
own = [e for e in events if e["deployment_id"] == record["deployment_id"]]
def of(kind): return [e["details"] for e in own if e["kind"] == kind]
faces = sum(m["faces_seen"] for m in of("MinuteCounted"))
alerts = sum(a["list_kind"] == "operational" for a in of("AlertRaised"))
signs = len(of("NoticePlaced"))
print("the log:   ", faces, "faces,", alerts, "alerts,", signs, "signs")
print("the record:", record["faces_seen"]["count"], "faces,", record["alerts"]["total"],
      "alerts,", record["notices"]["signs_placed"], "signs")
END"""
"""A program that counts what is simple to count, and says the same of the record."""
