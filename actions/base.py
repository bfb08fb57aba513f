"""What all actions share: take the subject, ask the content store, say its words.

An action runs inside our own process (`bot/engine/`) and under `rasa run actions` alike. Which
action follows which intent is the rules' business (`data/stories/rules.yml`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.content import live
from bot.content.model import LIBRARY, Snapshot
from bot.content.subjects import ENTITY_OF, FALLBACK
from bot.replies.model import Reply
from bot.replies.payload import reply_payload
from bot.replies.render import render

NAMED = frozenset({"cause", "symptom", "treatment"})
"""Entities that "the other one" may point at."""


class ReplyAction(Action, ABC):
    """Says one reply and remembers what it was about."""

    @abstractmethod
    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        """The subject and the detail to answer."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer from the content in force now; where the store has nothing, say so."""
        snapshot = live.current()
        clinic = tracker.get_slot("clinic")
        subject, detail = self.topic(tracker, snapshot)
        answer = (
            snapshot.answer(clinic, subject, detail)
            or snapshot.answer(clinic, subject)
            or snapshot.answers[(LIBRARY, FALLBACK, None)]
        )
        reply = render(snapshot, answer, clinic, datetime.now(timezone.utc))
        dispatcher.utter_message(**reply_payload(reply))
        return self.remember(tracker, reply, answer.items)

    def remember(self, tracker: Tracker, reply: Reply, items: Iterable[str]) -> list[EventType]:
        """What a follow-up may point at: the topic, and the list that was shown."""
        events: list[EventType] = [
            SlotSet("last_subject", reply.subject),
            SlotSet("last_detail", reply.detail),
        ]
        entities = tracker.latest_message.get("entities", [])
        named = [e["value"] for e in entities if e["entity"] in NAMED]
        if named:
            events.append(SlotSet("named", named))
        shown = list(items)
        if shown:
            events += [SlotSet("listed", shown), SlotSet("listed_subject", reply.subject)]
        return events


class SubjectAction(ReplyAction):
    """Answers one subject."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """The subject's name, as in `bot/content/subjects.py`."""

    def name(self) -> str:
        return f"action_{self.subject}"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        return self.subject, None


class DetailAction(SubjectAction):
    """Answers one named thing of a subject: a cause, a symptom, a treatment."""

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        clinic = tracker.get_slot("clinic")
        details = list(tracker.get_latest_entity_values(ENTITY_OF[self.subject]))
        answers = [snapshot.answer(clinic, self.subject, detail) for detail in details]
        known = [answer for answer in answers if answer is not None]
        # "nerve block injections" names a kind and what it is a kind of: the kind is what was
        # asked. Of several, the last one is: what comes before a question tells how it came up.
        kinds = [answer for answer in known if answer.part_of in details]
        chosen = kinds or known
        return self.subject, chosen[-1].detail if chosen else None
