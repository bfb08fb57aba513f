"""A conversation at the level of actions: intents and details in, what was said out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.content.subjects import ENTITY_OF, MASKED
from bot.nlu.guessing import GUESSES, guessed
from bot.replies.model import Reply
from bot.replies.payload import reply_from_payload

REFERENCE = "reference"
LIMITS = {"least_each": 0.15, "least_together": 0.5, "least_runner_up": 0.05, "most": 3}


@dataclass
class Driver:
    """Runs actions one after the other and keeps the slots that they set, as Rasa does."""

    actions: dict[str, Callable[..., Any]]
    clinic: str = "temple"
    slots: dict[str, Any] = field(default_factory=dict)
    heard: list[Reply] = field(default_factory=list)

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
        at: Mapping[str, int] | None = None,
        masked: bool = False,
    ) -> Reply:
        """A message of an intent that names details of any kind, as (entity, value[, role]).

        `at` is the place of all in the `text`, as `start` and `end`, else where their value stands.
        `ranking` is what else it may have meant, with probabilities, the most likely first;
        `masked`, whether personal details were masked in it. All that was said to it is `heard`;
        the last of that is returned.
        """
        from rasa_sdk import Tracker
        from rasa_sdk.executor import CollectingDispatcher

        ranked = [{"name": name, "confidence": p} for name, p in ranking]
        names = ("entity", "value", "role")
        found = [{**dict(zip(names, each)), **(at or place(each[1], text))} for each in entities]
        message = {
            "intent": {"name": intent},
            "intent_ranking": ranked,
            GUESSES: guessed(ranked, **LIMITS),
            "entities": found,
            "text": text,
            MASKED: masked,
        }
        slots = {"clinic": self.clinic, **self.slots}
        tracker = Tracker("visitor", slots, message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        for event in self.actions[f"action_{intent}"](dispatcher, tracker, {}):
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        said = [(each["text"], each["custom"]) for each in dispatcher.messages]
        self.heard = [reply_from_payload(text, custom) for text, custom in said]
        return self.heard[-1]


def place(value: str, text: str) -> dict[str, int]:
    """Where a value stands in a text; empty where it does not."""
    start = text.find(value)
    return {"start": start, "end": start + len(value)} if start >= 0 else {}
