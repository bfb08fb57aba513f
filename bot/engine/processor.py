"""Rasa's message processor, lean: one turn in one go, actions in process, errors raised."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, action_for_name_or_text
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as NOT_UNDERSTOOD
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.content.model import LIBRARY
from bot.content.subjects import ENTITY_OF, MASKED, SIDE_BY_SIDE, URGENT_AGAIN
from bot.conversations.model import Button, Message
from bot.conversations.tracker_store import ConversationTrackerStore, TurnTracker
from bot.engine.actions import LocalAction, find_actions
from bot.engine.graph_runner import DirectGraphRunner
from bot.engine.ticket import LateTurnError, Ticket
from bot.nlu.guessing import CLOSE, GUESSES
from bot.nlu.questions import MOST_QUESTIONS, Questions, worth_answering_both
from bot.nlu.written_answers import CLINIC

INTENT_PREFIX = "/"
"""Rasa reads a text that begins with this as a forged intent."""

MOST_ACTIONS = 5
"""A turn is one action and then listening; more means that the rules run in a circle."""


class TurnProcessor(MessageProcessor):
    """Answers one message at a time; several threads may use it, for different conversations."""

    tracker_store: ConversationTrackerStore
    graph_runner: Any

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.graph_runner = DirectGraphRunner(self.graph_runner)
        self._local: dict[str, LocalAction] = find_actions()
        self._questions = Questions()

    async def turn(
        self, conversation_id: str, said: str | Button, ticket: Ticket, *, masked: bool = False
    ) -> list[Message]:
        """Understand, decide, act, store. Returns the turn's messages as stored.

        `said` is the visitor's text, redacted, or the button that was chosen; `masked` tells if
        personal details were masked in the text. Any error of any step is raised, and then nothing
        of the turn is stored; nor is it where the `ticket` was taken meanwhile (`LateTurnError`).
        """
        tracker = await self.tracker_store.retrieve(conversation_id)
        await self._answer(tracker, said, masked)
        if not ticket.take():
            raise LateTurnError
        return self.tracker_store.save_turn(tracker, ticket.request_key, ticket.milliseconds)

    async def rehearse(self, text: str, clinic: str) -> list[Event]:
        """The events of a first turn at a clinic, which is stored nowhere."""
        tracker = TurnTracker("rehearsal", self.domain.slots)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        tracker.slots[CLINIC].value = clinic
        tracker.replayed = len(tracker.events)
        await self._answer(tracker, text)
        return tracker.new_events()

    async def _answer(self, tracker: TurnTracker, said: str | Button, masked: bool = False) -> None:
        text: str | None
        if isinstance(said, Button):
            text, parts = said.title, [chosen(said)]
        else:
            text, parts = said, self.questions(said, tracker.get_slot(CLINIC))
        parts[-1] = {**parts[-1], MASKED: masked}  # told after the replies to all parts
        for part in parts:
            asked = UserUttered(text, part["intent"], part["entities"], part)
            tracker.update(asked, self.domain)
            await self._act(tracker)
            text = None  # the tracker store keeps what the visitor said once, with its first part

    def understand(self, text: str, clinic: str = LIBRARY) -> dict[str, Any]:
        """Intent and entities of a text, which is never read as one of Rasa's own commands.

        Of the answers that staff wrote, those of the clinic and of the library are looked at.
        """
        plain = text.strip().lstrip(INTENT_PREFIX).strip()
        tracker = DialogueStateTracker("", [])
        return self._parse_message_with_graph(
            UserMessage(plain, metadata={CLINIC: clinic}), tracker
        )

    def questions(self, text: str, clinic: str = LIBRARY) -> list[dict[str, Any]]:
        """What a text asks, in order: mostly one thing, two where it clearly asks for two."""
        whole = self.understand(text, clinic)
        cut = self._questions.of(text)
        if len(cut) == MOST_QUESTIONS:
            parts = [self.understand(part, clinic) for part in cut]
            urgent = [part for part in parts if part["intent"]["name"] in URGENT_AGAIN]
            if urgent:
                return urgent[:1]
            if worth_answering_both(likeliest(whole), parts, SIDE_BY_SIDE):
                return parts
        return [whole]

    async def _act(self, tracker: TurnTracker) -> None:
        channel = CollectingOutputChannel()
        for _ in range(MOST_ACTIONS):
            prediction = self._predict_next_with_tracker(tracker)
            name = self.domain.action_names_or_texts[prediction.max_confidence_index]
            await self._run_action(self._get_action(name), tracker, channel, self.nlg, prediction)
            if name == ACTION_LISTEN_NAME:
                return
        raise RuntimeError("The rules do not come to an end.")

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: Any,
        nlg: Any,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run one action.

        Rasa's own copies the tracker first and goes on in silence after an error.
        """
        events = await action.run(output_channel, nlg, tracker, self.domain)
        tracker.update_with_events(prediction.events, self.domain)
        tracker.update(action.event_for_successful_execution(prediction), self.domain)
        tracker.update_with_events(events, self.domain)
        return bool(action.name() != ACTION_LISTEN_NAME)

    def _get_action(self, action_name: str) -> Action:
        return self._local.get(action_name) or action_for_name_or_text(
            action_name, self.domain, self.action_endpoint
        )


def likeliest(parsed: dict[str, Any]) -> dict[str, Any]:
    """What a message is likeliest about, also where it would be asked back about."""
    close = parsed[GUESSES][CLOSE] if parsed["intent"]["name"] == NOT_UNDERSTOOD else []
    return {**parsed, "intent": {"name": close[0], "confidence": 0.0}} if close else parsed


def chosen(button: Button) -> dict[str, Any]:
    """What choosing a button means, in the form that understanding a text has."""
    intent = {"name": button.subject, "confidence": 1.0}
    entities = []
    if button.detail is not None:
        entities = [{"entity": ENTITY_OF[button.subject], "value": button.detail}]
    return {"intent": intent, "entities": entities, "intent_ranking": [intent]}
