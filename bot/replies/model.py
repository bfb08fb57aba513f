"""What a visitor gets to see, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversations.model import Link, SourceLine


@dataclass(frozen=True)
class Offer:
    """A follow-up on a button. `subject` and `detail` are what choosing it asks for."""

    title: str
    subject: str
    detail: str | None = None


@dataclass(frozen=True)
class Reply:
    """One answer, ready to send. `answer_id`, `answer_version`: which edit of which row it is."""

    text: str
    buttons: tuple[Offer, ...]
    links: tuple[Link, ...]
    subject: str
    detail: str | None
    source: SourceLine | None
    answer_id: int
    answer_version: int
