"""What staff note on conversations, and what they are found by; filled in for those there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.conversations.words import key, places

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ASKED_FOR = [
    "clinic",
    "turns",
    "red_flag",
    "missed",
    "helpful",
    "not_helpful",
    "handoff",
    "lowest_confidence",
    "assigned_to",
    "reviewed_at",
]
BATCH = 500
FIRST_WORDS = 160
LOW_CONFIDENCE = 0.5
PLACES_OF_A_TEXT = 1_024
TEXTS_OF_A_TURN = 16
URGENT_AGAIN = {"emergency_again": "emergency", "crisis_again": "crisis"}
SAID_AS = {"missed_again": "fallback", "declined": "thanks", "masked": "privacy", **URGENT_AGAIN}


def upgrade() -> None:
    overviews = _create_overviews()
    found_by = _create_found_by()
    _create_notes()
    _fill(op.get_bind(), overviews, *found_by)


def downgrade() -> None:
    for table in (
        "saved_filters",
        "review_notes",
        "conversation_tags",
        "search_words",
        "overview_subjects",
        "overviews",
    ):
        op.drop_table(table)


def _create_overviews() -> sa.Table:
    table = op.create_table(
        "overviews",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("last_activity_at", MOMENT, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("attention", sa.Integer, nullable=False),
        sa.Column("red_flag", sa.Boolean, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("helpful", sa.Integer, nullable=False),
        sa.Column("not_helpful", sa.Integer, nullable=False),
        sa.Column("handoff", sa.Boolean, nullable=False),
        sa.Column("lowest_confidence", sa.Float),
        sa.Column("first_words", sa.String(FIRST_WORDS), nullable=False),
        sa.Column("assigned_to", sa.String(255)),
        sa.Column("reviewed_at", MOMENT),
        sa.Column("reviewed_by", sa.String(255)),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_overviews_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_overviews"),
        sa.UniqueConstraint("conversation_id", name="uq_overviews_conversation_id"),
    )
    by_attention = ["attention", "last_activity_at", "number", *ASKED_FOR]
    op.create_index("ix_overviews_by_attention", "overviews", by_attention)
    op.create_index("ix_overviews_by_latest", "overviews", by_attention[1:])
    return table


def _create_found_by() -> tuple[sa.Table, sa.Table]:
    subjects = op.create_table(
        "overview_subjects",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _of_overview("overview_subjects"),
        sa.PrimaryKeyConstraint("subject", "detail", "number", name="pk_overview_subjects"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_overview_subjects_number", "overview_subjects", ["number"])
    words = op.create_table(
        "search_words",
        sa.Column("word", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("word", "number", "place", name="pk_search_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversation_tags",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _of_overview("conversation_tags"),
        sa.PrimaryKeyConstraint("clinic", "tag", "number", name="pk_conversation_tags"),
    )
    op.create_index("ix_conversation_tags_number", "conversation_tags", ["number"])
    return subjects, words


def _create_notes() -> None:
    op.create_table(
        "review_notes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _of_overview("review_notes"),
        sa.PrimaryKeyConstraint("id", name="pk_review_notes"),
    )
    op.create_index("ix_review_notes_number", "review_notes", ["number"])
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person", sa.String(255), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("chosen", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.UniqueConstraint("person", "name", name="uq_saved_filters_person_name"),
    )


def _of_overview(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["number"], ["overviews.number"], name=f"fk_{table}_number", ondelete="CASCADE"
    )


def _fill(connection: Any, overviews: sa.Table, subjects: sa.Table, words: sa.Table) -> None:
    """Read what was said before, some conversations at a time, in the order of their beginning."""
    query = sa.text(
        "SELECT id, clinic, last_activity_at, turns, red_flag_at FROM conversations"
        " ORDER BY started_at, id"
    ).columns(last_activity_at=MOMENT, red_flag_at=MOMENT)
    found = connection.execute(query).all()
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        said = _by_conversation(connection, [row.id for row in some])
        numbered = [(start + place, row) for place, row in enumerate(some, 1)]
        rows = [_overview(number, row, said[row.id]) for number, row in numbered]
        connection.execute(overviews.insert(), rows)
        of_subjects = [s for number, row in numbered for s in _subjects(number, said[row.id])]
        of_words = [w for number, row in numbered for w in _words(number, said[row.id])]
        if of_subjects:
            connection.execute(subjects.insert(), of_subjects)
        if of_words:
            connection.execute(words.insert(), of_words)
    if found and connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('overviews', 'number'), :last)"),
            {"last": len(found)},
        )


def _by_conversation(connection: Any, ids: Sequence[str]) -> dict[str, list[Any]]:
    query = sa.text(
        "SELECT m.conversation_id, m.turn, m.position, m.sender, m.text, m.subject, m.detail,"
        " m.confidence, m.missed, f.helpful, f.comment"
        " FROM messages m LEFT JOIN feedback f ON f.message_id = m.id"
        " WHERE m.conversation_id IN :ids ORDER BY m.conversation_id, m.turn, m.position"
    ).bindparams(sa.bindparam("ids", expanding=True))
    said: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query, {"ids": ids}):
        said[row.conversation_id].append(row)
    return said


def _overview(number: int, row: Any, said: Sequence[Any]) -> dict[str, Any]:
    sure = [each.confidence for each in said if each.confidence is not None]
    typed = [each.text for each in said if each.sender == "visitor"]
    missed = len({each.turn for each in said if each.missed})
    not_helpful = sum(each.helpful is not None and not each.helpful for each in said)
    red_flag = row.red_flag_at is not None
    unsure = bool(sure) and min(sure) < LOW_CONFIDENCE
    return {
        "number": number,
        "conversation_id": row.id,
        "clinic": row.clinic,
        "last_activity_at": row.last_activity_at,
        "turns": row.turns,
        "attention": 8 * red_flag + 4 * (not_helpful > 0) + 2 * (missed > 0) + unsure,
        "red_flag": red_flag,
        "missed": missed,
        "helpful": sum(bool(each.helpful) for each in said),
        "not_helpful": not_helpful,
        "handoff": any(each.sender == "bot" and each.subject == "human" for each in said),
        "lowest_confidence": min(sure, default=None),
        "first_words": typed[0][:FIRST_WORDS] if typed else "",
    }


def _subjects(number: int, said: Sequence[Any]) -> Iterator[dict[str, Any]]:
    pairs = {
        (SAID_AS.get(each.subject, each.subject), each.detail or "")
        for each in said
        if each.sender == "bot" and each.subject and each.subject != "greeting"
    }
    for subject, detail in sorted(pairs):
        yield {"subject": subject, "detail": detail, "number": number}


def _words(number: int, said: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The same places as in `bot/conversations/word_index.py`."""
    for each in said:
        if each.sender == "visitor":
            yield from _places(number, each.turn * TEXTS_OF_A_TURN, each.text)
        elif each.comment:
            comment = min(1 + each.position, TEXTS_OF_A_TURN - 1)
            yield from _places(number, each.turn * TEXTS_OF_A_TURN + comment, each.comment)


def _places(number: int, text_number: int, text: str) -> Iterator[dict[str, Any]]:
    for offset, word in places(text):
        if offset < PLACES_OF_A_TEXT - 1:
            place = text_number * PLACES_OF_A_TEXT + offset
            yield {"word": key(word.stem), "number": number, "place": place}
