"""The conversation log: what was said and the dialogue state, in one transaction a turn."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.conversations import rows
from bot.conversations.model import Button, Conversation, DraftMessage, Message
from bot.conversations.tables import conversations, feedback, messages, turns
from bot.db.engine import empty_journal
from bot.db.unit_of_work import UnitOfWork
from bot.errors import Gone, NotFound, TurnOvertaken

WINDOW = 2
"""Turns of dialogue state that Rasa is given to go on. The rules look at the present turn only."""


@dataclass(frozen=True)
class DialogueState:
    """What Rasa needs to go on: the present slots, and the last turns' events, oldest first."""

    turns: int
    slots: dict[str, Any]
    recent: tuple[tuple[dict[str, Any], ...], ...] = ()

    def after(self, slots: dict[str, Any], events: tuple[dict[str, Any], ...]) -> DialogueState:
        """The state that one more turn leaves."""
        return DialogueState(self.turns + 1, slots, (*self.recent, events)[-WINDOW:])


class ConversationLog:
    """All reads and writes of conversations.

    Raises `StoreUnavailable` when the database cannot be used.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def open(
        self,
        clinic: str,
        *,
        token_hash: str | None,
        external_id: str | None,
        expires_at: datetime | None,
        greeting: DraftMessage,
    ) -> tuple[Conversation, list[Message]]:
        """Begin a conversation with the bot's first message (turn 0)."""
        now = self._clock()
        conversation = Conversation(uuid.uuid4().hex, clinic, now, now, turns=0)
        stored = rows.stored(greeting, now)
        with UnitOfWork(self._engine) as unit:
            unit.connection.execute(
                conversations.insert().values(
                    id=conversation.id,
                    clinic=clinic,
                    token_hash=token_hash,
                    external_id=external_id,
                    started_at=now,
                    last_activity_at=now,
                    expires_at=expires_at,
                    turns=0,
                    slots={"clinic": clinic},
                )
            )
            unit.connection.execute(
                messages.insert().values(rows.message_row(conversation.id, 0, 0, greeting, stored))
            )
            unit.commit()
        return conversation, [stored]

    def by_token_hash(self, token_hash: str) -> Conversation | None:
        """The conversation of a session token. Raises `Gone` when the session has expired."""
        return self._find(conversations.c.token_hash == token_hash)

    def by_external_id(self, external_id: str) -> Conversation | None:
        """The conversation of another system's sender."""
        return self._find(conversations.c.external_id == external_id)

    def messages(self, conversation_id: str) -> list[Message]:
        """Everything that was said, in order."""
        query = (
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id)
            .order_by(messages.c.turn, messages.c.position)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [rows.message(row) for row in unit.connection.execute(query)]

    def turns(self, conversation_id: str) -> int | None:
        """How many turns are stored; None where there is no such conversation."""
        query = sa.select(conversations.c.turns).where(conversations.c.id == conversation_id)
        with UnitOfWork(self._engine, read_only=True) as unit:
            return unit.connection.execute(query).scalar()

    def state(self, conversation_id: str) -> DialogueState | None:
        """The state to go on from, as the last stored turn left it."""
        query = sa.select(conversations.c.turns, conversations.c.slots).where(
            conversations.c.id == conversation_id
        )
        window = (
            sa.select(turns.c.events)
            .where(turns.c.conversation_id == conversation_id)
            .order_by(turns.c.number.desc())
            .limit(WINDOW)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = unit.connection.execute(query).first()
            if found is None:
                return None
            latest = [tuple(row.events) for row in unit.connection.execute(window)]
        return DialogueState(found.turns, found.slots, tuple(reversed(latest)))

    def save_turn(
        self,
        conversation_id: str,
        number: int,
        drafts: Sequence[DraftMessage],
        *,
        events: Sequence[dict[str, Any]],
        slots: dict[str, Any],
        failed: bool = False,
    ) -> list[Message]:
        """Store one turn whole: the visitor's message, the replies, the dialogue state.

        `number` is the turn's, one more than the turns stored so far: a turn that was begun on an
        older state is refused (`TurnOvertaken`). Returns the stored messages. Raises `Gone` when
        the conversation was deleted meanwhile.
        """
        now = self._clock()
        stored = [rows.stored(draft, now) for draft in drafts]
        with UnitOfWork(self._engine) as unit:
            self._advance(unit.connection, conversation_id, number, now, slots)
            unit.connection.execute(
                turns.insert().values(
                    conversation_id=conversation_id,
                    number=number,
                    at=now,
                    events=list(events),
                    failed=failed,
                )
            )
            unit.connection.execute(
                messages.insert(),
                [
                    rows.message_row(conversation_id, number, position, draft, message)
                    for position, (draft, message) in enumerate(zip(drafts, stored))
                ],
            )
            unit.commit()
        return stored

    def offered(self, conversation_id: str, choice_id: str) -> Button | None:
        """The button of that id, if the bot offered it in this conversation."""
        query = (
            sa.select(messages.c.buttons)
            .where(messages.c.conversation_id == conversation_id, messages.c.sender == "bot")
            .order_by(messages.c.turn.desc(), messages.c.position.desc())
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            for row in unit.connection.execute(query):  # mostly it is in the first one
                for button in row.buttons:
                    if button["id"] == choice_id:
                        return Button(**button)
        return None

    def add_feedback(
        self, conversation_id: str, message_id: str, helpful: bool, comment: str | None
    ) -> None:
        """Keep what the visitor thinks of a reply; the latest word counts.

        Raises `NotFound` when it is not a reply of this conversation.
        """
        known = sa.select(messages.c.id).where(
            messages.c.id == message_id,
            messages.c.conversation_id == conversation_id,
            messages.c.sender == "bot",
        )
        with UnitOfWork(self._engine) as unit:
            if unit.connection.execute(known).scalar() is None:
                raise NotFound("There is no such reply in this conversation.")
            unit.connection.execute(feedback.delete().where(feedback.c.message_id == message_id))
            unit.connection.execute(
                feedback.insert().values(
                    message_id=message_id, helpful=helpful, comment=comment, at=self._clock()
                )
            )
            unit.commit()

    def delete(self, conversation_id: str) -> bool:
        """Forget a conversation whole. Returns whether it was there."""
        return self._delete(conversations.c.id == conversation_id) == 1

    def purge(self, last_active_before: datetime) -> int:
        """Forget every conversation without activity since a moment. Returns how many."""
        return self._delete(conversations.c.last_activity_at < last_active_before)

    def all(self) -> list[Conversation]:
        """Every conversation, the latest activity first."""
        query = sa.select(conversations).order_by(conversations.c.last_activity_at.desc())
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [rows.conversation(row) for row in unit.connection.execute(query)]

    def _find(self, condition: Any) -> Conversation | None:
        with UnitOfWork(self._engine, read_only=True) as unit:
            row = unit.connection.execute(sa.select(conversations).where(condition)).first()
        if row is None:
            return None
        if row.expires_at is not None and row.expires_at <= self._clock():
            raise Gone("This session has ended. Start a new one.")
        return rows.conversation(row)

    def _delete(self, condition: Any) -> int:
        with UnitOfWork(self._engine) as unit:
            count = unit.connection.execute(conversations.delete().where(condition)).rowcount
            unit.commit()
        if count:
            empty_journal(self._engine)
        return int(count)

    def _advance(
        self, connection: Connection, conversation_id: str, number: int, now: datetime, slots: Any
    ) -> None:
        """Move the turn counter from `number - 1` to `number`, or refuse: two writers never both
        succeed.
        """
        moved = connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation_id, conversations.c.turns == number - 1)
            .values(turns=number, last_activity_at=now, slots=slots)
        )
        if moved.rowcount == 1:
            return
        query = sa.select(conversations.c.id).where(conversations.c.id == conversation_id)
        if connection.execute(query).scalar() is None:
            raise Gone("This conversation was deleted.")
        raise TurnOvertaken("Another message of this conversation was answered first.")
