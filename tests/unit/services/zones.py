"""Builders: the draft of an application with two cameras, one of them without an address."""

from __future__ import annotations

from overt.core.application_form import ApplicationForm, CameraForm, SiteForm
from overt.services.save_draft import save_draft

ADDRESS = "rtsp://operator:secret@camera.example/one"
WHOLE = "0,0 1,0 1,1 0,1"


def with_draft(workplace, zone=WHOLE, **changes):
    """Save a draft of d-1 and return the workplace."""
    cameras = (CameraForm("row-1", "north-1", zone), CameraForm("row-2", " "))
    site = SiteForm("site-1", "north", "The square", "Europe/London", cameras=cameras)
    form = ApplicationForm(aim="Find people", sites=(site,), **changes)
    save_draft(workplace, "applicant-1", "d-1", form, {"row-1": ADDRESS}, seen="")
    return workplace
