"""The figures that observers follow, as words: the same on the page and in its live stream."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: tuple[tuple[str, str, str], ...] = (
    ("state", "Status", ""),
    ("faces_seen", "Faces seen", "Estimated by the system; counted each minute, never stored"),
    ("alerts", "Alerts", "The machine suggested a possible match; people decide"),
    ("unresolved_alerts", "Alerts not resolved", "Not decided yet, or nobody can tell"),
    ("people_engaged", "People engaged after an alert", "Small numbers are not told"),
    ("per_face_seen", "False alerts of all faces seen", "The official false alert rate"),
    ("status", "Held against the limit", "The whole interval has to lie on one side of it"),
    ("advice", "Advice to suspend", "By a test that may be looked at any time; it stays"),
    ("per_alert", "False alerts of all alerts", "How often an alert was wrong"),
    ("operator", "Operators decide within", "Half of the decisions were faster"),
    ("officer", "Officers decide within", "Half of the decisions were faster"),
    ("templates", "Templates made of faces", "Erased at once, unless there is an alert"),
)
"""Key, label and explanation of each figure, in the order of the page."""

_STATUS = {
    "within": "within the limit",
    "breached": "above the limit",
    "not demonstrated": "not shown to be within the limit: too few faces seen so far",
}
_REHEARSAL = "not told: everybody who is looked for is a volunteer"
_NOT_IN_A_REHEARSAL = (
    "unresolved_alerts",
    "people_engaged",
    "per_face_seen",
    "status",
    "advice",
    "per_alert",
)


def live_texts(told: Mapping[str, Any], time_zone: str | None) -> dict[str, str]:
    """Return the figures of a deployment as words, by key.

    Args:
        told: From ``ObservedFigures``.
        time_zone: IANA name, or None for UTC.
    """
    least = told["numbers_withheld_below"]
    texts = {
        "asked_at": _clock(told["asked_at"], time_zone),
        "state": str(told["state"]).replace("_", " "),
        "faces_seen": f"{told['faces_seen']:,}",
        "alerts": f"{told['alerts']:,}",
        "unresolved_alerts": f"{told['unresolved_alerts'] or 0:,}",
        "people_engaged": _withheld(told["people_engaged"], least),
        **_rates(told["rates"] or {}),
        "advice": _advice(told["suspend_advised"], time_zone),
        "operator": _seconds(told["median_decision_s"]["operator"], least),
        "officer": _seconds(told["median_decision_s"]["officer"], least),
        "templates": (
            f"{told['templates_made']:,}; erased {told['templates_erased']:,}, "
            f"in alerts {told['templates_in_alerts']:,}; "
            f"of faces before the cameras now {_in_memory(told):,}"
        ),
    }
    if told["rates"] is None:
        texts |= dict.fromkeys(_NOT_IN_A_REHEARSAL, _REHEARSAL)
    return texts


def _in_memory(told: Mapping[str, Any]) -> int:
    gone = int(told["templates_erased"]) + int(told["templates_in_alerts"])
    return max(0, int(told["templates_made"]) - gone)


def _rates(rates: Mapping[str, Any]) -> dict[str, str]:
    if not rates:
        return {}
    per_face = rates["per_face_seen"]
    status = _STATUS.get(str(rates["status"]), "not defined yet")
    if rates["is_point_above_limit"]:
        status += "; the share itself lies above it"
    return {
        "per_face_seen": per_face["text"] if per_face else "not defined before faces are counted",
        "status": status,
        "per_alert": rates["per_alert"]["text"],
    }


def _advice(advice: Mapping[str, Any] | None, time_zone: str | None) -> str:
    if advice is None:
        return "none"
    counts = f"{advice['n_false']:,} false alerts in {advice['faces_seen']:,} faces"
    return f"suspend advised at {_clock(advice['advised_at'], time_zone)}: {counts}"


def _clock(moment: str, time_zone: str | None) -> str:
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(time_zone or "UTC"))
    return local.strftime("%H:%M:%S %Z")


def _withheld(count: int | None, least: int) -> str:
    return f"fewer than {least}" if count is None else f"{count:,}"


def _seconds(median_s: float | None, least: int) -> str:
    return f"not told before {least} decisions" if median_s is None else f"{median_s:g} s"
