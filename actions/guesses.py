"""What else a message may have meant, as topics that a button can offer.

Which subjects are likely enough is found by understanding (`bot/nlu/guesses.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.content.subjects import DETAILED, ENTITY_OF, FAQ
from bot.nlu.guessing import CLOSE, GUESSES, LIKELY, RUNNERS_UP, URGENT

Message = Mapping[str, Any]
"""Parse data: `guesses` and `entities`, in Rasa's form. A chosen button has no guesses."""


def close_guesses(message: Message) -> list[str]:
    """The names of two or three topics that are close and likely, else nothing."""
    names = _topics(message, _guesses(message).get(CLOSE, ()))
    return names if len(names) > 1 else []


def likely(message: Message) -> list[str]:
    """The names of topics that a message is likely to be about beside what it was taken for."""
    return _topics(message, _guesses(message).get(LIKELY, ()))


def runners_up(message: Message, apart_from: str) -> list[str]:
    """The names of topics that a message may have meant instead of the one it was taken for."""
    names = _topics(message, _guesses(message).get(RUNNERS_UP, ()))
    return [name for name in names if name != apart_from]


def maybe_urgent(message: Message) -> bool:
    """Whether an emergency or a crisis is among what a message may mean."""
    return bool(_guesses(message).get(URGENT))


def _guesses(message: Message) -> Mapping[str, Any]:
    return message.get(GUESSES) or {}


def _topics(message: Message, subjects: Iterable[str]) -> list[str]:
    """The names of topics, each once: with the detail that the message names, where it does."""
    found = (_topic(message, subject) for subject in subjects)
    return list(dict.fromkeys(name for name in found if name))


def _topic(message: Message, subject: str) -> str | None:
    """A topic's name; without a detail the list of such details, and no written answer at all."""
    if subject not in DETAILED and subject != FAQ:
        return subject
    details = [
        each["value"]
        for each in message.get("entities", [])
        if each["entity"] == ENTITY_OF[subject] and not each.get("role")
    ]
    return f"{subject}/{details[-1]}" if details else DETAILED.get(subject)
