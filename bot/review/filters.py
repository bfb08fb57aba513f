"""Which conversations staff want to see, and in which order. Pure.

`ConversationFilter` is what a page, an export, a bulk change and a saved filter have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from typing_extensions import Self

from bot.errors import BadRequest

LOW_CONFIDENCE = 0.5
"""A message that was understood with less than this deserves a look: below it the bot answers with
"did you mean" or a miss more often than not.
"""

PAGE_SIZE = 25
COUNTED_UP_TO = 1_000
"""Above this a list says "1000+": counting on costs time, and nobody reads the difference."""


MOST_NUMBER = 2**31 - 1
"""The databases' whole numbers end here."""


class Order(str, Enum):
    """`ATTENTION`: what needs a person first, the reviewed last. `LATEST`: last activity first."""

    ATTENTION = "attention"
    LATEST = "latest"


class FeedbackIs(str, Enum):
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    ANY = "any"


@dataclass(frozen=True)
class ConversationFilter:
    """All that is given must hold; what is None does not matter.

    `clinics`: those whose conversations the person may see; nothing else is ever found.
    `since` (from then on) and `until` (before then) compare the last activity. `subject` and
    `detail` are of any reply; service subjects count as what they stand for. `confidence_below`:
    some message was understood with less. `assigned_to`: a person's name, "" for nobody. `least_`
    and `most_turns` count answered messages. `words`: all of these words, the last one perhaps
    unfinished, phrases in double quotes, in what the visitor typed or commented.
    """

    clinics: tuple[str, ...]
    since: datetime | None = None
    until: datetime | None = None
    subject: str | None = None
    detail: str | None = None
    confidence_below: float | None = None
    missed: bool | None = None
    red_flag: bool | None = None
    feedback: FeedbackIs | None = None
    handoff: bool | None = None
    reviewed: bool | None = None
    tag: str | None = None
    assigned_to: str | None = None
    least_turns: int | None = None
    most_turns: int | None = None
    words: str | None = None
    order: Order = Order.ATTENTION

    def __post_init__(self) -> None:
        """Raises `BadRequest` for what no database could compare."""
        texts = (self.subject, self.detail, self.tag, self.assigned_to)
        turns = (self.least_turns, self.most_turns)
        if not all(text.isprintable() for text in texts if text) or not all(
            0 <= number <= MOST_NUMBER for number in turns if number is not None
        ):
            raise BadRequest("This filter cannot be read; choose from the list again.")

    def as_json(self) -> dict[str, Any]:
        """What was chosen, without the clinics and without what does not matter."""
        chosen = {
            name: value
            for name, value in asdict(self).items()
            if name != "clinics" and value is not None
        }
        return {name: _plain(value) for name, value in chosen.items()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], clinics: tuple[str, ...]) -> Self:
        """The reverse of `as_json`, for the clinics that the reader may see now.

        Unknown keys, of an older version perhaps, are left out. Raises `BadRequest` for values that
        cannot be read.
        """
        known = {field.name for field in fields(cls)} - {"clinics"}
        given = {name: each for name, each in value.items() if name in known}
        try:
            for name, kind in READ_AS.items():
                if name in given:
                    given[name] = kind(given[name])
        except (TypeError, ValueError) as error:
            raise BadRequest("This saved filter cannot be read any more.") from error
        return cls(clinics, **given)


READ_AS: Mapping[str, Any] = {
    "since": datetime.fromisoformat,
    "until": datetime.fromisoformat,
    "confidence_below": float,
    "feedback": FeedbackIs,
    "least_turns": int,
    "most_turns": int,
    "order": Order,
}


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: just after this place in the list, or just before it.

    `attention` and `last_activity_at` are those that the conversation had in the list.
    """

    attention: int
    last_activity_at: datetime
    number: int
    backwards: bool = False

    def __str__(self) -> str:
        """As a part of an address, to be read by `parse`."""
        moment = self.last_activity_at.strftime("%Y%m%dT%H%M%S%f")
        return f"{'b' if self.backwards else 'f'}{self.attention}_{moment}_{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `BadRequest` for anything that `str` did not write."""
        try:
            attention, moment, number = text[1:].split("_")
            at = datetime.strptime(moment + "+0000", "%Y%m%dT%H%M%S%f%z")
            backwards = {"b": True, "f": False}[text[:1]]
            return cls(_small(attention), at, _small(number), backwards)
        except (KeyError, ValueError) as error:
            raise BadRequest("This page of the list does not exist.") from error


def _small(text: str) -> int:
    number = int(text)
    if not -1 <= number <= MOST_NUMBER:
        raise ValueError(text)
    return number


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
