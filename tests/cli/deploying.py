"""Builders: a machine that is set up, with accounts, and an application in a file."""

from __future__ import annotations

import atexit
import shutil
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from overt.adapters.files.application_template import application_template
from overt.adapters.files.policy_file import read_policy
from overt.bootstrap import installation
from overt.bootstrap.store import open_workplace
from overt.core.roles import Actor, Rank, Role
from overt.services.manage_actors import add_actor, add_first_actor
from overt.settings import Settings

if TYPE_CHECKING:
    from tests.cli.running import Overt

ADDRESS = "rtsp://admin:hunter2@127.0.0.1:9/one"
ACCOUNTS: dict[str, tuple] = {
    "ao-2": (Role.AUTHORISING_OFFICER, Rank.CHIEF_SUPERINTENDENT),
    "ao-3": (Role.AUTHORISING_OFFICER, Rank.INSPECTOR),
    "ap-1": (Role.APPLICANT,),
    "ap-2": (Role.APPLICANT,),
    "op-1": (Role.OPERATOR,),
    "eo-1": (Role.ENGAGEMENT_OFFICER,),
    "se-1": (Role.SYSTEM_ENGINEER,),
    "ev-1": (Role.EVALUATOR,),
    "au-1": (Role.AUDITOR,),
}


def prepare(home: Path) -> None:
    """Set a machine up, with one account a role."""
    settings = Settings(home=home)
    installation.set_up(settings)
    rank = Rank.SUPERINTENDENT
    with open_workplace(settings) as workplace:
        first = Actor("ao-1", frozenset({Role.AUTHORISING_OFFICER}), rank)
        add_first_actor(workplace, first)
        for actor_id, (role, *named) in ACCOUNTS.items():
            actor = Actor(actor_id, frozenset({role}), *named)
            add_actor(workplace, "ao-1", actor)


@cache
def _prepared() -> Path:
    home = Path(mkdtemp(prefix="overt-desk-")) / "home"
    atexit.register(shutil.rmtree, home.parent)
    prepare(home)
    return home


def set_up(overt: Overt) -> None:
    """Give a command line a copy of a machine that is set up."""
    shutil.copytree(_prepared(), overt.home)


def write_application(folder: Path, **changes: str) -> Path:
    """Write an application in which nothing is missing, with its governing documents."""
    starts = datetime.now(ZoneInfo("Europe/London")).replace(tzinfo=None) + timedelta(days=3)
    starts = starts.replace(hour=10, minute=0, second=0, microsecond=0)
    text = application_template(read_policy())
    filled = {
        'no_public_notice_code = ""': "",
        'no_public_notice_reason = ""': "",
        "categories = []": 'categories = ["wanted_by_courts"]',
        "size_cap = 0": "size_cap = 100",
        "threshold = nan": "threshold = 0.93",
        'reason_code = ""': 'reason_code = "serious_crime_here"',
        'location = ""': f'location = "{ADDRESS}"',
        "2000-01-01T10:00:00": starts.isoformat(),
        "2000-01-01T16:00:00": (starts + timedelta(hours=6)).isoformat(),
        "2000-01-01": (starts + timedelta(days=90)).date().isoformat(),
        ' = ""': ' = "a text for the public"',
    }
    text = _with_documents(text, folder)
    for old, new in (*changes.items(), *filled.items(), *changes.items()):
        text = text.replace(old, new)
    path = folder / "application.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _with_documents(text: str, folder: Path) -> str:
    """Return an application that names its governing documents; each is a file of its own."""
    kinds = read_policy().documents.required.enabled
    for kind in kinds:
        text = text.replace('file = ""', f'file = "{kind}.pdf"', 1)
        (folder / f"{kind}.pdf").write_text(f"an assessment: {kind}")
    return text


def drafted(overt: Overt) -> str:
    """Draft a deployment and return its identifier."""
    return overt("deployment", "draft", "Square", "--as", "ap-1", "--json").document[
        "deployment_id"
    ]


def authorised(overt: Overt, folder: Path) -> str:
    """Return the identifier of a deployment with a written authority."""
    name = drafted(overt)
    applied = overt("deployment", "apply", name, write_application(folder), "--as", "ap-1")
    assert applied.status == 0, applied.err
    done = overt("deployment", "authorise", name, "--as", "ao-1", "--reason", "Necessary")
    assert done.status == 0, done.err
    return name
