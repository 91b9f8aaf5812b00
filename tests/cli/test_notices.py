from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image
from tests.cli.deploying import authorised, drafted, set_up
from tests.unit.core.maps import AROUND, SQUARE, collection, feature, line, point, polygon

DETAILS = """
force = "Example Police"
contact = "101"
complaints = "Professional Standards, PO Box 7"
page = "https://police.example/lfr/{deployment}"
"""


@pytest.fixture
def files(tmp_path):
    """Return the options that name the force's details, a zone and a way round it."""
    (tmp_path / "details.toml").write_text(DETAILS, encoding="utf-8")
    (tmp_path / "zone.geojson").write_text(json.dumps(polygon(SQUARE)), encoding="utf-8")
    (tmp_path / "route.geojson").write_text(json.dumps(line(AROUND)), encoding="utf-8")
    return (
        *("--details", tmp_path / "details.toml"),
        *("--zone", tmp_path / "zone.geojson"),
        *("--route", tmp_path / "route.geojson"),
    )


def test_notices_of_a_deployment(overt, tmp_path, files):
    """R-57, R-60, R-61: from an authorised deployment to a folder of posters, leaflets, cards."""
    set_up(overt)
    name, out = authorised(overt, tmp_path), tmp_path / "notices"

    made = overt("notices", "make", name, *files, "--out", out, "--language", "cy", "--json")

    assert made.status == 0, made.err
    names = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert names == [
        "cy/card-1.png",
        "cy/card-2.png",
        "cy/card.pdf",
        "cy/leaflet-1.png",
        "cy/leaflet-2.png",
        "cy/leaflet.pdf",
        "cy/poster-a2.pdf",
        "cy/poster-a2.png",
        "cy/poster-a4.pdf",
        "cy/poster-a4.png",
        "cy/social-long.txt",
        "cy/social-short.txt",
        "map.svg",
        "notices.json",
    ]
    assert made.document == {"folder": str(out), "n_files": len(names)}
    contents = json.loads((out / "notices.json").read_text(encoding="utf-8"))
    assert contents["page"] == f"https://police.example/lfr/{name}"
    assert [entry["is_reviewed"] for entry in contents["files"] if "language" in entry] == [
        False
    ] * 12
    poster = Image.open(BytesIO((out / "cy/poster-a2.png").read_bytes()))
    assert poster.width / poster.height == pytest.approx(420 / 594, rel=1e-3)


def test_a_folder_that_is_there_is_never_replaced(overt, tmp_path, files):
    """What hangs in the street may have come from it."""
    set_up(overt)
    name = authorised(overt, tmp_path)
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "kept").touch()

    assert overt.fails("notices", "make", name, *files, "--out", tmp_path / "notices") == (
        1,
        "output.unwritable",
    )
    assert [path.name for path in (tmp_path / "notices").iterdir()] == ["kept"]


def test_a_draft_has_no_notices(overt, tmp_path, files):
    """R-60: only what was authorised is announced; nothing is left of the attempt."""
    set_up(overt)
    name = drafted(overt)

    assert overt.fails("notices", "make", name, *files, "--out", tmp_path / "notices") == (
        1,
        "deployment.wrong_state",
    )
    assert not (tmp_path / "notices").exists()
    assert not list(tmp_path.glob(".part-*"))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--language", "tlh"), "notice.language_unknown"),
        (("--site", "nowhere"), "notice.invalid"),
        (("--details", "missing.toml"), "notice.details_invalid"),
        (("--zone", "missing.geojson"), "notice.map_invalid"),
    ],
)
def test_what_cannot_be_used(overt, tmp_path, files, options, code):
    """A language, a site, a file that is none: status 2 and a code."""
    set_up(overt)
    name = authorised(overt, tmp_path)

    assert overt.fails(
        "notices", "make", name, *files, *options, "--out", tmp_path / "notices"
    ) == (2, code)


def test_a_way_round_needs_a_zone(overt, tmp_path, files):
    """A route alone is no map."""
    set_up(overt)
    name = authorised(overt, tmp_path)

    assert overt.fails(
        "notices", "make", name, *files[:2], *files[4:], "--out", tmp_path / "notices"
    ) == (2, "notice.map_invalid")


def test_the_template_is_a_file_that_only_lacks_its_texts(overt, tmp_path, files):
    """What `template` prints is read once it is filled in."""
    printed = overt("notices", "template")
    filled = printed.out.replace('= "" ', '= "https://x.example" ', 5)
    (tmp_path / "details.toml").write_text(filled, encoding="utf-8")
    set_up(overt)
    name = authorised(overt, tmp_path)

    made = overt("notices", "make", name, *files, "--out", tmp_path / "n", "--language", "en")

    assert made.status == 0, made.err
    assert "14 files" in made.out


@pytest.mark.slow
def test_every_notice_fits_in_every_language(overt):
    """All reasons, all categories, two places, eight windows: six languages, five notices."""
    set_up(overt)

    checked = overt("notices", "check", "--json")

    assert checked.status == 0, checked.out
    document = checked.document
    assert [one["code"] for one in document["languages"]] == ["en", "ar", "bn", "cy", "fr", "pl"]
    assert all(len(one["pages"]) == 5 for one in document["languages"])
    assert document["reading_age_years"] <= 12


def test_a_check_of_one_deployment(overt, tmp_path, files):
    """In words: digests to approve, pages, the reading age with this deployment's aim."""
    set_up(overt)
    name = authorised(overt, tmp_path)

    checked = overt("notices", "check", name, *files, "--language", "cy")

    assert checked.status == 0, checked.err
    assert "cy: 5 notices" in checked.out
    assert "to be reviewed" in checked.out
    assert "at most 12" in checked.out


def signs(*latitudes):
    """Return planned signs north of the zone, at these thousandths of a degree."""
    return collection(
        *(
            feature(point(0.5, north), name=f"sign {n}", site="site-1")
            for n, north in enumerate(latitudes)
        )
    )


def test_a_plan_of_signs_has_to_be_filled(overt, tmp_path, files):
    """R-61: planned from a file, shown, and named as a condition until each has its sign."""
    set_up(overt)
    name = authorised(overt, tmp_path)
    plan = tmp_path / "signs.geojson"
    plan.write_text(json.dumps(signs(2.5, 4)), encoding="utf-8")
    zone = files[2:4]

    planned = overt(
        "deployment", "plan-signs", name, plan, *zone, "--as", "ap-1", "--reason", "Both ways in"
    )

    assert planned.status == 0, planned.err
    shown = overt("deployment", "show", name)
    assert "sign 0 at site-1, 0.002500,0.000500, 166.793 m" in " ".join(shown.out.split())
    missing = overt("deployment", "conditions", name, "--json").document
    assert [each["condition"] for each in missing if "sign 1" in each["condition"]] == [
        "a sign within 30 m of sign 1 at site site-1, 0.004000,0.000500"
    ]


@pytest.mark.parametrize(
    ("latitudes", "code"),
    [
        ((2.5, 1.5), "notice.invalid"),  # the second is 56 m before the zone
        ((2.5, 2.6), "notice.invalid"),  # 11 m apart
        ((2.5, 0.5), "notice.map_invalid"),  # in the zone
    ],
)
def test_a_plan_that_is_not_enough(overt, tmp_path, files, latitudes, code):
    """R-61: too near, too close together, in the zone: status 2."""
    set_up(overt)
    name = authorised(overt, tmp_path)
    plan = tmp_path / "signs.geojson"
    plan.write_text(json.dumps(signs(*latitudes)), encoding="utf-8")
    planning = ("deployment", "plan-signs", name, plan, *files[2:4], "--as", "ap-1")

    assert overt.fails(*planning, "--reason", "Both ways in") == (2, code)


def test_a_rehearsal_has_notices_too(overt, tmp_path, files):
    """R-22, R-61: whoever passes a rehearsal reads that nobody but volunteers is looked for."""
    set_up(overt)
    drafting = ("deployment", "draft", "Test yard", "--rehearsal", "--as", "ev-1", "--json")
    name = overt(*drafting).document["deployment_id"]
    consent = ("--volunteers", "4", "--until", "2030-06-12T16:00+01:00", "--live-cameras")
    (tmp_path / "forms.pdf").write_text("forms")
    recorded = overt(
        "deployment", "consent", name, tmp_path / "forms.pdf", *consent, "--as", "ev-1"
    )
    assert recorded.status == 0, recorded.err
    out = tmp_path / "notices"

    made = overt("notices", "make", name, *files, "--out", out, "--language", "en")

    assert made.status == 0, made.err
    post = (out / "en" / "social-long.txt").read_text(encoding="utf-8")
    assert "Test of live facial recognition" in post
    assert "Until Wednesday, 12 June 2030, 16:00" in post
    assert "People who agreed to take part: 4" in post
