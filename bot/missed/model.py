"""Missed questions as staff see them: groups of one meaning. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

PAGE_SIZE = 25
EXAMPLES = 3
"""Shown of each group in a list."""


class State(str, Enum):
    """What staff made of a group."""

    OPEN = "open"
    ANSWERED = "answered"
    ADDED = "added"
    OUT_OF_SCOPE = "out_of_scope"
    IGNORED = "ignored"


class Reason(str, Enum):
    """Why a question is here; the value is the column that says so."""

    MISSED = "missed"
    UNSURE = "unsure"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True)
class GroupFilter:
    """Which groups. `clinics`: those that the person may see; nothing else is ever found.

    `since` (from then on), `until` (before then) and `reason` choose the questions that are
    counted; groups without any are left out. `state` None takes all.
    """

    clinics: tuple[str, ...]
    state: State | None = None
    since: datetime | None = None
    until: datetime | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Example:
    """A question as it was typed. `count` is how often it came, but for case and punctuation."""

    message_id: str
    conversation_id: str
    text: str
    count: int
    at: datetime


@dataclass(frozen=True)
class Group:
    """Questions of one meaning at one clinic.

    `count` and `newest` are of the window that was asked for, `weeks` (Mondays of the clinic, the
    oldest first) and `examples` (the most typical first) of all. `since_then`: how many came after
    staff dealt with it, None where it is open.
    """

    id: int
    clinic: str
    state: State
    by: str | None
    decided_at: datetime | None
    count: int
    newest: datetime
    since_then: int | None
    weeks: tuple[tuple[date, int], ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class GroupHead:
    """A group without its questions."""

    id: int
    clinic: str
    state: State


@dataclass(frozen=True)
class GroupPage:
    """Groups, the biggest first. `groups_in_all` and `questions_in_all` are those of all pages."""

    groups: tuple[Group, ...]
    groups_in_all: int
    questions_in_all: int
