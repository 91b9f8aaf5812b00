"""Deployments and other values of the core as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from contract.records import RECORDS, a_deployment, values_of
from overt.adapters.store.documents import codec, deployment_document, deployment_of, dump, load
from overt.core.deployment import Deployment
from overt.core.zone import Zone
from overt.errors import StoreCorruptError, ValueRefusedError


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_value_comes_back_as_it_was(kind, data):
    """Also texts with any letter, and every alternative of a field."""
    value = data.draw(values_of(kind))

    assert load(kind, dump(kind, value)) == value


@given(values_of(Deployment))
def test_a_deployment_s_document_is_plain_json(deployment):
    """Of ASCII letters, and always the same."""
    document = deployment_document(deployment)

    assert document.isascii()
    assert json.loads(document)["deployment_id"] == deployment.deployment_id
    assert deployment_document(deployment_of(document)) == document


def test_an_older_document_lacks_what_came_later():
    """Fields with a default may be missing; others may not."""
    document = json.loads(deployment_document(a_deployment()))
    del document["published_at"], document["version"]
    assert deployment_of(json.dumps(document)) == a_deployment()
    del document["name"]
    with pytest.raises(StoreCorruptError):
        deployment_of(json.dumps(document))


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": 1},
        {"state": "happy"},
        {"created_at": "yesterday"},
        {"created_at": 5},
        {"version": "1"},
        {"version": True},
        {"name": None},
        {"application": {"aim": "x"}},
        {"notices": 7},
    ],
)
def test_a_damaged_document_is_an_error_of_integrity(change):
    """A wrong type, word or field anywhere."""
    document = json.loads(deployment_document(a_deployment())) | change
    with pytest.raises(StoreCorruptError) as caught:
        deployment_of(json.dumps(document))

    assert caught.value.exit_status == 3


@pytest.mark.parametrize("document", ["", "{", "[]", "null", "3"])
def test_what_is_no_document(document):
    """Cut short, or something else."""
    with pytest.raises(StoreCorruptError):
        deployment_of(document)


def test_a_rule_of_the_core_holds_for_documents_too():
    """A zone of two corners cannot be read back."""
    with pytest.raises(StoreCorruptError):
        load(Zone, '{"corners_xy":[[0,0],[1,1]]}')


def test_a_naive_time_and_a_number_that_json_lacks_are_refused():
    """Before anything is written."""
    naive = replace(a_deployment(), created_at=datetime(2026, 3, 2))
    with pytest.raises(ValueRefusedError):
        deployment_document(naive)
    with pytest.raises(ValueRefusedError):
        dump(float, float("nan"))


@pytest.mark.parametrize("kind", [bytes, list[int], dict, object])
def test_other_types_are_not_kept(kind):
    """Bytes least of all: a picture has no place in a document."""
    with pytest.raises(TypeError):
        codec(kind)
