"""Builders: the form of an application in which nothing is missing, and parts of it."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.core.governed import POLICY, digest_of

from overt.core.application_form import (
    ApplicationForm,
    CameraForm,
    DocumentForm,
    SiteForm,
    WindowForm,
)


def a_window_form(**changes: object) -> WindowForm:
    """Return a window of six hours on a day in March."""
    return replace(WindowForm("w1", "2026-03-03T10:00", "2026-03-03T16:00"), **changes)


def a_camera_form(**changes: object) -> CameraForm:
    """Return a camera whose address lies in the vault."""
    return replace(CameraForm("c1", "north-camera", secret_id="secret-9"), **changes)


def a_site_form(**changes: object) -> SiteForm:
    """Return a site with one window and one camera."""
    nearby = tuple((kind, "none") for kind in POLICY.location.sensitive_places.enabled)
    site = SiteForm(
        key="s1",
        site_id="north",
        place="The square",
        time_zone="Europe/London",
        reason_code="serious_crime_here",
        reason_evidence="INT-2026-11",
        presence_grounds="Arrests of listed people were made here",
        sensitive_places=nearby,
        windows=(a_window_form(),),
        cameras=(a_camera_form(),),
    )
    return replace(site, **changes)


def a_form(**changes: object) -> ApplicationForm:
    """Return a form in which nothing is missing."""
    kinds = POLICY.documents.required.enabled
    form = ApplicationForm(
        aim="Find people wanted by the courts",
        legal_basis="Common law",
        necessity="Arrests at home have failed",
        less_intrusive_options="Patrols were tried",
        proportionality="One square, six hours",
        categories=("wanted_by_courts",),
        size_cap="100",
        threshold="0.93",
        threshold_evidence="TEST-7",
        notice_plan="Four signs",
        documents=tuple(DocumentForm(kind, digest_of(kind), "2026-12-31") for kind in kinds),
        sites=(a_site_form(),),
    )
    return replace(form, **changes)
