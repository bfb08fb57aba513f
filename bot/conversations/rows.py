"""Between rows and values: the only place that knows how a message is laid out in its table."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Row

from bot.conversations.model import (
    Button,
    Conversation,
    DraftMessage,
    Link,
    Message,
    SourceLine,
)


def stored(draft: DraftMessage, at: datetime) -> Message:
    """The message that a draft becomes when it is stored at a moment."""
    return Message(
        id=uuid.uuid4().hex,
        sender=draft.sender,
        text=draft.text,
        at=at,
        buttons=draft.buttons,
        links=draft.links,
        subject=draft.subject,
        detail=draft.detail,
        source=draft.source,
    )


def message_rows(
    conversation_id: str,
    turn: int,
    drafts: Sequence[DraftMessage],
    stored: Sequence[Message],
    request_key: str | None,
) -> list[dict[str, Any]]:
    """The rows of a turn's messages, in the order said."""
    return [
        message_row(conversation_id, turn, position, draft, message, request_key=request_key)
        for position, (draft, message) in enumerate(zip(drafts, stored))
    ]


def message_row(
    conversation_id: str,
    turn: int,
    position: int,
    draft: DraftMessage,
    message: Message,
    *,
    request_key: str | None = None,
) -> dict[str, Any]:
    """The columns of a message. A turn's first one holds the key of the request."""
    understood = draft.understanding
    return {
        "id": message.id,
        "conversation_id": conversation_id,
        "turn": turn,
        "position": position,
        "sender": draft.sender,
        "text": draft.text,
        "at": message.at,
        "subject": draft.subject,
        "detail": draft.detail,
        "buttons": [asdict(button) for button in draft.buttons],
        "links": [asdict(link) for link in draft.links],
        "source": draft.source.as_json() if draft.source else None,
        "intent": understood.intent if understood else None,
        "confidence": understood.confidence if understood else None,
        "runner_up": understood.runner_up if understood else None,
        "runner_up_confidence": understood.runner_up_confidence if understood else None,
        "action": draft.action,
        "answer_id": draft.answer_id,
        "answer_version": draft.answer_version,
        "missed": draft.missed,
        "request_key": None if position else request_key,
    }


def message(row: Row) -> Message:
    """A stored message."""
    return Message(
        id=row.id,
        sender=row.sender,
        text=row.text,
        at=row.at,
        buttons=tuple(Button(**button) for button in row.buttons),
        links=tuple(Link(**link) for link in row.links),
        subject=row.subject,
        detail=row.detail,
        source=SourceLine.from_json(row.source) if row.source else None,
    )


def conversation(row: Row) -> Conversation:
    """A stored conversation."""
    return Conversation(
        row.id,
        row.clinic,
        row.started_at,
        row.last_activity_at,
        row.turns,
        row.red_flag_at,
        row.reference,
    )
