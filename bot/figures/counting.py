"""What is counted of a clinic's day for the start page. Pure.

Counts have a name and, where it matters, the clinic's hour:

    conversations, messages, missed                      by hour
    answered, handoffs, red_flags, helpful, unhelpful    as in `bot/conversations/counts.py`
    asking, contained      conversations begun that day with a question, and those without handoff
    understood, unsure     questions that were typed, and those that were not understood well
    subject:NAME, route:NAME    turns with a reply on a subject, on a way to the clinic
    took:STEP              turns by how long the visitor waited, in steps of a tenth
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.content.subjects import CONTACT, SAID_AS, SERVICE_SUBJECTS
from bot.conversations.counts import (
    CONVERSATIONS,
    MESSAGES,
    MISSED,
    Said,
    kinds_of,
    turns_of,
)
from bot.review.filters import LOW_CONFIDENCE

NO_HOUR = -1
BY_HOUR = frozenset({CONVERSATIONS, MESSAGES, MISSED})
STEP = 1.1

Counts = Mapping["tuple[str, int]", int]
"""By name and hour."""


@dataclass(frozen=True)
class Spoken(Said):
    """And how well it was understood. `milliseconds` are those of its turn."""

    confidence: float | None
    milliseconds: int | None


@dataclass(frozen=True)
class Begun:
    """A conversation that began on the day: did it ask anything, was a person asked for?"""

    at: datetime
    asked: bool
    handoff: bool


def count_day(
    begun: Iterable[Begun], spoken: Iterable[Spoken], hour_of: Callable[[datetime], int]
) -> Counter[tuple[str, int]]:
    """The counts of a clinic's day. `spoken`: the day's messages, those of a turn side by side."""
    counts: Counter[tuple[str, int]] = Counter()
    for conversation in begun:
        counts[CONVERSATIONS, hour_of(conversation.at)] += 1
        counts["asking", NO_HOUR] += conversation.asked
        counts["contained", NO_HOUR] += conversation.asked and not conversation.handoff
    for asked, turn in turns_of(spoken):
        _count_turn(counts, asked, turn, hour_of(asked.at))
    return +counts


def _count_turn(
    counts: Counter[tuple[str, int]], asked: Spoken, turn: list[Spoken], hour: int
) -> None:
    replied = {each.subject for each in turn if each.sender == "bot" and each.subject}
    for kind in kinds_of(turn):
        counts[kind, hour if kind in BY_HOUR else NO_HOUR] += 1
    if asked.confidence is not None:
        counts["understood", NO_HOUR] += 1
        counts["unsure", NO_HOUR] += asked.confidence < LOW_CONFIDENCE
    stand_for = {SAID_AS.get(subject, subject) for subject in replied}
    for subject in stand_for - (SERVICE_SUBJECTS - set(SAID_AS.values())):
        counts[f"subject:{subject}", NO_HOUR] += 1
    for route in stand_for & CONTACT:
        counts[f"route:{route}", NO_HOUR] += 1
    if asked.milliseconds is not None:
        counts[f"took:{step_of(asked.milliseconds)}", NO_HOUR] += 1


def step_of(milliseconds: int) -> int:
    """The step of a duration: from 1.1 to the power of the step up to a tenth more."""
    return math.floor(math.log(max(milliseconds, 1)) / math.log(STEP) + 1e-9)


def median_of(steps: Mapping[int, int]) -> float | None:
    """The median of durations in milliseconds from how many each step has, within five percent."""
    in_all = sum(steps.values())
    passed = 0
    for step in sorted(steps):
        passed += steps[step]
        if 2 * passed >= in_all > 0:
            return float(STEP ** (step + 0.5))
    return None
