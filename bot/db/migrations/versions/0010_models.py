"""Corrections; models that were trained beside the running one, compared and promoted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="CASCADE")),
        sa.Column("message_id", sa.String(32), unique=True),
        sa.Column("clinic", sa.String(64)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(64)),
        sa.Column("got_subject", sa.String(64)),
        sa.Column("got_detail", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_at", MOMENT),
    )
    for name in ("conversation_id", "digest", "state"):
        op.create_index(f"ix_corrections_{name}", "corrections", [name])
    op.create_table(
        "models",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("based_on", sa.String(12), nullable=False),
        sa.Column("shipped_of", sa.String(12), unique=True),
        sa.Column("data_hash", sa.String(64), nullable=False),
        sa.Column("corrections", sa.Integer, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
    )
    op.create_table(
        "model_chunks",
        sa.Column("model_id", sa.String(32), sa.ForeignKey("models.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "model_runs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("model_id", sa.String(32), sa.ForeignKey("models.id", ondelete="SET NULL")),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("alive_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("steps", sa.JSON, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("stop_wanted_by", sa.String(200)),
        sa.Column("slot", sa.Integer, unique=True),
    )
    op.create_index("ix_model_runs_started_at", "model_runs", ["started_at"])
    op.create_table(
        "model_comparisons",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("before_sha256", sa.String(64), nullable=False),
        sa.Column("after_sha256", sa.String(64), nullable=False),
        sa.Column("corrections_hash", sa.String(64), nullable=False),
        sa.Column("files_hash", sa.String(64), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
    )
    op.create_index(
        "ix_model_comparisons_after_sha256_before_sha256", "model_comparisons", ["after_sha256", "before_sha256"]
    )
    op.create_table(
        "comparison_lines",
        sa.Column(
            "comparison_id", sa.String(32), sa.ForeignKey("model_comparisons.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("set_name", sa.String(16), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("correction_id", sa.String(32), sa.ForeignKey("corrections.id", ondelete="CASCADE")),
        sa.Column("expected", sa.JSON, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("right_before", sa.Boolean, nullable=False),
        sa.Column("right_after", sa.Boolean, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
    )
    op.create_index("ix_comparison_lines_correction_id", "comparison_lines", ["correction_id"])
    op.create_table(
        "promoted_models",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("model_id", sa.String(32), sa.ForeignKey("models.id"), nullable=False),
        sa.Column("rolled_back", sa.Integer),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
    )
    op.create_table(
        "model_takeovers",
        sa.Column("replica", sa.String(80), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(300)),
        sa.Column("at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    for table in (
        "model_takeovers",
        "promoted_models",
        "comparison_lines",
        "model_comparisons",
        "model_runs",
        "model_chunks",
        "models",
        "corrections",
    ):
        op.drop_table(table)
