from __future__ import annotations

import pytest
from tests.unit.core.policy_tables import SHIPPED, changed, force_policy, setting, tables

from overt.core.policy import policy_from_mapping
from overt.core.policy_difference import Direction, PolicyDifference, diff


def test_a_policy_does_not_differ_from_itself():
    """Nothing is listed."""
    assert diff(SHIPPED, policy_from_mapping(tables(), SHIPPED)) == ()


@pytest.mark.parametrize(
    ("name", "value", "before", "after", "direction"),
    [
        ("watchlist.max_age", 12, "24 h", "12 h", Direction.TIGHTENED),
        ("retention.alert", 744, "24 h", "744 h", Direction.LOOSENED),
        ("notices.min_signs", 4, "2 signs", "4 signs", Direction.TIGHTENED),
        ("notices.advance_notice", 12, "24 h", "12 h", Direction.LOOSENED),
        ("authority.min_rank", "chief_superintendent", "superintendent", None, Direction.TIGHTENED),
        ("retention.footage_recording", "recorded", "none", None, Direction.LOOSENED),
        ("threshold.floor.overt-default", 0.95, "0.93 score", "0.95 score", Direction.TIGHTENED),
    ],
)
def test_the_direction_is_that_of_the_people_protected(name, value, before, after, direction):
    """More room for the force is loosened, whichever way the number goes."""
    other = force_policy(name, value=value)
    back = {
        Direction.LOOSENED: Direction.TIGHTENED,
        Direction.TIGHTENED: Direction.LOOSENED,
    }

    after = after or value

    assert diff(SHIPPED, other) == (PolicyDifference(name, before, after, direction),)
    assert diff(other, SHIPPED) == (PolicyDifference(name, after, before, back[direction]),)


def test_a_list_differs_key_by_key():
    """A further category is loosened, one less is tightened."""
    other = force_policy("watchlist.categories", enabled=["wanted_by_courts", "order_conditions"])

    assert diff(SHIPPED, other) == (
        PolicyDifference(
            "watchlist.categories: wanted_by_police", "enabled", "not enabled", Direction.TIGHTENED
        ),
        PolicyDifference(
            "watchlist.categories: order_conditions", "not enabled", "enabled", Direction.LOOSENED
        ),
    )


def test_a_list_without_a_direction_is_changed():
    """Fewer reasons for a dismissal are neither better nor worse for anybody."""
    other = force_policy(
        "alerts.dismissal_reasons", enabled=["different_person", "picture_unusable"]
    )

    assert {each.direction for each in diff(SHIPPED, other)} == {Direction.CHANGED}


def test_name_and_version_come_first():
    """They say what is compared."""
    document = changed("watchlist.max_age", value=12) | {"name": "Northshire", "version": "3"}

    found = diff(SHIPPED, policy_from_mapping(document, SHIPPED))

    assert [each.name for each in found] == ["name", "version", "watchlist.max_age"]
    assert found[0].after == "Northshire"


def test_a_model_pack_that_comes_or_goes():
    """With a threshold a pack may go live; without one it cannot."""
    document = tables()
    for name in ("floor", "same_face"):
        del document["threshold"][name]["opencv-zoo"]
    without = policy_from_mapping(document, SHIPPED)
    name = "threshold.floor.opencv-zoo"

    assert diff(SHIPPED, without)[0] == PolicyDifference(
        name, "0.363 score", None, Direction.TIGHTENED
    )
    assert diff(without, SHIPPED)[0] == PolicyDifference(
        name, None, "0.363 score", Direction.LOOSENED
    )


def test_other_evidence_is_a_change():
    """Of a pack of the force's own."""
    document = tables()
    own = {"value": 0.5, "unit": "score", "source": "trial 1"}
    for name in ("floor", "same_face"):
        document["threshold"][name]["ours"] = dict(own)
    first = policy_from_mapping(document, SHIPPED)
    setting(document, "threshold.floor.ours")["source"] = "trial 2"

    (found,) = diff(first, policy_from_mapping(document, SHIPPED))

    assert found == PolicyDifference(
        "threshold.floor.ours.source", "trial 1", "trial 2", Direction.CHANGED
    )


def shipped_with(name: str, **values: object):
    """Return a shipped policy of another version of the software."""
    return policy_from_mapping(changed(name, **values))


def test_units_are_compared_as_spans():
    """A later version may count in days: the same span has no direction, a longer one has."""
    same = shipped_with("watchlist.max_age", value=1, unit="d", ceiling=1)
    longer = shipped_with("watchlist.max_age", value=2, unit="d", ceiling=2)

    assert diff(SHIPPED, same) == (
        PolicyDifference("watchlist.max_age", "24 h", "1 d", Direction.CHANGED),
    )
    assert diff(SHIPPED, longer) == (
        PolicyDifference("watchlist.max_age", "24 h", "2 d", Direction.LOOSENED),
    )
