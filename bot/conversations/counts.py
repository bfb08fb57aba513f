"""What is counted of conversations by day, so that it stays when their words go. Pure.

A day is the clinic's own: what is written in its evening belongs to that day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from bot.content.subjects import HANDOFF, URGENT_AGAIN

CONVERSATIONS = "conversations"
MESSAGES = "messages"
ANSWERED = "answered"
MISSED = "missed"
HANDOFFS = "handoffs"
RED_FLAGS = "red_flags"
HELPFUL = "helpful"
UNHELPFUL = "unhelpful"

COUNTED = (CONVERSATIONS, MESSAGES, ANSWERED, MISSED, HANDOFFS, RED_FLAGS, HELPFUL, UNHELPFUL)
"""Columns of `daily_counts`: conversations begun; visitors' messages, of which each was either
answered or missed; those that asked for a person, those that got emergency or crisis help; replies
that visitors found helpful or not.
"""

OF_SUBJECT = {HANDOFF: HANDOFFS, **dict.fromkeys(URGENT_AGAIN, RED_FLAGS)}


@dataclass(frozen=True)
class Said:
    """What counts of one message: when, in which turn, by whom, about what; never its words."""

    conversation_id: str
    turn: int
    at: datetime
    sender: str
    subject: str | None
    missed: bool


AnySaid = TypeVar("AnySaid", bound=Said)
DailyCounts = Mapping[date, Mapping[str, int]]
"""For each day how often each thing of `COUNTED` was so; what never was is left out."""


def counted(
    begun: Iterable[datetime],
    said: Iterable[Said],
    opinions: Iterable[tuple[datetime, bool]],
    day_of: Callable[[datetime], date],
) -> DailyCounts:
    """The counts of one clinic.

    `begun`: when each conversation began; `said`: all of their messages, those of a turn side by
    side; `opinions`: when a visitor called a reply helpful or not; `day_of`: the clinic's day.
    """
    days: dict[date, Counter[str]] = {}

    def count(at: datetime, *kinds: str) -> None:
        days.setdefault(day_of(at), Counter()).update(kinds)

    for at in begun:
        count(at, CONVERSATIONS)
    for asked, turn in turns_of(said):
        count(asked.at, *kinds_of(turn))
    for at, helpful in opinions:
        count(at, HELPFUL if helpful else UNHELPFUL)
    return days


def turns_of(said: Iterable[AnySaid]) -> Iterator[tuple[AnySaid, list[AnySaid]]]:
    """The question of each turn, and all of the turn. Messages of a turn stand side by side."""
    for _, messages in groupby(said, key=lambda each: (each.conversation_id, each.turn)):
        turn = list(messages)
        asked = next((each for each in turn if each.sender == "visitor"), None)
        if asked is not None:  # else it is the greeting
            yield asked, turn


def kinds_of(turn: Sequence[Said]) -> set[str]:
    """The columns that count a turn."""
    outcome = MISSED if any(each.missed for each in turn) else ANSWERED
    found = {OF_SUBJECT[each.subject] for each in turn if each.subject in OF_SUBJECT}
    return {MESSAGES, outcome, *found}
