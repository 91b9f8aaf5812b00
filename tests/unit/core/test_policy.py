from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from tests.unit.core.policy_tables import SHIPPED, changed, force_policy, setting, tables

from overt.core.adjudication import (
    DisposalVerdict,
    IdentityVerdict,
    OfficerVerdict,
    OperatorVerdict,
)
from overt.core.policy import policy_from_mapping
from overt.core.policy_reading import MAX_KEYS, MAX_TEXT
from overt.core.policy_rules import ADDED_LATER, GROUPS, group_schema
from overt.core.policy_settings import Looser, PolicyChoice, PolicyList, PolicyNumber
from overt.errors import PolicyInvalidError

NUMBERS = {n: s for n, s in SHIPPED.settings.items() if isinstance(s, PolicyNumber)}
WITH_CEILING = sorted(n for n, s in NUMBERS.items() if s.ceiling is not None)
WITH_FLOOR = sorted(n for n, s in NUMBERS.items() if s.floor)
LISTS = {n: s for n, s in SHIPPED.settings.items() if isinstance(s, PolicyList)}
REQUIREMENTS = {
    *(f"R-{n:02}" for n in range(1, 8)),
    *(f"R-{n}" for n in range(10, 23)),
    *(f"R-{n}" for n in range(30, 37)),
    *(f"R-{n}" for n in range(40, 48)),
    *(f"R-{n}" for n in range(50, 58)),
    *(f"R-{n}" for n in range(60, 67)),
    *(f"R-{n}" for n in range(70, 73)),
}


def problems(document, shipped=SHIPPED) -> list[str]:
    """Return the problems for which tables are refused."""
    with pytest.raises(PolicyInvalidError) as refused:
        policy_from_mapping(document, shipped)
    listed = refused.value.fields["problems"].split("\n")
    assert refused.value.fields["n_problems"] == len(listed)
    assert all(problem in refused.value.message for problem in listed)
    return listed


# --- the shipped file -------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED.settings)
def test_every_setting_cites_a_requirement_that_exists(name):
    """R-72: at least one, of those from R-01 to R-72 that there are."""
    cited = set(re.findall(r"R-\d+", SHIPPED.settings[name].source))

    assert cited
    assert cited <= REQUIREMENTS


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_a_bound_and_a_looser_direction(name):
    """A force cannot set just anything, and a comparison says what a change means."""
    number = NUMBERS[name]

    assert number.floor is not None or number.ceiling is not None
    assert number.unit
    assert number.looser is not Looser.NEITHER


@pytest.mark.parametrize(
    ("name", "text", "ceiling"),
    [
        ("watchlist.max_age", "24 h", 24),
        ("watchlist.size_cap", "2000 entries", 20000),
        ("alerts.false_alert_limit", "0.001 per face seen", 0.001),
        ("retention.nonmatch", "0 s", 1),
        ("retention.alert", "24 h", 744),
        ("retention.watchlist", "24 h", 24),
        ("retention.footage", "31 d", 31),
        ("notices.sign_distance_m", "100 m", 500),
        ("threshold.floor.overt-default", "0.93 score", 1),
    ],
)
def test_shipped_figures(name, text, ceiling):
    """The figures of the requirements' table of retention, and of R-13, R-17, R-42, R-61."""
    assert SHIPPED.number(name).text() == text
    assert SHIPPED.number(name).ceiling == ceiling


def test_the_rules_read_typed_values():
    """Spans of time, whole numbers, choices, closed lists, numbers by model pack."""
    assert SHIPPED.watchlist.max_age == timedelta(hours=24)
    assert SHIPPED.watchlist.max_image_age == timedelta(days=3650)
    assert SHIPPED.watchlist.removal_within == timedelta(seconds=5)
    assert SHIPPED.authority.min_rank == "superintendent"
    assert SHIPPED.authority.urgent_oral_min_rank == "inspector"
    assert isinstance(SHIPPED.watchlist.size_cap, int)
    assert SHIPPED.threshold.floor == {"overt-default": 0.93, "opencv-zoo": 0.363}
    assert SHIPPED.retention.footage_recording == "none"
    assert SHIPPED.documents.required.enabled == ("DPIA", "EIA", "APD", "POLICY", "SOP")


def test_only_wanted_people_may_be_listed_unless_a_force_decides_otherwise():
    """R-10: two categories; three more are there to be enabled; none is open-ended."""
    categories = SHIPPED.watchlist.categories

    assert categories.enabled == ("wanted_by_police", "wanted_by_courts")
    assert set(categories.keys) - set(categories.enabled) == {
        "missing_or_at_risk",
        "risk_of_harm_to_others",
        "order_conditions",
    }
    assert "wanted_by_police" in categories
    assert "order_conditions" not in categories
    assert categories.label("order_conditions").startswith("Subject to court-ordered")


def test_going_round_the_cameras_is_no_ground():
    """R-63: no key and no label of any closed list speaks of avoiding, hiding or another way."""
    pattern = (
        r"avoid|evad|evasi|hid|route|detour|turn(ed)? (away|back|round)|cover|refus|left|cross"
    )
    words = [w for each in LISTS.values() for pair in each.labels for w in pair]

    assert not [word for word in words if re.search(pattern, word, re.IGNORECASE)]
    assert SHIPPED.alerts.grounds_without_alert.keys == (
        "offence_seen",
        "reported_by_public",
        "known_to_officer",
        "asked_for_help",
    )


@pytest.mark.parametrize("key", ["avoided_the_zone", "turned_back", "other"])
def test_no_force_can_add_a_ground(key):
    """R-63: the list is closed, and its source says why."""
    document = changed("alerts.grounds_without_alert", enabled=["offence_seen", key])

    (problem,) = problems(document)

    assert problem.startswith(f"alerts.grounds_without_alert: {key} is not in the closed list")
    assert "R-63" in problem


def test_the_file_has_a_table_for_each_group_and_a_setting_for_each_field():
    """The classes that the rules read are the schema; nothing in the file is unread."""
    for group in GROUPS:
        assert set(tables()[group]) == set(group_schema(group))


VERDICTS = (*OperatorVerdict, *OfficerVerdict, *IdentityVerdict, *DisposalVerdict)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_reasons(verdict):
    """R-52: one closed list each, with something to choose."""
    assert SHIPPED.alerts.reasons_for(verdict).enabled


def test_a_policy_of_an_earlier_release_has_its_digest_and_empty_lists():
    """R-72: a deployment is judged by the rules that it ran under, also after an update."""
    document = tables()
    for name in ADDED_LATER:
        group, key = name.split(".")
        del document[group][key]
    kept = policy_from_mapping(document)

    assert kept.alerts.factors.enabled == kept.alerts.sexes.enabled == ()
    assert kept.tables() == document
    assert policy_from_mapping(kept.tables()).digest() == kept.digest() != SHIPPED.digest()
    assert "alerts.factors: missing" in problems(document)


def test_a_policy_kept_before_a_group_was_there_has_its_digest_and_what_holds():
    """R-72: what people ask has deadlines under every policy, and no digest changes for it."""
    document = tables()
    del document["requests"]
    kept = policy_from_mapping(document)

    assert kept.requests.answer_within == timedelta(days=28)
    assert policy_from_mapping(kept.tables()).digest() == kept.digest() != SHIPPED.digest()
    assert "requests: missing" in problems(document)


def test_an_unknown_verdict_has_none():
    """Absence is a value."""
    assert SHIPPED.alerts.reasons_for("verdict") is None


def test_number_finds_numbers_only():
    """A choice has no unit."""
    with pytest.raises(KeyError):
        SHIPPED.number("authority.min_rank")
    with pytest.raises(KeyError):
        SHIPPED.number("watchlist.age")


# --- a force's file ----------------------------------------------------------------------


def test_a_copy_of_the_shipped_file_is_a_policy():
    """A force starts from it; it is the same policy."""
    assert policy_from_mapping(tables(), SHIPPED).digest() == SHIPPED.digest()


def values_only() -> dict[str, object]:
    """Return the shipped policy as a force may write it: values, units, enabled keys."""
    document = tables()
    for name in SHIPPED.settings:
        table = setting(document, name)
        for key in table.keys() - {"value", "unit", "enabled"}:
            del table[key]
    return document


def test_values_suffice():
    """Bounds, sources, labels and closed lists come from the shipped policy."""
    assert policy_from_mapping(values_only(), SHIPPED).digest() == SHIPPED.digest()


def test_a_value_within_its_bounds_is_taken():
    """Typed as the shipped one."""
    stricter = force_policy("watchlist.max_age", value=12.5)

    assert stricter.watchlist.max_age == timedelta(hours=12, minutes=30)


@given(name=st.sampled_from(WITH_CEILING), data=st.data())
def test_any_value_above_its_ceiling_is_refused_by_name(name, data):
    """R-72: with value, ceiling, unit and source, whichever number it is."""
    number = NUMBERS[name]
    above = st.floats(number.ceiling, 1e9, exclude_min=True) | st.integers(
        math.floor(number.ceiling) + 1, 10**9
    )
    document = changed(name, value=data.draw(above))

    found = problems(document)

    limit = f"above the ceiling of {number.ceiling:.12g} {number.unit} ({number.source})"
    assert any(each.startswith(f"{name}: ") and each.endswith(limit) for each in found)


@given(name=st.sampled_from(WITH_FLOOR), data=st.data())
def test_any_value_below_its_floor_is_refused_by_name(name, data):
    """The same downwards."""
    number = NUMBERS[name]
    document = changed(name, value=data.draw(st.floats(0, number.floor, exclude_max=True)))

    limit = f"below the floor of {number.floor:.12g} {number.unit} ({number.source})"
    assert any(each.endswith(limit) for each in problems(document))


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [-1, -0.001, -1e9])
def test_negative_numbers_are_refused(name, value):
    """No rule has a use for one."""
    assert any("below the floor of" in each for each in problems(changed(name, value=value)))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (True, "expected a number, found true"),
        ("24", 'expected a number, found "24"'),
        ([24], "expected a number, found a list"),
        ({}, "expected a number, found a table"),
        (datetime(2026, 1, 1), "expected a number, found a datetime"),
        (math.nan, "expected at most 1000000000, found nan"),
        (math.inf, "expected at most 1000000000, found inf"),
        (-math.inf, "expected at most 1000000000, found -inf"),
        (10**10, "expected at most 1000000000, found 10000000000"),
        (16**5000, "expected at most 1000000000, found a number of 20001 bits"),
        ("x" * 100, f'expected a number, found "{"x" * 60} ..."'),
        ("\x1b[2J", 'expected a number, found "\\u001b[2J"'),
    ],
    ids=lambda case: case[:40] if isinstance(case, str) else type(case).__name__,
)
def test_what_is_no_number(value, found):
    """Nothing that looks like one passes, and nothing long or unprintable is repeated."""
    assert problems(changed("watchlist.max_age", value=value)) == [f"watchlist.max_age: {found}"]


def test_a_count_is_whole():
    """There is no half an entry; 12.0 is 12."""
    assert problems(changed("watchlist.size_cap", value=12.5)) == [
        "watchlist.size_cap: expected a whole number, found 12.5"
    ]
    assert repr(force_policy("watchlist.size_cap", value=12.0).watchlist.size_cap) == "12"


def test_a_force_cannot_raise_a_ceiling():
    """Nor lower a floor, add a bound, change a unit, a source, choices, labels, locked keys."""
    for name, values in {
        "watchlist.max_age": {"ceiling": 48, "floor": 1, "unit": "d", "source": "us"},
        "watchlist.size_cap": {"looser": "down"},
        "authority.min_rank": {"choices": ["constable"], "source": "us"},
        "watchlist.categories": {"labels": {"anybody": "Anybody"}, "locked": ["anybody"]},
    }.items():
        found = problems(changed(name, **values))

        assert len(found) == len(values)
        for key in values:
            assert any(
                each.startswith(f"{name}.{key}: a force's policy cannot change it from ")
                for each in found
            )


def test_everything_wrong_is_said_at_once():
    """Missing, unknown, wrong type, wrong unit, out of bounds: one problem each."""
    document = tables()
    del document["training"]
    del document["retention"]["alert"]
    del document["security"]["lockout"]["unit"]
    del document["watchlist"]["urgencies"]["enabled"]
    document["surprise"] = {}
    document["notices"]["odd key\n"] = 1
    document["location"] = 5
    document["retention"]["watchlist"] = 24
    document["retention"]["footage"].update(value=32, note="we like it")
    document["authority"]["min_rank"]["value"] = "inspector"
    document["authority"]["ratify_within"]["unit"] = "s"
    document["watchlist"]["categories"]["enabled"] = ["wanted_by_police", "of_interest"]
    document["documents"]["required"]["enabled"] = ["DPIA"]
    del document["version"]

    found = problems(document)

    assert [each.split(": ")[0] for each in found] == [
        "version",
        "surprise",
        "watchlist.categories",
        "watchlist.urgencies",
        "location",
        "authority.min_rank",
        "authority.ratify_within.unit",
        'notices."odd key\\n"',
        "retention.alert",
        "retention.watchlist",
        "retention.footage.note",
        "retention.footage",
        "training",
        "documents.required",
        "security.lockout",
    ]
    assert any("EIA, APD, POLICY, SOP must be enabled (R-06" in each for each in found)
    assert "retention.watchlist: expected a table, found 24" in found
    assert "location: expected a table, found 5" in found
    assert "training: missing" in found
    assert "security.lockout: unit missing" in found
    ranks = "superintendent, chief_superintendent"
    assert f'authority.min_rank: expected one of {ranks}, found "inspector"' in found


@pytest.mark.parametrize("key", ["name", "version"])
@pytest.mark.parametrize("value", ["", " ", "a\nb", "\x1b[31m", 1, "x" * (MAX_TEXT + 1)])
def test_a_policy_says_whose_it_is_in_one_line(key, value):
    """Printable, not blank, not a novel."""
    (problem,) = problems(tables() | {key: value})

    assert problem.startswith(f"{key}: expected a text of one line, up to 500 characters, found ")


@pytest.mark.parametrize("value", [2, "1", None])
def test_another_format_is_refused(value):
    """A file of a later version is not half understood."""
    assert problems(tables() | {"format": value})[0].startswith("format: expected 1, found ")


@pytest.mark.parametrize(
    ("enabled", "found"),
    [
        ("wanted_by_police", 'expected a list of keys, found "wanted_by_police"'),
        (["Wanted by us"], '"Wanted by us" is no key'),
        ([7], "7 is no key"),
        (["wanted_by_courts", "wanted_by_courts"], "a key stands there twice"),
        (["k"] * (MAX_KEYS + 1), "expected at most 100 keys, found 101"),
    ],
)
def test_what_is_no_list_of_keys(enabled, found):
    """Strings of the closed list, each once."""
    document = changed("watchlist.categories", enabled=enabled)

    assert f"watchlist.categories.enabled: {found}" in problems(document)


def test_a_force_may_enable_what_the_list_holds():
    """And leave out what is not locked; the order is that of the closed list."""
    policy = force_policy(
        "watchlist.categories", enabled=["order_conditions", "missing_or_at_risk"]
    )

    assert policy.watchlist.categories.enabled == ("missing_or_at_risk", "order_conditions")


def test_spans_that_contradict_each_other():
    """A window is no longer than the whole, an idle session no longer than a session."""
    shipped = tables()
    for name in ("authority.max_window", "security.session_idle"):
        setting(shipped, name).update(unit="d", value=20, ceiling=40)

    assert problems(shipped, None) == [
        "authority.max_window: is longer than authority.max_span",
        "security.session_idle: is longer than security.session_max",
    ]


# --- thresholds by model pack --------------------------------------------------------------


def with_pack(**values: object) -> dict[str, object]:
    """Return tables with a pack of the force's own."""
    document = tables()
    own = {"value": 0.5, "unit": "score", "source": "our trial of 2026, report 7"}
    document["threshold"]["floor"]["our-pack"] = own | values
    document["threshold"]["same_face"]["our-pack"] = own
    return document


def test_a_force_adds_its_own_pack_with_evidence():
    """Score between 0 and 1; the direction is that of the shipped packs."""
    policy = policy_from_mapping(with_pack(), SHIPPED)

    assert policy.threshold.floor["our-pack"] == 0.5
    assert policy.number("threshold.floor.our-pack") == PolicyNumber(
        0.5, "score", 0, 1, "our trial of 2026, report 7", Looser.DOWN
    )
    assert policy.number("threshold.same_face.our-pack").looser is Looser.UP


def without_packs() -> dict[str, object]:
    """Return tables of a force that can rehearse only."""
    return tables() | {"threshold": {"floor": {}, "same_face": {}}}


def test_a_pack_may_be_left_out():
    """Then nothing can go live with it."""
    document = tables()
    for name in ("floor", "same_face"):
        del document["threshold"][name]["opencv-zoo"]

    assert "opencv-zoo" not in policy_from_mapping(document, SHIPPED).threshold.floor


def test_a_pack_has_both_numbers():
    """A watchlist for it could not be checked otherwise."""
    document = tables()
    del document["threshold"]["same_face"]["opencv-zoo"]

    assert problems(document) == ["threshold: opencv-zoo: needs both floor and same_face"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"value": 1.5}, "1.5 score is above the ceiling of 1 score"),
        ({"source": " "}, "source: expected a text"),
        ({"ceiling": 2}, "ceiling: a force's policy cannot change it from 1 to 2"),
        ({"unit": "percent"}, "unit: a force's policy cannot change it"),
    ],
)
def test_a_pack_of_the_forces_own_has_bounds_too(values, found):
    """Those of a score, and evidence that says something."""
    (problem,) = problems(with_pack(**values))

    assert found in problem


@pytest.mark.parametrize("pack", ["Our Pack", "../x", "", "a" * 65])
def test_what_is_no_name_of_a_pack(pack):
    """The names of manifests."""
    document = tables()
    document["threshold"]["floor"][pack] = {}

    (problem,) = problems(document)

    assert problem.endswith("is no name of a model pack")


# --- mistakes in the shipped file -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        (
            "watchlist.max_age",
            {"unit": "weeks"},
            'unit: expected one of s, min, h, d, found "weeks"',
        ),
        ("watchlist.max_age", {"looser": "sideways"}, "looser: expected one of up, down, neither"),
        ("watchlist.max_age", {"ceiling": "much"}, 'ceiling: expected a number, found "much"'),
        ("watchlist.max_age", {"source": ""}, "source: expected a text"),
        ("watchlist.categories", {"labels": 3}, "labels: expected a table, found 3"),
        ("watchlist.urgencies", {"locked": ["blue"]}, "blue is not in the closed list: red, amber"),
        ("watchlist.urgencies", {"labels": {"red": ""}}, "labels.red: expected a text of one line"),
        ("authority.min_rank", {"choices": []}, "expected one of , found"),
    ],
)
def test_a_mistake_in_the_shipped_file_is_found(name, values, found):
    """It is held to the same form."""
    listed = problems(changed(name, **values), None)

    assert any(each.startswith(name) and found in each for each in listed)


def test_a_shipped_number_needs_a_bound():
    """Or a force could set anything."""
    document = tables()
    del document["watchlist"]["max_age"]["ceiling"]

    assert problems(document, None) == ["watchlist.max_age: neither floor nor ceiling"]


@pytest.mark.parametrize("document", [tables(), with_pack(), without_packs()])
def test_the_tables_of_a_policy_give_it_back(document):
    """Complete with bounds and sources, so that they can be read without the shipped file."""
    policy = policy_from_mapping(document, SHIPPED)

    again = policy_from_mapping(policy.tables())

    assert again == policy
    assert again.digest() == policy.digest()


# --- digest ---------------------------------------------------------------------------------


def reversed_tables(table):
    """Return tables with their keys in the opposite order."""
    if not isinstance(table, dict):
        return table
    return {key: reversed_tables(table[key]) for key in reversed(table)}


def test_the_digest_does_not_depend_on_the_order_of_keys():
    """Nor on that of enabled keys, nor on whether 24 is written 24.0."""
    document = reversed_tables(tables())
    for name in LISTS:  # the order of a closed list is part of it
        del setting(document, name)["labels"]
        setting(document, name)["enabled"].reverse()
    setting(document, "watchlist.max_age")["value"] = 24.0

    assert policy_from_mapping(document, SHIPPED).digest() == SHIPPED.digest()


@pytest.mark.parametrize("key", ["name", "version"])
def test_the_digest_covers_the_header(key):
    """A new version has a new digest even with the same numbers."""
    other = policy_from_mapping(tables() | {key: "other"}, SHIPPED)

    assert other.digest() != SHIPPED.digest()


@pytest.mark.parametrize("name", NUMBERS)
def test_the_digest_covers_every_number(name):
    """Value, unit, bounds and source."""
    number = NUMBERS[name]
    other = number.floor if number.floor not in (None, number.value) else number.ceiling
    if other == number.value:
        other = (number.floor + number.ceiling) / 2 if number.floor is not None else 1
    policy = force_policy(name, value=math.ceil(other) if isinstance(number.value, int) else other)

    assert policy.digest() != SHIPPED.digest()


@pytest.mark.parametrize("name", sorted(n for n, s in LISTS.items() if set(s.keys) - set(s.locked)))
def test_the_digest_covers_every_list(name):
    """The locked keys alone are another policy."""
    other = force_policy(name, enabled=list(LISTS[name].locked))

    assert other.digest() != SHIPPED.digest()


def test_choices_are_settings_too():
    """From the loosest to the strictest."""
    assert SHIPPED.settings["retention.footage_recording"] == PolicyChoice(
        "none",
        ("recorded", "none"),
        "R-33: ours; the software records no footage, a force may beside it",
    )
    stricter = force_policy("authority.min_rank", value="chief_superintendent")
    assert stricter.authority.min_rank == "chief_superintendent"
