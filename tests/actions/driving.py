"""A conversation at the level of actions: intents and details in, what was said out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.content.subjects import ENTITY_OF
from bot.replies.model import Reply
from bot.replies.payload import reply_from_payload

REFERENCE = "reference"


@dataclass
class Driver:
    """Runs actions one after the other and keeps the slots that they set, as Rasa does."""

    actions: dict[str, Callable[..., Any]]
    clinic: str = "temple"
    slots: dict[str, Any] = field(default_factory=dict)

    def ask(self, subject: str, *details: str) -> Reply:
        """A message of an intent that names details of its kind, in order."""
        entity = ENTITY_OF.get(subject, REFERENCE)
        return self.say(subject, *((entity, detail) for detail in details))

    def say(
        self,
        intent: str,
        *entities: tuple[str, ...],
        ranking: Sequence[tuple[str, float]] = (),
        text: str = "...",
    ) -> Reply:
        """A message of an intent that names details of any kind, as (entity, value[, role]).

        `ranking` is what else it may have meant, with probabilities, the most likely first.
        """
        from rasa_sdk import Tracker
        from rasa_sdk.executor import CollectingDispatcher

        found = [dict(zip(("entity", "value", "role"), each)) for each in entities]
        message = {
            "intent": {"name": intent},
            "intent_ranking": [{"name": name, "confidence": p} for name, p in ranking],
            "entities": found,
            "text": text,
        }
        slots = {"clinic": self.clinic, **self.slots}
        tracker = Tracker("visitor", slots, message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        for event in self.actions[f"action_{intent}"](dispatcher, tracker, {}):
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        (said,) = dispatcher.messages
        return reply_from_payload(said["text"], said["custom"])
