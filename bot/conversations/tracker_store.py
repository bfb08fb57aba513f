"""Rasa's tracker store over the conversation log.

Rasa re-reads and replays a whole conversation on every turn. Ours gives it the slots and the last
few turns (`WINDOW`), kept warm in memory, so that turn 200 costs what turn 1 costs. A cold and a
warm tracker are built by the same code from the same values, so that a restart changes nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.drafts import draft_reply
from bot.conversations.log import ConversationLog, DialogueState
from bot.conversations.model import DraftMessage, Message, Understanding
from bot.errors import NotFound
from bot.replies.payload import reply_from_payload

WARM = 2_000
"""Conversations whose state is kept in memory: some 3 kB each, an evening's visitors."""


_EVENT_CLASSES: dict[str, type[Event]] = {
    each.type_name: each for each in (ActionExecuted, SlotSet, UserUttered)
}


class TurnTracker(DialogueStateTracker):
    """A tracker that knows where the present turn begins."""

    state: DialogueState
    replayed = 0

    def new_events(self) -> list[Event]:
        """The events of the present turn."""
        return list(self.events)[self.replayed :]


class ConversationTrackerStore(TrackerStore):
    """Reads and writes trackers through the conversation log.

    Errors are raised, so that nothing carries on unstored.
    """

    def __init__(self, log: ConversationLog, domain: Domain | None = None):
        super().__init__(domain)
        self._log = log
        self._warm: OrderedDict[str, DialogueState] = OrderedDict()
        self._lock = threading.Lock()

    async def retrieve(self, sender_id: str) -> TurnTracker:
        """The tracker to go on with. Raises `NotFound` where there is no such conversation."""
        state = self._current_state(sender_id)
        tracker = TurnTracker(sender_id, self.domain.slots)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        for turn in state.recent:
            for event in turn:
                tracker.update(_event(event), self.domain)
        for name, value in state.slots.items():
            if name in tracker.slots:
                tracker.slots[name].value = value
        tracker.state = state
        tracker.replayed = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Rasa's name for storing the turn."""
        if isinstance(tracker, TurnTracker):
            self.save_turn(tracker)

    def save_turn(
        self,
        tracker: TurnTracker,
        request_key: str | None = None,
        milliseconds: int | None = None,
    ) -> list[Message]:
        """Store the present turn and keep its state warm. Returns the messages as stored.

        `request_key` is that of the request which the turn answers; `milliseconds` is how long the
        visitor has waited.
        """
        events = tracker.new_events()
        compact = tuple(_dialogue_events(events))
        slots = tracker.current_slot_values()
        after = tracker.state.after(slots, compact)
        stored = self._log.save_turn(
            tracker.sender_id,
            after.turns,
            list(_drafts(events)),
            events=compact,
            slots=slots,
            request_key=request_key,
            milliseconds=milliseconds,
        )
        self._keep(tracker.sender_id, after)
        return stored

    def _current_state(self, conversation_id: str) -> DialogueState:
        with self._lock:
            warm = self._warm.get(conversation_id)
        if warm is not None and self._log.turns(conversation_id) == warm.turns:
            return warm
        state = self._log.state(conversation_id)
        if state is None:
            raise NotFound("There is no such conversation.")
        return state

    def _keep(self, conversation_id: str, state: DialogueState) -> None:
        with self._lock:
            self._warm[conversation_id] = state
            self._warm.move_to_end(conversation_id)
            if len(self._warm) > WARM:
                self._warm.popitem(last=False)


def _dialogue_events(events: Iterable[Event]) -> Iterable[dict[str, Any]]:
    """The events as the dialogue needs them, without any text: that stands in the messages."""
    for event in events:
        if isinstance(event, BotUttered):
            continue
        if isinstance(event, UserUttered):
            entities = [{"entity": e["entity"], "value": e["value"]} for e in event.entities]
            parsed = {"intent": {"name": event.intent_name}, "entities": entities}
            yield {"event": "user", "timestamp": event.timestamp, "parse_data": parsed}
        else:
            yield event.as_dict()


def _event(parameters: dict[str, Any]) -> Event:
    """The reverse of `_dialogue_events`.

    Rasa's own way searches all classes of events each time.
    """
    kind = parameters["event"]
    if kind not in _EVENT_CLASSES:
        return Event.from_parameters(parameters)
    event = _EVENT_CLASSES[kind]._from_parameters(parameters)
    assert event is not None
    return event


def _drafts(events: Iterable[Event]) -> Iterable[DraftMessage]:
    """The messages of a turn: what the visitor said and what the bot replied."""
    action = None
    for event in events:
        if isinstance(event, UserUttered):
            if event.text is not None:  # else the next part of what was said
                yield DraftMessage("visitor", event.text, understanding=_understanding(event))
        elif isinstance(event, ActionExecuted):
            action = event.action_name
        elif isinstance(event, BotUttered):
            yield draft_reply(reply_from_payload(event.text, event.data["custom"]), action)


def _understanding(event: UserUttered) -> Understanding:
    ranking: list[dict[str, Any]] = event.parse_data.get("intent_ranking") or []
    second = ranking[1] if len(ranking) > 1 else {}
    return Understanding(
        event.intent_name,
        event.intent.get("confidence", 0.0),
        second.get("name"),
        second.get("confidence", 0.0),
    )
