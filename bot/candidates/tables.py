"""Tables of models: what was trained, how it compares, what is in force.

An archive lies in pieces beside its row, so that every replica can fetch it. The row stays when the
pieces are deleted.
"""

from __future__ import annotations

import sqlalchemy as sa

import bot.corrections.tables  # noqa: F401  (lines of a comparison hang on corrections)
from bot.db.base import UtcDateTime, metadata

models = sa.Table(
    "models",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("based_on", sa.String(12), nullable=False),
    sa.Column("shipped_of", sa.String(12), unique=True),
    sa.Column("data_hash", sa.String(64), nullable=False),
    sa.Column("corrections", sa.Integer, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("kept", sa.Boolean, nullable=False),
)
"""`based_on` is the fingerprint of the shipped data and pipeline. `shipped_of` is the same for the
model of the shipped data alone, of which there is one, and empty for candidates. `kept` says
whether all pieces of the archive are there.
"""

model_chunks = sa.Table(
    "model_chunks",
    metadata,
    sa.Column("model_id", sa.ForeignKey("models.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)

model_runs = sa.Table(
    "model_runs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("model_id", sa.ForeignKey("models.id", ondelete="SET NULL")),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("alive_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("failure", sa.Text),
    sa.Column("stop_wanted_by", sa.String(200)),
    sa.Column("slot", sa.Integer, unique=True),
)
"""`slot` is 1 while a run is under way and empty afterwards: so there is one at a time."""

model_comparisons = sa.Table(
    "model_comparisons",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("before_sha256", sa.String(64), nullable=False),
    sa.Column("after_sha256", sa.String(64), nullable=False),
    sa.Column("corrections_hash", sa.String(64), nullable=False),
    sa.Column("files_hash", sa.String(64), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
)
sa.Index(
    "ix_model_comparisons_after_sha256_before_sha256",
    model_comparisons.c.after_sha256,
    model_comparisons.c.before_sha256,
)

comparison_lines = sa.Table(
    "comparison_lines",
    metadata,
    sa.Column(
        "comparison_id",
        sa.ForeignKey("model_comparisons.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("set_name", sa.String(16), nullable=False),
    sa.Column("place", sa.String(200), nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("correction_id", sa.ForeignKey("corrections.id", ondelete="CASCADE"), index=True),
    sa.Column("expected", sa.JSON, nullable=False),
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("after", sa.JSON, nullable=False),
    sa.Column("right_before", sa.Boolean, nullable=False),
    sa.Column("right_after", sa.Boolean, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
)
"""Lines whose reply changed. What a visitor said stands in its correction only and goes with it."""

promoted_models = sa.Table(
    "promoted_models",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("model_id", sa.ForeignKey("models.id"), nullable=False),
    sa.Column("rolled_back", sa.Integer),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
)
"""The last number is in force. `rolled_back` is the number that a roll-back took back."""

model_takeovers = sa.Table(
    "model_takeovers",
    metadata,
    sa.Column("replica", sa.String(80), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(300)),
    sa.Column("at", UtcDateTime, nullable=False),
)
"""What became of a promotion in each running server."""
