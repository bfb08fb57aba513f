"""The tables of the content store and of the conversation log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOT_ARCHIVED = sa.text("status != 'archived'")


def upgrade() -> None:
    _create_clinics()
    _create_sources_and_answers()
    _create_content_version()
    _create_conversations()
    _create_messages()


def downgrade() -> None:
    for table in (
        "feedback",
        "messages",
        "turns",
        "conversations",
        "content_version",
        "answer_versions",
        "answers",
        "sources",
        "notices",
        "contact_routes",
        "clinics",
    ):
        op.drop_table(table)


def _file_columns() -> list[sa.Column]:
    return [
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("file", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    ]


def _create_clinics() -> None:
    op.create_table(
        "clinics",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        *_file_columns(),
        sa.PrimaryKeyConstraint("key", name="pk_clinics"),
    )
    op.create_table(
        "contact_routes",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("label", sa.String(255), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outage_text", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic"], ["clinics.key"], name="fk_contact_routes_clinic", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic", "kind", name="pk_contact_routes"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic"], ["clinics.key"], name="fk_notices_clinic", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_clinic", "notices", ["clinic"])


def _create_sources_and_answers() -> None:
    op.create_table(
        "sources",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("publisher", sa.String(255), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("retrieved_on", sa.Date),
        *_file_columns(),
        sa.PrimaryKeyConstraint("key", name="pk_sources"),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("button", sa.String(255), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("part_of", sa.String(64)),
        sa.Column("also_called", sa.JSON, nullable=False),
        sa.Column("offers", sa.JSON, nullable=False),
        sa.Column("links", sa.JSON, nullable=False),
        sa.Column("source", sa.String(64)),
        sa.Column("reviewed_on", sa.Date),
        sa.Column("checked_by_native_speaker", sa.Boolean),
        *_file_columns(),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'archived')", name=op.f("ck_answers_status")
        ),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name="fk_answers_source"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index(
        "uq_answers_question",
        "answers",
        ["clinic", "subject", "detail"],
        unique=True,
        sqlite_where=NOT_ARCHIVED,
        postgresql_where=NOT_ARCHIVED,
    )
    op.create_table(
        "answer_versions",
        sa.Column("answer_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("edited_by", sa.String(255), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name="fk_answer_versions_answer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", "version", name="pk_answer_versions"),
    )


def _create_content_version() -> None:
    table = op.create_table(
        "content_version",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content_version"),
    )
    op.bulk_insert(table, [{"id": 1, "number": 0}])


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("external_id", sa.String(64)),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("last_activity_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("slots", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("external_id", name="uq_conversations_external_id"),
        sa.UniqueConstraint("token_hash", name="uq_conversations_token_hash"),
    )
    op.create_index("ix_conversations_last_activity_at", "conversations", ["last_activity_at"])
    op.create_table(
        "turns",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_turns_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "number", name="pk_turns"),
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sender", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("subject", sa.String(64)),
        sa.Column("detail", sa.String(64)),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("links", sa.JSON, nullable=False),
        sa.Column("source", sa.JSON),
        sa.Column("intent", sa.String(64)),
        sa.Column("confidence", sa.Float),
        sa.Column("runner_up", sa.String(64)),
        sa.Column("runner_up_confidence", sa.Float),
        sa.Column("action", sa.String(64)),
        sa.Column("answer_id", sa.Integer),
        sa.Column("answer_version", sa.Integer),
        sa.Column("missed", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_messages_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "conversation_id", "turn", "position", name="uq_messages_conversation_id_turn_position"
        ),
    )
    op.create_table(
        "feedback",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_feedback_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name="pk_feedback"),
    )
