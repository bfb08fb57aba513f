"""The list of answers: what an address asks for, and which answers that are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from bot.console.forms import page_number
from bot.content.drafts import DraftState
from bot.content.opening import Opened

PUBLISHED, UNPUBLISHED, CHANGED = "published", "unpublished", "changed"
WAITING, RETURNED, READY = (
    DraftState.WAITING.value, DraftState.RETURNED.value, DraftState.READY.value,
)  # fmt: skip
STATES = (PUBLISHED, UNPUBLISHED, CHANGED, WAITING, RETURNED, READY)
"""What a list can be narrowed to. An answer may be published and have a draft that waits."""

OVERDUE, SOON = "overdue", "soon"
REVIEWS = (OVERDUE, SOON)

ON_A_PAGE = 50
"""Answers: about three screens."""

LONGEST_WORDS = 100


@dataclass(frozen=True)
class Wanted:
    """What a list is to show; empty where it does not matter. `page` counts from 1."""

    clinic: str = ""
    subject: str = ""
    state: str = ""
    review: str = ""
    words: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str], clinics: Sequence[str]) -> Wanted:
        """From an address; what means nothing is left out."""

        def one_of(name: str, known: Sequence[str]) -> str:
            return query.get(name, "") if query.get(name) in known else ""

        return cls(
            clinic=one_of("clinic", clinics),
            subject=query.get("subject", "")[:64],
            state=one_of("state", STATES),
            review=one_of("review", REVIEWS),
            words=" ".join(query.get("words", "").split())[:LONGEST_WORDS],
            page=page_number(query),
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.clinic or self.subject or self.state or self.review or self.words)

    def address(self, page: int) -> str:
        """The query of another page of the same list."""
        stated = {k: v for k, v in vars(self).items() if v and k != "page"}
        return urlencode({**stated, "page": page})

    def fits(self, answer: Opened, today: date) -> bool:
        """Whether an answer is one of these."""
        record = answer.record
        said = " ".join((record.title, record.text, *record.also_called, *record.examples))
        return (
            self.clinic in ("", record.clinic)
            and self.subject in ("", record.subject)
            and (not self.state or self.state in states_of(answer))
            and (self.review != OVERDUE or answer.is_overdue(today))
            and (self.review != SOON or answer.is_due_soon(today))
            and all(word in said.casefold() for word in self.words.casefold().split())
        )


@dataclass(frozen=True)
class Page:
    """A part of a list. `pages` is how many parts there are, at least one."""

    answers: tuple[Opened, ...]
    total: int
    number: int
    pages: int


def states_of(answer: Opened) -> tuple[str, ...]:
    """Everything that an answer is at once, the most pressing first."""
    found = []
    if answer.draft is not None:
        writing = CHANGED if answer.is_published else UNPUBLISHED
        state = answer.draft.state
        found.append(writing if state is DraftState.WRITING else state.value)
        if not answer.is_published and state is not DraftState.WRITING:
            found.append(UNPUBLISHED)
        if answer.is_published and state is not DraftState.WRITING:
            found.append(CHANGED)
    elif not answer.is_published:
        found.append(UNPUBLISHED)
    if answer.is_published:
        found.append(PUBLISHED)
    return tuple(found)


def page_of(answers: Sequence[Opened], wanted: Wanted, today: date) -> Page:
    """The page that is asked for, the last one where there are fewer."""
    found = [answer for answer in answers if wanted.fits(answer, today)]
    pages = max(1, -(-len(found) // ON_A_PAGE))
    number = min(wanted.page, pages)
    start = (number - 1) * ON_A_PAGE
    return Page(tuple(found[start : start + ON_A_PAGE]), len(found), number, pages)
