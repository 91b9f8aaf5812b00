from __future__ import annotations

from overt.core.register import EntryFigures
from overt.evaluation.deployment_figures import WalksOfOne
from overt.evaluation.register_totals import trial_totals

NOTHING = EntryFigures(0, 0, 0, 0, 0)


def test_rates_are_those_of_the_sums():
    """1 of 2 alerts and of 2 faces: 1 - sqrt(0.975) to sqrt(0.975); one volunteer, no interval."""
    found = trial_totals(2, EntryFigures(2, 2, 1, 1, 0), [WalksOfOne(3, 4)], seed=1)

    assert found.n_deployments == 2
    assert found.per_face_seen == "1 of 2 faces seen (50.0 %, 95 % interval 1.3 % to 98.7 %)"
    assert found.per_alert == "1 of 2 alerts (50.0 %, 95 % interval 1.3 % to 98.7 %)"
    assert found.recognised == (
        "3 of 4 recognition opportunities (no interval: all are of one person)"
    )


def test_what_is_not_defined_is_not_said():
    """No volunteer walked; nothing was seen; more false alerts than faces."""
    found = trial_totals(1, NOTHING, [], seed=1)

    assert found.recognised is None
    assert (found.per_face_seen, found.per_alert) == ("not defined (0 of 0)",) * 2
    more = trial_totals(1, EntryFigures(1, 2, 0, 2, 0), [], seed=1)
    assert more.per_face_seen == "not defined (2 of 1)"
