"""Missed questions to file: conversations about a few things, vectors that anybody can check."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import numpy as np
from sqlalchemy.engine import Engine

import bot.figures.tables
import bot.missed.tables  # noqa: F401  (both fill `metadata`)
from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage, Understanding
from bot.missed.filing import Filing
from bot.missed.keeper import MissedKeeper
from tests.chat.stage import Clock

TOPICS = ("parking", "price", "insurance", "weather")
GREETING = DraftMessage("bot", "Welcome.", subject="greeting")


def vectors(texts: Sequence[str]) -> np.ndarray:
    """A direction of its own for each topic that a text names, and a little of its own."""
    rows = np.zeros((len(texts), 16), np.float32)
    for row, text in zip(rows, texts):
        for place, topic in enumerate(TOPICS):
            row[place] = topic in text.lower()
        row[8 + sum(text.encode()) % 8] += 0.3
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def ask(
    log: ConversationLog,
    *questions: str,
    clinic: str = "temple",
    missed: bool = True,
    confidence: float = 0.9,
    subject: str = "fallback",
) -> tuple[str, list[str]]:
    """A conversation with these questions. Returns its id and those of the replies."""
    conversation, _ = log.open(
        clinic,
        token_hash=uuid.uuid4().hex,
        external_id=None,
        expires_at=None,
        greeting=GREETING,
    )
    replies = []
    for number, text in enumerate(questions, 1):
        stored = log.save_turn(
            conversation.id,
            number,
            [
                DraftMessage("visitor", text, understanding=Understanding("causes", confidence)),
                DraftMessage("bot", "Reply.", subject=subject, missed=missed),
            ],
            events=[],
            slots={},
        )
        replies.append(stored[1].id)
    return conversation.id, replies


def keeper(engine: Engine, clock: Clock) -> MissedKeeper:
    return MissedKeeper(Filing(engine, clock, vectors, "test"), clock, between_seconds=0)
