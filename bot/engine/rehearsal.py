"""A turn that is only tried: how a message is understood, what is decided and what would be said.

It goes through the processor as a visitor's turn does (`TurnProcessor.rehearse`), without the
conversation log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import spacy
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered

from bot.engine.processor import TurnProcessor
from bot.nlu.entity import EXCLUDED
from bot.nlu.red_flags import RED_FLAG
from bot.replies.model import Reply
from bot.replies.payload import reply_from_payload


@dataclass(frozen=True)
class Candidate:
    """An intent and its probability, 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Sentence:
    """A sentence of a message, and what it would be taken for by itself."""

    text: str
    intent: str
    confidence: float


@dataclass(frozen=True)
class Found:
    """A detail, and the words of the message that told it; `excluded` where it is not wanted."""

    entity: str
    value: str
    words: str
    excluded: bool


@dataclass(frozen=True)
class Sign:
    """A sign of an emergency: its concept in `data/safety/`, the visitor's words for it, and which
    context takes it back, if any.
    """

    concept: str
    words: str
    undone_by: str | None


@dataclass(frozen=True)
class Urgency:
    """How likely a message needs the emergency route, and why: by its meaning, by its signs."""

    probability: float
    meaning: float
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Part:
    """One thing that a message asks. `candidates` begin with the likeliest."""

    text: str
    urgency: Urgency
    candidates: tuple[Candidate, ...]
    details: tuple[Found, ...]
    actions: tuple[str, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Rehearsal:
    """`sentences` are empty where the message is only one; `parts` are mostly one too."""

    text: str
    sentences: tuple[Sentence, ...]
    parts: tuple[Part, ...]


async def rehearse(processor: TurnProcessor, text: str, clinic: str) -> Rehearsal:
    """Try a text, already redacted, as the first message at a clinic."""
    events = await processor.rehearse(text, clinic)
    cut = _sentences(text)
    sentences = [_sentence(processor, each, clinic) for each in cut] if len(cut) > 1 else []
    return Rehearsal(text, tuple(sentences), tuple(_parts(events)))


def _sentences(text: str) -> list[str]:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return [each.text.strip() for each in nlp(text).sents if each.text.strip()]


def _sentence(processor: TurnProcessor, text: str, clinic: str) -> Sentence:
    intent = processor.understand(text, clinic)["intent"]
    return Sentence(text, intent["name"], intent["confidence"])


def _parts(events: Iterable[Event]) -> list[Part]:
    parts: list[tuple[dict[str, Any], list[str], list[Reply]]] = []
    for event in events:
        if isinstance(event, UserUttered):
            parts.append((event.parse_data, [], []))
        elif isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            parts[-1][1].append(event.action_name)
        elif isinstance(event, BotUttered):
            parts[-1][2].append(reply_from_payload(event.text, event.data["custom"]))
    return [_part(*part) for part in parts]


def _part(parsed: dict[str, Any], actions: list[str], replies: list[Reply]) -> Part:
    text = parsed["text"]
    ranking = parsed.get("intent_ranking") or [parsed["intent"]]
    flag = parsed[RED_FLAG]
    return Part(
        text,
        Urgency(
            flag["probability"],
            flag["meaning"],
            tuple(Sign(**sign) for sign in flag["signs"]),
        ),
        tuple(Candidate(each["name"], each["confidence"]) for each in ranking),
        tuple(
            Found(
                each["entity"],
                each["value"],
                text[each["start"] : each["end"]],
                each.get("role") == EXCLUDED,
            )
            for each in parsed["entities"]
        ),
        tuple(actions),
        tuple(replies),
    )
