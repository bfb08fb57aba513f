"""Missed questions that are grouped, for the pages about them."""

from __future__ import annotations

from bot.missed.model import GroupFilter, State
from bot.missed.repository import MissedQuestions
from tests.console.stage import Stage
from tests.console.talks import answered, talk
from tests.missed.stage import keeper


def missed(stage: Stage, *questions: str, clinic: str = "temple") -> str:
    """A conversation of questions that the bot had no answer to; its id."""
    turns = [answered(words, "fallback", missed=True, confidence=0.9) for words in questions]
    return talk(stage, *turns, clinic=clinic)


def grouped(stage: Stage) -> None:
    """File what is new, by what a text names (`tests/missed/stage.py`)."""
    keeper(stage.database, stage.clock).once()


def parking(stage: Stage) -> int:
    """A group of three questions about parking beside a smaller one; its number."""
    missed(stage, "where is parking", "parking please", "what is the price")
    missed(stage, "Parking please!")
    grouped(stage)
    return numbers(stage)[0]


def numbers(stage: Stage, *clinics: str) -> list[int]:
    """The groups of clinics, the biggest first."""
    store = MissedQuestions(stage.database, stage.clock)
    return [group.id for group in store.page(GroupFilter(clinics or ("temple",))).groups]


def state_of(stage: Stage, number: int) -> State:
    """What was made of a group."""
    return MissedQuestions(stage.database, stage.clock).group(number, ["temple"]).state
