"""Who visits, when, and what they want to say. Pure: the same seed gives the same visits.

What people say lies in `visits/*.yml`; all of it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.content.yaml_lines import read_yaml
from bot.demo.typos import mistyped
from bot.errors import SetupError

FOLDER = Path(__file__).parent / "visits"

HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 11, 13, 13, 12, 10, 11, 12, 12, 11, 10, 9, 9, 9, 8, 6, 4)
"""How many write in each hour of the day: most at work hours, some who cannot sleep."""

WEEKDAYS = (12, 11, 11, 10, 9, 5, 6)
"""How many write on each day of the week, Monday first."""

TYPOS = 25
"""In how many of a hundred messages a finger slips."""

SLIPS = 2
"""Ways in which a text is mistyped, so that many visits share the engine's work for it."""

PAUSE = (6, 95)
"""Seconds between an answer and what is said next."""


@dataclass(frozen=True)
class Step:
    """Something that a visitor may do: say one of `say`, judge the last reply with one of
    `comments`, or choose a button where there is neither.

    `chance` and `helpful` are per cent.
    """

    say: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    helpful: int = 0
    chance: int = 100


@dataclass(frozen=True)
class Story:
    """A kind of visitor. `weight`: how many of them come, against those of other stories."""

    name: str
    weight: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Said:
    text: str
    after_seconds: int


@dataclass(frozen=True)
class Chosen:
    """A button of the last reply; `which` picks one, however many there are."""

    which: int
    after_seconds: int


@dataclass(frozen=True)
class Judged:
    helpful: bool
    comment: str
    after_seconds: int


@dataclass(frozen=True)
class Visit:
    """One visit to come: where, from when on (aware), and what the visitor does in turn."""

    clinic: str
    starts_at: datetime
    acts: tuple[Said | Chosen | Judged, ...]


def load_stories(folder: Path = FOLDER) -> tuple[Story, ...]:
    """Read the stories. Raises `SetupError` where a file does not have the expected form."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        try:
            found += [_story(entry) for entry in read_yaml(path, path.name).data]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SetupError(f"{path} does not have the form that is expected: {error}.") from error
    return tuple(found)


def visits(
    stories: Sequence[Story],
    zones: Mapping[str, str],
    number: int,
    *,
    until: datetime,
    days: int,
    seed: int,
) -> list[Visit]:
    """So many visits of the last days before `until`, the earliest first.

    `zones`: the time zone of each clinic that is visited; the first one is visited most.
    """
    dice = Random(seed)
    clinics = list(zones)
    weights = [1.0 / (place + 1) for place in range(len(clinics))]
    made = []
    for _ in range(number):
        (clinic,) = dice.choices(clinics, weights)
        (story,) = dice.choices(stories, [story.weight for story in stories])
        starts_at = _moment(until, days, zones[clinic], dice)
        made.append(Visit(clinic, starts_at, tuple(_acts(story, dice))))
    return sorted(made, key=lambda visit: visit.starts_at)


def _story(entry: Mapping[str, Any]) -> Story:
    steps = tuple(
        Step(
            tuple(step.get("say") or ()),
            tuple(text or "" for text in step.get("judge") or ()),
            int(step.get("helpful", 0)),
            int(step.get("chance", 100)),
        )
        for step in entry["steps"]
    )
    return Story(entry["name"], int(entry["weight"]), steps)


def _moment(until: datetime, days: int, zone: str, dice: Random) -> datetime:
    """A moment of the past days at which somebody might write, on the clock of the clinic."""
    last = until.astimezone(ZoneInfo(zone)).date()
    past: list[date] = [last - timedelta(days=ago) for ago in range(days)]
    while True:
        (day,) = dice.choices(past, [WEEKDAYS[day.weekday()] for day in past])
        (hour,) = dice.choices(range(24), HOURS)
        clock = time(hour, dice.randrange(60), dice.randrange(60), dice.randrange(1_000_000))
        moment = datetime.combine(day, clock, ZoneInfo(zone)).astimezone(until.tzinfo)
        if moment < until - timedelta(minutes=30):  # a visit is over by then
            return moment
        if days == 1:
            return until - timedelta(minutes=30 + dice.randrange(60))


def _acts(story: Story, dice: Random) -> Iterator[Said | Chosen | Judged]:
    for step in story.steps:
        if dice.randrange(100) >= step.chance:
            continue
        after = dice.randint(*PAUSE)
        if step.say:
            yield Said(_typed(dice.choice(step.say), dice), after)
        elif step.comments:
            helpful = dice.randrange(100) < step.helpful
            yield Judged(helpful, dice.choice(step.comments), after)
        else:
            yield Chosen(dice.randrange(12), after)


def _typed(text: str, dice: Random) -> str:
    """The text as it is typed: sometimes with one of its few slips, sometimes all small."""
    if dice.randrange(100) >= TYPOS:
        return text
    return mistyped(text.lower(), Random(f"{text} {dice.randrange(SLIPS)}"))
