"""What staff see of conversations: frozen values, free of the database and of the web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversations.model import Button, Link, SourceLine
from bot.review.filters import COUNTED_UP_TO, Cursor


@dataclass(frozen=True)
class Part:
    """A piece of a text, and whether it is a word that was searched for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True)
class ConversationSummary:
    """One line of the list.

    `missed`, `helpful` and `not_helpful` count; `lowest_confidence` (0 to 1) is None where nothing
    was typed; `first_words` are the visitor's first ones as stored (redacted), cut. `snippet` is
    empty unless words were searched for.
    """

    id: str
    clinic: str
    started_at: datetime
    last_activity_at: datetime
    turns: int
    attention: int
    red_flag_at: datetime | None
    missed: int
    helpful: int
    not_helpful: int
    handoff: bool
    lowest_confidence: float | None
    first_words: str
    subjects: tuple[str, ...]
    tags: tuple[str, ...]
    assigned_to: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    snippet: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Page:
    """A part of the list. `next` and `previous` are None where nothing follows or precedes.

    `total` is exact up to `COUNTED_UP_TO`; one more than that means "more than so many".
    """

    items: tuple[ConversationSummary, ...]
    next: Cursor | None
    previous: Cursor | None
    total: int

    @property
    def total_text(self) -> str:
        """ "37", or "1000+" """
        return str(self.total) if self.total <= COUNTED_UP_TO else f"{COUNTED_UP_TO}+"


@dataclass(frozen=True)
class Opinion:
    """What the visitor thought of a reply; the comment as stored (redacted)."""

    helpful: bool
    comment: str | None
    at: datetime


@dataclass(frozen=True)
class NoticeThen:
    """A notice as it was in force at a moment of the conversation."""

    kind: str
    text: str


@dataclass(frozen=True)
class ReviewedMessage:
    """A message with all that staff may want to know of it.

    Of a visitor's: `intent` and `confidence` with the `runner_up`, and `chosen`, the button whose
    choice it was. Of a reply: `action`, the answer and its version as said, `buttons` (with
    `chosen` the id of the one that the visitor took next) and `opinion`. `notices` were in force;
    `failed` marks the messages of a turn that could not be answered.
    """

    id: str
    turn: int
    sender: str
    text: str
    at: datetime
    subject: str | None = None
    detail: str | None = None
    intent: str | None = None
    confidence: float | None = None
    runner_up: str | None = None
    runner_up_confidence: float | None = None
    action: str | None = None
    answer_id: int | None = None
    answer_version: int | None = None
    source: SourceLine | None = None
    links: tuple[Link, ...] = ()
    buttons: tuple[Button, ...] = ()
    chosen: str | None = None
    opinion: Opinion | None = None
    notices: tuple[NoticeThen, ...] = ()
    missed: bool = False
    failed: bool = False


@dataclass(frozen=True)
class Note:
    id: int
    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class TranscriptView:
    """A whole conversation as staff read it, oldest message first.

    `reference` is the code by which its visitor may ask for it (`bot/conversations/reference.py`).
    """

    summary: ConversationSummary
    messages: tuple[ReviewedMessage, ...]
    notes: tuple[Note, ...]
    reference: str


@dataclass(frozen=True)
class Neighbours:
    """Ids of the conversations beside one in a list; None at its ends."""

    previous: str | None
    next: str | None


@dataclass(frozen=True)
class TagCount:
    tag: str
    conversations: int


@dataclass(frozen=True)
class SavedFilter:
    """A filter that a person keeps under a name; `chosen` is `ConversationFilter.as_json`."""

    id: int
    name: str
    chosen: dict[str, object]
