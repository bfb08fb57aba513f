"""The conversation log: what was said and the dialogue state, in one transaction a turn."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content.subjects import URGENT_AGAIN
from bot.conversations import opinions, overviews, rows
from bot.conversations.by_reference import free_reference
from bot.conversations.forgetting import Forgetting, Overdue, forget
from bot.conversations.model import Button, Conversation, DraftMessage, Message
from bot.conversations.tables import conversations, messages, turns
from bot.db.engine import empty_journal
from bot.db.unit_of_work import UnitOfWork
from bot.errors import Gone, TurnOvertaken
from bot.review.model import Opinion

WINDOW = 2
"""Turns of dialogue state that Rasa is given to go on. The rules look at the present turn only."""

KNOWN_BY = ("token_hash", "external_id", "expires_at")
"""Columns by which a visitor comes back to a conversation, and until when."""

_ADVANCE = conversations.update().where(
    conversations.c.id == sa.bindparam("this"), conversations.c.turns == sa.bindparam("before")
)
_ADD_TURN = turns.insert()
_ADD_MESSAGES = messages.insert()
# Made once: SQLAlchemy takes as long to make such a statement as SQLite to carry it out.


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
        self._forgetting = Forgetting(engine, clock)

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
        known_by = dict(zip(KNOWN_BY, (token_hash, external_id, expires_at)))
        with UnitOfWork(self._engine) as unit:
            opened = self._begin(unit.connection, clinic, known_by, greeting)
            unit.commit()
        return opened

    def begin_anew(
        self, conversation_id: str, first: DraftMessage, request_key: str | None = None
    ) -> list[Message]:
        """Forget a conversation and begin an empty one with a message, in one transaction.

        Who was known by the old one is known by the new one, as long as before. Raises `Gone` where
        there is no such conversation any more.
        """
        this = conversations.c.id == conversation_id
        query = sa.select(*(conversations.c[name] for name in ("clinic", *KNOWN_BY))).where(this)
        with UnitOfWork(self._engine) as unit:
            old = unit.connection.execute(query).mappings().first()
            if old is None or not forget(unit.connection, this):
                raise Gone("This conversation was deleted.")
            known_by = {name: old[name] for name in KNOWN_BY}
            _, stored = self._begin(unit.connection, old["clinic"], known_by, first, request_key)
            unit.commit()
        empty_journal(self._engine)
        return stored

    def by_token_hash(self, token_hash: str, *, also_expired: bool = False) -> Conversation | None:
        """The conversation of a session token. Raises `Gone` when the session has expired."""
        return self._find(conversations.c.token_hash == token_hash, also_expired)

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

    def replied(self, conversation_id: str, request_key: str) -> list[Message] | None:
        """What the bot said to the request of that key; None where it was not answered yet."""
        this = messages.c.conversation_id == conversation_id
        turn = sa.select(messages.c.turn).where(this, messages.c.request_key == request_key)
        query = (
            sa.select(messages)
            .where(this, messages.c.turn == turn.scalar_subquery(), messages.c.sender == "bot")
            .order_by(messages.c.position)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [rows.message(row) for row in unit.connection.execute(query)] or None

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
        request_key: str | None = None,
        milliseconds: int | None = None,
    ) -> list[Message]:
        """Store one turn whole: the visitor's message, the replies, the dialogue state.

        `number` is the turn's, one more than the turns stored so far: a turn that was begun on an
        older state is refused (`TurnOvertaken`). `milliseconds`: how long the visitor has waited.
        Returns the stored messages. Raises `Gone` when the conversation was deleted meanwhile.
        """
        now = self._clock()
        stored = [rows.stored(draft, now) for draft in drafts]
        with UnitOfWork(self._engine) as unit:
            changed: dict[str, Any] = {"last_activity_at": now, "slots": slots}
            if any(draft.subject in URGENT_AGAIN for draft in drafts):
                changed["red_flag_at"] = now
            self._advance(unit.connection, conversation_id, number, changed)
            unit.connection.execute(
                _ADD_TURN,
                {
                    "conversation_id": conversation_id,
                    "number": number,
                    "at": now,
                    "events": list(events),
                    "failed": failed,
                    "milliseconds": milliseconds,
                },
            )
            unit.connection.execute(
                _ADD_MESSAGES,
                rows.message_rows(conversation_id, number, drafts, stored, request_key),
            )
            overviews.add_turn(unit.connection, conversation_id, number, now, drafts)
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
        with UnitOfWork(self._engine) as unit:
            opinion = Opinion(helpful, comment, self._clock())
            opinions.keep(unit.connection, conversation_id, message_id, opinion)
            unit.commit()

    def delete(self, conversation_id: str) -> bool:
        """Forget a conversation whole. Returns whether it was there."""
        return self._forgetting.one(conversation_id)

    def overdue(self, days: int | None = None, clinic: str | None = None) -> list[Overdue]:
        """What a purge would delete now, by clinic (`Forgetting.overdue`)."""
        return self._forgetting.overdue(days, clinic)

    def purge(self, days: int | None = None, clinic: str | None = None) -> Iterator[int]:
        """Forget what is older than its clinic keeps it, in batches (`Forgetting.purge`)."""
        return self._forgetting.purge(days, clinic)

    def all(self) -> list[Conversation]:
        """Every conversation: those that got emergency or crisis help, then the latest activity."""
        flagged = conversations.c.red_flag_at.is_not(None)
        latest = conversations.c.last_activity_at
        query = sa.select(conversations).order_by(flagged.desc(), latest.desc())
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [rows.conversation(row) for row in unit.connection.execute(query)]

    def _find(self, condition: Any, also_expired: bool = False) -> Conversation | None:
        with UnitOfWork(self._engine, read_only=True) as unit:
            row = unit.connection.execute(sa.select(conversations).where(condition)).first()
        if row is None:
            return None
        if not also_expired and row.expires_at and row.expires_at <= self._clock():
            raise Gone("This session has ended. Start a new one.")
        return rows.conversation(row)

    def _begin(
        self,
        connection: Connection,
        clinic: str,
        known_by: dict[str, Any],
        first: DraftMessage,
        request_key: str | None = None,
    ) -> tuple[Conversation, list[Message]]:
        now = self._clock()
        code = free_reference(connection)
        conversation = Conversation(uuid.uuid4().hex, clinic, now, now, turns=0, reference=code)
        stored = rows.stored(first, now)
        connection.execute(
            conversations.insert().values(
                id=conversation.id,
                clinic=clinic,
                started_at=now,
                last_activity_at=now,
                turns=0,
                slots={"clinic": clinic},
                reference=code,
                **known_by,
            )
        )
        row = rows.message_row(conversation.id, 0, 0, first, stored, request_key=request_key)
        connection.execute(messages.insert().values(row))
        overviews.begin(connection, conversation.id, clinic, now)
        return conversation, [stored]

    def _advance(
        self, connection: Connection, conversation_id: str, number: int, changed: dict[str, Any]
    ) -> None:
        """Move the turn counter from `number - 1` to `number`, or refuse: two writers never both
        succeed.
        """
        moved = connection.execute(
            _ADVANCE, {"this": conversation_id, "before": number - 1, "turns": number, **changed}
        )
        if moved.rowcount == 1:
            return
        query = sa.select(conversations.c.id).where(conversations.c.id == conversation_id)
        if connection.execute(query).scalar() is None:
            raise Gone("This conversation was deleted.")
        raise TurnOvertaken("Another message of this conversation was answered first.")
