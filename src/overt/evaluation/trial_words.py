"""The words of a trial report, explained for whoever reads nothing else."""

from __future__ import annotations

DEFINITIONS = (
    ("alert", "The machine's suggestion that a face may be a listed person's. It decides nothing."),
    (
        "count and total",
        (
            "Every rate is printed as a count of a total. A rate of nothing is not defined (0 of "
            "0), never a number."
        ),
    ),
    (
        "confirmed",
        (
            "Known from an identity check after an engagement; in a rehearsal also from a "
            "volunteer's logged walk past that camera at that time."
        ),
    ),
    (
        "face seen",
        (
            "One face that was followed through the zone of recognition: counted, never stored. "
            "One person may be counted more than once."
        ),
    ),
    (
        "false alert",
        (
            "An alert that named somebody else: an identity check showed it, or an operator or "
            "officer saw it."
        ),
    ),
    (
        "false alerts per alert",
        "False alerts over all alerts: how often an alert was wrong.",
    ),
    (
        "false alerts per face seen",
        (
            "False alerts over all faces seen: how rarely somebody who walks by is wrongly "
            "alerted to. The official false alert rate."
        ),
    ),
    (
        "interval, 95 %",
        (
            "The range in which the true rate is likely to lie: intervals made in this way hold "
            "it in at least 95 of 100 trials. Exact (Clopper and Pearson); by person where one "
            "person gave several trials, from people drawn again with all of theirs."
        ),
    ),
    (
        "operator and officer",
        (
            "The operator looks at an alert first and dismisses it or passes it on. The officer "
            "on the street decides anew."
        ),
    ),
    (
        "recognition opportunity",
        "One pass of a volunteer who is on the list, whether or not anything was seen of them.",
    ),
    (
        "seeded",
        (
            "A pair of different people that was put among the alerts of a rehearsal on purpose. "
            "It is never counted as an alert."
        ),
    ),
    (
        "shown, contradicted, not shown",
        (
            "Shown: the whole interval lies on the side that the plan expected. Contradicted: "
            "all of it lies on the other side. Not shown: the data leave it open."
        ),
    ),
    (
        "true recognition rate",
        (
            "Recognition opportunities that raised an alert about the right person, over all of "
            "them; what was never seen counts against it."
        ),
    ),
    ("unresolved", "Nobody knows whether the alert was true or false, or nobody has decided yet."),
)
"""Terms with their meaning, in alphabetical order of what a reader looks for."""
