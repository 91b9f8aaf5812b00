"""What the console needs: signing in, drafts, statements, more for equality monitoring.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; keep what officers recorded. There is no way back: see 0001."""
    op.add_column("actors", sa.Column("trained_on", sa.Date(), nullable=True))
    op.add_column(
        "decisions", sa.Column("factor_codes", sa.Text(), server_default="[]", nullable=False)
    )
    _engagements()
    _passwords_and_sessions()
    _links_and_identities()
    _desk()


def _engagements() -> None:
    """One ethnicity, perceived or self-defined, becomes a column for each."""
    new = ("perceived_ethnicity_code", "self_defined_ethnicity_code", "age_band_code", "sex_code")
    for name in new:
        op.add_column("engagements", sa.Column(name, sa.String(length=64), nullable=True))
    rows = sa.table(
        "engagements",
        sa.column("ethnicity_code", sa.String),
        sa.column("is_ethnicity_self_defined", sa.Boolean),
        *(sa.column(name, sa.String) for name in new),
    )
    is_said = rows.c.is_ethnicity_self_defined
    for name, is_its in (
        ("self_defined_ethnicity_code", is_said),
        ("perceived_ethnicity_code", sa.not_(is_said)),
    ):
        op.execute(sa.update(rows).where(is_its).values({name: rows.c.ethnicity_code}))
    op.drop_column("engagements", "ethnicity_code")
    op.drop_column("engagements", "is_ethnicity_self_defined")


def _passwords_and_sessions() -> None:
    op.create_table(
        "credentials",
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_changed_at", sa.String(27), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.actor_id"], name=op.f("fk_credentials_actor_id")
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "sessions",
        sa.Column("session_id_sha256", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("last_seen_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("authenticated_by", sa.String(length=16), nullable=False),
        sa.Column("revoked_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.actor_id"], name=op.f("fk_sessions_actor_id")
        ),
        sa.PrimaryKeyConstraint("session_id_sha256", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_actor_id"), "sessions", ["actor_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])


def _links_and_identities() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("link_sha256", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.Column("used_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.actor_id"], name=op.f("fk_sign_in_links_actor_id")
        ),
        sa.PrimaryKeyConstraint("link_sha256", name=op.f("pk_sign_in_links")),
    )
    op.create_index(op.f("ix_sign_in_links_expires_at"), "sign_in_links", ["expires_at"])
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.actor_id"], name=op.f("fk_identities_actor_id")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_actor_id"), "identities", ["actor_id"])


def _desk() -> None:
    op.create_table(
        "application_drafts",
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("saved_by", sa.String(length=128), nullable=False),
        sa.Column("saved_at", sa.String(27), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_application_drafts_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_application_drafts")),
    )
    op.create_table(
        "statements",
        sa.Column("statement_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("filed_by", sa.String(length=128), nullable=False),
        sa.Column("filed_at", sa.String(27), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_statements_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statements")),
    )
    op.create_index(
        op.f("ix_statements_deployment_id_filed_at"), "statements", ["deployment_id", "filed_at"]
    )
