"""The tables. What has no column here cannot be kept.

Pictures, templates, crops and places of cameras are in ``secrets`` and nowhere else, encrypted.
A person is in no table unless listed, alerted for, volunteering, acting in an office, or asking.
Nothing joins two deployments. Passwords, tokens and receipts are kept as hashes. What people ask,
and what they are answered, is in ``request_texts`` and nowhere else, encrypted.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from overt.adapters.store.audit_tables import define_audit_tables
from overt.adapters.store.column_types import UtcDateTime

NONCE_BYTES = 12

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str, *, is_key: bool = False) -> Column[str]:
    return Column(name, String(128), primary_key=is_key, nullable=False)


def _deployment(*, is_key: bool = False) -> Column[str]:
    """Return the column that ties a row to its one deployment."""
    deployments_id = ForeignKey("deployments.deployment_id")
    return Column("deployment_id", String(128), deployments_id, primary_key=is_key, nullable=False)


def _actor(*, is_key: bool = False) -> Column[str]:
    """Return the column that ties a row to the account that it belongs to."""
    actors_id = ForeignKey("actors.actor_id")
    return Column("actor_id", String(128), actors_id, primary_key=is_key, nullable=False)


def _request(*, is_key: bool = False) -> Column[str]:
    """Return the column that ties a row to the request that somebody made."""
    requests_id = ForeignKey("public_requests.request_id")
    return Column("request_id", String(128), requests_id, primary_key=is_key, nullable=False)


def _sha256(name: str) -> Column[str]:
    """Return a column for the digest under which a row is found."""
    return Column(name, String(64), primary_key=True, nullable=False)


def _code(name: str, *, may_lack: bool = False) -> Column[str]:
    """Return a column for a word of a closed list."""
    return Column(name, String(64), nullable=may_lack)


def _category_is_code() -> CheckConstraint:
    """Return the rule that a category is a code, one word in small letters: no free text."""
    rule = "category = lower(category) AND category NOT LIKE '% %' AND length(category) > 0"
    return CheckConstraint(rule, name="category_is_code")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _time(name: str, *, may_lack: bool = False) -> Column[object]:
    return Column(name, UtcDateTime, nullable=may_lack)


actors = Table(
    "actors",
    metadata,
    _id("actor_id", is_key=True),
    _text("roles"),
    Column("rank", Integer, nullable=True),
    Column("is_active", Boolean, nullable=False),
    Column("trained_on", Date, nullable=True),
)

credentials = Table(
    "credentials",
    metadata,
    _actor(is_key=True),
    Column("password_hash", Text, nullable=True),
    _time("password_changed_at", may_lack=True),
    Column("must_change", Boolean, nullable=False),
    Column("failed_attempts", Integer, nullable=False),
    _time("locked_until", may_lack=True),
)

sessions = Table(
    "sessions",
    metadata,
    _sha256("session_id_sha256"),
    _actor(),
    _time("created_at"),
    _time("last_seen_at"),
    _time("expires_at"),
    Column("csrf_token", String(64), nullable=False),
    Column("authenticated_by", String(16), nullable=False),
    _time("revoked_at", may_lack=True),
    Index(None, "actor_id"),
    Index(None, "expires_at"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    _sha256("link_sha256"),
    _actor(),
    _time("created_at"),
    _time("expires_at"),
    _time("used_at", may_lack=True),
    Index(None, "expires_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    _actor(),
    Index(None, "actor_id"),
)

deployments = Table(
    "deployments",
    metadata,
    _id("deployment_id", is_key=True),
    _code("kind"),
    _code("state"),
    _time("created_at"),
    _time("purge_due_at", may_lack=True),
    Column("version", Integer, nullable=False),
    _text("document"),
    Index(None, "state"),
)

application_drafts = Table(
    "application_drafts",
    metadata,
    _deployment(is_key=True),
    _id("saved_by"),
    _time("saved_at"),
    _text("document"),
)

watchlist_entries = Table(
    "watchlist_entries",
    metadata,
    _id("entry_id", is_key=True),
    _deployment(),
    _code("list_kind"),
    _text("reference"),
    _code("category"),
    _text("justification"),
    _text("image_source"),
    Column("image_date", Date, nullable=False),
    _code("urgency"),
    Column("is_under_18", Boolean, nullable=False),
    _id("composed_by"),
    _time("composed_at"),
    Column("under_18_exception", Text, nullable=True),
    _time("expires_at", may_lack=True),
    _code("status"),
    Column("approved_by", String(128), nullable=True),
    _time("approved_at", may_lack=True),
    _time("removed_at", may_lack=True),
    Column("removed_reason", Text, nullable=True),
    Column("image_secret_id", String(128), nullable=True),
    Column("template_secret_id", String(128), nullable=True),
    _category_is_code(),
    Index(None, "deployment_id", "list_kind", "status"),
)

volunteers = Table(
    "volunteers",
    metadata,
    _id("volunteer_id", is_key=True),
    _deployment(),
    _id("entry_id"),
    Column("consent_sha256", String(64), nullable=False),
    _time("consented_at"),
    _time("withdrawn_at", may_lack=True),
    Index(None, "deployment_id"),
)

blue_passes = Table(
    "blue_passes",
    metadata,
    _id("pass_id", is_key=True),
    _deployment(),
    Column("volunteer_id", String(128), ForeignKey("volunteers.volunteer_id"), nullable=False),
    _id("camera_id"),
    _time("started_at"),
    _time("stopped_at", may_lack=True),
    _id("logged_by"),
    _text("notes"),
    Index(None, "deployment_id", "started_at"),
)

alerts = Table(
    "alerts",
    metadata,
    _id("alert_id", is_key=True),
    _deployment(),
    _id("entry_id"),
    _id("camera_id"),
    _id("site_id"),
    _time("captured_at"),
    Column("score", Double, nullable=False),
    Column("threshold", Double, nullable=False),
    Column("runner_up_margin", Double, nullable=True),
    Column("n_shots", Integer, nullable=False),
    Column("quality", Double, nullable=False),
    Column("pack_digest", String(128), nullable=False),
    Column("operating_point_digest", String(128), nullable=False),
    Column("policy_hash", String(128), nullable=False),
    _code("list_kind"),
    _code("state"),
    Column("crop_secret_id", String(128), nullable=True),
    Column("probe_secret_id", String(128), nullable=True),
    Index(None, "deployment_id", "list_kind", "captured_at"),
)

decisions = Table(
    "decisions",
    metadata,
    _id("decision_id", is_key=True),
    Column("alert_id", String(128), ForeignKey("alerts.alert_id"), nullable=False),
    _code("step"),
    _code("verdict"),
    _text("reason_codes"),
    _id("decided_by"),
    _time("decided_at"),
    _time("shown_at"),
    _id("idempotency_key"),
    Column("factor_codes", Text, nullable=False, server_default="[]"),
    UniqueConstraint("alert_id", "step"),  # one decision a step, by whomever
    UniqueConstraint("idempotency_key"),
)

engagements = Table(
    "engagements",
    metadata,
    _id("engagement_id", is_key=True),
    _deployment(),
    Column("alert_id", String(128), nullable=True),  # outlives the alert, and names nobody
    Column("grounds_code", String(64), nullable=True),
    _id("engaged_by"),
    _time("started_at"),
    _time("ended_at", may_lack=True),
    Column("is_leaflet_given", Boolean, nullable=False),
    # As the officer perceived it or the person said it; nobody takes it from a picture.
    _code("perceived_ethnicity_code", may_lack=True),
    _code("self_defined_ethnicity_code", may_lack=True),
    _code("age_band_code", may_lack=True),
    _code("sex_code", may_lack=True),
    Index(None, "deployment_id", "started_at"),
)

minute_counts = Table(
    "minute_counts",
    metadata,
    _deployment(is_key=True),
    _id("camera_id", is_key=True),
    Column("minute", UtcDateTime, primary_key=True),
    *(
        Column(name, Integer, nullable=False)
        for name in (
            *("faces_seen", "searches", "made", "erased", "in_alerts"),
            *("frames_analysed", "frames_failed"),
        )
    ),
)

score_histogram = Table(
    "score_histogram",
    metadata,
    _deployment(is_key=True),
    Column("score_hundredths", Integer, primary_key=True, autoincrement=False),
    Column("searches", Integer, nullable=False),
)

deployment_keys = Table(
    "deployment_keys",
    metadata,
    _deployment(is_key=True),
    Column("master_key_id", String(16), nullable=False),
    Column("nonce", LargeBinary(NONCE_BYTES), nullable=True),
    Column("wrapped", LargeBinary, nullable=True),
    # A key that is gone leaves its row, so that no other is ever made.
    CheckConstraint("(nonce IS NULL) = (wrapped IS NULL)", name="whole_or_gone"),
)

secrets = Table(
    "secrets",
    metadata,
    _id("secret_id", is_key=True),
    _deployment(),
    _code("kind"),
    _id("row_id"),
    Column("nonce", LargeBinary(NONCE_BYTES), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    UniqueConstraint("deployment_id", "nonce"),  # the same nonce twice would open both
    Index(None, "deployment_id", "kind", "secret_id"),
)

listed_periods = Table(
    "listed_periods",
    metadata,
    Column("reference", Text, primary_key=True),
    _deployment(is_key=True),
    _code("category"),
    Column("listed_from", UtcDateTime, primary_key=True),
    _time("listed_until", may_lack=True),
    _category_is_code(),
)

certificates = Table(
    "certificates",
    metadata,
    _id("certificate_id", is_key=True),
    _deployment(),
    _code("kind"),
    _time("issued_at"),
    _text("text"),
    Index(None, "deployment_id", "issued_at"),
)

statements = Table(
    "statements",
    metadata,
    _id("statement_id", is_key=True),
    _deployment(),
    _id("filed_by"),
    _time("filed_at"),
    _text("text"),
    _time("withdrawn_at", may_lack=True),
    Index(None, "deployment_id", "filed_at"),
)

invitations = Table(
    "invitations",
    metadata,
    _id("invitation_id", is_key=True),
    _deployment(),
    _actor(),
    _id("invited_by"),
    _time("invited_at"),
    Column("link_sha256", String(64), nullable=False),
    _time("link_expires_at"),
    _time("sees_until"),
    _time("used_at", may_lack=True),
    _time("revoked_at", may_lack=True),
    UniqueConstraint("link_sha256"),
    Index(None, "deployment_id", "invited_at"),
    Index(None, "actor_id"),
)

messages = Table(
    "messages",
    metadata,
    _id("message_id", is_key=True),
    _deployment(),
    Column("question_id", String(128), nullable=True),
    _id("written_by"),
    _time("written_at"),
    _text("text"),
    _time("withdrawn_at", may_lack=True),
    Index(None, "deployment_id", "written_at"),
)

notice_papers = Table(
    "notice_papers",
    metadata,
    _deployment(is_key=True),
    _id("saved_by"),
    _time("saved_at"),
    _text("document"),
)

reviewed_translations = Table(
    "reviewed_translations",
    metadata,
    _sha256("catalogue_sha256"),
    Column("language", String(64), nullable=False),
    _id("approved_by"),
    _time("approved_at"),
)

public_requests = Table(
    "public_requests",
    metadata,
    _id("request_id", is_key=True),
    Column("receipt_sha256", String(64), nullable=False),
    _code("kind"),
    _code("channel"),
    _code("state"),
    _time("received_at"),
    Column("received_by", String(128), nullable=True),
    _time("due_at"),
    _time("acknowledge_due_at", may_lack=True),
    Column("deployment_id", String(128), ForeignKey("deployments.deployment_id"), nullable=True),
    Column("concerns_on", Date, nullable=True),
    _time("acknowledged_at", may_lack=True),
    _time("identity_checked_at", may_lack=True),
    Column("identity_checked_by", String(128), nullable=True),
    _code("answer_code", may_lack=True),
    _time("answered_at", may_lack=True),
    Column("answered_by", String(128), nullable=True),
    _code("close_code", may_lack=True),
    _time("closed_at", may_lack=True),
    Column("closed_by", String(128), nullable=True),
    _time("erase_due_at", may_lack=True),
    _time("erased_at", may_lack=True),
    UniqueConstraint("receipt_sha256"),
    Index(None, "state", "due_at"),
)

request_keys = Table(
    "request_keys",
    metadata,
    _request(is_key=True),
    Column("master_key_id", String(16), nullable=False),
    Column("nonce", LargeBinary(NONCE_BYTES), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

request_texts = Table(
    "request_texts",
    metadata,
    _request(is_key=True),
    Column("kind", String(64), primary_key=True, nullable=False),
    Column("nonce", LargeBinary(NONCE_BYTES), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    UniqueConstraint("request_id", "nonce"),  # the same nonce twice would open both
)

audit_tables = define_audit_tables(metadata)
