"""Puts questions and dialogues to a bot and keeps what came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.conversations.model import Message
from bot.evaluation.facts import Yardstick
from bot.evaluation.reading import Dialogue, DialogueTurn, Question
from bot.evaluation.scoring import SeenReply, Verdict, score, subject_right


@dataclass(frozen=True)
class Heard:
    """The messages of one reply, how sure the bot was of the likeliest intent (0 to 1; None where
    that is not known), and which one that was.
    """

    messages: Sequence[Message]
    confidence: float | None = None
    intent: str | None = None


class Talk(Protocol):
    """One conversation with the bot."""

    async def say(self, text: str) -> Heard: ...


class Bot(Protocol):
    """What is measured."""

    def begin(self, clinic: str, outage: bool) -> Talk:
        """A fresh conversation; `outage` false: as if the phones worked."""

    def yardstick(self, clinic: str, outage: bool) -> Yardstick:
        """What replies are held against there now."""

    def understand(self, text: str) -> dict[str, Any]:
        """What a text is taken for, in Rasa's form."""


@dataclass(frozen=True)
class Outcome:
    """A question, its reply and what that was worth.

    `intent` is the likeliest one, also where the bot was not sure enough to answer; `confidence`
    its probability.
    """

    question: Question
    reply: SeenReply
    verdict: Verdict
    confidence: float | None = None
    intent: str | None = None

    @property
    def intent_right(self) -> bool:
        return subject_right(self.question.subject, self.intent)


@dataclass(frozen=True)
class Failure:
    """Where a dialogue went wrong: the turn (from 1), what the visitor said, the reply, the
    patterns broken.
    """

    turn: int
    visitor: str
    reply: str
    broken: tuple[str, ...]


@dataclass(frozen=True)
class DialogueOutcome:
    """A dialogue and its first failure; it is passed when there is none."""

    dialogue: Dialogue
    failure: Failure | None = None

    @property
    def passed(self) -> bool:
        return self.failure is None


async def ask(bot: Bot, question: Question) -> Outcome:
    """Put one question in a conversation of its own."""
    heard = await bot.begin(question.clinic, question.outage).say(question.text)
    reply = SeenReply.of(heard.messages)
    verdict = score(question, reply, bot.yardstick(question.clinic, question.outage))
    return Outcome(question, reply, verdict, heard.confidence, heard.intent)


async def converse(bot: Bot, dialogue: Dialogue) -> DialogueOutcome:
    """Hold one dialogue, up to its first failure: what follows a wrong reply no longer says
    anything.
    """
    talk = bot.begin(dialogue.clinic, dialogue.outage)
    for number, turn in enumerate(dialogue.turns, start=1):
        reply = SeenReply.of((await talk.say(turn.visitor)).messages)
        broken = broken_patterns(turn, reply.text)
        if broken:
            failure = Failure(number, turn.visitor, reply.text, broken)
            return DialogueOutcome(dialogue, failure)
    return DialogueOutcome(dialogue)


def broken_patterns(turn: DialogueTurn, text: str) -> tuple[str, ...]:
    """The patterns that a reply should match and does not, and those that it should not match and
    does.
    """
    missing = [f"must: {p.pattern}" for p in turn.must if not p.search(text)]
    forbidden = [f"must not: {p.pattern}" for p in turn.must_not if p.search(text)]
    return (*missing, *forbidden)


async def ask_all(
    bot: Bot, questions: Sequence[Question], step: Callable[[], None]
) -> list[Outcome]:
    """Put every question; `step` is called after each."""
    outcomes = []
    for question in questions:
        outcomes.append(await ask(bot, question))
        step()
    return outcomes


async def converse_all(
    bot: Bot, dialogues: Sequence[Dialogue], step: Callable[[], None]
) -> list[DialogueOutcome]:
    """Hold every dialogue; `step` is called after each."""
    outcomes = []
    for dialogue in dialogues:
        outcomes.append(await converse(bot, dialogue))
        step()
    return outcomes
