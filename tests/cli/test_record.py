"""``overt record``: check."""

from __future__ import annotations

import csv

import pytest
from tests.unit.evaluation.test_published_deployments import agrees

ROW = {
    "key": "a",
    "faces_seen": "8600",
    "alerts": "8",
    "true_alerts": "1",
    "false_alerts": "7",
    "far_point": "0.081 %",
}


def write(folder, *rows, name="published.csv"):
    """Write a record of these rows and return its path."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_published_deployments_are_reproduced(overt, shared_data):
    """Every row: shares, ends and status to the digits given, and nothing is flagged."""
    path = shared_data / "published_deployments.csv"
    with path.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))

    ran = overt("record", "check", path, "--json")

    assert (ran.status, ran.err, ran.document["n_flags"]) == (0, "", 0)
    assert [row["key"] for row in ran.document["rows"]] == [row["key"] for row in given]
    for row, cells in zip(ran.document["rows"], given, strict=True):
        rates = {rate["name"]: rate for rate in row["rates"]}
        for name, columns in (
            ("false alerts per face seen", ("far_point", "far_low", "far_high")),
            (
                "false alerts per alert",
                ("false_per_alert", "false_per_alert_low", "false_per_alert_high"),
            ),
        ):
            for column, key in zip(
                columns, ("percent", "low_percent", "high_percent"), strict=True
            ):
                assert not cells[column] or agrees(rates[name][key] / 100, cells[column])
        if status := cells["status_at_1_in_1000"]:
            assert rates["false alerts per face seen"]["status_at_1_in_1000"] == status


def test_a_record_that_is_right(overt, tmp_path):
    """Each rate with its counts and interval; exit status 0."""
    ran = overt("record", "check", write(tmp_path, ROW))

    assert (ran.status, ran.err) == (0, "")
    assert "false alerts per face seen: 7 of 8,600 faces seen (0.081 %" in ran.out
    assert "at 1 in 1,000: not demonstrated" in ran.out
    assert ran.out.splitlines()[-1] == "rows: 1, rates worked out: 2, flags: 0"


def test_what_cannot_be_is_flagged(overt, tmp_path):
    """Exit status 1, and the flag beside its row; also as JSON."""
    path = write(tmp_path, ROW | {"far_point": "0.81 %"})

    ran, document = overt("record", "check", path), overt("record", "check", path, "--json")

    assert ran.status == document.status == 1
    assert "  CANNOT BE: 0.81 % is stated for false alerts per face seen" in ran.out
    (flag,) = document.document["rows"][0]["flags"]
    assert flag["code"] == "off_by_power_of_ten"
    assert flag["cannot_be"] is True
    assert document.document["rows"][0]["rates"][0]["stated"] == {"far_point": "0.81 %"}


def test_what_is_not_explained_is_flagged_too(overt, tmp_path):
    """Reasons that exceed arrests, until the record says that they may overlap."""
    row = {"arrests": "962", "arrest_reasons": "a: 549; b: 347; c: 85"}

    ran = overt("record", "check", write(tmp_path, row))

    assert ran.status == 1
    assert "UNEXPLAINED: reason totals exceed arrests" in ran.out


def test_a_text_of_the_file_moves_no_cursor(overt, tmp_path):
    """What a terminal would obey is replaced."""
    ran = overt("record", "check", write(tmp_path, ROW | {"key": "a\x1b[2J"}))

    assert ran.out.splitlines()[0] == "a?[2J"


@pytest.mark.parametrize(
    "text",
    ["", "key\n", "key,key\na,b\n", "key,arests\na,3\n", 'key\n"a\n'],
    ids=["empty", "no row", "column twice", "column misspelt", "open quote"],
)
def test_a_file_that_cannot_be_checked_is_refused(overt, tmp_path, text):
    """A misspelt column would go unchecked; exit status 2."""
    path = tmp_path / "published.csv"
    path.write_text(text, encoding="utf-8")

    assert overt.fails("record", "check", path) == (2, "record.file_invalid")


def test_rows_of_another_length_are_named(overt, tmp_path):
    """The others are checked all the same."""
    path = tmp_path / "published.csv"
    path.write_text("key,alerts,arrests\na,3\nb,3,4\n", encoding="utf-8")

    document = overt("record", "check", path, "--json").document

    assert [row["flags"][0]["code"] for row in document["rows"]] == [
        "unreadable",
        "parts_exceed_total",
    ]


def test_a_file_without_end_is_refused(overt, tmp_path):
    """No more than 100,000 rows are looked at."""
    path = tmp_path / "published.csv"
    path.write_text("key\n" + "a\n" * 100_001, encoding="utf-8")

    assert overt.fails("record", "check", path) == (2, "record.file_invalid")
