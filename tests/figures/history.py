"""A made-up history of two clinics, and the plainest way to count it."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import bot.figures.tables
import bot.missed.tables  # noqa: F401  (both fill `metadata`)
from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage, Understanding
from tests.chat.stage import Clock

SUBJECTS = ("causes", "symptoms", "fallback", "human", "phone", "emergency", "thanks")
GREETING = DraftMessage("bot", "Welcome.", subject="greeting")
ZONES = {"temple": ZoneInfo("America/New_York"), "twin-cities": ZoneInfo("America/Chicago")}


@dataclass
class Talk:
    """A conversation as the test knows it."""

    id: str
    clinic: str
    at: datetime
    turns: list[tuple[datetime, str, float, int]] = field(default_factory=list)
    opinions: list[tuple[datetime, bool]] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return ZONES[self.clinic]


def make_history(log: ConversationLog, clock: Clock, days: int, seed: int = 3) -> list[Talk]:
    """Some conversations on each day, at all hours; the clock moves on."""
    chance = random.Random(seed)
    talks = []
    for _ in range(days):
        midnight = clock.now
        for minute in sorted(chance.sample(range(1_400), 5)):
            clock.now = midnight + timedelta(minutes=minute)
            talks.append(_talk(log, clock, chance))
        clock.now = midnight + timedelta(days=1)
    return talks


def _talk(log: ConversationLog, clock: Clock, chance: random.Random) -> Talk:
    clinic = chance.choice(list(ZONES))
    opened, _ = log.open(
        clinic, token_hash=uuid.uuid4().hex, external_id=None, expires_at=None, greeting=GREETING
    )
    talk = Talk(opened.id, clinic, clock.now)
    for number in range(1, chance.randint(0, 4) + 1):
        clock.move(minutes=2)
        subject, sure, took = chance.choice(SUBJECTS), chance.random(), chance.randint(5, 900)
        asked = DraftMessage("visitor", "why", understanding=Understanding("causes", sure))
        reply = DraftMessage("bot", "So.", subject=subject, missed=subject == "fallback")
        stored = log.save_turn(
            opened.id, number, [asked, reply], events=[], slots={}, milliseconds=took
        )
        talk.turns.append((clock.now, subject, sure, took))
        if chance.random() < 0.4:
            helpful = chance.random() < 0.5
            log.add_feedback(opened.id, stored[1].id, helpful, None)
            talk.opinions.append((clock.now, helpful))
    return talk


def naive(talks: list[Talk], clinics: tuple[str, ...], first: date, last: date) -> Counter[str]:
    """Everything that is counted, one by one."""
    found: Counter[str] = Counter()
    for talk in talks:
        if talk.clinic not in clinics:
            continue

        def inside(at: datetime, zone: ZoneInfo = talk.zone) -> bool:
            return first <= at.astimezone(zone).date() <= last

        if inside(talk.at):
            handed = any(subject == "human" for _, subject, *_ in talk.turns)
            found["conversations"] += 1
            found["asking"] += bool(talk.turns)
            found["contained"] += bool(talk.turns) and not handed
        for at, subject, sure, _ in talk.turns:
            if inside(at):
                missed = subject == "fallback"
                found["messages"] += 1
                found["missed" if missed else "answered"] += 1
                found["handoffs"] += subject == "human"
                found["red_flags"] += subject == "emergency"
                found["unsure"] += sure < 0.5
                found[f"subject:{subject}"] += 1
                local = at.astimezone(talk.zone)
                found[f"hour:{local.hour}"] += 1
                found[f"weekday:{local.weekday()}"] += 1
        for at, helpful in talk.opinions:
            if inside(at):
                found["helpful" if helpful else "unhelpful"] += 1
    return found
