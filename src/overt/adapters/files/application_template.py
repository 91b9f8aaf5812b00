"""An empty application with every field, for whoever drafts one; it follows the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.core.policy import Policy
    from overt.core.policy_settings import PolicyList

_HEAD = """\
# Application for a written authority: everything that the authorising officer decides on.
# Fill in every field; `overt deployment apply` names all that is missing, at once.
# Texts are published or disclosed: write no name of a person into them.

aim = ""                     # the legitimate aim
legal_basis = ""             # the legal basis
necessity = ""               # why it is necessary
less_intrusive_options = ""  # what else was considered, and why it does not do
proportionality = ""         # why it is proportionate
"""

_WATCHLIST = """
# Watchlist: categories from the policy's closed list, and at most how many people.
{categories}
categories = []
size_cap = 0                 # the policy allows up to {cap}

# Threshold, and the reference of the test behind it. The policy's lowest by model pack:
{floors}
threshold = nan
threshold_evidence = ""

# How the public is told. Without a public notice in advance, one of these codes and a reason:
{exceptions}
notice_plan = ""
no_public_notice_code = ""
no_public_notice_reason = ""
"""

_DOCUMENT = """
[[documents]]                # {label}
kind = "{kind}"
file = ""                    # a file beside this one, or sha256 = "..." instead
review_by = 2000-01-01       # the last day on which it counts as reviewed
"""

_SITE = """
# One place; a mobile unit has several: repeat from here.
[[sites]]
site_id = "site-1"
place = ""                   # for the public: street, square, borough
time_zone = "Europe/London"  # all times of this site are those on the wall there
# Why here:
{reasons}
reason_code = ""
reason_evidence = ""         # reference of the evidence
presence_grounds = ""        # why the listed people may be here

[sites.sensitive_places]     # what is nearby; that there is none has to be written too
{sensitive}

[[sites.windows]]            # repeat for every day or part of a day, at most {longest} each
starts_at = 2000-01-01T10:00:00
ends_at = 2000-01-01T16:00:00
# start_fold = 0             # only where clocks go back and the time comes twice: 0 first, 1 second

[[sites.cameras]]            # repeat for every camera
camera_id = "site-1-a"
location = ""                # rtsp://..., http://... or /dev/video0; kept encrypted
zone = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]  # fractions of the picture's width, height
"""


def application_template(policy: Policy) -> str:
    """Return the text of an empty application.

    Args:
        policy: Whose closed lists and limits stand beside the fields.
    """
    documents, location = policy.documents.required, policy.location
    floors = "\n".join(f"#   {pack}: {floor:g}" for pack, floor in policy.threshold.floor.items())
    labels = dict(documents.labels)
    parts = [
        _HEAD,
        _WATCHLIST.format(
            categories=_choices(policy.watchlist.categories),
            cap=policy.watchlist.size_cap,
            floors=floors,
            exceptions=_choices(policy.notices.exceptions),
        ),
        *(_DOCUMENT.format(kind=kind, label=labels[kind]) for kind in documents.enabled),
        _SITE.format(
            reasons=_choices(location.reasons),
            sensitive="\n".join(_places(location.sensitive_places)),
            longest=policy.number("authority.max_window").text(),
        ),
    ]
    return "".join(parts)


def _choices(closed: PolicyList) -> str:
    labels = dict(closed.labels)
    return "\n".join(f"#   {key}: {labels[key]}" for key in closed.enabled)


def _places(closed: PolicyList) -> Iterable[str]:
    labels = dict(closed.labels)
    for key in closed.enabled:
        field = f'{key} = ""'
        yield f"{field:<29}# {labels[key]}"
