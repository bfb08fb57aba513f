"""What the conversation so far was about, as far as the slots of `domain.yml` keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.guesses import runners_up
from bot.content.model import Answer
from bot.content.subjects import (
    CONTACT,
    DETAILED,
    DIALOGUE_ACTS,
    DID_YOU_MEAN,
    ENTITY_OF,
    FALLBACK,
    MISSED_AGAIN,
    TOPICS,
    URGENT_AGAIN,
)
from bot.replies.model import Reply
from bot.replies.wording import says_simpler

MOST_TOPICS = 5
"""Topics kept to go back to."""

NAMED = frozenset(ENTITY_OF[subject] for subject in DETAILED)
"""Entities that "the other one" may point at."""

MISSES = frozenset({FALLBACK, DID_YOU_MEAN, "out_of_scope"})


class Topic(NamedTuple):
    """What an answer is about."""

    subject: str
    detail: str | None = None

    @classmethod
    def of(cls, name: str) -> Topic:
        """The topic of a name: `subject` or `subject/detail`."""
        subject, _, detail = name.partition("/")
        return cls(subject, detail or None)

    @property
    def name(self) -> str:
        return f"{self.subject}/{self.detail}" if self.detail else self.subject


def last(tracker: Tracker) -> Topic | None:
    """What the last reply was about, small talk too."""
    subject = tracker.get_slot("last_subject")
    return Topic(subject, tracker.get_slot("last_detail")) if subject else None


def current(tracker: Tracker) -> Topic | None:
    """What is being talked about; small talk and misses do not change it."""
    topics = tracker.get_slot("topics")
    return Topic.of(topics[-1]) if topics else None


def before(tracker: Tracker) -> Topic | None:
    """What was talked about before that."""
    topics = tracker.get_slot("topics") or []
    return Topic.of(topics[-2]) if len(topics) > 1 else None


def urgent(tracker: Tracker) -> Topic | None:
    """The emergency or crisis that the visitor has not moved on from."""
    name = tracker.get_slot("urgent")
    return Topic.of(name) if name else None


def miss(tracker: Tracker) -> Topic:
    """What answers a message that was not understood: after another such, the contact first."""
    return Topic(MISSED_AGAIN if tracker.get_slot("misses") else FALLBACK)


def remembered(
    tracker: Tracker, answers: Sequence[Answer], replies: Sequence[Reply]
) -> list[EventType]:
    """The slots after the replies to a message: the topic of the last one, what they showed, what
    the message named.
    """
    answer, reply = answers[-1], replies[-1]
    slots: dict[str, Any] = {
        "last_subject": reply.subject,
        "last_detail": reply.detail,
        "last_simpler": says_simpler(answer),
        "offered": [Topic(offer.subject, offer.detail).name for offer in reply.buttons],
        "misses": (tracker.get_slot("misses") or 0) + 1 if reply.subject in MISSES else 0,
    }
    topic = Topic(reply.subject, reply.detail).name
    if reply.subject not in CONTACT:
        slots["urgent"] = topic if reply.subject in URGENT_AGAIN else None
    if reply.subject in TOPICS:
        earlier = [name for name in tracker.get_slot("topics") or [] if name != topic]
        slots["topics"] = [*earlier[1 - MOST_TOPICS :], topic]
    entities = tracker.latest_message.get("entities", [])
    named = [e["value"] for e in entities if e["entity"] in NAMED and not e.get("role")]
    if named or answer.items:
        slots["named"] = named  # a list that is shown is what one then points into
    together = [each.detail for each in replies if each.subject == reply.subject]
    if len(together) > 1 or answer.items:
        listed = together if len(together) > 1 else list(answer.items)
        slots |= {"listed": listed, "listed_subject": reply.subject}
    if _is_a_question(tracker):
        slots["guesses"] = runners_up(tracker.latest_message, apart_from=topic)
    return [SlotSet(name, value) for name, value in slots.items()]


def _is_a_question(tracker: Tracker) -> bool:
    """Whether the visitor typed something with a meaning of its own: no button, no dialogue act."""
    typed = len(tracker.latest_message.get("intent_ranking") or []) > 1
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    return typed and intent not in DIALOGUE_ACTS
