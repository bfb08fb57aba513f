"""What is counted of conversations, and that it outlives their words."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import Engine

from bot.conversations.counts import COUNTED, Said, counted
from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage
from bot.conversations.tables import daily_counts
from tests.chat.stage import START, Clock
from tests.conversations.test_forgetting import long_talk
from tests.conversations.wordings import begin, rows_of

EVENING = datetime(2026, 11, 21, 3, 30, tzinfo=timezone.utc)
"""Half past ten in the evening of the 20th, in Philadelphia."""


def turn(number: int, *replies: tuple[str, bool], at: datetime = START) -> list[Said]:
    asked = Said("c", number, at, "visitor", None, False)
    return [asked, *(Said("c", number, at, "bot", name, missed) for name, missed in replies)]


@pytest.mark.parametrize(
    ("replies", "kinds"),
    [
        ([("causes", False)], {"answered"}),
        ([("fallback", True)], {"missed"}),
        ([("causes", False), ("fallback", True)], {"missed"}),
        ([("human", False)], {"answered", "handoffs"}),
        ([("emergency", False)], {"answered", "red_flags"}),
        ([("crisis", False)], {"answered", "red_flags"}),
        ([("crisis", False), ("emergency", False)], {"answered", "red_flags"}),
        ([("redflag_general", False)], {"answered"}),
    ],
)
def test_a_message_is_answered_or_missed_and_may_be_more(
    replies: list[tuple[str, bool]], kinds: set[str]
):
    days = counted([], turn(1, *replies), [], datetime.date)
    assert days == {START.date(): dict.fromkeys({"messages", *kinds}, 1)}


def test_a_greeting_alone_is_no_message():
    greeting = [Said("c", 0, START, "bot", "greeting", False)]
    assert counted([START], greeting, [], datetime.date) == {START.date(): {"conversations": 1}}


def test_a_day_is_the_clinic_s_own():
    there = ZoneInfo("America/New_York")
    said = turn(1, ("causes", False), at=EVENING)
    days = counted([EVENING], said, [(EVENING, True)], lambda at: at.astimezone(there).date())
    assert set(days) == {date(2026, 11, 20)}
    assert days[date(2026, 11, 20)]["helpful"] == 1


def test_what_is_counted_holds_no_words():
    assert {field.name for field in fields(Said)} == {
        "conversation_id", "turn", "at", "sender", "subject", "missed",
    }  # fmt: skip
    assert {c.name for c in daily_counts.columns} == {"clinic", "day", *COUNTED}


def test_counts_stay_when_the_words_go_and_add_up(
    log: ConversationLog, engine: Engine, clock: Clock
):
    first, second = long_talk(log), long_talk(log)
    log.delete(first)
    log.delete(second)
    [counts] = rows_of(engine)["daily_counts"]
    assert counts == {
        "clinic": "temple",
        "day": date(2026, 11, 20),
        "conversations": 2,
        "messages": 58,
        "answered": 0,
        "missed": 58,
        "handoffs": 0,
        "red_flags": 0,
        "helpful": 0,
        "unhelpful": 2,
    }


def test_the_evening_is_stored_under_the_clinic_s_own_day(
    log: ConversationLog, engine: Engine, clock: Clock
):
    clock.now = EVENING
    log.delete(long_talk(log))
    assert [row["day"] for row in rows_of(engine)["daily_counts"]] == [date(2026, 11, 20)]


def test_each_day_and_each_clinic_has_its_own_counts(
    log: ConversationLog, engine: Engine, clock: Clock
):
    conversation = begin(log)
    clock.move(days=1)
    drafts = [DraftMessage("visitor", "a person"), DraftMessage("bot", "Call.", subject="human")]
    log.save_turn(conversation.id, 1, drafts, events=[], slots={})
    greeting = DraftMessage("bot", "Welcome.")
    opened, _ = log.open(
        "twin-cities", token_hash=None, external_id=None, expires_at=None, greeting=greeting
    )
    log.delete(conversation.id)
    log.delete(opened.id)
    found = {(row["clinic"], row["day"]): row for row in rows_of(engine)["daily_counts"]}
    today = START.date()
    tomorrow = today + timedelta(days=1)
    assert set(found) == {("temple", today), ("temple", tomorrow), ("twin-cities", tomorrow)}
    assert found[("temple", today)]["conversations"] == 1
    assert found[("temple", tomorrow)]["handoffs"] == 1
    assert found[("temple", tomorrow)]["conversations"] == 0
