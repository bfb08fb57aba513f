"""Engines to test: with the real model, or with a processor that a test can see through."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.engine import Engine as Database

from bot.commands.database import now
from bot.content import live as live_content
from bot.content.live import LiveContent
from bot.content.store import ContentStore
from bot.conversations.log import ConversationLog
from bot.conversations.model import Button, Conversation, DraftMessage, Message
from bot.engine.engine import Engine
from bot.engine.ticket import LateTurnError, Ticket
from tests.conversations.wordings import begin

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor

SAFE_TEXT = "{emergency} Something went wrong. {route}"
POLL_SECONDS = 0.5
"""The setting's default."""


class FakeProcessor:
    """Stores an echo as its reply. What a turn does before it is stored is for the test to say."""

    def __init__(self, log: ConversationLog):
        self.log = log
        self.heard: list[str] = []
        self.masked: list[bool] = []
        self.before_storing: Callable[[str], None] = lambda text: None
        self.gave_up: list[str] = []

    async def turn(
        self, conversation_id: str, said: str | Button, ticket: Ticket, *, masked: bool = False
    ) -> list[Message]:
        text = said.title if isinstance(said, Button) else said
        self.heard.append(text)
        self.masked.append(masked)
        state = self.log.state(conversation_id)
        assert state is not None
        self.before_storing(text)
        if not ticket.take():
            self.gave_up.append(text)
            raise LateTurnError
        drafts = [DraftMessage("visitor", text), DraftMessage("bot", f"You said: {text}")]
        return self.log.save_turn(
            conversation_id,
            state.turns + 1,
            drafts,
            events=[],
            slots=state.slots,
            request_key=ticket.request_key,
        )


@dataclass
class Stage:
    """An engine and what it works with."""

    engine: Engine
    log: ConversationLog
    live: LiveContent
    database: Database
    processor: FakeProcessor | TurnProcessor

    def begin(self) -> Conversation:
        return begin(self.log)

    def said(self, conversation: Conversation) -> list[str]:
        """Everything after the greeting, in order."""
        return [message.text for message in self.log.messages(conversation.id)[1:]]


def fake_stage(
    database: Database, turn_seconds: float = 5.0, redis_url: str | None = None
) -> Stage:
    log = ConversationLog(database, now)
    live = LiveContent(ContentStore(database, now), POLL_SECONDS)
    processor = FakeProcessor(log)
    engine = Engine(
        processor,  # type: ignore[arg-type]
        live,
        log,
        SAFE_TEXT,
        turn_seconds=turn_seconds,
        redis_url=redis_url,
    )
    return Stage(engine, log, live, database, processor)


def real_stage(
    database: Database,
    processor: TurnProcessor,
    turn_seconds: float = 10.0,
    redis_url: str | None = None,
) -> Stage:
    """The trained model with a tracker store of its own, as a process that has just started."""
    from bot.conversations.tracker_store import ConversationTrackerStore

    log = ConversationLog(database, now)
    live = LiveContent(ContentStore(database, now), POLL_SECONDS)
    live_content.use(live)
    own = copy.copy(processor)
    own.tracker_store = ConversationTrackerStore(log, own.domain)
    engine = Engine(own, live, log, SAFE_TEXT, turn_seconds=turn_seconds, redis_url=redis_url)
    return Stage(engine, log, live, database, own)


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> float:
    """Seconds until something is so. Fails where it takes too long."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "this never came to be"
        time.sleep(0.005)
    return time.monotonic() - started
