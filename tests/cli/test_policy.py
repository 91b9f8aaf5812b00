"""``overt policy``: show, check, diff."""

from __future__ import annotations

import pytest
from tests.unit.core.policy_tables import SHIPPED, SHIPPED_TEXT

AGE = 'value = 24\nunit = "h"\nceiling = 24\n'


def write(folder, *changes: tuple[str, str], name="ours.toml"):
    """Write the shipped policy with parts of its text replaced, and return its path."""
    text = SHIPPED_TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_show_prints_digest_and_version_first(overt):
    """What a deployment is compared by."""
    ran = overt("policy", "show")

    lines = ran.out.splitlines()
    assert (ran.status, ran.err) == (0, "")
    assert lines[0].split() == ["sha256", SHIPPED.digest()]
    assert lines[1].split() == ["version", "1"]
    assert lines[2].startswith("name     overt, as shipped")
    assert max(len(line.rstrip()) for line in lines) <= 80


def test_show_prints_every_setting(overt):
    """Value, unit, bounds, source; every key of every closed list, with its state."""
    flat = "".join(overt("policy", "show").out.split())

    for name, setting in SHIPPED.settings.items():
        for key in getattr(setting, "keys", [name.split(".", 1)[1]]):
            assert key.replace(" ", "") in flat, name
    assert "max_age24hR-13:ours;" in flat
    assert "upto24" in flat
    assert "wanted_by_policeWantedbythepoliceenabled" in flat
    assert "missing_or_at_riskMissing,oratriskofharmnotenabled" in flat
    assert "redImmediateresponsealwaysenabled" in flat
    assert "orrecorded" in flat


def test_show_as_json(overt, tmp_path):
    """The file's own values, with bounds, source and digest."""
    path = write(tmp_path, ("value = 2000\n", "value = 500\n"))

    document = overt("policy", "show", path, "--json").document

    assert document["sha256"] != SHIPPED.digest()
    assert document["settings"]["watchlist.size_cap"] == {
        "value": 500,
        "unit": "entries",
        "floor": 1,
        "ceiling": 20000,
        "source": SHIPPED.number("watchlist.size_cap").source,
        "looser": "up",
    }
    categories = document["settings"]["watchlist.categories"]
    assert categories["enabled"] == ["wanted_by_police", "wanted_by_courts"]
    assert categories["labels"]["wanted_by_police"] == "Wanted by the police"
    assert document["settings"]["authority.min_rank"]["value"] == "superintendent"


def test_check_accepts_a_policy_within_its_bounds(overt, tmp_path):
    """Exit status 0 with its digest."""
    ran = overt("policy", "check", write(tmp_path))

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[0].split() == ["sha256", SHIPPED.digest()]
    assert ran.out.splitlines()[-1] == "everything is within its bounds"


def test_check_lists_every_problem(overt, tmp_path):
    """One a line with ceiling and source; exit status 2."""
    path = write(
        tmp_path,
        (AGE, 'value = 25\nunit = "h"\nceiling = 48\n'),
        ('value = "superintendent"', 'value = "sergeant"'),
        ("value = 2000\n", "value = 1_000_000\n"),
    )

    ran = overt("policy", "check", path)

    age, size = (SHIPPED.number(f"watchlist.{name}").source for name in ("max_age", "size_cap"))
    ranks = "superintendent, chief_superintendent"
    rank = "watchlist.under_18_exception_min_rank"
    assert ran.status == 2
    assert ran.out.splitlines() == [
        "watchlist.max_age.ceiling: a force's policy cannot change it from 24 to 48",
        f"watchlist.max_age: 25 h is above the ceiling of 24 h ({age})",
        f"watchlist.size_cap: 1000000 entries is above the ceiling of 20000 entries ({size})",
        f'{rank}: expected one of {ranks}, found "sergeant"',
    ]
    assert ran.err == "overt: policy ours.toml: refused, problems: 4 [policy.invalid]\n"


@pytest.mark.parametrize("command", [["check"], ["show"], ["diff"]])
def test_a_file_that_is_not_there(overt, tmp_path, command):
    """One line; exit status 2."""
    path = tmp_path / "none.toml"

    assert overt.fails("policy", *command, path) == (2, "policy.invalid")


def test_diff_shows_only_what_differs(overt, tmp_path):
    """With before, after and direction."""
    a = write(tmp_path, (AGE, 'value = 12\nunit = "h"\n'), name="a.toml")
    b = write(
        tmp_path,
        ("value = 2000\n", "value = 3000\n"),
        ('["wanted_by_police", "wanted_by_courts"]', '["wanted_by_courts"]'),
        name="b.toml",
    )

    ran = overt("policy", "diff", a, b)

    rows = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (0, "")
    assert "watchlist.max_age 12 h 24 h loosened" in rows
    assert "watchlist.size_cap 2000 entries 3000 entries loosened" in rows
    assert "tightened" in ran.out
    assert "retention" not in ran.out


def test_diff_compares_with_the_shipped_policy(overt, tmp_path):
    """When only one file is named."""
    same, other = write(tmp_path), write(tmp_path, (AGE, 'value = 1\nunit = "h"\n'), name="b.toml")

    assert overt("policy", "diff", same).out == "no difference\n"
    assert "24 h 1 h tightened" in " ".join(overt("policy", "diff", other).out.split())


def test_markup_in_a_forces_texts_is_shown_as_it_is(overt, tmp_path):
    """Brackets are no colours."""
    path = write(tmp_path, ('version = "1"', 'version = "[red]2[/red]"'))

    assert "[red]2[/red]" in overt("policy", "show", path).out
    assert "[red]2[/red]" in overt("policy", "diff", path).out


@pytest.mark.parametrize("command", ["", "show", "check", "diff"])
def test_every_command_helps(overt, command):
    """With 0 on standard output, within 80 columns, and no first line that is cut off."""
    ran = overt("policy", *command.split(), "--help")

    assert (ran.status, ran.err) == (0, "")
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    assert "..." not in ran.out.replace("COMMAND [ARGS]...", "")
