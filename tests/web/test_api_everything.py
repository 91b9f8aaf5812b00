"""Everything that the API's document allows, and much that it does not, on a real store.

The short version runs always; OVERT_API_EXAMPLES=200 asks each route that often.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.cli.deploying import ACCOUNTS, prepare
from tests.web.consoles import a_desk

from overt.bootstrap.store import open_initialised, open_workplace
from overt.core.deployment import DeploymentKind
from overt.core.sign_in import SignInMethod
from overt.services.draft_deployment import draft_deployment
from overt.services.open_session import open_session
from overt.settings import Settings
from overt.web.app import create_app
from overt.web.rate_limit import RateLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

N_EXAMPLES = int(os.environ.get("OVERT_API_EXAMPLES", "1"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENDS_THE_SESSION = {"DELETE /api/v1/session"}
ROLES = ("ap-1", "ao-1", "op-1", "eo-1", "se-1", "ev-1", "au-1")


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> Iterator[tuple[object, dict[str, str]]]:
    """Return the API's schema on a real store, and a token for each account."""
    settings_ = Settings(home=tmp_path_factory.mktemp("api") / "home")
    prepare(settings_.home)
    with open_workplace(settings_) as workplace, open_initialised(settings_) as store:
        now = workplace.clock.now()
        tokens = {}
        with workplace.open() as uow:
            for actor_id in (*ACCOUNTS, "ao-1"):
                actor = replace(uow.actors.get(actor_id), trained_on=now.date())
                uow.actors.save(actor)
                method = SignInMethod.PASSWORD
                tokens[actor_id] = open_session(workplace, uow, actor, method).token
            uow.commit()
        for kind in DeploymentKind:
            draft_deployment(workplace, "ap-1", name="Square", kind=kind)
        console = replace(
            a_desk(tmp_path_factory.mktemp("fakes")).console,
            settings=settings_,
            workplace=workplace,
            reading=store.reading,
        )
        app = create_app(console)
        # Here all requests come from one address, as fast as they can.
        app.user_middleware = [m for m in app.user_middleware if m.cls is not RateLimit]
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app), tokens


@pytest.mark.slow
@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
@pytest.mark.parametrize("actor_id", ROLES)
def test_no_request_breaks_it_or_is_answered_otherwise_than_described(asked, actor_id, mode):
    """For each role: no 5xx, no status, type or shape that the document does not name."""
    schema, tokens = asked
    bearer = {"Authorization": f"Bearer {tokens[actor_id]}", "Accept": "application/json"}
    asked_for = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.label in ENDS_THE_SESSION:
            continue

        @settings(max_examples=N_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            case.call_and_validate(headers=bearer, checks=CHECKS)

        ask()
        asked_for.add(operation.label)

    assert len(asked_for) > 30
