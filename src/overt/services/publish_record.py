"""Publish a deployment's record: counted from the log, compared with the store, kept (R-64)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from overt.core.certificate import Certificate
from overt.core.deployment import DeploymentKind
from overt.core.deployment_closing import published
from overt.core.deployment_steps import require_kind
from overt.core.reference import canonical_reference, is_reference
from overt.errors import FiguresDifferError, RecordNotFoundError, RuleError
from overt.evaluation.deployment_count import Counted, count_deployment
from overt.evaluation.published_record import RecordProof, published_record
from overt.services.certify_destruction import destruction_certificate
from overt.services.count_equality import compare_equality, log_equality
from overt.services.find_events import events_of_deployment
from overt.services.published_questions import questions_to_publish
from overt.services.published_statements import statements_to_publish
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.evaluation.deployment_figures import DeploymentFigures
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

KIND = "deployment_record"
"""Kind of the statement under which a published record is kept."""

WITHHELD = "[withheld]"
_ACTION = "publish the record"
_NO_DIGEST = "0" * 64
_WORD = re.compile(r"[^\s,;:()\[\]\"']+")
_MOST_WORDS = 5  # of one reference, such as REF 12 / 2026


def publish_record(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    write: Callable[[str], None] = lambda _: None,
) -> str:
    """Return the record that is published from now on, as JSON text.

    Every figure is counted from the audit log; faces seen and the equality tables are compared
    with the store's own. The text is kept, and its digest stands in the log.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An authorising officer or evaluator.
        deployment_id: Purged, operational.
        write: Called with the text before it is committed: what cannot be written is not
            published.

    Raises:
        FiguresDifferError: The log and the store do not give the same figures.
        RuleError: Not purged, not operational, or not this person; logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, _ACTION, deployment_id, now)
        try:
            require_kind(deployment, DeploymentKind.OPERATIONAL, _ACTION)
            published(deployment, actor, now, record_sha256=_NO_DIGEST)
        except RuleError as error:
            log_refusal(uow, error, _ACTION, actor_id, deployment_id, now)
            raise
        text = _record_text(workplace, uow, deployment, now)
        digest = hashlib.sha256(text.encode()).hexdigest()
        statement_id = workplace.ids.new("record")
        uow.certificates.add(Certificate(statement_id, deployment_id, KIND, now, text))
        record(uow, published(deployment, actor, now, record_sha256=digest), actor_id, now)
        write(text)
        uow.commit()
    return text


def record_of(reading: UnitOfWorkFactory, deployment_id: str) -> str:
    """Return the record of a deployment as it was published.

    Args:
        reading: Opens a unit of work that only looks.
        deployment_id: A published deployment.

    Raises:
        RecordNotFoundError: None was published.
    """
    with reading() as uow:
        kept = [c for c in uow.certificates.of_deployment(deployment_id) if c.kind == KIND]
    if not kept:
        msg = f"no record of {deployment_id} was published"
        raise RecordNotFoundError(msg, key=deployment_id)
    return kept[-1].text


def figures_of(uow: UnitOfWork, deployment_id: str) -> DeploymentFigures:
    """Return the figures of a deployment, counted from the log and compared with the store.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.

    Raises:
        FiguresDifferError: They differ.
    """
    counted = count_deployment(events_of_deployment(uow, deployment_id))
    _compare(uow, deployment_id, counted)
    return counted.figures


def _compare(uow: UnitOfWork, deployment_id: str, counted: Counted) -> None:
    """Let pass only what the store gives too.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
        counted: From the log.

    Raises:
        FiguresDifferError: They differ.
    """
    figures, stored = counted.figures, uow.counts.totals(deployment_id)
    for name, logged, kept in (
        ("faces seen", figures.faces_seen, stored.faces_seen),
        ("searches", figures.searches, stored.searches),
    ):
        if logged != kept:
            msg = f"{name}: the log gives {logged}, the store {kept}"
            raise FiguresDifferError(msg, deployment_id=deployment_id)
    compare_equality(uow, deployment_id, counted)


def _figures(
    uow: UnitOfWork, deployment_id: str, policy: Policy, now: datetime
) -> DeploymentFigures:
    """Return the figures; equality is counted now where no purge has done it."""
    counted = count_deployment(events_of_deployment(uow, deployment_id))
    figures = counted.figures
    if figures.equality is None:
        tables = log_equality(uow, deployment_id, counted.alert_ids, policy, now)
        counted = counted._replace(figures=replace(figures, equality=tables))
    _compare(uow, deployment_id, counted)
    return counted.figures


def _record_text(
    workplace: Workplace, uow: UnitOfWork, deployment: Deployment, now: datetime
) -> str:
    certificate = destruction_certificate(uow, deployment.deployment_id)
    digest = hashlib.sha256(certificate.text.encode()).hexdigest() if certificate else None
    policy = workplace.policies.get(deployment.policy_hash)
    figures = _figures(uow, deployment.deployment_id, policy, now)
    root = base64.b64encode(uow.audit.root()).decode()
    document = published_record(
        deployment,
        figures,
        policy,
        RecordProof(uow.audit.size(), root, digest),
        now,
    )
    clean = _without_references(uow, deployment, document)
    if isinstance(clean, dict):
        # Nobody edits a statement, a question or an answer, not even here.
        clean["statements"] = statements_to_publish(uow, deployment.deployment_id)
        clean["questions"] = questions_to_publish(uow, deployment.deployment_id)
    return json.dumps(clean, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _without_references(
    uow: UnitOfWork, deployment: Deployment, document: Mapping[str, object]
) -> object:
    """Return the record without any listed person's reference that somebody wrote into a text."""
    days = _days(deployment)

    @cache
    def is_listed(words: str) -> bool:
        reference = canonical_reference(words.strip("."))
        found = (p for day, zone in days for p in uow.listed.was_listed(reference, day, zone))
        return is_reference(reference) and any(found)

    def clean(value: object) -> object:
        if isinstance(value, str):
            return _withheld(value, is_listed)
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items()}
        return [clean(inner) for inner in value] if isinstance(value, list) else value

    return clean(document)


def _withheld(text: str, is_listed: Callable[[str], bool]) -> str:
    """Return a text without references; one may be several words with blanks between."""
    words = [found.span() for found in _WORD.finditer(text)]
    parts, done_to, i = [], 0, 0
    while i < len(words):
        first, lasts = words[i][0], range(min(i + _MOST_WORDS, len(words)), i, -1)
        after = next((j for j in lasts if is_listed(text[first : words[j - 1][1]])), None)
        if after is not None:
            parts += [text[done_to:first], WITHHELD]
            done_to = words[after - 1][1]
        i = after or i + 1
    return "".join([*parts, text[done_to:]])


def _days(deployment: Deployment) -> tuple[tuple[date, ZoneInfo], ...]:
    """Return every local day of the deployment's windows: on these somebody was listed."""
    sites = deployment.application.sites if deployment.application else ()
    found = {
        (window.starts_at.astimezone(ZoneInfo(site.time_zone)).date(), ZoneInfo(site.time_zone))
        for site in sites
        for window in site.windows
    }
    return tuple(sorted(found, key=lambda each: each[0]))
