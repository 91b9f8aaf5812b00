"""What people ask and complain about; their words, encrypted under a key of each request.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables; nothing that is there is touched. There is no way back: see 0001."""
    _requests()
    op.create_table(
        "request_keys",
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.Column("master_key_id", sa.String(length=16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["public_requests.request_id"], name=op.f("fk_request_keys_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_keys")),
    )
    op.create_table(
        "request_texts",
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["public_requests.request_id"],
            name=op.f("fk_request_texts_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", "kind", name=op.f("pk_request_texts")),
        sa.UniqueConstraint("request_id", "nonce", name=op.f("uq_request_texts_request_id_nonce")),
    )


def _requests() -> None:
    op.create_table(
        "public_requests",
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.Column("receipt_sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.String(27), nullable=False),
        sa.Column("received_by", sa.String(length=128), nullable=True),
        sa.Column("due_at", sa.String(27), nullable=False),
        sa.Column("acknowledge_due_at", sa.String(27), nullable=True),
        sa.Column("deployment_id", sa.String(length=128), nullable=True),
        sa.Column("concerns_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.String(27), nullable=True),
        sa.Column("identity_checked_at", sa.String(27), nullable=True),
        sa.Column("identity_checked_by", sa.String(length=128), nullable=True),
        sa.Column("answer_code", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.String(27), nullable=True),
        sa.Column("answered_by", sa.String(length=128), nullable=True),
        sa.Column("close_code", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.String(27), nullable=True),
        sa.Column("closed_by", sa.String(length=128), nullable=True),
        sa.Column("erase_due_at", sa.String(27), nullable=True),
        sa.Column("erased_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.deployment_id"],
            name=op.f("fk_public_requests_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_public_requests")),
        sa.UniqueConstraint("receipt_sha256", name=op.f("uq_public_requests_receipt_sha256")),
    )
    op.create_index(op.f("ix_public_requests_state_due_at"), "public_requests", ["state", "due_at"])
