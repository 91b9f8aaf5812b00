"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from overt.adapters.store.audit_tables import audit_guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table. There is no way back: that is what a backup is for."""
    _people_and_deployments()
    _audit_log()
    _watchlists()
    _blue_list()
    _alerts()
    _engagements()
    _counts()
    _secrets()
    _what_stays()


def _people_and_deployments() -> None:
    op.create_table(
        "actors",
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_actors")),
    )
    op.create_table(
        "deployments",
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("purge_due_at", sa.String(27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_deployments")),
    )
    op.create_index(
        op.f("ix_deployments_state"),
        "deployments",
        ["state"],
    )


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("line", sa.LargeBinary(), nullable=False, comment="canonical JSON, UTF-8"),
        sa.Column(
            "hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of a zero byte and the line"
        ),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_audit_log_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_log")),
    )
    op.create_table(
        "audit_tree",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="number of lines",
        ),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False, comment="hash of the last line"),
        sa.Column("hashes", sa.LargeBinary(), nullable=False, comment="roots of complete subtrees"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_tree_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_tree")),
    )
    for statement in audit_guards(op.get_bind().dialect.name):
        op.execute(statement)


def _watchlists() -> None:
    op.create_table(
        "watchlist_entries",
        sa.Column("entry_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("list_kind", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("image_source", sa.Text(), nullable=False),
        sa.Column("image_date", sa.Date(), nullable=False),
        sa.Column("urgency", sa.String(length=64), nullable=False),
        sa.Column("is_under_18", sa.Boolean(), nullable=False),
        sa.Column("composed_by", sa.String(length=128), nullable=False),
        sa.Column("composed_at", sa.String(27), nullable=False),
        sa.Column("under_18_exception", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.String(27), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=128), nullable=True),
        sa.Column("approved_at", sa.String(27), nullable=True),
        sa.Column("removed_at", sa.String(27), nullable=True),
        sa.Column("removed_reason", sa.Text(), nullable=True),
        sa.Column("image_secret_id", sa.String(length=128), nullable=True),
        sa.Column("template_secret_id", sa.String(length=128), nullable=True),
        sa.CheckConstraint(
            "category = lower(category) AND category NOT LIKE '% %' AND length(category) > 0",
            name=op.f("ck_watchlist_entries_category_is_code"),
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_watchlist_entries_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_watchlist_entries")),
    )
    op.create_index(
        op.f("ix_watchlist_entries_deployment_id_list_kind_status"),
        "watchlist_entries",
        ["deployment_id", "list_kind", "status"],
    )


def _blue_list() -> None:
    op.create_table(
        "volunteers",
        sa.Column("volunteer_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=False),
        sa.Column("consent_sha256", sa.String(length=64), nullable=False),
        sa.Column("consented_at", sa.String(27), nullable=False),
        sa.Column("withdrawn_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_volunteers_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_volunteers")),
    )
    op.create_index(
        op.f("ix_volunteers_deployment_id"),
        "volunteers",
        ["deployment_id"],
    )
    op.create_table(
        "blue_passes",
        sa.Column("pass_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("volunteer_id", sa.String(length=128), nullable=False),
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("stopped_at", sa.String(27), nullable=True),
        sa.Column("logged_by", sa.String(length=128), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_blue_passes_deployment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.volunteer_id"], name=op.f("fk_blue_passes_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("pass_id", name=op.f("pk_blue_passes")),
    )
    op.create_index(
        op.f("ix_blue_passes_deployment_id_started_at"),
        "blue_passes",
        ["deployment_id", "started_at"],
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=False),
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("site_id", sa.String(length=128), nullable=False),
        sa.Column("captured_at", sa.String(27), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("runner_up_margin", sa.Double(), nullable=True),
        sa.Column("n_shots", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Double(), nullable=False),
        sa.Column("pack_digest", sa.String(length=128), nullable=False),
        sa.Column("operating_point_digest", sa.String(length=128), nullable=False),
        sa.Column("policy_hash", sa.String(length=128), nullable=False),
        sa.Column("list_kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("crop_secret_id", sa.String(length=128), nullable=True),
        sa.Column("probe_secret_id", sa.String(length=128), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.deployment_id"], name=op.f("fk_alerts_deployment_id")
        ),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_alerts")),
    )
    op.create_index(
        op.f("ix_alerts_deployment_id_list_kind_captured_at"),
        "alerts",
        ["deployment_id", "list_kind", "captured_at"],
    )
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(length=128), nullable=False),
        sa.Column("alert_id", sa.String(length=128), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("reason_codes", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=128), nullable=False),
        sa.Column("decided_at", sa.String(27), nullable=False),
        sa.Column("shown_at", sa.String(27), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.alert_id"], name=op.f("fk_decisions_alert_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("alert_id", "step", name=op.f("uq_decisions_alert_id_step")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_decisions_idempotency_key")),
    )


def _engagements() -> None:
    op.create_table(
        "engagements",
        sa.Column("engagement_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("alert_id", sa.String(length=128), nullable=True),
        sa.Column("grounds_code", sa.String(length=64), nullable=True),
        sa.Column("engaged_by", sa.String(length=128), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("is_leaflet_given", sa.Boolean(), nullable=False),
        sa.Column("ethnicity_code", sa.String(length=64), nullable=True),
        sa.Column("is_ethnicity_self_defined", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_engagements_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_engagements")),
    )
    op.create_index(
        op.f("ix_engagements_deployment_id_started_at"),
        "engagements",
        ["deployment_id", "started_at"],
    )


def _counts() -> None:
    op.create_table(
        "minute_counts",
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("minute", sa.String(27), nullable=False),
        sa.Column("faces_seen", sa.Integer(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("in_alerts", sa.Integer(), nullable=False),
        sa.Column("frames_analysed", sa.Integer(), nullable=False),
        sa.Column("frames_failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_minute_counts_deployment_id"),
        ),
        sa.PrimaryKeyConstraint(
            "deployment_id", "camera_id", "minute", name=op.f("pk_minute_counts")
        ),
    )
    op.create_table(
        "score_histogram",
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("score_hundredths", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_score_histogram_deployment_id"),
        ),
        sa.PrimaryKeyConstraint(
            "deployment_id", "score_hundredths", name=op.f("pk_score_histogram")
        ),
    )


def _secrets() -> None:
    op.create_table(
        "deployment_keys",
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("master_key_id", sa.String(length=16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(nonce IS NULL) = (wrapped IS NULL)", name=op.f("ck_deployment_keys_whole_or_gone")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_deployment_keys_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_deployment_keys")),
    )
    op.create_table(
        "secrets",
        sa.Column("secret_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.String(length=128), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.deployment_id"], name=op.f("fk_secrets_deployment_id")
        ),
        sa.PrimaryKeyConstraint("secret_id", name=op.f("pk_secrets")),
        sa.UniqueConstraint("deployment_id", "nonce", name=op.f("uq_secrets_deployment_id_nonce")),
    )
    op.create_index(
        op.f("ix_secrets_deployment_id_kind_secret_id"),
        "secrets",
        ["deployment_id", "kind", "secret_id"],
    )


def _what_stays() -> None:
    op.create_table(
        "certificates",
        sa.Column("certificate_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.String(27), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_certificates_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificates")),
    )
    op.create_index(
        op.f("ix_certificates_deployment_id_issued_at"),
        "certificates",
        ["deployment_id", "issued_at"],
    )
    op.create_table(
        "listed_periods",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("listed_from", sa.String(27), nullable=False),
        sa.Column("listed_until", sa.String(27), nullable=True),
        sa.CheckConstraint(
            "category = lower(category) AND category NOT LIKE '% %' AND length(category) > 0",
            name=op.f("ck_listed_periods_category_is_code"),
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_listed_periods_deployment_id"),
        ),
        sa.PrimaryKeyConstraint(
            "reference", "deployment_id", "listed_from", name=op.f("pk_listed_periods")
        ),
    )
