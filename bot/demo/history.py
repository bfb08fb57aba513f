"""Makes the history: each visit goes through the visitors' door and the real engine, at its own
time.

What the engine made of a message is kept: where another conversation stands at the same point and
says the same, the turn is stored again through the same log. The engine would say the same, for it
is given the dialogue state and the words only.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.chat.door import Door
from bot.chat.requests import VisitorMessage
from bot.conversations import demo_marks
from bot.conversations.log import ConversationLog, DialogueState
from bot.conversations.model import Button, Conversation, DraftMessage, Message
from bot.demo.visits import Chosen, Judged, Said, Visit


class PastClock:
    """A clock that is put to the moment of what is being made."""

    def __init__(self, now: datetime):
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclasses.dataclass(frozen=True)
class Turn:
    """What the engine made of one message, as it was stored."""

    drafts: tuple[DraftMessage, ...]
    events: tuple[dict[str, Any], ...]
    slots: dict[str, Any]
    failed: bool


class KeepingLog(ConversationLog):
    """A conversation log that remembers the last turn that it stored."""

    last: Turn | None = None

    def save_turn(
        self, conversation_id: str, number: int, drafts: Sequence[DraftMessage], **how: Any
    ) -> list[Message]:
        """Store a turn whole, as `ConversationLog.save_turn`."""
        stored = super().save_turn(conversation_id, number, drafts, **how)
        failed = how.get("failed", False)
        self.last = Turn(tuple(drafts), tuple(how["events"]), how["slots"], failed)
        return stored


class History:
    """Writes visits into a log. One at a time: they share the clock."""

    def __init__(self, door: Door, log: KeepingLog, clock: PastClock):
        self._door = door
        self._log = log
        self._clock = clock
        self._made: dict[str, Turn] = {}

    async def write(self, visits: Iterable[Visit]) -> AsyncIterator[None]:
        """Write each visit; yields after each one."""
        for visit in visits:
            await self._visit(visit)
            yield

    async def _visit(self, visit: Visit) -> None:
        self._clock.now = visit.starts_at
        conversation, said = await self._door.open(
            self._door.clinic(visit.clinic), external_id=demo_marks.new_sender()
        )
        state = DialogueState(0, {"clinic": visit.clinic})
        for act in visit.acts:
            self._clock.now += timedelta(seconds=act.after_seconds)
            if isinstance(act, Judged):
                self._judge(conversation, said[-1], act)
                continue
            message = _message(act, said)
            if message is not None:
                state, said = await self._turn(conversation, message, state, said)

    def _judge(self, conversation: Conversation, reply: Message, act: Judged) -> None:
        comment = self._door.redacted(act.comment).text if act.comment else None
        self._log.add_feedback(conversation.id, reply.id, act.helpful, comment)

    async def _turn(
        self,
        conversation: Conversation,
        message: VisitorMessage,
        state: DialogueState,
        before: Sequence[Message],
    ) -> tuple[DialogueState, list[Message]]:
        point = _point(conversation.clinic, state, message, before)
        turn = self._made.get(point)
        if turn is None:
            said = await self._door.reply_to(conversation, message)
            turn = self._log.last
            assert turn is not None, "a reply is stored before it is said"
            self._made[point] = turn
        else:
            said = self._again(conversation, state.turns + 1, turn)
        return state.after(turn.slots, turn.events), said

    def _again(self, conversation: Conversation, number: int, turn: Turn) -> list[Message]:
        """Store a turn that was made before; its buttons are this conversation's own."""
        drafts = [_with_own_buttons(draft) for draft in turn.drafts]
        stored = self._log.save_turn(
            conversation.id,
            number,
            drafts,
            events=turn.events,
            slots=turn.slots,
            failed=turn.failed,
        )
        return [message for message in stored if message.sender == "bot"]


def _message(act: Said | Chosen, before: Sequence[Message]) -> VisitorMessage | None:
    """What is sent; nothing for a button where none was offered, or one that deletes the chat."""
    if isinstance(act, Said):
        return VisitorMessage(text=act.text)
    buttons = [button for each in before for button in each.buttons if button.subject != "privacy"]
    return VisitorMessage(choice=buttons[act.which % len(buttons)].id) if buttons else None


def _point(
    clinic: str, state: DialogueState, message: VisitorMessage, before: Sequence[Message]
) -> str:
    """All that the engine's reply depends on, as a text."""
    chosen = [
        (button.title, button.subject, button.detail)
        for each in before
        for button in each.buttons
        if button.id == message.choice
    ]
    recent = [[_without_time(event) for event in turn] for turn in state.recent]
    return json.dumps([clinic, state.slots, recent, message.text, chosen], sort_keys=True)


def _without_time(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != "timestamp"}


def _with_own_buttons(draft: DraftMessage) -> DraftMessage:
    own = tuple(
        Button(secrets.token_urlsafe(9), button.title, button.subject, button.detail)
        for button in draft.buttons
    )
    return dataclasses.replace(draft, buttons=own)
