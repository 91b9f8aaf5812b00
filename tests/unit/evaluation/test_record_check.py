"""The traps of requirements.md, section 6, and counts that cannot be right."""

from __future__ import annotations

import pytest

from overt.evaluation.rates import LimitStatus
from overt.evaluation.record_check import check_record
from overt.evaluation.record_flags import FlagCode
from overt.evaluation.reported_deployment import (
    COLUMNS,
    FALSE_PER_ALERT,
    FALSE_PER_FACE,
    reported_deployment,
)

OXFORD_CIRCUS_2020 = {
    "key": "mps-2020-02-27",
    "operation": "MPS Oxford Circus 27 Feb 2020",
    "watchlist_size": "7292",
    "faces_seen": "8600",
    "alerts": "8",
    "true_alerts": "1",
    "false_alerts": "7",
    "false_engaged": "5",
    "arrests": "1",
    "far_point": "8.13953e-4",
    "far_low": "3.273e-4",
    "far_high": "1.676e-3",
    "false_per_alert": "0.875",
    "false_per_alert_low": "0.4735",
    "false_per_alert_high": "0.9968",
    "status_at_1_in_1000": "not demonstrated",
}


def checked(*rows, **cells):
    """Return the checked rows of cells by column."""
    given = rows or (cells,)
    return check_record([reported_deployment(n, row) for n, row in enumerate(given, 2)])


def codes(**cells):
    """Return the codes of the flags of one row."""
    (row,) = checked(**cells)
    return [flag.code for flag in row.flags]


def messages(**cells):
    """Return the messages of the flags of one row."""
    (row,) = checked(**cells)
    return " / ".join(flag.message for flag in row.flags)


def changed(**cells):
    """Return the codes of the flags of the deployment of 27 February 2020 with other cells."""
    return codes(**OXFORD_CIRCUS_2020 | cells)


def test_a_record_that_is_right_has_no_flag():
    """Row 11, worked out again: shares, intervals, status."""
    (row,) = checked(**OXFORD_CIRCUS_2020)
    again = {each.columns: each for each in row.rates}

    assert row.flags == ()
    assert again[FALSE_PER_FACE].status is LimitStatus.NOT_DEMONSTRATED
    assert again[FALSE_PER_ALERT].observed.text().startswith("7 of 8 alerts (87.5 %")
    assert again[FALSE_PER_ALERT].status is None


def test_an_empty_row_has_nothing_to_check():
    """Any column may be empty, and so may all."""
    (row,) = checked(**dict.fromkeys(COLUMNS, " "))

    assert (row.rates, row.flags, row.reported.name) == ((), (), "row 2")


# --- the traps of section 6, in its order ---------------------------------------------------


def test_reason_totals_exceed_arrests():
    """Row 21: 549 + 347 + 85 = 981 reasons for 962 arrests; both totals are shown."""
    cells = {"arrests": "962", "arrest_reasons": "wanted: 549; grounds: 347; managed: 85"}
    (row,) = checked(**cells)
    (flag,) = row.flags

    assert (flag.code, flag.is_impossible) == (FlagCode.REASONS_EXCEED_ARRESTS, False)
    assert "reason totals exceed arrests: 549 + 347 + 85 = 981 reasons for 962" in flag.message
    assert codes(**cells, arrest_reasons_may_overlap="yes") == []


def test_a_percentage_of_passers_by_that_is_ten_times_too_large():
    """Row 18: 231 of 160,000 is 0.144 %, not 1.5 %."""
    cells = {"faces_seen": "~160,000", "arrests": "231", "arrests_per_face": "1.5 %"}

    assert codes(**cells) == [FlagCode.OFF_BY_POWER_OF_TEN]
    assert "about 10 times what it should be" in messages(**cells)
    assert "231 of 160,000" in messages(**cells)


def test_86_percent_would_be_6_of_7():
    """Row 11: 7 of 8 alerts were false."""
    found = messages(**OXFORD_CIRCUS_2020 | {"false_per_alert": "86 %"})

    assert changed(false_per_alert="86 %") == [FlagCode.SHARE_DIFFERS]
    assert "86 % would be 6 of 7" in found
    assert "7 of 8 alerts (87.5 %" in found


def test_a_rate_per_alert_that_is_said_to_be_per_face():
    """0.1 % error and 81 % error of the same trials: the same data, another denominator."""
    assert changed(far_point="87.5 %", far_low="", far_high="") == [FlagCode.OTHER_DENOMINATOR]
    assert changed(false_per_alert="0.081 %", false_per_alert_low="") == [
        FlagCode.OTHER_DENOMINATOR
    ]
    without_faces = {"far_point": "87.5 %", "false_alerts": "7", "alerts": "8"}
    assert codes(**without_faces, true_alerts="1") == [FlagCode.OTHER_DENOMINATOR]


def test_alerts_that_nobody_checked_are_not_false():
    """Row 9, Essex: 81 % counts 20 unchecked alerts as false; 33 % to 81 % is what is known."""
    cells = {"alerts": "42", "true_alerts": "8", "false_alerts": "14"}
    found = messages(**cells, false_per_alert="81 %")

    assert codes(**cells) == [FlagCode.UNRESOLVED_NOT_STATED]
    assert codes(**cells, unresolved="20", false_per_alert="33.3 %") == []
    assert codes(**cells, false_per_alert="81 %")[1:] == [FlagCode.OTHER_DENOMINATOR]
    assert "20 of 42 alerts are neither true nor false" in found
    assert "between 33.3 % and 81 %" in found
    assert "every alert not shown to be true (34) over alerts" in found


def test_a_rate_without_its_counts():
    """1 in 33,000 and 0.0003 % of periods that overlap: nobody can compare them."""
    assert codes(far_point="1 in 33,000") == [FlagCode.SHARE_WITHOUT_COUNTS]
    assert "without false alerts and faces seen" in messages(far_point="0.0003 %")
    assert codes(status_at_1_in_1000="within") == [FlagCode.SHARE_WITHOUT_COUNTS]


def test_a_day_that_the_date_did_not_have():
    """29 March 2019 was a Friday; 29 May was a Wednesday."""
    cells = {"date": "2019-03-29", "day": "Wednesday"}

    assert codes(**cells) == [FlagCode.DAY_DIFFERS]
    assert messages(**cells) == (
        "29 March 2019 was a Friday, not a Wednesday; a Wednesday of that year were 29 May"
    )
    assert codes(date="2019-05-29", day="wed") == []
    assert codes(operation="Report of Wednesday 29 March 2019") == [FlagCode.DAY_DIFFERS]
    assert codes(operation="Report of Wednesday, 29th May 2019") == []


# --- counts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("alerts", "faces_seen"),
        ("false_alerts", "faces_seen"),
        ("engaged", "alerts"),
        ("false_engaged", "engaged"),
        ("false_engaged", "false_alerts"),
        ("arrests", "engaged"),
        ("arrests", "faces_seen"),
        ("no_further_action", "engaged"),
        ("true_confirmed", "true_alerts"),
        ("recognised", "recognition_opportunities"),
    ],
)
def test_a_part_is_never_more_than_the_whole(part, whole):
    """One more is flagged, as many are not."""
    assert codes(**{part: "8", whole: "7"}) == [FlagCode.PARTS_EXCEED_TOTAL]
    assert codes(**{part: "7", whole: "7"}) == []


@pytest.mark.parametrize(
    "cells",
    [
        {"alerts": "8", "true_alerts": "5", "false_alerts": "4"},
        {"engaged": "3", "arrests": "2", "no_further_action": "2"},
        {"engaged": "3", "true_confirmed": "2", "false_confirmed": "2"},
        {"alerts": "9", "false_alerts": "7", "engaged": "6", "false_engaged": "3"},
    ],
)
def test_parts_together_are_never_more_than_the_whole(cells):
    """Requirements, section 5: the invariants of the columns."""
    assert codes(**cells) == [FlagCode.PARTS_EXCEED_TOTAL]


def test_parts_that_are_all_there_is_add_up():
    """True, false and unresolved alerts are all alerts."""
    cells = {"alerts": "9", "true_alerts": "1", "false_alerts": "7", "unresolved": "0"}

    assert codes(**cells) == [FlagCode.PARTS_DO_NOT_ADD_UP]
    assert codes(**cells | {"unresolved": "1"}) == []


def test_fewer_engaged_after_true_alerts_than_there_were():
    """The rest of the engaged fits into the rest of the alerts."""
    assert codes(alerts="9", false_alerts="5", engaged="6", false_engaged="3") == []


def test_arrests_without_a_reason():
    """One or more may be missing from the reasons."""
    assert codes(arrests="3", arrest_reasons="wanted: 2") == [FlagCode.REASONS_BELOW_ARRESTS]
    assert codes(arrests="2", arrest_reasons="wanted: 2") == []
    assert codes(arrest_reasons="wanted: 2") == []


def test_totals_that_follow_from_parts():
    """Confirmed and unconfirmed make true and false; these make alerts."""
    (row,) = checked(
        true_confirmed="3",
        true_unconfirmed="1",
        false_confirmed="0",
        false_unconfirmed="0",
        false_per_alert="0",
    )

    assert row.flags == ()
    assert row.rates[0].observed.text().startswith("0 of 4 alerts")


# --- shares, intervals, status --------------------------------------------------------------


def test_shares_that_differ():
    """A nought too many, a percent sign too few, and simply wrong."""
    assert changed(far_point="0.0081 %", far_low="", far_high="") == [FlagCode.OFF_BY_POWER_OF_TEN]
    assert "about 1/10 of what" in messages(**OXFORD_CIRCUS_2020 | {"far_point": "0.0081 %"})
    assert changed(far_point="0.081", far_low="", far_high="") == [FlagCode.OFF_BY_POWER_OF_TEN]
    assert changed(far_point="0.05 %", far_high="") == [FlagCode.SHARE_DIFFERS]
    assert changed(far_point="0", far_low="", far_high="") == [FlagCode.SHARE_DIFFERS]


def test_a_rate_of_nothing_has_no_value():
    """Undefined is loud."""
    cells = {"alerts": "0", "true_alerts": "0", "false_alerts": "0", "false_per_alert": "0 %"}

    assert codes(**cells) == [FlagCode.SHARE_OF_NOTHING]
    assert "not defined (0 of 0)" in messages(**cells)
    assert codes(**cells | {"false_per_alert": ""}) == []


def test_no_count_shows_that_something_never_happens():
    """Row 13: none of 15,600 shows at most 1 in 5,207: 1 / 1.920e-4."""
    cells = {"faces_seen": "15600", "false_alerts": "0", "far_point": "1 in infinity"}

    assert codes(**cells) == [FlagCode.ONE_IN_INFINITY]
    assert "none of 15,600 faces seen shows at most 1 in 5,207" in messages(**cells)
    assert "the counts give 1 of" in messages(**cells | {"false_alerts": "1"})
    assert codes(far_point="1 in infinity") == [FlagCode.ONE_IN_INFINITY]


def test_intervals_that_differ():
    """Simply wrong, off by ten, out of order."""
    assert changed(far_high="1.7e-3") == []
    assert changed(far_high="1.9e-3") == [FlagCode.INTERVAL_DIFFERS]
    assert changed(far_high="1.676e-2") == [FlagCode.OFF_BY_POWER_OF_TEN]
    assert changed(far_low="9e-4") == [FlagCode.INTERVAL_OUT_OF_ORDER]


def test_intervals_of_other_kinds_are_named():
    """Wilson 0.529; one-sided 0.529 of 7 in 8; the rule of three for none of 15,600."""
    wilson = messages(alerts="8", false_alerts="7", true_alerts="1", false_per_alert_low="0.529")
    none = {"faces_seen": "15600", "false_alerts": "0"}

    assert "0.529 is an end of Wilson's interval" in wilson
    assert codes(**none, far_high="1.923e-4") == [FlagCode.OTHER_INTERVAL]
    assert "the rule of three" in messages(**none, far_high="1.923e-4")
    assert "a one-sided 95 % bound" in messages(**none, far_high="1.9202e-4")


def test_an_interval_by_person_is_not_held_against_the_exact_one():
    """Walks of one volunteer are alike; only its order can be checked."""
    walks = {"recognised": "80", "recognition_opportunities": "100", "trr_point": "80 %"}

    assert codes(**walks, trr_low="0.62", trr_high="0.95") == []
    assert codes(**walks, trr_low="0.95", trr_high="0.62") == [FlagCode.INTERVAL_OUT_OF_ORDER]


def test_a_status_that_the_interval_does_not_bear_out():
    """0.081 % lies within 0.1 %, its interval does not."""
    assert changed(status_at_1_in_1000="within") == [FlagCode.STATUS_DIFFERS]
    assert changed(status_at_1_in_1000="Not demonstrated") == []
    assert changed(status_at_1_in_1000="fine") == [FlagCode.UNREADABLE]


def test_shares_of_counts_that_contradict_each_other():
    """There is no rate above one; the counts are flagged first."""
    assert codes(false_alerts="9", faces_seen="8", far_point="0.5") == [
        FlagCode.PARTS_EXCEED_TOTAL,
        FlagCode.SHARE_WITHOUT_COUNTS,
    ]


def test_a_zero_alert_is_not_mistaken_for_another_share():
    """A stated nought agrees with many shares that are nought."""
    cells = {"faces_seen": "100", "alerts": "3", "true_alerts": "3", "false_alerts": "0"}

    assert codes(**cells, far_point="3 %") == [FlagCode.OTHER_DENOMINATOR]
    assert codes(**cells, far_point="2 %") == [FlagCode.SHARE_DIFFERS]


# --- rows and dates -------------------------------------------------------------------------


def test_cells_that_cannot_be_read_are_named():
    """A count that is none, a share that is none, reasons that are none."""
    (row,) = checked(alerts="-3", far_point="low", arrest_reasons="wanted 3", faces_seen="\u2013")

    assert row.reported.unreadable == ("alerts", "far_point", "arrest_reasons")
    assert {flag.code for flag in row.flags} == {FlagCode.UNREADABLE}


@pytest.mark.parametrize("text", ["wanted: 3; wanted: 2", ": 3", "wanted:", "wanted: few"])
def test_reasons_that_cannot_be_read(text):
    """Each has a name of its own and a count."""
    assert codes(arrests="3", arrest_reasons=text) == [FlagCode.UNREADABLE]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"date": "29 March 2019"}, FlagCode.UNREADABLE),
        ({"date": "2019-02-29"}, FlagCode.UNREADABLE),
        ({"day": "We"}, FlagCode.UNREADABLE),
        ({"day": "Someday"}, FlagCode.UNREADABLE),
        ({"operation": "Stratford 31 Feb 2020"}, FlagCode.UNREADABLE),
        ({"operation": "Stratford 11 Feb 2020", "date": "2020-02-12"}, FlagCode.DATE_DIFFERS),
    ],
)
def test_dates_that_cannot_be(cells, code):
    """Unknown forms, days that were not, and two dates for one operation."""
    assert codes(**cells) == [code]


def test_dates_that_agree():
    """An operation over two days has no one date."""
    assert codes(operation="Stratford 11 Feb 2020", date="2020-02-11") == []
    assert codes(operation="17 Dec 2018 and 18 Dec 2018", date="2018-12-17") == []


def test_parts_of_a_total():
    """R-66: 8,600 + 12,120 + 105,066 = 125,786 faces; 1 + 4 + 4 = 9 arrests."""
    total = {"key": "all", "faces_seen": "125786", "arrests": "9", "watchlist_size": "5"}
    parts = [
        {"key": "a", "faces_seen": "8600", "arrests": "1", "part_of": "all"},
        {"key": "b", "faces_seen": "12120", "arrests": "4", "part_of": "all"},
        {"key": "c", "faces_seen": "105066", "arrests": "4", "part_of": "all"},
    ]
    too_few, too_many = total | {"faces_seen": "125787"}, total | {"faces_seen": "125785"}
    partly = [*parts[:2], {"key": "c", "part_of": "all", "watchlist_size": "700"}]

    assert all(row.flags == () for row in checked(total, *parts))
    assert [f.code for f in checked(too_few, *parts)[0].flags] == [FlagCode.PARTS_DO_NOT_ADD_UP]
    assert [f.code for f in checked(too_many, *parts)[0].flags] == [FlagCode.PARTS_EXCEED_TOTAL]
    assert all(row.flags == () for row in checked(total, *partly))


def test_keys_name_one_row():
    """Twice the same, and a part of something that is not there."""
    first, second = checked({"key": "a", "part_of": "z"}, {"key": "a"})

    assert [flag.code for flag in first.flags] == [FlagCode.KEY_TWICE, FlagCode.TOTAL_UNKNOWN]
    assert [flag.code for flag in second.flags] == [FlagCode.KEY_TWICE]
    assert first.reported.name == "a"
