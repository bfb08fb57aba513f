"""Corrections: what staff say a visitor's message should have been taken for. Frozen values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.content.subjects import ENTITY_OF, FALLBACK, FAQ, MISSED_AGAIN, SUBJECTS
from bot.errors import Unprocessable
from bot.folding import folded

NOT_KNOWN = "out_of_scope"
"""The subject of a correction that says: the bot should have said that it does not know."""

SAYS_NOT_KNOWN = frozenset({NOT_KNOWN, FALLBACK, MISSED_AGAIN})
"""Subjects of replies that say so."""

CHOICES = SUBJECTS | {FAQ}
"""What a message can be corrected to; of `faq`, the detail is the written answer's key."""

LONGEST_KEY = 64
"""Characters of a detail and of a clinic's key: what their columns take."""

MOST_WHY = 500
"""Characters of a reason."""


class State(str, Enum):
    """What a correction is used for."""

    NEW = "new"
    """Nobody has looked at it again: it is used for nothing."""

    TRAINING = "training"
    """The next candidate learns it, and every candidate is asked it."""

    REGRESSION = "regression"
    """Every candidate is asked it; none learns it."""

    WITHDRAWN = "withdrawn"


USED = (State.TRAINING, State.REGRESSION)
"""States of the reviewed set."""


@dataclass(frozen=True)
class Wanted:
    """What a message should be taken for."""

    subject: str
    detail: str | None = None

    def check(self) -> None:
        """Raises `Unprocessable` where no reply could be this."""
        if self.subject not in CHOICES:
            raise Unprocessable(
                f"There is no subject {self.subject!r}; there are {', '.join(sorted(CHOICES))}."
            )
        if self.subject == FAQ and not self.detail:
            raise Unprocessable("Name the written answer that is the right one.")
        if self.detail and self.subject not in ENTITY_OF:
            raise Unprocessable(f"The subject {self.subject!r} has no details.")
        if self.detail and (len(self.detail) > LONGEST_KEY or not self.detail.isprintable()):
            raise Unprocessable(f"A detail is a key of at most {LONGEST_KEY} characters.")


@dataclass(frozen=True)
class Correction:
    """One correction.

    `text` is the visitor's message as stored, that is redacted. `clinic` is None where it holds for
    all. `message_id` and `conversation_id` are None once the conversation's time was over, and for
    one that was imported. `got` is what the bot replied with. `by`, `at` and `why` are of whoever
    corrected, `decided_by` and `decided_at` of whoever chose its state.
    """

    id: str
    text: str
    wanted: Wanted
    clinic: str | None
    state: State
    by: str
    at: datetime
    why: str | None = None
    got: Wanted | None = None
    message_id: str | None = None
    conversation_id: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Draft:
    """A correction before it is stored. `clinic` is None where it holds for all."""

    text: str
    wanted: Wanted
    clinic: str | None = None
    state: State = State.NEW
    why: str | None = None


def key_of(text: str) -> str:
    """What the same message is known by, as it was stored or as it stands in a file."""
    return folded(one_line(text) or text)


def digest_of(text: str) -> str:
    """What the same message is found by: SHA-256 of its key, 64 hexadecimal digits."""
    return hashlib.sha256(key_of(text).encode()).hexdigest()


def one_line(text: str) -> str:
    """A message as an example stands in a file: one line, only what can be printed."""
    shown = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(shown.split()).lstrip("/ ")
