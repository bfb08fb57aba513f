"""What the pages of corrections ask of the store."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from starlette.requests import Request

from bot import paths
from bot.console.access import person_of
from bot.console.conversations_store import by_subject, titles_of
from bot.console.parts import parts_of
from bot.content.subjects import ENTITY_OF, FAQ
from bot.corrections.guesses import NearByWords, remembered
from bot.corrections.model import CHOICES, Wanted
from bot.corrections.shipped import training_messages
from bot.errors import Forbidden
from bot.review.model import TranscriptView
from bot.staff.model import Permission

Choices = Mapping[str, list[tuple[str, str]]]


def reviews_everywhere(request: Request) -> bool:
    """Whether the person reviews at each clinic: only then may they do what holds for all."""
    mine = set(person_of(request).clinics(Permission.REVIEW))
    return mine >= set(parts_of(request).live.current.clinics)


def require_everywhere(request: Request) -> None:
    """Raises `Forbidden` for what would hold at a clinic where the person does not review."""
    if not reviews_everywhere(request):
        raise Forbidden("This holds for every clinic here, and you do not review at each of them.")


def guesses_of(view: TranscriptView) -> Mapping[str, tuple[Wanted, ...]]:
    """For each visitor's message that was typed, by its id, what it may have been about."""
    found = {}
    for message in view.messages:
        if message.sender == "visitor" and not message.chosen:
            replies = [m for m in view.messages if m.sender == "bot" and m.turn == message.turn]
            found[message.id] = remembered(message, replies)
    return found


def near_by_words(text: str) -> tuple[Wanted, ...]:
    """Subjects whose training messages are worded like this one. The first call takes a second."""
    return _near()(text)


def details_of(request: Request, clinic: str) -> Choices:
    """The details that a message can be corrected to, with their names, by subject."""
    named = by_subject(titles_of(request, (clinic,)))
    found = {subject: named[subject] for subject in named if subject in ENTITY_OF}
    return {subject: those for subject, those in found.items() if subject in CHOICES | {FAQ}}


def wanted_from(typed: str) -> Wanted:
    """What a button says, as `subject` or `subject/detail`. Raises `Unprocessable`."""
    subject, _, detail = typed.partition("/")
    wanted = Wanted(subject, detail or None)
    wanted.check()
    return wanted


@lru_cache(maxsize=1)
def _near() -> NearByWords:
    return NearByWords(training_messages(paths.NLU_DIR))
