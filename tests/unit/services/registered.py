"""Builders: a register on fakes, with deployments in any state and published records."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.unit.core import governed as g
from tests.unit.evaluation.test_published_record import ROW_11
from tests.unit.services.listing import OnePolicy, SetClock

from overt.adapters.publish.register_press import HtmlRegisterPress
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.certificate import Certificate
from overt.core.register import PackEvidence
from overt.evaluation.published_record import RecordProof, published_record
from overt.services.publish_record import KIND
from overt.services.register_files import RegisterFiles
from overt.services.view_register import RegisterView
from overt.testing import FakeStore

EVIDENCE = PackEvidence("A pack", "1", "55 photographs", 0.93, 1210, 0, 275, 11)
STATEMENT = {"filed_at": "2026-03-03T12:00:00Z", "sha256": "c" * 64, "text": "I saw no sign."}
KEY = "force.example/lfr+01234567+AAAA"
NOTE = "force.example/lfr\n7\nAAAA\n\n— force.example/lfr BBBB\n"


@dataclass
class OnePack:
    """The ``PackEvidences`` port: the same for every pack, or nothing."""

    evidence: PackEvidence | None = EVIDENCE

    def of(self, name, digest):
        return self.evidence


@dataclass
class FakeExtras:
    """The ``RegisterExtras`` port."""

    key: str | None = KEY
    note: str | None = NOTE
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def public_key(self):
        return self.key

    def checkpoint(self):
        return self.note

    def notices(self, deployment_id):
        return tuple(self.files.get(deployment_id, {}))

    def notice(self, deployment_id, name):
        return self.files[deployment_id][name]


def at_places(deployment, *places, opens=None):
    """Return a deployment at other places, and at another time."""
    application = deployment.application
    sites = []
    for number, place in enumerate(places):
        site = replace(application.sites[0], site_id=f"s-{number}", place=place)
        if opens is not None:
            site = replace(
                site,
                windows=(replace(site.windows[0], starts_at=opens, ends_at=opens + 6 * g.HOUR),),
            )
        sites.append(site)
    return replace(deployment, application=replace(application, sites=tuple(sites)))


def named(deployment, deployment_id):
    """Return a deployment with another identifier."""
    return replace(deployment, deployment_id=deployment_id)


def text_of_record(deployment, figures=ROW_11, statements=(STATEMENT,)) -> str:
    """Return a record's text as it is published."""
    at = deployment.published_at or g.OPENS + g.DAY
    proof = RecordProof(120, "cm9vdA==", "b" * 64)
    document = published_record(deployment, figures, g.POLICY, proof, at)
    document["statements"] = list(statements)
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


@dataclass
class OpenRegister:
    """A register, and what a test puts into it."""

    store: FakeStore
    clock: SetClock
    extras: FakeExtras
    view: RegisterView
    files: RegisterFiles

    def add(self, deployment, text=None) -> None:
        """Put a deployment in, with the record where it is published."""
        with self.store.unit_of_work() as uow:
            uow.deployments.add(deployment)
            if text is not None:
                identifier = f"record-{deployment.deployment_id}"
                uow.certificates.add(
                    Certificate(identifier, deployment.deployment_id, KIND, g.OPENS, text)
                )
            _tell(uow, EventKind.DEPLOYMENT_DRAFTED, deployment.deployment_id)
            uow.commit()

    def change(self, deployment, kind=EventKind.DEPLOYMENT_ENDED) -> None:
        """Put a deployment in the place of what it was, as a step does."""
        with self.store.unit_of_work() as uow:
            version = uow.deployments.get(deployment.deployment_id).version
            uow.deployments.save(replace(deployment, version=version))
            _tell(uow, kind, deployment.deployment_id)
            uow.commit()

    def page(self, name: str) -> str:
        """Return a page as text."""
        return self.files.file(name).decode()


def a_register(*deployments, now=g.OPENS - g.DAY, extras=None, pack=EVIDENCE, demo=False):
    """Return a register; published deployments get the record of Oxford Circus."""
    store, clock, extras = FakeStore(), SetClock(now), extras or FakeExtras()
    with store.unit_of_work() as uow:
        started = {"software_version": "0", "schema_version": "0"}
        uow.audit.append(
            AuditEvent(EventKind.LOG_STARTED, g.APPLIED_AT, SYSTEM_ACTOR, details=started)
        )
        uow.commit()
    view = RegisterView(
        store.reading,
        OnePolicy(),
        clock,
        OnePack(pack),
        log_name="force.example/lfr",
        is_demonstration=demo,
    )
    files = RegisterFiles(view, HtmlRegisterPress(), extras)
    register = OpenRegister(store, clock, extras, view, files)
    for deployment in deployments:
        is_published = deployment.published_at is not None
        register.add(deployment, text_of_record(deployment) if is_published else None)
    return register


def shipped(name: str) -> Path:
    """Return a file of the templates."""
    from importlib.resources import files

    return Path(str(files("overt.adapters.publish") / "register" / name))


def _tell(uow, kind, deployment_id) -> None:
    details = {"deployment_kind": "operational", "policy_hash": "p", "reason": "-", "where": "-"}
    uow.audit.append(AuditEvent(kind, g.OPENS, SYSTEM_ACTOR, deployment_id, details))
