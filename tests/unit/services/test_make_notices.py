from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.unit.core import governed as g
from tests.unit.core.maps import a_map, at
from tests.unit.core.noticed import some_details
from tests.unit.services.listing import a_workplace

from overt.core.notice_details import TranslationApproval
from overt.core.notice_words import SheetKind
from overt.errors import NoticeLanguageUnknownError, RecordNotFoundError
from overt.services.check_notices import SAMPLE_DETAILS, check_notices, sample_facts
from overt.services.make_notices import STANDARD, NoticeOrder, NoticeWorks, make_notices
from overt.testing import FakeLanguages, FakePress

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def works(press=None, known=("en", "cy")):
    """Return what notices are made with, faked."""
    return NoticeWorks(FakeLanguages(known), press or FakePress(), lambda _: "<svg/>")


def made(deployment=None, details=None, press=None, known=("en", "cy"), **changes):
    """Return the files of a deployment's notices, by name."""
    workplace = a_workplace(deployment or replace(g.ready(), version=0))
    order = replace(NoticeOrder(("en",), (SheetKind.CARD,), "Europe/London"), **changes)
    files = make_notices(
        workplace.open,
        workplace.policies,
        "d-1",
        details or some_details(),
        order,
        works(press, known),
        NOW,
    )
    return {file.name: file.content for file in files}


def test_the_files_of_one_language():
    """PDF, a picture a page, two texts to post, and the list of it all."""
    assert list(made()) == [
        "en/card.pdf",
        "en/card-1.png",
        "en/card-2.png",
        "en/social-short.txt",
        "en/social-long.txt",
        "notices.json",
    ]


def test_the_list_names_every_file_by_its_digest():
    """Whoever finds a notice can tell whether it is one of these."""
    files = made()
    contents = json.loads(files["notices.json"])

    assert contents["deployment"] == "d-1"
    assert contents["policy"] == g.POLICY.digest()
    assert contents["page"] == "https://police.example/lfr/d-1"
    assert contents["made_at"] == "2026-03-01T12:00:00+00:00"
    for entry in contents["files"]:
        assert entry["sha256"] == hashlib.sha256(files[entry["file"]]).hexdigest()
        assert entry["is_reviewed"] is True


def test_a_translation_is_marked_until_it_is_reviewed():
    """On every page, on every text to post, and in the list; English is the source."""
    press = FakePress()
    files = made(press=press, languages=("en", "cy"))

    assert [(code, is_reviewed) for _, code, is_reviewed in press.printed] == [
        ("en", True),
        ("cy", False),
    ]
    assert files["cy/social-short.txt"].startswith(b"[cy: Translation to be reviewed]\n")
    assert files["en/social-short.txt"].startswith(b"en: ")


def test_a_reviewed_translation_is_not_marked():
    """The approval names the catalogue as it is."""
    approval = TranslationApproval("c" * 64, "Welsh desk", date(2026, 5, 1))
    press = FakePress()
    files = made(press=press, languages=("cy",), details=some_details(approvals={"cy": approval}))

    assert [is_reviewed for _, _, is_reviewed in press.printed] == [True]
    assert files["cy/social-short.txt"].startswith(b"cy: Example Police")


def test_a_demonstration_is_marked_on_every_notice_and_post():
    """Above whatever else is said; a notice of a force has no such mark."""
    workplace, press = a_workplace(replace(g.ready(), version=0)), FakePress()
    order = NoticeOrder(("cy",), (SheetKind.CARD,), "Europe/London")
    shown = replace(works(press), is_demonstration=True)
    files = make_notices(
        workplace.open, workplace.policies, "d-1", some_details(), order, shown, NOW
    )
    posts = [file.content for file in files if file.name.endswith(".txt")]

    assert press.printed[0][0].demonstration.text == "DEMONSTRATION: nothing of this is real"
    first = b"[cy: DEMONSTRATION: nothing of this is real]\n[cy: Translation to be reviewed]\ncy: "
    assert posts[0].startswith(first)
    assert posts[1].startswith(first[:44])
    other = FakePress()
    assert b"DEMONSTRATION" not in b"".join(made(press=other).values())
    assert other.printed[0][0].demonstration is None


def test_the_map_shows_the_signs_that_stand_near_it():
    """R-62: those of the deployment, each position once; not those taken down or far away."""
    near = g.a_notice("near", latitude_deg=0.003, longitude_deg=0)
    gone = g.a_notice("gone", latitude_deg=0.002, longitude_deg=0, removed_at=g.OPENS)
    twice, far = replace(near, notice_id="twice"), g.a_notice("far")
    deployment = replace(g.ready(), notices=(near, gone, twice, far), version=0)
    press = FakePress()

    files = made(deployment, press=press, sheets=(SheetKind.LEAFLET,), street=a_map())

    ((sheet, _, _),) = press.printed
    assert sheet.street.signs == (at(0, 3),)
    assert files["map.svg"] == b"<svg/>"
    assert [e["file"] for e in json.loads(files["notices.json"])["files"]][-1] == "map.svg"


def test_signs_of_another_site_are_on_another_map():
    """R-61: the poster of one site shows its own signs."""
    south = g.a_site("south")
    north, other = (
        g.a_notice(site, site_id=site, latitude_deg=0.003 + n / 1000, longitude_deg=0)
        for n, site in enumerate(("north", "south"))
    )
    application = g.an_application(sites=(g.a_site(), south))
    deployment = replace(g.authorised(application), notices=(north, other), version=0)
    press = FakePress()

    made(deployment, press=press, sheets=(SheetKind.LEAFLET,), street=a_map(), site_id="south")

    assert press.printed[0][0].street.signs == (at(0, 4),)
    assert [place.place for place in press.printed[0][0].places] == ["The square, south"]


def test_what_is_made_without_being_asked_for():
    """R-57, R-61: posters, leaflet and card; large print is asked for."""
    assert set(SheetKind) - set(STANDARD) == {SheetKind.LARGE_PRINT}


def test_a_language_without_a_catalogue_is_refused_before_anything_is_made():
    """Nothing half-made is left."""
    press = FakePress()
    with pytest.raises(NoticeLanguageUnknownError):
        made(press=press, languages=("en", "tlh"))

    assert press.printed == []


def test_a_deployment_that_is_not_there():
    """Its identifier is unknown."""
    workplace = a_workplace(replace(g.ready(), version=0))
    order = NoticeOrder(("en",), STANDARD, "UTC")
    files = make_notices(
        workplace.open, workplace.policies, "d-2", some_details(), order, works(), NOW
    )

    with pytest.raises(RecordNotFoundError):
        list(files)


def test_a_check_names_what_does_not_fit():
    """A language that is damaged or too long is told with its code; the others go on."""
    press = FakePress(unfit=frozenset({SheetKind.CARD}))
    facts = sample_facts(g.POLICY, NOW)

    english, broken = check_notices(
        facts, SAMPLE_DETAILS, a_map(), works(press), NOW, languages=("en", "tlh")
    )

    assert english.problems == ("card: too long [notice.text_unfit]",)
    assert english.n_pages == dict.fromkeys(set(SheetKind) - {SheetKind.CARD}, 2)
    assert (broken.code, broken.sha256, broken.n_pages) == ("tlh", "", {})
    assert broken.problems[0].endswith("[notice.language_unknown]")


def test_the_sample_uses_all_that_a_policy_knows():
    """What fits there fits anywhere."""
    facts = sample_facts(g.POLICY, NOW)

    assert facts.categories == g.POLICY.watchlist.categories.keys
    assert facts.reasons == g.POLICY.location.reasons.enabled
    assert sum(len(site.windows) for site in facts.sites) == 10
    assert [one.code for one in check_notices(facts, SAMPLE_DETAILS, None, works(), NOW)] == [
        "en",
        "cy",
    ]
