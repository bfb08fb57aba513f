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
from itertools import groupby

from bot.content.subjects import CONTACT, HANDOFF, SAID_AS, SERVICE_SUBJECTS, URGENT_AGAIN
from bot.review.filters import LOW_CONFIDENCE

NO_HOUR = -1
STEP = 1.1

Counts = Mapping["tuple[str, int]", int]
"""By name and hour."""


@dataclass(frozen=True)
class Spoken:
    """What counts of one message: never its words. `milliseconds` are those of its turn."""

    conversation_id: str
    turn: int
    at: datetime
    sender: str
    subject: str | None
    missed: bool
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
        counts["conversations", hour_of(conversation.at)] += 1
        counts["asking", NO_HOUR] += conversation.asked
        counts["contained", NO_HOUR] += conversation.asked and not conversation.handoff
    for _, messages in groupby(spoken, key=lambda each: (each.conversation_id, each.turn)):
        turn = list(messages)
        asked = [each for each in turn if each.sender == "visitor"]
        if asked:  # else it is the greeting
            _count_turn(counts, asked[0], turn, hour_of(asked[0].at))
    return +counts


def _count_turn(
    counts: Counter[tuple[str, int]], asked: Spoken, turn: list[Spoken], hour: int
) -> None:
    replied = {each.subject for each in turn if each.sender == "bot" and each.subject}
    counts["messages", hour] += 1
    if any(each.missed for each in turn):
        counts["missed", hour] += 1
    else:
        counts["answered", NO_HOUR] += 1
    counts["handoffs", NO_HOUR] += HANDOFF in replied
    counts["red_flags", NO_HOUR] += bool(replied & set(URGENT_AGAIN))
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
