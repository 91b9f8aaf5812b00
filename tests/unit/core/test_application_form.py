from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.unit.core.governed import APPLIED_AT, OPENS, POLICY
from tests.unit.core.typed_forms import a_camera_form, a_form, a_site_form, a_window_form

from overt.core.application_form import (
    ApplicationForm,
    DocumentForm,
    SiteForm,
    form_document,
    form_of_document,
)
from overt.core.application_reading import field_of, read_form
from overt.core.authority import DocumentKind
from overt.core.unmet import Unmet
from overt.errors import JsonInvalidError


def lacking(form):
    """Return the fields in which something is missing or wrong, with what it is."""
    return {each.field: each.problem for each in read_form(form, POLICY, APPLIED_AT).lacking}


@given(st.text(), st.text())
def test_a_draft_is_read_as_it_was_written(aim, place):
    """Whatever was typed."""
    form = a_form(aim=aim, sites=(a_site_form(place=place),))

    assert form_of_document(form_document(form)) == form


@pytest.mark.parametrize(
    "document", ["", "[]", "{}", '{"sites": 1, "documents": [], "categories": []}', "null"]
)
def test_another_document_is_no_draft(document):
    """It is refused, not guessed."""
    with pytest.raises(JsonInvalidError):
        form_of_document(document)


def test_a_whole_form_lacks_nothing():
    """Its times are those on the wall: ten in London in March is ten in UTC."""
    read = read_form(a_form(), POLICY, APPLIED_AT)

    assert read.lacking == ()
    (site,) = read.application.sites
    assert site.windows[0].starts_at == OPENS
    assert site.cameras[0].location_secret_id == "secret-9"
    assert len(read.application.documents) == len(DocumentKind)


def test_an_empty_form_lacks_everything_in_the_order_of_the_page():
    """Every text, sites, categories, numbers, documents."""
    found = list(lacking(ApplicationForm()))

    assert found[:5] == [
        *("aim", "legal_basis", "necessity", "less_intrusive_options", "proportionality")
    ]
    assert found[5:] == [
        *("sites", "categories", "size_cap", "threshold", "threshold_evidence", "notice_plan"),
        *(f"documents.{kind}" for kind in DocumentKind),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"site_id": " "}, "site_id"),
        ({"place": ""}, "place"),
        ({"reason_evidence": ""}, "reason_evidence"),
        ({"presence_grounds": ""}, "presence_grounds"),
        ({"reason_code": "because"}, "reason_code"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"windows": ()}, "windows"),
        ({"windows": (a_window_form(ends_at="2026-03-04T16:00"),)}, "windows"),
        (
            {"windows": (a_window_form(starts_at="2026-03-01T10:00", ends_at="2026-03-01T11:00"),)},
            "windows",
        ),
        ({"windows": (a_window_form(), a_window_form(key="w2"))}, "windows"),
        ({"cameras": ()}, "cameras"),
        ({"cameras": (a_camera_form(camera_id=""),)}, "cameras"),
        ({"cameras": (a_camera_form(secret_id=""),)}, "cameras.c1.address"),
        ({"cameras": (a_camera_form(zone="0,0 1,1"),)}, "cameras.c1.zone"),
        ({"cameras": (a_camera_form(zone="everything"),)}, "cameras.c1.zone"),
        ({"windows": (a_window_form(starts_at="ten"),)}, "windows.w1.starts_at"),
        ({"windows": (a_window_form(ends_at=""),)}, "windows.w1.ends_at"),
        ({"windows": (a_window_form(ends_at="2026-03-03T09:00"),)}, "windows.w1.ends_at"),
    ],
)
def test_a_problem_of_a_site_names_its_field(changes, field):
    """And no other field is blamed for it."""
    found = lacking(a_form(sites=(a_site_form(**changes),)))

    assert found.keys() - {"sites.s1.windows"} == ({f"sites.s1.{field}"} - {"sites.s1.windows"})
    assert f"sites.s1.{field}" in found


def test_a_finding_about_a_sensitive_place_is_needed():
    """That there is none has to be written too."""
    kinds = POLICY.location.sensitive_places.enabled
    nearby = tuple((kind, "" if kind == "school" else "none") for kind in kinds)

    assert list(lacking(a_form(sites=(a_site_form(sensitive_places=nearby),)))) == [
        "sites.s1.sensitive_places.school"
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"size_cap": "many"}, "size_cap"),
        ({"size_cap": ""}, "size_cap"),
        ({"size_cap": "1000000"}, "size_cap"),
        ({"threshold": "high"}, "threshold"),
        ({"threshold": "7"}, "threshold"),
        ({"categories": ("curious",)}, "categories"),
        ({"no_public_notice_code": "no_time"}, "no_public_notice_code"),
        ({"no_public_notice_code": "critical_threat"}, "no_public_notice_reason"),
        ({"sites": ()}, "sites"),
    ],
)
def test_a_problem_names_its_field(changes, field):
    """By number, list and limit."""
    assert field in lacking(a_form(**changes))


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (DocumentForm("DPIA", "a" * 64, ""), "documents.DPIA.review_by"),
        (DocumentForm("DPIA", "A" * 64, "2026-12-31"), "documents.DPIA.sha256"),
        (DocumentForm("DPIA", "a" * 64, "2026-01-31"), "documents.DPIA.review_by"),
        (DocumentForm("DIARY", "a" * 64, "2026-12-31"), "documents.DPIA"),
    ],
)
def test_a_problem_of_a_document_names_its_field(document, field):
    """Digest, day of the review, kind."""
    others = tuple(each for each in a_form().documents if each.kind != "DPIA")

    assert list(lacking(a_form(documents=(document, *others)))) == [field]


def test_an_hour_that_the_clocks_leave_out_is_refused():
    """On 29 March 2026 one o'clock does not come in London."""
    window = a_window_form(starts_at="2026-03-29T01:30", ends_at="2026-03-29T05:00")

    found = lacking(a_form(sites=(a_site_form(windows=(window,)),)))

    assert "does not exist in Europe/London" in found["sites.s1.windows.w1.starts_at"]


def test_an_hour_that_comes_twice_has_to_be_said():
    """On 25 October 2026 half past one comes twice in London."""
    window = a_window_form(starts_at="2026-10-25T01:30", ends_at="2026-10-25T05:00")
    said = a_window_form(starts_at="2026-10-25T01:30", ends_at="2026-10-25T05:00", start_fold="1")

    found = lacking(a_form(sites=(a_site_form(windows=(window,)),)))
    read = read_form(a_form(sites=(a_site_form(windows=(said,)),)), POLICY, APPLIED_AT)

    assert "exists twice" in found["sites.s1.windows.w1.starts_at"]
    assert read.application.sites[0].windows[0].starts_at.hour == 1


def test_a_condition_of_two_sites_leads_to_the_sites():
    """Neither of them alone is to blame."""
    unmet = Unmet("R-01", "a camera at one place at a time, sites a and b", "both have c")

    assert field_of(a_form(), unmet) == "sites"


def test_cameras_are_those_of_all_sites():
    """In order."""
    sites = (a_site_form(), SiteForm("s2", cameras=(a_camera_form(key="c2"),)))

    assert [camera.key for camera in a_form(sites=sites).cameras()] == ["c1", "c2"]
