"""What the conversation log hands out: frozen values, free of the database and of Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Button:
    """A follow-up that the bot offers. `subject` and `detail` are what choosing it asks for."""

    id: str
    title: str
    subject: str
    detail: str | None = None


@dataclass(frozen=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True)
class SourceLine:
    """Where an answer comes from, as a visitor sees it."""

    title: str
    url: str
    reviewed_on: date | None

    def as_json(self) -> dict[str, str | None]:
        """A JSON object, the date in ISO form."""
        reviewed = self.reviewed_on.isoformat() if self.reviewed_on else None
        return {"title": self.title, "url": self.url, "reviewed_on": reviewed}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> SourceLine:
        """The reverse of `as_json`."""
        reviewed = value["reviewed_on"]
        return cls(value["title"], value["url"], date.fromisoformat(reviewed) if reviewed else None)


@dataclass(frozen=True)
class Message:
    """One stored message.

    A visitor's has only `id`, `sender`, `text` (as stored: redacted) and `at`.
    """

    id: str
    sender: str  # "visitor" or "bot"
    text: str
    at: datetime
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    subject: str | None = None
    detail: str | None = None
    source: SourceLine | None = None


@dataclass(frozen=True)
class Understanding:
    """How a visitor's message was understood: the intent, its probability, and the next best."""

    intent: str | None
    confidence: float
    runner_up: str | None = None
    runner_up_confidence: float = 0.0


@dataclass(frozen=True)
class DraftMessage:
    """A message before it is stored: it gets its id and its moment when the turn is written."""

    sender: str
    text: str
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    subject: str | None = None
    detail: str | None = None
    source: SourceLine | None = None
    understanding: Understanding | None = None
    action: str | None = None
    answer_id: int | None = None
    answer_version: int | None = None
    missed: bool = False


@dataclass(frozen=True)
class Conversation:
    """`turns` counts the messages that were answered; it only grows and keeps two writers apart.
    `red_flag_at` is when it last got emergency or crisis help: staff see such a one first.
    `reference` is the code that a visitor may tell the clinic (`bot/conversations/reference.py`).
    """

    id: str
    clinic: str
    started_at: datetime
    last_activity_at: datetime
    turns: int
    red_flag_at: datetime | None = None
    reference: str = ""
