"""What the store cannot hold: there is no table and no column for it (design, section 4)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.dialects import postgresql, sqlite

from overt.adapters.store.schema import metadata

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
COLUMNS = [column for table in TABLES for column in table.columns]

# Table and column -> why bytes are kept there.
BYTES = {
    "secrets.nonce": "12 random bytes",
    "secrets.ciphertext": "encrypted under the deployment's key",
    "deployment_keys.nonce": "12 random bytes",
    "deployment_keys.wrapped": "encrypted under the master key",
    "request_keys.nonce": "12 random bytes",
    "request_keys.wrapped": "encrypted under the master key",
    "request_texts.nonce": "12 random bytes",
    "request_texts.ciphertext": "encrypted under the request's key",
    "audit_log.line": "canonical JSON; core.personal_data refuses pictures, templates and names",
    "audit_log.hash": "SHA-256",
    "audit_tree.last_hash": "SHA-256",
    "audit_tree.hashes": "SHA-256",
}
# Sex is recorded by an officer or said by the person, never guessed: R-56.
SAID_OR_PERCEIVED = {"engagements.sex_code", "engagements.age_band_code"}
# People in an office outlive every deployment.
OF_ACCOUNTS = {"credentials", "identities", "sessions", "sign_in_links"}
# What a force has approved holds for all deployments.
OF_THE_FORCE = {"reviewed_translations"}
# Who asks may not know of any deployment.
OF_REQUESTS = {"public_requests", "request_keys", "request_texts"}
# Every table, and whose rows it holds. A face without an alert is in none of them.
TABLES_OF = {
    "actors": "people in an office, by identifier",
    "alerts": "people with an alert",
    "application_drafts": "deployments",
    "audit_log": "what was done",
    "audit_tree": "what was done",
    "blue_passes": "consenting volunteers",
    "certificates": "deployments",
    "credentials": "people in an office, by identifier",
    "decisions": "people with an alert",
    "deployment_keys": "deployments",
    "deployments": "deployments",
    "engagements": "contacts of officers, nobody named",
    "identities": "people in an office, by identifier",
    "invitations": "deployments; observers, by identifier",
    "listed_periods": "people listed, by reference",
    "messages": "deployments; who asks and who answers, by identifier",
    "minute_counts": "numbers",
    "notice_papers": "deployments",
    "public_requests": "people who ask, nobody named",
    "request_keys": "people who ask",
    "request_texts": "people who ask, encrypted",
    "reviewed_translations": "what was done",
    "score_histogram": "numbers",
    "secrets": "people listed or with an alert; places of cameras",
    "sessions": "people in an office, by identifier",
    "sign_in_links": "people in an office, by identifier",
    "statements": "deployments; observers as their authors, by identifier",
    "volunteers": "consenting volunteers",
    "watchlist_entries": "people listed",
}


def place(column) -> str:
    """Return ``table.column``."""
    return f"{column.table.name}.{column.name}"


def test_bytes_are_secrets_hashes_or_keys():
    """No column could hold a picture or a template in the clear."""
    assert {place(c) for c in COLUMNS if isinstance(c.type, LargeBinary)} == set(BYTES)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda d: d.name)
def test_no_column_holds_vectors_or_anything(dialect):
    """No array, no JSON type, no column without a type."""
    kinds = {re.sub(r"\(.*", "", column.type.compile(dialect)) for column in COLUMNS}

    assert kinds <= {
        *("BIGINT", "BLOB", "BOOLEAN", "BYTEA", "DATE", "DOUBLE", "DOUBLE PRECISION"),
        *("INTEGER", "TEXT", "VARCHAR"),
    }


@pytest.mark.parametrize(
    "pattern",
    [
        r"avoid|evad|evasion",
        r"emotion|mood|intent|sex|gender|race|\bage\b",  # nothing guessed from a picture
        r"picture|image_bytes|pixels|vector|embedding|template$|crop$|probe$|photo$",
        r"first_name|last_name|surname|forename|full_name|birth|address|phone|email",
    ],
)
def test_no_name_for_it(pattern):
    """Neither a table nor a column."""
    columns = {column.name for column in COLUMNS if place(column) not in SAID_OR_PERCEIVED}
    names = {table.name for table in TABLES} | columns

    assert not {name for name in names if re.search(pattern, name)}


def test_a_category_is_never_free_text():
    """Wherever there is a category, a rule of the table makes it a code."""
    tables = [table for table in TABLES if "category" in table.columns]
    assert {table.name for table in tables} == {"listed_periods", "watchlist_entries"}
    for table in tables:
        rules = [str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)]

        assert any("category = lower(category)" in rule and "NOT LIKE" in rule for rule in rules)
        assert not table.c.category.nullable


def test_every_table_says_whose_rows_it_holds():
    """A new table has to be entered here, with its people."""
    assert {table.name for table in TABLES} == set(TABLES_OF)


def test_everything_about_people_belongs_to_one_deployment():
    """Rows name their deployment and, but for decisions, can be deleted by it.

    Those about signing in name their account, those about a request name it: they are about
    nobody else.
    """
    apart = {"actors", "audit_log", "audit_tree", "decisions", "deployments"} | OF_ACCOUNTS
    apart |= OF_REQUESTS | OF_THE_FORCE
    for table in TABLES:
        if table.name in apart:
            continue
        targets = {key.target_fullname for key in table.c.deployment_id.foreign_keys}

        assert targets == {"deployments.deployment_id"}, table.name
        assert not table.c.deployment_id.nullable


def test_nothing_joins_alerts_with_each_other():
    """No foreign key leads from one deployment's rows to another's, or from alert to alert."""
    links = {
        (table.name, key.column.table.name)
        for table in TABLES
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name != "deployments"
    }
    own = {(table, "actors") for table in OF_ACCOUNTS}
    own.add(("invitations", "actors"))
    own |= {(table, "public_requests") for table in OF_REQUESTS - {"public_requests"}}

    assert links == {("decisions", "alerts"), ("blue_passes", "volunteers")} | own
