"""Conversations to store, and ways to look at what was stored."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.conversations.model import (
    Button,
    Conversation,
    DraftMessage,
    Link,
    Message,
    SourceLine,
    Understanding,
)
from bot.db.base import metadata

GREETING = DraftMessage(
    "bot", "Welcome.", buttons=(Button("greeting-0", "What is FBSS?", "definition"),)
)


def begin(
    log: ConversationLog,
    *,
    token_hash: str | None = None,
    external_id: str | None = None,
    expires_at: datetime | None = None,
) -> Conversation:
    """Open a conversation; it is known by a token of its own unless the test says how."""
    if token_hash is None and external_id is None:
        token_hash = uuid.uuid4().hex
    conversation, _ = log.open(
        "temple",
        token_hash=token_hash,
        external_id=external_id,
        expires_at=expires_at,
        greeting=GREETING,
    )
    return conversation


def drafts(said: str, number: int = 1) -> list[DraftMessage]:
    """A turn with everything that a message can have."""
    understanding = Understanding("causes", 0.9, "definition", 0.05)
    reply = DraftMessage(
        "bot",
        f"A reply to: {said}",
        buttons=(
            Button(f"scars-{number}", "Scar tissue", "cause_detail", "scar_tissue"),
            Button(f"more-{number}", "Symptoms", "symptoms"),
        ),
        links=(Link("Portal", "https://portal.example/"),),
        subject="causes",
        detail="scar_tissue",
        source=SourceLine("A clinic's page", "", date(2026, 11, 20)),
        action="action_causes",
        answer_id=4,
        answer_version=2,
        missed=True,
    )
    return [DraftMessage("visitor", said, understanding=understanding), reply]


def save(log: ConversationLog, conversation: Conversation, number: int, said: str) -> list[Message]:
    return log.save_turn(
        conversation.id,
        number,
        drafts(said, number),
        events=[{"event": "user", "number": number}],
        slots={"clinic": "temple", "number": number},
    )


def rows_of(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in metadata.sorted_tables
        }


@contextmanager
def broken_at(engine: Engine, statement: str) -> Iterator[None]:
    """Let the statement that begins like this fail with an error that nobody foresaw."""

    def fail(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(statement):
            raise RuntimeError("the machine broke here")

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements that were sent."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        sent.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
