"""A bot that says what it is told to say, and short ways to write questions and replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone

from bot.content.model import ContactRoute, RouteKind
from bot.conversations.model import Message
from bot.evaluation.facts import Yardstick, load_facts
from bot.evaluation.reading import Dialogue, Question
from bot.evaluation.running import DialogueOutcome, Failure, Heard, Outcome
from bot.evaluation.scoring import SeenReply, Verdict

MOMENT = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)

PORTAL = ContactRoute(RouteKind.PORTAL, "myTempleHealth", "Use myTempleHealth, the portal.", "")
PHONE = ContactRoute(
    RouteKind.PHONE,
    "Call 800-TEMPLE-MED (800-836-7536)",
    "Call 800-TEMPLE-MED (800-836-7536) to schedule.",
    "tel:+18008367536",
)
PHONES_OUT = Yardstick(load_facts(), (PORTAL,))
PHONES_WORK = Yardstick(load_facts(), (PHONE, PORTAL))


def question(subject: str, detail: str | None = None, text: str = "a question") -> Question:
    return Question(text, subject, detail, "temple", True, "typical", 1)


def outcome(
    subject: str,
    came: str | None,
    wrong: str | None = None,
    file: str = "typical",
    *,
    detail: str | None = None,
    confidence: float | None = 0.5,
    text: str | None = None,
) -> Outcome:
    """What was asked and what came: right where both subjects are the same, unless `wrong` says."""
    verdict = Verdict(("" if came == subject else "other subject") if wrong is None else wrong)
    asked = Question(text or f"ask [bold]{subject}", subject, detail, "temple", True, file, 7)
    seen = SeenReply(came, None, "", "", frozenset({came} if came else ()))
    return Outcome(asked, seen, verdict, confidence, came)


def held(name: str, *, failed: bool = False, file: str = "dialogues") -> DialogueOutcome:
    played = Dialogue(name, "temple", True, (), f"{file}.yml:1", file)
    failure = Failure(2, "and [that]", "No.", ("must: a[bc]",)) if failed else None
    return DialogueOutcome(played, failure)


def said_otherwise(outcome: Outcome, came: str) -> Outcome:
    """The same question with another reply, which is wrong."""
    reply = replace(outcome.reply, subject=came, subjects=frozenset({came}))
    return replace(outcome, reply=reply, verdict=Verdict("other subject"), intent=came)


def reply(subject: str | None, text: str = "", detail: str | None = None) -> SeenReply:
    return SeenReply(subject, detail, text, text)


def message(subject: str | None, text: str, detail: str | None = None) -> Message:
    return Message("m", "bot", text, MOMENT, subject=subject, detail=detail)


class StubTalk:
    def __init__(self, bot: StubBot, clinic: str, outage: bool):
        self.bot = bot
        self.said: list[str] = []
        self.setting = (clinic, outage)

    async def say(self, text: str) -> Heard:
        self.said.append(text)
        return Heard(self.bot.replies.get(text, []), self.bot.confidence)


class StubBot:
    """Replies by what was said; everything else is met with silence."""

    def __init__(self, replies: Mapping[str, list[Message]], confidence: float | None = None):
        self.replies = replies
        self.confidence = confidence
        self.talks: list[StubTalk] = []

    def understand(self, text: str) -> dict[str, object]:
        return {"text": text}

    def begin(self, clinic: str, outage: bool) -> StubTalk:
        self.talks.append(StubTalk(self, clinic, outage))
        return self.talks[-1]

    def yardstick(self, clinic: str, outage: bool) -> Yardstick:
        return PHONES_OUT if outage else PHONES_WORK
