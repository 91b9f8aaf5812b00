"""The columns of the public register: what each is called, what it means, where it stands (R-64).

They are those of section 5 of the requirements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.evaluation.register_cells import (
    INTERVAL_MEANING,
    Column,
    ColumnGroup,
    cell,
    counted,
    equality_columns,
    first_day,
    joined,
    listed,
    number_of,
    ran_from,
    ran_until,
    rate_columns,
)

if TYPE_CHECKING:
    from overt.evaluation.register_cells import Cell, Document

_G = ColumnGroup
_FACE, _ALERT = "false_alerts_per_face_seen", "false_alerts_per_alert"
_TRR = "blue.true_recognition_rate"
COLUMNS: tuple[Column, ...] = (
    Column(
        "deployment_id",
        "Deployment",
        _G.WHERE_AND_WHEN,
        "Its name in the log and in this register.",
        cell("deployment_id"),
    ),
    Column(
        "kind",
        "Kind",
        _G.WHERE_AND_WHEN,
        "Operational: the watchlist held people whom the police look for. A rehearsal has"
        " volunteers only.",
        cell("kind"),
    ),
    Column(
        "date",
        "First day",
        _G.WHERE_AND_WHEN,
        "Day of the first window that was authorised.",
        first_day,
    ),
    Column(
        "places",
        "Place",
        _G.WHERE_AND_WHEN,
        "Where the cameras stood, in the words of the application.",
        joined("sites", "place"),
    ),
    Column(
        "reasons",
        "Why there",
        _G.WHERE_AND_WHEN,
        "The reason for the place, from the policy's closed list.",
        joined("sites", "reason"),
    ),
    Column(
        "started",
        "Cameras ran from",
        _G.WHERE_AND_WHEN,
        "When faces were first searched for, on the clock there.",
        ran_from,
    ),
    Column(
        "ended",
        "Cameras ran until",
        _G.WHERE_AND_WHEN,
        "When that ended for good, on the clock there.",
        ran_until,
    ),
    Column(
        "duration_h",
        "Hours that cameras ran",
        _G.WHERE_AND_WHEN,
        "Pauses are not counted.",
        cell("ran.duration_h"),
    ),
    Column(
        "note",
        "How it ended",
        _G.WHERE_AND_WHEN,
        "The reason that was given for the end, also where it was broken off.",
        cell("ran.note"),
    ),
    Column(
        "categories",
        "Who was on the watchlist",
        _G.WATCHLIST,
        "Categories from the policy's closed list; nobody outside them may be listed.",
        listed("watchlist.categories"),
    ),
    Column(
        "watchlist_size",
        "Size of the watchlist",
        _G.WATCHLIST,
        "The most people that were looked for at once, one photograph each.",
        cell("watchlist.size"),
    ),
    Column(
        "watchlist_images_rejected",
        "Photographs refused",
        _G.WATCHLIST,
        "Rows that were offered for the watchlist and not taken: a photograph of too poor"
        " quality, or something missing.",
        cell("watchlist.images_rejected"),
    ),
    Column(
        "threshold",
        "Threshold",
        _G.SETTINGS,
        "A face whose score reaches it raises an alert. Scores lie between -1 and 1; they are no"
        " probabilities, and no other algorithm's can be compared with them.",
        cell("threshold"),
    ),
    Column(
        "model_pack",
        "Model pack",
        _G.SETTINGS,
        "The algorithm: what finds faces and what compares them.",
        cell("model_pack"),
    ),
    Column(
        "model_pack_digest",
        "Digest of the model pack",
        _G.SETTINGS,
        "Tells this algorithm apart from every other, to the last number in it.",
        cell("model_pack_digest"),
    ),
    Column(
        "operating_point_digest",
        "Digest of the operating point",
        _G.SETTINGS,
        "Tells all the numbers apart that decide whether a face raises an alert.",
        cell("operating_point_digest"),
    ),
    Column(
        "policy_hash",
        "Digest of the policy",
        _G.SETTINGS,
        "The rules that it ran under, with every number in them.",
        cell("policy_hash"),
    ),
    Column(
        "faces_seen",
        "Faces seen",
        _G.COUNTED,
        "People counted by the system as they passed: each face that it followed through the"
        " zone. It is an estimate; who passes twice is counted twice.",
        cell("faces_seen.count"),
    ),
    Column(
        "faces_seen_method",
        "How faces were counted",
        _G.COUNTED,
        "Counts by other methods cannot be compared with it.",
        cell("faces_seen.method"),
    ),
    Column(
        "searches",
        "Searches",
        _G.COUNTED,
        "How often a face was compared with the whole watchlist.",
        cell("searches"),
    ),
    Column(
        "alerts",
        "Alerts",
        _G.COUNTED,
        "How often the computer suggested that a face may be of somebody on the watchlist. It"
        " is the sum of the next five.",
        cell("alerts.total"),
    ),
    Column(
        "true_confirmed",
        "True, confirmed",
        _G.COUNTED,
        "Alerts about the right person, as a check of identity showed.",
        cell("alerts.true_confirmed"),
    ),
    Column(
        "true_unconfirmed",
        "True, unconfirmed",
        _G.COUNTED,
        "Alerts that people judged to be right, without a check: the person was not found, or"
        " was not spoken to.",
        cell("alerts.true_unconfirmed"),
    ),
    Column(
        "false_confirmed",
        "False, confirmed",
        _G.COUNTED,
        "Alerts about somebody else, as a check of identity showed: an officer spoke to the"
        " wrong person.",
        cell("alerts.false_confirmed"),
    ),
    Column(
        "false_unconfirmed",
        "False, unconfirmed",
        _G.COUNTED,
        "Alerts that people judged to be wrong from the two pictures; nobody was spoken to.",
        cell("alerts.false_unconfirmed"),
    ),
    Column(
        "unresolved",
        "Unresolved",
        _G.COUNTED,
        "Alerts of which nobody knows whether they were right.",
        cell("alerts.unresolved"),
    ),
    Column(
        _FACE,
        "False alerts per face seen",
        _G.FALSE_ALERTS,
        f"False alerts out of all faces seen: the official false alert rate. {INTERVAL_MEANING}",
        cell(f"{_FACE}.text"),
    ),
    *rate_columns(_FACE, _FACE, _G.FALSE_ALERTS, "False alerts per face seen"),
    Column(
        f"{_FACE}_limit_percent",
        "Limit of false alerts per face seen, in percent",
        _G.FALSE_ALERTS,
        "The most that the policy allows.",
        cell(f"{_FACE}.limit_percent"),
    ),
    Column(
        f"{_FACE}_status",
        "Held against the limit",
        _G.FALSE_ALERTS,
        "Within: the whole interval lies below the limit. Breached: all of it lies above. Not"
        " demonstrated: too few faces passed to tell.",
        cell(f"{_FACE}.status"),
    ),
    Column(
        f"{_FACE}_point_above_limit",
        "Is the share itself above the limit",
        _G.FALSE_ALERTS,
        "If so, those in command review the deployment, whatever the interval says.",
        cell(f"{_FACE}.point_above_limit"),
    ),
    Column(
        _ALERT,
        "False alerts per alert",
        _G.FALSE_ALERTS,
        f"False alerts out of all alerts: how often an alert was wrong. {INTERVAL_MEANING}",
        cell(f"{_ALERT}.text"),
    ),
    *rate_columns(_ALERT, _ALERT, _G.FALSE_ALERTS, "False alerts per alert"),
    Column(
        f"{_ALERT}_if_only_confirmed_percent",
        "False alerts per alert if only confirmed ones count, in percent",
        _G.FALSE_ALERTS,
        "The lowest figure that anybody can give while alerts are unresolved.",
        cell(f"{_ALERT}.if_only_confirmed_percent"),
    ),
    Column(
        f"{_ALERT}_if_all_not_confirmed_true_percent",
        "False alerts per alert if all count that are not confirmed as true, in percent",
        _G.FALSE_ALERTS,
        "The highest figure that anybody can give while alerts are unresolved.",
        cell(f"{_ALERT}.if_all_not_confirmed_true_percent"),
    ),
    Column(
        "volunteers",
        "Volunteers",
        _G.VOLUNTEERS,
        "People who agreed to be listed and walked past the cameras. They are among the faces"
        " seen. Alerts about them are in no figure above, but in a rehearsal, which has no others.",
        cell("blue.volunteers"),
    ),
    Column(
        "blue_passes",
        "Their passes",
        _G.VOLUNTEERS,
        "Walks of volunteers past a camera, each written down.",
        cell("blue.passes"),
    ),
    Column(
        "blue_alerts",
        "Alerts about volunteers",
        _G.VOLUNTEERS,
        "Also those that named the wrong volunteer.",
        cell("blue.alerts"),
    ),
    Column(
        "true_recognition_rate",
        "True recognition rate",
        _G.VOLUNTEERS,
        "Passes with an alert that named the right volunteer, out of all passes."
        f" {INTERVAL_MEANING} Passes of one person are alike: the interval is by person, and of"
        " one person there is none.",
        cell(f"{_TRR}.text"),
    ),
    *rate_columns("true_recognition_rate", _TRR, _G.VOLUNTEERS, "True recognition rate"),
    Column(
        "engagements",
        "People spoken to",
        _G.PEOPLE,
        "Alerts after which an officer spoke to somebody.",
        cell("engagements.total"),
    ),
    Column(
        "engagements_after_false_alert",
        "People spoken to after a false alert",
        _G.PEOPLE,
        "Those of them who were somebody else.",
        cell("engagements.after_false_alert"),
    ),
    Column(
        "engagements_after_false_alert_durations",
        "How long that took",
        _G.PEOPLE,
        "From the first word to the last.",
        counted("engagements.after_false_alert_durations"),
    ),
    Column(
        "arrests",
        "Arrests",
        _G.PEOPLE,
        "People spoken to after an alert who were arrested.",
        cell("engagements.arrests"),
    ),
    Column(
        "arrest_reasons",
        "Reasons for arrest",
        _G.PEOPLE,
        "One arrest may have several reasons, so that they may be more than the arrests.",
        counted("engagements.arrest_reasons"),
    ),
    Column(
        "other_disposals",
        "Other outcomes",
        _G.PEOPLE,
        "People spoken to for whom it ended otherwise than in an arrest.",
        cell("engagements.other_disposals"),
    ),
    Column(
        "no_further_action",
        "No further action",
        _G.PEOPLE,
        "People spoken to for whom nothing followed.",
        cell("engagements.no_further_action"),
    ),
    Column(
        "engagements_without_alert",
        "People spoken to without an alert",
        _G.PEOPLE,
        "On other grounds, which were written down. To walk another way is no such ground.",
        cell("engagements.without_alert"),
    ),
    *equality_columns(),
    Column(
        "decisions",
        "Decisions about alerts",
        _G.PEOPLE,
        "Of operators and officers; two people decide, in this order.",
        cell("decisions.total"),
    ),
    Column(
        "decisions_marked_quick",
        "Decisions marked as quick",
        _G.PEOPLE,
        "Made sooner than two pictures can well be compared.",
        cell("decisions.marked_quick"),
    ),
    Column(
        "public_notice_at",
        "Public notice given at",
        _G.NOTICES,
        "When the public was told, in universal time.",
        cell("notices.public_notice_at"),
    ),
    Column(
        "public_notice_where",
        "Public notice given where",
        _G.NOTICES,
        "Address or publication.",
        cell("notices.public_notice_where"),
    ),
    Column(
        "public_notice_exception",
        "Why there was no public notice",
        _G.NOTICES,
        "From the policy's closed list; empty where notice was given.",
        cell("notices.exception"),
    ),
    Column(
        "signs_placed",
        "Signs placed",
        _G.NOTICES,
        "Signs that were put up and logged, each with its place and a photograph.",
        cell("notices.signs_placed"),
    ),
    Column(
        "statements",
        "Statements of observers",
        _G.NOTICES,
        "Published as they were written; nobody edits them.",
        number_of("statements"),
    ),
    Column(
        "authority_rank",
        "Authorised by",
        _G.PROOF,
        "Rank of the officer who granted the authority.",
        cell("authority.rank"),
    ),
    Column(
        "authority_status",
        "Authority",
        _G.PROOF,
        "Whether it was in force until the end.",
        cell("authority.status"),
    ),
    Column(
        "purged_at",
        "Faces destroyed at",
        _G.PROOF,
        "When watchlist, pictures and face data were gone, in universal time.",
        cell("purged_at"),
    ),
    Column(
        "retention_certificate_sha256",
        "Certificate of destruction",
        _G.PROOF,
        "Digest of the signed statement that they are gone.",
        cell("retention_certificate_sha256"),
    ),
    Column(
        "log_size",
        "Events in the log",
        _G.PROOF,
        "How many events the audit log had when this was counted from it.",
        cell("log.size"),
    ),
    Column(
        "log_root",
        "Root of the log",
        _G.PROOF,
        "One number that all those events together give; a change of any of them changes it.",
        cell("log.root"),
    ),
    Column(
        "published_at",
        "Published at",
        _G.PROOF,
        "In universal time.",
        cell("published_at"),
    ),
)
"""In the order of the table."""


def cells_of(document: Document) -> dict[str, Cell]:
    """Return every cell of a published record, by the name of its column.

    Args:
        document: A published record.
    """
    return {column.name: column.read(document) for column in COLUMNS}
