"""What else a message may have meant, from the probabilities that understanding gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.content.subjects import DETAILED, ENTITY_OF, SMALL_TALK, SUBJECTS, URGENT_AGAIN

LEAST_EACH = 0.15
"""Probability from which on a subject is worth a "did you mean" button."""

LEAST_TOGETHER = 0.5
"""The subjects asked about must together be more likely than anything else."""

LEAST_RUNNER_UP = 0.05
"""Probability from which on a subject is offered once the first guess turned out wrong."""

MOST = 3

OFFERED = SUBJECTS - SMALL_TALK - set(URGENT_AGAIN) - {"out_of_scope"}
"""Subjects that one may mean without having said so clearly; urgent ones are no mere button."""

Message = Mapping[str, Any]
"""Parse data: `intent_ranking` and `entities`, as Rasa gives them."""


def close_guesses(message: Message) -> list[str]:
    """The names of two or three topics that are close and likely, else nothing."""
    likely = [(name, p) for name, p in _ranked(message) if p >= LEAST_EACH][:MOST]
    names = list(dict.fromkeys(_topic(message, name) for name, _ in likely))
    enough = sum(p for _, p in likely) >= LEAST_TOGETHER
    return names if enough and len(names) > 1 else []


def runners_up(message: Message, apart_from: str) -> list[str]:
    """The names of topics that a message may have meant instead of the one it was taken for."""
    names = [_topic(message, name) for name, p in _ranked(message) if p >= LEAST_RUNNER_UP]
    return [name for name in dict.fromkeys(names) if name != apart_from][:MOST]


def maybe_urgent(message: Message) -> bool:
    """Whether an emergency or a crisis is among what a message may mean."""
    ranking = message.get("intent_ranking") or []
    return any(e["name"] in URGENT_AGAIN and e["confidence"] >= LEAST_EACH for e in ranking)


def _ranked(message: Message) -> Iterator[tuple[str, float]]:
    for each in message.get("intent_ranking") or []:
        if each["name"] in OFFERED:
            yield each["name"], each["confidence"]


def _topic(message: Message, subject: str) -> str:
    """A topic's name: with the detail that the message names, else the list of such details."""
    entity = ENTITY_OF.get(subject)
    if subject not in DETAILED:
        return subject
    details = [
        e["value"]
        for e in message.get("entities", [])
        if e["entity"] == entity and not e.get("role")
    ]
    return f"{subject}/{details[-1]}" if details else DETAILED[subject]
