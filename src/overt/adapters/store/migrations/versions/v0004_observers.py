"""Invitations of observers, questions and answers, what notices are made of.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables; nothing that is there is touched. There is no way back: see 0001."""
    _invitations()
    _messages()
    op.create_table(
        "notice_papers",
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("saved_by", sa.String(length=128), nullable=False),
        sa.Column("saved_at", sa.String(27), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_notice_papers_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_notice_papers")),
    )
    op.create_table(
        "reviewed_translations",
        sa.Column("catalogue_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=128), nullable=False),
        sa.Column("approved_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("catalogue_sha256", name=op.f("pk_reviewed_translations")),
    )


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("invitation_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("invited_by", sa.String(length=128), nullable=False),
        sa.Column("invited_at", sa.String(27), nullable=False),
        sa.Column("link_sha256", sa.String(length=64), nullable=False),
        sa.Column("link_expires_at", sa.String(27), nullable=False),
        sa.Column("sees_until", sa.String(27), nullable=False),
        sa.Column("used_at", sa.String(27), nullable=True),
        sa.Column("revoked_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_invitations_deployment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.actor_id"], name=op.f("fk_invitations_actor_id")
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("link_sha256", name=op.f("uq_invitations_link_sha256")),
    )
    place = ["deployment_id", "invited_at"]
    op.create_index(op.f("ix_invitations_deployment_id_invited_at"), "invitations", place)
    op.create_index(op.f("ix_invitations_actor_id"), "invitations", ["actor_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("message_id", sa.String(length=128), nullable=False),
        sa.Column("deployment_id", sa.String(length=128), nullable=False),
        sa.Column("question_id", sa.String(length=128), nullable=True),
        sa.Column("written_by", sa.String(length=128), nullable=False),
        sa.Column("written_at", sa.String(27), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_messages_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_messages")),
    )
    place = ["deployment_id", "written_at"]
    op.create_index(op.f("ix_messages_deployment_id_written_at"), "messages", place)
